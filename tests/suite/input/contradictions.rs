//! A table of records that contradict themselves, the calendar or the directory, and the verdict on each.
//!
//! `record.json` is good as it is; a line of `table.json` changes it by JSON pointers (`set`, `add` to a list, `drop`) and
//! says what becomes of it: `refuse`, `not-final` (taken, and nothing of the plan is sent), `ask` (taken, with a task) or
//! `taken` (nothing is odd about it).

use std::{collections::BTreeMap, fs, path::Path};

use earlypost::{
    case::{
        Directory,
        import::{Problem, Rules, Source, Taken, not_final, read_record},
    },
    document::can_print,
};
use serde::Deserialize;
use serde_json::Value;

const FILE: &str = "children/c-1.json";

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    says: String,
    verdict: Verdict,
    /// The field that is named.
    #[serde(default)]
    field: String,
    /// Words of what is said of it.
    #[serde(default)]
    words: String,
    #[serde(default)]
    set: BTreeMap<String, Value>,
    #[serde(default)]
    add: BTreeMap<String, Value>,
    #[serde(default)]
    drop: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Verdict {
    Refuse,
    NotFinal,
    Ask,
    Taken,
}

fn read<T: for<'a> Deserialize<'a>>(name: &str) -> T {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite/input/contradictions");
    serde_json::from_slice(&fs::read(folder.join(name)).unwrap()).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn set(record: &mut Value, pointer: &str, to: &Value) {
    let (parent, field) = pointer.rsplit_once('/').unwrap();
    match record.pointer_mut(parent).unwrap_or_else(|| panic!("no {parent}")) {
        Value::Object(fields) => drop(fields.insert(field.to_owned(), to.clone())),
        Value::Array(items) => items[field.parse::<usize>().unwrap()] = to.clone(),
        _ => panic!("{parent} holds no fields"),
    }
}

impl Line {
    fn change(&self, record: &Value) -> Value {
        let mut record = record.clone();
        for (pointer, to) in &self.set {
            set(&mut record, pointer, to);
        }
        for (pointer, item) in &self.add {
            record.pointer_mut(pointer).and_then(Value::as_array_mut).unwrap().push(item.clone());
        }
        for pointer in &self.drop {
            let (parent, field) = pointer.rsplit_once('/').unwrap();
            record.pointer_mut(parent).and_then(Value::as_object_mut).unwrap().remove(field).expect("it is there");
        }
        record
    }
}

/// What became of a record, and everything that was said of it.
fn looked_at(record: &Value, directory: &Directory) -> (Verdict, Vec<Problem>, Option<Taken>) {
    let source = Source { file: FILE.to_owned(), row: None };
    let rules = Rules { today: "2026-11-20".parse().unwrap(), directory, printable: can_print };
    match read_record(&source, &serde_json::to_vec(record).unwrap(), &rules) {
        Err(refused) => (Verdict::Refuse, refused.problems, None),
        Ok(taken) => {
            let lacking = not_final(&source, &taken.record);
            let odd: Vec<Problem> = taken.to_check.iter().map(|odd| odd.problem.clone()).collect();
            let verdict = match (lacking.is_empty(), odd.is_empty()) {
                (false, _) => Verdict::NotFinal,
                (true, false) => Verdict::Ask,
                (true, true) => Verdict::Taken,
            };
            (verdict, lacking.into_iter().chain(odd).collect(), Some(taken))
        }
    }
}

/// Whether a sentence tells its reader what to do.
fn says_what_to_do(says: &str) -> bool {
    const VERBS: [&str; 20] = [
        "correct",
        "record",
        "write",
        "leave",
        "keep",
        "give",
        "name",
        "say",
        "check",
        "mark",
        "type",
        "add",
        "enter",
        "refer",
        "export",
        "read",
        "complete",
        "must be",
        "has it",
        "missing; this field",
    ];
    let says = says.to_lowercase();
    VERBS.iter().any(|verb| says.split([';', '.', ':', ',', '(']).any(|part| part.contains(verb)))
}

#[test]
fn every_contradiction_of_the_table_has_its_verdict_and_says_where_it_is_and_what_to_do() {
    let (record, directory, table): (Value, Directory, Vec<Line>) =
        (read("record.json"), read("directory.json"), read("table.json"));
    assert!(table.len() >= 200, "{} records", table.len());
    let (verdict, problems, _) = looked_at(&record, &directory);
    assert_eq!((verdict, problems), (Verdict::Taken, Vec::new()), "the record that all begin with");

    let mut wrong = Vec::new();
    for line in &table {
        let (verdict, problems, _) = looked_at(&line.change(&record), &directory);
        let said = problems.iter().map(ToString::to_string).collect::<Vec<_>>().join(" | ");
        if verdict != line.verdict {
            wrong.push(format!("{}: {verdict:?}, not {:?}: {said}", line.says, line.verdict));
        }
        let named = problems.iter().any(|p| p.field == line.field && p.says.contains(&line.words));
        if line.verdict != Verdict::Taken && (!named || line.words.is_empty()) {
            wrong.push(format!("{}: `{}` is not said of {}: {said}", line.says, line.words, line.field));
        }
        for problem in &problems {
            let start = format!("{FILE}: {}: ", problem.field);
            if problem.field.is_empty() || !problem.to_string().starts_with(&start) {
                wrong.push(format!("{}: names no file and field: {problem}", line.says));
            }
            if !says_what_to_do(&problem.says) {
                wrong.push(format!("{}: does not say what to do: {problem}", line.says));
            }
        }
        for value in ["Mina", "Vega", "Rosa", "2025-03-04", "Oak Street"] {
            if said.contains(value) {
                wrong.push(format!("{}: repeats a value of the record: {said}", line.says));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), table.len(), wrong.join("\n"));
}

#[test]
fn each_contradiction_is_another_one_and_all_verdicts_are_tried() {
    let table: Vec<Line> = read("table.json");
    let mut names: Vec<&str> = table.iter().map(|line| line.says.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), table.len());
    for (verdict, at_least) in
        [(Verdict::Refuse, 150), (Verdict::Ask, 15), (Verdict::NotFinal, 4), (Verdict::Taken, 20)]
    {
        let count = table.iter().filter(|line| line.verdict == verdict).count();
        assert!(count >= at_least, "{count} lines with {verdict:?}");
    }
}

#[test]
fn the_same_physician_twice_is_taken_once_with_what_is_asked_in_both_places() {
    let (mut record, directory): (Value, Directory) = (read("record.json"), read("directory.json"));
    let request = serde_json::json!({ "text": "Please send the hearing test." });
    let again = serde_json::json!({ "organisation_id": "ghent", "person_id": "dr-osei", "from": "2026-01-01", "requests": [request] });
    record["physicians"].as_array_mut().unwrap().push(again);
    let (_, _, taken) = looked_at(&record, &directory);
    let taken = taken.unwrap();
    assert_eq!(taken.record.physicians.len(), 1);
    assert_eq!(taken.record.physicians[0].from.to_string(), "2025-03-10");
    assert_eq!(taken.record.physicians[0].requests.len(), 1);
}
