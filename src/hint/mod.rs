//! The next step of a text as data. Whoever writes a text puts a [`Hint`] into it; the face that shows the text makes a
//! command, a link or a button of it.
//!
//! In a text a hint is a token between two marks that no imported record, typed line or mail server's reply can bring
//! in: the doors refuse or replace them. So a stranger cannot write one.

mod field;
mod next_step;

use std::{borrow::Cow, fmt};

pub use field::Field;
pub use next_step::Hint;

/// Begins a token: FIRST STRONG ISOLATE, which [`crate::case::Line`] and [`crate::case::Prose`] refuse.
const OPEN: char = '\u{2068}';
/// Ends a token: POP DIRECTIONAL ISOLATE.
const CLOSE: char = '\u{2069}';

/// How a face words a text: tokens become what its reader can use.
pub type Words = fn(&str) -> String;

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part<'a> {
    /// What is shown as it is written.
    Words(&'a str),
    Hint(Hint),
}

/// The pieces of a text, in their order. What is no hint that this version has is words.
#[must_use]
pub fn parts(text: &str) -> Vec<Part<'_>> {
    let mut found = Vec::new();
    let (mut begun, mut at) = (0, 0);
    while let Some(open) = text[at..].find(OPEN).map(|place| at + place) {
        let inner = open + OPEN.len_utf8();
        let Some(close) = text[inner..].find([OPEN, CLOSE]).map(|place| inner + place) else { break };
        at = close;
        if text[close..].starts_with(CLOSE)
            && let Some(hint) = read(&text[inner..close])
        {
            at = close + CLOSE.len_utf8();
            if begun < open {
                found.push(Part::Words(&text[begun..open]));
            }
            found.push(Part::Hint(hint));
            begun = at;
        }
    }
    if begun < text.len() {
        found.push(Part::Words(&text[begun..]));
    }
    found
}

/// The text with each hint in a face's words.
#[must_use]
pub fn worded(text: &str, words: impl Fn(&Hint) -> String) -> Cow<'_, str> {
    if !text.contains(OPEN) {
        return Cow::Borrowed(text);
    }
    let word = |part| match part {
        Part::Words(text) => Cow::Borrowed(text),
        Part::Hint(hint) => Cow::Owned(words(&hint)),
    };
    Cow::Owned(parts(text).into_iter().map(word).collect())
}

/// The text with the stable code of each hint: for a reader who has no face.
#[must_use]
pub fn coded(text: &str) -> String {
    worded(text, |hint| format!("`{}`", token(hint))).into_owned()
}

/// The text without what names a next step in the program, from that clause to the end of its sentence: for pages, which
/// outlast the program's screens. A text that is nothing but a next step keeps its code.
#[must_use]
pub fn left_out(text: &str) -> Cow<'_, str> {
    if !text.contains(OPEN) {
        return Cow::Borrowed(text);
    }
    let mut kept = String::new();
    for sentence in text.split_inclusive(". ") {
        let Some(at) = sentence.find([OPEN, CLOSE]) else {
            kept.push_str(sentence);
            continue;
        };
        if let Some(clause) = sentence[..at].rfind("; ") {
            kept.push_str(&sentence[..clause]);
            kept.push_str(&sentence[sentence.trim_end().trim_end_matches('.').len()..]);
        }
    }
    let kept = kept.trim_end();
    Cow::Owned(if kept.is_empty() { coded(text) } else { kept.to_owned() })
}

/// A stranger's text without the marks of a token.
#[must_use]
pub fn unmarked(text: &str) -> Cow<'_, str> {
    if text.contains([OPEN, CLOSE]) { Cow::Owned(text.replace([OPEN, CLOSE], "\u{fffd}")) } else { Cow::Borrowed(text) }
}

/// The token of a hint, as it stands in a text.
impl fmt::Display for Hint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{OPEN}{}{CLOSE}", token(self))
    }
}

/// The token that stands for a field to fill in.
impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Hint::FillIn { field: *self }.fmt(f)
    }
}

/// The code and the arguments, which hold neither blanks nor what ends a sentence.
fn token(hint: &Hint) -> String {
    let arguments = hint.arguments();
    // What is unknown at the end is left out.
    let known = arguments.iter().rposition(Option::is_some).map_or(0, |last| last + 1);
    let written = arguments[..known].iter().map(|argument| argument.as_deref().map_or_else(|| "-".to_owned(), escaped));
    std::iter::once(hint.code().to_owned()).chain(written).collect::<Vec<_>>().join(" ")
}

fn read(token: &str) -> Option<Hint> {
    let mut words = token.split(' ');
    let code = words.next()?;
    let argument = |word: &str| if word == "-" { Some(None) } else { plain(word).map(Some) };
    Hint::of(code, &words.map(argument).collect::<Option<Vec<_>>>()?)
}

fn escaped(value: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b':' | b'/' | b'@');
    match value {
        // An argument that is there, and empty.
        "" => "%".to_owned(),
        "-" => "%2D".to_owned(),
        _ => value.bytes().fold(String::new(), |mut out, byte| {
            if is_plain(byte) {
                out.push(char::from(byte));
            } else {
                out.push_str(&format!("%{byte:02X}"));
            }
            out
        }),
    }
}

fn plain(word: &str) -> Option<String> {
    if word == "%" {
        return Some(String::new());
    }
    let mut bytes = Vec::new();
    let mut rest = word;
    while let Some(first) = rest.bytes().next() {
        let taken = if first == b'%' {
            bytes.push(u8::from_str_radix(rest.get(1..3)?, 16).ok()?);
            3
        } else {
            bytes.push(first);
            1
        };
        rest = rest.get(taken..)?;
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests;
