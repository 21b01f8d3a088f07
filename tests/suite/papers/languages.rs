//! Papers in the languages that families read.

use earlypost::{
    case::Line,
    document::{Language, Status},
    due::DocumentKind,
};

use super::{assert_hides, assert_shows, conformance::faults, paper, papers_of, rendered};
use crate::due::samples::samples;

const MOTHER: &str = "family:0402-mother";

#[test]
fn a_parent_reads_the_plan_in_her_own_language_and_it_says_that_a_machine_translated_it() {
    let plan = paper("c-0402", DocumentKind::Ifsp, MOTHER);

    assert_shows(plan, ["C. Lo que queremos lograr", "Una máquina tradujo este papel.", "Página 1 de", "de 2026"]);
    assert_hides(plan, ["What we want to happen", "Questions?", "Page 1 of"]);
}

#[test]
fn what_a_parent_signs_stays_in_english_until_a_person_has_read_the_translation() {
    assert_eq!(Language::of("es").unwrap().status(), Status::Machine);
    let form = paper("c-0402", DocumentKind::ConsentToRelease, MOTHER);

    assert_shows(form, ["Permission to share records"]);
    assert_hides(form, ["Permiso para compartir"]);
}

#[test]
fn an_office_reads_english_whatever_the_family_speaks() {
    let offices = super::made("c-0402").iter().filter(|p| p.recipient.organisation_id().is_some());
    for paper in offices {
        assert_hides(paper, ["traducido", "Una máquina", "Página"]);
    }
}

#[test]
fn every_family_paper_in_every_language_is_sound_and_has_no_empty_place() {
    for language in Language::all().iter().filter(|l| l.tag() != "en") {
        let mut record = samples().record("c-0417");
        for member in &mut record.family {
            member.preferred_language = Line::parse(language.tag()).unwrap();
        }
        for paper in papers_of(&record).into_iter().filter(|p| p.recipient.organisation_id().is_none()) {
            let name = format!("{} in {}", paper.kind, language.own_name());
            let made = rendered(paper);
            let text = made.rendered.pages.join("\n");
            assert!(!text.contains('{') && !text.contains('}'), "{name} has a place that was not filled");
            assert_eq!(faults(&made.rendered.pdf), Vec::<String>::new(), "{name}");
        }
    }
}
