//! One child's record.

use super::{
    Plan, consent, contacts, family, ids,
    mix::{Role, Special},
    offices::{self, CITIES},
    plan,
    services::Starts,
    sketch::Sketch,
    staff, team,
    teller::Teller,
    timeline::weekday,
    typed::{line, prose},
};
use crate::{
    case::{CaseRecord, Conference, Exit, SchemaOne, Transition, TransitionOption},
    due::calendar::add_calendar_days,
};

/// The record of child number `index`.
pub(super) fn of(plan: &Plan, index: u32) -> CaseRecord {
    let (sketch, mut teller) = Sketch::draw(plan, index);
    let teller = &mut teller;
    let starts = Starts::draw(&sketch, teller);
    CaseRecord {
        schema: SchemaOne,
        child_id: ids::child(index),
        program_number: line(format!("{}-{index:06}", sketch.time.referred.format("%y"))),
        child: family::child(&sketch, teller),
        family: family::parents(&sketch, teller),
        coordinators: vec![team::coordinator(&sketch)],
        referral: team::referral(&sketch, teller),
        evaluations: team::evaluations(&sketch),
        consents: Vec::new(),
        proposals: Vec::new(),
        physicians: vec![team::physician(&sketch, teller)],
        assignments: team::assignments(&sketch, starts),
        placements: Vec::new(),
        caseworkers: Vec::new(),
        releases: consent::releases(&sketch, teller),
        statements: Vec::new(),
        court_orders: Vec::new(),
        ifsps: plan::versions(&sketch, starts, teller),
        unfinished: Vec::new(),
        contacts: contacts::contacts(&sketch, teller),
        translations: Vec::new(),
        transition: transition(&sketch, teller),
        appointments: contacts::appointments(&sketch, teller),
        requests: Vec::new(),
        here: crate::case::RecordedHere::default(),
        contact_every_months: None,
        surrogate_need: None,
        exit: sketch.time.left.map(|(on, reason)| Exit { event_id: ids::event(index, "exit"), on: on.into(), reason }),
        closed_to: Vec::new(),
    }
}

/// The conference is arranged and lies within the window, which closes at least five weeks after the day.
fn transition(sketch: &Sketch, teller: &mut Teller) -> Option<Transition> {
    if sketch.role != Role::Special(Special::Transition) {
        return None;
    }
    let on = weekday(add_calendar_days(sketch.day, 10), add_calendar_days(sketch.day, 30), &mut teller.rng);
    let (_, city, _) = CITIES[sketch.city];
    let district = format!("{city} Public Schools, Preschool Services");
    let mut invited: Vec<_> = sketch.parents.iter().map(|parent| line(parent.full())).collect();
    invited.extend([
        line(staff::signed(&sketch.coordinator)),
        line(staff::signed(&sketch.therapist(0))),
        line(&district),
    ]);
    Some(Transition {
        may_be_eligible_for_part_b: Some(true),
        plan_on: sketch.time.meetings.last().map(|m| m.on.into()),
        conference: Some(Conference {
            event_id: ids::event(sketch.index, "conference"),
            approved: true,
            on: Some(on.into()),
            place: Some(line("10:00 a.m., at the program’s office or by video")),
            invited,
            held: false,
        }),
        parents_told_on: None,
        notice_sent_on: None,
        notice_objection_on: None,
        family_questions: vec![
            line(teller.fill("Who will know {name} in a class of [twelve|fourteen|sixteen]?")),
            line("Can we visit before we decide?"),
        ],
        options: vec![
            TransitionOption {
                name: line(district),
                about: prose(
                    "Preschool special education at a school, at no cost, for children who are found eligible.",
                ),
                telephone: Some(offices::telephone(90)),
            },
            TransitionOption {
                name: line("Head Start (sample)"),
                about: prose("Preschool with meals and family support, by income or need."),
                telephone: Some(offices::telephone(97)),
            },
        ],
    })
}
