//! The whole job, and sending once more what went already.

use serde_json::{Value, json};

use super::place::{Place, dispatch, dispatches, sample};

const PLACES: [&str; 8] = ["accepted", "printed", "withheld", "held", "failed", "unknown", "queued", "closed"];

fn is_sha256(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit()))
}

#[track_caller]
fn balance_holds(balance: &Value) {
    assert_eq!(balance.as_object().unwrap().len(), PLACES.len() + 4, "{balance}");
    let number = |name: &str| balance[name].as_u64().unwrap();
    let sum: u64 = PLACES.into_iter().map(number).sum();
    assert_eq!(number("expected"), sum, "{balance}");
    assert_eq!(number("expected"), number("due") + number("open_before") - number("shared"), "{balance}");
}

/// Entries of the record of access.
fn entries(place: &Place) -> u64 {
    place.json(&["ledger", "verify"])["entries"].as_u64().unwrap()
}

#[test]
fn a_run_reports_one_json_object_with_every_dispatch_and_a_balance_that_holds() {
    let place = Place::with(&["c-0415", "c-0417"]);
    let run = place.json(&["run"]);
    assert_eq!(run["as_of"], "2026-11-20");
    balance_holds(&run["balance"]);
    assert_eq!(run["balance"]["expected"], dispatches(&run).len());
    assert_eq!((&run["import"]["new"], &run["import"]["refused"]), (&json!(2), &json!([])));
    assert_eq!(run["paused"], json!([]));
    for line in dispatches(&run) {
        for field in ["id", "child", "recipient", "channel", "state"] {
            assert!(line[field].is_string(), "{field} of {line}");
        }
        assert!(line["reason"].is_null(), "{line}");
        for paper in line["documents"].as_array().unwrap() {
            assert!(paper["kind"].is_string() && is_sha256(&paper["sha256"]), "{paper}");
            assert!(paper["pages"].as_u64().unwrap() > 0, "{paper}");
        }
    }
    let physician = dispatch(&run, "office:ghent-pediatrics/dr-osei", "physician-letter");
    assert_eq!((&physician["state"], &physician["channel"]), (&json!("accepted"), &json!("folder")));
    assert_eq!(physician["documents"][1]["kind"], "ifsp");
    let father = dispatch(&run, "family:0417-father", "ifsp");
    assert_eq!((&father["state"], &father["channel"]), (&json!("printed"), &json!("print")));
}

#[test]
fn a_second_run_and_a_send_by_hand_send_nothing_again() {
    let place = Place::with(&["c-0417"]);
    let first = place.json(&["run"]);
    let (sent, disclosed) = (place.sent(), entries(&place));
    assert_eq!(sent.len(), 4, "three messages and one letter: her plan and her reminder share one");
    assert_eq!(disclosed, 3, "a letter is disclosed when it is mailed");

    let second = place.json(&["run"]);
    balance_holds(&second["balance"]);
    assert_eq!(dispatches(&second), [] as [Value; 0]);
    let letter = dispatch(&first, "family:0417-father", "ifsp")["id"].as_str().unwrap();
    let waiting = second["waiting"].as_array().unwrap();
    assert_eq!(waiting.len(), 1);
    assert_eq!((&waiting[0]["id"], &waiting[0]["what"]), (&json!(letter), &json!("printed")));
    assert!(waiting[0]["next_step"].as_str().unwrap().contains(&format!("earlypost mark mailed {letter}")));

    let by_hand = place.json(&["send", "ifsp", "--child", "c-0417", "--yes"]);
    balance_holds(&by_hand["balance"]);
    let known = |line: &Value| dispatches(&first).iter().any(|d| d["id"] == line["id"]);
    assert!(dispatches(&by_hand).iter().all(known), "{by_hand:#}");
    assert!(place.done(&["deliver"]).out.contains("0 envelopes"));
    assert_eq!((place.sent(), entries(&place)), (sent, disclosed));
}

#[test]
fn a_send_by_hand_before_the_run_is_not_sent_again_by_the_run() {
    let place = Place::with(&["c-0415"]);
    let to = ["--to", "family:0415-father"];
    let by_hand = place.json(&[&["send", "ifsp", "--child", "c-0415", "--yes"], &to[..]].concat());
    assert_eq!(dispatches(&by_hand).len(), 1);
    assert_eq!(dispatches(&by_hand)[0]["state"], "accepted");
    let run = place.json(&["run"]);
    assert_eq!(dispatches(&run).len(), 1, "{run:#}");
    assert_eq!(dispatches(&run)[0]["recipient"], "family:0415-mother");
    assert_eq!(place.sent().len(), 2);
}

#[test]
fn to_missing_sends_only_what_is_still_open() {
    let place = Place::with(&["c-0415"]);
    let command = ["send", "ifsp", "--child", "c-0415", "--yes"];
    place.json(&[&command[..], &["--to", "family:0415-father"]].concat());
    let missing = place.json(&[&command[..], &["--to-missing"]].concat());
    let sent: Vec<&Value> = dispatches(&missing).iter().map(|line| &line["recipient"]).collect();
    assert_eq!(sent, ["family:0415-mother"]);
    let again = place.done(&[&command[..], &["--to-missing"]].concat()).out;
    assert!(again.contains("Nobody is missing it"), "{again}");
    assert_eq!(place.sent().len(), 2);
    place.earlypost(&[&command[..], &["--to-missing", "--to", "family:0415-mother"]].concat()).fails(2, "--to-missing");
}

#[test]
fn to_missing_leaves_out_who_has_it_from_elsewhere() {
    let place = Place::with(&[]);
    let mut record = sample("c-0415");
    record["ifsps"][0]["copies_given"] = json!([
        { "to": { "kind": "family_member", "person_id": "0415-father" }, "on": "2026-11-20", "how": "by hand" }
    ]);
    place.put("c-0415", &record);
    let missing = place.json(&["send", "ifsp", "--child", "c-0415", "--yes", "--to-missing"]);
    let sent: Vec<&Value> = dispatches(&missing).iter().map(|line| &line["recipient"]).collect();
    assert_eq!(sent, ["family:0415-mother"]);
}

#[test]
fn where_nobody_can_be_asked_nothing_is_sent_without_yes() {
    let place = Place::with(&["c-0417"]);
    place.earlypost(&["send", "ifsp", "--child", "c-0417"]).fails(1, "add --yes to send without asking");
    assert!(place.sent().is_empty());
    assert_eq!(place.json(&["status"])["dispatches"], json!({}));
}

#[test]
fn a_plan_shows_what_would_go_and_sends_nothing() {
    let place = Place::with(&["c-0417"]);
    let plan = place.json(&["plan"]);
    let lines = plan["lines"].as_array().unwrap();
    assert_eq!(lines.len(), 5);
    assert!(lines.iter().all(|line| line["verdict"] == "goes"), "{plan:#}");
    assert!(place.sent().is_empty());
    assert_eq!(place.json(&["status"])["dispatches"], json!({}));
}

#[test]
fn without_json_a_run_ends_with_the_balance_and_the_one_next_step() {
    let place = Place::with(&["c-0415"]);
    let out = place.done(&["run"]).out;
    assert!(out.contains("Records: 1 new, 0 changed, 0 as before, 0 refused."), "{out}");
    assert!(out.contains("expected 2 = accepted 2 + printed 0"), "{out}");
    assert!(out.contains("Nothing waits for a person."), "{out}");
    assert!(place.done(&["run"]).out.contains("Nothing was sent."));
    assert_eq!(place.done(&["run", "--quiet"]).out, "");
}

#[test]
fn the_templates_are_checked_with_every_record_of_a_caseload() {
    let checked = Place::with(&["c-0430", "c-0433"]).json(&["check"]);
    assert_eq!(checked["faults"], json!([]));
    assert!(checked["papers"].as_u64().unwrap() > 3, "{checked}");
    assert!(checked["pages"].as_u64() > checked["papers"].as_u64(), "{checked}");
}

#[test]
fn a_send_by_hand_tells_by_its_code_that_a_record_was_refused() {
    let place = Place::with(&["c-0415"]);
    place.put_bytes("c-0417.json", b"{");
    let to = ["--to", "family:0415-father", "--yes"];
    place.earlypost(&[&["send", "ifsp", "--child", "c-0415"], &to[..]].concat()).fails(3, "children/c-0417.json:1");
    assert_eq!(place.sent().len(), 1);
}

#[test]
fn a_second_run_sees_that_one_is_at_work_and_says_so() {
    let place = Place::with(&["c-0415"]);
    place.done(&["import"]);
    let at = "2026-11-20T15:00:00Z".parse().unwrap();
    let running = earlypost::app::OnlyRun::of(&place.data(""), at).unwrap();
    for run in [&["run"][..], &["run", "--plan", "1"]] {
        place.earlypost(run).fails(4, "another run is at work here since 2026-11-20T15:00:00.000Z");
    }
    assert_eq!(place.json(&["status"])["dispatches"], json!({}), "it changed nothing");
    drop(running);
    assert_eq!(dispatches(&place.json(&["run", "--max-minutes", "60"])).len(), 2);
    place.earlypost(&["run", "--max-minutes", "10081"]).fails(2, "10080");
}

#[test]
fn everything_that_failed_since_a_day_is_sent_again_by_one_command() {
    let place = Place::with(&["c-0415"]);
    place.done(&["run"]);
    let again = place.done(&["resend", "--failed", "--since", "2026-11-01"]);
    assert!(again.out.contains("0 of 0 that failed since 2026-11-01"), "{}", again.out);
    assert_eq!(place.json(&["resend", "--failed", "--since", "2026-11-01"]), json!({ "resent": [] }));
    place.earlypost(&["resend", "--failed"]).fails(2, "--since");
    place.earlypost(&["resend"]).fails(2, "");
}
