//! Obligations: pure functions of a case record, the rules and a date. Nothing here reads a clock or a store.

mod acts;
pub mod calendar;
mod obligation;
mod papers;
mod profile;

use chrono::NaiveDate;

use crate::case::{CaseRecord, Program};

pub use obligation::{DocumentKind, Obligation, ObligationKind, Owed, Subject};
pub use profile::{Profile, ProfileError, Rule};

/// The rules that apply: the state's and the program's own.
#[derive(Debug, Clone, Copy)]
pub struct Rulebook<'a> {
    /// The program.
    pub program: &'a Program,
    /// Its state's profile.
    pub profile: &'a Profile,
}

impl Rulebook<'_> {
    /// Calendar days after a meeting within which the copies are out.
    #[must_use]
    pub fn parent_copy_calendar_days(&self) -> i64 {
        self.profile
            .parent_copy_calendar_days
            .as_ref()
            .map_or(i64::from(self.program.policy.parent_copy_calendar_days), |rule| i64::from(rule.value))
    }

    /// The day by which a service starts after consent, where the state sets one.
    #[must_use]
    pub fn service_start_by(&self, consent: NaiveDate) -> Option<NaiveDate> {
        self.profile
            .service_start_calendar_days
            .as_ref()
            .map(|rule| calendar::add_calendar_days(consent, i64::from(rule.value)))
    }

    /// The third birthday by this state's rule.
    #[must_use]
    pub fn third_birthday(&self, born: NaiveDate) -> NaiveDate {
        calendar::third_birthday(born, self.profile.leap_birthday.value)
    }
}

/// Everything that is owed for a child on `day`, done or not, in order of due dates.
#[must_use]
pub fn due_items(record: &CaseRecord, rules: &Rulebook<'_>, day: NaiveDate) -> Vec<Obligation> {
    let mut out = Vec::new();
    papers::owed(record, rules, day, &mut out);
    acts::owed(record, rules, day, &mut out);
    out.sort_by(|a, b| (a.due_on, a.kind, &a.anchor).cmp(&(b.due_on, b.kind, &b.anchor)));
    out
}
