//! The time comes from the clock that is handed in, and an instant becomes a day in one place. Clippy refuses the calls by
//! their names (`clippy.toml`); what it cannot see, such as a date that a library adds by itself, is read here.

use std::{fs, path::Path};

use crate::order::rust_files;

/// Who may name the machine's clock: its home, and those who put an installation together.
const ASSEMBLE: [&str; 3] = ["src/clock.rs", "src/app.rs", "src/cli/"];

/// Calls that ask the system for the time.
const ASKS: [&str; 6] = ["Utc::now(", "Local::now(", "SystemTime::now(", "now_v7(", "Timestamp::now(", "date_now("];

/// Ways to take a day from an instant without its zone.
const CUTS: [&str; 4] = ["date_naive(", "[..10]", ".get(..10)", "substr("];

/// What would bear the date of the moment at which it is made, and what gives it ours.
const DATES_ITSELF: [(&str, &str); 2] =
    [("MessageBuilder::new()", ".header(Date::from("), ("Event::new()", ".timestamp(")];

/// What is wrong with the text of a file.
fn faults(file: &str, text: &str) -> Vec<String> {
    let code: String = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    let mut found = Vec::new();
    let mut fault = |what: &str| found.push(format!("{file}: {what}"));
    if file != "src/clock.rs" {
        ASKS.iter().filter(|call| code.contains(**call)).for_each(|call| fault(&format!("{call} asks the system")));
        CUTS.iter()
            .filter(|cut| code.contains(**cut))
            .for_each(|cut| fault(&format!("{cut} makes a day of an instant")));
    }
    if code.contains("SystemClock") && !ASSEMBLE.iter().any(|place| file.starts_with(place)) {
        fault("takes the machine's clock instead of the one that is handed in");
    }
    for (made, dated) in DATES_ITSELF {
        for (at, _) in code.match_indices(made) {
            let statement = code[at..].split(';').take(2).collect::<String>();
            if !statement.contains(dated) {
                fault(&format!("{made} without {dated}"));
            }
        }
    }
    found
}

#[test]
fn nothing_asks_the_system_for_the_time_but_the_clock() {
    let mut files = Vec::new();
    rust_files(Path::new("src"), &mut files);
    let found: Vec<String> =
        files.iter().flat_map(|file| faults(&file.to_string_lossy(), &fs::read_to_string(file).unwrap())).collect();
    assert!(files.len() > 100 && found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn each_way_round_the_clock_is_found() {
    for code in [
        "let now = Utc::now();",
        "let at = SystemClock.now();",
        "let day = now.date_naive();",
        "let day = &instant_text(now)[..10];",
        "sqlx::query(\"SELECT substr(at, 1, 10) FROM run\")",
        "let mail = MessageBuilder::new()\n    .from(me)\n    .subject(what);",
        "let mut event = Event::new();\nevent.uid(id);\nevent.timestamp(made_at);",
    ] {
        assert_eq!(faults("src/store/runs.rs", code).len(), 1, "{code}");
    }
    let dated =
        "let mail = MessageBuilder::new()\n    .header(Date::from(at))\n    .from(me);\n// Utc::now() in a comment";
    assert!(faults("src/store/runs.rs", dated).is_empty());
}
