//! One child's record: read, checked, taken whole or refused whole.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{
    Rules, characters, check,
    duplicate_fields::Strict,
    incomplete_plan::{field_in_file, set_aside, words},
    problem::Problem,
    structure::{Shape, Violation, field_of, read_shaped},
};
use crate::{
    case::{CaseRecord, ChildId, Physician, UnfinishedPlan},
    shown::shown,
};

/// No file or record may be larger: a child's whole history is a few hundred kilobytes.
pub const LARGEST_RECORD_BYTES: usize = 4 * 1024 * 1024;

/// Where a record came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// File, relative to the caseload folder.
    pub file: String,
    /// Number of the record in an NDJSON file, from 1.
    pub row: Option<usize>,
}

impl Source {
    /// A problem of one field of this record.
    #[must_use]
    pub fn problem(&self, field: &str, says: impl Into<String>) -> Problem {
        Problem { row: self.row, field: field.to_owned(), ..Problem::of_file(&self.file, says) }
    }
}

/// A record that was not taken, and why.
#[derive(Debug, Clone)]
pub struct Refused {
    /// The child, where the record names one: what is queued for a known child is held.
    pub child_id: Option<ChildId>,
    /// Everything that is wrong.
    pub problems: Vec<Problem>,
}

/// A record that was taken, and what a person is asked about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    pub record: Arc<CaseRecord>,
    pub to_check: Vec<ToCheck>,
}

/// Something odd about a record that may be real.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToCheck {
    /// What it is about, by an id that stays when the record grows; without names.
    pub about: String,
    pub problem: Problem,
}

/// Reads one record.
///
/// # Errors
/// Every problem of the record, with the child's id where it could be read.
pub fn read_record(source: &Source, bytes: &[u8], rules: &Rules<'_>) -> Result<Taken, Box<Refused>> {
    let problem = |says: String| Problem { file: source.file.clone(), row: source.row, field: String::new(), says };
    let refuse = |child_id, problems| Err(Box::new(Refused { child_id, problems }));
    // A record too large to take is still looked into for its child's id, so that the child is held.
    let mut value: Value = match parse(bytes) {
        Ok(value) => value,
        Err((row, says)) => {
            let row = source.row.or(row);
            return refuse(salvaged_id(bytes), vec![Problem { row, ..problem(says) }]);
        }
    };
    let child_id = value.get("child_id").and_then(Value::as_str).and_then(|id| ChildId::parse(id).ok());
    if bytes.len() > LARGEST_RECORD_BYTES {
        let says = format!(
            "has {} bytes; a record may have {LARGEST_RECORD_BYTES}. Look for a text that was pasted by mistake",
            bytes.len()
        );
        return refuse(child_id, vec![Problem { field: field_of(&longest(&value).0), ..problem(says) }]);
    }
    let shape = Shape::of_record();
    let tidied = characters::tidy(&mut value, shape, rules.printable);
    let unfinished = set_aside(&mut value);
    let located =
        |(field, says): (String, String)| Problem { field: field_in_file(&field, &unfinished), ..problem(says) };
    let mut record: CaseRecord = match read_shaped(&value, shape) {
        Ok(record) => record,
        Err(violations) => {
            // A name that cannot stand is named once, by its character.
            let named = |pointer: &str| tidied.wrong.iter().any(|(name, _)| name == pointer);
            let others = violations.into_iter().filter(|(pointer, _)| !named(pointer));
            let violations: Vec<Violation> = tidied.wrong.iter().cloned().chain(others).collect();
            let contradictions = contradictions_beside(&value, &violations, rules);
            let shape = violations.into_iter().map(|(pointer, says)| (field_of(&pointer), says));
            return refuse(child_id, shape.chain(contradictions).map(located).collect());
        }
    };
    record.unfinished.clone_from(&unfinished);
    let (wrong, odd) = check::record(&record, &value, rules);
    let of_names =
        tidied.wrong.iter().map(|(pointer, says)| Problem { field: field_of(pointer), ..problem(says.clone()) });
    if !wrong.is_empty() || !tidied.wrong.is_empty() {
        let wrong = wrong.into_iter().map(located);
        return refuse(child_id, of_names.chain(wrong).collect());
    }
    let mut to_check: Vec<ToCheck> =
        odd.into_iter().map(|odd| ToCheck { about: odd.about, problem: located((odd.field, odd.says)) }).collect();
    // Their places are those of the file.
    to_check.extend(tidied.replaced.into_iter().map(|(pointer, says)| {
        let field = field_of(&pointer);
        ToCheck { about: field.clone(), problem: Problem { field, ..problem(says) } }
    }));
    drop_doubles(&mut record);
    Ok(Taken { record: Arc::new(record), to_check })
}

/// A record that was kept, with its texts as an import reads them today.
#[must_use]
pub fn reread(text: &str, printable: fn(char) -> bool) -> Option<CaseRecord> {
    let mut value = serde_json::from_str(text).ok()?;
    characters::tidy(&mut value, Shape::of_record(), printable);
    serde_json::from_value(value).ok()
}

/// The same physician twice is one: a document that went to both lists would go twice.
fn drop_doubles(record: &mut CaseRecord) {
    let mut kept: Vec<Physician> = Vec::with_capacity(record.physicians.len());
    for physician in record.physicians.drain(..) {
        let same = |other: &&mut Physician| {
            other.organisation_id == physician.organisation_id
                && other.person_id == physician.person_id
                && other.to.is_none_or(|to| physician.from <= to)
                && physician.to.is_none_or(|to| other.from <= to)
        };
        match kept.iter_mut().find(same) {
            Some(known) => {
                known.from = known.from.min(physician.from);
                known.to = known.to.and_then(|to| physician.to.map(|other| to.max(other)));
                let new = physician.requests.into_iter().filter(|request| !known.requests.contains(request));
                let new: Vec<_> = new.collect();
                known.requests.extend(new);
            }
            None => kept.push(physician),
        }
    }
    record.physicians = kept;
}

/// What the versions lack that were taken in as not final, though somebody marked them final.
#[must_use]
pub fn not_final(source: &Source, record: &CaseRecord) -> Vec<Problem> {
    let of_plan = |plan: &UnfinishedPlan| {
        let at = format!("ifsps[{}]", plan.place);
        plan.lacks.iter().map(move |lack| (format!("{at}.{}", lack.field), words(lack))).collect::<Vec<_>>()
    };
    let marked = record.unfinished.iter().filter(|plan| plan.is_marked_final());
    let problem = |(field, says)| Problem {
        row: source.row,
        field,
        ..Problem::of_file(&source.file, format!("{says}; until it is there, nothing of this version is sent"))
    };
    marked.flat_map(of_plan).map(problem).collect()
}

/// Mistakes of shape hide contradictions between fields. Where the record can be read without the misshapen fields,
/// the rest is checked all the same, so that a person corrects a file once and not twice. What concerns a field that was
/// left out is not said: it is named already.
fn contradictions_beside(value: &Value, violations: &[Violation], rules: &Rules<'_>) -> Vec<(String, String)> {
    let mut rest = value.clone();
    for (pointer, _) in violations {
        let Some((parent, field)) = pointer.rsplit_once('/') else { return Vec::new() };
        if let Some(object) = rest.pointer_mut(parent).and_then(Value::as_object_mut) {
            object.remove(&field.replace("~1", "/").replace("~0", "~"));
        }
    }
    let Ok(record) = serde_json::from_value::<CaseRecord>(rest.clone()) else { return Vec::new() };
    let named: Vec<String> = violations.iter().map(|(pointer, _)| field_of(pointer)).collect();
    let touches = |found: &str| named.iter().any(|n| n.starts_with(found) || found.starts_with(n.as_str()));
    check::record(&record, &rest, rules).0.into_iter().filter(|(field, _)| !touches(field)).collect()
}

/// Reads a JSON file of another kind, such as the directory.
///
/// # Errors
/// Every violation of its schema.
pub(super) fn read_json<T: DeserializeOwned + JsonSchema>(
    file: &str,
    bytes: &[u8],
    printable: fn(char) -> bool,
) -> Result<T, Vec<Problem>> {
    let mut value = parse(bytes).map_err(|(row, says)| vec![Problem { row, ..Problem::of_file(file, says) }])?;
    let shape = Shape::of::<T>();
    let tidied = characters::tidy(&mut value, &shape, printable);
    let wrong = |violations: Vec<Violation>| {
        let problem =
            |(pointer, says): (String, String)| Problem { field: field_of(&pointer), ..Problem::of_file(file, says) };
        violations.into_iter().map(problem).collect::<Vec<_>>()
    };
    if !tidied.wrong.is_empty() {
        return Err(wrong(tidied.wrong));
    }
    read_shaped(&value, &shape).map_err(wrong)
}

fn parse(bytes: &[u8]) -> Result<Value, (Option<usize>, String)> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let row = bytes[..error.valid_up_to()].iter().filter(|b| **b == b'\n').count() + 1;
        (Some(row), format!("is not UTF-8 from byte {}; save it as UTF-8", error.valid_up_to() + 1))
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    serde_json::from_str(text).map(|Strict(value)| value).map_err(|error| {
        let says = match error.classify() {
            // The only thing that a value of any form refuses; the error's words are the field's name.
            serde_json::error::Category::Data => {
                let words = error.to_string();
                let name = words.rsplit_once(" at line").map_or(words.as_str(), |(name, _)| name);
                let name: String = shown(name).chars().take(64).collect();
                format!("has the field {name} twice in one object; keep one of them")
            }
            serde_json::error::Category::Eof => "ends too early: a bracket or quotation mark is not closed".to_owned(),
            _ => {
                format!("is not JSON at column {}: a comma, bracket or quotation mark is out of place", error.column())
            }
        };
        (Some(error.line()), says)
    })
}

/// The longest text of a value: its place, and its length in bytes.
fn longest(value: &Value) -> (String, usize) {
    let within = |(key, item): (String, &Value)| {
        let (pointer, length) = longest(item);
        (format!("/{key}{pointer}"), length)
    };
    let fields = value.as_object().into_iter().flatten().map(|(key, item)| within((key.clone(), item)));
    let items = value.as_array().into_iter().flatten().enumerate().map(|(i, item)| within((i.to_string(), item)));
    let own = (String::new(), value.as_str().map_or(0, str::len));
    fields.chain(items).chain([own]).max_by_key(|(_, length)| *length).unwrap_or_default()
}

/// The child's id in a record that does not parse: better to hold a known child than to miss its revocation.
fn salvaged_id(bytes: &[u8]) -> Option<ChildId> {
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(64 * 1024)]);
    let after = text.split_once("\"child_id\"")?.1;
    let quoted = after.split_once('"')?.1;
    ChildId::parse(quoted.split_once('"')?.0).ok()
}
