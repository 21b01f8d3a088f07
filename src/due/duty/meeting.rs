//! Before a meeting: the written notice, and an interpreter.

use super::{Findings, Look};
use crate::{
    case::{Appointment, AppointmentKind},
    due::{
        Amount, Counted, DocumentKind, Obligation, ObligationKind as Kind, Owed, Step, Subject,
        calendar::add_calendar_days,
    },
};

/// A notice may go this many calendar days before it is due: earlier it would lie in a drawer until the meeting.
const OPENS_CALENDAR_DAYS: i64 = 14;

pub(super) fn duties(look: &Look<'_>, out: &mut Findings) {
    let stands = |a: &&Appointment| a.cancelled_on.is_none();
    let mut noticed = 0;
    let mut spoken = 0;
    for appointment in look.record.appointments.iter().filter(stands) {
        if appointment.kind.needs_notice() {
            noticed += 1;
            notice(look, appointment, out);
        }
        if look.record.child.interpreter_needed && appointment.kind != AppointmentKind::Visit {
            spoken += 1;
            interpreter(look, appointment, out);
        }
    }
    if noticed == 0 {
        out.not_due(Kind::MeetingNotice, "no meeting about the plan is arranged");
    }
    if !look.record.child.interpreter_needed {
        out.not_due(Kind::InterpreterBooked, "the family needs no interpreter");
    } else if spoken == 0 {
        out.not_due(Kind::InterpreterBooked, "no meeting is arranged");
    }
}

/// The state's or the program's count; a conference to which the school district is invited follows the district's
/// count where that is longer.
fn count<'a>(look: &Look<'a>, appointment: &Appointment) -> Counted<'a> {
    let own = look.rules.meeting_notice();
    let district = look.rules.profile.district_invitation_calendar_days.as_ref();
    let district = district.filter(|_| appointment.kind == AppointmentKind::TransitionConference).map(|rule| Counted {
        amount: Amount::CalendarDays(i64::from(rule.value)),
        source: rule.source.as_str(),
        confirmed: rule.confirmed,
    });
    let days = |counted: &Counted<'_>| match counted.amount {
        Amount::CalendarDays(days) => days,
        Amount::BusinessDays(_) | Amount::Months(_) => 0,
    };
    district.filter(|district| days(district) > days(&own)).unwrap_or(own)
}

fn notice(look: &Look<'_>, appointment: &Appointment, out: &mut Findings) {
    let on = *appointment.on;
    let rule = count(look, appointment).back();
    let due_on = rule.from(on, &look.calendar);
    let anchor = appointment.event_id.as_str();
    let citation = rule.under("34 CFR 303.342(d)(2)");
    let opens_on = add_calendar_days(due_on, -OPENS_CALENDAR_DAYS);
    let obligation = Obligation::new(Kind::MeetingNotice, anchor, opens_on, due_on, citation)
        .about(Subject::Event { event_id: appointment.event_id.clone() })
        .met(appointment.notice_given_on.map(|day| *day), "the notice was given by another way", Some(anchor));
    let mut owed = look.to_parents(&[DocumentKind::MeetingNotice]);
    let invited = appointment.invited.iter().filter_map(|invitee| invitee.recipient.clone());
    for recipient in invited {
        if !owed.iter().any(|known| known.recipient == recipient) {
            owed.push(Owed { recipient, papers: vec![DocumentKind::MeetingNotice], has_it_since: None });
        }
    }
    let left_to_people = look.before_automatic(on);
    let obligation = if left_to_people { obligation } else { obligation.owes(owed) };
    // A notice of a meeting that is over helps nobody; that it was missed stays.
    let obligation = Obligation { closes_on: Some(on.max(due_on)), ..obligation };
    out.add(look, obligation, || vec![Step::Trigger { what: "meeting arranged, to be held", on }, Step::rule(&rule)]);
}

fn interpreter(look: &Look<'_>, appointment: &Appointment, out: &mut Findings) {
    let on = *appointment.on;
    let rule = look.rules.interpreter().back();
    let due_on = rule.from(on, &look.calendar);
    let anchor = appointment.event_id.as_str();
    let opens_on = add_calendar_days(due_on, -30);
    let citation = rule.under("34 CFR 303.342(d)(1)");
    let obligation = Obligation::new(Kind::InterpreterBooked, anchor, opens_on, due_on, citation)
        .about(Subject::Event { event_id: appointment.event_id.clone() })
        .met(appointment.interpreter_booked_on.map(|day| *day), "the interpreter was booked", Some(anchor));
    out.add(look, obligation, || vec![Step::Trigger { what: "meeting arranged, to be held", on }, Step::rule(&rule)]);
}
