//! Several records in one file, and several records of one child.

use serde_json::{Value, json};

use super::{GOOD, WRONG};
use crate::commands::place::{Place, sample};

/// Records, one a line.
fn lines(records: &[Value]) -> Vec<u8> {
    records.iter().flat_map(|record| [serde_json::to_vec(record).unwrap(), b"\n".to_vec()].concat()).collect()
}

/// Whether everything planned for the child waits because a record was refused.
fn is_held(place: &Place, child: &str) -> bool {
    let plan = place.earlypost(&["plan", "--json", "--child", child]).json();
    let lines = plan["lines"].as_array().unwrap();
    !lines.is_empty() && lines.iter().all(|line| line["reason"] == "record-refused")
}

#[test]
fn the_second_record_of_a_child_is_refused_and_the_child_is_held() {
    let place = Place::with(&[GOOD, WRONG]);
    place.put_bytes("z-copy.json", &serde_json::to_vec(&sample(WRONG)).unwrap());
    let said = place.earlypost(&["import", "--json"]);
    said.fails(3, "children/z-copy.json: child_id: another record of this caseload has the same child");
    let report = said.json();
    assert_eq!(report["new"], 2);
    assert_eq!(report["refused"].as_array().unwrap().len(), 1);
    assert_eq!((&report["refused"][0]["child"], &report["refused"][0]["holds"]), (&json!(WRONG), &json!(true)));
    assert!(is_held(&place, WRONG));
    assert!(!is_held(&place, GOOD));
}

#[test]
fn a_good_record_after_a_wrong_one_of_the_same_child_does_not_lift_the_hold() {
    let place = Place::with(&[GOOD, WRONG]);
    place.done(&["import"]);
    let mut wrong = sample(WRONG);
    wrong["releases"][0]["revoked_on"] = json!("20.11.2026");
    place.put_bytes("a-newer.json", &serde_json::to_vec(&wrong).unwrap());
    let said = place.earlypost(&["import", "--json"]);
    said.fails(3, "children/a-newer.json: releases[0].revoked_on");
    said.fails(3, "children/c-0417.json: child_id: another record of this caseload has the same child");
    assert!(is_held(&place, WRONG));
}

#[test]
fn a_record_of_an_ndjson_file_is_named_by_its_line() {
    let place = Place::with(&[]);
    let mut wrong = sample(WRONG);
    wrong["child"]["birth_date"] = json!("26-03-04");
    let mut bytes = lines(&[sample(GOOD)]);
    bytes.extend(b"\n{\"schema\": 1, \n");
    bytes.extend(lines(&[wrong, sample("c-0405")]));
    std::fs::write(place.caseload("children.ndjson"), bytes).unwrap();
    let said = place.earlypost(&["import", "--json"]);
    said.fails(3, "children.ndjson:3: ends too early");
    said.fails(3, "children.ndjson:4: child.birth_date: is no date");
    let report = said.json();
    assert_eq!(report["new"], 2, "the lines before and after are taken");
    let rows: Vec<_> = report["refused"].as_array().unwrap().iter().map(|r| &r["problems"][0]["row"]).collect();
    assert_eq!(rows, [&json!(3), &json!(4)]);
}

#[test]
fn a_changed_plan_in_an_ndjson_file_is_named_by_its_line_too() {
    let place = Place::with(&[]);
    let mut changed = sample(WRONG);
    let path = place.caseload("children.ndjson");
    std::fs::write(&path, lines(&[sample(GOOD), changed.clone()])).unwrap();
    place.done(&["import"]);
    changed["ifsps"][0]["outcomes"][0]["statement"] = json!("Another outcome.");
    std::fs::write(&path, lines(&[sample(GOOD), changed])).unwrap();
    let said = place.earlypost(&["import", "--json"]);
    said.fails(3, "children.ndjson:2: ifsps[0]: plan ifsp-0417 version 1");
    let problem = &said.json()["refused"][0]["problems"][0];
    assert_eq!((&problem["file"], &problem["row"]), (&json!("children.ndjson"), &json!(2)));
}
