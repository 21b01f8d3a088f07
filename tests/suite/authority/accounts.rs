//! Which person runs a command, and what the record keeps of it.

use crate::commands::place::{Place, account, account_as_recorded, ended};

/// A program of real people, in which `[people]` says who the account of the tests is.
fn place(people: &str) -> Place {
    let place = Place::with(&["c-0417", "c-0398"]);
    place.edit("caseload/program.toml", "synthetic = true\nas_of = \"2026-11-20\"", "synthetic = false");
    place.add_settings(people);
    place
}

#[test]
fn in_a_synthetic_program_everybody_may_do_everything_under_the_name_of_the_account() {
    let place = Place::with(&["c-0417"]);
    place.done(&["import"]);
    place.done(&["hold", "--child", "c-0417", "--reason", "a call"]);
    let mut command = place.command(&["release", "--child", "c-0417", "--reason", "a mistake"]);
    let said = ended(command.env("EARLYPOST_USER", "Dr. Somebody Else").env("USER", "else").env("LOGNAME", "else"));
    assert_eq!(said.code, 0, "{}", said.err);
    place.done(&["record", "death", "--child", "c-0417"]);
    let shown = place.json(&["ledger", "list"]).to_string();
    assert!(!shown.contains("Somebody Else"), "{shown}");
    assert!(account_as_recorded().starts_with(&account()));
}

#[test]
fn an_account_that_is_nobody_holds_but_lifts_and_reads_nothing() {
    let place = place("");
    place.done(&["import"]);
    place.done(&["hold", "--child", "c-0417", "--reason", "a call"]);
    for command in [
        &["release", "--child", "c-0417", "--reason", "a mistake"][..],
        &["child", "show", "c-0417"],
        &["explain", "--child", "c-0417"],
        &["find", "Rivera"],
        &["ledger", "list", "--child", "c-0417"],
    ] {
        place.earlypost(command).fails(1, "your role does not let you");
    }
    place.done(&["due"]);
    place.done(&["status"]);
}

#[test]
fn a_person_of_the_settings_acts_under_the_name_of_the_directory() {
    let people = format!("[people.{}]\nperson = \"jenni-alvarez\"\nroles = [\"coordinator\"]\n", account());
    let place = place(&people);
    place.done(&["import"]);
    let shown = place.done(&["child", "show", "c-0417"]).out;
    assert!(shown.contains("Maya Rivera") && shown.contains("Jenni Alvarez"), "{shown}");
    place.earlypost(&["child", "show", "c-0398"]).fails(1, "c-0398 is a child you do not serve");
    place.done(&["ledger", "list", "--child", "c-0417"]);
    let entries = place.json(&["ledger", "list", "--child", "c-0417"]).to_string();
    assert!(entries.contains("Jenni Alvarez <person:jenni-alvarez> (command line)"), "{entries}");
}

#[test]
fn a_role_that_there_is_not_is_a_mistake_of_the_settings() {
    for roles in ["[\"boss\"]", "[]"] {
        let place = place(&format!("[people.somebody]\nperson = \"jenni-alvarez\"\nroles = {roles}\n"));
        place.earlypost(&["status"]).fails(3, "people.somebody.roles");
    }
}
