//! A coordinator's week: for that person alone, with the calls in the words of the reminder.

use serde_json::{Value, json};

use super::place::{Place, dispatches};
use crate::papers::{conformance::faults, poppler};

fn sheet<'a>(week: &'a Value, staff: &str) -> &'a Value {
    week["sheets"].as_array().unwrap().iter().find(|sheet| sheet["staff"] == staff).unwrap()
}

#[test]
fn a_family_that_asked_to_be_called_stands_on_the_call_list_and_gets_no_reminder_by_mail() {
    let place = Place::with(&["c-0417"]);
    place.change("c-0417", |record| {
        let mother = &mut record["family"][0];
        mother["reminders_by_telephone"] = json!(true);
        mother["telephone_safe"] = json!({ "may_leave_message": true });
    });
    place.done(&["import"]);
    let week = place.json(&["week"]);
    let sheet = sheet(&week, "jenni-alvarez");
    let calls = sheet["calls"].as_array().unwrap();
    assert_eq!(calls.len(), 1, "{sheet:#}");
    assert_eq!((&calls[0]["may_leave_message"], &calls[0]["ask_for_the_person"]), (&json!(true), &json!(true)));
    assert!(calls[0]["says"][0].as_str().unwrap().contains("Latest day for our next look at your plan"), "{sheet:#}");
    let text = sheet.to_string();
    assert!(text.contains("Maya") && !text.contains("Rivera"), "number and first name, nothing else: {text}");
    assert!(place.done(&["week", "--coordinator", "jenni-alvarez"]).out.contains("may be left"));

    let run = place.json(&["run"]);
    let papers = dispatches(&run).iter().flat_map(|d| d["documents"].as_array().unwrap());
    assert!(papers.into_iter().all(|paper| paper["kind"] != "monthly-reminder"), "{run:#}");
}

#[test]
fn a_family_that_no_safe_address_reaches_is_called_and_one_that_may_not_have_the_record_is_not() {
    let called = |change: &dyn Fn(&mut Value)| {
        let place = Place::with(&["c-0417"]);
        place.change("c-0417", |record| change(&mut record["family"][0]));
        place.done(&["import"]);
        place.json(&["week", "--coordinator", "jenni-alvarez"])["sheets"][0]["calls"].as_array().unwrap().len()
    };
    assert_eq!(called(&|_| {}), 0, "her reminder goes by e-mail");
    let without_address = |mother: &mut Value| {
        mother["endpoints"] = json!([]);
        mother.as_object_mut().unwrap().remove("preferred_endpoint");
    };
    assert_eq!(called(&without_address), 1);
    let restricted = |mother: &mut Value| {
        without_address(mother);
        (mother["may_receive_records"], mother["restriction_basis"]) = (json!(false), json!("order of 2026-10-01"));
    };
    assert_eq!(called(&restricted), 0);
}

#[test]
fn a_week_lists_visits_and_what_is_due_and_is_empty_for_somebody_without_children() {
    let place = Place::with(&["c-0405"]);
    place.done(&["import"]);
    let week = place.json(&["week"]);
    let sheets = week["sheets"].as_array().unwrap();
    let visits: Vec<&Value> = sheets.iter().flat_map(|sheet| sheet["visits"].as_array().unwrap()).collect();
    assert!(visits.iter().any(|visit| visit["on"] == "2026-11-23"), "{week:#}");
    assert!(sheets.iter().any(|sheet| !sheet["duties"].as_array().unwrap().is_empty()), "{week:#}");
    let nobody = place.json(&["week", "--coordinator", "nobody-here"]);
    assert_eq!(nobody["sheets"][0]["duties"], json!([]));
}

#[test]
fn a_week_on_paper_is_for_one_coordinator_and_names_children_by_number_and_first_name() {
    let place = Place::with(&["c-0405", "c-0417"]);
    place.change("c-0417", |record| record["family"][0]["reminders_by_telephone"] = json!(true));
    place.done(&["import"]);
    let out = place.path("week.pdf");
    place.done(&["week", "--coordinator", "jenni-alvarez", "--out", out.to_str().unwrap()]);
    let pdf = std::fs::read(&out).unwrap();
    assert_eq!(faults(&pdf), Vec::<String>::new());
    let text = poppler::text(&pdf);
    for said in ["Week of jenni-alvarez", "26-0405", "Lily", "Mon, Nov 23", "Leave no message", "Shred it after use"] {
        assert!(text.contains(said), "{said}: {text}");
    }
    assert!(text.contains(" due, ") && text.contains(", 1 family to call."), "{text}");
    assert!(!text.contains("Rivera"), "{text}");
    place.earlypost(&["week", "--out", out.to_str().unwrap()]).fails(2, "--coordinator");
}
