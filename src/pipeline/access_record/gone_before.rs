//! What had left before somebody recorded that it may not go: nobody can call it back by itself.

use chrono::NaiveDate;
use serde::Serialize;

use super::AccessRecord;
use crate::{
    actor::{Actor, Permission},
    case::{CaseRecord, ChildId, Fact, OrderEffect, PersonId, Recipient},
    clock::{day_in, parse_instant},
    disclosure::Basis,
    ledger::{Entry, Event},
    pipeline::Refusal,
};

/// A delivery that had left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GoneLine {
    /// The day, in the program's zone.
    pub on: NaiveDate,
    /// To whom, as an id.
    pub recipient: String,
    /// Titles of the papers.
    pub papers: Vec<String>,
    pub dispatch: Option<String>,
}

/// What had left, as far as this person may see it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct GoneBefore {
    /// The newest first.
    pub lines: Vec<GoneLine>,
    /// How many more there are that somebody who serves the child may see.
    pub not_shown: usize,
}

/// Whether an entry is about something that this fact would have stopped.
fn would_stop(fact: &Fact, entry: &Entry, record: &CaseRecord) -> bool {
    let to = |persons: &[PersonId]| matches!(&entry.recipient, Some(Recipient::FamilyMember { person_id }) if persons.contains(person_id));
    match fact {
        Fact::ReleaseRevoked { release_id } | Fact::ReleaseRevokedOrally { release_id } => {
            entry.release.as_ref().is_some_and(|release| &release.id == release_id)
        }
        Fact::OrderReceived { order } => match order.effect {
            None | Some(OrderEffect::DenyAccess | OrderEffect::DenyAddress) => to(&order.persons),
            Some(OrderEffect::AllowNamedOnly) => {
                let family: Vec<PersonId> = record.family.iter().map(|member| member.person_id.clone()).collect();
                to(&family) && !to(&order.persons)
            }
            Some(OrderEffect::NamedDecisionMaker) => false,
        },
        Fact::PersonBarred { person_id } => to(std::slice::from_ref(person_id)),
        Fact::Objection { .. } => entry.basis.as_deref() == Some(Basis::LimitedNotice.code()),
        Fact::EndpointDisabled { endpoint_id } => entry.endpoint.as_ref() == Some(endpoint_id),
        _ => false,
    }
}

impl AccessRecord {
    /// What had already gone of what this fact stops: to whom, and when.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn gone_before(&self, child: &ChildId, fact: &Fact, by: &Actor) -> anyhow::Result<GoneBefore> {
        let may_see = match self.pipeline.authority().allow_for(by, Permission::SeeDelivery, child).await {
            Ok(()) => true,
            Err(error) if error.is::<Refusal>() => false,
            Err(error) => return Err(error),
        };
        let record = self.pipeline.store.children().child(child).await?.record;
        let zone = self.pipeline.program.time_zone.0;
        let templates = self.pipeline.templates.now();
        let english = templates.languages().english();
        let rows = self.pipeline.store.ledger().ledger_of(child).await?;
        let mut lines: Vec<GoneLine> = rows
            .iter()
            .filter(|row| row.entry.event == Event::Disclosure && would_stop(fact, &row.entry, &record))
            .map(|row| GoneLine {
                on: parse_instant(&row.link.at).map_or(NaiveDate::MIN, |at| day_in(zone, at)),
                recipient: row.entry.recipient.as_ref().map(ToString::to_string).unwrap_or_default(),
                papers: row.entry.items.iter().map(|item| english.word("paper", &item.document)).collect(),
                dispatch: row.entry.dispatch.clone(),
            })
            .collect();
        lines.reverse();
        Ok(if may_see {
            GoneBefore { lines, not_shown: 0 }
        } else {
            GoneBefore { lines: Vec::new(), not_shown: lines.len() }
        })
    }
}
