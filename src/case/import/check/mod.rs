//! What a shape cannot say: facts of a record that contradict each other or the directory.

mod printable;
mod directory;
mod family;
mod plan;
mod references;

use std::collections::HashSet;

use serde_json::Value;

use super::{Rules, dates::times, incomplete_plan::lacking, structure::unknown_field};
use crate::case::{CaseRecord, Date, Directory};

/// Field and what to do.
type Finding = (String, String);

struct Findings(Vec<Finding>);

impl Findings {
    fn add(&mut self, field: impl Into<String>, says: impl Into<String>) {
        self.0.push((field.into(), says.into()));
    }

    fn once<'a>(&mut self, what: &str, ids: impl Iterator<Item = (String, &'a str)>) {
        let mut seen = HashSet::new();
        for (field, id) in ids {
            if !seen.insert(id) {
                self.add(field, format!("this {what} id stands twice; each has its own"));
            }
        }
    }
}

/// Everything wrong with a record that serde has read.
pub(super) fn record(record: &CaseRecord, value: &Value, rules: &Rules<'_>) -> Vec<Finding> {
    let mut f = Findings(Vec::new());
    printable::letters(value, rules.printable, &mut f);
    life(record, rules, &mut f);
    references::ids(record, &mut f);
    for (i, member) in record.family.iter().enumerate() {
        family::family_member(member, rules.directory, &format!("family[{i}]"), &mut f);
    }
    for (i, release) in record.releases.iter().enumerate() {
        family::release(record, release, rules, &format!("releases[{i}]"), &mut f);
    }
    for (i, order) in record.court_orders.iter().enumerate() {
        let at = format!("court_orders[{i}]");
        if order.persons.is_empty() {
            f.add(format!("{at}.persons"), "names nobody; say whom the order is about");
        }
        for person in &order.persons {
            family::known_member(record, person, &format!("{at}.persons"), &mut f);
        }
    }
    family::placements(record, rules.directory, &mut f);
    for (i, statement) in record.statements.iter().enumerate() {
        family::known_member(record, &statement.by, &format!("statements[{i}].by"), &mut f);
    }
    for (i, version) in record.ifsps.iter().enumerate() {
        plan::plan(record, version, rules, &format!("ifsps[{i}]"), &mut f);
    }
    references::named(record, rules.directory, &mut f);
    f.0.extend(lacking(value));
    // The record's own note of what was set aside; a file cannot write it.
    if value.get("unfinished").is_some() {
        f.add("unfinished", unknown_field());
    }
    f.0.extend(times(record, rules));
    f.0
}

/// Everything wrong with a directory.
pub(super) fn directory(directory: &Directory, value: &Value, printable: fn(char) -> bool) -> Vec<Finding> {
    let mut f = Findings(Vec::new());
    directory::directory(directory, value, printable, &mut f);
    f.0
}

fn life(record: &CaseRecord, rules: &Rules<'_>, f: &mut Findings) {
    let born = *record.child.birth_date;
    if born > rules.today {
        f.add("child.birth_date", "lies in the future");
    }
    if *record.referral.received_on < born {
        f.add("referral.received_on", "lies before the child's birth date");
    }
    let past = |date: Date, field: String, f: &mut Findings| {
        if *date > rules.today {
            f.add(field, "lies in the future; record it once it has happened");
        }
    };
    past(record.referral.received_on, "referral.received_on".into(), f);
    for (i, contact) in record.contacts.iter().enumerate() {
        past(contact.on, format!("contacts[{i}].on"), f);
    }
    for (i, evaluation) in record.evaluations.iter().enumerate() {
        past(evaluation.on, format!("evaluations[{i}].on"), f);
    }
}
