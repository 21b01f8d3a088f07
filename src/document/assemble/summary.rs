//! The view of the contact summary, in three variants: what each holds is data ([`crate::case::SummaryParts`]).

use super::{
    AssembleError, Sheet,
    family::{ahead, follow_up, resource},
    letters,
    page::{Stamped, page},
};
use crate::{
    case::{
        Audience, Contact, ContactOutcome, EventId, IfspVersion, Outcome, OutcomeFor, PlanSection, RecordClass,
        SummaryPart,
    },
    document::view::{ContactLine, ContactSummaryView, OutcomeContacts},
    due::calendar::add_calendar_days,
};

/// Contacts of a period, as far as their author shares them with this audience.
pub(super) fn contact_summary(sheet: &Sheet<'_>, event: &EventId) -> Result<ContactSummaryView, AssembleError> {
    let record = sheet.record;
    let audience = sheet.mask.audience;
    let asked = record.contacts.iter().find(|c| &c.event_id == event).ok_or(AssembleError::NothingToShow)?;
    let last = *asked.on;
    let policy = &sheet.rules.program.policy;
    let first = add_calendar_days(last, -i64::from(policy.summary_calendar_days));
    let mut contacts: Vec<&Contact> = record
        .contacts
        .iter()
        .filter(|c| c.signed_on.is_some() && *c.on > first && *c.on <= last && c.share_with.contains(&audience))
        .filter(|c| c.outcome == ContactOutcome::Reached && sheet.mask.covers(c.on))
        .collect();
    contacts.sort_by_key(|c| std::cmp::Reverse((c.on, c.event_id.clone())));
    if contacts.is_empty() {
        return Err(AssembleError::NothingToShow);
    }
    let has = |part| policy.contact_summary.holds(audience, part);
    // What belongs to the plan needs its class; what the parent keeps out of a release stays out.
    let plan = record.in_effect().filter(|_| sheet.mask.whole || sheet.mask.shows(RecordClass::Plan));
    let outcomes = outcomes_shown(sheet, plan);
    let by_outcome = has(SummaryPart::ByOutcome).then(|| by_outcome(sheet, &outcomes, &contacts));
    let listed = by_outcome.is_none();
    Ok(ContactSummaryView {
        period: sheet.said.span(first.max(*record.referral.received_on), last),
        contacts: if listed && has(SummaryPart::Contacts) { lines(sheet, &contacts) } else { Vec::new() },
        decisions: if listed && has(SummaryPart::Decisions) { decisions(&contacts) } else { Vec::new() },
        follow_ups: (listed && has(SummaryPart::FollowUps)).then(|| open(sheet, &contacts)),
        by_outcome: by_outcome.unwrap_or_default(),
        resources: if has(SummaryPart::Resources) && sheet.mask.whole {
            contacts.iter().flat_map(|c| &c.resources).map(resource).collect()
        } else {
            Vec::new()
        },
        asks: has(SummaryPart::Requests).then(|| letters::asks(sheet)),
        eligibility: if has(SummaryPart::Eligibility) { letters::eligibility_shown(sheet) } else { None },
        services: plan
            .filter(|_| has(SummaryPart::Services))
            .map(|v| v.services.iter().filter(|l| l.consent.stands()))
            .map(|lines| lines.map(|l| letters::short_service(sheet, l, false)).collect())
            .unwrap_or_default(),
        outcomes: if has(SummaryPart::Outcomes) {
            outcomes.iter().map(|o| letters::outcome_line(o, false)).collect()
        } else {
            Vec::new()
        },
        next_dates: if has(SummaryPart::Dates) && sheet.mask.whole { ahead(sheet) } else { Vec::new() },
        page: page(sheet, None, Stamped::Yes)?,
    })
}

/// The outcomes that a copy may name: outside those for the child, as a release lets them go.
fn outcomes_shown<'a>(sheet: &Sheet<'_>, plan: Option<&'a IfspVersion>) -> Vec<&'a Outcome> {
    if sheet.mask.without.contains(&PlanSection::Outcomes) {
        return Vec::new();
    }
    let shown = |o: &&Outcome| sheet.mask.whole || o.benefits == OutcomeFor::Child;
    plan.map(|v| v.outcomes.iter().filter(shown).collect()).unwrap_or_default()
}

/// The notes go to the family only, and so does who was there: an outside copy names no third person.
fn lines(sheet: &Sheet<'_>, contacts: &[&Contact]) -> Vec<ContactLine> {
    let parts = &sheet.rules.program.policy.contact_summary;
    let notes = sheet.mask.whole && parts.holds(Audience::Family, SummaryPart::Notes);
    let present = |c: &Contact| c.present.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    contacts
        .iter()
        .map(|c| ContactLine {
            on: sheet.said.long(*c.on),
            method: sheet.said.word("contact", &c.method),
            with: if notes { present(c) } else { String::new() },
            topic: c.topic.to_string(),
            narrative: notes.then(|| c.narrative.to_string()),
        })
        .collect()
}

fn decisions(contacts: &[&Contact]) -> Vec<String> {
    contacts.iter().flat_map(|c| &c.decisions).map(ToString::to_string).collect()
}

fn open(sheet: &Sheet<'_>, contacts: &[&Contact]) -> Vec<crate::document::view::FollowUpLine> {
    let open = contacts.iter().flat_map(|c| &c.follow_ups).filter(|f| f.done_on.is_none());
    open.map(|f| follow_up(sheet, f)).collect()
}

/// Each contact stands once: under the first of its outcomes that the copy may name, or at the end.
fn by_outcome(sheet: &Sheet<'_>, outcomes: &[&Outcome], contacts: &[&Contact]) -> Vec<OutcomeContacts> {
    let place = |c: &Contact| c.outcomes.iter().find(|n| outcomes.iter().any(|o| o.number == **n)).copied();
    let groups = outcomes.iter().map(|o| Some(*o)).chain([None]);
    groups
        .filter_map(|outcome| {
            let own: Vec<&Contact> =
                contacts.iter().filter(|c| place(c) == outcome.map(|o| o.number)).copied().collect();
            (!own.is_empty()).then(|| OutcomeContacts {
                number: outcome.map(|o| o.number),
                statement: outcome.map(|o| o.statement.to_string()),
                contacts: lines(sheet, &own),
                decisions: decisions(&own),
                follow_ups: open(sheet, &own),
            })
        })
        .collect()
}
