//! Every paper that can be made from the samples: it renders, twice to the same bytes, to files that last and
//! that a screen reader can read.

use std::collections::BTreeSet;

use earlypost::{document::render, due::DocumentKind};
use page_validation::{ValidationFailure, ValidationOptions, ValidationProfile, validate_pdf_bytes};

use super::{Made, made};
use crate::due::samples::samples;

/// An ordinary plan, special letters, an interim plan, a declined line; the stop notice comes from one more.
const CLOSELY: [&str; 4] = ["c-0417", "c-0427", "c-0430", "c-0405"];

fn closely() -> impl Iterator<Item = (&'static str, &'static Made)> {
    let notice = made("c-0402").iter().filter(|p| p.kind == DocumentKind::StopNotice).map(|p| ("c-0402", p));
    CLOSELY.into_iter().flat_map(|child| made(child).iter().map(move |paper| (child, paper))).chain(notice)
}

#[test]
fn every_paper_of_every_child_renders() {
    let mut kinds = BTreeSet::new();
    for record in samples().children() {
        for paper in made(&record.child_id) {
            assert!(paper.rendered.pdf.starts_with(b"%PDF-"), "{}: {}", record.child_id, paper.name());
            assert!(paper.rendered.pages.iter().all(|page| !page.trim().is_empty()), "{}", paper.name());
            kinds.insert(paper.kind);
        }
    }
    assert_eq!(kinds, DocumentKind::ALL.iter().copied().collect(), "the samples have papers of every kind");
}

#[test]
fn the_same_view_gives_the_same_bytes() {
    for (child, paper) in closely() {
        let again = render(&samples().templates, paper.kind, paper.view.clone()).unwrap();
        assert!(again == paper.rendered, "{child}: {} differs the second time", paper.name());
    }
}

/// Compressed bytes that end in a carriage return, before the line feed of `endstream`, are counted one short by
/// `page_validation` 0.12. The stated lengths are looked at here instead.
pub fn false_alarm(failure: &ValidationFailure, pdf: &[u8]) -> bool {
    failure.rule_id.ends_with(":6.1.7.1:1") && every_stream_has_its_stated_length(pdf)
}

fn every_stream_has_its_stated_length(pdf: &[u8]) -> bool {
    const OPENS: &[u8] = b">>\nstream\n";
    let starts = pdf.windows(OPENS.len()).enumerate().filter(|(_, w)| *w == OPENS).map(|(at, _)| at);
    let ends_well = |at: usize| {
        let dictionary = &pdf[at.saturating_sub(400)..at];
        let stated = String::from_utf8_lossy(dictionary).rsplit_once("/Length ").and_then(|(_, rest)| {
            let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
            digits.parse::<usize>().ok()
        });
        stated.is_some_and(|length| pdf[at + OPENS.len() + length..].starts_with(b"\nendstream"))
    };
    let lengths: Vec<bool> = starts.map(ends_well).collect();
    !lengths.is_empty() && lengths.iter().all(|right| *right)
}

/// Everything that the validation finds wrong with a PDF under both standards.
pub fn faults(pdf: &[u8]) -> Vec<String> {
    let of = |profile| {
        let report = validate_pdf_bytes(pdf, &ValidationOptions::default().profile(profile)).unwrap();
        assert!(report.rules.total > 50, "{profile:?} looks at {} rules", report.rules.total);
        report.failures.into_iter().filter(|f| !false_alarm(f, pdf)).map(|f| format!("{}: {}", f.rule_id, f.message))
    };
    [ValidationProfile::PdfUa1, ValidationProfile::PdfA2a].into_iter().flat_map(of).collect()
}

#[test]
fn every_paper_meets_pdf_ua_1_and_pdf_a_2a() {
    let mut failures = Vec::new();
    for (child, paper) in closely() {
        let found = faults(&paper.rendered.pdf);
        failures.extend(found.into_iter().map(|fault| format!("{child}: {}: {fault}", paper.name())));
    }
    assert!(failures.is_empty(), "{failures:#?}");
}

#[test]
fn the_validation_finds_what_is_wrong_with_a_pdf() {
    let paper = &made("c-0417")[0];
    let at = paper.rendered.pdf.windows(12).position(|w| w == b"/Marked true").expect("a tagged PDF says so");
    let mut bytes = paper.rendered.pdf.clone();
    bytes[at..at + 12].copy_from_slice(b"/Marked null");
    let report = validate_pdf_bytes(&bytes, &ValidationOptions::default().profile(ValidationProfile::PdfUa1)).unwrap();

    assert!(!report.failures.is_empty());
}
