//! What a shape cannot say: facts of a record that contradict each other, the calendar or the directory.
//!
//! What makes a document unsafe refuses the record: a known child's mail waits until it is corrected. What is odd and may
//! be real is taken, and a person is asked.

mod look;
mod directory;
mod references;
mod life;
mod family;
mod team;
mod consent;
mod order;
mod service;
mod plan;
mod events;

use serde_json::Value;

use super::{Rules, incomplete_plan::lacking, structure::unknown_field};
use crate::case::{CaseRecord, Directory};

pub(super) use look::Odd;
use look::{Finding, Look};

/// Everything wrong with a record that serde has read, and what is odd about it.
pub(super) fn record(record: &CaseRecord, value: &Value, rules: &Rules<'_>) -> (Vec<Finding>, Vec<Odd>) {
    let mut f = Look::at(record, rules);
    references::ids(&mut f);
    life::child(&mut f);
    life::referral(&mut f);
    family::members(&mut f);
    consent::acts(&mut f);
    consent::releases(&mut f);
    order::orders(&mut f);
    team::coordinators(&mut f);
    team::assignments(&mut f);
    team::physicians(&mut f);
    team::placements(&mut f);
    plan::plans(&mut f);
    events::evaluations(&mut f);
    events::contacts(&mut f);
    events::appointments(&mut f);
    events::requests(&mut f);
    events::proposals(&mut f);
    events::transition(&mut f);
    events::statements(&mut f);
    life::exit(&mut f);
    f.wrong.extend(lacking(value));
    // The record's own note of what was set aside; a file cannot write it.
    if value.get("unfinished").is_some() {
        f.refuse("unfinished", unknown_field());
    }
    // One field may be wrong in one way and be looked at twice.
    let mut seen = std::collections::HashSet::new();
    f.wrong.retain(|finding| seen.insert(finding.clone()));
    (f.wrong, f.odd)
}

/// Everything wrong with a directory.
pub(super) fn directory(directory: &Directory) -> Vec<Finding> {
    directory::directory(directory)
}
