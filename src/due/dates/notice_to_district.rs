//! The notice to the school district, and what parents may say to it (34 CFR 303.209(b), 303.401(e)). One period gives the
//! last day to tell the parents, the last day that the form prints, and the first day on which the notice may go.

use chrono::NaiveDate;

use super::TransitionDates;
use crate::{
    case::{CaseRecord, Objection},
    due::{Rulebook, calendar::add_calendar_days},
};

/// The dates of the notice in a state that lets parents object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoticeToDistrict {
    /// Calendar days that the parents have, with the days of mailing.
    period_calendar_days: i64,
    /// The last day on which the notice goes in time.
    pub due_on: NaiveDate,
    /// The last day on which the parents can be told so that the notice still goes in time.
    pub tell_by: NaiveDate,
    /// The day on which they were told.
    pub told_on: Option<NaiveDate>,
}

/// What parents have said to the notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Objected {
    No,
    /// Aloud, in time: the paper is asked for.
    Aloud,
    /// In writing, in time: the notice is not permitted.
    InTime {
        on: NaiveDate,
    },
    /// In writing, after the period and before it left: a person decides.
    Late {
        on: NaiveDate,
    },
}

impl NoticeToDistrict {
    /// None in a state that gives parents no objection.
    #[must_use]
    pub fn of(record: &CaseRecord, rules: &Rulebook<'_>) -> Option<Self> {
        if !rules.profile.parents_may_opt_out_of_notice.value {
            return None;
        }
        let TransitionDates { opens_on, due_on, .. } = TransitionDates::of(record, rules);
        let period_calendar_days = rules.objection_period_calendar_days();
        // The notice may go on the day after the period: told on this day, that is the last day in time.
        let tell_by = add_calendar_days(due_on, -period_calendar_days - 1).max(opens_on).min(due_on);
        Some(Self { period_calendar_days, due_on, tell_by, told_on: record.told_of_notice_on() })
    }

    /// The last day for an objection of parents who are told on a day.
    #[must_use]
    pub fn objection_by(&self, told: NaiveDate) -> NaiveDate {
        add_calendar_days(told, self.period_calendar_days)
    }

    /// The first day on which the notice may go; none before the parents were told.
    #[must_use]
    pub fn free_on(&self) -> Option<NaiveDate> {
        self.told_on.map(|told| add_calendar_days(self.objection_by(told), 1))
    }

    /// What the parents have said up to a day. A later word in writing does not undo one in time.
    #[must_use]
    pub fn objected(&self, objections: &[Objection], day: NaiveDate) -> Objected {
        let last_day = self.told_on.map(|told| self.objection_by(told));
        let known = || objections.iter().filter(|objection| *objection.on <= day);
        let in_time = |objection: &&Objection| last_day.is_none_or(|last| *objection.on <= last);
        let written = || known().filter(|objection| objection.written);
        if let Some(first) = written().filter(in_time).map(|objection| *objection.on).min() {
            return Objected::InTime { on: first };
        }
        if let Some(first) = written().map(|objection| *objection.on).min() {
            return Objected::Late { on: first };
        }
        if known().any(|objection| in_time(&objection)) { Objected::Aloud } else { Objected::No }
    }
}
