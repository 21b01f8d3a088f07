//! Names and numbers in the spellings that reports use, found in a text by their letters alone.

use std::{
    collections::{HashMap, HashSet},
    hash::{BuildHasherDefault, Hasher},
    ops::Range,
};

use crate::case::folding::{Folded, Gap, Piece};

/// Where a spelling stands in a text.
#[derive(Debug, Clone)]
pub(super) struct Found {
    /// The pieces of the text.
    pub(super) at: Range<usize>,
    /// What was added under this number.
    pub(super) whose: u32,
    pub(super) way: Way,
    /// The place of its letters in the index: alike for namesakes.
    letters: u64,
    /// Held together by blanks only, in another order or with a middle name: two people may stand side by side so.
    pub(super) loose: bool,
}

/// How it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// First, middle, last.
    InOrder,
    /// The last name first; after how many letters the first name follows.
    Turned(u8),
    Number,
}

struct Spelling {
    whose: u32,
    /// The next of the same letters.
    next: Option<u32>,
    /// After which letters something may stand between, a bit each.
    dividers: u64,
    /// After which of them a word ends.
    words: u64,
    way: Way,
}

/// Letters by which a name or a number is found, each a hash: names are told apart by far fewer letters.
#[derive(Default)]
pub(super) struct NameIndex {
    by_letters: HashMap<u64, u32, BuildHasherDefault<AsItIs>>,
    spellings: Vec<Spelling>,
    /// What a middle name may follow.
    firsts: HashSet<u64, BuildHasherDefault<AsItIs>>,
    longest: usize,
}

/// The keys are hashes.
#[derive(Default)]
struct AsItIs(u64);

impl Hasher for AsItIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, _: &[u8]) {}

    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }
}

/// Places of more letters than this are not told apart.
const MOST_LETTERS: usize = 63;
/// So many letters are a name and no word, also where nothing stands between them.
const LONG_AS_ONE_WORD: usize = 12;
/// So many letters make a capital inside a word a beginning or an end.
const LONG_FOR_A_HUMP: usize = 10;
/// Digits without a divider: a ZIP code has five.
const LONG_AS_DIGITS: usize = 6;

/// FNV-1a, goes on letter by letter.
fn hash(before: u64, letters: &str) -> u64 {
    letters.bytes().fold(before, |hash, b| (hash ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3))
}

const NOTHING: u64 = 0xcbf2_9ce4_8422_2325;

/// Words that follow a name and tell no one apart.
const SUFFIXES: [&str; 6] = ["jr", "sr", "ii", "iii", "iv", "v"];

impl NameIndex {
    /// A name: in order, and with each of its last words first.
    pub(super) fn add_name(&mut self, whose: u32, name: &str) {
        let folded = Folded::of(name);
        let mut words: Vec<Vec<&Piece>> = Vec::new();
        for piece in folded.pieces() {
            match words.last_mut() {
                Some(word) if piece.gap < Gap::Blank => word.push(piece),
                _ => words.push(vec![piece]),
            }
        }
        if words.len() > 2 && words.last().is_some_and(|w| SUFFIXES.contains(&&*joined(&folded, w))) {
            words.pop();
        }
        for turn in 0..words.len() {
            let way = if turn == 0 {
                Way::InOrder
            } else {
                let last = words[turn..].iter().map(|word| joined(&folded, word).len()).sum::<usize>();
                Way::Turned(u8::try_from(last).unwrap_or(u8::MAX))
            };
            self.add(whose, &folded, words[turn..].iter().chain(&words[..turn]).map(Vec::as_slice), way);
        }
    }

    /// A number, with its dividers or without.
    pub(super) fn add_number(&mut self, whose: u32, number: &str) {
        let folded = Folded::of(number);
        let pieces: Vec<&Piece> = folded.pieces().iter().collect();
        self.add(whose, &folded, [pieces.as_slice()].into_iter(), Way::Number);
    }

    fn add<'p>(&mut self, whose: u32, folded: &Folded, words: impl Iterator<Item = &'p [&'p Piece]>, way: Way) {
        let (mut letters, mut length, mut dividers, mut ends) = (NOTHING, 0, 0_u64, 0_u64);
        for word in words {
            for (i, piece) in word.iter().enumerate() {
                if length > 0 && (i == 0 || piece.gap > Gap::Nothing) {
                    dividers |= bit(length);
                }
                if length > 0 && i == 0 {
                    ends |= bit(length);
                    if way == Way::InOrder {
                        self.firsts.insert(letters);
                    }
                }
                letters = hash(letters, folded.letters(piece));
                length += folded.letters(piece).len();
            }
        }
        if length == 0 || length > MOST_LETTERS {
            return;
        }
        self.longest = self.longest.max(length);
        let place = u32::try_from(self.spellings.len()).expect("a roster has far fewer than a billion names");
        let next = self.by_letters.insert(letters, place);
        self.spellings.push(Spelling { whose, next, dividers, words: ends, way });
    }

    /// Everything that stands in a text.
    pub(super) fn find(&self, text: &Folded) -> Vec<Found> {
        let mut found = Vec::new();
        for start in 0..text.pieces().len() {
            self.extend(text, Reached { start, ..Reached::default() }, start, &mut found);
        }
        found
    }

    /// Whether one of the same letters is this one's own, in its own order.
    pub(super) fn is_name_of(&self, found: &Found, whose: impl Fn(u32) -> bool) -> bool {
        self.of(found.letters).any(|spelling| spelling.way == Way::InOrder && whose(spelling.whose))
    }

    fn of(&self, letters: u64) -> impl Iterator<Item = &Spelling> {
        let at = |place: u32| &self.spellings[place as usize];
        let first = self.by_letters.get(&letters).map(|place| at(*place));
        std::iter::successors(first, move |spelling| spelling.next.map(at))
    }

    /// Goes on from piece to piece.
    fn extend(&self, text: &Folded, mut reached: Reached, from: usize, found: &mut Vec<Found>) {
        for (i, piece) in text.pieces().iter().enumerate().skip(from) {
            if i > reached.start {
                // Where a middle name was left out, what stands before the last name was looked at.
                let gap = if i == from { Gap::Blank } else { piece.gap };
                match gap {
                    Gap::Nothing | Gap::Mark => {}
                    Gap::Blank => reached.blanks |= bit(reached.length),
                    Gap::Divider => reached.commas |= bit(reached.length),
                    Gap::Stop => return,
                }
                if gap > Gap::Nothing {
                    reached.marks |= bit(reached.length);
                }
                reached.joints |= bit(reached.length);
            }
            let letters = text.letters(piece);
            reached.length += letters.len();
            if reached.length > self.longest {
                return;
            }
            reached.letters = hash(reached.letters, letters);
            let at = reached.start..i + 1;
            for spelling in self.of(reached.letters) {
                if let Some(loose) = reached.spells(spelling, text, &at) {
                    let (whose, way) = (spelling.whose, spelling.way);
                    found.push(Found { at: at.clone(), whose, way, letters: reached.letters, loose });
                }
            }
            if !reached.middle && self.firsts.contains(&reached.letters) {
                let first = &text.pieces()[reached.start];
                for next in after_middle_names(text, i + 1, first.capital) {
                    self.extend(text, Reached { middle: true, ..reached.clone() }, next, found);
                }
            }
        }
    }
}

fn joined(folded: &Folded, word: &[&Piece]) -> String {
    word.iter().map(|piece| folded.letters(piece)).collect()
}

fn bit(place: usize) -> u64 {
    1_u64.checked_shl(u32::try_from(place).unwrap_or(u32::MAX)).unwrap_or_default()
}

/// Where the last name may begin after one or two middle names or initials of the same sentence.
fn after_middle_names(text: &Folded, from: usize, capital: bool) -> Vec<usize> {
    let (mut starts, mut lines, mut at) = (Vec::new(), 0, from);
    for _ in 0..2 {
        let Some(first) = text.pieces().get(at) else { break };
        // Running words are no names: these begin with a capital, where the first name does.
        if first.gap != Gap::Blank || first.digits || (capital && !first.capital) {
            break;
        }
        lines += usize::from(first.begins_line);
        at += 1;
        at += text.pieces()[at..].iter().take_while(|piece| piece.gap < Gap::Blank).count();
        let Some(next) = text.pieces().get(at).filter(|next| next.gap == Gap::Blank) else { break };
        if lines + usize::from(next.begins_line) > 1 {
            break;
        }
        starts.push(at);
    }
    starts
}

/// Letters so far, and what stood between them.
#[derive(Clone)]
struct Reached {
    start: usize,
    letters: u64,
    length: usize,
    /// After which letters a piece ends; of these where more than nothing, a blank, a comma stands.
    joints: u64,
    marks: u64,
    blanks: u64,
    commas: u64,
    middle: bool,
}

impl Default for Reached {
    fn default() -> Self {
        Self { start: 0, letters: NOTHING, length: 0, joints: 0, marks: 0, blanks: 0, commas: 0, middle: false }
    }
}

impl Reached {
    /// Whether these letters are the spelling and no others that look so, and whether loosely.
    fn spells(&self, spelling: &Spelling, text: &Folded, at: &Range<usize>) -> Option<bool> {
        let pieces = text.pieces();
        let (first, after) = (&pieces[at.start], pieces.get(at.end));
        if spelling.way == Way::Number {
            let bare = self.marks & spelling.dividers == 0;
            let digits = |piece: &Piece| piece.digits;
            let before = at.start.checked_sub(1).map(|i| &pieces[i]);
            // Part of a longer number, such as a telephone's.
            let part = (first.gap < Gap::Blank && before.is_some_and(digits))
                || after.is_some_and(|next| next.gap < Gap::Blank && digits(next));
            let stands = self.marks & !spelling.dividers == 0
                && !self.middle
                && (!bare || spelling.dividers == 0 || (self.length >= LONG_AS_DIGITS && !part));
            return stands.then_some(false);
        }
        let hump = |piece: &Piece, before: &Piece| piece.gap == Gap::Nothing && !piece.digits && !before.digits;
        let inside = (at.start > 0 && hump(first, &pieces[at.start - 1]))
            || after.is_some_and(|next| hump(next, &pieces[at.end - 1]));
        let apart = spelling.words == 0 || self.joints & spelling.words != 0 || self.length >= LONG_AS_ONE_WORD;
        if (inside && self.length < LONG_FOR_A_HUMP) || !apart || (self.blanks | self.commas) & !spelling.dividers != 0
        {
            return None;
        }
        match spelling.way {
            Way::Turned(division) => {
                let division = bit(usize::from(division));
                (self.commas & !division == 0 && !self.middle).then_some(self.commas & division == 0)
            }
            _ => (self.commas == 0).then_some(self.middle),
        }
    }
}
