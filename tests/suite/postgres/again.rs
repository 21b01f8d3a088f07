//! The suite's own tests of everything that opens a store, once more on PostgreSQL, as a service with few rights.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::harness::{
    on_postgres,
    passes::{Choice, ONCE, WITHOUT_A_STORE, names, objection},
    postgres_is_here,
};

/// Names of the suite's tests; `further` are words for the test harness.
fn tests(further: &[&str]) -> BTreeSet<String> {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--list", "--format", "terse"])
        .args(further)
        .output()
        .unwrap();
    let listed = String::from_utf8(output.stdout).unwrap();
    listed.lines().filter_map(|line| line.strip_suffix(": test")).map(ToOwned::to_owned).collect()
}

#[test]
fn what_holds_on_sqlite_holds_on_postgresql() {
    if on_postgres() || !postgres_is_here("what_holds_on_sqlite_holds_on_postgresql") {
        return;
    }
    let by_hand = tests(&["--ignored"]);
    let left_out = |test: &String| {
        WITHOUT_A_STORE.iter().chain(ONCE.iter().map(|(entry, _)| entry)).any(|entry| names(entry, test))
    };
    let again: Vec<String> = tests(&[]).into_iter().filter(|test| !by_hand.contains(test) && !left_out(test)).collect();
    let output = Command::new(std::env::current_exe().unwrap())
        .arg("--exact")
        .args(&again)
        .env("EARLYPOST_TEST_STORE", "postgres")
        .output()
        .unwrap();
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{out}\n{err}");
    let result = out.lines().find_map(|line| line.strip_prefix("test result: ok. ")).unwrap_or_default();
    println!("on PostgreSQL: {result}");
    assert!(result.starts_with(&format!("{} passed", again.len())), "{} were to pass: {result}\n{err}", again.len());
}

#[test]
fn each_test_that_is_left_out_of_the_second_pass_is_there() {
    let tests = tests(&[]);
    assert!(tests.len() > 500, "{tests:?}");
    let entries = WITHOUT_A_STORE.iter().chain(ONCE.iter().map(|(entry, _)| entry));
    let nobody: Vec<&&str> = entries.filter(|entry| !tests.iter().any(|test| names(entry, test))).collect();
    assert!(nobody.is_empty(), "no test is named by {nobody:?}");
}

#[test]
fn a_test_that_opens_a_store_and_is_left_out_of_the_second_pass_fails() {
    let fails = |test, choice| objection(test, choice).is_some();
    assert!(fails("smtp::tls::x", Choice::OfTheSuite) && fails("smtp::tls::x", Choice::OfTheTest));
    assert!(fails("upgrade::x", Choice::OfTheSuite) && !fails("upgrade::x", Choice::OfTheTest));
    assert!(fails("pipeline::path::x", Choice::OfTheTest) && !fails("pipeline::path::x", Choice::OfTheSuite));
    // A part is named as a whole, and never a part of another of the same name.
    assert!(!fails("commands::papers::x", Choice::OfTheSuite), "`papers::` is another part");
}

/// Ways to a store that pass the harness by, and the files that may take them, each with its reason.
const WAYS_PAST: [(&str, &[(&str, &str)]); 5] = [
    (
        "Store::open(",
        &[
            ("harness/mod.rs", "it is the harness"),
            ("ledger/keeping.rs", "the world's own database under another key"),
            ("postgres/locks.rs", "the world's own database by the database's clock"),
            ("postgres/opening.rs", "how it is opened is what is asked"),
        ],
    ),
    (
        "migrate(",
        &[
            ("harness/database.rs", "it is the harness"),
            ("postgres/opening.rs", "how it is opened is what is asked"),
            ("upgrade.rs", "from each schema that there was"),
        ],
    ),
    ("app::assemble", &[]),
    ("Outbox::fill", &[("harness/mod.rs", "it is the harness")]),
    (
        "Command::new(env!(\"CARGO_BIN_EXE_earlypost\"))",
        &[
            ("commands/place.rs", "the program with no store but a test's own"),
            ("docs.rs", "`help`, which opens none"),
            ("pipeline/crashes.rs", "with the store that the harness gave"),
        ],
    ),
];

#[test]
fn a_store_is_opened_through_the_harness_alone() {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() { walk(&path, found) } else { found.push(path) }
        }
    }
    let mut files = Vec::new();
    walk(Path::new("tests/suite"), &mut files);
    files.retain(|path| path.extension().is_some_and(|e| e == "rs") && !path.ends_with("postgres/again.rs"));
    for (way, known) in WAYS_PAST {
        let taken: BTreeSet<String> = files
            .iter()
            .filter(|path| fs::read_to_string(path).unwrap().contains(way))
            .map(|path| path.strip_prefix("tests/suite").unwrap().display().to_string())
            .collect();
        let known: BTreeSet<String> = known.iter().map(|(file, _)| (*file).to_owned()).collect();
        assert_eq!(taken, known, "{way}: ask the harness for a store, or say here why not");
    }
}
