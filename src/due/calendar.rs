//! Date arithmetic of the field. Calendar days and business days are never mixed.

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};

use crate::case::Closure;

/// When a child born on 29 February turns three: a birth year plus three is never a leap year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum LeapBirthday {
    /// On 28 February.
    Feb28,
    /// On 1 March.
    Mar1,
}

/// `date` plus `months`, clamped to the last day of the month: 31 August minus nine months is 30 November.
#[must_use]
pub fn add_months(date: NaiveDate, months: i32) -> NaiveDate {
    let span = Months::new(months.unsigned_abs());
    let moved = if months < 0 { date.checked_sub_months(span) } else { date.checked_add_months(span) };
    moved.expect("dates of a case record lie far inside chrono's range")
}

/// `date` plus calendar days; a negative number goes back.
#[must_use]
pub fn add_calendar_days(date: NaiveDate, calendar_days: i64) -> NaiveDate {
    let span = Days::new(calendar_days.unsigned_abs());
    let moved = if calendar_days < 0 { date.checked_sub_days(span) } else { date.checked_add_days(span) };
    moved.expect("dates of a case record lie far inside chrono's range")
}

/// The third birthday by the state's rule for 29 February.
#[must_use]
pub fn third_birthday(born: NaiveDate, leap: LeapBirthday) -> NaiveDate {
    let year = born.year() + 3;
    NaiveDate::from_ymd_opt(year, born.month(), born.day()).unwrap_or_else(|| {
        let (month, day) = match leap {
            LeapBirthday::Feb28 => (2, 28),
            LeapBirthday::Mar1 => (3, 1),
        };
        NaiveDate::from_ymd_opt(year, month, day).expect("28 February and 1 March are in every year")
    })
}

/// The transition window: first and last day on which plan and conference may happen
/// (34 CFR 303.209(c), (d): not more than nine months, not fewer than 90 days before the third birthday).
///
/// For a child born on 29 February both readings are met: the bound that must not be passed counts from
/// 28 February, the bound that must not be undercut from 1 March.
#[must_use]
pub fn transition_window(born: NaiveDate) -> (NaiveDate, NaiveDate) {
    let opens = add_months(third_birthday(born, LeapBirthday::Mar1), -9);
    let closes = add_calendar_days(third_birthday(born, LeapBirthday::Feb28), -90);
    (opens, closes)
}

/// The last weekday on or before `due`, for whom holidays do not matter.
#[must_use]
pub fn work_date(due: NaiveDate) -> NaiveDate {
    Calendar::weekdays().work_date(due)
}

/// The days on which a program works: Monday to Friday without its holidays and closures.
#[derive(Debug, Clone, Copy, Default)]
pub struct Calendar<'a> {
    closed: &'a [Closure],
}

impl<'a> Calendar<'a> {
    /// Weekdays only.
    #[must_use]
    pub fn weekdays() -> Self {
        Self { closed: &[] }
    }

    /// Weekdays without these.
    #[must_use]
    pub fn without(closed: &'a [Closure]) -> Self {
        Self { closed }
    }

    /// Whether the program works on this day.
    #[must_use]
    pub fn is_business_day(&self, day: NaiveDate) -> bool {
        !matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
            && !self.closed.iter().any(|closure| *closure.on <= day && day <= *closure.to.unwrap_or(closure.on))
    }

    /// The last business day on or before `due`: a deadline on a day off stays, the work moves earlier, never later.
    /// A closure of more than two months is taken for a slip of the pen: the weekday then stands.
    #[must_use]
    pub fn work_date(&self, due: NaiveDate) -> NaiveDate {
        let back = (0..62).map(|days| add_calendar_days(due, -days));
        back.clone().find(|day| self.is_business_day(*day)).unwrap_or_else(|| {
            back.clone().find(|day| Self::weekdays().is_business_day(*day)).expect("62 days hold a weekday")
        })
    }

    /// `date` plus business days, counted from the day after it; a negative number goes back.
    #[must_use]
    pub fn add_business_days(&self, date: NaiveDate, business_days: i64) -> NaiveDate {
        let step = business_days.signum();
        let (mut day, mut left) = (date, business_days.abs());
        // A calendar without a business day must not hold anybody up for ever.
        let last = add_calendar_days(date, step * (business_days.abs() * 7 + 366));
        while left > 0 && day != last {
            day = add_calendar_days(day, step);
            left -= i64::from(self.is_business_day(day));
        }
        day
    }
}

/// Completed months of age on `day`; 0 before the first month is over.
#[must_use]
pub fn months_of_age(born: NaiveDate, day: NaiveDate) -> u32 {
    if day < born {
        return 0;
    }
    let whole = (day.year() - born.year()) * 12 + (day.month().cast_signed() - born.month().cast_signed());
    let whole = if add_months(born, whole) > day { whole - 1 } else { whole };
    u32::try_from(whole).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_forty_five_days_count_from_the_day_of_receipt() {
        assert_eq!(add_calendar_days(day("2026-03-02"), 45), day("2026-04-16"));
    }

    #[test]
    fn the_window_of_an_ordinary_birthday_is_the_worked_example() {
        assert_eq!(transition_window(day("2023-09-15")), (day("2025-12-15"), day("2026-06-17")));
        assert_eq!(transition_window(day("2023-07-20")), (day("2025-10-20"), day("2026-04-21")));
    }

    #[test]
    fn a_birthday_on_29_february_gets_the_window_that_is_safe_either_way() {
        assert_eq!(third_birthday(day("2024-02-29"), LeapBirthday::Mar1), day("2027-03-01"));
        assert_eq!(transition_window(day("2024-02-29")), (day("2026-06-01"), day("2026-11-30")));
    }

    #[test]
    fn months_clamp_to_the_end_of_the_month() {
        assert_eq!(add_months(day("2026-08-31"), -9), day("2025-11-30"));
        assert_eq!(add_months(day("2026-08-31"), 6), day("2027-02-28"));
    }

    #[test]
    fn work_for_a_weekend_deadline_is_done_on_friday() {
        assert_eq!(work_date(day("2026-11-22")), day("2026-11-20"));
        assert_eq!(work_date(day("2026-11-20")), day("2026-11-20"));
    }

    #[test]
    fn age_counts_completed_months() {
        assert_eq!(months_of_age(day("2025-03-04"), day("2026-11-20")), 20);
        assert_eq!(months_of_age(day("2025-03-21"), day("2026-11-20")), 19);
        assert_eq!(months_of_age(day("2024-08-31"), day("2025-02-28")), 6);
    }

    proptest::proptest! {
        #[test]
        fn every_window_opens_before_it_closes(offset in 0i64..7305) {
            let born = add_calendar_days(day("2015-01-01"), offset);
            let (opens, closes) = transition_window(born);
            proptest::prop_assert!(opens < closes);
            proptest::prop_assert!(closes < third_birthday(born, LeapBirthday::Feb28));
        }
    }
}
