//! No paper names another child, and no file property names any.

use earlypost::{
    disclosure::{Roster, RosterEntry},
    due::DocumentKind,
};

use super::{made, poppler};
use crate::due::samples::samples;

fn roster() -> Roster {
    Roster::new(samples().children().map(|record| RosterEntry {
        child_id: record.child_id.clone(),
        full_name: record.child.legal_name.full(),
        program_number: record.program_number.to_string(),
    }))
}

#[test]
fn no_paper_of_one_child_names_another() {
    let roster = roster();
    for record in samples().children() {
        for paper in made(&record.child_id) {
            let pages = roster.hits(&record.child_id, &[], &paper.rendered.pages, &[]);
            assert!(pages.is_empty(), "{}: {} names another child on pages {pages:?}", record.child_id, paper.name());
        }
    }
}

#[test]
fn a_name_that_does_not_belong_there_would_be_found() {
    let paper = &made("c-0417")[0];
    let other = samples().record("c-0427").child_id;

    assert!(!roster().hits(&other, &[], &paper.rendered.pages, &[]).is_empty());
}

#[test]
fn file_properties_name_the_program_and_no_child() {
    for child in ["c-0417", "c-0427", "c-0402"] {
        let record = samples().record(child);
        for paper in made(child) {
            let info = poppler::info(&paper.rendered.pdf);
            let property = |name: &str| {
                let line = info.lines().find(|line| line.starts_with(name)).unwrap_or_default();
                line.split_once(':').map_or("", |(_, value)| value.trim()).to_owned()
            };
            assert_eq!(property("Author:"), "Tidewater Early Steps", "{}", paper.name());
            assert!(!property("Title:").is_empty(), "{}", paper.name());
            let name = &record.child.legal_name;
            for word in [name.first.as_str(), name.last.as_str(), record.program_number.as_str(), child] {
                assert!(!info.contains(word), "{}: {word} stands in {info}", paper.name());
            }
        }
    }
}

#[test]
fn the_letter_to_the_physician_is_one_page() {
    let letters = samples().children().flat_map(|record| {
        made(&record.child_id).iter().filter(|p| p.kind == DocumentKind::PhysicianLetter).map(|p| (&record.child_id, p))
    });
    let mut count = 0;
    for (child, letter) in letters {
        assert_eq!(letter.rendered.pages.len(), 1, "{child}");
        count += 1;
    }
    assert!(count > 5);
}
