//! Dates of a record that contradict each other: what the duties count from.

use chrono::{Datelike, NaiveDate};

use super::Rules;
use crate::case::{CaseRecord, overlapping};

/// Field and what to do.
type Finding = (String, String);

/// Everything wrong with the dates from which duties are counted.
pub(super) fn times(record: &CaseRecord, rules: &Rules<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut add = |field: String, says: &str| found.push((field, says.to_owned()));
    let received = record.referral.received_on;
    let three = third_year(*record.child.birth_date);
    if three.is_some_and(|three| *received >= three) {
        add(
            "referral.received_on".into(),
            "lies on or after the third birthday; early intervention ends there. Correct the date, or refer the family to the \
             school district",
        );
    }
    for (i, span) in record.referral.excused.iter().enumerate() {
        let at = format!("referral.excused[{i}]");
        if span.to.is_some_and(|to| to < span.from) {
            add(format!("{at}.to"), "lies before the first day");
        }
        if span.from < received {
            add(format!("{at}.from"), "lies before the referral, which is day 0 of the 45");
        }
        if *span.from > rules.today {
            add(format!("{at}.from"), "lies in the future; record the days once they are there");
        }
        if record.referral.excused[..i].iter().any(|other| overlapping(other, span)) {
            add(at, "overlaps another span; each calendar day is left out once");
        }
    }
    if let Some(conference) = record.transition.as_ref().and_then(|t| t.conference.as_ref())
        && conference.held
        && conference.on.is_none()
    {
        add("transition.conference.on".into(), "missing; a conference that was held has its day");
    }
    for (i, appointment) in record.appointments.iter().enumerate() {
        let at = format!("appointments[{i}]");
        if appointment.held && *appointment.on > rules.today {
            add(format!("{at}.held"), "says that it took place, and its day lies in the future");
        }
        if appointment.held && appointment.cancelled_on.is_some() {
            add(format!("{at}.held"), "says that it took place, and it was called off; keep one of them");
        }
        if record.appointments[..i].iter().any(|other| other.event_id == appointment.event_id) {
            add(format!("{at}.event_id"), "this event id stands twice; each has its own");
        }
    }
    for (i, proposal) in record.proposals.iter().enumerate() {
        if *proposal.decided_on > rules.today {
            add(format!("proposals[{i}].decided_on"), "lies in the future; record it once it has happened");
        }
    }
    answers(record, rules.today, &mut add);
    terms(record, &mut add);
    found
}

fn answers(record: &CaseRecord, today: NaiveDate, add: &mut impl FnMut(String, &str)) {
    for (i, request) in record.requests.iter().enumerate() {
        let at = format!("requests[{i}]");
        if *request.on > today {
            add(format!("{at}.on"), "lies in the future; record it once it has happened");
        }
        if request.done_on.is_some_and(|done| done < request.on) {
            add(format!("{at}.done_on"), "lies before the request");
        }
        if record.requests[..i].iter().any(|other| other.event_id == request.event_id) {
            add(format!("{at}.event_id"), "this event id stands twice; each has its own");
        }
    }
    for (i, consent) in record.consents.iter().enumerate() {
        let Some(answer) = &consent.answer else { continue };
        if answer.on < consent.asked_on {
            add(format!("consents[{i}].answer.on"), "lies before the day on which the parent was asked");
        }
        if record.member(&answer.by).is_none() {
            add(format!("consents[{i}].answer.by"), "names nobody of this family");
        }
    }
}

fn terms(record: &CaseRecord, add: &mut impl FnMut(String, &str)) {
    for (i, term) in record.coordinators.iter().enumerate() {
        if term.to.is_some_and(|to| to < term.from) {
            add(format!("coordinators[{i}].to"), "lies before the first day");
        }
    }
    let out_of_order = record.coordinators.windows(2).position(|pair| pair[1].from < pair[0].from);
    if let Some(i) = out_of_order {
        add(format!("coordinators[{}].from", i + 1), "lies before the one above; write the oldest term first");
    }
}

/// By the later reading of 29 February: on 28 February such a child may still be two.
fn third_year(born: NaiveDate) -> Option<NaiveDate> {
    let three = born.checked_add_months(chrono::Months::new(36))?;
    if three.day() == born.day() { Some(three) } else { three.succ_opt() }
}
