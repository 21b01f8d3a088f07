//! What was done with the family and for it, and what lies ahead.

use std::collections::HashSet;

use chrono::TimeDelta;

use super::{look::Look, plan::recipient};
use crate::case::{Appointment, Contact, Request};

/// A child is in the program for three years, in some states for five.
const FARTHEST_AHEAD: TimeDelta = TimeDelta::days(5 * 366);

pub(super) fn evaluations(f: &mut Look<'_>) {
    for (i, evaluation) in f.record.evaluations.iter().enumerate() {
        let at = format!("evaluations[{i}]");
        f.happened_since_birth(format!("{at}.on"), evaluation.on);
        f.past(format!("{at}.report_on"), evaluation.report_on);
        f.follows(format!("{at}.report_on"), evaluation.report_on, evaluation.on, "the evaluation");
        // It counts as the parents' copy of 303.409(c).
        f.past(format!("{at}.copy_given_on"), evaluation.copy_given_on);
        f.follows(format!("{at}.copy_given_on"), evaluation.copy_given_on, evaluation.on, "the evaluation");
    }
}

pub(super) fn contacts(f: &mut Look<'_>) {
    let numbers: HashSet<u8> = f.record.outcome_numbers().collect();
    for (i, contact) in f.record.contacts.iter().enumerate() {
        self::contact(contact, &numbers, &format!("contacts[{i}]"), f);
    }
}

fn contact(contact: &Contact, numbers: &HashSet<u8>, at: &str, f: &mut Look<'_>) {
    f.professional(format!("{at}.author"), &contact.author);
    f.happened(format!("{at}.on"), contact.on);
    f.past(format!("{at}.signed_on"), contact.signed_on);
    f.follows(format!("{at}.signed_on"), contact.signed_on, contact.on, "the contact");
    for number in contact.outcomes.iter().filter(|number| !numbers.contains(number)) {
        f.refuse(
            format!("{at}.outcomes"),
            format!("names outcome {number}, which no plan of this record has; correct the number, or leave it out"),
        );
    }
    for (i, follow_up) in contact.follow_ups.iter().enumerate() {
        f.past(format!("{at}.follow_ups[{i}].done_on"), follow_up.done_on);
    }
}

pub(super) fn appointments(f: &mut Look<'_>) {
    let appointments = &f.record.appointments;
    f.once(
        "event",
        appointments.iter().enumerate().map(|(i, a)| (format!("appointments[{i}].event_id"), a.event_id.as_str())),
    );
    for (i, appointment) in appointments.iter().enumerate() {
        self::appointment(appointment, &format!("appointments[{i}]"), f);
    }
}

fn appointment(appointment: &Appointment, at: &str, f: &mut Look<'_>) {
    f.since_known(format!("{at}.on"), appointment.on);
    if *appointment.on > f.today() + FARTHEST_AHEAD {
        f.refuse(format!("{at}.on"), "lies more than five years ahead; correct the date");
    }
    if appointment.held && *appointment.on > f.today() {
        f.refuse(
            format!("{at}.held"),
            "says that it took place, and its day lies in the future; correct one of the two",
        );
    }
    if appointment.held && appointment.cancelled_on.is_some() {
        f.refuse(format!("{at}.held"), "says that it took place, and it was called off; keep one of them");
    }
    f.happened(format!("{at}.notice_given_on"), appointment.notice_given_on);
    f.happened(format!("{at}.interpreter_booked_on"), appointment.interpreter_booked_on);
    f.happened(format!("{at}.cancelled_on"), appointment.cancelled_on);
    for (i, invited) in appointment.invited.iter().enumerate() {
        if let Some(to) = &invited.recipient {
            recipient(&format!("{at}.invited[{i}].recipient"), to, f);
        }
    }
}

pub(super) fn requests(f: &mut Look<'_>) {
    let requests = &f.record.requests;
    f.once("event", requests.iter().enumerate().map(|(i, r)| (format!("requests[{i}].event_id"), r.event_id.as_str())));
    for (i, request) in requests.iter().enumerate() {
        self::request(request, &format!("requests[{i}]"), f);
    }
}

fn request(request: &Request, at: &str, f: &mut Look<'_>) {
    f.happened(format!("{at}.on"), request.on);
    f.office(format!("{at}.organisation_id"), request.organisation_id.as_ref());
    let open = request.done_on.is_none();
    f.works_in(format!("{at}.person_id"), request.person_id.as_ref(), request.organisation_id.as_ref(), open);
    f.past(format!("{at}.sent_on"), request.sent_on);
    f.follows(format!("{at}.sent_on"), request.sent_on, request.on, "the request");
    f.past(format!("{at}.done_on"), request.done_on);
    f.follows(format!("{at}.done_on"), request.done_on, request.on, "the request");
}

/// What the program proposed or refused (34 CFR 303.421).
pub(super) fn proposals(f: &mut Look<'_>) {
    for (i, proposal) in f.record.proposals.iter().enumerate() {
        let at = format!("proposals[{i}]");
        f.happened(format!("{at}.decided_on"), proposal.decided_on);
        f.follows(format!("{at}.effective_on"), proposal.effective_on, proposal.decided_on, "the decision");
        f.past(format!("{at}.notice_given_on"), proposal.notice_given_on);
        f.follows(format!("{at}.notice_given_on"), proposal.notice_given_on, proposal.decided_on, "the decision");
        f.past(format!("{at}.withdrawn_on"), proposal.withdrawn_on);
        f.follows(format!("{at}.withdrawn_on"), proposal.withdrawn_on, proposal.decided_on, "the decision");
        if let Some(line) = &proposal.service_line_id
            && !f.record.has_line(line)
        {
            f.refuse(
                format!("{at}.service_line_id"),
                "names no service line of this record; correct it, or leave it out",
            );
        }
    }
}

/// The transition at three (34 CFR 303.209).
pub(super) fn transition(f: &mut Look<'_>) {
    let Some(transition) = &f.record.transition else { return };
    f.happened_since_birth("transition.plan_on", transition.plan_on);
    f.happened_since_birth("transition.parents_told_on", transition.parents_told_on);
    f.happened_since_birth("transition.notice_sent_on", transition.notice_sent_on);
    f.happened_since_birth("transition.notice_objection_on", transition.notice_objection_on);
    let Some(conference) = &transition.conference else { return };
    f.since_birth("transition.conference.on", conference.on);
    match conference.on {
        None if conference.held => {
            f.refuse("transition.conference.on", "missing; a conference that was held has its day: give it");
        }
        Some(on) if conference.held && *on > f.today() => {
            f.refuse(
                "transition.conference.held",
                "says that it took place, and its day lies in the future; correct one of the two",
            );
        }
        _ => {}
    }
}

/// Parents' statements (34 CFR 303.412), and who translated what.
pub(super) fn statements(f: &mut Look<'_>) {
    for (i, statement) in f.record.statements.iter().enumerate() {
        f.family(format!("statements[{i}].by"), &statement.by);
        f.happened(format!("statements[{i}].on"), statement.on);
    }
    for (i, translated) in f.record.translations.iter().enumerate() {
        f.past(format!("translations[{i}].on"), translated.on);
    }
}
