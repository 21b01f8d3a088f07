//! How a due date came about, a step at a time, so that a person can do the sum again.

use std::fmt;

use chrono::NaiveDate;

use super::calendar::{Calendar, add_calendar_days, add_months};

/// A span as a rule gives it. Calendar days and business days are never mixed; a negative one goes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Amount {
    CalendarDays(i64),
    /// Business days, counted from the day after the event.
    BusinessDays(i64),
    /// Calendar months, clamped to the end of the month.
    Months(i32),
}

impl Amount {
    /// `date` moved by this span.
    #[must_use]
    pub fn from(self, date: NaiveDate, calendar: &Calendar<'_>) -> NaiveDate {
        match self {
            Self::CalendarDays(days) => add_calendar_days(date, days),
            Self::BusinessDays(days) => calendar.add_business_days(date, days),
            Self::Months(months) => add_months(date, months),
        }
    }

    /// The same span, back.
    #[must_use]
    pub fn back(self) -> Self {
        match self {
            Self::CalendarDays(days) => Self::CalendarDays(-days),
            Self::BusinessDays(days) => Self::BusinessDays(-days),
            Self::Months(months) => Self::Months(-months),
        }
    }
}

/// `plus 45 calendar days`, `minus 1 month`.
impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (number, unit) = match self {
            Self::CalendarDays(days) => (*days, "calendar day"),
            Self::BusinessDays(days) => (*days, "business day"),
            Self::Months(months) => (i64::from(*months), "month"),
        };
        let sign = if number < 0 { "minus" } else { "plus" };
        let plural = if number.abs() == 1 { "" } else { "s" };
        write!(f, "{sign} {} {unit}{plural}", number.abs())
    }
}

/// A span with where it stands and whether a person has confirmed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted<'a> {
    pub amount: Amount,
    /// Regulation, guide, or the program's own policy.
    pub source: &'a str,
    /// Whether the source's text was seen and still holds.
    pub confirmed: bool,
}

impl Counted<'_> {
    /// The program's own choice.
    #[must_use]
    pub fn own(amount: Amount) -> Self {
        Self { amount, source: "the program's own policy", confirmed: true }
    }

    /// The same span, back.
    #[must_use]
    pub fn back(self) -> Self {
        Self { amount: self.amount.back(), ..self }
    }

    /// `date` moved by this span.
    #[must_use]
    pub fn from(&self, date: NaiveDate, calendar: &Calendar<'_>) -> NaiveDate {
        self.amount.from(date, calendar)
    }

    /// The citation of a duty that rests on a section of the regulation and on this span.
    #[must_use]
    pub fn under(&self, section: &str) -> String {
        if self.source.contains(section) { self.source.to_owned() } else { format!("{section}; {}", self.source) }
    }
}

/// One step of the sum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// The event that sets the duty off.
    Trigger {
        /// What it is, such as `referral received`.
        what: &'static str,
        on: NaiveDate,
    },
    /// A span that a rule adds or takes away.
    Rule {
        amount: Amount,
        /// Where it stands.
        source: String,
        /// Whether a person has confirmed it.
        confirmed: bool,
    },
    /// Days that do not count (34 CFR 303.310(b)).
    NotCounted {
        from: NaiveDate,
        /// The last; none while the reason lasts.
        to: Option<NaiveDate>,
        /// How many of them lie in the clock's time.
        calendar_days: i64,
        reason: &'static str,
    },
    /// Something that a person should know.
    Note(String),
}

impl Step {
    /// A span of a rule.
    #[must_use]
    pub fn rule(counted: &Counted<'_>) -> Self {
        Self::Rule { amount: counted.amount, source: counted.source.to_owned(), confirmed: counted.confirmed }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Trigger { what, on } => write!(f, "{what} on {on}"),
            Self::Rule { amount, source, confirmed: true } => write!(f, "{amount} ({source})"),
            Self::Rule { amount, source, confirmed: false } => write!(f, "{amount} ({source}; not confirmed)"),
            Self::NotCounted { from, to: Some(to), calendar_days, reason } => {
                write!(f, "plus {calendar_days} calendar days that do not count, {from} to {to} ({reason})")
            }
            Self::NotCounted { from, to: None, reason, .. } => {
                write!(f, "the clock stands still since {from} ({reason})")
            }
            Self::Note(text) => f.write_str(text),
        }
    }
}
