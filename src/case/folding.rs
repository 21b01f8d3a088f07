//! One folding for every text that is searched, and for whatever is looked for in it: names, numbers, addresses,
//! telephones, e-mail. Compatible forms alike (ligatures, full-width letters), marks and invisible characters dropped,
//! dashes alike, small letters, a word divided at a line's end joined; each piece knows where it stood.

use std::ops::Range;

use unicode_normalization::char::{decompose_compatible, is_combining_mark};

/// What stands between two pieces of a text, from the least to the most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gap {
    /// Nothing: a capital after a small letter, a digit after a letter.
    Nothing,
    /// A dash, an apostrophe, an underscore, a dot without a blank; a word that goes on in the next line.
    Mark,
    /// Blanks, or a line's end.
    Blank,
    /// A comma, a slash, a dash between blanks.
    Divider,
    /// The end of a sentence, a bracket, a quotation mark.
    Stop,
}

/// Letters or digits in a run, with nothing between them.
#[derive(Debug, Clone)]
pub struct Piece {
    letters: Range<usize>,
    /// Where it stands in the text as it was, in bytes.
    pub at: Range<usize>,
    /// What stands before it.
    pub gap: Gap,
    /// Whether a line ends before it.
    pub begins_line: bool,
    /// Whether it begins with a capital letter.
    pub capital: bool,
    /// Whether it is of digits.
    pub digits: bool,
}

/// A text as it is compared.
#[derive(Debug, Default)]
pub struct Folded {
    letters: String,
    pieces: Vec<Piece>,
}

impl Folded {
    /// Folds a text in one pass.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let mut folding = Folding {
            out: Self { letters: String::with_capacity(text.len()), pieces: Vec::with_capacity(text.len() / 6) },
            between: Some(Between { stop: true, ..Between::default() }),
            soft_hyphen: false,
            small: false,
        };
        for (at, c) in text.char_indices() {
            let place = at..at + c.len_utf8();
            match kind(c) {
                Kind::Ignored => folding.soft_hyphen |= c == SOFT_HYPHEN,
                Kind::Other => decompose_compatible(c, |part| {
                    if let Kind::Plain(part) | Kind::Letter(part) = kind_of_part(part) {
                        folding.add(part, &place);
                    }
                }),
                Kind::Plain(c) | Kind::Letter(c) => folding.add(c, &place),
            }
        }
        folding.out
    }

    /// The pieces in order.
    #[must_use]
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// The letters of a piece.
    #[must_use]
    pub fn letters(&self, piece: &Piece) -> &str {
        &self.letters[piece.letters.clone()]
    }

    /// Whether nothing of it can be compared: blanks, marks, invisible characters.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }
}

const SOFT_HYPHEN: char = '\u{ad}';

/// What became of a character.
enum Kind {
    /// Nothing is seen of it.
    Ignored,
    /// It is its own form.
    Plain(char),
    /// A letter that has one.
    Letter(char),
    /// It may be made of others.
    Other,
}

fn kind(c: char) -> Kind {
    match c {
        _ if c.is_ascii() => Kind::Plain(c),
        _ if is_ignorable(c) => Kind::Ignored,
        _ if is_dash(c) => Kind::Plain('-'),
        _ if is_apostrophe(c) => Kind::Plain('\''),
        'ß' | 'ẞ' | 'ς' | 'ı' | 'ø' | 'Ø' | 'ł' | 'Ł' | 'đ' | 'Đ' => Kind::Letter(c),
        _ => Kind::Other,
    }
}

fn kind_of_part(c: char) -> Kind {
    if is_combining_mark(c) || is_ignorable(c) { Kind::Ignored } else { Kind::Letter(c) }
}

/// Characters that are not drawn (`Default_Ignorable_Code_Point`).
pub(super) const fn is_ignorable(c: char) -> bool {
    matches!(c, SOFT_HYPHEN | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fff8}'
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

pub(super) const fn is_dash(c: char) -> bool {
    matches!(
        c,
        '\u{58a}' | '\u{5be}' | '\u{2010}'
            ..='\u{2015}'
                | '\u{2043}'
                | '\u{207b}'
                | '\u{208b}'
                | '\u{2212}'
                | '\u{2e3a}'
                | '\u{2e3b}'
                | '\u{2e40}'
                | '\u{301c}'
                | '\u{30a0}'
                | '\u{fe31}'
                | '\u{fe32}'
                | '\u{fe58}'
                | '\u{fe63}'
                | '\u{ff0d}'
    )
}

const fn is_apostrophe(c: char) -> bool {
    matches!(
        c,
        '\u{b4}' | '\u{2b9}' | '\u{2bb}'
            ..='\u{2bf}' | '\u{2018}' | '\u{2019}' | '\u{201b}' | '\u{2032}' | '\u{ff07}' | '\u{ff40}'
    )
}

/// What was met since the last letter.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is met or not, in any mixture")]
struct Between {
    blank: bool,
    line_end: bool,
    dash: bool,
    /// A dash as the last thing of a line.
    goes_on: bool,
    dot: bool,
    comma: bool,
    stop: bool,
}

struct Folding {
    out: Folded,
    between: Option<Between>,
    soft_hyphen: bool,
    /// The last letter was a small one.
    small: bool,
}

impl Folding {
    fn add(&mut self, c: char, place: &Range<usize>) {
        if !c.is_alphanumeric() {
            self.divide(c);
            return;
        }
        let digit = c.is_numeric();
        let gap = match (self.between.take(), self.out.pieces.last()) {
            (Some(between), last) => {
                let short = last.is_some_and(|piece| piece.letters.len() <= 3 && !piece.digits);
                Some((between.gap(short), between.line_end))
            }
            (None, Some(last)) if last.digits != digit || (self.small && c.is_uppercase()) => {
                Some((Gap::Nothing, false))
            }
            (None, _) => None,
        };
        let from = self.out.letters.len();
        push_folded(&mut self.out.letters, c);
        let to = self.out.letters.len();
        match (gap, self.out.pieces.last_mut()) {
            (None, Some(piece)) => {
                piece.letters.end = to;
                piece.at.end = place.end;
            }
            (gap, _) => {
                let (gap, begins_line) = gap.unwrap_or((Gap::Stop, false));
                let capital = c.is_uppercase();
                let piece = Piece { letters: from..to, at: place.clone(), gap, begins_line, capital, digits: digit };
                self.out.pieces.push(piece);
            }
        }
        self.small = c.is_lowercase();
        self.soft_hyphen = false;
    }

    fn divide(&mut self, c: char) {
        let between = self.between.get_or_insert_default();
        match c {
            _ if c.is_whitespace() => {
                let line_end = matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}');
                // A word processor's own hyphen shows where the line ends, and only there.
                between.goes_on |= line_end && (self.soft_hyphen || (between.dash && !between.blank));
                between.blank = true;
                between.line_end |= line_end;
            }
            '-' => between.dash = true,
            '\'' | '`' | '_' => {}
            '.' => between.dot = true,
            ',' | '/' | '|' | '\\' => between.comma = true,
            _ => between.stop = true,
        }
    }
}

impl Between {
    /// After a short word (`M.`, `St.`) a dot ends no sentence.
    fn gap(&self, after_short_word: bool) -> Gap {
        match self {
            Self { stop: true, .. } => Gap::Stop,
            Self { comma: true, .. } => Gap::Divider,
            Self { dot: true, blank: true, .. } if !after_short_word => Gap::Stop,
            Self { goes_on: true, .. } => Gap::Mark,
            Self { dash: true, blank: true, .. } => Gap::Divider,
            Self { blank: true, .. } => Gap::Blank,
            _ => Gap::Mark,
        }
    }
}

/// One letter as it is compared: small, and without the strokes that no decomposition takes off.
fn push_folded(out: &mut String, c: char) {
    match c {
        _ if c.is_ascii() => out.push(c.to_ascii_lowercase()),
        'ß' | 'ẞ' => out.push_str("ss"),
        'ς' => out.push('σ'),
        'ı' => out.push('i'),
        'ø' | 'Ø' => out.push('o'),
        'ł' | 'Ł' => out.push('l'),
        'đ' | 'Đ' => out.push('d'),
        _ => out.extend(c.to_lowercase()),
    }
}

/// A name as it is remembered: small letters without marks, dashes and apostrophes of one kind, single blanks.
#[must_use]
pub fn spelled(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut add = |c: char| {
        if c.is_whitespace() {
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
        } else {
            push_folded(&mut out, c);
        }
    };
    for c in text.chars() {
        match kind(c) {
            Kind::Ignored => {}
            Kind::Plain(c) | Kind::Letter(c) => add(c),
            Kind::Other => decompose_compatible(c, |part| {
                if let Kind::Letter(part) = kind_of_part(part) {
                    add(part);
                }
            }),
        }
    }
    out.truncate(out.trim_end().len());
    out
}

#[cfg(test)]
mod tests {
    use unicode_normalization::UnicodeNormalization;

    use super::*;

    fn pieces(text: &str) -> Vec<String> {
        let folded = Folded::of(text);
        folded.pieces().iter().map(|piece| folded.letters(piece).to_owned()).collect()
    }

    #[test]
    fn a_text_is_folded_alike_however_its_letters_are_composed() {
        for text in ["Nguyễn Thị Hương", "José  DÍAZ", "한글 이름", "Ångström", "d\u{323}\u{307} d\u{307}\u{323}"]
        {
            let (composed, taken_apart): (String, String) = (text.nfc().collect(), text.nfd().collect());
            assert_eq!(pieces(&composed), pieces(&taken_apart));
            assert_eq!(spelled(&composed), spelled(&taken_apart));
        }
        assert_eq!(spelled("Nguyễn Thị\u{2003}\nHƯƠNG"), "nguyen thi huong");
    }

    #[test]
    fn what_is_not_drawn_is_not_compared_and_what_looks_alike_is_alike() {
        for text in ["Whit\u{ad}field", "Whit\u{200b}field", "\u{feff}Whit\u{2060}field", "Whit\u{fb01}eld"] {
            assert_eq!(pieces(text), ["whitfield"], "{text:?}");
        }
        assert_eq!(pieces("\u{ff17}\u{ff17} Ｈidden"), ["77", "hidden"]);
        assert_eq!(pieces("Straße ΟΔΟΣ"), ["strasse", "οδοσ"]);
        let gap = |text: &str| Folded::of(text).pieces()[1].gap;
        for dash in ['-', '\u{2010}', '\u{2011}', '\u{2012}', '\u{2013}', '\u{2014}', '\u{2212}', '\u{ff0d}'] {
            assert_eq!(gap(&format!("26{dash}0398")), Gap::Mark, "{dash:?}");
        }
        assert_eq!(gap("Whit-\nfield"), Gap::Mark);
        assert_eq!(gap("Whit\u{ad}\nfield"), Gap::Mark);
        assert_eq!([gap("a b"), gap("one, two"), gap("Whole. Two")], [Gap::Blank, Gap::Divider, Gap::Stop]);
    }

    #[test]
    fn a_piece_knows_where_it_stood() {
        let text = "at \u{ff17}\u{ff17} Hid\u{ad}den";
        let folded = Folded::of(text);
        let stood: Vec<&str> = folded.pieces().iter().map(|piece| &text[piece.at.clone()]).collect();
        assert_eq!(stood, ["at", "\u{ff17}\u{ff17}", "Hid\u{ad}den"]);
        assert!(Folded::of("\u{200b}\u{feff}").is_empty());
    }
}
