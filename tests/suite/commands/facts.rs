//! What a person records here stops papers at once, and no later import undoes it.

use serde_json::{Value, json};

use super::place::{Place, dispatch, dispatches, fates};

/// State and reason of the dispatch to this recipient.
fn fate<'a>(run: &'a Value, recipient: &str, paper: &str) -> (&'a str, Option<&'a str>) {
    let found = dispatch(run, recipient, paper);
    (found["state"].as_str().unwrap(), found["reason"].as_str())
}

/// State and reason of a dispatch as it stands now.
fn stands(place: &Place, id: &str) -> (Value, Value) {
    let shown = place.json(&["show", id]);
    (shown["dispatch"]["state"].clone(), shown["dispatch"]["reason"].clone())
}

/// The outcomes in the record of access that are about this dispatch.
fn outcomes(place: &Place, id: &str) -> Vec<String> {
    let listed = place.json(&["ledger", "list"]);
    let links = listed["entries"].as_array().unwrap();
    let about = links.iter().filter(|link| link["entry"]["dispatch"] == id);
    about.map(|link| link["entry"]["outcome"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_held_childs_papers_wait_until_somebody_releases_them() {
    let place = Place::with(&["c-0415"]);
    place.done(&["import"]);
    place.done(&["hold", "--child", "c-0415", "--reason", "the grandmother called"]);
    let run = place.json(&["run"]);
    assert_eq!(fates(&run, "c-0415"), [("held", Some("held")); 2]);
    assert_eq!(run["balance"]["held"], 2);
    assert!(place.sent().is_empty());
    assert_eq!(place.json(&["status"])["waiting"].as_array().unwrap().len(), 2);

    place.done(&["release", "--child", "c-0415", "--reason", "all is well"]);
    let run = place.json(&["run"]);
    assert_eq!(fates(&run, "c-0415"), [("accepted", None); 2]);
    assert_eq!(place.sent().len(), 2);
}

#[test]
fn a_revoked_release_and_a_disabled_address_stop_their_papers_and_no_import_brings_them_back() {
    const PHYSICIAN: &str = "office:ghent-pediatrics/dr-osei";
    let place = Place::with(&["c-0417"]);
    place.done(&["import"]);
    place.done(&["consent", "revoke", "--child", "c-0417", "--release", "0417-release-ghent"]);
    place.done(&["endpoint", "disable", "--child", "c-0417", "--endpoint", "0417-post-2"]);
    let run = place.json(&["run"]);
    assert_eq!(fate(&run, PHYSICIAN, "physician-letter"), ("withheld", Some("release-revoked")));
    assert_eq!(fate(&run, "family:0417-father", "ifsp"), ("withheld", Some("endpoint-disabled")));
    assert_eq!(fate(&run, "family:0417-mother", "ifsp"), ("accepted", None));
    assert_eq!(fate(&run, "office:bayside-therapy", "service-authorization"), ("accepted", None));
    let sent = place.sent();
    assert_eq!(sent.len(), 2);

    place.change("c-0417", |r| r["family"][1]["telephone"] = json!("(757) 555-0199"));
    let again = place.json(&["run"]);
    assert_eq!(again["import"]["changed"], 1);
    assert_eq!(fate(&again, PHYSICIAN, "physician-letter"), ("withheld", Some("release-revoked")));
    assert_eq!(fate(&again, "family:0417-father", "ifsp"), ("withheld", Some("endpoint-disabled")));
    assert_eq!(place.sent(), sent);
    let tasks = again["waiting"].as_array().unwrap().iter().filter(|w| w["what"] == "import-disagrees");
    let mut about: Vec<_> = tasks.map(|task| task["why"].as_str().unwrap()).collect();
    about.sort_unstable();
    assert_eq!(about, ["endpoint 0417-post-2", "release 0417-release-ghent"]);
}

#[test]
fn recording_a_fact_tells_which_letters_it_stops() {
    let place = Place::with(&["c-0405"]);
    let run = place.json(&["run"]);
    let letter = dispatch(&run, "office:oceanview-family/dr-lindqvist", "physician-letter")["id"].as_str().unwrap();
    let revoke = ["consent", "revoke", "--child", "c-0405", "--release", "0405-release-oceanview"];
    let out = place.done(&revoke).out;
    let line =
        format!("{letter} to office:oceanview-family/dr-lindqvist does not go: The parent took the release back.");
    assert!(out.contains(&line), "{out}");

    place.earlypost(&["mark", "mailed", letter]).fails(4, &format!("do not mail {letter}"));
    assert_eq!(stands(&place, letter), (json!("printed"), Value::Null), "nobody said that it was taken out");
    assert!(outcomes(&place, letter).is_empty(), "nobody said that it went");
    let not = place.done(&["mark", "mailed", letter, "--not-mailed"]).out;
    assert!(not.contains(&format!("earlypost mark pulled {letter}")), "{not}");
    assert_eq!(stands(&place, letter).0, json!("printed"));
    let went = place.done(&["mark", "mailed", letter, "--already-in-the-mail"]).out;
    assert!(went.contains("incident"), "{went}");
    assert_eq!(outcomes(&place, letter), ["mailed", "consent_lapse"]);
    place.done(&["ledger", "verify", "--documents"]);
}

#[test]
fn a_letter_put_into_the_mail_is_disclosed_and_confirmed() {
    let place = Place::with(&["c-0417"]);
    let run = place.json(&["run"]);
    let letter = dispatch(&run, "family:0417-father", "ifsp")["id"].as_str().unwrap();
    assert!(outcomes(&place, letter).is_empty(), "a printed letter has not left yet");
    place.done(&["mark", "mailed", letter]);
    assert_eq!(outcomes(&place, letter), ["mailed"]);
    assert_eq!(stands(&place, letter), (json!("confirmed"), Value::Null));
    place.earlypost(&["mark", "mailed", letter]).fails(4, "only a printed letter can be marked as mailed");
    assert_eq!(outcomes(&place, letter), ["mailed"]);
    place.earlypost(&["mark", "mailed", "--all"]).fails(1, "none waits to be mailed");
}

#[test]
fn what_is_neither_printed_nor_known_is_not_marked_as_mailed() {
    let place = Place::with(&["c-0415"]);
    let run = place.json(&["run"]);
    let message = dispatches(&run)[0]["id"].as_str().unwrap();
    place.earlypost(&["mark", "mailed", message]).fails(4, "only a printed letter can be marked as mailed");
    place.earlypost(&["mark", "mailed", "no-such-dispatch"]).fails(4, "no-such-dispatch");
    assert_eq!(outcomes(&place, message), ["accepted"]);
}

#[test]
fn a_slip_in_an_id_does_not_pass_for_a_revocation() {
    let place = Place::with(&["c-0417"]);
    place.done(&["import"]);
    place
        .earlypost(&["consent", "revoke", "--child", "c-0417", "--release", "maya-release-gent"])
        .fails(1, "nothing is recorded: child c-0417 has no release maya-release-gent, but these: 0417-release-ghent");
    place
        .earlypost(&["endpoint", "disable", "--child", "c-0417", "--endpoint", "luis-rivera-mail"])
        .fails(1, "nothing is recorded: neither the family of child c-0417 nor the directory has an endpoint");
    place.done(&["endpoint", "disable", "--child", "c-0417", "--endpoint", "bayside-mail"]);
}

#[test]
fn the_task_to_correct_the_source_ends_when_the_source_is_corrected() {
    let place = Place::with(&["c-0417"]);
    let tasks = || {
        let status = place.json(&["status"]);
        status["waiting"].as_array().unwrap().iter().filter(|w| w["what"] == "import-disagrees").count()
    };
    place.done(&["import"]);
    place.done(&["consent", "revoke", "--child", "c-0417", "--release", "0417-release-ghent"]);
    place.change("c-0417", |r| r["family"][1]["telephone"] = json!("(757) 555-0199"));
    place.done(&["import"]);
    assert_eq!(tasks(), 1);
    place.change("c-0417", |r| r["releases"][0]["revoked_on"] = json!("2026-11-20"));
    place.done(&["import"]);
    assert_eq!(tasks(), 0);
}
