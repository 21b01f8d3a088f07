//! When the transition at three may be planned, and by when it is (34 CFR 303.209).

use chrono::NaiveDate;

use crate::{
    case::{CaseRecord, IfspKind},
    due::{
        Rulebook,
        calendar::{LeapBirthday, add_calendar_days, third_birthday, transition_window},
    },
};

/// When the duties of the transition may be done and are due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TransitionDates {
    pub opens_on: NaiveDate,
    /// The last day in time.
    pub due_on: NaiveDate,
    /// The day on which the child was found eligible, where that was too late for the ordinary window.
    pub late_since: Option<NaiveDate>,
}

impl TransitionDates {
    /// The window of 34 CFR 303.209; for a child found eligible after it closed, as soon as possible from then on
    /// (303.209(b)(1)(ii): the eligibility counts, not the referral).
    #[must_use]
    pub fn of(record: &CaseRecord, rules: &Rulebook<'_>) -> Self {
        let born = *record.child.birth_date;
        let (opens_on, due_on) = transition_window(born);
        match eligible_on(record) {
            Some(eligible) if eligible > due_on => {
                let soon = rules.as_soon_as_possible().from(eligible, &rules.calendar());
                let last = add_calendar_days(third_birthday(born, LeapBirthday::Feb28), -1).max(eligible);
                Self { opens_on: eligible, due_on: soon.min(last), late_since: Some(eligible) }
            }
            _ => Self { opens_on, due_on, late_since: None },
        }
    }
}

/// Calendar days from the referral to the third birthday, by the earlier reading of 29 February; negative after it.
#[must_use]
pub fn calendar_days_before_three(record: &CaseRecord) -> i64 {
    (third_birthday(*record.child.birth_date, LeapBirthday::Feb28) - *record.referral.received_on).num_days()
}

/// Referred fewer than 45 calendar days before three (34 CFR 303.209(b)(1)(iii)).
#[must_use]
pub fn is_late_referral(record: &CaseRecord) -> bool {
    calendar_days_before_three(record) < LATE_REFERRAL_CALENDAR_DAYS
}

/// 34 CFR 303.209(b)(1)(iii).
const LATE_REFERRAL_CALENDAR_DAYS: i64 = 45;

/// The first evaluation that found the child eligible; where none says so, the first full meeting about a plan.
pub(in crate::due) fn eligible_on(record: &CaseRecord) -> Option<NaiveDate> {
    let found = record.evaluations.iter().filter(|e| e.eligible == Some(true)).map(|e| *e.on).min();
    let full = record.ifsps.iter().filter(|v| v.status.is_final() && v.kind != IfspKind::Interim);
    found.or_else(|| full.map(|v| *v.meeting_on).min())
}
