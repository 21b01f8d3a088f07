//! The files, and what the rest of the program takes from them.

mod papers;
mod texts;

use std::fs;

use super::{Plan, SimulateError, record, write_caseload};
use crate::case::{
    Program,
    import::{Caseload, Rules, Source, read_program, read_record},
};

fn plan(children: u32) -> Plan {
    Plan { children, seed: 7, day: "2026-11-20".parse().unwrap(), synthetic: true }
}

fn written(plan: &Plan) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    write_caseload(plan, folder.path()).unwrap();
    folder
}

fn program(plan: &Plan) -> Program {
    read_program(&written(&Plan { children: 1, ..*plan }).path().join("caseload")).unwrap()
}

fn files(folder: &std::path::Path) -> Vec<Vec<u8>> {
    ["earlypost.toml", "caseload/program.toml", "caseload/directory.json", "caseload/children.ndjson"]
        .iter()
        .map(|name| fs::read(folder.join(name)).unwrap())
        .collect()
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_seed_gives_others() {
    let (one, again) = (written(&plan(60)), written(&plan(60)));
    assert_eq!(files(one.path()), files(again.path()));
    let other = written(&Plan { seed: 8, ..plan(60) });
    assert_ne!(files(one.path()).last(), files(other.path()).last());
}

#[test]
fn a_larger_caseload_begins_with_the_smaller_one() {
    let (small, large) = (written(&plan(30)), written(&plan(400)));
    let records = |folder: &tempfile::TempDir| fs::read(folder.path().join("caseload/children.ndjson")).unwrap();
    assert!(records(&large).starts_with(&records(&small)));
}

#[test]
fn every_record_is_taken_without_a_problem_on_any_kind_of_day() {
    for (day, seed, children) in
        [("2026-11-20", 1, 500), ("2024-02-29", 2, 250), ("2027-01-01", 3, 250), ("2026-08-31", 4, 250)]
    {
        let plan = Plan { children, seed, day: day.parse().unwrap(), synthetic: true };
        let folder = written(&plan);
        let caseload = Caseload::open(&folder.path().join("caseload"), |_| true).unwrap();
        let rules = Rules { today: plan.day, directory: &caseload.directory, printable: |_| true };
        let mut taken = 0;
        for (source, read) in caseload.records(&rules) {
            let read = read.unwrap_or_else(|refused| panic!("{day} {source:?}: {:?}", refused.problems));
            assert_eq!(read.to_check, [], "{day} {source:?}: a made-up record is not odd");
            taken += 1;
        }
        assert_eq!(taken, children);
    }
}

#[test]
fn a_record_reads_back_as_it_was_built() {
    let plan = plan(40);
    let directory = super::offices::directory(plan.children, plan.day);
    let rules = Rules { today: plan.day, directory: &directory, printable: |_| true };
    let source = Source { file: "children.ndjson".into(), row: Some(1) };
    for index in 0..plan.children {
        let built = record::of(&plan, index);
        let bytes = serde_json::to_vec(&built).unwrap();
        assert_eq!(*read_record(&source, &bytes, &rules).unwrap().record, built);
    }
}

#[test]
fn a_program_that_is_not_synthetic_has_the_real_date() {
    let real = program(&Plan { synthetic: false, ..plan(1) });
    assert!(!real.synthetic && real.as_of.is_none());
    let synthetic = program(&plan(1));
    assert!(synthetic.synthetic && synthetic.as_of.is_some_and(|d| *d == plan(1).day));
}

#[test]
fn nothing_is_written_into_a_folder_that_holds_something() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("mine.txt"), "mine").unwrap();
    let refused = write_caseload(&plan(1), folder.path()).unwrap_err();
    assert!(matches!(refused, SimulateError::NotEmpty(_)), "{refused}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_plan_out_of_range_is_refused_before_anything_is_written() {
    let out = tempfile::tempdir().unwrap().path().join("new");
    let day = "0003-01-01".parse().unwrap();
    assert!(matches!(write_caseload(&Plan { day, ..plan(1) }, &out), Err(SimulateError::Day)));
    assert!(matches!(write_caseload(&plan(1_000_001), &out), Err(SimulateError::TooMany)));
    assert!(!out.exists());
}
