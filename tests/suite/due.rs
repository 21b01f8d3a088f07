//! What is owed, to whom and by when: the samples on the day that they show, and any record on any day.

mod acts;
mod on_paper;
mod profiles;
mod properties;
mod rows;
pub mod samples;
mod states;
mod worked_examples;

use chrono::NaiveDate;
use earlypost::{
    case::{CaseRecord, Program},
    due::{Obligation, ObligationKind, Rulebook, due_items},
};

use self::samples::{TODAY, day, samples};

/// Everything owed for a sample on the day that the samples show.
fn owed(child: &str) -> Vec<Obligation> {
    owed_on(&samples().record(child), TODAY)
}

fn owed_on(record: &CaseRecord, on: &str) -> Vec<Obligation> {
    due_items(record, &samples().rules(), day(on))
}

fn owed_by(program: &Program, record: &CaseRecord) -> Vec<Obligation> {
    due_items(record, &Rulebook { program, profile: &samples().profile }, day(TODAY))
}

/// The one obligation of a kind.
#[track_caller]
fn the(kind: ObligationKind, all: &[Obligation]) -> &Obligation {
    let found = every(kind, all);
    assert_eq!(found.len(), 1, "{kind}: {:?}", all.iter().map(|o| o.kind).collect::<Vec<_>>());
    found[0]
}

fn every(kind: ObligationKind, all: &[Obligation]) -> Vec<&Obligation> {
    all.iter().filter(|o| o.kind == kind).collect()
}

#[track_caller]
fn none(kind: ObligationKind, all: &[Obligation]) {
    assert!(every(kind, all).is_empty(), "{kind} is owed");
}

/// Recipients and papers, as `family:0417-mother: ifsp`.
fn envelopes(obligation: &Obligation) -> Vec<String> {
    let papers =
        |owed: &earlypost::due::Owed| owed.papers.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(" + ");
    obligation.owed.iter().map(|owed| format!("{}: {}", owed.recipient, papers(owed))).collect()
}

/// Days of opening, due and work.
fn days(obligation: &Obligation) -> [NaiveDate; 3] {
    [obligation.opens_on, obligation.due_on, obligation.work_on]
}
