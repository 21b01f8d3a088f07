//! What is recorded today stops a letter today: each command shows what it stopped, on paper and in the queue.

use serde_json::{Value, json};

use super::place::{Place, dispatch};

/// The dispatches that a command stopped: state now, and why.
fn stopped(place: &Place, args: &[&str]) -> Vec<(String, String, String)> {
    let said = place.json(args);
    let text = |line: &Value, field: &str| line[field].as_str().unwrap().to_owned();
    let lines = said["stopped"].as_array().unwrap();
    lines.iter().map(|l| (text(l, "dispatch"), text(l, "now"), text(l, "why"))).collect()
}

fn id_of(run: &Value, recipient: &str, paper: &str) -> String {
    dispatch(run, recipient, paper)["id"].as_str().unwrap().to_owned()
}

/// What stands on the pull list.
fn pull_list(place: &Place) -> Vec<String> {
    let status = place.json(&["status"]);
    let lines = status["waiting"].as_array().unwrap().iter();
    lines.filter(|l| l["what"] == "do not mail").map(|l| l["id"].as_str().unwrap().to_owned()).collect()
}

fn tasks(place: &Place, kind: &str) -> usize {
    let status = place.json(&["status"]);
    status["waiting"].as_array().unwrap().iter().filter(|w| w["what"] == kind).count()
}

#[test]
fn an_order_puts_a_printed_letter_on_the_pull_list_and_the_rest_is_mailed() {
    let place = Place::with(&["c-0417", "c-0427"]);
    let run = place.json(&["run"]);
    let letter = id_of(&run, "family:0417-father", "ifsp");
    let other = id_of(&run, "family:0427-father", "ifsp");

    let order = ["record", "order", "--child", "c-0417", "--order", "order-12", "--person", "0417-father"];
    let said = place.done(&[&order[..], &["--effect", "deny-access"]].concat()).out;
    assert!(said.contains(&format!("{letter} to family:0417-father does not go")), "{said}");
    assert!(said.contains("It lies in print batch"), "the place in the stack: {said}");
    assert_eq!(pull_list(&place), std::slice::from_ref(&letter));
    let status = place.done(&["status"]).out;
    assert!(status.contains("DO NOT MAIL 1 of the printed letters"), "{status}");

    let mailed = place.earlypost(&["mark", "mailed", "--all"]);
    mailed.fails(4, &format!("do not mail {letter}"));
    assert!(mailed.out.contains(&format!("{other} is recorded as mailed")), "{}", mailed.out);
    assert_eq!(place.json(&["show", &letter])["dispatch"]["state"], "printed");
    assert_eq!(pull_list(&place), std::slice::from_ref(&letter));
    place.done(&["mark", "pulled", &letter]);
    assert_eq!(place.json(&["show", &letter])["dispatch"]["state"], "withheld");
    assert!(pull_list(&place).is_empty());
}

#[test]
fn status_asks_nobody_to_mail_what_an_import_has_just_forbidden() {
    let place = Place::with(&["c-0417"]);
    let run = place.json(&["run"]);
    let letter = id_of(&run, "family:0417-father", "ifsp");
    let path = place.path("caseload/children/c-0417.json");
    let mut record: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    record["court_orders"] = json!([{
        "order_id": "order-1", "received_on": "2026-11-01", "effective_on": "2026-11-01", "effect": "deny_access",
        "verified_by": "jenni-alvarez", "persons": ["0417-father"],
    }]);
    std::fs::write(&path, record.to_string()).unwrap();
    place.done(&["import"]);
    assert_eq!(pull_list(&place), std::slice::from_ref(&letter), "before the next run");
    place.done(&["mark", "pulled", &letter]);
    assert!(pull_list(&place).is_empty());
}

#[test]
fn a_letter_taken_out_of_the_stack_is_withheld_and_made_anew_when_the_order_ends() {
    let place = Place::with(&["c-0417"]);
    let run = place.json(&["run"]);
    let letter = id_of(&run, "family:0417-father", "ifsp");
    place.earlypost(&["mark", "pulled", &letter]).fails(1, "there is no letter on the pull list");
    place.done(&["record", "order", "--child", "c-0417", "--order", "order-12", "--person", "0417-father"]);
    assert_eq!(tasks(&place, "order-unread"), 1);
    place.done(&["mark", "pulled", &letter]);
    assert_eq!(place.json(&["show", &letter])["dispatch"]["state"], "withheld");
    assert_eq!(place.sent().len(), 4, "the old paper lies where it was");

    let read = ["record", "order", "--child", "c-0417", "--order", "order-12", "--person", "0417-father"];
    place.done(&[&read[..], &["--effect", "named-decision-maker"]].concat());
    assert_eq!(tasks(&place, "order-unread"), 0);
    let run = place.json(&["run"]);
    assert_eq!(dispatch(&run, "family:0417-father", "ifsp")["state"], "printed");
    assert!(pull_list(&place).is_empty());
}

#[test]
fn the_end_of_a_placement_stops_that_minute_what_is_printed_for_the_former_home() {
    let place = Place::with(&["c-0409"]);
    let run = place.json(&["run"]);
    let to_home: Vec<String> = run["dispatches"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|d| d["recipient"] == "family:0409-foster-mother" && d["state"] == "printed")
        .map(|d| d["id"].as_str().unwrap().to_owned())
        .collect();
    assert!(!to_home.is_empty());
    let ends = ["record", "placement", "--child", "c-0409", "--person", "0409-foster-mother"];
    let stopped: Vec<String> = stopped(&place, &ends)
        .into_iter()
        .filter(|(_, _, why)| why == "The child no longer lives with this person.")
        .map(|(id, ..)| id)
        .collect();
    assert_eq!(stopped, to_home);
    assert_eq!(pull_list(&place), to_home);
    assert_eq!(tasks(&place, "placement-changed"), 1);
}

#[test]
fn a_move_stops_the_letters_to_the_old_address_and_verifying_lets_them_go() {
    let place = Place::with(&["c-0417"]);
    let run = place.json(&["run"]);
    let letter = id_of(&run, "family:0417-father", "ifsp");
    let said = stopped(&place, &["record", "move", "--child", "c-0417", "--person", "0417-father"]);
    assert!(
        said.iter().any(|(id, now, why)| id == &letter && now == "printed" && why.contains("has moved")),
        "{said:?}"
    );
    assert_eq!(tasks(&place, "new-address"), 1);

    let verify =
        ["endpoint", "verify", "--child", "c-0417", "--endpoint", "0417-post-2", "--how", "he rang and read it back"];
    assert!(stopped(&place, &verify).is_empty());
    assert!(pull_list(&place).is_empty(), "the letter in the stack may go after all");
    place.done(&["mark", "mailed", &letter]);
}

#[test]
fn a_death_stops_everything_that_has_not_left() {
    let place = Place::with(&["c-0405"]);
    let run = place.json(&["run"]);
    let printed = run["dispatches"].as_array().unwrap().iter().filter(|d| d["state"] == "printed").count();
    assert!(printed > 0);
    assert_eq!(stopped(&place, &["record", "death", "--child", "c-0405"]).len(), printed);
    assert_eq!(pull_list(&place).len(), printed);
    assert_eq!(place.json(&["run"])["balance"]["accepted"], 0);
}

#[test]
fn after_a_death_offices_are_called_and_the_households_mail_about_a_sibling_waits() {
    let place = Place::with(&["c-0405", "c-0415"]);
    place.change("c-0405", |record| record["child"]["siblings_in_program"] = json!(["c-0415"]));
    place.done(&["import"]);
    place.done(&["record", "death", "--child", "c-0405"]);
    let calls = tasks(&place, "telephone-office");
    assert_eq!(calls, 3, "agency, physician and district; the program calls nobody of its own");
    assert_eq!(tasks(&place, "death-in-family"), 1);
    let run = place.json(&["run"]);
    assert_eq!(run["balance"]["accepted"], 0, "nothing goes to an office or to the household");
    let held: Vec<&str> = place.json(&["run"])["dispatches"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|d| d["child"] == "c-0415")
        .map(|d| if d["state"] == "held" { "held" } else { "not held" })
        .collect();
    assert_eq!(held, ["held", "held"]);
    assert_eq!(tasks(&place, "telephone-office"), calls, "each call is asked for once");

    let listed = place.json(&["tasks"]);
    let call = listed["tasks"].as_array().unwrap().iter().find(|t| t["what"] == "telephone-office").unwrap();
    place.done(&["tasks", "done", call["id"].as_str().unwrap()]);
    assert_eq!(tasks(&place, "telephone-office"), calls - 1);
    place.done(&["run"]);
    assert_eq!(tasks(&place, "telephone-office"), calls - 1, "a call that was made is not asked for again");
    place.earlypost(&["tasks", "done", "no-such-task"]).fails(1, "there is no open task");

    place.done(&["release", "--recipient", "family:0415-father", "--reason", "he wants his mail"]);
    let run = place.json(&["run"]);
    assert_eq!(dispatch(&run, "family:0415-father", "ifsp")["state"], "accepted");
    place.done(&["run"]);
    assert_eq!(dispatch(&place.json(&["run"]), "family:0415-mother", "ifsp")["state"], "held");
}

#[test]
fn what_a_parent_asks_for_after_a_death_goes_by_a_persons_hand() {
    let place = Place::with(&["c-0405"]);
    place.done(&["import"]);
    place.done(&["record", "death", "--child", "c-0405"]);
    let asked = place.json(&["send", "ifsp", "--child", "c-0405", "--to", "family:0405-mother", "--yes"]);
    let line = &asked["dispatches"][0];
    assert_eq!((&line["state"], &line["reason"]), (&json!("withheld"), &json!("child-died")));
    let id = line["id"].as_str().unwrap();
    place.done(&["run"]);
    assert_eq!(tasks(&place, "give-by-hand"), 1);
    let out = place.path("to-give");
    let made = place.json(&["handover", id, "--out", out.to_str().unwrap()]);
    assert!(std::path::Path::new(made["files"][0].as_str().unwrap()).is_file());
    place.done(&["mark", "given", id, "--initials", "ER"]);
    assert_eq!(place.json(&["show", id])["dispatch"]["state"], "confirmed");
    assert_eq!(tasks(&place, "give-by-hand"), 0);
}

#[test]
fn reminders_that_a_parent_stops_stop_and_required_papers_go_on() {
    let place = Place::with(&["c-0417"]);
    place.done(&["import"]);
    let stop = ["record", "reminders", "--child", "c-0417", "--person", "0417-mother"];
    place.done(&stop);
    let run = place.json(&["run"]);
    let papers = |run: &Value| {
        let lines = run["dispatches"].as_array().unwrap().iter().filter(|d| d["recipient"] == "family:0417-mother");
        lines.flat_map(|d| d["documents"].as_array().unwrap().clone()).map(|d| d["kind"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(papers(&run), ["ifsp"]);
    place.done(&[&stop[..], &["--again"]].concat());
    assert_eq!(papers(&place.json(&["run"])), ["monthly-reminder"]);
}

#[test]
fn a_word_spoken_holds_a_release_and_the_parents_second_word_frees_it() {
    const DOCTOR: &str = "office:ghent-pediatrics/dr-osei";
    let place = Place::with(&["c-0417"]);
    place.done(&["import"]);
    let revoke = ["consent", "revoke", "--child", "c-0417", "--release", "0417-release-ghent", "--oral"];
    place.done(&revoke);
    assert_eq!(tasks(&place, "written-revocation"), 1);
    let run = place.json(&["run"]);
    assert_eq!(dispatch(&run, DOCTOR, "physician-letter")["state"], "held");
    let keep =
        ["consent", "keep", "--child", "c-0417", "--release", "0417-release-ghent", "--because", "meant another"];
    place.done(&keep);
    assert_eq!(tasks(&place, "written-revocation"), 0);
    assert_eq!(dispatch(&place.json(&["run"]), DOCTOR, "physician-letter")["state"], "accepted");
}

#[test]
fn a_claim_without_a_paper_blocks_nothing_and_opens_a_task() {
    let place = Place::with(&["c-0417"]);
    place.done(&["import"]);
    place.done(&["record", "claim", "--child", "c-0417", "--person", "0417-father"]);
    assert_eq!(tasks(&place, "order-claimed"), 1);
    assert_eq!(dispatch(&place.json(&["run"]), "family:0417-father", "ifsp")["state"], "printed");
}

#[test]
fn nothing_is_recorded_for_somebody_unknown_a_day_to_come_or_a_parents_placement() {
    let place = Place::with(&["c-0417"]);
    place.done(&["import"]);
    let record = |args: &[&str]| place.earlypost(&[&["record"], args].concat());
    record(&["move", "--child", "c-0417", "--person", "0417-uncle"])
        .fails(1, "the family of child c-0417 has no person 0417-uncle, but these: 0417-mother, 0417-father");
    record(&["move", "--child", "c-0417", "--person", "0417-father", "--on", "2026-11-21"])
        .fails(1, "--on lies in the future");
    record(&["placement", "--child", "c-0417", "--person", "0417-father"])
        .fails(1, "keeps the right to records unless an order says otherwise");
    record(&[
        "order",
        "--child",
        "c-0417",
        "--order",
        "o",
        "--person",
        "0417-father",
        "--from",
        "2026-11-20",
        "--until",
        "2026-11-19",
    ])
    .fails(1, "the order would end before it begins");
    record(&["death", "--child", "c-9999"]).fails(1, "there is no child c-9999");
    record(&[
        "exception",
        "--child",
        "c-0417",
        "--to",
        "office:ghent-pediatrics",
        "--class",
        "plan",
        "--reviewer",
        "J. Alvarez",
    ])
    .fails(2, "--emergency");
    assert_eq!(place.json(&["status"])["waiting"], json!([]));
}
