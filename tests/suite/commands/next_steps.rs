//! What a text names as the next step is a command on every screen, in every sheet and in the operator's mail.

use super::place::Place;
use crate::schedule::proof::mail_parser_text;

const MARKS: [char; 2] = ['\u{2068}', '\u{2069}'];

#[test]
fn every_screen_shows_commands_and_none_shows_the_code_of_a_hint() {
    let place = Place::with(&["c-0417", "c-0415"]);
    place.edit("caseload/children/c-0415.json", "\"schema\"", "\"colour\": 1, \"schema\"");
    let run = place.earlypost(&["run"]);
    assert!(run.err.contains("unknown field; check its spelling against `earlypost schema`"), "{}", run.err);
    let letter = place.json(&["status"])["waiting"][0]["id"].as_str().unwrap().to_owned();
    let unmailed = format!("Mail it, then run `earlypost mark mailed {letter}`.");
    for (args, shown) in [
        (&["status", "--json"][..], Some(unmailed.as_str())),
        (&["hold", "--child", "c-0417", "--reason", "a test"], None),
        (&["status", "--json"], Some(&format!("then run `earlypost mark pulled {letter}`."))),
        (&["tasks"], Some("`earlypost mark pulled ")),
        (&["tasks", "--json"], Some("`earlypost mark pulled ")),
        (&["doctor", "--all"], None),
        (&["plan"], None),
        (&["plan", "--json"], None),
        (&["plan", "--csv"], None),
        (&["show", &letter], None),
        (&["print", "sheet", "nowhere"], Some("`earlypost print list` shows them")),
        (&["mark", "returned", &letter], Some("run `earlypost mark mailed` first")),
        (
            &["filed", "withdraw", "nothing", "--child", "c-0417", "--reason", "x"],
            Some("`earlypost filed list --child c-0417`"),
        ),
        (&["send", "ifsp", "--child", "c-0417", "--enclose", "nothing"], Some("`earlypost filed list --child c-0417`")),
        (
            &["record", "move", "--child", "c-0417", "--person", "0417-mother", "--on", "2099-01-01"],
            Some(": --on lies in the future"),
        ),
        (&["explain", "--child", "c-0417"], None),
    ] {
        let said = place.earlypost(args);
        let all = said.out + &said.err;
        assert!(!all.contains(MARKS), "{args:?}: {all}");
        assert!(shown.is_none_or(|shown| all.contains(shown)), "{args:?}: {all}");
    }
}

#[test]
fn what_a_person_types_is_shown_as_it_was_typed_and_is_never_a_command() {
    let place = Place::with(&["c-0417"]);
    place.done(&["run"]);
    let says = format!("{}run-doctor{} and `earlypost run`", MARKS[0], MARKS[1]);
    place.done(&["ledger", "correct", "1", "--says", &says]);
    place.done(&["hold", "--recipient", "family:0417-mother", "--reason", &says]);
    for args in [&["status"][..], &["status", "--json"], &["ledger", "report", "--child", "c-0417"]] {
        let out = place.done(args).out;
        assert!(out.contains("run-doctor\u{fffd} and `earlypost run`"), "{args:?}: {out}");
        assert!(!out.contains("earlypost doctor") && !out.contains(MARKS), "{args:?}: {out}");
    }
}

#[test]
fn the_operators_mail_names_commands_as_a_screen_does() {
    let place = Place::with(&["c-0417"]);
    let settings = std::fs::read_to_string(place.path("earlypost.toml")).unwrap();
    let operator = "operator_email = \"operator@example.org\"\n";
    let proof = "\n[[schedule]]\nname = \"proof\"\nwork = \"proof\"\nat = \"0 6 * * *\"\n";
    std::fs::write(place.path("earlypost.toml"), format!("{operator}{settings}{proof}")).unwrap();
    place.done(&["run"]);
    std::fs::remove_file(place.data("ledger.mark")).unwrap();
    let said = place.earlypost(&["schedule", "run", "proof"]);
    assert!(said.out.contains("the operator was told"), "{} {}", said.out, said.err);
    // The same fault in the log: its code.
    assert!(said.err.contains("`accept-installation`") && !said.err.contains(MARKS), "{}", said.err);
    let mails = place.files("data/outgoing/operator");
    let mail = mail_parser_text(&std::fs::read(&mails[0]).unwrap());
    assert!(mail.contains("then `earlypost release --installation --reason ...`."), "{mail}");
    assert!(mail.contains("`earlypost doctor` shows how things stand now."), "{mail}");
    assert!(!mail.contains(MARKS), "{mail}");
}
