//! What a family or a court keeps back, as entries of the record of access: who asks years later why something did not go
//! finds the revocation, the order, the objection or the refusal beside what went.

use std::collections::BTreeSet;

use super::Intake;
use crate::{
    actor::{Actor, Permission},
    case::{
        CaseRecord, ChildId, CourtOrder, Date, Directory, Fact, ObjectionTo, OrderEffect, PersonId, Recipient, Release,
        ReleaseId, ServiceConsent,
    },
    hint::Field,
    ledger::{Detail, Entry, EntryRelease, Event},
    pipeline::{Pipeline, Refusal, StoppedLine, intake::record_facts::Besides},
};

/// A release that a parent took back.
#[derive(Debug, Clone)]
pub struct Revocation {
    pub release_id: ReleaseId,
    /// Who took it back, where it was not the one who signed.
    pub by: Option<PersonId>,
    /// The day, where it was not today.
    pub on: Option<Date>,
    /// Only said aloud so far.
    pub oral: bool,
}

/// One thing that is kept back.
struct KeptBack {
    code: &'static str,
    /// What it is about, so that the same thing is entered once.
    about: String,
    /// The one parent whose own act it is, or whom it speaks for. It stands in that parent's report and in no other's.
    whose: Option<PersonId>,
    release: Option<EntryRelease>,
    says: String,
    records: String,
}

impl KeptBack {
    fn entry(self, child: &ChildId, by: &Actor) -> (Entry, Detail) {
        let entry = Entry {
            recipient: self.whose.as_ref().map(Recipient::family),
            release: self.release,
            about: Some(self.about),
            ..Entry::new(Event::KeptBack, child, self.code, &by.recorded())
        };
        (entry, Detail::said(by.name(), self.says, self.records))
    }
}

/// The entry of a fact that keeps something back; nothing for any other fact.
fn entry_of(record: &CaseRecord, directory: &Directory, fact: &Fact, by: &Actor) -> Option<(Entry, Detail)> {
    let revoked = |id: &ReleaseId, oral| {
        let release = record.releases.iter().find(|release| &release.release_id == id)?;
        Some(revocation(release, directory, &release.signed_by, None, oral))
    };
    let kept = match fact {
        Fact::ReleaseRevoked { release_id } => revoked(release_id, false)?,
        Fact::ReleaseRevokedOrally { release_id } => revoked(release_id, true)?,
        Fact::OrderReceived { order } => of_order(record, order),
        Fact::Objection { to: ObjectionTo::LimitedNotice, written, on } => objection(record, *on, *written),
        Fact::OptionalMail { person_id, wanted: false } => KeptBack {
            code: "optional-mail-stopped",
            about: format!("optional mail to {person_id}"),
            whose: Some(person_id.clone()),
            release: None,
            says: "A parent wants no optional mail such as reminders. Required notices still go.".to_owned(),
            records: "Reminders".to_owned(),
        },
        _ => return None,
    };
    Some(kept.entry(&record.child_id, by))
}

/// As a reader of the report knows days.
fn long(on: Date) -> String {
    on.format("%B %-d, %Y").to_string()
}

fn revocation(release: &Release, directory: &Directory, who: &PersonId, on: Option<Date>, oral: bool) -> KeptBack {
    let offices: Vec<String> = release
        .recipients
        .iter()
        .map(|to| {
            directory.organisation(&to.organisation_id).map_or(to.organisation_id.to_string(), |o| o.name.to_string())
        })
        .collect();
    let classes: Vec<&str> = release.classes.iter().map(|class| class.words()).collect();
    let how = if oral { "aloud; the written word is asked for" } else { "in writing" };
    let day = on.map_or_else(String::new, |on| format!(" on {}", long(on)));
    KeptBack {
        code: if oral { "release-revoked-aloud" } else { "release-revoked" },
        about: format!("release {}", release.release_id),
        whose: Some(who.clone()),
        release: Some(EntryRelease {
            id: release.release_id.clone(),
            classes: release.classes.clone(),
            expires_on: release.expires_on.map(|on| on.to_string()),
        }),
        says: format!("The release for {} was taken back{day}, {how}.", offices.join(", ")),
        records: classes.join(", "),
    }
}

fn of_order(record: &CaseRecord, order: &CourtOrder) -> KeptBack {
    // An order tells whom it is against that somebody asked a court. Only whom it gives a right finds it in the own report.
    let gives = matches!(order.effect, Some(OrderEffect::AllowNamedOnly | OrderEffect::NamedDecisionMaker));
    let (code, says) = match order.effect {
        None => ("order-received", "A court order came; nobody has read it yet."),
        Some(OrderEffect::DenyAccess) => ("order-read", "A court order: the persons it names may not have the record."),
        Some(OrderEffect::DenyAddress) => {
            ("order-read", "A court order: the persons it names may not learn where the child lives.")
        }
        Some(OrderEffect::AllowNamedOnly) => {
            ("order-read", "A court order: only the persons it names may have the record.")
        }
        Some(OrderEffect::NamedDecisionMaker) => {
            ("order-read", "A court order: the persons it names decide for the child.")
        }
    };
    // A page shows names, as the rest of the report does; a person whom the record does not know keeps the id.
    let name =
        |person: &PersonId| record.member(person).map_or_else(|| person.to_string(), |member| member.name.full());
    let persons: Vec<String> = order.persons.iter().map(name).collect();
    KeptBack {
        code,
        about: format!("order {}", order.order_id),
        whose: match &order.persons[..] {
            [person] if gives => Some(person.clone()),
            _ => None,
        },
        release: None,
        says: format!("{says} It came on {} and counts from {}.", long(order.received_on), long(order.effective_on)),
        records: persons.join(", "),
    }
}

fn objection(record: &CaseRecord, on: Date, written: bool) -> KeptBack {
    KeptBack {
        code: if written { "notice-objected" } else { "notice-objected-aloud" },
        about: format!("limited notice, {on}"),
        // Nobody says which parent objected; where there is one, it is that one.
        whose: only_parent(record),
        release: None,
        says: format!(
            "A parent objected to the notice to the school district on {}, {} (34 CFR 303.401(e)).",
            long(on),
            if written { "in writing" } else { "aloud" }
        ),
        records: "Notice to the school district".to_owned(),
    }
}

fn only_parent(record: &CaseRecord) -> Option<PersonId> {
    let mut parents = record.family.iter().filter(|member| member.may_receive_records);
    match (parents.next(), parents.next()) {
        (Some(parent), None) => Some(parent.person_id.clone()),
        _ => None,
    }
}

/// What an imported record says is kept back.
fn in_record(record: &CaseRecord, directory: &Directory) -> Vec<KeptBack> {
    let revoked = record.releases.iter().filter_map(|release| {
        release.revoked_on.map(|on| revocation(release, directory, &release.signed_by, Some(on), false))
    });
    let orders = record.court_orders.iter().map(|order| of_order(record, order));
    let objected = record.transition.as_ref().and_then(|transition| transition.notice_objection_on);
    let objected = objected.map(|on| objection(record, on, true));
    let lines = record.ifsps.iter().flat_map(|version| version.services.iter().map(move |line| (version, line)));
    let refused = lines.filter_map(|(version, line)| {
        let (code, on, by, says) = match &line.consent {
            ServiceConsent::Declined { on, by } => ("service-declined", on, by, "A parent declined a service"),
            ServiceConsent::Withdrawn { on, by, .. } => {
                ("service-withdrawn", on, by, "A parent took back the consent to a service")
            }
            ServiceConsent::Open | ServiceConsent::Given { .. } => return None,
        };
        Some(KeptBack {
            code,
            about: format!("service {} of plan {}", line.service_line_id, version.ifsp_id),
            whose: Some(by.clone()),
            release: None,
            says: format!("{says} on {} (34 CFR 303.420).", long(*on)),
            records: line.service.words().to_owned(),
        })
    });
    revoked.chain(orders).chain(objected).chain(refused).collect()
}

/// The entry of a recorded fact that keeps something back.
pub(super) async fn keeps_back(
    pipeline: &Pipeline,
    child_id: &ChildId,
    fact: &Fact,
    by: &Actor,
) -> anyhow::Result<Option<(Entry, Detail)>> {
    let record = pipeline.store.children().child(child_id).await?.record;
    let (directory, _) = pipeline.store.children().directory().await?;
    Ok(entry_of(&record, &directory, fact, by))
}

/// Enters what an imported record keeps back, each thing once.
pub(super) async fn enter_kept_back(pipeline: &Pipeline, record: &CaseRecord, by: &Actor) -> anyhow::Result<()> {
    let (directory, _) = pipeline.store.children().directory().await?;
    let kept = in_record(record, &directory);
    if kept.is_empty() {
        return Ok(());
    }
    let rows = pipeline.store.ledger().ledger_of(&record.child_id).await?;
    let mut known: BTreeSet<(String, String)> = rows
        .into_iter()
        .filter(|row| row.entry.event == Event::KeptBack)
        .filter_map(|row| Some((row.entry.outcome, row.entry.about?)))
        .collect();
    let new: Vec<(Entry, Detail)> = kept
        .into_iter()
        .filter(|kept| known.insert((kept.code.to_owned(), kept.about.clone())))
        .map(|kept| kept.entry(&record.child_id, by))
        .collect();
    Ok(pipeline.store.ledger().append_all(&new, pipeline.now()).await?)
}

impl Intake {
    /// Records that a parent took a release back, and shows what that stops.
    ///
    /// # Errors
    /// [`Refusal`] when the record knows no such release or person, or the day lies ahead.
    pub async fn revoke_release(
        &self,
        child_id: &ChildId,
        revocation: &Revocation,
        by: &Actor,
    ) -> anyhow::Result<Vec<StoppedLine>> {
        self.pipeline.authority().allow_for(by, Permission::RecordStop, child_id).await?;
        let record = self.pipeline.store.children().child(child_id).await?.record;
        let release_id = revocation.release_id.clone();
        let fact = if revocation.oral {
            Fact::ReleaseRevokedOrally { release_id }
        } else {
            Fact::ReleaseRevoked { release_id }
        };
        if let Some(person) = &revocation.by
            && record.member(person).is_none()
        {
            let says = format!("nothing is recorded: the family of child {child_id} has no person {person}");
            return Err(Refusal::invalid(says).into());
        }
        if revocation.on.is_some_and(|on| *on > self.pipeline.day()) {
            let says = format!(
                "nothing is recorded: {} lies in the future; a release is taken back on the day it is said",
                Field::On
            );
            return Err(Refusal::invalid(says).into());
        }
        let release = record.releases.iter().find(|release| release.release_id == revocation.release_id);
        let (directory, _) = self.pipeline.store.children().directory().await?;
        let entry = release.map(|release| {
            let who = revocation.by.as_ref().unwrap_or(&release.signed_by);
            self::revocation(release, &directory, who, revocation.on, revocation.oral).entry(child_id, by)
        });
        let besides = Besides { enters: entry.into_iter().collect(), ..Besides::default() };
        self.record_act(child_id, &[fact], besides, by).await
    }
}
