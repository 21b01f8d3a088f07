//! The stack of letters by commands: listed, counted, one letter again, and the notice that must not go to an old address.

use std::fs;

use serde_json::{Value, json};

use super::place::{Place, account_as_recorded};
use crate::papers::{plain, poppler};

const CHILD: &str = "c-0405";

/// A place with letters in the stack, and the list of them.
fn printed() -> (Place, Value) {
    let place = Place::with(&[CHILD]);
    place.json(&["run"]);
    let listed = place.json(&["print", "list"]);
    assert!(!listed[0]["letters"].as_array().unwrap().is_empty(), "{listed:#}");
    (place, listed[0].clone())
}

#[test]
fn one_letter_is_had_again_without_the_rest_and_who_asked_stands_in_the_record() {
    let (place, batch) = printed();
    let letter = &batch["letters"][0];
    let id = letter["dispatch_id"].as_str().unwrap();
    let out = place.path("again.pdf");
    let said = place.done(&["print", "letter", id, "--out", out.to_str().unwrap()]);
    assert!(said.out.contains("sheets written to"), "{}", said.out);

    let in_the_stack = place.sent().into_iter().find(|path| path.to_string_lossy().contains(id)).unwrap();
    assert_eq!(fs::read(&out).unwrap(), fs::read(in_the_stack).unwrap());
    let entries = place.json(&["ledger", "list"]);
    let last = entries["entries"].as_array().unwrap().last().unwrap()["entry"].clone();
    assert_eq!((&last["event"], &last["dispatch"]), (&json!("access_view"), &json!(id)));
    assert_eq!(last["released_by"], account_as_recorded());
    place.done(&["ledger", "verify", "--documents"]);
    place.earlypost(&["print", "letter", "no-such-dispatch"]).fails(1, "prints to a folder only");
    let nowhere = place.path("nowhere.pdf");
    place
        .earlypost(&["print", "letter", "no-such-dispatch", "--out", nowhere.to_str().unwrap()])
        .fails(1, "there is no dispatch no-such-dispatch");
}

#[test]
fn a_letter_that_may_not_be_mailed_any_more_is_not_had_again() {
    let (place, batch) = printed();
    let letters = batch["letters"].as_array().unwrap();
    place.done(&["hold", "--child", CHILD, "--reason", "the grandmother called"]);
    let id = letters[0]["dispatch_id"].as_str().unwrap();
    let out = place.path("again.pdf");
    place
        .earlypost(&["print", "letter", id, "--out", out.to_str().unwrap()])
        .fails(1, "may not be mailed any more and is not printed again");
    assert!(!out.exists());
}

#[test]
fn a_batch_of_made_up_people_is_sent_to_no_printer_and_the_sheet_to_count_by_lies_beside_it() {
    let (place, batch) = printed();
    place.earlypost(&["print", "batch"]).fails(1, "a synthetic program prints to a folder only");
    place.earlypost(&["print", "batch", "no-such-batch"]).fails(1, "there is no batch no-such-batch");
    let said = place.done(&["print", "sheet"]);
    assert!(said.out.contains("count-sheet.pdf"), "{}", said.out);
    let sheet = place.files("data/outgoing").into_iter().find(|path| path.ends_with("count-sheet.pdf")).unwrap();
    // A dispatch is longer than its column.
    let text = plain(&poppler::text(&fs::read(sheet).unwrap())).replace("- ", "-");
    for letter in batch["letters"].as_array().unwrap() {
        assert!(text.contains(letter["dispatch_id"].as_str().unwrap()), "{text}");
    }
}

#[test]
fn a_notice_before_a_destruction_asks_first_where_nobody_has_confirmed_the_address_and_names_no_service() {
    let place = Place::with(&["c-0290"]);
    let mut person = String::new();
    let mut services = Vec::new();
    place.change("c-0290", |record| {
        let member = &mut record["family"][0];
        person = member["person_id"].as_str().unwrap().to_owned();
        member["endpoints"] = json!([{
            "endpoint_id": "0290-old-home",
            "address": { "kind": "postal", "lines": ["12 Oak Street", "Norfolk, VA 23510"] },
            "verified_on": "2025-06-02",
            "verified_how": "read back at intake"
        }]);
        member.as_object_mut().unwrap().remove("preferred_endpoint");
        for plan in record["ifsps"].as_array().unwrap() {
            let lines = plan["services"].as_array().unwrap().iter();
            services.extend(lines.map(|line| line["service"].as_str().unwrap().replace('_', " ")));
        }
    });
    place.done(&["import"]);
    let out = place.path("notice.pdf");
    let ask = ["retention", "notice", "--child", "c-0290", "--for", &person, "--out", out.to_str().unwrap()];
    place.earlypost(&ask).fails(1, "nobody has confirmed a postal address");
    assert!(!out.exists());

    let told = ["--child", "c-0290", "--endpoint", "0290-old-home", "--how", "called the mother"];
    place.done(&[&["endpoint", "verify"], &told[..]].concat());
    place.done(&ask);
    let text = plain(&poppler::text(&fs::read(&out).unwrap())).to_lowercase();
    assert!(!services.is_empty());
    for service in services.iter().map(String::as_str).chain(["therapy", "instruction"]) {
        assert!(!text.contains(service), "{service} stands in {text}");
    }
    fs::remove_file(&out).unwrap();

    // By hand it needs no address.
    let place = Place::with(&["c-0290"]);
    place.change("c-0290", |record| {
        record["family"][0]["endpoints"] = json!([{
            "endpoint_id": "0290-old-home",
            "address": { "kind": "postal", "lines": ["12 Oak Street", "Norfolk, VA 23510"] },
            "verified_on": "2025-06-02",
            "verified_how": "read back at intake"
        }]);
        record["family"][0].as_object_mut().unwrap().remove("preferred_endpoint");
    });
    place.done(&["import"]);
    let out = place.path("notice.pdf");
    let by_hand =
        ["retention", "notice", "--child", "c-0290", "--for", &person, "--asked", "--out", out.to_str().unwrap()];
    place.done(&by_hand);
    // Whoever lives there now learns neither what the program is for nor what it calls itself.
    let text = plain(&poppler::text(&fs::read(&out).unwrap()));
    for word in ["Tidewater", "arly intervention", "ordinator", "tidewater-ei", "therap"] {
        assert!(!text.contains(word), "{word} stands in {text}");
    }
    assert!(text.contains("Before we destroy a record") && text.contains("Call our office, (757) 555-0140"), "{text}");

    // Where a coordinator is still named, she writes.
    place.change("c-0290", |record| {
        record["coordinators"].as_array_mut().unwrap().last_mut().unwrap().as_object_mut().unwrap().remove("to");
    });
    place.done(&["import"]);
    place.done(&by_hand);
    let text = plain(&poppler::text(&fs::read(&out).unwrap()));
    for word in ["Tidewater", "arly intervention", "ordinator", "tidewater-ei", "therap"] {
        assert!(!text.contains(word), "{word} stands in {text}");
    }
}

#[test]
fn an_import_puts_a_printed_letter_that_it_forbids_on_the_pull_list_at_once() {
    let place = Place::with(&["c-0417"]);
    place.done(&["run"]);
    let status = || place.json(&["status"]).to_string();
    assert!(!status().contains("\"pull\""), "{}", status());
    place.change("c-0417", |r| {
        r["court_orders"] = serde_json::json!([{
            "order_id": "order-7", "received_on": "2026-11-20", "effective_on": "2026-11-20", "effect": "deny_access",
            "verified_by": "jenni-alvarez", "persons": ["0417-father"],
        }]);
    });
    place.done(&["import"]);
    let said = place.done(&["status"]).out;
    assert!(said.contains("DO NOT MAIL"), "{said}");
}
