//! What is found out about an office's address counts for every child.

use serde_json::Value;

use super::place::{Place, dispatches};

const AGENCY: &str = "office:bayside-therapy";

/// State and reason of everything to the agency.
fn to_agency(run: &Value) -> Vec<(String, Option<String>)> {
    let text = |value: &Value| value.as_str().map(ToOwned::to_owned);
    let rows = dispatches(run).iter().filter(|d| d["recipient"] == AGENCY);
    rows.map(|d| (text(&d["state"]).unwrap(), text(&d["reason"]))).collect()
}

fn tasks(place: &Place, kind: &str) -> Vec<String> {
    let listed = place.json(&["tasks"]);
    let lines = listed["tasks"].as_array().unwrap().iter().filter(|line| line["what"] == kind);
    lines.map(|line| line["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn an_offices_address_that_is_disabled_stops_the_papers_of_every_child() {
    let place = Place::with(&["c-0417", "c-0421"]);
    place.done(&["import"]);
    for endpoint in ["bayside-mail", "bayside-post"] {
        let said = place.done(&["endpoint", "disable", "--endpoint", endpoint]);
        assert!(said.out.contains("Recorded for every child: the address is out of use"), "{}", said.out);
    }
    let run = place.json(&["run"]);
    let stopped = to_agency(&run);
    assert!(stopped.len() > 1, "{stopped:?}");
    assert!(
        stopped.iter().all(|fate| *fate == ("withheld".to_owned(), Some("endpoint-disabled".to_owned()))),
        "{stopped:?}"
    );
    assert_eq!(tasks(&place, "office-address").len(), 2);

    let verify = ["endpoint", "verify", "--endpoint", "bayside-mail", "--how", "called the published number"];
    place.done(&verify);
    assert_eq!(tasks(&place, "office-address").len(), 1);
    let run = place.json(&["run"]);
    assert!(to_agency(&run).iter().all(|fate| fate.0 == "accepted"), "{:?}", to_agency(&run));
    assert_eq!(to_agency(&run).len(), stopped.len());
}

#[test]
fn what_is_queued_or_printed_for_an_office_is_stopped_by_the_command_and_shown() {
    let place = Place::with(&["c-0417", "c-0421"]);
    place.done(&["import"]);
    place.done(&["endpoint", "disable", "--endpoint", "bayside-mail"]);
    let run = place.json(&["run"]);
    let printed = dispatches(&run).iter().filter(|d| d["recipient"] == AGENCY && d["state"] == "printed").count();
    assert!(printed > 1, "the letters of both children lie in the stack: {:?}", to_agency(&run));
    let said = place.json(&["endpoint", "disable", "--endpoint", "bayside-post"]);
    let stopped = said["stopped"].as_array().unwrap();
    assert!(stopped.iter().all(|line| line["recipient"] == AGENCY), "{stopped:?}");
    assert_eq!(stopped.iter().filter(|line| line["now"] == "printed").count(), printed);
    let list = place.json(&["tasks"]);
    let pulled = list["tasks"].as_array().unwrap().iter().filter(|line| line["what"] == "do not mail").count();
    assert_eq!(pulled, printed);
}

#[test]
fn a_letter_that_came_back_from_an_office_makes_its_address_suspect_for_every_child() {
    let place = Place::with(&["c-0417", "c-0421"]);
    place.done(&["import"]);
    let run = place.json(&["run"]);
    let one = dispatches(&run).iter().find(|d| d["recipient"] == AGENCY && d["state"] == "accepted").unwrap();
    place.done(&["mark", "returned", one["id"].as_str().unwrap(), "--because", "the office has moved"]);
    place.change("c-0421", |record| {
        let plan = record["ifsps"].as_array_mut().unwrap().last_mut().unwrap();
        let mut next = plan.clone();
        plan["status"] = "superseded".into();
        next["version"] = (next["version"].as_i64().unwrap() + 1).into();
        next["meeting_event_id"] = "0421-next-meeting".into();
        record["ifsps"].as_array_mut().unwrap().push(next);
    });
    let run = place.json(&["run"]);
    let by_mail: Vec<_> = dispatches(&run)
        .iter()
        .filter(|d| d["child"] == "c-0421" && d["recipient"] == AGENCY && d["state"] == "accepted")
        .collect();
    assert!(by_mail.is_empty(), "the other child's next plan does not go to the suspect address: {by_mail:?}");
}

#[test]
fn an_address_of_a_family_needs_its_child() {
    let place = Place::with(&["c-0417"]);
    place.done(&["import"]);
    place
        .earlypost(&["endpoint", "disable", "--endpoint", "0417-post-2"])
        .fails(1, "the directory has no endpoint 0417-post-2; for an address of a family say whose with --child");
}
