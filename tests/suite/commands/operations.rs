//! What a person does to one dispatch, as a person does it.

use super::place::{Place, dispatch};

const MOTHER: &str = "family:0417-mother";
const FATHER: &str = "family:0417-father";

fn id(run: &serde_json::Value, recipient: &str) -> String {
    dispatch(run, recipient, "ifsp")["id"].as_str().unwrap().to_owned()
}

#[test]
fn a_dispatch_is_sent_again_and_show_tells_both_attempts_whole() {
    let place = Place::with(&["c-0417"]);
    let run = place.json(&["run"]);
    let mother = id(&run, MOTHER);
    assert_eq!(place.json(&["resend", &mother])["state"], "queued");
    place.earlypost(&["resend", &mother]).fails(1, "nothing has to be sent again");
    place.done(&["deliver"]);
    let shown = place.json(&["show", &mother]);
    let attempts = shown["attempts"].as_array().unwrap();
    assert_eq!(attempts.len(), 2);
    for attempt in attempts {
        assert_eq!(attempt["outcome"], "accepted");
        assert_eq!(attempt["endpoint"], "0417-mail");
        assert_eq!(attempt["decision"]["basis"], "PARENT_COPY");
        assert!(attempt["reply"].as_str().unwrap().contains("nothing left this machine"));
        assert!(attempt["milliseconds"].is_u64());
    }
    let said = place.done(&["show", &mother]).out;
    assert!(said.contains("attempt 2 by folder to endpoint 0417-mail: accepted"), "{said}");
    assert!(said.contains("PARENT_COPY"), "{said}");
}

#[test]
fn newer_papers_need_a_reason_and_a_letter_in_the_stack_is_taken_out() {
    let place = Place::with(&["c-0417"]);
    let run = place.json(&["run"]);
    let father = id(&run, FATHER);
    place.earlypost(&["regenerate", &father]).fails(4, "nothing has changed");
    place.change("c-0417", |record| record["child"]["preferred_name"] = "Mia".into());
    place.done(&["import"]);
    let said = place.done(&["regenerate", &father]).out;
    assert!(said.contains("child.preferred_name") && !said.contains("Mia"), "{said}");
    assert!(said.contains(&format!("Take {father} out of the print stack.")), "{said}");
}

#[test]
fn what_left_is_not_cancelled_and_the_others_of_the_same_command_are() {
    let place = Place::with(&["c-0417"]);
    let run = place.json(&["run"]);
    let (mother, father) = (id(&run, MOTHER), id(&run, FATHER));
    let said = place.earlypost(&["cancel", &mother, &father]);
    said.fails(1, "only what has not left can be cancelled");
    assert!(said.out.contains(&format!("{father} is cancelled.")), "{}", said.out);
}

#[test]
fn marks_say_what_happened_and_what_follows() {
    let place = Place::with(&["c-0417"]);
    let run = place.json(&["run"]);
    let (mother, father) = (id(&run, MOTHER), id(&run, FATHER));
    place
        .earlypost(&["mark", "given", &father, "--initials", "D. Rivera the elder"])
        .fails(2, "initials are one to six");
    place.done(&["mark", "given", &father, "--initials", "DR"]);
    place.earlypost(&["mark", "given", &father, "--initials", "DR"]).fails(4, "the recipient has it");
    let said = place.done(&["mark", "returned", &mother, "--because", "moved"]).out;
    assert!(said.contains("is recorded as returned") && said.contains("takes its place and is queued"), "{said}");
    place
        .earlypost(&["resolve", &mother, "--arrived", "--because", "x"])
        .fails(1, "only an unknown outcome is resolved");
    place.earlypost(&["resolve", &mother, "--because", "x"]).fails(2, "--arrived");
    assert!(place.done(&["ledger", "verify", "--documents"]).out.contains("is clean"));
}

#[test]
fn channels_are_listed_and_only_those_that_are_there_are_resumed() {
    let place = Place::with(&["c-0417"]);
    let listed = place.json(&["channel", "list"]);
    let names: Vec<&str> =
        listed["channels"].as_array().unwrap().iter().map(|c| c["channel"].as_str().unwrap()).collect();
    assert_eq!(names, ["folder", "print"]);
    place.earlypost(&["channel", "resume", "pigeon"]).fails(1, "there are: folder, print");
    assert!(place.done(&["channel", "resume", "folder"]).out.contains("was not paused"));
}
