//! The words of an address, in one form for all the ways in which the post and people write them.

use std::ops::Range;

use crate::case::folding::{Folded, Gap};

/// A word of a text, folded, and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Word {
    pub(super) text: String,
    pub(super) at: Range<usize>,
    pub(super) gap: Gap,
    pub(super) capital: bool,
}

impl Word {
    pub(super) fn is_number(&self) -> bool {
        self.text.bytes().all(|b| b.is_ascii_digit())
    }
}

/// The words of a text: letters and digits apart, a word divided at a line's end joined, ordinals in digits, common words
/// of addresses in their short form.
pub(super) fn words(text: &str) -> Vec<Word> {
    let folded = Folded::of(text);
    let mut out: Vec<Word> = Vec::new();
    for piece in folded.pieces() {
        let letters = folded.letters(piece);
        if let Some(last) = out.last_mut() {
            let goes_on = piece.gap == Gap::Mark && piece.begins_line && !piece.digits && !last.is_number();
            let ordinal = piece.gap == Gap::Nothing && last.is_number() && matches!(letters, "st" | "nd" | "rd" | "th");
            if goes_on || ordinal {
                last.text.push_str(letters);
                last.at.end = piece.at.end;
                continue;
            }
        }
        out.push(Word { text: letters.to_owned(), at: piece.at.clone(), gap: piece.gap, capital: piece.capital });
    }
    for word in &mut out {
        if let Some(short) = short(&word.text) {
            short.clone_into(&mut word.text);
        }
    }
    join_boxes(&mut out);
    out
}

/// `P.O. Box`, `PO Box` and `Post Office Box` are a box.
fn join_boxes(words: &mut Vec<Word>) {
    const BEFORE: [&[&str]; 3] = [&["post", "office"], &["p", "o"], &["po"]];
    let mut i = 0;
    while i < words.len() {
        let before = |names: &&&[&str]| {
            let from = i.checked_sub(names.len());
            from.is_some_and(|from| words[from..i].iter().zip(**names).all(|(word, name)| word.text == *name))
        };
        if words[i].text == "box"
            && let Some(names) = BEFORE.iter().find(before)
        {
            let from = i - names.len();
            words[i].at.start = words[from].at.start;
            words[i].gap = words[from].gap;
            words.drain(from..i);
            i = from;
        }
        i += 1;
    }
}

const TYPES: [&str; 32] = [
    "aly", "ave", "blvd", "cir", "cres", "cswy", "ct", "cv", "dr", "expy", "hts", "hwy", "lk", "ln", "loop", "park",
    "path", "pike", "pkwy", "pl", "plz", "rd", "row", "run", "sq", "st", "ter", "trl", "tpke", "walk", "way", "xing",
];
const DIRECTIONS: [&str; 8] = ["n", "s", "e", "w", "ne", "nw", "se", "sw"];
/// Words before the number of a part of a building or a park.
const WITHIN: [&str; 14] =
    ["apt", "unit", "ste", "lot", "no", "rm", "fl", "bldg", "trlr", "spc", "ph", "site", "slip", "dept"];

fn short(word: &str) -> Option<&'static str> {
    Some(match word {
        "alley" => "aly",
        "avenue" | "av" | "aven" | "avn" => "ave",
        "boulevard" | "boul" | "blv" => "blvd",
        "circle" | "circ" => "cir",
        "crescent" | "crsnt" => "cres",
        "causeway" => "cswy",
        "court" | "crt" => "ct",
        "cove" => "cv",
        "drive" | "drv" => "dr",
        "expressway" => "expy",
        "heights" => "hts",
        "highway" | "hiway" => "hwy",
        "lake" => "lk",
        "lane" => "ln",
        "parkway" | "pky" | "pkway" => "pkwy",
        "place" => "pl",
        "plaza" => "plz",
        "road" => "rd",
        "square" | "sqr" => "sq",
        "street" | "str" | "saint" => "st",
        "terrace" | "terr" => "ter",
        "trail" => "trl",
        "turnpike" => "tpke",
        "crossing" => "xing",
        "north" | "norte" => "n",
        "south" => "s",
        "east" => "e",
        "west" => "w",
        "northeast" => "ne",
        "northwest" => "nw",
        "southeast" => "se",
        "southwest" => "sw",
        "apartment" | "apts" => "apt",
        "suite" => "ste",
        "number" | "num" => "no",
        "room" => "rm",
        "floor" => "fl",
        "building" => "bldg",
        "trailer" => "trlr",
        "space" => "spc",
        "penthouse" => "ph",
        "mount" => "mt",
        "fort" => "ft",
        "first" => "1st",
        "second" => "2nd",
        "third" => "3rd",
        "fourth" => "4th",
        "fifth" => "5th",
        "sixth" => "6th",
        "seventh" => "7th",
        "eighth" => "8th",
        "ninth" => "9th",
        "tenth" => "10th",
        "eleventh" => "11th",
        "twelfth" => "12th",
        _ => return None,
    })
}

/// A house's number and its street.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Street {
    number: String,
    /// The word of the street that tells it from others.
    name: String,
    /// All words after the number.
    rest: Vec<String>,
}

impl Street {
    /// The street in a line's words, and how many words stand before and after it.
    pub(super) fn of(line: &[Word]) -> Option<(Self, Range<usize>)> {
        let begins = |i: &usize| line[*i].text.starts_with(|c: char| c.is_ascii_digit()) && line[*i].is_number();
        let within = |i: usize| i > 0 && WITHIN.contains(&line[i - 1].text.as_str());
        let from = (0..line.len()).filter(begins).filter(|i| !within(*i)).find(|i| {
            line.get(i + 1).is_some_and(|next| next.gap <= Gap::Blank) && Self::name(&line[i + 1..]).is_some()
        })?;
        let after = &line[from + 1..];
        let ends = |word: &Word| word.gap > Gap::Blank || WITHIN.contains(&word.text.as_str());
        let length = after.iter().position(ends).unwrap_or(after.len());
        let rest: Vec<String> = after[..length].iter().map(|word| word.text.clone()).collect();
        let name = Self::name(&after[..length])?;
        Some((Self { number: line[from].text.clone(), name, rest }, from..from + 1 + length))
    }

    fn name(rest: &[Word]) -> Option<String> {
        let words = || rest.iter().filter(|word| !word.is_number()).map(|word| &word.text);
        let is_one_of = |list: &[&str], word: &str| list.contains(&word);
        let plain = |w: &&String| !is_one_of(&DIRECTIONS, w) && !is_one_of(&TYPES, w) && !is_one_of(&WITHIN, w);
        let own = words().find(|w| plain(w) && w.len() > 1).or_else(|| words().find(plain));
        own.or_else(|| words().find(|w| !is_one_of(&WITHIN, w))).cloned()
    }

    /// How many words of the text it takes, where it begins here. A direction or the street's type may be left out; another
    /// type is another street.
    pub(super) fn length(&self, text: &[Word]) -> Option<usize> {
        if text.first()?.text != self.number {
            return None;
        }
        let known = |word: &Word| self.rest.contains(&word.text);
        let may_precede = |word: &&Word| word.gap <= Gap::Blank && word.text != self.name;
        let leads = |word: &Word| known(word) || DIRECTIONS.contains(&word.text.as_str()) || word.text.len() == 1;
        let before = text[1..].iter().take(4).take_while(|word| may_precede(word) && leads(word)).count();
        let name = text.get(1 + before).filter(|word| word.text == self.name && word.gap <= Gap::Blank)?;
        let mut end = 2 + before;
        let follows = |word: &&Word| word.gap <= Gap::Blank;
        while let Some(next) = text.get(end).filter(follows) {
            let typed = TYPES.contains(&next.text.as_str());
            if typed && !known(next) && self.rest.iter().any(|word| TYPES.contains(&word.as_str())) {
                return None;
            }
            if !known(next) && !typed && !DIRECTIONS.contains(&next.text.as_str()) {
                break;
            }
            end += 1;
        }
        // Without its type "12 park" may be twelve of anything.
        let whole = text[1..end].iter().any(|word| word.text != self.name && known(word)) || self.rest.len() == 1;
        (name.capital || whole || name.text.starts_with(|c: char| c.is_ascii_digit())).then_some(end)
    }
}

/// A line of nothing but a part of a building: `Apt 2`, `# 4`.
pub(super) fn is_part_of_a_building(line: &[Word]) -> bool {
    !line.iter().any(|word| word.text.len() > 1 && !word.is_number() && !WITHIN.contains(&word.text.as_str()))
}

/// The number or letter of an apartment, a unit or a lot: behind such a word, or behind the street (`# 2`).
pub(super) fn unit_of(line: &[Word]) -> Option<String> {
    let named = |at: usize| WITHIN.contains(&line[at].text.as_str()) && line.get(at + 1).is_some();
    let at = match Street::of(line) {
        Some((_, street)) if line.get(street.end).is_some_and(|word| !WITHIN.contains(&word.text.as_str())) => {
            let short = |word: &Word| word.text.len() <= 4 && word.text.starts_with(|c: char| c.is_ascii_digit());
            return short(&line[street.end]).then(|| line[street.end].text.clone());
        }
        _ => (0..line.len()).find(|at| named(*at))? + 1,
    };
    Some(line[at].text.clone())
}

/// The words after an apartment, a unit or a lot with its number.
pub(super) fn after_the_unit(line: &[Word]) -> &[Word] {
    let unit = line.len() > 2 && WITHIN.contains(&line[0].text.as_str()) && line[1].text.len() <= 5;
    if !unit {
        return line;
    }
    let more = line[2..].iter().take_while(|word| word.text.len() == 1 && word.gap < Gap::Blank).count();
    &line[2 + more..]
}
