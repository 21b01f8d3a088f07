//! Views of what says when and where to meet.

use chrono::NaiveDate;

use super::{
    AssembleError, Sheet,
    page::{Stamped, page},
};
use crate::{
    case::{Appointment, AppointmentKind, Audience, EventId},
    document::view::{Interpreter, InvitedLine, MeetingLine, MeetingNoticeView},
    due::Subject,
};

/// The appointment that a paper is about.
pub(super) fn appointment<'a>(sheet: &Sheet<'a>, subject: &Subject) -> Result<&'a Appointment, AssembleError> {
    let Subject::Event { event_id } = subject else { return Err(AssembleError::NoSubject) };
    by_event(sheet, event_id).ok_or(AssembleError::NoSubject)
}

fn by_event<'a>(sheet: &Sheet<'a>, event_id: &EventId) -> Option<&'a Appointment> {
    sheet.record.appointments.iter().find(|a| &a.event_id == event_id)
}

/// The next meeting or visit of a sort that still stands, today or later.
pub(super) fn next<'a>(sheet: &Sheet<'a>, kinds: &[AppointmentKind]) -> Option<&'a Appointment> {
    ahead(sheet).find(|a| kinds.contains(&a.kind))
}

/// Everything that still stands, today or later, in order.
pub(super) fn ahead<'a>(sheet: &Sheet<'a>) -> impl Iterator<Item = &'a Appointment> {
    let mut coming: Vec<&Appointment> = sheet.record.appointments.iter().filter(|a| stands(a, sheet.day)).collect();
    coming.sort_by_key(|a| (a.on, a.at));
    coming.into_iter()
}

fn stands(appointment: &Appointment, day: NaiveDate) -> bool {
    *appointment.on >= day && appointment.cancelled_on.is_none() && !appointment.held
}

/// `six-month review, 4:00 p.m., at the library`: what, and as much of hour and place as is known.
pub(super) fn in_one_line(sheet: &Sheet<'_>, appointment: &Appointment) -> String {
    let time = appointment.at.map(|at| sheet.said.time(at));
    let place = appointment.place.as_ref().map(ToString::to_string);
    std::iter::once(appointment.what.to_string())
        .chain(time)
        .chain(place)
        .collect::<Vec<_>>()
        .join(sheet.said.text("said.comma"))
}

/// Day, hour and place in words.
pub(super) fn line(sheet: &Sheet<'_>, appointment: &Appointment) -> MeetingLine {
    MeetingLine {
        what: appointment.what.to_string(),
        date: sheet.said.weekday(*appointment.on),
        time: appointment.at.map(|at| sheet.said.time(at)),
        length: appointment.minutes.map(|minutes| sheet.said.count("minutes", i64::from(minutes))),
        place: appointment.place.as_ref().map(ToString::to_string),
    }
}

pub(super) fn kind_key(kind: AppointmentKind) -> &'static str {
    match kind {
        AppointmentKind::Intake => "intake",
        AppointmentKind::Evaluation => "evaluation",
        AppointmentKind::InitialMeeting => "initial_meeting",
        AppointmentKind::PeriodicReview => "periodic_review",
        AppointmentKind::AnnualMeeting => "annual_meeting",
        AppointmentKind::TransitionConference => "transition_conference",
        AppointmentKind::Visit => "visit",
    }
}

/// Whether somebody interprets at this meeting.
pub(super) fn interpreter(sheet: &Sheet<'_>, appointment: &Appointment) -> Interpreter {
    let child = &sheet.record.child;
    let status = match (appointment.interpreter_booked_on, child.interpreter_needed) {
        (Some(_), _) => "booked",
        (None, true) => "needed",
        (None, false) => "not_asked",
    };
    Interpreter { status: status.to_owned(), language: sheet.said.language(&child.home_language) }
}

/// 34 CFR 303.342(d)(2).
pub(super) fn notice(sheet: &Sheet<'_>, subject: &Subject) -> Result<MeetingNoticeView, AssembleError> {
    let appointment = appointment(sheet, subject)?;
    let family = sheet.mask.audience == Audience::Family;
    Ok(MeetingNoticeView {
        page: page(sheet, None, Stamped::Yes)?,
        greeting: sheet.recipient_name()?,
        kind: kind_key(appointment.kind).to_owned(),
        meeting: line(sheet, appointment),
        invited: appointment
            .invited
            .iter()
            .map(|i| InvitedLine { name: i.name.to_string(), role: i.role.to_string() })
            .collect(),
        bring: if family { appointment.bring.iter().map(ToString::to_string).collect() } else { Vec::new() },
        interpreter: interpreter(sheet, appointment),
    })
}
