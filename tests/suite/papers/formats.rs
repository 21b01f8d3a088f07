//! Large print and plain text: every paper of a family, as a person who asked for it gets it.

use std::sync::OnceLock;

use earlypost::case::{EndpointKind, Format, Line, Recipient};

use super::{Made, conformance::faults, papers_of, poppler, rendered};
use crate::due::samples::samples;

/// Every paper of a sample's family in this format and language, by the way that all of its people take.
fn in_format(child: &str, language: &str, format: Format, by: EndpointKind) -> Vec<Made> {
    let mut record = samples().record(child);
    for member in &mut record.family {
        member.format = format;
        member.preferred_language = Line::parse(language).unwrap();
        if let Some(endpoint) = member.endpoints.iter().find(|endpoint| endpoint.address.kind() == by) {
            member.preferred_endpoint = Some(endpoint.endpoint_id.clone());
        }
    }
    let family = |recipient: &Recipient| recipient.organisation_id().is_none();
    papers_of(&record).into_iter().filter(|paper| family(&paper.recipient)).map(rendered).collect()
}

fn large() -> &'static [Made] {
    static MADE: OnceLock<Vec<Made>> = OnceLock::new();
    MADE.get_or_init(|| {
        let made = [("c-0417", "en"), ("c-0402", "es"), ("c-0405", "ht")];
        made.iter().flat_map(|(child, tag)| in_format(child, tag, Format::LargePrint, EndpointKind::Email)).collect()
    })
}

#[test]
fn large_print_meets_the_standards_in_every_language() {
    assert!(large().len() > 40, "{} papers", large().len());
    for paper in large() {
        assert_eq!(faults(&paper.rendered.pdf), Vec::<String>::new(), "{}", paper.name());
    }
}

#[test]
fn nothing_in_large_print_is_smaller_than_eighteen_points_or_slanted() {
    for paper in large() {
        let texts = poppler::typed_in(&paper.rendered.pdf);
        assert!(texts.iter().any(|text| text.size > 20.0), "{} has a heading", paper.name());
        // An envelope's window is as large as it is.
        let windows = String::from_utf8_lossy(&paper.view).contains("\"return_lines\"");
        let in_window = |left: f64, top: f64| windows && left < 333.0 && top < 230.0;
        let wrong = texts.into_iter().filter(|text| text.size < 17.5 || text.family.contains("Italic"));
        let wrong: Vec<_> = wrong.filter(|text| !in_window(text.left, text.top)).collect();
        assert!(wrong.is_empty(), "{}: {wrong:?}", paper.name());
    }
}

#[test]
fn large_print_has_the_same_words_as_ordinary_print_and_all_of_them_on_the_page() {
    let ordinary = in_format("c-0417", "en", Format::Standard, EndpointKind::Email);
    let large = in_format("c-0417", "en", Format::LargePrint, EndpointKind::Email);
    assert_eq!(ordinary.len(), large.len());
    for (ordinary, large) in ordinary.iter().zip(&large) {
        let (before, after) = (poppler::words(&ordinary.text()), poppler::words(&large.text()));
        let lost: Vec<_> = before.difference(&after).collect();
        // In one column what heads a row needs no label.
        assert!(lost.len() <= 14, "{} lost {lost:?}", large.name());
        let below = poppler::boxes(&large.rendered.pdf, 1..=400).into_iter().find(|word| word.bottom > 780.0);
        assert!(below.is_none(), "{}: {below:?} runs off the page", large.name());
    }
}

#[test]
fn plain_text_goes_beside_the_pages_with_headings_underlined_and_a_paragraph_a_line() {
    let made = in_format("c-0417", "en", Format::PlainText, EndpointKind::Email);
    assert!(made.len() > 15);
    for copy in &made {
        let text = copy.rendered.text.as_deref().unwrap_or_else(|| panic!("{} has no text", copy.name()));
        assert!(copy.rendered.pdf.starts_with(b"%PDF-"));
        assert!(text.contains("\n====") || text.contains("\n----"), "{} has no heading:\n{text}", copy.name());
        assert!(!text.contains("Page 1 of"), "{}", copy.name());
        let lost: Vec<_> = poppler::words(&copy.text()).difference(&poppler::words(text)).cloned().collect();
        // Of page numbers and bare pages a text knows nothing.
        let of_pages = ["page", "pages", "Page", "Pages", "Part", "many", "This", "left", "blank", "next", "begins"];
        let lost: Vec<_> = lost.iter().filter(|word| !of_pages.contains(&word.as_str())).collect();
        assert!(lost.len() <= 4, "{} lost {lost:?}", copy.name());
    }
    let notice = made.iter().find(|paper| paper.kind == earlypost::due::DocumentKind::MeetingNotice).unwrap();
    let text = notice.rendered.text.as_deref().unwrap();
    for line in [
        "Notice of a meeting\n===================\n",
        "\nWhat you may bring\n------------------\n",
        "\n• Your questions, and anything you want us to know\n",
        "\n[ ] I will come.\n",
        "When: Thursday, May 20, 2027 (We will call you about the time)\n",
    ] {
        assert!(text.contains(line), "{line:?} is not in:\n{text}");
    }
}

#[test]
fn on_paper_a_reader_of_plain_text_gets_ordinary_print_and_no_text() {
    let made = in_format("c-0417", "en", Format::PlainText, EndpointKind::Postal);
    let posted = made.iter().find(|paper| String::from_utf8_lossy(&paper.view).contains("\"return_lines\"")).unwrap();

    assert_eq!(posted.rendered.text, None);
    assert!(String::from_utf8_lossy(&posted.view).contains("\"format\":\"standard\""));
}

#[test]
fn an_office_reads_ordinary_print_whatever_the_family_asked_for() {
    let mut record = samples().record("c-0417");
    for member in &mut record.family {
        member.format = Format::LargePrint;
    }
    for paper in papers_of(&record).iter().filter(|p| p.recipient.organisation_id().is_some()) {
        assert!(!String::from_utf8_lossy(&paper.view).contains("large_print"), "{}", paper.kind);
    }
}
