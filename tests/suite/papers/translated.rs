//! What people wrote about a child, in the family's language: shown where it is translated, tagged where it is not.

use earlypost::{
    case::{CaseRecord, Passage, Prose, Translated, Translation},
    due::DocumentKind,
};
use lopdf::{Document, Object};

use super::{Made, assert_hides, assert_shows, papers_of, rendered};
use crate::due::samples::samples;

const MOTHER: &str = "family:0402-mother";

/// The statement of the first outcome of the newest plan.
fn statement(record: &CaseRecord) -> Prose {
    record.ifsps.iter().max_by_key(|plan| plan.version).unwrap().outcomes[0].statement.clone()
}

/// A translation of that statement.
fn translated(record: &CaseRecord, how: Translation, text: &str) -> Translated {
    Translated {
        language: "es".parse().unwrap(),
        by: "A. Molina".parse().unwrap(),
        how,
        on: "2026-09-20".parse().unwrap(),
        passages: vec![Passage { original: statement(record), text: text.parse().unwrap() }],
    }
}

fn paper(record: &CaseRecord, kind: DocumentKind) -> Made {
    let found = papers_of(record).into_iter().find(|p| p.kind == kind && p.recipient.to_string() == MOTHER);
    rendered(found.unwrap())
}

/// The languages with which elements of the structure tree are tagged.
fn tagged(pdf: &[u8]) -> Vec<String> {
    let document = Document::load_mem(pdf).unwrap();
    let lang = |object: &Object| {
        let dictionary = object.as_dict().ok()?;
        let element = dictionary.get(b"S").is_ok() && dictionary.get(b"P").is_ok();
        let tag = dictionary.get(b"Lang").ok()?.as_str().ok()?;
        element.then(|| String::from_utf8_lossy(tag).into_owned())
    };
    document.objects.values().filter_map(lang).collect()
}

#[test]
fn a_translated_passage_stands_in_the_place_of_its_original_and_the_page_says_who_translated_it() {
    let mut record = samples().record("c-0402");
    record.translations.clear();
    let original = statement(&record);
    let first = original.lines().next().unwrap().trim().to_owned();
    let offer = "Un intérprete puede leérselo, sin costo: llame a Jenni, (757) 555-0142.";
    assert_shows(&paper(&record, DocumentKind::Ifsp), [first.as_str(), offer]);

    record.translations = vec![translated(&record, Translation::Human, "Que nos diga con palabras qué quiere.")];
    let plan = paper(&record, DocumentKind::Ifsp);
    assert_shows(&plan, ["Que nos diga con palabras qué quiere.", "lo tradujo A. Molina el 20 de septiembre de 2026"]);
    assert_hides(&plan, [first.as_str()]);

    // Of two translations the better one counts.
    record.translations.push(translated(&record, Translation::Machine, "Una frase de una máquina."));
    assert_hides(&paper(&record, DocumentKind::Ifsp), ["Una frase de una máquina."]);
    // When the original changes, its translation stands no longer.
    let plan = record.ifsps.iter_mut().max_by_key(|plan| plan.version).unwrap();
    plan.outcomes[0].statement = "He tells us what he wants, at every meal.".parse().unwrap();
    let plan = paper(&record, DocumentKind::Ifsp);
    assert_shows(&plan, ["He tells us what he wants, at every meal."]);
    assert_hides(&plan, ["Que nos diga con palabras", "A. Molina"]);
}

#[test]
fn an_office_and_a_program_that_asks_for_more_do_not_see_it() {
    let mut record = samples().record("c-0402");
    record.translations = vec![translated(&record, Translation::Machine, "Una frase de una máquina.")];
    assert_shows(
        &paper(&record, DocumentKind::Ifsp),
        ["Una frase de una máquina.", "lo tradujo una máquina (A. Molina)"],
    );
    for paper in papers_of(&record).into_iter().filter(|paper| paper.recipient.organisation_id().is_some()) {
        let view = String::from_utf8_lossy(&paper.view).into_owned();
        assert!(!view.contains("Una frase"), "{} to {}", paper.kind, paper.recipient);
    }
}

#[test]
fn what_is_still_in_english_in_a_spanish_copy_is_tagged_as_english() {
    let record = samples().record("c-0402");
    let plan = paper(&record, DocumentKind::Ifsp);
    let tags = tagged(&plan.rendered.pdf);
    assert!(tags.iter().any(|tag| tag == "en"), "the structure has these languages: {tags:?}");
    // The first page offers an interpreter, and so does every other.
    for (number, page) in plan.rendered.pages.iter().enumerate() {
        assert!(
            crate::papers::plain(page).contains("Un intérprete puede leérselo, sin costo"),
            "page {}: {page}",
            number + 1
        );
    }

    // A copy in one language has no such tag.
    let reminder = paper(&record, DocumentKind::MonthlyReminder);
    let tags = tagged(&reminder.rendered.pdf);
    assert!(tags.iter().all(|tag| tag != "en"), "{tags:?}");
}

#[test]
fn the_plans_own_first_page_is_in_the_readers_language_where_the_plan_is_not() {
    for (tag, words) in [
        ("vi", ["Đây là kế hoạch cho", "Xin xem trang kế tiếp trước"]),
        ("zh-Hans", ["的计划", "请先看下一页"]),
        // Words in which no letters are joined to one.
        ("ar", ["الصفحة", "التالية"]),
    ] {
        let mut record = samples().record("c-0402");
        for member in &mut record.family {
            member.preferred_language = tag.parse().unwrap();
            member.endpoints.retain(|e| e.address.kind() == earlypost::case::EndpointKind::Postal);
        }
        let mailed =
            record.family.iter().find(|member| !member.endpoints.is_empty()).expect("a parent is reached by post");
        let to = earlypost::case::Recipient::family(&mailed.person_id);
        let found = papers_of(&record).into_iter().find(|p| p.kind == DocumentKind::Ifsp && p.recipient == to);
        let plan = rendered(found.unwrap());
        assert_shows(&plan, words);
        assert_hides(&plan, ["Here is the plan for", "With best wishes"]);
        assert!(plan.shows("What we want to happen"), "the plan itself is in English");
        assert_eq!(super::conformance::faults(&plan.rendered.pdf), Vec::<String>::new(), "{tag}");
    }
}

#[test]
fn a_mailed_letter_shows_its_two_addresses_once() {
    let mut record = samples().record("c-0402");
    for member in &mut record.family {
        member.preferred_language = "vi".parse().unwrap();
        member.endpoints.retain(|e| e.address.kind() == earlypost::case::EndpointKind::Postal);
    }
    let mailed = record.family.iter().find(|member| !member.endpoints.is_empty()).unwrap();
    let (name, to) = (mailed.name.full(), earlypost::case::Recipient::family(&mailed.person_id));
    let found = papers_of(&record).into_iter().find(|p| p.kind == DocumentKind::Ifsp && p.recipient == to);
    let plan = rendered(found.unwrap());
    let street = |page: &String| page.lines().any(|line| line.trim() == name) && page.contains("VA 235");
    let behind: Vec<usize> = (1..plan.rendered.pages.len()).filter(|n| street(&plan.rendered.pages[*n])).collect();
    assert!(plan.rendered.pages[0].contains(&name));
    assert!(behind.is_empty(), "an address block stands on pages {behind:?} too");
}
