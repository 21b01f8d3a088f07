//! From the referral to the first plan: first contact, repeated attempts, consent, the 45 days and what they leave out.

use chrono::NaiveDate;

use super::{Findings, Look};
use crate::{
    case::{AppointmentKind, ConsentAct, ContactOutcome, EvaluationKind, IfspKind, IfspVersion},
    due::{
        DocumentKind, Obligation, ObligationKind as Kind, Step,
        dates::{FortyFiveDays, calendar_days_before_three, is_late_referral},
    },
};

pub(super) fn duties(look: &Look<'_>, out: &mut Findings) {
    first_contact(look, out);
    next_attempt(look, out);
    if is_late_referral(look.record) {
        for kind in [Kind::InitialMeeting, Kind::InterimEvaluation, Kind::EvaluationConsent] {
            out.not_due(
                kind,
                "the child was referred fewer than 45 calendar days before the third birthday: no evaluation or \
                 meeting is required (34 CFR 303.209(b)(1)(iii))",
            );
        }
        return;
    }
    let clock = FortyFiveDays::of(look.record, &look.rules, look.day);
    initial_meeting(look, &clock, out);
    interim(look, &clock, out);
    consent(look, &clock, out);
}

impl<'a> Look<'a> {
    /// Calendar days from the referral to the third birthday; negative after it.
    pub(super) fn calendar_days_before_three(&self) -> i64 {
        calendar_days_before_three(self.record)
    }

    /// The day of the newest evaluation that decided, where it found the child not eligible.
    pub(super) fn not_eligible_since(&self) -> Option<NaiveDate> {
        let decided = self.record.evaluations.iter().filter(|e| e.eligible.is_some());
        let newest = decided.max_by_key(|e| (e.on, e.eligible))?;
        (newest.eligible == Some(false)).then_some(*newest.on)
    }

    /// The first final plan that is more than an interim one.
    pub(super) fn first_full_plan(&self) -> Option<&'a IfspVersion> {
        let full = self.record.ifsps.iter().filter(|v| v.status.is_final() && v.kind != IfspKind::Interim);
        full.min_by_key(|v| (v.meeting_on, v.version))
    }
}

fn initial_meeting(look: &Look<'_>, clock: &FortyFiveDays, out: &mut Findings) {
    let first = look.first_full_plan();
    if first.is_some_and(|v| matches!(v.kind, IfspKind::PeriodicReview | IfspKind::Annual)) {
        out.not_due(Kind::InitialMeeting, "the record begins after the initial meeting");
        return;
    }
    if let Some(on) = look.not_eligible_since().filter(|_| first.is_none()) {
        out.not_due_since(Kind::InitialMeeting, || {
            format!("the evaluation of {on} found the child not eligible: there is no plan to meet about (34 CFR 303.310(a))")
        });
        return;
    }
    let referral = &look.record.referral;
    let obligation = Obligation::new(
        Kind::InitialMeeting,
        referral.event_id.as_str(),
        *referral.received_on,
        clock.due_on,
        look.rules.initial_meeting().source,
    )
    .met(
        first.map(|v| *v.meeting_on),
        "the first full meeting about the plan",
        first.map(|v| v.meeting_event_id.as_str()),
    );
    let stands_still_since = clock.stands_still_since.filter(|_| first.is_none());
    out.add(look, Obligation { stands_still_since, ..obligation }, || clock.steps.clone());
}

fn interim(look: &Look<'_>, clock: &FortyFiveDays, out: &mut Findings) {
    let Some(interim) = look.record.in_effect().filter(|v| v.kind == IfspKind::Interim) else {
        out.not_due(Kind::InterimEvaluation, "no interim plan is in effect");
        return;
    };
    let evaluated =
        look.record.evaluations.iter().filter(|e| e.kind == EvaluationKind::Evaluation).min_by_key(|e| e.on);
    let obligation = Obligation::new(
        Kind::InterimEvaluation,
        interim.meeting_event_id.as_str(),
        *interim.meeting_on,
        clock.due_on,
        "34 CFR 303.345(c)",
    )
    .met(evaluated.map(|e| *e.on), "the evaluation", evaluated.map(|e| e.event_id.as_str()));
    let stands_still_since = clock.stands_still_since.filter(|_| evaluated.is_none());
    out.add(look, Obligation { stands_still_since, ..obligation }, || clock.steps.clone());
}

/// Consent comes before the evaluation, so it is due with the first one that is arranged, and in any case in time for
/// the 45 days. A parent who declines ends the duty; asking is what the program can do.
fn consent(look: &Look<'_>, clock: &FortyFiveDays, out: &mut Findings) {
    let record = look.record;
    let consents = record.consents.iter().filter(|c| c.act == ConsentAct::Evaluation);
    let answered = consents.clone().filter_map(|c| Some((c, c.answer.as_ref()?))).min_by_key(|(_, a)| a.on);
    if let Some((_, answer)) = answered.filter(|(_, answer)| !answer.given) {
        out.not_due_since(Kind::EvaluationConsent, || {
            format!("a parent declined the evaluation on {}; the family may ask again at any time", answer.on)
        });
        return;
    }
    let began = consents.clone().min_by_key(|c| c.asked_on);
    if began.is_none() && (look.first_full_plan().is_some() || !record.evaluations.is_empty()) {
        out.not_due(Kind::EvaluationConsent, "the record begins after the evaluation and holds no consent to it");
        return;
    }
    let arranged = record
        .appointments
        .iter()
        .filter(|a| a.kind == AppointmentKind::Evaluation && a.cancelled_on.is_none())
        .map(|a| *a.on)
        .chain(record.evaluations.iter().filter(|e| e.kind == EvaluationKind::Evaluation).map(|e| *e.on))
        .min();
    let due_on = arranged.map_or(clock.due_on, |on| on.min(clock.due_on));
    let received = *record.referral.received_on;
    let given = answered.map(|(_, answer)| *answer.on);
    let event = answered.map(|(consent, _)| consent.event_id.as_str());
    let obligation = Obligation::new(
        Kind::EvaluationConsent,
        record.referral.event_id.as_str(),
        received,
        due_on,
        "34 CFR 303.420(a)(2)",
    )
    .met(given, "the parent's signature", event);
    let stands_still_since = clock.stands_still_since.filter(|_| given.is_none());
    out.add(look, Obligation { stands_still_since, ..obligation }, || {
        let mut steps = clock.steps.clone();
        steps.extend(arranged.map(|on| Step::Note(format!("the evaluation is on {on}, and consent comes before it"))));
        steps
    });
}

fn first_contact(look: &Look<'_>, out: &mut Findings) {
    let referral = &look.record.referral;
    let received = *referral.received_on;
    let rule = look.rules.first_contact();
    let reached = look.reached_from(received);
    let recorded = referral.first_contact_on.map(|on| *on);
    let (met, event) = match (recorded, reached) {
        (Some(on), Some(contact)) if *contact.on < on => (Some(*contact.on), Some(contact.event_id.as_str())),
        (Some(on), _) => (Some(on), None),
        (None, contact) => (contact.map(|c| *c.on), contact.map(|c| c.event_id.as_str())),
    };
    let obligation = Obligation::new(
        Kind::FirstContact,
        referral.event_id.as_str(),
        received,
        rule.from(received, &look.calendar),
        rule.source,
    )
    .met(met, "a contact that reached the family", event);
    out.add(look, obligation, || {
        let mut steps = vec![Step::Trigger { what: "referral received", on: received }, Step::rule(&rule)];
        steps.extend(attempts(look, received).map(|(on, _)| Step::Note(format!("an attempt on {on} reached nobody"))));
        steps
    });
}

/// Attempts that did not reach the family, until one did.
fn attempts<'a>(look: &Look<'a>, from: NaiveDate) -> impl Iterator<Item = (NaiveDate, &'a str)> {
    let reached = look.reached_from(from).map(|c| *c.on);
    look.record
        .contacts
        .iter()
        .filter(move |c| c.outcome != ContactOutcome::Reached && *c.on >= from && reached.is_none_or(|day| *c.on < day))
        .map(|c| (*c.on, c.event_id.as_str()))
}

/// Until the family is reached after its referral, each attempt asks for another one. What meets the duty is the
/// attempt, documented; it is no contact.
fn next_attempt(look: &Look<'_>, out: &mut Findings) {
    let received = *look.record.referral.received_on;
    if look.record.referral.first_contact_on.is_some() || look.first_full_plan().is_some() {
        out.not_due(Kind::NextAttempt, "the family was reached after the referral");
        return;
    }
    let mut tried: Vec<(NaiveDate, &str)> = attempts(look, received).collect();
    tried.sort_unstable();
    if tried.is_empty() {
        out.not_due(Kind::NextAttempt, "no attempt failed to reach the family");
    }
    let rule = look.rules.next_attempt();
    let reached = look.reached_from(received).map(|c| (*c.on, c.event_id.as_str()));
    let letters = !look.before_automatic(received);
    for (place, (on, event)) in tried.iter().enumerate() {
        let next = tried.get(place + 1).copied().or(reached);
        let due_on = rule.from(*on, &look.calendar);
        let citation = rule.under("34 CFR 303.310(b)(2)");
        let obligation = Obligation::new(Kind::NextAttempt, *event, *on, due_on, citation).met(
            next.map(|(day, _)| day),
            "the next contact or attempt",
            next.map(|(_, event)| event),
        );
        // After the third attempt the next one is a letter: an attempt of its own, on the day it leaves.
        let obligation = if letters && next.is_none() && place >= 2 {
            obligation.owes(look.to_parents(&[DocumentKind::CouldNotReachYou]))
        } else {
            obligation
        };
        out.add(look, obligation, || {
            vec![Step::Trigger { what: "an attempt that reached nobody", on: *on }, Step::rule(&rule)]
        });
    }
}
