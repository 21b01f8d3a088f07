//! What a page is beside its words: the order in which it is read aloud, live links, bookmarks, and what a fax leaves of it.

use std::process::Command;

use earlypost::due::DocumentKind;
use lopdf::{Document, Object};

use super::{Made, made, poppler};

/// Papers that go by fax.
const FAXED: [DocumentKind; 4] = [
    DocumentKind::PhysicianLetter,
    DocumentKind::PhysicianCertification,
    DocumentKind::ServiceAuthorization,
    DocumentKind::StopNotice,
];

/// Papers of four families: a new plan, one in Spanish, a year of contacts, a birthday ahead.
fn all() -> impl Iterator<Item = &'static Made> {
    ["c-0417", "c-0402", "c-0388", "c-0352"].into_iter().flat_map(made)
}

fn of(kind: DocumentKind) -> impl Iterator<Item = &'static Made> {
    all().filter(move |paper| paper.kind == kind)
}

/// Where the links of a PDF lead.
fn links(pdf: &[u8]) -> Vec<String> {
    let document = Document::load_mem(pdf).unwrap();
    let uri = |object: &Object| {
        let action = object.as_dict().ok()?.get(b"A").ok()?;
        let (_, action) = document.dereference(action).ok()?;
        let uri = action.as_dict().ok()?.get(b"URI").ok()?.as_str().ok()?;
        Some(String::from_utf8_lossy(uri).into_owned())
    };
    document.objects.values().filter_map(uri).collect()
}

#[test]
fn telephone_numbers_and_addresses_to_write_to_are_live() {
    for kind in
        [DocumentKind::Ifsp, DocumentKind::MonthlyReminder, DocumentKind::PhysicianLetter, DocumentKind::MeetingNotice]
    {
        for paper in of(kind) {
            let links = links(&paper.rendered.pdf);
            assert!(links.iter().any(|link| link.starts_with("tel:+1757555")), "{}: {links:?}", paper.name());
        }
    }
    let letter = of(DocumentKind::PhysicianLetter).next().unwrap();
    assert!(links(&letter.rendered.pdf).iter().any(|link| link.starts_with("mailto:")));
}

#[test]
fn a_plan_has_a_bookmark_for_each_of_its_parts() {
    for paper in of(DocumentKind::Ifsp).filter(|paper| paper.rendered.pages.len() > 5) {
        let document = Document::load_mem(&paper.rendered.pdf).unwrap();
        let titled = |object: &&Object| {
            object.as_dict().is_ok_and(|entry| entry.has(b"Title") && entry.has(b"Parent") && entry.has(b"Dest"))
        };
        let bookmarks = document.objects.values().filter(titled).count();
        assert!(bookmarks >= 5, "{}: {bookmarks} bookmarks", paper.name());
    }
}

/// From word to word the eye goes on, down, or up to a column further right; never back up to the left.
#[test]
fn words_follow_each_other_as_the_eye_goes() {
    for paper in all() {
        for page in 1..=u32::try_from(paper.rendered.pages.len()).unwrap() {
            let words = poppler::boxes_in_order(&paper.rendered.pdf, page);
            // What stands over and under every page is no part of the order.
            let body: Vec<_> = words.iter().filter(|word| word.top > 60.0 && word.bottom < 722.0).collect();
            let back: Vec<String> = body
                .windows(2)
                .filter(|pair| pair[1].bottom < pair[0].top && pair[1].right < pair[0].left)
                .map(|pair| format!("{:?} and then {:?}", pair[0].text, pair[1].text))
                .collect();
            assert!(back.is_empty(), "{}, page {page}: {back:?}", paper.name());
        }
    }
}

/// A machine of 200 dots an inch knows black and white only.
#[test]
fn what_goes_by_fax_is_black_on_white_and_large_enough() {
    for paper in FAXED.into_iter().flat_map(of).filter(|paper| paper.recipient.organisation_id().is_some()) {
        let mailed = String::from_utf8_lossy(&paper.view).contains("\"return_lines\"");
        let small: Vec<_> = poppler::typed_in(&paper.rendered.pdf)
            .into_iter()
            // An envelope's window is as large as it is; what has one is mailed.
            .filter(|text| !(mailed && text.left < 333.0 && text.top < 230.0))
            .filter(|text| text.size < 9.9)
            .collect();
        assert!(small.is_empty(), "{}: {small:?}", paper.name());
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("paper.pdf");
        std::fs::write(&file, &paper.rendered.pdf).unwrap();
        let mut draw = Command::new("pdftoppm");
        draw.args(["-gray", "-r", "200", "-aa", "no", "-aaVector", "no", "-f", "1", "-l", "1", "-singlefile"]);
        assert!(draw.arg(&file).arg(folder.path().join("page")).status().unwrap().success());
        let picture = std::fs::read(folder.path().join("page.pgm")).unwrap();
        let pixels = &picture[picture.len() - 1700 * 2200..];
        let grey = pixels.iter().filter(|point| (64..=224).contains(*point)).count();
        assert!(grey * 200 < pixels.len(), "{}: {grey} of {} points are grey", paper.name(), pixels.len());
    }
}
