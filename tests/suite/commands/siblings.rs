//! Brothers and sisters in the program: what one parent may read of both, and what nobody else may.

use serde_json::{Value, json};

use super::place::{Place, dispatches};

const OTHER: &str = "c-0398";

/// Maya's plan says this, and Theo is declared as her brother or not.
fn place(text: &str, declared: bool) -> Place {
    let place = Place::with(&["c-0417", OTHER]);
    place.change("c-0417", |r| {
        for plan in r["ifsps"].as_array_mut().unwrap() {
            plan["present_levels"]["cognitive"]["narrative"] = json!(text);
        }
        if declared {
            r["child"]["siblings_in_program"] = json!([OTHER]);
        }
    });
    place.change(OTHER, |r| {
        if declared {
            r["child"]["siblings_in_program"] = json!(["c-0417"]);
        }
    });
    place
}

/// Theo's mother is Maya's mother, under an id of her own there.
fn of_one_mother(place: &Place) {
    let name = super::place::sample("c-0417")["family"][0]["name"].clone();
    place.change(OTHER, |r| r["family"][0]["name"] = name);
}

/// What became of Maya's plan to each recipient.
fn fate(run: &Value, recipient: &str) -> String {
    let line = dispatches(run).iter().find(|line| {
        line["child"] == "c-0417"
            && line["recipient"] == recipient
            && (line["documents"].to_string().contains("ifsp") || line["state"] == "held")
    });
    let line = line.unwrap_or_else(|| panic!("{recipient} in {run}"));
    line["reason"].as_str().or(line["state"].as_str()).unwrap().to_owned()
}

const MOTHER: &str = "family:0417-mother";
const DOCTOR: &str = "office:ghent-pediatrics/dr-osei";

#[test]
fn to_be_declared_as_a_sibling_opens_nothing_to_a_parent_who_is_not_that_childs() {
    let place = place("Maya asks for Theo Whitfield, who lives in another home.", true);
    let run = place.json(&["run"]);
    assert_eq!(fate(&run, MOTHER), "other-child-named");
    assert_eq!(fate(&run, DOCTOR), "other-child-named");
}

#[test]
fn a_parent_of_both_reads_of_both_and_an_office_does_not() {
    let place = place("Maya asks for Theo Whitfield, her brother.", true);
    of_one_mother(&place);
    let run = place.json(&["run"]);
    assert_eq!(fate(&run, MOTHER), "accepted");
    assert_eq!(fate(&run, DOCTOR), "other-child-named");
}

#[test]
fn a_sibling_is_looked_for_by_the_first_name_and_a_stranger_is_not() {
    let text = "Theo says three words. He points at the door.";
    let siblings = place(text, true);
    of_one_mother(&siblings);
    let run = siblings.json(&["run"]);
    assert_eq!((fate(&run, MOTHER).as_str(), fate(&run, DOCTOR).as_str()), ("accepted", "other-child-named"));
    let strangers = place(text, false).json(&["run"]);
    assert_eq!(fate(&strangers, DOCTOR), "accepted");
}
