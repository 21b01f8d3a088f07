//! What an envelope's windows show, wherever the sheet lies in it: the two addresses and nothing else.

use earlypost::{
    case::{Format, Line},
    dispatch::postal::print::envelopes::{Envelopes, Seen},
    document::{output::print_copy::PrintCopy, view::Postal},
};

use super::{
    papers_of,
    poppler::{WordBox, boxes},
    rendered,
};
use crate::due::samples::samples;

/// Points that a box may reach over without a stroke of ink at its sides.
const SLACK: f64 = 1.0;
/// The same above capitals and below the baseline.
const ROOM: f64 = 3.4;

fn shows(seen: Seen, word: &WordBox) -> bool {
    let seen = [seen.left, seen.top, seen.right, seen.bottom].map(|inches| inches * 72.0);
    word.right > seen[0] + SLACK
        && word.bottom > seen[1] + SLACK
        && word.left < seen[2] - SLACK
        && word.top < seen[3] - SLACK
}

fn holds(seen: Seen, word: &WordBox) -> bool {
    let seen = [seen.left, seen.top, seen.right, seen.bottom].map(|inches| inches * 72.0);
    word.left >= seen[0] - SLACK
        && word.top >= seen[1] - ROOM
        && word.right <= seen[2] + SLACK
        && word.bottom <= seen[3] + ROOM
}

/// What is wrong with a first page in these envelopes.
fn wrong(pdf: &[u8], postal: &serde_json::Value, keys: &[&str]) -> Vec<String> {
    let texts = |key: &str| -> Vec<String> {
        let lines = postal[key].as_array().unwrap().iter().map(|line| line.as_str().unwrap().to_owned());
        lines.flat_map(|line| line.split_whitespace().map(ToOwned::to_owned).collect::<Vec<_>>()).collect()
    };
    let mut back = texts("return_lines");
    back.extend(postal["endorsement"].as_str().into_iter().flat_map(str::split_whitespace).map(ToOwned::to_owned));
    let to: Vec<String> = texts("lines")
        .into_iter()
        .chain(postal["name"].as_str().unwrap().split_whitespace().map(ToOwned::to_owned))
        .collect();
    let words = boxes(pdf, 1..=1);
    let mut wrong = Vec::new();
    for size in Envelopes::built_in().sizes().iter().filter(|size| keys.contains(&size.key.as_str())) {
        let measures = size.measures.expect("it has windows");
        for (window, allowed) in [(measures.return_window, &back), (measures.window, &to)] {
            let seen = measures.seen_in_any_position(window);
            let strange = words.iter().filter(|word| shows(seen, word) && !allowed.contains(&word.text));
            wrong.extend(strange.map(|word| format!("{}: {word:?} shows through", size.key)));
        }
        let always = measures.seen_in_every_position(measures.window);
        let block = words
            .iter()
            .filter(|word| to.contains(&word.text) && word.left < 333.0 && word.top > 130.0 && word.bottom < 200.0);
        let hidden: Vec<_> = block.clone().filter(|word| !holds(always, word)).collect();
        if block.count() < to.len() || !hidden.is_empty() {
            wrong.push(format!("{}: the address can be hidden: {hidden:?}", size.key));
        }
    }
    wrong
}

#[test]
fn nothing_but_the_two_addresses_can_show_through_a_window() {
    let mut looked_at = 0;
    for language in samples().languages().all() {
        for format in [Format::Standard, Format::LargePrint] {
            let mut record = samples().record("c-0402");
            for member in &mut record.family {
                member.preferred_language = Line::parse(language.tag()).unwrap();
                member.format = format;
            }
            for paper in papers_of(&record) {
                let view: serde_json::Value = serde_json::from_slice(&paper.view).unwrap();
                if view["page"]["postal"].is_null() {
                    continue;
                }
                let made = rendered(paper);
                let name = format!("{} in {}, {format:?}", made.name(), language.tag());
                assert_eq!(wrong(&made.rendered.pdf, &view["page"]["postal"], &["10"]), Vec::<String>::new(), "{name}");
                looked_at += 1;
            }
        }
    }
    assert!(looked_at > 40, "{looked_at} mailed papers");
}

#[test]
fn the_address_page_of_a_large_envelope_shows_the_addresses_only() {
    let lines =
        ["Apartment 3, the green door", "1200 Very Long Boulevard Northwest", "Suite 12", "Norfolk, VA 23510-1234"];
    let postal = Postal {
        name: "Maria-Fernanda Rodriguez-Castellanos y Villa".to_owned(),
        lines: lines.map(ToOwned::to_owned).to_vec(),
        return_lines: vec!["200 Granby Street, Suite 4".to_owned(), "Norfolk, VA 23510".to_owned()],
        endorsement: None,
    };
    let paper = crate::channels::bare_pdf(14).into_bytes().into();
    let copy = PrintCopy {
        dispatch_id: "0199f2b1-7c00-7000-8000-000000000417",
        note: "1 · 9x12 · 8 sheets".to_owned(),
        papers: vec![(paper, 14)],
        address: Some(postal.clone()),
        both_sides: true,
    };
    let pdf = copy.render(&samples().templates).unwrap().pdf;

    assert_eq!(wrong(&pdf, &serde_json::to_value(&postal).unwrap(), &["10"]), Vec::<String>::new());
}

#[test]
fn the_look_through_a_window_finds_what_must_not_show() {
    let record = samples().record("c-0402");
    let paper =
        papers_of(&record).into_iter().find(|p| String::from_utf8_lossy(&p.view).contains("return_lines")).unwrap();
    let mut view: serde_json::Value = serde_json::from_slice(&paper.view).unwrap();
    let postal = view["page"]["postal"].clone();
    view["page"]["postal"]["return_lines"].as_array_mut().unwrap().push("Early Intervention".into());
    let made = rendered(super::Paper { view: serde_json::to_vec(&view).unwrap(), ..paper });

    assert!(wrong(&made.rendered.pdf, &postal, &["10"]).iter().any(|says| says.contains("Intervention")));
}
