//! What the records say.

use std::collections::HashSet;

use serde_json::Value;

use super::plan;
use crate::{
    case::{CaseRecord, FamilyInformation, IfspStatus},
    simulate::{bank, record, sketch::Sketch},
};

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
                &levels.physical,
                &levels.vision,
                &levels.hearing,
                &levels.health,
                &levels.cognitive,
                &levels.communication,
                &levels.social_emotional,
                &levels.adaptive,
            ];
            for level in all {
                let words = level.narrative.split_whitespace().count();
                assert!((80..=175).contains(&words), "{words} words: {}", level.narrative.as_str());
                repeated += usize::from(!narratives.insert(level.narrative.to_string()));
            }
            assert!((4..=5).contains(&version.outcomes.len()));
            assert!((2..=4).contains(&version.services.len()));
            for outcome in &version.outcomes {
                let served = version
                    .services
                    .split_last()
                    .is_some_and(|(_, therapies)| therapies.iter().any(|l| l.outcomes.contains(&outcome.number)));
                assert!(served, "outcome {} of {}", outcome.number, record.child_id);
            }
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
            let is_line = ["method", "location", "request", "purpose", "decision", "topic"]
                .iter()
                .any(|part| name.contains(part));
            assert!(!is_line || told.chars().count() <= 200, "{name}: {told}");
        }
    }
}
