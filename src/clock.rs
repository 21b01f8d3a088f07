//! The only place that asks the system for the time.

use std::sync::Mutex;

use chrono::{DateTime, SecondsFormat, Utc};

/// Something that knows what time it is, in UTC.
pub trait Clock: Send + Sync {
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

/// Reads what [`instant_text`] wrote.
///
/// # Errors
/// When the text is no RFC 3339 instant.
pub fn parse_instant(text: &str) -> Result<DateTime<Utc>, chrono::ParseError> {
    DateTime::parse_from_rfc3339(text).map(|at| at.with_timezone(&Utc))
}
