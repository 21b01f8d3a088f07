//! The next time of a schedule, and whether the clock can be believed.

use chrono::{DateTime, Duration, Utc};
use croner::Cron;

/// A clock that is this much behind the last time seen has jumped back; less is a clock being set right.
const BACK: Duration = Duration::minutes(5);

/// The next time of a cron expression after `now`, in a zone.
#[must_use]
pub fn next_due(cron: &Cron, zone: chrono_tz::Tz, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    cron.find_next_occurrence(&now.with_timezone(&zone), false).ok().map(|at| at.with_timezone(&Utc))
}

/// Why the clock cannot be believed at `now`, after the service was last at work at `seen`.
#[must_use]
pub(super) fn doubt(seen: DateTime<Utc>, now: DateTime<Utc>, away_calendar_days: u16) -> Option<String> {
    let says = |what: &str| {
        Some(format!(
            "the clock says {}, but the service was last at work at {}: {what}",
            now.format("%Y-%m-%d %H:%M UTC"),
            seen.format("%Y-%m-%d %H:%M UTC")
        ))
    };
    if now < seen - BACK {
        says("it has jumped back")
    } else if now > seen + Duration::days(i64::from(away_calendar_days)) {
        says("it was away for long, or the clock has jumped ahead")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_time_that_the_spring_day_skips_still_comes_once() {
        let cron: Cron = "30 2 * * *".parse().unwrap();
        let zone = chrono_tz::America::New_York;
        let first = next_due(&cron, zone, at("2026-03-08T05:00:00Z")).unwrap();
        let second = next_due(&cron, zone, first).unwrap();
        assert_eq!(first, at("2026-03-08T07:00:00Z"));
        assert_eq!(second, at("2026-03-09T06:30:00Z"));
    }

    #[test]
    fn a_time_that_the_autumn_day_repeats_comes_once() {
        let cron: Cron = "30 1 * * *".parse().unwrap();
        let zone = chrono_tz::America::New_York;
        let first = next_due(&cron, zone, at("2026-11-01T04:00:00Z")).unwrap();
        let second = next_due(&cron, zone, first).unwrap();
        assert_eq!(crate::clock::day_in(zone, second), "2026-11-02".parse().unwrap());
    }

    #[test]
    fn a_clock_that_jumped_is_not_believed_and_one_that_was_set_right_is() {
        let seen = at("2026-11-20T12:00:00Z");
        assert!(doubt(seen, at("2026-11-20T11:00:00Z"), 14).unwrap().contains("jumped back"));
        assert!(doubt(seen, at("2027-11-20T12:00:00Z"), 14).unwrap().contains("jumped ahead"));
        assert_eq!(doubt(seen, at("2026-11-20T11:58:00Z"), 14), None);
        assert_eq!(doubt(seen, at("2026-11-23T07:00:00Z"), 14), None, "a weekend is no jump");
    }
}
