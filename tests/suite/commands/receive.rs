//! `earlypost receive` on the command line.

use std::fs;

use super::place::Place;

fn with_a_maildir() -> Place {
    let place = Place::with(&[]);
    for folder in ["new", "cur", "tmp"] {
        fs::create_dir_all(place.path("answers").join(folder)).unwrap();
    }
    let settings = fs::read_to_string(place.path("earlypost.toml")).unwrap();
    fs::write(place.path("earlypost.toml"), format!("{settings}\n[receive]\nmaildir = \"answers\"\n")).unwrap();
    place
}

#[test]
fn mail_that_nobody_can_match_is_listed_shown_and_closed() {
    let place = with_a_maildir();
    let letter = "From: a@example.org\nTo: papers@example.org\n\nPlease call me.\n";
    fs::write(place.path("answers/new/1.a"), letter).unwrap();

    assert!(place.done(&["receive"]).out.starts_with("1 messages: 0 envelopes came back"));
    assert!(place.path("answers/cur/1.a:2,S").is_file(), "it is kept where it was, marked as seen");

    let list = place.json(&["receive", "list"]);
    let id = list[0]["id"].as_str().unwrap();
    assert_eq!(list[0]["standing"], "person");
    assert_eq!(place.done(&["receive", "show", id]).out, letter);
    assert!(place.done(&["status"]).out.contains("earlypost receive list"));
    place.earlypost(&["receive", "close", id, "--because", " "]).fails(1, "say what came of it");
    place.done(&["receive", "close", id, "--because", "called back"]);
    assert!(place.done(&["receive", "list"]).out.contains("Nothing waits"));
    assert!(!place.done(&["status"]).out.contains("earlypost receive list"));
    place.earlypost(&["receive", "close", id, "--because", "again"]).fails(1, "there is no message that waits");
}

#[test]
fn without_a_mailbox_it_says_what_to_add() {
    Place::with(&[]).earlypost(&["receive"]).fails(1, "add `maildir = ");
}

#[test]
fn a_folder_that_is_no_maildir_and_a_mailbox_in_clear_are_named_with_their_lines() {
    let place = with_a_maildir();
    fs::remove_dir(place.path("answers/new")).unwrap();
    let settings = fs::read_to_string(place.path("earlypost.toml")).unwrap();
    let imap = "[receive.imap]\nhost = \"mail.example.org\"\nsecurity = \"plaintext\"\nusername = \"b\"\n";
    fs::write(place.path("earlypost.toml"), format!("{settings}{imap}")).unwrap();
    let said = place.earlypost(&["config", "check"]);
    said.fails(3, "receive.maildir: there is no Maildir");
    said.fails(3, "receive.imap: security: plaintext is accepted only");
    said.fails(3, "receive.imap: password_file: give one of");
}
