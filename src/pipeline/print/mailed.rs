//! A person says that a printed letter was put into the mail: a fact of the past, which no rule undoes. What the gate
//! would not let go now is asked about first, and enters the record of access with the authority of its hour.

use anyhow::Context;
use chrono::{DateTime, Duration, NaiveDateTime, Utc};

use crate::{
    actor::{Actor, Permission},
    clock::{instant_text, parse_instant},
    disclosure::{Authorization, Point, Reason, Refusal as GateRefusal, Verdict, decide},
    dispatch::{Evidence, StateName},
    hint::{Field, Hint},
    ledger::{Detail, Entry},
    pipeline::{
        Refusal,
        access_record::{
            entries::{disclosure_entry, entry_without_authority},
            requests_and_incidents::{IncidentKind, incident_about},
        },
        child_facts::ChildFacts,
        owed_envelopes::{packet_of, question},
        print::PrintRoom,
    },
    store::DispatchRow,
};

/// What a person says of a letter.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Mailing {
    /// When it was put into the mail; without it, now.
    pub at: Option<DateTime<Utc>>,
    /// Whether it was in the mail already, where it may not be mailed now. `None`: nobody said.
    pub already: Option<bool>,
}

/// What was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mailed {
    /// It went, and might.
    Recorded,
    /// It went without authority: an incident is open, with the last day for telling the parents.
    Incident { id: String, due_on: chrono::NaiveDate },
    /// It did not go, and is not to: it stays printed until it is pulled.
    DoNotMail(GateRefusal),
}

/// Minutes are what people say; a letter printed within the minute that is named was printed before it.
const SAID_TO_THE_MINUTE: Duration = Duration::minutes(1);

/// Which incident a letter is that went although this stood against it.
fn kind_of(reason: Reason) -> IncidentKind {
    match reason {
        Reason::ReleaseRevoked | Reason::ReleaseExpired | Reason::NoRelease => IncidentKind::ConsentLapse,
        Reason::EndpointDisabled | Reason::EndpointUnverified | Reason::ChangedSincePrinted => {
            IncidentKind::ExposedEndpoint
        }
        Reason::OtherChildNamed => IncidentKind::WrongAttachment,
        _ => IncidentKind::RestrictionViolation,
    }
}

impl PrintRoom {
    /// Records that a letter was mailed, or that it was not. Where it may not be mailed now and nobody says whether it
    /// was in the mail already, nothing is recorded but that it lies on the pull list.
    ///
    /// # Errors
    /// When it is not printed, its time cannot be, nobody said whether it was in the mail, or the database refuses.
    pub async fn mark_mailed(&self, dispatch_id: &str, mailing: Mailing, by: &Actor) -> anyhow::Result<Mailed> {
        let row = self.pipeline.authority().dispatch_for(by, Permission::HandleMail, dispatch_id).await?;
        if row.state != StateName::Printed {
            let says =
                format!("dispatch {dispatch_id} is {}; only a printed letter can be marked as mailed", row.state);
            return Err(Refusal::conflict(says).into());
        }
        let now = self.pipeline.now();
        self.check_time(&row, mailing.at).await?;
        let facts = self.pipeline.child_facts(&row.envelope.child_id).await?.for_row(&row);
        let against = self.pipeline.intake().refused(&row, &facts);
        if against.is_some() {
            self.pipeline.store.outcomes().put_on_pull_list(&row, against.as_ref(), now).await?;
        }
        match (against, mailing.already) {
            (Some(refusal), None) => Err(asks(dispatch_id, &refusal).into()),
            (Some(refusal), Some(false)) => Ok(Mailed::DoNotMail(refusal)),
            (None, Some(false)) => {
                let says =
                    format!("nothing speaks against mailing {dispatch_id}; it stays printed, and nothing was recorded");
                Err(Refusal::conflict(says).into())
            }
            (_, already) => self.record_mailed(&row, facts, mailing.at, already.is_some(), by).await,
        }
    }

    /// An hour that lies ahead, or before the letter was printed, is a slip.
    async fn check_time(&self, row: &DispatchRow, at: Option<DateTime<Utc>>) -> anyhow::Result<()> {
        let Some(at) = at else { return Ok(()) };
        let id = &row.dispatch_id;
        if at > self.pipeline.now() {
            return Err(Refusal::invalid(format!("dispatch {id}: that time lies ahead")).into());
        }
        let attempts = self.pipeline.store.outbox().attempts(id).await?;
        let printed = attempts.last().and_then(|a| a.settled_at.as_deref()).and_then(|at| parse_instant(at).ok());
        if at + SAID_TO_THE_MINUTE <= printed.unwrap_or(row.created_at) {
            return Err(Refusal::invalid(format!("dispatch {id}: it was not printed yet at that time")).into());
        }
        Ok(())
    }

    async fn record_mailed(
        &self,
        row: &DispatchRow,
        today: ChildFacts,
        at: Option<DateTime<Utc>>,
        already: bool,
        by: &Actor,
    ) -> anyhow::Result<Mailed> {
        let now = self.pipeline.now();
        let facts = match at {
            Some(at) => {
                let stored = self.pipeline.store.children().known_at(&row.envelope.child_id, at).await?;
                ChildFacts::of_stored(&self.pipeline, stored).for_row(row)
            }
            None => today,
        };
        let verdict = self.authority_at(row, &facts, at.unwrap_or(now))?;
        let when = at.map_or_else(
            || if already { ", at a time that nobody named".to_owned() } else { String::new() },
            |at| format!(" on {}", self.in_the_zone(at)),
        );
        let evidence = Evidence::of(format!("put into the mail{when}, says {by}"));
        let timed = |(entry, detail): (Entry, Detail)| (Entry { happened_at: at.map(instant_text), ..entry }, detail);
        match verdict {
            Ok(authorization) => {
                let entry =
                    disclosure_entry(&facts, row, &authorization, row.attempt, "mailed", &by.recorded(), &evidence);
                self.pipeline.store.outcomes().mailed(row, timed(entry), None, now).await?;
                Ok(Mailed::Recorded)
            }
            Err(refusal) => {
                let entry = entry_without_authority(&facts, row, "mailed", &by.recorded(), &evidence);
                let says = format!("A letter was in the mail although it might not go: {refusal}");
                let (incident, due_on) = incident_about(
                    &self.pipeline.profile,
                    row,
                    kind_of(refusal.reason),
                    self.pipeline.day(),
                    &says,
                    by,
                );
                let id = self.pipeline.store.outcomes().mailed(row, timed(entry), Some(&incident), now).await?;
                Ok(Mailed::Incident { id: id.context("an incident has its id")?, due_on })
            }
        }
    }

    /// What the gate says on the facts of an hour. The letter is on paper: what counts is whether this recipient might
    /// have these parts at this address.
    fn authority_at(
        &self,
        row: &DispatchRow,
        facts: &ChildFacts,
        at: DateTime<Utc>,
    ) -> anyhow::Result<Result<Box<Authorization>, GateRefusal>> {
        let packet = row.packet.as_ref().with_context(|| format!("dispatch {} has no papers", row.dispatch_id))?;
        let packet = packet_of(&row.envelope, packet, &packet.made_from);
        let days_ago = self.pipeline.clock_day() - self.pipeline.day_of(at);
        let mut known = facts.facts(&self.pipeline, at);
        known.day -= days_ago;
        Ok(match decide(&question(&row.envelope), &known, Point::Release(&packet)) {
            Verdict::Authorized(authorization) => Ok(authorization),
            Verdict::Refused(refusal) => Err(refusal),
            Verdict::RenderAnew => Err(GateRefusal::of(Reason::ChangedSincePrinted)),
        })
    }
}

fn asks(dispatch_id: &str, refusal: &GateRefusal) -> Refusal {
    Refusal::conflict(format!(
        "do not mail {dispatch_id}: {refusal} Was it in the mail already? Run {} with {} and the time at which it was, or with {}",
        Hint::MarkMailed { dispatch: Some(dispatch_id.to_owned()) },
        Field::AlreadyInTheMail,
        Field::NotMailed
    ))
    .with_hint(Hint::MarkMailed { dispatch: Some(dispatch_id.to_owned()) })
}

impl PrintRoom {
    /// The instant of an hour in the program's zone. Of two hours with one name, the first.
    #[must_use]
    pub fn instant_of(&self, local: NaiveDateTime) -> Option<DateTime<Utc>> {
        local.and_local_timezone(self.pipeline.program.time_zone.0).earliest().map(|at| at.with_timezone(&Utc))
    }

    /// An instant as the program's clock shows it.
    fn in_the_zone(&self, at: DateTime<Utc>) -> String {
        at.with_timezone(&self.pipeline.program.time_zone.0).format("%B %-d, %Y, %-I:%M %P").to_string()
    }
}
