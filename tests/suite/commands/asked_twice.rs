//! What a person sends by hand, once more: one request while it waits, and a word before a repeat.

use serde_json::{Value, json};

use super::place::{Place, dispatch, dispatches};

const LIST: [&str; 6] = ["send", "resource-list", "--child", "c-0388", "--to", "family:0388-mother"];

/// The last contact names these places of help.
fn names_resources(place: &Place, resources: &Value) {
    let path = place.path("caseload/children/c-0388.json");
    let mut record: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    record["contacts"].as_array_mut().unwrap().last_mut().unwrap()["resources"] = resources.clone();
    std::fs::write(&path, record.to_string()).unwrap();
}

#[test]
fn what_waits_is_one_request_however_often_it_is_tried() {
    let place = Place::with(&["c-0388"]);
    place.json(&["run"]);
    let send = [&LIST[..], &["--yes"]].concat();
    let first = place.json(&send);
    let id = dispatches(&first)[0]["id"].as_str().unwrap();
    assert_eq!(dispatches(&first)[0]["state"], "withheld");
    let said = place.done(&send).out;
    assert!(said.contains(&format!("Kept for later: {id} ")), "{said}");
    assert!(said.contains(&format!("`earlypost cancel {id}`")), "{said}");
    assert!(!said.contains("Nothing waits"), "{said}");
    names_resources(&place, &json!([{ "name": "Pantry A", "offers": "food", "telephone": "(757) 555-0196" }]));
    let run = place.json(&["run"]);
    let lists = dispatches(&run).iter().filter(|line| line["documents"][0]["kind"] == "resource-list");
    assert_eq!(lists.map(|line| line["id"].as_str().unwrap()).collect::<Vec<_>>(), [id]);
    assert_eq!(dispatch(&run, "family:0388-mother", "resource-list")["state"], "accepted");
}

#[test]
fn what_is_kept_for_later_is_canceled_as_it_says() {
    let place = Place::with(&["c-0388"]);
    place.json(&["run"]);
    let send = [&LIST[..], &["--yes"]].concat();
    let id = dispatches(&place.json(&send))[0]["id"].as_str().unwrap().to_owned();
    place.done(&["cancel", &id]);
    names_resources(&place, &json!([{ "name": "Pantry A", "offers": "food", "telephone": "(757) 555-0196" }]));
    let run = place.json(&["run"]);
    assert!(dispatches(&run).iter().all(|line| line["documents"][0]["kind"] != "resource-list"), "{run:#}");
    // Asked for again it is a new request.
    assert_ne!(dispatches(&place.json(&send))[0]["id"], json!(id));
}

#[test]
fn a_repeat_is_named_before_it_goes() {
    let place = Place::with(&["c-0388"]);
    names_resources(&place, &json!([{ "name": "Pantry A", "offers": "food", "telephone": "(757) 555-0196" }]));
    place.json(&["run"]);
    let send = [&LIST[..], &["--yes"]].concat();
    let first = place.earlypost(&send);
    assert!(!first.err.contains("you sent this"), "{}", first.err);
    let again = place.earlypost(&send);
    assert!(again.err.contains("you sent this to family:0388-mother today at "), "{}", again.err);
}
