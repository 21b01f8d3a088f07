//! A consent or a prior written notice that is not in the parent's language waits, is on the list of what is to be done, and
//! has four ways out.

use std::fs;

use serde_json::{Value, json};

use super::place::{Place, dispatch, dispatches};
use crate::papers::{plain, poppler};

const CHILD: &str = "c-0405";
const MOTHER: &str = "family:0405-mother";
const NOTICE: &str = "prior-written-notice";

/// Lily's record with parents who read this language.
fn read_by(language: &'static str) -> impl FnOnce(&mut Value) {
    move |record| {
        for member in record["family"].as_array_mut().unwrap() {
            member["preferred_language"] = json!(language);
        }
    }
}

/// A place where the notice to the mother waits for her language, and the notice's dispatch.
fn waiting() -> (Place, String) {
    let place = Place::with(&[CHILD]);
    place.change(CHILD, read_by("vi"));
    let run = place.json(&["run"]);
    let id = notice(&run)["id"].as_str().unwrap().to_owned();
    (place, id)
}

fn notice(run: &Value) -> Value {
    dispatch(run, MOTHER, NOTICE).clone()
}

/// State and reason of a dispatch as it stands now.
fn stands(place: &Place, id: &str) -> (Value, Value) {
    let shown = place.json(&["show", id]);
    (shown["dispatch"]["state"].clone(), shown["dispatch"]["reason"].clone())
}

/// The words of the first PDF of a dispatch.
fn words(place: &Place, id: &str) -> String {
    let file = place.path("went.pdf");
    place.done(&["show", id, "--pdf", file.to_str().unwrap()]);
    plain(&poppler::text(&fs::read(file).unwrap()))
}

/// What the record of access says about a dispatch with this outcome, its personal part with it.
fn entry(place: &Place, id: &str, outcome: &str) -> Value {
    let listed = place.json(&["ledger", "list", "--child", CHILD]);
    let entries = listed["entries"].as_array().unwrap();
    let about = |e: &&Value| e["entry"]["dispatch"] == id && e["entry"]["outcome"] == outcome;
    entries.iter().find(about).unwrap_or_else(|| panic!("no {outcome} of {id} in {listed:#}")).clone()
}

#[test]
fn a_notice_without_its_language_waits_on_the_list_with_its_last_day_and_nothing_else_waits() {
    let (place, id) = waiting();
    assert_eq!(stands(&place, &id), (json!("held"), json!("not-in-their-language")));
    let tasks = place.json(&["tasks"]);
    let line = tasks["tasks"].as_array().unwrap().iter().find(|line| line["id"] == *id).expect("it is on the list");
    assert!(line["due_on"].is_string() && line["owner"].is_string(), "{line}");
    assert!(line["next_step"].as_str().unwrap().contains("record oral-translation"), "{line}");
    assert!(line.to_string().contains("prior-written-notice, vi"), "{line}");
    // What is no consent and no notice before a change goes at once, in English with a cover.
    let plan = dispatches(&place.json(&["run"])).to_vec();
    let others = plan.iter().filter(|d| d["recipient"] == MOTHER && d["id"] != *id);
    assert!(others.into_iter().all(|d| d["reason"] != "not-in-their-language"));
}

#[test]
fn an_oral_translation_with_its_evidence_lets_that_notice_go_and_no_other() {
    let (place, id) = waiting();
    place
        .earlypost(&["record", "oral-translation", "--dispatch", &id, "--interpreter", "Linh Tran"])
        .fails(2, "--understood");
    let ahead = ["--interpreter", "Linh Tran", "--understood", "she said it back", "--on", "2027-01-01"];
    place.earlypost(&[&["record", "oral-translation", "--dispatch", &id], &ahead[..]].concat()).fails(1, "future");
    let told = ["--interpreter", "Linh Tran", "--understood", "she said it back", "--on", "2026-11-19"];
    place.done(&[&["record", "oral-translation", "--dispatch", &id], &told[..]].concat());
    place.json(&["run"]);

    assert_eq!(stands(&place, &id).0, "accepted");
    let entry = entry(&place, &id, "translated-orally");
    let says = entry["detail"]["purpose"].as_str().unwrap();
    for part in ["Linh Tran", "into vi", "2026-11-19", "she said it back"] {
        assert!(says.contains(part), "{part} is not in {says}");
    }
    assert!(!entry["entry"].to_string().contains("Linh"), "a name stands in the chained part");
    place.done(&["ledger", "verify", "--documents"]);

    // The next notice to the same mother waits for words of its own.
    place.change(CHILD, |record| {
        read_by("vi")(record);
        let mut another = record["proposals"][0].clone();
        another["event_id"] = json!("0405-proposal-second");
        record["proposals"].as_array_mut().unwrap().push(another);
    });
    let run = place.json(&["run"]);
    let held = dispatches(&run).iter().filter(|d| d["recipient"] == MOTHER && d["reason"] == "not-in-their-language");
    assert_eq!(held.count(), 1);
}

#[test]
fn the_states_own_form_goes_behind_the_notice_whose_place_it_takes() {
    let (place, id) = waiting();
    let form = place.path("form.pdf");
    fs::write(&form, crate::filed::made::pdf(&["Thong bao truoc bang van ban"])).unwrap();
    let file = form.to_str().unwrap();
    place.earlypost(&["record", "official-form", "--dispatch", &id, "--file", file]).fails(2, "--looked-at");
    place.done(&["record", "official-form", "--dispatch", &id, "--file", file, "--looked-at"]);
    let run = place.json(&["run"]);

    let documents = dispatch(&run, MOTHER, NOTICE)["documents"].as_array().unwrap().clone();
    assert_eq!(stands(&place, &id).0, "accepted");
    assert_eq!(documents.last().unwrap()["kind"], "official-form");
    let went = entry(&place, &id, "accepted");
    let keys = went["entry"]["item_keys"].as_array().unwrap();
    assert!(keys.last().unwrap().as_str().unwrap().contains("filed:"), "{keys:?}");
    entry(&place, &id, "official-form");
    place.done(&["ledger", "verify", "--documents"]);
}

#[test]
fn a_form_that_is_withdrawn_before_the_notice_has_gone_holds_it_again() {
    let (place, id) = waiting();
    let form = place.path("form.pdf");
    fs::write(&form, crate::filed::made::pdf(&["Thong bao truoc bang van ban"])).unwrap();
    place.done(&["record", "official-form", "--dispatch", &id, "--file", form.to_str().unwrap(), "--looked-at"]);
    let filed = place.json(&["filed", "list", "--child", CHILD]);
    let paper = filed[0]["paper_id"].as_str().unwrap_or_else(|| panic!("{filed:#}"));
    place.done(&["filed", "withdraw", paper, "--child", CHILD, "--reason", "the wrong year"]);
    place.json(&["run"]);
    assert_eq!(stands(&place, &id), (json!("held"), json!("enclosure-gone")));

    // Another way out leaves the withdrawn form behind.
    place.done(&["record", "not-feasible", "--dispatch", &id, "--because", "no interpreter was free before the day"]);
    place.json(&["run"]);
    assert_eq!(stands(&place, &id).0, "accepted");
}

#[test]
fn clearly_not_feasible_sends_english_with_a_cover_and_says_why() {
    let (place, id) = waiting();
    let because = "no interpreter of the region's list was free before the last day; three were called";
    place.done(&["record", "not-feasible", "--dispatch", &id, "--because", because]);
    place.json(&["run"]);

    assert_eq!(stands(&place, &id).0, "accepted");
    let text = words(&place, &id);
    assert!(text.contains("bằng tiếng Anh") && text.contains("What this means for you"), "{text}");
    assert!(entry(&place, &id, "language-not-feasible")["detail"]["purpose"].as_str().unwrap().contains(because));
}

#[test]
fn a_text_that_a_person_answers_for_goes_in_the_parents_language_without_a_word_from_anybody() {
    let place = Place::with(&[CHILD]);
    place.change(CHILD, read_by("es"));
    let run = place.json(&["run"]);
    let id = notice(&run)["id"].as_str().unwrap().to_owned();
    assert_eq!(stands(&place, &id).1, "not-in-their-language");

    let spanish = fs::read_to_string("templates/documents/lang/es.toml").unwrap();
    let certified = spanish.replace(
        "status = \"machine\"",
        "status = \"certified\"\nreviewer = \"A. Molina, court interpreter\"\nreviewed_on = \"2026-11-01\"",
    );
    fs::create_dir_all(place.path("templates/lang")).unwrap();
    fs::write(place.path("templates/lang/es.toml"), certified).unwrap();
    place.edit("earlypost.toml", "data_dir = \"data\"", "data_dir = \"data\"\ntemplates_dir = \"templates\"");
    place.json(&["run"]);

    assert_eq!(stands(&place, &id).0, "accepted");
    let text = words(&place, &id);
    assert!(!text.contains("What this means for you") && text.contains("Página"), "{text}");
    assert!(!text.contains("Una máquina tradujo"), "{text}");
}

#[test]
fn nothing_is_recorded_for_a_paper_that_waits_for_no_language() {
    let place = Place::with(&[CHILD]);
    let run = place.json(&["run"]);
    let id = notice(&run)["id"].as_str().unwrap().to_owned();
    place
        .earlypost(&["record", "not-feasible", "--dispatch", &id, "--because", "nobody was free"])
        .fails(1, "waits for no language");
    let (place, id) = waiting();
    place
        .earlypost(&["record", "official-form", "--dispatch", &id, "--filed", "no-such-paper"])
        .fails(1, "no official form no-such-paper on file");
    assert_eq!(stands(&place, &id).0, "held");
}
