//! What strangers wrote is shown on a terminal and does nothing there. That no control character leaves any command is
//! looked at for every command that the suite runs (`place::ended`); here they are put in.

use std::fs;

use super::place::{Place, sample};
use crate::harness::MAYA;

/// Title of the window, a cleared screen, the second set of control characters, and text that runs backward.
const EVIL: &str = "A\u{1b}]0;OWNED\u{7}\u{1b}[2J\u{9b}31m\u{202e}B";

#[test]
fn a_letter_is_shown_with_its_control_characters_as_text_and_goes_as_it_is_to_a_file_only() {
    let place = Place::with(&[]);
    for folder in ["new", "cur", "tmp"] {
        fs::create_dir_all(place.path("answers").join(folder)).unwrap();
    }
    let settings = fs::read_to_string(place.path("earlypost.toml")).unwrap();
    fs::write(place.path("earlypost.toml"), format!("{settings}\n[receive]\nmaildir = \"answers\"\n")).unwrap();
    let letter = format!("From: a@example.com\r\nSubject: {EVIL}\r\n\r\n{EVIL}\rover\r\n");
    fs::write(place.path("answers/new/1.a"), &letter).unwrap();
    place.done(&["receive"]);
    let list = place.json(&["receive", "list"]);
    let id = list[0]["id"].as_str().unwrap();

    let shown = place.done(&["receive", "show", id]).out;
    assert!(shown.contains("A^[]0;OWNED^G^[[2J") && shown.contains("^Mover\r\n"), "{shown:?}");
    let json = place.json(&["receive", "show", id]);
    assert!(json["text"].as_str().unwrap().contains(EVIL), "JSON keeps every character, escaped");
    let file = place.path("letter.eml");
    place.done(&["receive", "show", id, "--out", file.to_str().unwrap()]);
    assert_eq!(fs::read(file).unwrap(), letter.as_bytes());
}

#[test]
fn names_of_files_and_fields_and_of_who_runs_a_command_are_shown() {
    let place = Place::with(&[MAYA]);
    let mut record = sample(MAYA);
    record[EVIL] = 1.into();
    let name = format!("{}.json", EVIL.replace('/', ""));
    place.put_bytes(&name, &serde_json::to_vec(&record).unwrap());
    place.put_bytes("two\nlines.json", b"{");
    let said = place.earlypost(&["import"]);
    said.fails(3, "A^[]0;OWNED^G^[[2J");
    assert!(said.err.contains("two^Jlines.json"), "one line a problem: {}", said.err);
    let json = place.earlypost(&["import", "--json"]).json();
    assert!(json.to_string().contains("OWNED"));

    let mut command = place.command(&["hold", "--child", MAYA, "--reason", "a reason"]);
    super::place::ended(command.env("EARLYPOST_USER", EVIL));
    place.earlypost(&["status"]);
    place.earlypost(&["ledger", "list"]);
}

#[test]
fn a_refused_paper_says_why_once() {
    let place = Place::with(&[MAYA]);
    place.done(&["import"]);
    let file = place.path("x.pdf");
    for bytes in [&b"no PDF"[..], b"%PDF-1.4\ndamaged\n%%EOF\n"] {
        fs::write(&file, bytes).unwrap();
        let args =
            ["file-in", file.to_str().unwrap(), "--child", MAYA, "--kind", "evaluation-report", "--date", "2026-11-05"];
        let said = place.earlypost(&args);
        assert_eq!(said.code, 3, "{}", said.err);
        let reason = said.err.trim().rsplit(": ").next().unwrap();
        assert!(reason.len() > 15, "{}", said.err);
        assert_eq!(said.err.matches(reason).count(), 1, "{}", said.err);
    }
}
