//! Another program reads the same words from our files.

use std::{
    collections::BTreeSet,
    io::Write,
    process::{Command, Stdio},
};

use earlypost::due::DocumentKind;

use super::{Made, made, plain};
use crate::due::samples::samples;

/// What one of poppler's tools prints for a PDF.
fn tool(name: &str, arguments: &[&str], pdf: &[u8]) -> String {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(pdf).unwrap();
    let output = Command::new(name)
        .args(arguments)
        .arg(file.path())
        .args((name == "pdftotext").then_some("-"))
        .stdin(Stdio::null())
        .output()
        .unwrap_or_else(|error| panic!("{name} is needed (Debian's package poppler-utils): {error}"));
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// In the order of the file: poppler's own order would join what a line's end divides at a hyphen.
pub fn text(pdf: &[u8]) -> String {
    tool("pdftotext", &["-raw", "-enc", "UTF-8"], pdf)
}

pub fn info(pdf: &[u8]) -> String {
    tool("pdfinfo", &["-enc", "UTF-8"], pdf)
}

/// A text of a page with its type, in points from the page's upper left corner.
#[derive(Debug, PartialEq)]
pub struct Typed {
    pub size: f64,
    pub family: String,
    pub left: f64,
    pub top: f64,
    pub text: String,
}

/// Every text in a PDF with the type that it is set in.
pub fn typed_in(pdf: &[u8]) -> Vec<Typed> {
    let xml = tool("pdftohtml", &["-xml", "-stdout", "-i", "-zoom", "1", "-fontfullname"], pdf);
    let value = |line: &str, name: &str| {
        let (_, rest) = line.split_once(&format!("{name}=\"")).unwrap();
        rest.split_once('"').unwrap().0.to_owned()
    };
    let specs = xml.lines().map(str::trim).filter(|line| line.starts_with("<fontspec"));
    let types: std::collections::HashMap<String, (f64, String)> =
        specs.map(|line| (value(line, "id"), (value(line, "size").parse().unwrap(), value(line, "family")))).collect();
    let texts = xml.lines().filter(|line| line.starts_with("<text"));
    let set = texts.map(|line| {
        let (size, family) = types[&value(line, "font")].clone();
        let place = |name| value(line, name).parse().unwrap();
        Typed { size, family, left: place("left"), top: place("top"), text: line.to_owned() }
    });
    set.collect()
}

/// A word with its box, in points from the page's upper left corner.
#[derive(Debug, Clone, PartialEq)]
pub struct WordBox {
    pub text: String,
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
}

/// The words of these pages with their boxes.
pub fn boxes(pdf: &[u8], pages: std::ops::RangeInclusive<u32>) -> Vec<WordBox> {
    boxed(pdf, pages, &[])
}

/// The same in the order of the file, in which they are read aloud.
pub fn boxes_in_order(pdf: &[u8], page: u32) -> Vec<WordBox> {
    boxed(pdf, page..=page, &["-raw"])
}

fn boxed(pdf: &[u8], pages: std::ops::RangeInclusive<u32>, further: &[&str]) -> Vec<WordBox> {
    let (first, last) = (pages.start().to_string(), pages.end().to_string());
    let arguments = [further, &["-bbox", "-f", &first, "-l", &last, "-enc", "UTF-8"]].concat();
    let html = tool("pdftotext", &arguments, pdf);
    let number = |line: &str, name: &str| -> f64 {
        let (_, rest) = line.split_once(&format!("{name}=\"")).unwrap();
        rest.split_once('"').unwrap().0.parse().unwrap()
    };
    let words = html.lines().map(str::trim).filter(|line| line.starts_with("<word")).map(|line| {
        let text = line.split_once('>').unwrap().1.trim_end_matches("</word>").replace("&amp;", "&");
        WordBox {
            text,
            left: number(line, "xMin"),
            top: number(line, "yMin"),
            right: number(line, "xMax"),
            bottom: number(line, "yMax"),
        }
    });
    words.collect()
}

/// Words of four letters and more.
pub fn words(text: &str) -> BTreeSet<String> {
    text.split(|c: char| !c.is_alphabetic()).filter(|word| word.chars().count() >= 4).map(ToOwned::to_owned).collect()
}

/// One paper of each kind.
fn one_of_each() -> Vec<&'static Made> {
    let all: Vec<&Made> =
        ["c-0417", "c-0402", "c-0405", "c-0394", "c-0290", "c-0352", "c-0424"].into_iter().flat_map(made).collect();
    let one = |kind: &DocumentKind| {
        *all.iter().find(|p| p.kind == *kind).unwrap_or_else(|| panic!("the samples have no {kind}"))
    };
    DocumentKind::ALL.iter().map(one).collect()
}

#[test]
fn a_reader_of_the_file_finds_the_words_that_we_searched_for_other_children() {
    for paper in one_of_each() {
        let read = words(&text(&paper.rendered.pdf));
        let ours = words(&paper.text());
        let only = |a: &BTreeSet<String>, b: &BTreeSet<String>| a.difference(b).cloned().collect::<Vec<_>>();
        assert!(ours.len() > 40, "{}", paper.name());
        assert_eq!((only(&ours, &read), only(&read, &ours)), (Vec::new(), Vec::new()), "{}", paper.name());
    }
}

#[test]
fn a_reader_finds_the_childs_name_in_one_piece() {
    for record in samples().children().filter(|r| ["c-0417", "c-0427", "c-0405"].contains(&r.child_id.as_str())) {
        let plan = made(&record.child_id).iter().find(|p| p.kind == DocumentKind::Ifsp).unwrap();
        assert!(plain(&text(&plan.rendered.pdf)).contains(&record.child.legal_name.full()), "{}", record.child_id);
    }
}
