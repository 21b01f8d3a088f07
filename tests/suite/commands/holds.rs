//! Holds on more than a child: each stops what it names and nothing else, until a person ends it.

use super::place::{Place, account, dispatch};

const AGENCY: &str = "office:bayside-therapy";
const MOTHER: &str = "family:0417-mother";

#[test]
fn a_hold_on_a_recipient_stops_what_goes_there_and_nothing_else_until_it_is_released() {
    let place = Place::with(&["c-0417"]);
    place.done(&["hold", "--recipient", AGENCY, "--reason", "their fax is stolen"]);
    let run = place.json(&["run"]);
    let agency = dispatch(&run, AGENCY, "service-authorization");
    assert_eq!((&agency["state"], &agency["reason"]), (&"held".into(), &"held".into()));
    assert_eq!(dispatch(&run, MOTHER, "ifsp")["state"], "accepted");
    let status = place.json(&["status"]);
    assert_eq!(status["holds"][0]["subject"], AGENCY);
    assert_eq!(status["holds"][0]["held_by"], account());
    place.done(&["release", "--recipient", AGENCY, "--reason", "a new number"]);
    assert_eq!(dispatch(&place.json(&["run"]), AGENCY, "service-authorization")["state"], "accepted");
    place.earlypost(&["release", "--recipient", AGENCY, "--reason", "again"]).fails(1, "is not held");
}

#[test]
fn a_hold_on_a_kind_of_paper_and_one_on_everything_stop_what_they_name() {
    let place = Place::with(&["c-0417"]);
    place.done(&["hold", "--document", "monthly-reminder", "--reason", "a wrong word in it"]);
    let run = place.json(&["run"]);
    assert_eq!(dispatch(&run, MOTHER, "monthly-reminder")["state"], "held");
    assert_eq!(dispatch(&run, MOTHER, "ifsp")["state"], "accepted");
    let place = Place::with(&["c-0417"]);
    place.done(&["hold", "--everything", "--reason", "we move"]);
    let run = place.json(&["run"]);
    assert_eq!(run["balance"]["held"], run["balance"]["expected"]);
    assert!(place.sent().is_empty());
    let plan = place.json(&["plan"]);
    assert!(plan["lines"].as_array().unwrap().iter().all(|line| line["reason"] == "held"), "{plan:#}");
}

#[test]
fn a_hold_needs_something_to_hold_and_a_reason() {
    let place = Place::with(&["c-0417"]);
    place.earlypost(&["hold", "--reason", "why"]).fails(2, "required");
    place.earlypost(&["hold", "--everything"]).fails(2, "--reason");
    place.earlypost(&["hold", "--everything", "--child", "c-0417", "--reason", "why"]).fails(2, "cannot be used with");
}
