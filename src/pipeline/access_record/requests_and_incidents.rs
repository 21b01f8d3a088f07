//! Requests about a record and incidents with it: each has a clock, an entry at its beginning and one at its end.

use anyhow::Context;
use chrono::{Days, NaiveDate};

use super::report::pages;
use crate::{
    actor::{Actor, Permission},
    case::{CaseRecord, ChildId, PersonId, Recipient},
    disclosure::Reason,
    dispatch::StateName,
    document::{Rendered, ReportKind, view::IncidentLetterView},
    due::Profile,
    hint::Hint,
    ledger::{Detail, Entry, Event},
    pipeline::access_record::AccessRecord,
    store::{DispatchRow, IncidentToOpen, MatterRow, NewMatter},
};

/// What somebody asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum RequestKind {
    /// To look at the record or have a copy (34 CFR 303.405).
    Access,
    /// To change what is wrong, misleading or hurts privacy (34 CFR 303.410).
    Amendment,
    /// To destroy what is no longer needed (34 CFR 303.416).
    Destruction,
}

impl RequestKind {
    /// The word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Amendment => "amendment",
            Self::Destruction => "destruction",
        }
    }
}

/// What went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum IncidentKind {
    /// It reached somebody else.
    WrongRecipient,
    /// Something in it belonged elsewhere.
    WrongAttachment,
    /// It got lost on the way.
    LostMail,
    /// An address was read by others.
    ExposedEndpoint,
    /// A release had ended.
    ConsentLapse,
    /// An order or a parent's wish was not kept.
    RestrictionViolation,
}

impl IncidentKind {
    /// The word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::WrongRecipient => "wrong_recipient",
            Self::WrongAttachment => "wrong_attachment",
            Self::LostMail => "lost_mail",
            Self::ExposedEndpoint => "exposed_endpoint",
            Self::ConsentLapse => "consent_lapse",
            Self::RestrictionViolation => "restriction_violation",
        }
    }
}

/// A request to be logged.
#[derive(Debug, Clone)]
pub struct NewRequest {
    /// Whose record.
    pub child: ChildId,
    /// For what.
    pub kind: RequestKind,
    /// Who asks.
    pub from: Recipient,
    /// The day on which it came.
    pub received_on: NaiveDate,
    /// In the words of who asks.
    pub says: String,
}

/// An incident to be opened.
#[derive(Debug, Clone)]
pub struct NewIncident {
    /// The dispatch that went wrong.
    pub dispatch: String,
    /// How.
    pub kind: IncidentKind,
    /// The day on which it was found out: its clock starts.
    pub found_on: NaiveDate,
    /// What happened, and what is known.
    pub says: String,
}

/// The last day for an inspection (34 CFR 303.405(a)): so many calendar days, or the day before the next meeting about
/// the plan if that is earlier.
fn inspection_due(record: &CaseRecord, profile: &Profile, received: NaiveDate) -> NaiveDate {
    let by_days = received + Days::new(u64::from(profile.record_inspection_calendar_days.value));
    let meetings = record.appointments.iter().filter(|a| a.kind.needs_notice() && a.cancelled_on.is_none());
    let next = meetings.map(|a| *a.on).filter(|day| *day > received).min().map(|day| day - Days::new(1));
    next.filter(|_| profile.record_inspection_before_meeting.value).map_or(by_days, |day| by_days.min(day))
}

/// An incident with a dispatch, with its entry, its task and the last day for telling the parents.
pub(in crate::pipeline) fn incident_about(
    profile: &Profile,
    row: &DispatchRow,
    kind: IncidentKind,
    found_on: NaiveDate,
    happened: &str,
    by: &Actor,
) -> (IncidentToOpen, NaiveDate) {
    let rule = &profile.incident_notice_calendar_days;
    let due = found_on + Days::new(u64::from(rule.value));
    let entry = Entry {
        dispatch: Some(row.dispatch_id.clone()),
        recipient: Some(row.envelope.recipient.clone()),
        ..Entry::new(Event::Incident, &row.envelope.child_id, kind.as_str(), &by.recorded())
    };
    let detail = Detail::said(by.name(), happened.trim(), format!("Dispatch {}", row.dispatch_id));
    let confirmed = if rule.confirmed { "" } else { "; this term was not confirmed, ask the lead agency" };
    let says = format!(
        "Something went wrong with a sending. Assess it, and tell the parents without delay, at the latest by {due} ({}{confirmed}). \
         Letter: {}; end: {}.",
        rule.source,
        Hint::WriteIncidentLetter,
        Hint::CloseIncident
    );
    let matter = NewMatter { what: "incident", kind: kind.as_str(), began_on: found_on, due_on: Some(due) };
    (IncidentToOpen { matter, entry, detail, says }, due)
}

impl AccessRecord {
    /// Logs a request; gives its id and its last day, where a rule sets one.
    ///
    /// # Errors
    /// When the day lies ahead, there is no such child, or the database refuses.
    pub async fn log_request(&self, new: &NewRequest, by: &Actor) -> anyhow::Result<(String, Option<NaiveDate>)> {
        self.pipeline.authority().allow_for(by, Permission::HandleMatter, &new.child).await?;
        anyhow::ensure!(
            new.received_on <= self.pipeline.day(),
            "{} lies ahead; log a request when it has come",
            new.received_on
        );
        let facts = self.pipeline.child_facts(&new.child).await?;
        let by_parent = matches!(&new.from, Recipient::FamilyMember { .. });
        let due_on = (new.kind == RequestKind::Access && by_parent)
            .then(|| inspection_due(&facts.record, &self.pipeline.profile, new.received_on));
        let entry = Entry {
            recipient: Some(new.from.clone()),
            ..Entry::new(Event::Request, &new.child, new.kind.as_str(), &by.recorded())
        };
        let who = super::entries::recipient_name(&facts, &new.from);
        let detail = Detail {
            recipient_name: who.clone(),
            ..Detail::said(
                by.name(),
                format!("{who} asks for {}. {}", new.kind.as_str(), new.says.trim()),
                "The record",
            )
        };
        let says = match (new.kind, due_on) {
            (RequestKind::Access, Some(day)) => {
                format!(
                    "A parent asks to inspect the record: answer by {day} (34 CFR 303.405), then {}.",
                    Hint::CloseRequest
                )
            }
            (kind, _) => format!(
                "Somebody asks for {} of a record: answer without delay, then {}.",
                kind.as_str(),
                Hint::CloseRequest
            ),
        };
        let new_matter = NewMatter { what: "request", kind: new.kind.as_str(), began_on: new.received_on, due_on };
        let id =
            self.pipeline.store.ledger().open_matter(new_matter, entry, &detail, &says, self.pipeline.now()).await?;
        Ok((id, due_on))
    }

    /// Closes a request: granted or refused. A refusal is an entry of its own kind.
    ///
    /// # Errors
    /// When there is no such open request, or the database refuses.
    pub async fn close_request(&self, id: &str, granted: bool, because: &str, by: &Actor) -> anyhow::Result<MatterRow> {
        let row = self.pipeline.store.ledger().matter("request", id).await?;
        let child = ChildId::parse(row.child_id.clone()).context("a request names its child")?;
        self.pipeline.authority().allow_for(by, Permission::HandleMatter, &child).await?;
        let (event, outcome) = if granted { (Event::Outcome, "granted") } else { (Event::Refusal, "refused") };
        let opened = self.pipeline.store.ledger().entry_at(row.opened_seq).await?;
        let entry = Entry {
            recipient: opened.and_then(|entry| entry.recipient),
            ..Entry::new(event, &child, outcome, &by.recorded())
        };
        let detail =
            Detail::said(by.name(), format!("The request for {} was {outcome}: {}", row.kind, because.trim()), "");
        self.pipeline.store.ledger().close_matter(&row, &child, entry, &detail, self.pipeline.now()).await?;
        Ok(row)
    }

    /// Opens an incident about a dispatch; gives its id and the last day for telling the parents.
    ///
    /// # Errors
    /// When there is no such dispatch, the day lies ahead, or the database refuses.
    pub async fn open_incident(&self, new: &NewIncident, by: &Actor) -> anyhow::Result<(String, NaiveDate)> {
        anyhow::ensure!(
            new.found_on <= self.pipeline.day(),
            "{} lies ahead; an incident is opened when it is found",
            new.found_on
        );
        let row = self.pipeline.authority().dispatch_for(by, Permission::HandleMatter, &new.dispatch).await?;
        let (opened, due) = incident_about(&self.pipeline.profile, &row, new.kind, new.found_on, &new.says, by);
        let about_seq = self.last_disclosure(&row.envelope.child_id, &row.dispatch_id).await?;
        let entry = Entry { about_seq, ..opened.entry };
        let ledger = self.pipeline.store.ledger();
        let id = ledger.open_matter(opened.matter, entry, &opened.detail, &opened.says, self.pipeline.now()).await?;
        Ok((id, due))
    }

    async fn last_disclosure(&self, child: &ChildId, dispatch: &str) -> anyhow::Result<Option<i64>> {
        let rows = self.pipeline.store.ledger().ledger_of(child).await?;
        Ok(rows
            .iter()
            .rev()
            .find(|row| row.entry.event == Event::Disclosure && row.entry.dispatch.as_deref() == Some(dispatch))
            .map(|row| row.link.seq))
    }

    /// Closes an incident with what came of it.
    ///
    /// # Errors
    /// When there is no such open incident, or the database refuses.
    pub async fn close_incident(
        &self,
        id: &str,
        outcome: &str,
        because: &str,
        by: &Actor,
    ) -> anyhow::Result<MatterRow> {
        let row = self.pipeline.store.ledger().matter("incident", id).await?;
        let child = ChildId::parse(row.child_id.clone()).context("an incident names its child")?;
        self.pipeline.authority().allow_for(by, Permission::HandleMatter, &child).await?;
        let opened = self.pipeline.store.ledger().entry_at(row.opened_seq).await?;
        let entry = Entry {
            dispatch: opened.as_ref().and_then(|entry| entry.dispatch.clone()),
            recipient: opened.and_then(|entry| entry.recipient),
            ..Entry::new(Event::Note, &child, outcome, &by.recorded())
        };
        let detail = Detail::said(by.name(), format!("The incident was closed: {}", because.trim()), "");
        self.pipeline.store.ledger().close_matter(&row, &child, entry, &detail, self.pipeline.now()).await?;
        Ok(row)
    }

    /// Records what the scan of finished papers stopped in this run: another child's name on a page.
    pub(in crate::pipeline) async fn record_prevented(&self) -> anyhow::Result<usize> {
        let known: std::collections::BTreeSet<String> =
            self.pipeline.store.ledger().incident_dispatches().await?.into_iter().collect();
        let mut found = 0;
        for row in self.pipeline.store.monitoring().waiting().await? {
            let caught = row.reason == Some(Reason::OtherChildNamed)
                && matches!(row.state, StateName::Held | StateName::Withheld);
            if !caught || known.contains(&row.dispatch_id) {
                continue;
            }
            let entry = Entry {
                dispatch: Some(row.dispatch_id.clone()),
                recipient: Some(row.envelope.recipient.clone()),
                ..Entry::new(
                    Event::Incident,
                    &row.envelope.child_id,
                    "prevented",
                    &Actor::service("page scan").recorded(),
                )
            };
            let detail = Detail::said(
                "the scan of finished papers",
                "A page named another child. It was stopped before it left.",
                format!("Dispatch {}", row.dispatch_id),
            );
            let says = format!(
                "A page named another child and was stopped before it left. Look at the dispatch, correct the record, then {}.",
                Hint::CloseIncident
            );
            let new =
                NewMatter { what: "incident", kind: "wrong_attachment", began_on: self.pipeline.day(), due_on: None };
            self.pipeline.store.ledger().open_matter(new, entry, &detail, &says, self.pipeline.now()).await?;
            tracing::error!(dispatch = row.dispatch_id, "a page that names another child was stopped");
            found += 1;
        }
        Ok(found)
    }

    /// The letter that tells a parent what went wrong, as a PDF. That somebody printed it is recorded.
    ///
    /// # Errors
    /// When there is no such incident, nothing left, the parent may not have the record, or it cannot be made.
    pub async fn incident_letter(
        &self,
        id: &str,
        to: &PersonId,
        now_known: Option<&str>,
        by: &Actor,
    ) -> anyhow::Result<Rendered> {
        let row = self.pipeline.store.ledger().matter("incident", id).await?;
        let child = ChildId::parse(row.child_id.clone()).context("an incident names its child")?;
        self.pipeline.authority().allow_for(by, Permission::HandleMatter, &child).await?;
        let (facts, reader) = self.reader(&child, to).await.with_context(|| format!("no letter to {to}"))?;
        let said = facts.told_in(Some(&reader));
        let rows = self.pipeline.store.ledger().ledger_of(&child).await?;
        let opened = rows.iter().find(|entry| entry.link.seq == row.opened_seq).context("an incident has its entry")?;
        anyhow::ensure!(
            opened.entry.outcome != "prevented",
            "this was stopped before it left: there is nothing to tell the parents"
        );
        // The disclosure that it is about; without one, the dispatch's last.
        let sent = rows
            .iter()
            .filter(|row| row.entry.event == Event::Disclosure && row.entry.dispatch == opened.entry.dispatch)
            .max_by_key(|row| opened.entry.about_seq == Some(row.link.seq));
        let local = |at: &str| crate::clock::parse_instant(at).map(|at| said.long(self.pipeline.day_of(at)));
        let member = facts.record.member(to).context("the parent is in the record")?;
        let view = IncidentLetterView {
            page: self.page_of_report(&facts, Some(to), said)?,
            greeting: member.name.full(),
            kind: row.kind.clone(),
            sent_on: sent.and_then(|row| local(row.entry.happened_at.as_deref().unwrap_or(&row.link.at)).ok()),
            found_on: row.began_on.parse().map_or_else(|_| row.began_on.clone(), |day| said.long(day)),
            papers: sent.map_or_else(Vec::new, |entry| {
                let items = entry.entry.items.iter();
                items
                    .map(|item| format!("{}, {}", said.word("paper", &item.document), pages(item.pages, said)))
                    .collect()
            }),
            what: opened.detail.as_ref().map_or_else(String::new, |detail| detail.purpose.clone()),
            now: now_known.unwrap_or_else(|| said.text("said.access.unknown_where")).to_owned(),
        };
        let rendered = self.render_for(ReportKind::IncidentLetter, &view, &facts, Some(&reader))?;
        let what = format!("The letter about an incident, for family:{to},");
        self.record_reading(&[child].into(), &what, by).await?;
        Ok(rendered)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_inspection_is_due_in_ten_days_or_before_the_next_meeting() {
        let bytes = std::fs::read("samples/caseload/children/c-0417.json").unwrap();
        let mut record: CaseRecord = serde_json::from_slice(&bytes).unwrap();
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let profile = Profile::named("federal").unwrap();
        let due = |record: &CaseRecord, received| inspection_due(record, &profile, day(received));
        assert_eq!(due(&record, "2026-11-20"), day("2026-11-30"), "a therapy session is no meeting about the plan");
        assert_eq!(due(&record, "2027-05-15"), day("2027-05-19"), "the six-month review comes sooner");
        record.appointments.clear();
        assert_eq!(due(&record, "2027-05-15"), day("2027-05-25"));
    }
}
