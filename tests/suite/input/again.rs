//! Importing again: the same, a change, a refused record of a known child, a changed plan under an old version.

use serde_json::{Value, json};

use super::{GOOD, WRONG};
use crate::commands::place::{Place, fates, sample};

/// Both children, imported.
fn known() -> Place {
    let place = Place::with(&[GOOD, WRONG]);
    assert_eq!(counts(&place.json(&["import"])), (2, 0, 0));
    place
}

/// New, changed and unchanged records of an import.
fn counts(report: &Value) -> (u64, u64, u64) {
    let count = |name: &str| report[name].as_u64().unwrap();
    (count("new"), count("changed"), count("same"))
}

/// Verdict and reason of every line of the plan for a child.
fn verdicts(place: &Place, child: &str) -> Vec<(String, Option<String>)> {
    let plan = place.earlypost(&["plan", "--json", "--child", child]).json();
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let lines = plan["lines"].as_array().unwrap();
    lines.iter().map(|line| (text(&line["verdict"]).unwrap(), text(&line["reason"]))).collect()
}

#[track_caller]
fn all_held(verdicts: &[(String, Option<String>)]) {
    assert!(!verdicts.is_empty());
    for (verdict, reason) in verdicts {
        assert_eq!((verdict.as_str(), reason.as_deref()), ("waits", Some("record-refused")));
    }
}

/// How many open tasks say that this child's record was refused.
fn refusal_tasks(place: &Place) -> usize {
    let status = place.json(&["status"]);
    let waiting = status["waiting"].as_array().unwrap();
    waiting.iter().filter(|w| w["what"] == "record-refused" && w["child"] == WRONG).count()
}

#[test]
fn the_same_caseload_again_changes_nothing() {
    let place = known();
    assert_eq!(counts(&place.json(&["import"])), (0, 0, 2));
    assert_eq!(place.json(&["status"])["children"], 2);
}

#[test]
fn the_same_record_with_other_blanks_and_order_of_fields_is_the_same() {
    let place = known();
    place.put_bytes("c-0417.json", &serde_json::to_vec(&sample(WRONG)).unwrap());
    assert_eq!(counts(&place.json(&["import"])), (0, 0, 2));
}

#[test]
fn a_changed_record_is_an_update() {
    let place = known();
    place.change(WRONG, |r| r["child"]["legal_name"]["last"] = json!("Rivera-Soto"));
    assert_eq!(counts(&place.json(&["import"])), (0, 1, 1));
    assert!(place.done(&["find", "Rivera-Soto"]).out.contains(WRONG));
}

#[test]
fn a_child_that_is_missing_from_a_later_caseload_stays() {
    let place = known();
    std::fs::remove_file(place.caseload("children/c-0417.json")).unwrap();
    assert_eq!(counts(&place.json(&["import"])), (0, 0, 1));
    assert_eq!(place.json(&["status"])["children"], 2);
}

#[test]
fn a_refused_record_of_a_known_child_holds_its_papers_until_a_good_one_comes() {
    let place = known();
    place.change(WRONG, |r| r["releases"][0]["revoked_on"] = json!("20.11.2026"));
    let said = place.earlypost(&["run", "--json"]);
    assert_eq!(said.code, 3, "{}", said.err);
    assert!(said.err.contains("releases[0].revoked_on"), "{}", said.err);
    assert!(said.err.contains("child c-0417 is held until"), "{}", said.err);
    let run = said.json();
    assert_eq!(run["import"]["refused"][0]["holds"], true);
    let held = fates(&run, WRONG);
    assert!(!held.is_empty() && held.iter().all(|fate| *fate == ("held", Some("record-refused"))), "{held:?}");
    assert!(fates(&run, GOOD).iter().all(|fate| *fate == ("accepted", None)), "the other child's papers go");
    assert_eq!(refusal_tasks(&place), 1);

    place.put(WRONG, &sample(WRONG));
    let run = place.json(&["run"]);
    let gone = fates(&run, WRONG);
    assert_eq!(gone.len(), held.len());
    assert!(gone.iter().all(|(state, _)| matches!(*state, "accepted" | "printed")), "{gone:?}");
    assert_eq!(refusal_tasks(&place), 0);
}

#[test]
fn refused_twice_it_is_one_task_and_a_person_may_release_it() {
    let place = known();
    place.change(WRONG, |r| r["family"] = json!("none"));
    place.earlypost(&["import"]).fails(3, "family: must be of type array");
    place.earlypost(&["import"]).fails(3, "family: must be of type array");
    assert_eq!(refusal_tasks(&place), 1);

    place.done(&["release", "--child", WRONG, "--reason", "looked at the file: a slip of the keyboard"]);
    assert_eq!(refusal_tasks(&place), 0);
}

#[test]
fn a_truncated_file_holds_the_known_child_that_it_names() {
    let place = known();
    let whole = serde_json::to_vec_pretty(&sample(WRONG)).unwrap();
    place.put_bytes("c-0417.json", &whole[..whole.len() / 3]);
    all_held(&verdicts(&place, WRONG));
    assert!(verdicts(&place, GOOD).iter().all(|(verdict, _)| verdict == "goes"));
}

#[test]
fn an_empty_file_holds_the_known_child_whose_record_it_was() {
    let place = known();
    place.put_bytes("c-0417.json", b"");
    all_held(&verdicts(&place, WRONG));
}

#[test]
fn another_text_under_an_old_version_of_a_plan_is_refused_and_holds_the_child() {
    let place = known();
    place.change(WRONG, |r| {
        r["ifsps"][0]["present_levels"]["vision"]["narrative"] = json!("Quite another finding.");
    });
    let said = place.earlypost(&["import", "--json"]);
    said.fails(3, "children/c-0417.json: ifsps[0]: plan ifsp-0417 version 1 was imported before with another text");
    let report = said.json();
    assert_eq!(counts(&report), (0, 0, 1));
    assert_eq!((&report["refused"][0]["child"], &report["refused"][0]["holds"]), (&json!(WRONG), &json!(true)));
    assert_eq!(refusal_tasks(&place), 1);
    all_held(&verdicts(&place, WRONG));

    place.put(WRONG, &sample(WRONG));
    assert_eq!(counts(&place.json(&["import"])), (0, 0, 2), "nothing of the refused record was kept");
    assert!(verdicts(&place, WRONG).iter().all(|(verdict, _)| verdict == "goes"));
}

#[test]
fn a_first_session_recorded_under_the_same_version_is_no_other_text() {
    let place = known();
    place.change(WRONG, |r| r["ifsps"][0]["services"][0]["actual_first_date"] = json!("2026-11-20"));
    assert_eq!(counts(&place.json(&["import"])), (0, 1, 1));
}
