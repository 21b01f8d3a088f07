//! Obligations: pure functions of a case record, the rules and a date. Nothing here reads a clock or a store.

pub mod calendar;
mod profile;
mod step;
mod rulebook;
mod kind;
mod obligation;
pub mod dates;
mod duty;
mod paper;
mod status;

use chrono::NaiveDate;

use crate::case::CaseRecord;

pub use duty::NotDue;
pub use kind::ObligationKind;
pub use obligation::{DocumentKind, MetBy, Obligation, Owed, Subject};
pub use paper::{PaperKind, StateForm};
pub use profile::{Profile, ProfileError, Rule, Unconfirmed};
pub use rulebook::Rulebook;
pub use status::{Closed, Known, Status, status_on};
pub use step::{Amount, Counted, Step};

/// Everything that is owed for a child on `day`, done or not, in order of due dates.
#[must_use]
pub fn due_items(record: &CaseRecord, rules: &Rulebook<'_>, day: NaiveDate) -> Vec<Obligation> {
    let mut findings = duty::Findings::quick();
    duty::all(&duty::Look::new(record, rules, day), &mut findings);
    in_order(findings.obligations)
}

/// The same with how each due date came about, and with the kinds of duties that are not due and why: for a person
/// who asks. The same code says both, so that the explanation cannot differ from what is done.
#[must_use]
pub fn explain(record: &CaseRecord, rules: &Rulebook<'_>, day: NaiveDate) -> (Vec<Obligation>, Vec<NotDue>) {
    let mut findings = duty::Findings::explained();
    duty::all(&duty::Look::new(record, rules, day), &mut findings);
    let mut not_due = findings.not_due;
    not_due.sort_by(|a, b| (a.kind, &a.why).cmp(&(b.kind, &b.why)));
    not_due.dedup();
    (in_order(findings.obligations), not_due)
}

fn in_order(mut obligations: Vec<Obligation>) -> Vec<Obligation> {
    obligations.sort_by(|a, b| (a.due_on, a.kind, &a.anchor).cmp(&(b.due_on, b.kind, &b.anchor)));
    obligations
}

/// The first day after `day` on which [`due_items`] may answer otherwise though the record is the same: a later
/// look at an unchanged child before it finds nothing new. It errs on the early side.
#[must_use]
pub fn changes_on(record: &CaseRecord, rules: &Rulebook<'_>, day: NaiveDate) -> NaiveDate {
    duty::changes_on(&duty::Look::new(record, rules, day))
}
