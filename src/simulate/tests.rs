use std::{
    collections::{BTreeMap, HashSet},
    fs,
};

use serde_json::Value;

use super::{Plan, SimulateError, bank, record, sketch::Sketch, write_caseload};
use crate::{
    case::{
        CaseRecord, FamilyInformation, IfspStatus, Program, Recipient,
        import::{Caseload, Rules, Source, read_program, read_record},
    },
    due::{DocumentKind, ObligationKind, Profile, Rulebook, due_items},
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

/// Papers due on the day, by obligation and kind of paper.
fn due(plan: &Plan) -> BTreeMap<(ObligationKind, DocumentKind), usize> {
    let (program, profile) = (program(plan), Profile::named("virginia").unwrap());
    let rules = Rulebook { program: &program, profile: &profile };
    let mut count = BTreeMap::new();
    for index in 0..plan.children {
        for item in due_items(&record::of(plan, index), &rules, plan.day).iter().filter(|item| item.is_open_on(plan.day)) {
            for owed in item.owed.iter().filter(|owed| owed.has_it_since.is_none()) {
                for paper in &owed.papers {
                    *count.entry((item.kind, *paper)).or_default() += 1;
                }
            }
        }
    }
    count
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
    for (day, seed, children) in [("2026-11-20", 1, 500), ("2024-02-29", 2, 250), ("2027-01-01", 3, 250), ("2026-08-31", 4, 250)] {
        let plan = Plan { children, seed, day: day.parse().unwrap(), synthetic: true };
        let folder = written(&plan);
        let caseload = Caseload::open(&folder.path().join("caseload"), |_| true).unwrap();
        let rules = Rules { today: plan.day, directory: &caseload.directory, printable: |_| true };
        let mut taken = 0;
        for (source, read) in caseload.records(&rules) {
            read.unwrap_or_else(|refused| panic!("{day} {source:?}: {:?}", refused.problems));
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
        assert_eq!(read_record(&source, &bytes, &rules).unwrap(), built);
    }
}

#[test]
fn a_thousand_children_have_about_three_thousand_papers_due() {
    for (seed, day) in [(1, "2026-11-20"), (2, "2026-11-20"), (3, "2026-12-31"), (4, "2027-03-01")] {
        let papers: usize = due(&Plan { seed, day: day.parse().unwrap(), ..plan(1000) }).values().sum();
        assert!((2700..=3300).contains(&papers), "{papers} papers on {day} with seed {seed}");
    }
}

#[test]
fn every_kind_of_paper_is_due_for_somebody() {
    let due = due(&plan(1000));
    for kind in DocumentKind::ALL {
        assert!(due.keys().any(|(_, paper)| paper == kind), "{kind}");
    }
}

#[test]
fn full_names_ids_and_numbers_of_five_thousand_children_are_unique() {
    let plan = plan(5000);
    let mut seen = HashSet::new();
    for index in 0..plan.children {
        let record = record::of(&plan, index);
        assert!(seen.insert(record.child.legal_name.full()));
        assert!(seen.insert(record.child_id.to_string()));
        assert!(seen.insert(record.program_number.to_string()));
        for parent in &record.family {
            assert!(seen.insert(parent.person_id.to_string()));
            assert!(parent.endpoints.iter().all(|e| seen.insert(e.endpoint_id.to_string())));
        }
    }
}

#[test]
fn no_record_names_another_child() {
    let plan = plan(150);
    let records: Vec<CaseRecord> = (0..plan.children).map(|index| record::of(&plan, index)).collect();
    for record in &records {
        let text = serde_json::to_string(record).unwrap();
        for other in records.iter().filter(|other| other.child_id != record.child_id) {
            assert!(!text.contains(&other.child.legal_name.full()));
            assert!(!text.contains(other.program_number.as_str()));
        }
    }
}

#[test]
fn a_plan_in_effect_is_full_and_its_texts_differ_between_children() {
    let plan = plan(300);
    let mut narratives = HashSet::new();
    let mut repeated = 0;
    for index in 0..plan.children {
        let record = record::of(&plan, index);
        for version in record.ifsps.iter().filter(|v| v.status == IfspStatus::InEffect) {
            let levels = version.present_levels.as_ref().unwrap();
            let all = [
                &levels.physical, &levels.vision, &levels.hearing, &levels.health, &levels.cognitive, &levels.communication,
                &levels.social_emotional, &levels.adaptive,
            ];
            for level in all {
                let words = level.narrative.split_whitespace().count();
                assert!((80..=175).contains(&words), "{words} words: {}", level.narrative.as_str());
                repeated += usize::from(!narratives.insert(level.narrative.to_string()));
            }
            assert!((4..=5).contains(&version.outcomes.len()));
            assert!((2..=4).contains(&version.services.len()));
            assert!(version.other_services.len() == 3 && version.transition_steps.len() >= 3);
            assert!(matches!(&version.family, Some(FamilyInformation::Agreed { .. } | FamilyInformation::Declined)));
        }
    }
    assert_eq!(repeated, 0, "of {}", narratives.len());
}

/// Every text of a record.
fn texts(value: &Value, out: &mut Vec<String>) {
    match value {
        Value::String(text) => out.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| texts(item, out)),
        Value::Object(fields) => fields.values().for_each(|item| texts(item, out)),
        _ => {}
    }
}

#[test]
fn no_slot_and_no_choice_is_left_open() {
    let plan = plan(300);
    for index in 0..plan.children {
        let mut all = Vec::new();
        texts(&serde_json::to_value(record::of(&plan, index)).unwrap(), &mut all);
        for text in all {
            assert!(!text.contains(['{', '}', '[', ']', '|', '_']) || !text.contains(' '), "{text}");
            assert!(!text.contains("  ") && !text.contains(" ."), "{text}");
        }
    }
}

#[test]
fn every_sentence_of_the_bank_can_be_told_and_every_line_is_short_enough() {
    for index in 0..200 {
        let (sketch, mut teller) = Sketch::draw(&plan(200), index);
        let Some(meeting) = sketch.time.meetings.last() else { continue };
        sketch.words_of(meeting, &mut teller);
        for (name, text) in bank::all() {
            let told = teller.fill(text);
            assert!(!told.is_empty() && !told.contains(['{', '[']), "{name}: {told}");
            let is_line = ["method", "location", "request", "purpose", "decision", "topic"].iter().any(|part| name.contains(part));
            assert!(!is_line || told.chars().count() <= 200, "{name}: {told}");
        }
    }
}

#[test]
fn the_special_cases_are_what_they_say() {
    let due = due(&plan(500));
    let of = |kind: ObligationKind| due.iter().filter(|((k, _), _)| *k == kind).map(|(_, n)| n).sum::<usize>();
    assert_eq!(of(ObligationKind::StopService), 3);
    assert!(of(ObligationKind::SummaryOfContact) >= 6);
    assert!((3..=6).contains(&of(ObligationKind::TransitionPacketToFamily)));
    let records = (0..500).map(|index| record::of(&plan(500), index));
    let without_release = records.filter(|r| r.in_effect().is_some() && r.releases.is_empty()).count();
    assert!((20..=80).contains(&without_release), "{without_release}");
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

#[test]
fn an_agency_of_a_new_plan_has_a_role_on_the_day() {
    let plan = plan(300);
    for index in 0..plan.children {
        let record = record::of(&plan, index);
        for line in record.in_effect().into_iter().flat_map(|v| &v.services).filter(|line| line.consent.stands()) {
            let agency = line.provider_organisation.as_ref().unwrap();
            let holds = record.assignments.iter().any(|a| &a.organisation_id == agency && a.holds_on(plan.day));
            assert!(holds, "{} for {:?}", record.child_id, Recipient::office(agency, None));
        }
    }
}
