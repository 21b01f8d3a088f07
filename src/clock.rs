//! The only place that asks the system for the time.

use std::sync::Mutex;

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use chrono_tz::Tz;

/// Something that knows what time it is, in UTC.
pub trait Clock: std::fmt::Debug + Send + Sync {
    /// The present instant.
    fn now(&self) -> DateTime<Utc>;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one permitted reading of the system's clock")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

/// A clock that moves only when it is told to.
#[derive(Debug)]
pub struct ManualClock(Mutex<DateTime<Utc>>);

impl ManualClock {
    /// A clock that stands at `start`.
    #[must_use]
    pub fn at(start: DateTime<Utc>) -> Self {
        Self(Mutex::new(start))
    }

    /// Moves the clock by `span`; a negative span moves it back.
    ///
    /// # Panics
    /// When another holder of the clock panicked while it was being moved.
    pub fn advance(&self, span: chrono::Duration) {
        let mut now = self.0.lock().expect("no holder of a manual clock panics");
        *now += span;
    }
}

impl Clock for ManualClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().expect("no holder of a manual clock panics")
    }
}

/// An instant as the database keeps it: RFC 3339, UTC, exactly three decimals and `Z`,
/// so that text order is time order.
#[must_use]
pub fn instant_text(instant: DateTime<Utc>) -> String {
    instant.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// The day of an instant in a zone, from one midnight there to the next: 23 or 25 hours where the clock is changed. The
/// only place where an instant becomes a day, so that no day is counted in UTC.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "the one place where an instant becomes a day")]
pub fn day_in(zone: Tz, instant: DateTime<Utc>) -> NaiveDate {
    instant.with_timezone(&zone).date_naive()
}

/// Reads what [`instant_text`] wrote.
///
/// # Errors
/// When the text is no RFC 3339 instant.
pub fn parse_instant(text: &str) -> Result<DateTime<Utc>, chrono::ParseError> {
    DateTime::parse_from_rfc3339(text).map(|at| at.with_timezone(&Utc))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_ends_at_the_midnight_of_its_own_zone() {
        let day = |zone: Tz, at: &str| day_in(zone, at.parse().unwrap()).to_string();
        let york = chrono_tz::America::New_York;
        assert_eq!(day(york, "2026-11-21T04:59:59.999Z"), "2026-11-20");
        assert_eq!(day(york, "2026-11-21T05:00:00Z"), "2026-11-21");
        assert_eq!(day(chrono_tz::Pacific::Guam, "2026-11-20T14:00:00Z"), "2026-11-21");
    }

    #[test]
    fn the_days_on_which_the_clock_is_changed_have_23_and_25_hours() {
        let hours = |day: &str, first: &str| {
            let (first, zone): (DateTime<Utc>, _) = (first.parse().unwrap(), chrono_tz::America::New_York);
            let at = |hour| first + chrono::Duration::hours(hour);
            (0..30).filter(|hour| day_in(zone, at(*hour)).to_string() == day).count()
        };
        assert_eq!(hours("2026-03-08", "2026-03-08T05:00:00Z"), 23);
        assert_eq!(hours("2026-11-01", "2026-11-01T04:00:00Z"), 25);
        assert_eq!(hours("2026-11-20", "2026-11-20T05:00:00Z"), 24);
    }
}
