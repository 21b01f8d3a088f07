//! Obligations that a person meets by acting. Paper never meets them.

use chrono::NaiveDate;

use super::{
    Obligation, ObligationKind, Rulebook, Subject,
    calendar::{add_calendar_days, add_months, transition_window, work_date},
};
use crate::case::{CaseRecord, EvaluationKind, IfspKind, IfspStatus};

/// Every duty to act that is open or was met.
pub(super) fn owed(record: &CaseRecord, rules: &Rulebook<'_>, day: NaiveDate, out: &mut Vec<Obligation>) {
    if record.has_left(day) {
        return;
    }
    let mut act = |kind, anchor: &str, opens_on, due_on, citation: &str, met_on: Option<NaiveDate>| {
        out.push(Obligation {
            kind,
            anchor: anchor.to_owned(),
            revision: 1,
            subject: Subject::Child,
            opens_on,
            due_on,
            work_on: work_date(due_on),
            citation: citation.to_owned(),
            met_on,
            owed: Vec::new(),
        });
    };
    let received = *record.referral.received_on;
    let forty_five = add_calendar_days(received, i64::from(rules.profile.initial_meeting_calendar_days.value));
    let full = |kind: IfspKind| kind != IfspKind::Interim;
    let first_full = record.ifsps.iter().filter(|v| v.status.is_final() && full(v.kind)).map(|v| *v.meeting_on).min();
    act(
        ObligationKind::InitialMeeting,
        record.referral.event_id.as_str(),
        received,
        forty_five,
        &rules.profile.initial_meeting_calendar_days.source,
        first_full,
    );
    if let Some(interim) = record.in_effect().filter(|v| v.kind == IfspKind::Interim) {
        let met = record.evaluations.iter().filter(|e| e.kind == EvaluationKind::Evaluation).map(|e| *e.on).min();
        act(
            ObligationKind::InterimEvaluation,
            interim.meeting_event_id.as_str(),
            // A plan that came late moves no deadline, and no duty opens after it was due.
            (*interim.meeting_on).min(forty_five),
            forty_five,
            "34 CFR 303.345(c)",
            met,
        );
    }
    for duty in reviews(record, rules) {
        act(duty.kind, duty.anchor, duty.from, duty.due_on, duty.citation, duty.met_on);
    }
    let (opens, closes) = transition_window(*record.child.birth_date);
    if record.in_effect().is_some() {
        let transition = record.transition.as_ref();
        let conference =
            transition.and_then(|t| t.conference.as_ref()).filter(|c| c.held).and_then(|c| c.on).map(|on| *on);
        act(ObligationKind::TransitionConference, "third-birthday", opens, closes, "34 CFR 303.209(c)", conference);
        if transition.is_none_or(|t| t.may_be_eligible_for_part_b != Some(false) && t.notice_objection_on.is_none()) {
            act(ObligationKind::LeaNotice, "third-birthday", opens, closes, "34 CFR 303.209(b)", None);
        }
    }
}

/// A review or annual meeting that one meeting makes due.
struct Review<'a> {
    kind: ObligationKind,
    anchor: &'a str,
    from: NaiveDate,
    due_on: NaiveDate,
    citation: &'a str,
    met_on: Option<NaiveDate>,
}

/// Every full meeting makes the next look due six months later (303.342(b)); an initial or annual one also
/// makes the next annual meeting due a year later (303.342(c)). The meeting that follows meets the duty.
fn reviews<'a>(record: &'a CaseRecord, rules: &'a Rulebook<'_>) -> Vec<Review<'a>> {
    let mut full: Vec<_> = record
        .ifsps
        .iter()
        .filter(|v| matches!(v.status, IfspStatus::InEffect | IfspStatus::Superseded))
        .filter(|v| matches!(v.kind, IfspKind::Initial | IfspKind::Annual | IfspKind::PeriodicReview))
        .collect();
    full.sort_by_key(|v| (v.meeting_on, v.version));
    let mut out = Vec::new();
    let mut annual_due: Option<NaiveDate> = None;
    for (i, version) in full.iter().enumerate() {
        let from = *version.meeting_on;
        let later = || full[i + 1..].iter();
        // A file may begin with a review whose initial meeting was before it: the year then ends with the plan.
        if version.kind != IfspKind::PeriodicReview || annual_due.is_none() {
            let due_on = if version.kind == IfspKind::PeriodicReview {
                add_calendar_days(*version.period_end, 1).max(from)
            } else {
                add_months(from, i32::from(rules.profile.annual_months.value))
            };
            annual_due = Some(due_on);
            out.push(Review {
                kind: ObligationKind::AnnualMeeting,
                anchor: version.meeting_event_id.as_str(),
                from,
                due_on,
                citation: &rules.profile.annual_months.source,
                met_on: later().find(|v| v.kind == IfspKind::Annual).map(|v| *v.meeting_on),
            });
        }
        let due_on = add_months(from, i32::from(rules.profile.review_months.value));
        // Where the annual meeting comes first it is the next look.
        if annual_due.is_none_or(|annual| due_on < annual) {
            out.push(Review {
                kind: ObligationKind::SixMonthReview,
                anchor: version.meeting_event_id.as_str(),
                from,
                due_on,
                citation: &rules.profile.review_months.source,
                met_on: later().next().map(|v| *v.meeting_on),
            });
        }
    }
    out
}
