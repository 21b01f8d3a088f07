//! What staff paste never holds a child's mail: it is folded, mapped, or printed as a stand-in with a task. Only a name
//! is refused, by its character.

use earlypost::{
    case::{
        CaseRecord,
        import::{Rules, STAND_IN, Source, Taken, read_record},
    },
    document::can_print,
};
use serde_json::{Value, json};

use super::refused;
use crate::{
    commands::place::{Place, sample},
    due::samples::samples,
};

/// The sample child's record with a change, as it is taken in.
#[track_caller]
fn taken(change: impl FnOnce(&mut Value)) -> Taken {
    let mut record = sample("c-0417");
    change(&mut record);
    let rules = Rules { today: "2026-11-20".parse().unwrap(), directory: &samples().directory, printable: can_print };
    let source = Source { file: "children/c-0417.json".into(), row: None };
    read_record(&source, &serde_json::to_vec(&record).unwrap(), &rules).unwrap_or_else(|refused| panic!("{refused:?}"))
}

/// What a note becomes, and what a person is asked about it.
#[track_caller]
fn note(text: &str) -> (String, Vec<String>) {
    let taken = taken(|r| r["contacts"][0]["narrative"] = json!(text));
    let asked = taken.to_check.iter().map(|odd| odd.problem.to_string()).collect();
    (taken.record.contacts[0].narrative.to_string(), asked)
}

#[test]
fn line_breaks_of_every_kind_become_line_breaks_in_a_note_and_blanks_in_a_line() {
    for lines in
        ["One\u{b}two", "One\u{c}two", "One\rtwo", "One\r\ntwo", "One\u{85}two", "One\u{2028}two", "One\u{2029}two"]
    {
        assert_eq!(note(lines), ("One\ntwo".to_owned(), Vec::new()), "{lines:?}");
        let record = taken(|r| r["contacts"][0]["topic"] = json!(lines)).record;
        assert_eq!(record.contacts[0].topic.as_str(), "One two", "{lines:?}");
    }
    let tabbed = taken(|r| r["contacts"][0]["topic"] = json!("One\ttwo")).record;
    assert_eq!(tabbed.contacts[0].topic.as_str(), "One two");
    // A note of a review takes line breaks, a note of a resource takes none: the field decides, not its name.
    let record = taken(|r| {
        r["ifsps"][0]["outcomes"][0]["reviews"] =
            json!([{ "on": "2026-11-20", "progress": "some", "note": "One\u{2028}two" }]);
        r["contacts"][0]["resources"] = json!([{ "name": "Pantry", "offers": "food", "note": "One\u{2028}two" }]);
    })
    .record;
    assert_eq!(record.ifsps[0].outcomes[0].reviews[0].note.as_ref().unwrap().as_str(), "One\ntwo");
    assert_eq!(record.contacts[0].resources[0].note.as_ref().unwrap().as_str(), "One two");
}

#[test]
fn bullets_and_marks_of_symbol_fonts_become_those_that_are_printed() {
    for (pasted, printed) in [
        ("\u{f0b7} Songs\n\u{f0a7} Books\n\u{f0d8} Bath", "• Songs\n• Books\n• Bath"),
        ("\u{f0fc} Done \u{f0e0} next", "✓ Done → next"),
        ("✔ Done ➔ next ▪ more", "✓ Done → next • more"),
        ("\u{93}Say it\u{94} \u{96} he doesn\u{92}t", "“Say it” – he doesn’t"),
    ] {
        let (text, asked) = note(pasted);
        assert!(asked.is_empty(), "{asked:?}");
        assert_eq!(text, printed, "{pasted:?}");
    }
}

#[test]
fn what_nobody_sees_is_left_out() {
    assert_eq!(note("\u{feff}Maya \u{202e}laughed\u{202c}\u{7}\u{0}.").0, "Maya laughed.");
    let name = |text: &str| {
        let record = taken(|r| r["child"]["legal_name"]["first"] = json!(text)).record;
        record.child.legal_name.first.to_string()
    };
    for pasted in
        ["\u{feff}Maya", "Ma\u{200b}ya", "Ma\u{ad}ya", " Maya\u{a0}", "Ma\u{2060}\u{200e}\u{200d}ya", "Maya\u{fe0f}"]
    {
        assert_eq!(name(pasted), "Maya", "{pasted:?}");
    }
    assert_eq!(name("Anne\u{a0}\u{2003}Marie"), "Anne Marie");
    assert_eq!(name("D\u{92}Angelo"), "D’Angelo");
    let number = taken(|r| r["program_number"] = json!("\u{feff}26\u{2013}0417\u{a0}")).record;
    assert_eq!(number.program_number.as_str(), "26-0417");
}

#[test]
fn a_picture_is_printed_as_a_stand_in_and_a_person_is_asked_to_write_it_in_words() {
    for (pasted, printed) in [
        ("Great \u{1f44d}", format!("Great {STAND_IN}")),
        ("Great \u{1f44d}\u{1f3fd}!", format!("Great {STAND_IN}!")),
        ("\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467} came", format!("{STAND_IN} came")),
        ("❤\u{fe0f} and \u{1f600}", format!("{STAND_IN} and {STAND_IN}")),
        ("Says 한국 at dinner", format!("Says {STAND_IN}{STAND_IN} at dinner")),
        ("\u{f8ff} phone", format!("{STAND_IN} phone")),
    ] {
        let (text, asked) = note(pasted);
        assert_eq!(text, printed, "{pasted:?}");
        assert_eq!(asked.len(), 1, "{asked:?}");
        assert!(asked[0].starts_with("children/c-0417.json: contacts[0].narrative: has a character"), "{asked:?}");
        assert!(asked[0].contains("Write it in words"), "{asked:?}");
    }
    let (text, asked) = note("The caf\u{fffd} visit");
    assert_eq!(text, format!("The caf{STAND_IN} visit"));
    assert!(asked[0].contains("lost a letter") && asked[0].contains("U+FFFD"), "{asked:?}");
    let zalgo = format!("Lo{}ud", "\u{301}".repeat(150));
    assert_eq!(note(&zalgo).0.chars().count(), 4 + 4);
}

#[test]
fn a_letter_that_no_font_has_is_refused_in_a_name_and_nowhere_else() {
    for field in ["child.preferred_name", "family[0].name.first"] {
        let refusal = refused(|r| {
            let pointer = format!("/{}", field.replace(['.', '['], "/").replace(']', ""));
            let (parent, key) = pointer.rsplit_once('/').unwrap();
            r.pointer_mut(parent).unwrap()[key] = json!("Maya \u{1f98a}");
        });
        refusal.only(None, field, "U+1F98A");
    }
    let record = taken(|r| {
        r["ifsps"][0]["participants"][1]["name"] = json!("Luis \u{1f44d}");
        r["ifsps"][0]["outcomes"][0]["statement"] = json!("Says \u{1f98a}.");
        r["appointments"][0]["what"] = json!("visit \u{1f3e0}");
    });
    assert_eq!(record.to_check.len(), 3);
    assert!(record.record.ifsps[0].participants[1].name.ends_with(STAND_IN));
}

#[test]
fn a_note_with_pictures_bullets_and_soft_line_breaks_leaves_with_the_childs_papers_and_a_task_asks_about_it() {
    let place = Place::with(&["c-0417"]);
    place.done(&["import"]);
    place.change("c-0417", |r| {
        let note = "We sang.\u{b}\u{f0b7} Bath \u{1f44d}\u{2028}\u{feff}\u{f0b7} Books";
        r["contacts"][2]["narrative"] = json!(note);
        r["contacts"][2]["decisions"][0] = json!(note);
    });
    let run = place.json(&["run"]);
    assert_eq!(run["import"]["refused"], json!([]), "{run:#}");
    assert_eq!(run["balance"]["held"], 0, "{run:#}");
    let tasks = place.json(&["tasks"]);
    let asks = |line: &&Value| {
        line["what"] == "record-to-check" && line["next_step"].as_str().unwrap().contains("contacts[2].narrative")
    };
    assert_eq!(tasks["tasks"].as_array().unwrap().iter().filter(asks).count(), 1, "{tasks:#}");
}

/// The father's postal address of the sample child.
fn address(record: &CaseRecord) -> String {
    record.family[1].endpoints[0].address.in_one_line()
}

#[test]
fn postal_addresses_are_tidied_and_one_that_could_not_be_mailed_is_told_at_the_import() {
    let with =
        |line: &str| taken(|r| r["family"][1]["endpoints"][0]["address"]["lines"] = json!(["1418 Heron St. ", line]));
    for line in [
        "Norfolk, VA 23517",
        "Norfolk, VA 23517 ",
        "Norfolk, VA 23517,",
        "Norfolk, VA 23517.",
        "Norfolk, VA\u{a0}23517",
        " Norfolk,  VA 23517\u{200b}\u{a0}",
    ] {
        let taken = with(line);
        assert_eq!(address(&taken.record), "1418 Heron St., Norfolk, VA 23517", "{line:?}");
        assert!(taken.to_check.is_empty(), "{line:?}: {:?}", taken.to_check);
    }
    assert_eq!(address(&with("Norfolk, VA 235171234").record), "1418 Heron St., Norfolk, VA 23517-1234");
    for line in ["Norfolk, VA", "Norfolk, VA 2351", "Norfolk, VA 23517-12"] {
        let taken = with(line);
        let said: Vec<String> = taken.to_check.iter().map(|odd| odd.problem.to_string()).collect();
        assert_eq!(said.len(), 1, "{said:?}");
        let start = "children/c-0417.json: family[1].endpoints[0].address.lines: ends with no ZIP code";
        assert!(said[0].starts_with(start), "{said:?}");
    }
    let abroad = taken(|r| {
        r["family"][1]["endpoints"][0]["address"]["lines"] = json!(["Calle 5", "06000 Ciudad de Mexico", "MEXICO"]);
    });
    assert!(abroad.to_check.is_empty());
}
