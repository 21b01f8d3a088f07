//! Requests and incidents: each with its clock, an entry at its beginning and one at its end.

use std::fs;

use earlypost::case::Prose;
use page_validation::{ValidationOptions, ValidationProfile, validate_pdf_bytes};

use super::{found_out, tamper};
use crate::{
    commands::place::{Place, sample},
    harness::{MAYA, World},
    papers::conformance::false_alarm,
};

fn ran() -> Place {
    let place = Place::with(&["c-0417"]);
    place.done(&["run"]);
    place
}

fn log(place: &Place, kind: &str, from: &str) -> serde_json::Value {
    let words = "I want to see who has the plan";
    place.json(&[
        "request",
        "log",
        "--child",
        "c-0417",
        "--kind",
        kind,
        "--from",
        from,
        "--received",
        "2026-11-18",
        "--says",
        words,
    ])
}

#[test]
fn a_parents_request_to_inspect_has_ten_days_and_stands_among_what_waits() {
    let place = ran();
    let made = log(&place, "access", "family:0417-mother");
    assert_eq!(made["due_on"], "2026-11-28");
    let id = made["request"].as_str().unwrap();
    let waiting = place.json(&["status"])["waiting"].to_string();
    assert!(waiting.contains(id) && waiting.contains("2026-11-28"), "{waiting}");
    assert_eq!(place.json(&["request", "list"])["matters"][0]["due_on"], "2026-11-28");

    place.done(&["request", "close", id, "--granted", "--because", "printed and read together"]);
    assert!(place.json(&["request", "list"])["matters"].as_array().unwrap().is_empty());
    assert!(!place.json(&["status"])["waiting"].to_string().contains(id));
    place.earlypost(&["request", "close", id, "--granted", "--because", "again"]).fails(1, "there is no open request");
    place.done(&["ledger", "verify", "--documents"]);
}

#[test]
fn a_refused_request_is_an_entry_and_its_words_are_not_in_the_chain() {
    let place = ran();
    let made = log(&place, "access", "office:ghent-pediatrics");
    assert!(made["due_on"].is_null(), "the ten days are a parent's");
    let id = made["request"].as_str().unwrap();
    place.done(&["request", "close", id, "--refused", "--because", "no release names this office"]);
    let entries = place.json(&["ledger", "list"])["entries"].as_array().unwrap().clone();
    let events: Vec<&str> = entries.iter().map(|e| e["entry"]["event"].as_str().unwrap()).collect();
    assert!(events.ends_with(&["request", "refusal"]), "{events:?}");
    let chained = serde_json::to_string(&entries).unwrap();
    assert!(!chained.contains("who has the plan") && !chained.contains("names this office"), "{chained}");
    let report = place.json(&["ledger", "report", "--child", "c-0417"])["report"]["others"].to_string();
    assert!(report.contains("who has the plan") && report.contains("no release names this office"), "{report}");
}

#[test]
fn what_another_parent_asked_for_is_not_in_this_parents_copy() {
    let place = ran();
    log(&place, "amendment", "family:0417-father");
    let report = |reader: &str| {
        place.json(&["ledger", "report", "--child", "c-0417", "--for", reader])["report"]["others"]
            .as_array()
            .unwrap()
            .len()
    };
    assert_eq!((report("0417-mother"), report("0417-father")), (0, 1));
}

#[test]
fn a_request_whose_row_was_changed_or_taken_away_is_found() {
    let place = ran();
    log(&place, "access", "family:0417-mother");
    tamper(&place, &["UPDATE matter SET due_on = '2027-11-28'"]);
    found_out(&place, "does not agree with entry");
    tamper(&place, &["UPDATE matter SET due_on = '2026-11-28'"]);
    place.done(&["ledger", "verify"]);
    tamper(&place, &["DELETE FROM matter"]);
    found_out(&place, "does not agree with entry");
}

#[test]
fn an_incident_has_a_clock_a_letter_and_makes_the_sending_uncertain() {
    let place = ran();
    let lines = place.json(&["ledger", "report", "--child", "c-0417", "--recipient", "office:bayside-therapy"]);
    let dispatch = lines["report"]["disclosures"][0]["dispatch"].as_str().unwrap().to_owned();
    let args = ["incident", "open", "--dispatch", &dispatch, "--kind", "wrong-recipient", "--found-on", "2026-11-19"];
    let says = "It went to an office that no longer serves Maya.";
    let opened = place.json(&[&args[..], &["--says", says]].concat());
    assert_eq!((opened["tell_by"].as_str(), opened["confirmed"].as_bool()), (Some("2027-01-18"), Some(false)));
    let id = opened["incident"].as_str().unwrap();
    assert!(place.json(&["status"])["waiting"].to_string().contains("2027-01-18"));
    let lines = place.json(&["ledger", "report", "--child", "c-0417", "--recipient", "office:bayside-therapy"]);
    let line = &lines["report"]["disclosures"][0];
    assert_eq!(line["may_have_been_received"], true);
    assert!(line["later"].to_string().contains("may have been received"), "{line}");

    let out = place.path("letter.pdf");
    let to =
        |person: &str| place.earlypost(&["incident", "letter", id, "--to", person, "--out", out.to_str().unwrap()]);
    to("nobody").fails(1, "no letter to nobody");
    assert_eq!(to("0417-mother").code, 0);
    let pdf = fs::read(&out).unwrap();
    for profile in [ValidationProfile::PdfUa1, ValidationProfile::PdfA2a] {
        let found = validate_pdf_bytes(&pdf, &ValidationOptions::default().profile(profile)).unwrap();
        let faults: Vec<_> = found.failures.iter().filter(|f| !false_alarm(f, &pdf)).collect();
        assert!(faults.is_empty(), "{profile:?}: {faults:#?}");
    }
    let words = crate::papers::plain(&crate::papers::poppler::text(&pdf));
    for said in ["Dear Elena Rivera", "November 19, 2026", says, "Service authorization"] {
        assert!(words.contains(said), "{said} is not in {words}");
    }
    place.done(&["incident", "close", id, "--outcome", "papers-destroyed", "--because", "they told us in writing"]);
    assert!(place.json(&["incident", "list"])["matters"].as_array().unwrap().is_empty());
    assert_eq!(place.json(&["incident", "list", "--all"])["matters"][0]["outcome"], "papers-destroyed");
    place.done(&["ledger", "verify", "--documents"]);
}

#[test]
fn a_page_that_names_another_child_is_an_incident_that_was_stopped() {
    let world = World::with(&[MAYA, "c-0415"]);
    let other = &sample("c-0415")["child"]["legal_name"];
    let name = format!("{} {}", other["first"].as_str().unwrap(), other["last"].as_str().unwrap());
    world.edit(MAYA, |record| {
        record.ifsps[0].outcomes[0].statement = Prose::parse(format!("She plays with {name} at the park.")).unwrap();
    });
    let report = world.run();
    assert!(report.balance.held + report.balance.withheld > 0);
    let open = || world.runtime.block_on(world.pipeline.store.ledger().matters("incident", false)).unwrap();
    let stopped = open();
    assert!(!stopped.is_empty());
    assert!(world.run().waiting.iter().any(|line| line.what == "incident"), "it is shown among what waits");
    assert_eq!(open().len(), stopped.len(), "each is recorded once");
    world.verify();
}
