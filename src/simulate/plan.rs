//! Versions of the plan.

use super::{
    ids, levels,
    levels::Depth,
    offices, outcomes, services,
    services::Starts,
    sketch::Sketch,
    staff,
    teller::Teller,
    timeline::Meeting,
    typed::{line, paragraph, prose},
};
use crate::{
    case::{
        Attendance, CopyGiven, FamilyInformation, IfspStatus, IfspVersion, OtherService, OtherServiceStatus,
        Participant, Recipient, Signature, SignatureMethod, TransitionStep,
    },
    due::calendar::add_calendar_days,
};

/// All versions, oldest first. What was replaced is told shortly: nobody prints it any more.
pub(super) fn versions(sketch: &Sketch, starts: Starts, teller: &mut Teller) -> Vec<IfspVersion> {
    let count = sketch.time.meetings.len();
    (1..)
        .zip(&sketch.time.meetings)
        .map(|(number, meeting)| {
            let depth = if number < count { Depth::Short } else { Depth::Full };
            version(sketch, u32::try_from(number).unwrap_or(1), meeting, starts, depth, teller)
        })
        .collect()
}

fn version(
    sketch: &Sketch,
    number: u32,
    meeting: &Meeting,
    starts: Starts,
    depth: Depth,
    teller: &mut Teller,
) -> IfspVersion {
    sketch.words_of(meeting, teller);
    let chosen = outcomes::chosen(sketch, meeting, depth, teller);
    let interpreted = sketch.language != "en" && teller.chance(50);
    IfspVersion {
        ifsp_id: ids::plan(sketch.index),
        version: number,
        kind: meeting.kind,
        status: meeting.status,
        meeting_event_id: ids::event(sketch.index, &format!("meeting-{number}")),
        meeting_on: meeting.on.into(),
        meeting_method: line(teller.line("meeting_method")),
        meeting_language: line(if interpreted { sketch.language } else { "en" }),
        interpreter: interpreted.then(|| line("an interpreter of the program")),
        period_end: meeting.period_end.max(meeting.on).into(),
        participants: participants(sketch, teller),
        present_levels: Some(levels::present(sketch, meeting, depth, teller)),
        family: Some(family(teller)),
        daily_routines: Some(paragraph(&teller.told("routines", false))),
        services: services::lines(sketch, meeting, starts, &chosen, teller),
        outcomes: chosen.into_iter().map(|c| c.outcome).collect(),
        other_services: other_services(sketch, depth, teller),
        service_coordinator: sketch.coordinator.person_id.clone(),
        coordinator_profession: None,
        transition_steps: transition_steps(sketch, meeting, depth, teller),
        explained_on: Some(meeting.on.into()),
        signature: Some(Signature {
            person_id: sketch.parents[0].id.clone(),
            on: meeting.on.into(),
            method: *teller.one(&[SignatureMethod::Ink, SignatureMethod::Electronic]),
        }),
        copies_given: copies_given(sketch, meeting),
    }
}

fn participants(sketch: &Sketch, teller: &mut Teller) -> Vec<Participant> {
    let mut all: Vec<Participant> = Vec::new();
    let mut add =
        |name: String, role: &str, attendance| all.push(Participant { name: line(name), role: line(role), attendance });
    for parent in &sketch.parents {
        add(parent.full(), "parent", Attendance::InPerson);
    }
    add(staff::signed(&sketch.coordinator), "service coordinator", Attendance::InPerson);
    for number in 0..sketch.therapies.len() {
        let therapist = sketch.therapist(number);
        let attendance =
            if number == 0 { Attendance::InPerson } else { *teller.one(&[Attendance::Video, Attendance::RecordsOnly]) };
        let role = if number == 0 {
            format!("evaluator and {}", therapist.profession)
        } else {
            therapist.profession.to_string()
        };
        add(staff::signed(&therapist), &role, attendance);
    }
    if teller.chance(25) {
        add(staff::signed(&sketch.physician), "physician, invited by the parent", Attendance::RecordsOnly);
    }
    all
}

fn family(teller: &mut Teller) -> FamilyInformation {
    if teller.chance(4) {
        return FamilyInformation::Declined;
    }
    let mut told = |section| paragraph(&teller.told(section, false));
    FamilyInformation::Agreed {
        resources: told("resources"),
        priorities: told("priorities"),
        concerns: told("concerns"),
    }
}

fn other_services(sketch: &Sketch, depth: Depth, teller: &mut Teller) -> Vec<OtherService> {
    let practice = offices::practice_name(sketch.practice);
    let mut all = vec![OtherService {
        name: line("Checkups and care when ill"),
        provider: Some(line(format!("{practice}, {}", teller.word("doctor")))),
        funding: Some(line(teller.line("check_up_funding"))),
        status: OtherServiceStatus::Receiving,
        steps: None,
    }];
    if depth == Depth::Short {
        return all;
    }
    for list in ["receiving", "needed"] {
        let text = teller.line(list);
        let mut parts = text.split(" | ").map(ToOwned::to_owned);
        let mut next = || parts.next();
        let (name, provider, funding, steps) = (next().unwrap_or_default(), next(), next(), next());
        all.push(OtherService {
            name: line(name),
            provider: provider.map(line),
            funding: funding.map(line),
            status: if steps.is_some() { OtherServiceStatus::Needed } else { OtherServiceStatus::Receiving },
            steps: steps.map(prose),
        });
    }
    all
}

fn transition_steps(sketch: &Sketch, meeting: &Meeting, depth: Depth, teller: &mut Teller) -> Vec<TransitionStep> {
    let steps = super::bank::list("transition");
    let count = if depth == Depth::Full { teller.rng.usize(3..=4) } else { 1 };
    let last = meeting.period_end.max(meeting.on);
    steps
        .iter()
        .take(1)
        .chain(teller.some(&steps[1..], count - 1))
        .zip(1_i64..)
        .map(|(step, number)| {
            let filled = teller.fill(step.text);
            let (text, responsible) =
                filled.split_once(" | ").unwrap_or((&filled, sketch.coordinator.name.first.as_str()));
            let due = add_calendar_days(meeting.on, number * 60).min(last);
            TransitionStep {
                text: prose(text),
                responsible: line(responsible),
                due_on: Some(due.into()),
                done_on: None,
            }
        })
        .collect()
}

/// Older plans were given on paper; without this every one of them would look late.
fn copies_given(sketch: &Sketch, meeting: &Meeting) -> Vec<CopyGiven> {
    if meeting.status == IfspStatus::InEffect && sketch.role.has_new_plan() {
        return Vec::new();
    }
    sketch
        .parents
        .iter()
        .map(|parent| CopyGiven {
            to: Recipient::family(&parent.id),
            on: add_calendar_days(meeting.on, 3).into(),
            how: line("by hand, on paper"),
        })
        .collect()
}
