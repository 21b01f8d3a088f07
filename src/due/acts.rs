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
    // The clock of the year starts at the last initial or annual meeting; reviews between count from the last meeting.
    let base = record
        .ifsps
        .iter()
        .filter(|v| {
            matches!(v.status, IfspStatus::InEffect | IfspStatus::Superseded)
                && matches!(v.kind, IfspKind::Initial | IfspKind::Annual)
        })
        .max_by_key(|v| v.meeting_on);
    if let Some(base) = base {
        let start = *base.meeting_on;
        let review = add_months(start, i32::from(rules.profile.review_months.value));
        let reviewed = record
            .ifsps
            .iter()
            .filter(|v| v.kind == IfspKind::PeriodicReview && *v.meeting_on > start)
            .map(|v| *v.meeting_on)
            .min();
        act(
            ObligationKind::SixMonthReview,
            base.meeting_event_id.as_str(),
            start,
            review,
            &rules.profile.review_months.source,
            reviewed,
        );
        let annual = add_months(start, i32::from(rules.profile.annual_months.value));
        act(
            ObligationKind::AnnualMeeting,
            base.meeting_event_id.as_str(),
            start,
            annual,
            &rules.profile.annual_months.source,
            None,
        );
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
