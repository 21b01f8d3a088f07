//! Standard output that nobody reads any more, or that cannot be written.

use std::{fs::File, io::pipe, process::Stdio};

use super::place::Place;
use crate::harness::MAYA;

#[test]
fn a_reader_that_has_seen_enough_is_no_mistake() {
    let place = Place::with(&[MAYA]);
    place.done(&["import"]);
    let commands: [&[&str]; 5] = [
        &["explain", "--child", MAYA],
        &["due", "--within", "366"],
        &["status", "--json"],
        &["schema"],
        &["completions", "bash"],
    ];
    for args in commands {
        let (reader, writer) = pipe().unwrap();
        drop(reader);
        let ended = place.command(args).stdout(writer).stderr(Stdio::piped()).output().unwrap();
        let said = String::from_utf8(ended.stderr).unwrap();
        assert_eq!(ended.status.code(), Some(0), "{args:?}: {said}");
        assert!(!said.contains("panicked"), "{args:?}: {said}");
    }
}

#[test]
fn an_output_that_cannot_be_written_is_said_and_the_work_is_done() {
    let place = Place::with(&[MAYA]);
    let full = File::options().write(true).open("/dev/full").unwrap();
    let ended = place.command(&["import", "--json"]).stdout(full).stderr(Stdio::piped()).output().unwrap();
    let said = String::from_utf8(ended.stderr).unwrap();
    assert_eq!(ended.status.code(), Some(1), "{said}");
    assert!(said.contains("the output could not be written") && !said.contains("panicked"), "{said}");
    assert_eq!(place.json(&["import"])["same"], 1, "the record was taken");
}
