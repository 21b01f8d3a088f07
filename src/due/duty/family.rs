//! Staying in touch: contacts in each period, what was promised in them, their notes, and a new coordinator.

use chrono::{Datelike, NaiveDate};

use super::{Findings, Look};
use crate::{
    case::{ContactMethod, ContactOutcome, Payer},
    due::{
        Amount, DocumentKind, Obligation, ObligationKind as Kind, Step, Subject,
        calendar::{add_calendar_days, add_months},
    },
};

/// What was done in time is computed for this long after it was done; its row keeps it for ever.
const DONE_CALENDAR_DAYS: i64 = 60;

pub(super) fn duties(look: &Look<'_>, out: &mut Findings) {
    contacts(look, out);
    follow_ups(look, out);
    notes(look, out);
    coordinator(look, out);
}

fn first_of_month(date: NaiveDate) -> NaiveDate {
    date.with_day(1).expect("every month has a first")
}

/// One contact that reached the family in each period, from the month after the plan was signed. All periods since
/// then are looked at, so that a month in which nobody looked is not forgotten; a letter or reminder is no contact.
fn contacts(look: &Look<'_>, out: &mut Findings) {
    let Some(plan) = look.record.in_effect() else {
        out.not_due(Kind::FamilyContact, "no plan is in effect");
        return;
    };
    let medicaid = plan.services.iter().any(|line| line.payment.contains(&Payer::Medicaid));
    let Some(rule) = look.rules.contact_cadence(look.record.contact_every_months, medicaid) else {
        out.not_due(Kind::FamilyContact, "neither the program nor this child has a cadence of contacts");
        return;
    };
    let Amount::Months(every) = rule.amount else { unreachable!("a cadence is counted in months") };
    let began = look.first_full_plan().unwrap_or(plan);
    let mut from = add_months(first_of_month(*began.meeting_on), 1);
    let automatic = look.rules.program.automatic_from.map(|from| first_of_month(*from));
    if from > look.day {
        out.not_due_since(Kind::FamilyContact, || format!("the first period begins on {from}"));
    }
    while from <= look.day {
        let next = add_months(from, every);
        let due_on = add_calendar_days(next, -1);
        if automatic.is_none_or(|automatic| next > automatic) {
            period(look, from, due_on, &rule, out);
        }
        from = next;
    }
}

fn period(look: &Look<'_>, from: NaiveDate, due_on: NaiveDate, rule: &crate::due::Counted<'_>, out: &mut Findings) {
    let reached = look
        .record
        .contacts
        .iter()
        .filter(|c| c.outcome == ContactOutcome::Reached && c.method != ContactMethod::Letter && *c.on >= from)
        .min_by_key(|c| c.on);
    let anchor = from.format("%Y-%m").to_string();
    let obligation = Obligation::new(Kind::FamilyContact, anchor, from, due_on, rule.source).met(
        reached.map(|c| *c.on),
        "a contact that reached the family",
        reached.map(|c| c.event_id.as_str()),
    );
    out.add(look, obligation, || {
        let mut steps = vec![Step::Trigger { what: "period begins", on: from }, Step::rule(rule)];
        let tried = look.record.contacts.iter().filter(|c| c.outcome != ContactOutcome::Reached);
        let tried = tried.filter(|c| from <= *c.on && *c.on <= due_on);
        steps.extend(tried.map(|c| Step::Note(format!("an attempt on {} reached nobody", c.on))));
        steps
    });
}

/// Still of interest: not done, done late, or done lately.
fn shown(look: &Look<'_>, due_on: NaiveDate, done_on: Option<NaiveDate>) -> bool {
    done_on.is_none_or(|done| done > due_on || done >= add_calendar_days(look.day, -DONE_CALENDAR_DAYS))
}

fn follow_ups(look: &Look<'_>, out: &mut Findings) {
    let mut none = true;
    for contact in &look.record.contacts {
        for (place, promised) in contact.follow_ups.iter().enumerate() {
            let Some(by) = promised.due_on.map(|by| *by) else {
                out.not_due_since(Kind::FollowUp, || {
                    format!("follow-up {} of contact {} has no day", place + 1, contact.event_id)
                });
                continue;
            };
            none = false;
            let done_on = promised.done_on.map(|on| *on);
            if !shown(look, by, done_on) {
                continue;
            }
            let on = *contact.on;
            let anchor = format!("{}/{}", contact.event_id, place + 1);
            let obligation = Obligation::new(Kind::FollowUp, anchor, on, by, "promised in the contact note")
                .about(Subject::Contact { event_id: contact.event_id.clone() })
                .met(done_on, "it was done", Some(contact.event_id.as_str()));
            out.add(look, obligation, || {
                vec![Step::Trigger { what: "promised in a contact", on }, Step::Note(format!("for {by}"))]
            });
        }
    }
    if none {
        out.not_due(Kind::FollowUp, "no contact note promises anything for a day");
    }
}

fn notes(look: &Look<'_>, out: &mut Findings) {
    let Some(rule) = look.rules.contact_note() else {
        out.not_due(Kind::ContactNote, "the state profile counts no days for contact notes");
        return;
    };
    for contact in &look.record.contacts {
        let on = *contact.on;
        let due_on = rule.from(on, &look.calendar);
        let signed_on = contact.signed_on.map(|day| *day);
        // Notes of a time before the program began here are other people's to chase.
        if !shown(look, due_on, signed_on) || (signed_on.is_some() && look.before_automatic(on)) {
            continue;
        }
        let event = contact.event_id.as_str();
        let obligation = Obligation::new(Kind::ContactNote, event, on, due_on, rule.source)
            .about(Subject::Contact { event_id: contact.event_id.clone() })
            .met(signed_on, "the note was signed", Some(event));
        out.add(look, obligation, || vec![Step::Trigger { what: "contact", on }, Step::rule(&rule)]);
    }
}

/// A new coordinator is told to the family; a contact by the new coordinator that reached the family tells it too.
fn coordinator(look: &Look<'_>, out: &mut Findings) {
    let terms = &look.record.coordinators;
    let mut none = true;
    let changes = terms.windows(2).filter(|pair| pair[0].person_id != pair[1].person_id).map(|pair| &pair[1]);
    for term in changes.filter(|term| !look.before_automatic(*term.from)) {
        none = false;
        let from = *term.from;
        let rule = look.rules.as_soon_as_possible();
        let by_new = look
            .record
            .contacts
            .iter()
            .filter(|c| c.author == term.person_id && c.outcome == ContactOutcome::Reached && *c.on >= from)
            .min_by_key(|c| c.on);
        let anchor = format!("{}/{from}", term.person_id);
        let due_on = rule.from(from, &look.calendar);
        let citation = rule.under("34 CFR 303.344(g)");
        let obligation = Obligation::new(Kind::CoordinatorChange, anchor, from, due_on, citation).met(
            by_new.map(|c| *c.on),
            "a contact by the new coordinator",
            by_new.map(|c| c.event_id.as_str()),
        );
        // A letter tells it too; what counts is the day on which it left.
        let obligation = obligation.owes(look.to_parents(&[DocumentKind::NewCoordinator]));
        out.add(look, obligation, || vec![Step::Trigger { what: "new coordinator", on: from }, Step::rule(&rule)]);
    }
    if none {
        out.not_due(Kind::CoordinatorChange, "the coordinator has not changed since the program began here");
    }
}
