//! What a person or a stranger wrote, as it may reach a terminal, a log or a page: a relay's answer, a notice, a file's or a
//! field's name. Control characters are shown and do nothing.

use std::borrow::Cow;

/// One line: line breaks are shown too.
#[must_use]
pub fn shown(text: &str) -> Cow<'_, str> {
    replaced(text, |c, _| c == '\t')
}

/// Lines: line feeds and tabs stay.
#[must_use]
pub fn shown_lines(text: &str) -> Cow<'_, str> {
    replaced(text, |c, next| matches!(c, '\n' | '\t') || (c == '\r' && next == Some('\n')))
}

/// The same of bytes; what is not UTF-8 becomes a stand-in.
#[must_use]
pub fn shown_bytes(bytes: &[u8]) -> String {
    shown_lines(&String::from_utf8_lossy(bytes)).into_owned()
}

/// An error with its causes, each said once: many say their cause in their own words already.
#[must_use]
pub fn with_causes(error: &anyhow::Error) -> String {
    let mut said = String::new();
    for cause in error.chain() {
        let text = cause.to_string();
        if said.is_empty() {
            said = text;
        } else if !said.contains(&text) {
            said = format!("{said}: {text}");
        }
    }
    said
}

fn replaced(text: &str, stays: impl Fn(char, Option<char>) -> bool) -> Cow<'_, str> {
    if !text.contains(acts) {
        return text.into();
    }
    let mut shown = String::with_capacity(text.len() + 8);
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        if !acts(c) || stays(c, characters.peek().copied()) {
            shown.push(c);
        } else if c.is_ascii() {
            // ESC is `^[`, as terminals themselves write it.
            shown.push('^');
            shown.push(char::from(u8::try_from(c).unwrap_or_default() ^ 0x40));
        } else {
            shown.push(char::REPLACEMENT_CHARACTER);
        }
    }
    shown.into()
}

/// Whether a terminal, or a reader's eye, is moved by it: control characters of both sets, and marks that turn the
/// direction of writing or end a line.
#[must_use]
pub fn acts(c: char) -> bool {
    matches!(c,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_shown_and_everything_else_stays() {
        assert_eq!(shown("A\u{1b}]0;OWNED\u{7}\u{1b}[2JB"), "A^[]0;OWNED^G^[[2JB");
        assert_eq!(shown("one\r\ntwo"), "one^M^Jtwo");
        assert_eq!(shown("\u{9b}31m \u{202e}gpj.\u{7f}"), "\u{fffd}31m \u{fffd}gpj.^?");
        assert_eq!(shown("Zoë\tO'Hara – 日本"), "Zoë\tO'Hara – 日本");
        assert_eq!(shown_lines("one\r\ntwo\n\tthree\rfour"), "one\r\ntwo\n\tthree^Mfour");
        assert_eq!(shown_bytes(b"a\xffb\x1b"), "a\u{fffd}b^[");
        assert!(
            (0..=0x2100).filter_map(char::from_u32).all(|c| !shown(&c.to_string()).contains(|c| c != '\t' && acts(c)))
        );
    }

    #[test]
    fn a_cause_that_was_said_is_not_said_again() {
        let inner = anyhow::anyhow!("the PDF is locked");
        let outer = inner.context("the paper is not taken in: the PDF is locked").context("c-0417");
        assert_eq!(with_causes(&outer), "c-0417: the paper is not taken in: the PDF is locked");
        assert_eq!(with_causes(&anyhow::anyhow!("cause").context("what")), "what: cause");
    }
}
