//! Notes of contacts, and what lies ahead.

use chrono::NaiveDate;

use super::{
    ids,
    mix::{Role, Special},
    sketch::Sketch,
    teller::Teller,
    timeline::{back, weekday},
    typed::{line, paragraph},
};
use crate::{
    case::{Appointment, AppointmentKind, Audience, Contact, ContactMethod, ContactOutcome, FollowUp},
    due::calendar::add_calendar_days,
};

/// The first visit, the plan meeting or the last call, and the visit at which a summary was promised.
pub(super) fn contacts(sketch: &Sketch, teller: &mut Teller) -> Vec<Contact> {
    let mut all = Vec::new();
    let intake = weekday(
        add_calendar_days(sketch.time.referred, 4),
        add_calendar_days(sketch.time.referred, 9),
        &mut teller.rng,
    );
    if intake <= sketch.day {
        all.push(note(sketch, "intake", intake, ContactMethod::InPerson, teller));
    }
    let Some(meeting) = sketch.time.meetings.last() else { return all };
    all.push(note(sketch, "meeting", meeting.on, ContactMethod::InPerson, teller));
    if sketch.role.has_new_plan() || sketch.time.left.is_some() {
        return all;
    }
    let call = weekday(back(sketch.day, 26), back(sketch.day, 5), &mut teller.rng);
    all.push(note(sketch, "call", call, ContactMethod::Phone, teller));
    if sketch.role == Role::Special(Special::Summary) {
        let on = back(sketch.day, teller.rng.i64(0..=1));
        let mut visit = note(sketch, "summary", on, ContactMethod::InPerson, teller);
        visit.send_summary_to = vec![Audience::Family, Audience::Team];
        all.push(visit);
    }
    all
}

fn note(sketch: &Sketch, kind: &str, on: NaiveDate, method: ContactMethod, teller: &mut Teller) -> Contact {
    let mut present: Vec<_> = sketch.parents.iter().map(|p| line(p.full())).collect();
    if method == ContactMethod::InPerson {
        present.push(line(sketch.name.first));
    }
    let meeting = kind == "meeting";
    let follow_up = teller.line("follow_up");
    let (text, owner) = follow_up.split_once(" | ").unwrap_or((&follow_up, sketch.coordinator.name.first.as_str()));
    let due = add_calendar_days(on, teller.rng.i64(7..=30));
    Contact {
        event_id: ids::event(sketch.index, kind),
        author: sketch.coordinator.person_id.clone(),
        on: on.into(),
        method,
        outcome: ContactOutcome::Reached,
        present,
        minutes: Some(if method == ContactMethod::Phone { teller.rng.u16(10..=30) } else { teller.rng.u16(45..=110) }),
        topic: line(teller.line(&format!("{kind} topic"))),
        narrative: paragraph(&teller.told(&format!("{kind} narrative"), false)),
        decisions: if meeting || kind == "summary" { decisions(teller) } else { Vec::new() },
        follow_ups: vec![FollowUp {
            text: line(text),
            owner: line(owner),
            due_on: Some(due.into()),
            // What was due before the day is taken as done.
            done_on: (due < sketch.day).then(|| due.into()),
        }],
        resources: Vec::new(),
        outcomes: if kind == "intake" { Vec::new() } else { vec![1] },
        signed_on: Some(on.into()),
        share_with: if kind == "intake" { vec![Audience::Family] } else { vec![Audience::Family, Audience::Team] },
        send_summary_to: Vec::new(),
    }
}

fn decisions(teller: &mut Teller) -> Vec<crate::case::Line> {
    let chosen: Vec<&str> = teller.some(super::bank::list("decision"), 2).iter().map(|d| d.text).collect();
    chosen.into_iter().map(|text| line(teller.fill(text))).collect()
}

/// The next call, and the visit of a new plan.
pub(super) fn appointments(sketch: &Sketch, teller: &mut Teller) -> Vec<Appointment> {
    if sketch.time.left.is_some() {
        return Vec::new();
    }
    let (kind, what) = if sketch.time.meetings.is_empty() {
        (AppointmentKind::Evaluation, "visit for the evaluation")
    } else {
        (AppointmentKind::Visit, "monthly call")
    };
    let on = weekday(add_calendar_days(sketch.day, 5), add_calendar_days(sketch.day, 30), &mut teller.rng);
    vec![Appointment {
        event_id: ids::event(sketch.index, "next"),
        kind,
        on: on.into(),
        at: None,
        minutes: None,
        place: None,
        what: line(what),
        invited: Vec::new(),
        bring: Vec::new(),
        interpreter_booked_on: None,
        notice_given_on: None,
        cancelled_on: None,
        held: false,
    }]
}
