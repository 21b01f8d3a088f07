//! Wrong input: one clear error with file, row and field; everything good goes on, nothing is half taken.

mod again;
mod characters;
mod contradictions;
mod meaning;
mod same_number;
mod shape;
mod taken;
mod times;
mod twice;
mod unfinished;

use serde_json::Value;

use crate::commands::place::{Place, sample};

/// A good record beside the wrong one.
const GOOD: &str = "c-0415";
/// The child whose record is wrong.
const WRONG: &str = "c-0417";
/// A name that no message may repeat.
const TELLTALE: &str = "Quillonby";

/// What an import said of the one record that it refused.
struct Refusal {
    problems: Vec<Value>,
    err: String,
}

/// Imports the good record and the sample child's, spoilt.
#[track_caller]
fn refused(spoil: impl FnOnce(&mut Value)) -> Refusal {
    let mut record = sample(WRONG);
    spoil(&mut record);
    refused_bytes(&serde_json::to_vec_pretty(&record).unwrap())
}

/// Imports the good record and these bytes. Asserts what holds for every refusal: the good record is taken,
/// of the wrong one nothing, and no message repeats what stood in it.
#[track_caller]
fn refused_bytes(bytes: &[u8]) -> Refusal {
    let place = Place::with(&[GOOD]);
    place.put_bytes("c-0417.json", bytes);
    let said = place.earlypost(&["import", "--json"]);
    assert_eq!(said.code, 3, "{}", said.err);
    let report = said.json();
    assert_eq!((&report["new"], &report["changed"]), (&1.into(), &0.into()), "{report:#}");
    let refused = report["refused"].as_array().unwrap();
    assert_eq!(refused.len(), 1, "{report:#}");
    assert_eq!(refused[0]["holds"], false, "an unknown child has nothing to hold");

    let plan = place.earlypost(&["plan", "--json"]);
    let lines = plan.json()["lines"].as_array().unwrap().clone();
    assert_eq!(plan.code, 3, "{}", plan.err);
    assert!(!lines.is_empty() && lines.iter().all(|line| line["child"] == GOOD), "{lines:#?}");
    assert_eq!(place.json(&["status"])["children"], 1);

    for value in [TELLTALE, "Maya", "Rivera", "2025-03-04"] {
        assert!(!said.err.contains(value) && !said.out.contains(value), "{value} is repeated: {}", said.err);
    }
    Refusal { problems: refused[0]["problems"].as_array().unwrap().clone(), err: said.err }
}

impl Refusal {
    /// Asserts that this one problem was said, on standard error too, in one line.
    #[track_caller]
    fn only(&self, row: Option<u64>, field: &str, says: &str) {
        assert_eq!(self.problems.len(), 1, "{:#?}", self.problems);
        self.lists(row, field, says);
    }

    /// Asserts that this problem is among those that were said.
    #[track_caller]
    fn lists(&self, row: Option<u64>, field: &str, says: &str) {
        let told = |p: &&Value| p["field"] == field && p["says"].as_str().is_some_and(|text| text.contains(says));
        let Some(problem) = self.problems.iter().find(told) else {
            panic!("{field}: {says} is not among {:#?}", self.problems)
        };
        assert_eq!((problem["file"].as_str(), problem["row"].as_u64()), (Some("children/c-0417.json"), row));
        let at = row.map_or(String::new(), |row| format!(":{row}"));
        let of = if field.is_empty() { String::new() } else { format!(": {field}") };
        let line = format!("children/c-0417.json{at}{of}: {}", problem["says"].as_str().unwrap());
        assert_eq!(self.err.lines().filter(|l| *l == line).count(), 1, "not said once: {line}\n{}", self.err);
    }
}
