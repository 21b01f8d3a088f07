//! Service lines of a plan.

use chrono::NaiveDate;

use super::{
    focus::{Focus, Therapy},
    ids,
    mix::{Role, Special},
    offices,
    outcomes::Chosen,
    sketch::Sketch,
    staff,
    teller::Teller,
    timeline::{Meeting, back, weekday},
    typed::line,
};
use crate::{
    case::{Intensity, Payer, Period, PersonId, ServiceConsent, ServiceLine, ServiceType, Setting},
    due::calendar::add_calendar_days,
};

/// Days that all versions of a plan and the assignments agree on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Starts {
    /// First session of the therapies.
    first_session: NaiveDate,
    /// The day of a withdrawal, for the child whose parent withdrew a line.
    pub(super) withdrawn: Option<NaiveDate>,
}

impl Starts {
    pub(super) fn draw(sketch: &Sketch, teller: &mut Teller) -> Self {
        let first = sketch.time.meetings.first().map_or(sketch.day, |m| m.on);
        Self {
            first_session: weekday(add_calendar_days(first, 6), add_calendar_days(first, 22), &mut teller.rng),
            withdrawn: (sketch.role == Role::Special(Special::Withdrawn))
                .then(|| back(sketch.day, teller.rng.i64(0..=2))),
        }
    }
}

/// The lines of a plan: therapies first, coordination last.
pub(super) fn lines(
    sketch: &Sketch,
    meeting: &Meeting,
    starts: Starts,
    outcomes: &[Chosen],
    teller: &mut Teller,
) -> Vec<ServiceLine> {
    let mut lines: Vec<ServiceLine> = Vec::new();
    let first_hour = [("weekday", teller.word("weekday").to_owned()), ("hour", teller.word("hour").to_owned())];
    for (number, therapy) in (1..).zip(&sketch.therapies) {
        if number > 1 {
            // Two therapists do not come at the same hour.
            for slot in ["weekday", "hour"] {
                let other = teller.raw(slot);
                teller.set(slot, other);
            }
        }
        lines.push(therapy_line(sketch, meeting, starts, (number, *therapy), outcomes, teller));
    }
    for (slot, word) in first_hour {
        teller.set(slot, word);
    }
    let present = sketch.time.meetings.last().is_some_and(|last| last.on == meeting.on);
    if let (true, Some(last)) = (present, lines.last_mut()) {
        answer_otherwise(sketch, meeting, starts, last);
    }
    lines.push(coordination(sketch, meeting, outcomes, teller));
    lines
}

/// The special cases in which a parent says no to the last line.
fn answer_otherwise(sketch: &Sketch, meeting: &Meeting, starts: Starts, line: &mut ServiceLine) {
    let by = sketch.parents[0].id.clone();
    match sketch.role {
        Role::Special(Special::Declined) => {
            line.consent = ServiceConsent::Declined { on: meeting.on.into(), by };
            line.actual_first_date = None;
        }
        Role::Special(Special::Withdrawn) => {
            let on = starts.withdrawn.unwrap_or(sketch.day).into();
            let event_id = ids::event(sketch.index, "withdrawal");
            line.consent =
                ServiceConsent::Withdrawn { given_on: meeting.on.into(), on, by, event_id, last_day: Some(on) };
        }
        _ => {}
    }
}

fn therapy_line(
    sketch: &Sketch,
    meeting: &Meeting,
    starts: Starts,
    (number, therapy): (usize, Therapy),
    outcomes: &[Chosen],
    teller: &mut Teller,
) -> ServiceLine {
    let (sessions, per) = *teller.one(&[(1, Period::Week), (1, Period::Week), (2, Period::Month), (3, Period::Month)]);
    let in_community = teller.chance(15);
    let (setting, list) =
        if in_community { (Setting::Community, "location community") } else { (Setting::Home, "location home") };
    let location = teller.line(list);
    let begins = starts.first_session.max(meeting.on);
    let method = match therapy.service {
        ServiceType::SpeechLanguage => "speech_language",
        ServiceType::PhysicalTherapy => "physical_therapy",
        ServiceType::OccupationalTherapy => "occupational_therapy",
        ServiceType::Nutrition => "nutrition",
        _ => "special_instruction",
    };
    ServiceLine {
        service_line_id: ids::service(sketch.index, number),
        service: therapy.service,
        outcomes: served(outcomes, (sketch.therapies.len() > 1).then_some(therapy.focus)),
        session_minutes: *teller.one(&[45, 60, 60]),
        sessions,
        per,
        intensity: Intensity::Individual,
        method: line(teller.line(&format!("method {method}"))),
        setting,
        location: line(location),
        justification: None,
        projected_start: begins.into(),
        duration_end: meeting.period_end.max(begins).into(),
        actual_first_date: (starts.first_session <= sketch.day).then(|| starts.first_session.into()),
        provider_organisation: Some(offices::agency_id(therapy.agency)),
        provider_person: Some(staff::therapist(therapy.agency, therapy.craft).person_id),
        payment: sketch.payment.clone(),
        consent: given(meeting, &sketch.parents[0].id),
    }
}

fn coordination(sketch: &Sketch, meeting: &Meeting, outcomes: &[Chosen], teller: &mut Teller) -> ServiceLine {
    ServiceLine {
        service_line_id: ids::service(sketch.index, sketch.therapies.len() + 1),
        service: ServiceType::ServiceCoordination,
        outcomes: outcomes.iter().map(|chosen| chosen.outcome.number).collect(),
        session_minutes: *teller.one(&[30, 45, 60]),
        sessions: 1,
        per: Period::Month,
        intensity: Intensity::Individual,
        method: line(teller.line("method service_coordination")),
        setting: Setting::Home,
        location: line(teller.line("location coordination")),
        justification: None,
        projected_start: meeting.on.into(),
        duration_end: meeting.period_end.max(meeting.on).into(),
        actual_first_date: Some(sketch.time.meetings.first().map_or(meeting.on, |first| first.on).into()),
        provider_organisation: Some(offices::office_id(offices::PROGRAM)),
        provider_person: Some(sketch.coordinator.person_id.clone()),
        payment: vec![Payer::None],
        consent: given(meeting, &sketch.parents[0].id),
    }
}

fn given(meeting: &Meeting, by: &PersonId) -> ServiceConsent {
    ServiceConsent::Given { on: meeting.on.into(), by: by.clone() }
}

/// The numbers of the outcomes that a service serves: those of its focus and the family's; a service that is
/// alone, and so has no focus here, serves all of them.
fn served(outcomes: &[Chosen], only: Option<Focus>) -> Vec<u8> {
    let serves = |chosen: &&Chosen| only.is_none() || chosen.focus.is_none() || chosen.focus == only;
    outcomes.iter().filter(serves).map(|chosen| chosen.outcome.number).collect()
}
