//! The people around the child: physician, agencies, evaluations.

use super::{
    focus::Focus,
    ids,
    mix::{Role, Special},
    offices::{self, PROGRAM},
    services::Starts,
    sketch::Sketch,
    staff,
    teller::Teller,
    timeline::weekday,
    typed::line,
};
use crate::{
    case::{
        Assignment, AssignmentRole, CoordinatorTerm, Evaluation, EvaluationKind, Physician, PhysicianRequest, Referral,
    },
    due::calendar::add_calendar_days,
};

/// The physician, and what is asked with a new plan.
pub(super) fn physician(sketch: &Sketch, teller: &mut Teller) -> Physician {
    let mut requests = Vec::new();
    if sketch.role.has_new_plan() && teller.chance(60) {
        let by = weekday(add_calendar_days(sketch.day, 14), add_calendar_days(sketch.day, 40), &mut teller.rng);
        requests.push(PhysicianRequest { text: line(teller.line("request")), by: Some(by.into()) });
    }
    Physician {
        organisation_id: offices::practice_id(sketch.practice),
        person_id: Some(sketch.physician.person_id.clone()),
        from: add_calendar_days(sketch.time.born, 5).into(),
        to: None,
        requests,
    }
}

pub(super) fn referral(sketch: &Sketch, teller: &mut Teller) -> Referral {
    let by_practice = teller.chance(55);
    let practice = offices::practice_name(sketch.practice);
    Referral {
        event_id: ids::event(sketch.index, "referral"),
        received_on: sketch.time.referred.into(),
        source: if by_practice {
            line(format!("{practice}, {}", teller.word("doctor")))
        } else {
            line(*teller.one(&["A parent, by telephone", "Child care", "Hospital, at discharge"]))
        },
        source_organisation: by_practice.then(|| offices::practice_id(sketch.practice)),
        first_contact_on: (sketch.time.referred < sketch.day)
            .then(|| add_calendar_days(sketch.time.referred, 1).into()),
        excused: Vec::new(),
    }
}

/// The coordinator since the day after the referral.
pub(super) fn coordinator(sketch: &Sketch) -> CoordinatorTerm {
    CoordinatorTerm {
        person_id: sketch.coordinator.person_id.clone(),
        from: add_calendar_days(sketch.time.referred, 1).into(),
        to: None,
    }
}

/// The evaluation before the first plan, and an assessment before each later one.
pub(super) fn evaluations(sketch: &Sketch) -> Vec<Evaluation> {
    let by = |number: usize| {
        let agency = offices::agency_name(sketch.therapies[number].agency);
        line(format!("{}, {agency}", staff::signed(&sketch.therapist(number))))
    };
    let area = match sketch.focus {
        Focus::Talking => "communication",
        Focus::Moving => "physical development",
        Focus::Eating => "adaptive development",
        Focus::Playing => "social or emotional development",
    };
    (1..)
        .zip(&sketch.time.meetings)
        .map(|(number, meeting)| Evaluation {
            event_id: ids::event(sketch.index, &format!("evaluation-{number}")),
            kind: if number == 1 { EvaluationKind::Evaluation } else { EvaluationKind::ChildAssessment },
            on: meeting.evaluated.into(),
            instruments: vec![
                line("Battelle Developmental Inventory, Third Edition (BDI-3)"),
                line("Parent interview and observation"),
            ],
            performed_by: (0..sketch.therapies.len()).map(by).collect(),
            eligibility_basis: (number == 1).then(|| line(format!("Delay of 25 % or more in {area}"))),
            eligible: (number == 1).then_some(true),
            report_on: Some(meeting.evaluated.into()),
            copy_given_on: Some(meeting.on.into()),
        })
        .collect()
}

/// Coordination since the referral, evaluation until the first plan, and one assignment for each line with consent.
pub(super) fn assignments(sketch: &Sketch, starts: Starts) -> Vec<Assignment> {
    let event = |what: &str| ids::event(sketch.index, &format!("assigned-{what}"));
    let began = add_calendar_days(sketch.time.referred, 1);
    let mut all = vec![Assignment {
        event_id: event("coordination"),
        organisation_id: offices::office_id(PROGRAM),
        person_id: Some(sketch.coordinator.person_id.clone()),
        role: AssignmentRole::Coordinate,
        service_line_id: None,
        from: began.into(),
        to: None,
    }];
    let Some(first) = sketch.time.meetings.first() else { return all };
    all.push(Assignment {
        event_id: event("evaluation"),
        organisation_id: offices::agency_id(sketch.therapies[0].agency),
        person_id: Some(sketch.therapist(0).person_id),
        role: AssignmentRole::Evaluate,
        service_line_id: None,
        from: began.into(),
        to: Some(first.on.into()),
    });
    let ended = sketch.time.left.map(|(on, _)| on.into());
    for (number, therapy) in (1..).zip(&sketch.therapies) {
        let last = number == sketch.therapies.len();
        if last && sketch.role == Role::Special(Special::Declined) {
            continue;
        }
        all.push(Assignment {
            event_id: event(&format!("line-{number}")),
            organisation_id: offices::agency_id(therapy.agency),
            person_id: Some(sketch.therapist(number - 1).person_id),
            role: AssignmentRole::Deliver,
            service_line_id: Some(ids::service(sketch.index, number)),
            from: first.on.into(),
            to: if last { starts.withdrawn.map(Into::into).or(ended) } else { ended },
        });
    }
    all
}
