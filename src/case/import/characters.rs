//! What staff paste from word processors and telephones: made fit for paper before it is read.
//!
//! Line breaks of every kind become line breaks, bullets of a symbol font become bullets, what nobody sees is left out. A
//! character that no font has is printed as a stand-in and a person is asked to write it in words. Only a name is refused
//! for it: other children's documents are searched for names, and envelopes bear them.

use serde_json::Value;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use super::structure::{Shape, Violation};
use crate::case::folding::{is_dash, is_ignorable};

/// What is printed where a character was that cannot be.
pub const STAND_IN: char = '□';
/// So many accents bear letters of living languages; more is a joke of the font, or hides the letter from every search.
const MOST_ACCENTS: usize = 4;

/// What a text became.
#[derive(Debug, Default)]
pub(super) struct Tidied {
    /// Names that cannot stand as they are.
    pub(super) wrong: Vec<Violation>,
    /// Texts with a stand-in, and what it stands for.
    pub(super) replaced: Vec<Violation>,
}

/// Makes every text of a file fit for paper.
pub(super) fn tidy(value: &mut Value, shape: &Shape, printable: fn(char) -> bool) -> Tidied {
    let mut tidying = Tidying { shape, printable, done: Tidied::default() };
    tidying.walk(value, &mut Vec::new());
    tidying.done
}

/// What a field is, by its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    /// A person's name.
    Name,
    /// A line of a postal address.
    AddressLine,
    /// A number by which the child or somebody's telephone is known.
    Number,
    /// A certificate: its line ends are its own.
    Verbatim,
    Text,
}

fn sort_of(path: &[String]) -> Sort {
    let part = |back: usize| path.len().checked_sub(back).map_or("", |at| path[at].as_str());
    match (part(1), part(2), part(3)) {
        (_, "legal_name" | "name", _) | ("preferred_name", ..) => Sort::Name,
        (_, "lines", "address") => Sort::AddressLine,
        ("program_number" | "telephone" | "fax" | "number", ..) => Sort::Number,
        ("certificate", ..) => Sort::Verbatim,
        _ => Sort::Text,
    }
}

struct Tidying<'a> {
    shape: &'a Shape,
    printable: fn(char) -> bool,
    done: Tidied,
}

impl Tidying<'_> {
    fn walk(&mut self, value: &mut Value, path: &mut Vec<String>) {
        match value {
            // Nearly every text: printable ASCII, which is fit as it is; blanks at an end matter to few fields.
            Value::String(text) if is_plain(text) && sort_of(path) == Sort::Text => {}
            Value::String(text) => self.text(text, path),
            Value::Array(items) => {
                for (i, item) in items.iter_mut().enumerate() {
                    path.push(i.to_string());
                    self.walk(item, path);
                    path.pop();
                }
            }
            Value::Object(fields) => {
                for (key, item) in fields.iter_mut() {
                    path.push(key.replace('~', "~0").replace('/', "~1"));
                    self.walk(item, path);
                    path.pop();
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn text(&mut self, text: &mut String, path: &[String]) {
        let pointer = || path.iter().fold(String::new(), |pointer, part| pointer + "/" + part);
        match sort_of(path) {
            Sort::Verbatim => {}
            Sort::Name => match self.name(text) {
                Ok(name) => *text = name,
                Err(says) => self.done.wrong.push((pointer(), says)),
            },
            Sort::Number => *text = number(text),
            Sort::AddressLine => {
                let (line, replaced) = self.prose(text, false);
                *text = address_line(&line);
                self.done.replaced.extend(replaced.map(|says| (pointer(), says)));
            }
            Sort::Text => {
                // What is no number, no name and no plain text may be an id, which its own type looks at.
                if is_plain(text) {
                    return;
                }
                let breaks = text.contains(is_break) && self.shape.takes_breaks(path);
                let (tidied, replaced) = self.prose(text, breaks);
                *text = tidied;
                self.done.replaced.extend(replaced.map(|says| (pointer(), says)));
            }
        }
    }

    /// A name as it is printed, or why it cannot be.
    fn name(&self, text: &str) -> Result<String, String> {
        let mut out = String::with_capacity(text.len());
        let mut accents = 0;
        for (at, c) in text.chars().enumerate() {
            let at = at + 1;
            let code = u32::from(c);
            let c = windows_1252(c).unwrap_or(c);
            accents = if is_combining_mark(c) { accents + 1 } else { 0 };
            match c {
                _ if is_break(c) => {
                    return Err(format!(
                        "holds a line break (U+{code:04X} at character {at}); write the name on one line"
                    ));
                }
                _ if c.is_control() || is_override(c) => {
                    return Err(format!(
                        "holds a control character (U+{code:04X} at character {at}); type the name anew"
                    ));
                }
                char::REPLACEMENT_CHARACTER => {
                    return Err(format!(
                        "lost a letter on its way here (U+FFFD at character {at}); correct it, or export the file as UTF-8"
                    ));
                }
                _ if accents > MOST_ACCENTS => {
                    return Err(format!(
                        "bears more than {MOST_ACCENTS} accents on one letter (U+{code:04X} at character {at}); type the name anew"
                    ));
                }
                _ if joins(c, out.chars().next_back()) => out.push(c),
                _ if is_ignorable(c) => {}
                _ if c.is_whitespace() => {
                    if !out.ends_with(' ') {
                        out.push(' ');
                    }
                }
                _ if is_private(c) || !(self.printable)(c) => {
                    return Err(format!(
                        "has the letter '{c}' (U+{code:04X}), which the fonts cannot print; write it in Latin letters or add \
                         a font"
                    ));
                }
                _ => out.push(c),
            }
        }
        Ok(out.trim().to_owned())
    }

    /// A text as it is printed, and what a stand-in in it stands for.
    fn prose(&self, text: &str, breaks: bool) -> (String, Option<String>) {
        let mut out = String::with_capacity(text.len());
        let mut lost: Vec<char> = Vec::new();
        let mut accents = 0;
        let mut after_lost = false;
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            let was_lost = std::mem::take(&mut after_lost);
            accents = if is_combining_mark(c) { accents + 1 } else { 0 };
            let c = windows_1252(c).unwrap_or(c);
            match c {
                '\r' if chars.peek() == Some(&'\n') => {}
                '\t' if breaks => out.push(c),
                _ if is_break(c) && breaks => out.push('\n'),
                _ if is_break(c) || c == '\t' => {
                    if !out.ends_with(' ') {
                        out.push(' ');
                    }
                }
                _ if c.is_control() || is_override(c) || c == '\u{feff}' => after_lost = was_lost,
                _ if is_private(c) => match symbol(c) {
                    Some(known) => out.push(known),
                    None => stand_in(c, was_lost, &mut out, &mut lost, &mut after_lost),
                },
                char::REPLACEMENT_CHARACTER => stand_in(c, was_lost, &mut out, &mut lost, &mut after_lost),
                _ if accents > MOST_ACCENTS => {}
                _ if (self.printable)(c) => {
                    // Between two pictures that became one stand-in a joiner has nothing left to join.
                    let joiner = was_lost && is_ignorable(c);
                    after_lost = joiner;
                    if !joiner {
                        out.push(c);
                    }
                }
                _ if is_ignorable(c) || is_combining_mark(c) => after_lost = was_lost,
                _ => {
                    let parts: String = c.to_string().nfkc().collect();
                    if parts.chars().all(|part| part != c && (self.printable)(part)) {
                        out.push_str(&parts);
                    } else if let Some(known) = pictured(c) {
                        out.push(known);
                    } else {
                        stand_in(c, was_lost, &mut out, &mut lost, &mut after_lost);
                    }
                }
            }
        }
        let says = lost.first().map(|c| match c {
            &char::REPLACEMENT_CHARACTER => format!(
                "lost a letter on its way here (U+FFFD); {STAND_IN} is printed in its place. Correct the text, or export the \
                 file as UTF-8"
            ),
            c => format!(
                "has a character that cannot be printed (U+{:04X}); {STAND_IN} is printed in its place. Write it in words",
                u32::from(*c)
            ),
        });
        (out, says)
    }
}

/// A run of pictures, such as a family with its joiners, becomes one stand-in; each letter its own.
fn stand_in(c: char, was_lost: bool, out: &mut String, lost: &mut Vec<char>, after_lost: &mut bool) {
    *after_lost = !c.is_alphanumeric();
    if !(was_lost && *after_lost) {
        out.push(STAND_IN);
    }
    lost.push(c);
}

fn is_plain(text: &str) -> bool {
    text.bytes().all(|b| matches!(b, b' '..=b'~'))
}

/// Line breaks of word processors, mainframes and pages: all but the carriage return are one each.
fn is_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Such a character can make a name read as another one.
fn is_override(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn is_private(c: char) -> bool {
    matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{ffffd}' | '\u{100000}'..='\u{10fffd}')
}

/// A joiner between letters of a script that is written joined changes how they are drawn.
fn joins(c: char, before: Option<char>) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}') && before.is_some_and(|b| b.is_alphabetic() && u32::from(b) >= 0x590)
}

/// Text of Windows that was read as Latin-1: its quotation marks and dashes arrive as control characters.
fn windows_1252(c: char) -> Option<char> {
    Some(match c {
        '\u{80}' => '€',
        '\u{82}' => '‚',
        '\u{84}' => '„',
        '\u{88}' => 'ˆ',
        '\u{8a}' => 'Š',
        '\u{8b}' => '‹',
        '\u{8c}' => 'Œ',
        '\u{8e}' => 'Ž',
        '\u{91}' => '‘',
        '\u{92}' => '’',
        '\u{93}' => '“',
        '\u{94}' => '”',
        '\u{95}' => '•',
        '\u{96}' => '–',
        '\u{97}' => '—',
        '\u{99}' => '™',
        '\u{9a}' => 'š',
        '\u{9b}' => '›',
        '\u{9c}' => 'œ',
        '\u{9e}' => 'ž',
        '\u{9f}' => 'Ÿ',
        _ => return None,
    })
}

/// What the symbol fonts of word processors (Symbol, Wingdings) draw at their private places: nearly always a bullet.
fn symbol(c: char) -> Option<char> {
    Some(match u32::from(c) {
        0xf0fc | 0xf0fe | 0xf050 | 0xf052 => '✓',
        0xf06f | 0xf071 | 0xf0a8 | 0xf072 => '○',
        0xf0e0 | 0xf0e8 | 0xf0ae | 0xf0f0 => '→',
        0xf0df | 0xf0e7 | 0xf0ac => '←',
        0xf0b7 | 0xf0a7 | 0xf0d8 | 0xf076 | 0xf077 | 0xf06c | 0xf06e | 0xf09f | 0xf0a0 | 0xf0b2 | 0xf0d6 | 0xf02d => {
            '•'
        }
        _ => return None,
    })
}

/// Marks of a list that no font here has, and one like them that it has.
fn pictured(c: char) -> Option<char> {
    Some(match c {
        '✔' | '✅' | '☑' | '🗸' => '✓',
        '▪' | '▸' | '►' | '➢' | '➤' | '❖' | '⁃' | '⦁' | '∙' | '◦' | '▫' | '⬤' | '🔹' | '🔸' => {
            '•'
        }
        '☐' | '❑' | '❏' | '◻' => '○',
        '➔' | '➜' | '⇒' | '➡' => '→',
        _ => return None,
    })
}

/// Digits with dashes of one kind and single blanks.
fn number(text: &str) -> String {
    let seen = text.chars().filter(|c| !is_ignorable(*c) || c.is_control());
    let plain: String = seen
        .map(|c| {
            if is_dash(c) {
                '-'
            } else if c == '\u{a0}' {
                ' '
            } else {
                c
            }
        })
        .collect();
    plain.trim().to_owned()
}

/// A line of an address as the post reads it.
fn address_line(text: &str) -> String {
    let seen: String = text.chars().filter(|c| !is_ignorable(*c)).collect();
    let words: Vec<&str> = seen.split_whitespace().collect();
    let line = words.join(" ");
    let line = line.trim_end_matches([',', ';', ' ']);
    let line = match line.strip_suffix('.') {
        Some(before) if before.ends_with(|c: char| c.is_ascii_digit()) => before,
        _ => line,
    };
    // 235101234 is a ZIP code with its four digits more, where the state stands before it.
    let (before, last) = line.rsplit_once([' ', ',']).unwrap_or(("", line));
    let state = before.split([' ', ',']).next_back().unwrap_or_default();
    let is_state = state.len() == 2 && state.bytes().all(|b| b.is_ascii_alphabetic());
    if is_state && last.len() == 9 && last.bytes().all(|b| b.is_ascii_digit()) {
        return format!("{}{}-{}", &line[..line.len() - 9], &last[..5], &last[5..]);
    }
    line.to_owned()
}
