//! When things happened to a child, counted back from the day of the simulation.

use chrono::{Datelike, NaiveDate, Weekday};
use fastrand::Rng;

use super::mix::{Role, Special};
use crate::{
    case::{ExitReason, IfspKind, IfspStatus},
    due::calendar::{LeapBirthday, add_calendar_days, add_months, third_birthday},
};

/// No child is younger at a first meeting: the sentences begin at eight months.
const YOUNGEST_DAYS: i64 = 245;
/// No child is older on the day, unless it is about the transition: the window opens at twenty-seven months.
const OLDEST_DAYS: i64 = 805;

/// A meeting and its plan.
#[derive(Debug, Clone, Copy)]
pub(super) struct Meeting {
    pub(super) on: NaiveDate,
    pub(super) kind: IfspKind,
    pub(super) status: IfspStatus,
    /// The evaluation or assessment before it.
    pub(super) evaluated: NaiveDate,
    pub(super) period_end: NaiveDate,
}

/// A child's dates.
#[derive(Debug, Clone)]
pub(super) struct Timeline {
    pub(super) born: NaiveDate,
    pub(super) third_birthday: NaiveDate,
    pub(super) referred: NaiveDate,
    /// Oldest first; the last one is the present plan's.
    pub(super) meetings: Vec<Meeting>,
    pub(super) left: Option<(NaiveDate, ExitReason)>,
}

impl Timeline {
    /// Draws the dates of a child.
    pub(super) fn draw(role: Role, day: NaiveDate, rng: &mut Rng) -> Self {
        let meetings = meetings(role, day, rng);
        let first = meetings.first().map_or(day, |(on, _)| *on);
        let referred = if meetings.is_empty() { back(day, rng.i64(1..=30)) } else { back(first, rng.i64(20..=44)) };
        let span = (day - first).num_days();
        let mut left = (role == Role::Left).then(|| (back(day, rng.i64(3..=40)), reason(rng)));
        let born = match (role, left) {
            (Role::Special(Special::Transition), _) => back(day, rng.i64(855..=970)),
            (_, Some((_, ExitReason::PartBEligible))) => back(add_months(day, -36), rng.i64(3..=20)),
            _ => back(day, rng.i64(YOUNGEST_DAYS + span..=OLDEST_DAYS)),
        };
        let third_birthday = third_birthday(born, LeapBirthday::Mar1);
        // Services under Part C end the day before the third birthday.
        if let Some((on, ExitReason::PartBEligible)) = &mut left {
            *on = back(third_birthday, 1);
        }
        let meetings = meetings.iter().enumerate().map(|(i, (on, kind))| {
            let year_began = if *kind == IfspKind::PeriodicReview { first } else { *on };
            Meeting {
                on: *on,
                kind: *kind,
                status: match (role, i + 1 == meetings.len()) {
                    (_, false) => IfspStatus::Superseded,
                    (Role::Left, true) => IfspStatus::Ended,
                    _ => IfspStatus::InEffect,
                },
                evaluated: weekday(back(*on, 12), back(*on, 4), rng),
                period_end: back(add_months(year_began, 12), 1).min(back(third_birthday, 1)),
            }
        });
        Self { born, third_birthday, referred, meetings: meetings.collect(), left }
    }
}

/// The day of the present plan's meeting, and of the one before it where there was one.
fn meetings(role: Role, day: NaiveDate, rng: &mut Rng) -> Vec<(NaiveDate, IfspKind)> {
    let on = match role {
        Role::Referred => return Vec::new(),
        Role::Left => weekday(back(day, 150), back(day, 60), rng),
        _ if role.has_new_plan() => weekday(back(day, 10), day, rng),
        _ => weekday(back(day, 150), back(day, 31), rng),
    };
    match rng.u32(0..10) {
        0..5 => vec![(on, IfspKind::Initial)],
        5..8 => vec![(weekday(back(on, 182), back(on, 172), rng), IfspKind::Initial), (on, IfspKind::PeriodicReview)],
        _ => vec![(weekday(back(on, 364), back(on, 355), rng), IfspKind::Initial), (on, IfspKind::Annual)],
    }
}

fn reason(rng: &mut Rng) -> ExitReason {
    match rng.u32(0..10) {
        0..4 => ExitReason::PartBEligible,
        4..6 => ExitReason::MovedAway,
        6..8 => ExitReason::WithdrawnByParent,
        8 => ExitReason::NoLongerEligible,
        _ => ExitReason::AttemptsUnsuccessful,
    }
}

/// `day` minus calendar days.
pub(super) fn back(day: NaiveDate, calendar_days: i64) -> NaiveDate {
    add_calendar_days(day, -calendar_days)
}

/// A weekday of the span, which must hold more than a weekend.
pub(super) fn weekday(first: NaiveDate, last: NaiveDate, rng: &mut Rng) -> NaiveDate {
    let days: Vec<NaiveDate> = first
        .iter_days()
        .take_while(|d| *d <= last)
        .filter(|d| !matches!(d.weekday(), Weekday::Sat | Weekday::Sun))
        .collect();
    rng.choice(days).unwrap_or(last)
}
