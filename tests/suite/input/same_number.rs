//! Two children who seem to be one: one program number, one name, brothers and sisters who do not agree.

use serde_json::{Value, json};

use crate::commands::place::{Place, sample};

/// The sample child's record as another child's, with another number and name.
fn another(id: &str, number: &str, first: &str) -> Value {
    let text = serde_json::to_string(&sample("c-0417")).unwrap().replace("0417", id);
    let mut record: Value = serde_json::from_str(&text).unwrap();
    record["program_number"] = json!(number);
    record["child"]["legal_name"]["first"] = json!(first);
    record
}

/// Kind and next step of the open tasks of a child.
fn tasks(place: &Place, child: &str) -> Vec<(String, String)> {
    let listed = place.json(&["tasks"]);
    let of_child = listed["tasks"].as_array().unwrap().iter().filter(|line| line["child"] == child);
    let text = |line: &Value, field: &str| line[field].as_str().unwrap().to_owned();
    of_child.map(|line| (text(line, "what"), text(line, "next_step"))).collect()
}

#[test]
fn the_second_child_with_a_program_number_is_refused_and_the_number_is_named() {
    let place = Place::with(&["c-0417"]);
    place.put("c-9001", &another("9001", "26\u{2013}0417 ", "Nia"));
    let said = place.earlypost(&["import", "--json"]);
    said.fails(3, "children/c-9001.json: program_number: 26-0417 is the program number of child c-0417 too");
    assert_eq!(said.json()["new"], 1);
}

#[test]
fn a_program_number_that_an_earlier_import_gave_to_another_child_is_refused_too() {
    let place = Place::with(&["c-0417"]);
    place.done(&["import"]);
    std::fs::remove_file(place.caseload("children/c-0417.json")).unwrap();
    place.put("c-9001", &another("9001", "26-0417", "Nia"));
    place.earlypost(&["import"]).fails(3, "program_number: 26-0417 is the program number of child c-0417 too");
    assert_eq!(place.json(&["status"])["children"], 1);
}

#[test]
fn numbers_that_were_confused_can_be_exchanged_in_one_import() {
    let place = Place::with(&["c-0417"]);
    place.put("c-0001", &another("0001", "26-0001", "Nia"));
    place.done(&["import"]);
    let mut first = sample("c-0417");
    first["program_number"] = json!("26-7777");
    place.put("c-0417", &first);
    place.put("c-0001", &another("0001", "26-0417", "Nia"));
    let report = place.json(&["import"]);
    assert_eq!((&report["changed"], report["refused"].as_array().unwrap().len()), (&json!(2), 0), "{report:#}");
}

#[test]
fn a_child_with_the_name_and_birth_date_of_another_is_taken_and_a_person_is_asked_until_she_has_answered() {
    let place = Place::with(&["c-0417"]);
    place.put("c-9001", &another("9001", "26-9001", "Maya"));
    let said = place.done(&["import"]);
    assert!(said.err.contains("child.legal_name: has the same name and birth date as child c-0417"), "{}", said.err);
    let asked = tasks(&place, "c-9001");
    assert!(asked.iter().any(|(kind, says)| kind == "record-to-check" && says.contains("c-0417")), "{asked:?}");
}

#[test]
fn a_sibling_who_is_not_here_or_says_otherwise_is_asked_about_until_both_agree() {
    let place = Place::with(&[]);
    let with = |id: &str, first: &str, siblings: Value| {
        let mut record = another(id, &format!("26-{id}"), first);
        record["child"]["siblings_in_program"] = siblings;
        record
    };
    place.put("c-9001", &with("9001", "Nia", json!(["c-9002", "c-8888"])));
    place.put("c-9002", &with("9002", "Theo", json!([])));
    let said = place.done(&["import"]);
    assert!(said.err.contains("child.siblings_in_program: child c-8888 is not known here"), "{}", said.err);
    let kinds = |place: &Place| -> Vec<String> { tasks(place, "c-9001").into_iter().map(|(kind, _)| kind).collect() };
    assert_eq!(kinds(&place).iter().filter(|kind| *kind == "siblings-to-check").count(), 2);

    place.put("c-9001", &with("9001", "Nia", json!(["c-9002"])));
    place.put("c-9002", &with("9002", "Theo", json!(["c-9001"])));
    place.done(&["import"]);
    assert!(!kinds(&place).contains(&"siblings-to-check".to_owned()), "{:?}", tasks(&place, "c-9001"));
}
