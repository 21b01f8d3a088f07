//! How an obligation stands on a day: a pure function of what is known of it.

use std::fmt;

use chrono::NaiveDate;

use super::Obligation;
use crate::case::{LateBecause, Recorded};

/// How an obligation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Not done; its due date is not near.
    Open,
    /// Not done; due soon.
    Warned,
    /// Done in time.
    Met,
    /// Done after it was due: both dates stay.
    DoneLate {
        /// By how many calendar days.
        calendar_days: i64,
    },
    /// Not done and past due. It never clears itself.
    Late {
        /// By how many calendar days.
        calendar_days: i64,
    },
    /// Its clock stands still, or it is late for a documented reason of the family.
    Excused,
    /// A person said that it will not be done, and why.
    Waived,
    /// Its event moved or is gone; what took its place stands in its history.
    Superseded,
    /// It does not apply any more: the child has died.
    NotApplicable,
}

impl Status {
    /// The word in tables and JSON, without the count of days.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Warned => "warned",
            Self::Met => "met",
            Self::DoneLate { .. } => "done late",
            Self::Late { .. } => "late",
            Self::Excused => "excused",
            Self::Waived => "waived",
            Self::Superseded => "superseded",
            Self::NotApplicable => "not applicable",
        }
    }

    /// Whether somebody still has to do it.
    #[must_use]
    pub fn is_to_do(self) -> bool {
        matches!(self, Self::Open | Self::Warned | Self::Late { .. } | Self::Excused)
    }
}

/// `late by 3 calendar days`.
impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DoneLate { calendar_days } | Self::Late { calendar_days } => {
                let plural = if *calendar_days == 1 { "" } else { "s" };
                write!(f, "{} by {calendar_days} calendar day{plural}", self.word())
            }
            _ => f.write_str(self.word()),
        }
    }
}

/// Why an obligation is closed without being done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Closed {
    /// It is not closed.
    #[default]
    No,
    /// A person waived it.
    Waived,
    /// It is no longer computed.
    Superseded,
    /// It does not apply any more.
    NotApplicable,
}

/// What is known of an obligation, computed now or kept as a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    /// The last day in time.
    pub due_on: NaiveDate,
    /// The day on which it was done.
    pub met_on: Option<NaiveDate>,
    /// Whether its clock stands still.
    pub stands_still: bool,
    /// Whether a documented reason of the family is on record for its lateness.
    pub family_reason: bool,
    /// Whether it was closed otherwise.
    pub closed: Closed,
}

/// How an obligation stands on `day`; it is warned of from so many calendar days before its due date.
#[must_use]
pub fn status_on(known: &Known, warn_calendar_days: u32, day: NaiveDate) -> Status {
    let late_by = |on: NaiveDate| (on - known.due_on).num_days();
    match (known.met_on, known.closed) {
        (Some(on), _) if late_by(on) > 0 => Status::DoneLate { calendar_days: late_by(on) },
        (Some(_), _) => Status::Met,
        (None, Closed::Waived) => Status::Waived,
        (None, Closed::Superseded) => Status::Superseded,
        (None, Closed::NotApplicable) => Status::NotApplicable,
        (None, Closed::No) if known.stands_still || (known.family_reason && late_by(day) > 0) => Status::Excused,
        (None, Closed::No) if late_by(day) > 0 => Status::Late { calendar_days: late_by(day) },
        (None, Closed::No) if late_by(day) >= -i64::from(warn_calendar_days) => Status::Warned,
        (None, Closed::No) => Status::Open,
    }
}

impl Obligation {
    /// What is known of it by the record and by what was recorded here; mailings are added by who knows them.
    #[must_use]
    pub fn known(&self, recorded: &Recorded) -> Known {
        Known {
            due_on: self.due_on,
            met_on: self.met_on.or_else(|| self.has_reached_all()),
            stands_still: self.stands_still_since.is_some(),
            family_reason: recorded
                .lateness(self.kind.as_str(), &self.anchor)
                .is_some_and(|late| late.because == LateBecause::Family),
            closed: if recorded.waiver(self.kind.as_str(), &self.anchor).is_some() {
                Closed::Waived
            } else if recorded.died {
                Closed::NotApplicable
            } else {
                Closed::No
            },
        }
    }

    /// The day since which everybody to whom a paper is owed has it from elsewhere.
    fn has_reached_all(&self) -> Option<NaiveDate> {
        let since: Option<Vec<NaiveDate>> = self.owed.iter().map(|owed| owed.has_it_since).collect();
        since?.into_iter().max()
    }
}
