//! Pipes, devices and lines without end where a file is expected: one sentence each, and nobody waits.

use std::{fs, path::Path, process::Command};

use super::place::Place;

fn pipe(at: &Path) {
    assert!(Command::new("mkfifo").arg(at).status().unwrap().success());
}

const NO_FILE: &str = "is no file but a folder, a pipe or a device; put a file in its place";

#[test]
fn a_pipe_or_a_device_in_the_caseload_is_one_refused_record_and_the_others_are_taken() {
    let place = Place::with(&["c-0415"]);
    pipe(&place.caseload("children").join("pipe.json"));
    pipe(&place.caseload("children").join("pipe.ndjson"));
    std::os::unix::fs::symlink("/dev/zero", place.caseload("children").join("zero.json")).unwrap();
    fs::create_dir(place.caseload("children").join("folder.json")).unwrap();
    let said = place.earlypost(&["import"]);
    for file in ["pipe.json", "pipe.ndjson", "zero.json", "folder.json"] {
        said.fails(3, &format!("children/{file}: {NO_FILE}"));
    }
    assert!(said.out.contains("1 new"), "{}", said.out);
}

#[test]
fn a_pipe_in_place_of_a_file_of_the_program_is_said() {
    for file in ["program.toml", "directory.json"] {
        let place = Place::with(&["c-0415"]);
        fs::remove_file(place.caseload(file)).unwrap();
        pipe(&place.caseload(file));
        place.earlypost(&["import"]).fails(3, &format!("{file}: {NO_FILE}"));
    }
    let place = Place::with(&[]);
    pipe(&place.caseload("children.ndjson"));
    place.earlypost(&["import"]).fails(3, &format!("children.ndjson: {NO_FILE}"));
}

#[test]
fn a_line_without_end_is_not_read_to_its_end_and_the_lines_before_it_are_taken() {
    let place = Place::with(&[]);
    let record = serde_json::to_vec(&super::place::sample("c-0415")).unwrap();
    let path = place.caseload("children.ndjson");
    fs::write(&path, [&record[..], b"\n"].concat()).unwrap();
    // A hole in a file: nothing but zeros, and no end of a line.
    fs::File::options().write(true).open(&path).unwrap().set_len(60 << 30).unwrap();
    let said = place.earlypost(&["import"]);
    said.fails(3, "children.ndjson:2: is a line of more than 64 MB, and a record is one line");
    assert!(said.out.contains("1 new"), "{}", said.out);
    let place = Place::with(&["c-0415"]);
    let large = fs::File::create(place.caseload("children").join("large.json")).unwrap();
    large.set_len(60 << 30).unwrap();
    place.earlypost(&["import"]).fails(3, "children/large.json: is larger than 64 MB; is it the right file?");
}

#[test]
fn a_pipe_or_a_device_is_no_document() {
    let place = Place::with(&["c-0415"]);
    place.done(&["import"]);
    pipe(&place.path("pipe.pdf"));
    let file_in = |file: &str| {
        place.earlypost(&["file-in", file, "--child", "c-0415", "--kind", "other", "--date", "2026-11-02"])
    };
    file_in(place.path("pipe.pdf").to_str().unwrap()).fails(1, &format!("the file {NO_FILE}"));
    file_in("/dev/zero").fails(1, &format!("the file {NO_FILE}"));
    file_in("/").fails(1, &format!("the file {NO_FILE}"));
    let large = fs::File::create(place.path("large.pdf")).unwrap();
    large.set_len(60 << 30).unwrap();
    file_in(place.path("large.pdf").to_str().unwrap()).fails(3, "larger than 25 MB");
}
