//! Looks for other children in a finished text.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::name_index::{Found, NameIndex, Way};
use crate::case::{
    ChildId,
    folding::{Folded, spelled},
};

/// A child as the roster knows it: full name and program number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RosterEntry {
    pub child_id: ChildId,
    /// Full legal name, first and last.
    pub full_name: String,
    pub program_number: String,
}

/// An index over all children's full names and program numbers.
///
/// A name is found as First Last, Last First with or without a comma and with middle names or initials, a number with any
/// divider or none, both folded ([`crate::case::folding`]): `DÍAZ, José` is found where the child is `Jose Diaz`.
pub struct Roster {
    index: NameIndex,
    children: Vec<RosterEntry>,
}

impl std::fmt::Debug for Roster {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Roster").field("children", &self.children.len()).finish_non_exhaustive()
    }
}

/// A number such as "7" would be found on every page.
fn is_long_enough(text: &str) -> bool {
    spelled(text).chars().count() >= 5
}

impl Roster {
    /// Builds the index.
    ///
    /// # Panics
    /// When the roster is so large (hundreds of millions of names) that they cannot be numbered.
    #[must_use]
    pub fn new(children: impl IntoIterator<Item = RosterEntry>) -> Self {
        let children: Vec<RosterEntry> = children.into_iter().collect();
        let mut index = NameIndex::default();
        for (whose, child) in (0_u32..).zip(&children) {
            if is_long_enough(&child.full_name) {
                index.add_name(whose, &child.full_name);
            }
            if is_long_enough(&child.program_number) {
                index.add_number(whose, &child.program_number);
            }
        }
        Self { index, children }
    }

    /// Where a child other than `own` is named. Full names that the record accounts for (`accounted`: family, team,
    /// recipient, letterhead) and the child's own name are no alarm. A child among `near` (a brother or sister whose record
    /// this reader may have) is told apart from a stranger.
    #[must_use]
    pub fn hits(&self, own: &ChildId, near: &[ChildId], pages: &[String], accounted: &[String]) -> Vec<NameHit> {
        let is_own = |whose: u32| &self.children[whose as usize].child_id == own;
        let mut record = None;
        let mut hits: Vec<NameHit> = Vec::new();
        for (i, page) in pages.iter().enumerate() {
            let text = Folded::of(page);
            let (own_name, others): (Vec<Found>, Vec<Found>) =
                self.index.find(&text).into_iter().partition(|found| is_own(found.whose));
            if others.is_empty() {
                continue;
            }
            let record = record.get_or_insert_with(|| index_of(accounted)).find(&text);
            for found in others {
                // The child's own name is no other child's, whoever else bears it: a namesake is told by the number.
                let namesake = found.way == Way::InOrder && self.index.is_name_of(&found, is_own);
                if found.way != Way::Number
                    && (namesake
                        || own_name.iter().any(|own| belongs(&found, own))
                        || record.iter().any(|known| belongs(&found, known)))
                {
                    continue;
                }
                let child = &self.children[found.whose as usize];
                let number = found.way == Way::Number;
                let name = spelled(if number { &child.program_number } else { &child.full_name });
                let hit = NameHit {
                    page: i + 1,
                    line: line_of(page, text.pieces()[found.at.start].at.start),
                    near: near.contains(&child.child_id),
                    name_sha256: remembered(own, &name),
                };
                // The same name again on the page adds nothing to what a person has to look at.
                if !hits.iter().any(|h| h.page == hit.page && h.name_sha256 == hit.name_sha256) {
                    hits.push(hit);
                }
            }
        }
        hits
    }

    /// Whether one of these names or numbers stands in a text, in any of its spellings.
    #[must_use]
    pub fn names_any(texts: &[String], names: &[String]) -> bool {
        let index = index_of(names);
        texts.iter().any(|text| !index.find(&Folded::of(text)).is_empty())
    }
}

/// Names, and what has no letter as a number.
fn index_of(names: &[String]) -> NameIndex {
    let mut index = NameIndex::default();
    for name in names.iter().collect::<HashSet<_>>() {
        if name.chars().any(|c| c.is_ascii_digit()) { index.add_number(0, name) } else { index.add_name(0, name) }
    }
    index
}

/// Whether what was found is a part of a name that is known, or runs into one by chance.
fn belongs(found: &Found, known: &Found) -> bool {
    let within = known.at.start <= found.at.start && found.at.end <= known.at.end;
    let overlaps = known.at.start < found.at.end && found.at.start < known.at.end;
    within || (found.loose && overlaps)
}

/// Another child's name or number in a paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NameHit {
    /// Page, from 1.
    pub page: usize,
    /// Line of the page as it was laid out, from 1.
    pub line: usize,
    /// A brother or sister whose record this reader may have.
    pub near: bool,
    /// SHA-256 over the child's id and the folded name: how an answer is remembered without the name.
    pub name_sha256: String,
}

/// Where a brother or sister is called by the first name alone. A first name that somebody of the record bears too, and one
/// that is part of a name that the record accounts for, is none of theirs.
#[must_use]
pub fn first_names(own: &ChildId, siblings: &[Called], pages: &[String], accounted: &[String]) -> Vec<NameHit> {
    let known = index_of(accounted);
    let borne: HashSet<String> =
        accounted.iter().filter_map(|name| name.split_whitespace().next()).map(spelled).collect();
    let mut hits: Vec<NameHit> = Vec::new();
    for (i, page) in pages.iter().enumerate() {
        let text = Folded::of(page);
        let known = known.find(&text);
        for sibling in siblings {
            for name in sibling.names.iter().filter(|name| !borne.contains(&spelled(name))) {
                let wanted = Folded::of(name);
                let wanted: Vec<&str> = wanted.pieces().iter().map(|piece| wanted.letters(piece)).collect();
                let pieces = text.pieces();
                let stands = (0..pieces.len()).find(|at| {
                    let here = pieces.iter().skip(*at).take(wanted.len());
                    // A word of the language that is a name as well begins with a capital only as a name.
                    !wanted.is_empty()
                        && pieces[*at].capital
                        && here.map(|piece| text.letters(piece)).eq(wanted.iter().copied())
                        && !known.iter().any(|known| known.at.contains(at))
                });
                if let Some(at) = stands {
                    let line = line_of(page, pieces[at].at.start);
                    let name_sha256 = remembered(own, &spelled(name));
                    hits.push(NameHit { page: i + 1, line, near: sibling.near, name_sha256 });
                }
            }
        }
    }
    hits
}

/// What a brother or sister is called, and whether the reader may have that child's record.
#[derive(Debug, Clone)]
pub struct Called {
    /// First and preferred name.
    pub names: Vec<String>,
    pub near: bool,
}

/// The form in which an answer about a name is remembered, bound to the child in whose papers it stands.
fn remembered(own: &ChildId, folded_name: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(own.as_str());
    hash.update([0]);
    hash.update(folded_name);
    hex::encode(hash.finalize())
}

/// The line of the page in which a place lies, from 1.
fn line_of(page: &str, at: usize) -> usize {
    page[..at].bytes().filter(|b| *b == b'\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn roster() -> Roster {
        let child = |id: &str, name: &str, number: &str| RosterEntry {
            child_id: ChildId::parse(id).unwrap(),
            full_name: name.to_owned(),
            program_number: number.to_owned(),
        };
        Roster::new([child("c-1", "José Díaz", "26-0001"), child("c-2", "Ann Lee", "26-0002")])
    }

    fn pages(text: &str) -> Vec<String> {
        vec!["nothing".to_owned(), text.to_owned()]
    }

    fn places(own: &str, text: &str, accounted: &[String]) -> Vec<(usize, usize)> {
        let hits = roster().hits(&ChildId::parse(own).unwrap(), &[], &pages(text), accounted);
        hits.iter().map(|hit| (hit.page, hit.line)).collect()
    }

    #[test]
    fn another_child_is_found_whatever_the_accents_case_and_line_breaks() {
        assert_eq!(places("c-2", "plays with JOSE \n diaz.", &[]), [(2, 1)]);
        assert_eq!(places("c-2", "one line\nand a second\nsee 26-0001", &[]), [(2, 3)]);
        assert_eq!(places("c-2", "one line\nJo\u{ad}sé Díaz; 26\u{2011}0001", &[]), [(2, 2), (2, 2)]);
    }

    #[test]
    fn the_child_itself_and_a_longer_name_are_no_alarm() {
        assert!(places("c-1", "José Díaz", &[]).is_empty());
        assert!(places("c-1", "Joann Leeson", &[]).is_empty());
    }

    #[test]
    fn a_name_that_the_record_accounts_for_is_no_alarm() {
        assert!(places("c-1", "mother: Ann Lee", &["Ann Lee".to_owned()]).is_empty());
    }

    #[test]
    fn a_twin_is_told_apart_from_a_stranger_and_a_namesake_by_the_number() {
        let child = |id: &str, name: &str| RosterEntry {
            child_id: ChildId::parse(id).unwrap(),
            full_name: name.to_owned(),
            program_number: format!("26-{id}"),
        };
        let roster = Roster::new([child("c-1", "Ann Lee"), child("c-2", "Bea Lee"), child("c-3", "Ann Lee")]);
        let (own, twin) = (ChildId::parse("c-1").unwrap(), ChildId::parse("c-2").unwrap());
        let near = |text: &str, near: &[ChildId]| -> Vec<bool> {
            roster.hits(&own, near, &[text.to_owned()], &[]).iter().map(|hit| hit.near).collect()
        };
        assert_eq!(near("with Bea Lee", std::slice::from_ref(&twin)), [true]);
        assert_eq!(near("with Bea Lee", &[]), [false]);
        assert!(near("Ann Lee", &[]).is_empty(), "another child has the same name: it is the child's own");
        assert_eq!(near("Ann Lee, 26-c-3", &[]), [false], "and is told by the number");
    }

    /// What a plan of Maya Rivera says of four other children of the program.
    const SPELLINGS: [&str; 46] = [
        "Theo Whitfield",
        "THEO WHITFIELD",
        "theo whitfield",
        "Theo\u{a0}Whitfield",
        "Theo  Whitfield",
        "Theo\tWhitfield",
        "Theo\nWhitfield",
        "Theo Whitfield’s",
        "“Theo Whitfield”",
        "Theo Whit\u{ad}field",
        "Theo Whit\u{200b}field",
        "Theo\u{200e} Whitfield",
        "\u{feff}Theo Whitfield",
        "Theo Whit\u{fb01}eld",
        "Ｔｈｅｏ Ｗｈｉｔｆｉｅｌｄ",
        "Theo Whit-\nfield",
        "Theo Whit\u{ad}\nfield",
        "Whitfield, Theo",
        "WHITFIELD, THEO",
        "Whitfield Theo",
        "Whitfield, Theo James",
        "Theo James Whitfield",
        "Theo J. Whitfield",
        "Theo J Whitfield",
        "Theo James\nWhitfield",
        "THEO JAMES WHITFIELD",
        "theo james whitfield",
        "Theo_Whitfield",
        "TheoWhitfield",
        "theowhitfield",
        "theo.whitfield@example.org",
        "Theo Whitfield2",
        "D’Andre O’Neil-Žižka",
        "D'Andre O'Neil-Zizka",
        "D`Andre O`Neil-Žižka",
        "DAndre ONeil Zizka",
        "O'Neil-Žižka, D'Andre",
        "McDonald, Mary Ann",
        "Mary Ann Mcdonald",
        "Vanderberg, Ana",
        "26-0398",
        "26\u{2011}0398",
        "26\u{2013}0398",
        "26 - 0398",
        "260398",
        "The\u{43e} Whitfield",
    ];

    fn program() -> Roster {
        let names = ["Theo Whitfield", "D'Andre O'Neil-Žižka", "Mary Ann McDonald", "Ana Van der Berg", "Maya Rivera"];
        let numbers = ["26-0398", "26-0101", "26-0102", "26-0103", "26-0417"];
        Roster::new(names.iter().zip(numbers).map(|(name, number)| RosterEntry {
            child_id: ChildId::parse(format!("c-{}", &number[3..])).unwrap(),
            full_name: (*name).to_owned(),
            program_number: number.to_owned(),
        }))
    }

    fn alarms(text: &str, accounted: &[&str]) -> usize {
        let accounted: Vec<String> = accounted.iter().map(ToString::to_string).collect();
        program().hits(&ChildId::parse("c-0417").unwrap(), &[], &[text.to_owned()], &accounted).len()
    }

    #[test]
    fn nineteen_of_twenty_spellings_of_another_child_are_found_and_none_of_the_plain_ones_missed() {
        let missed = |says: &&&str| alarms(&format!("On Mondays she plays with {says} in the yard."), &[]) != 1;
        let missed: Vec<_> = SPELLINGS.iter().filter(missed).collect();
        // A letter of another alphabet that looks alike is another letter.
        assert_eq!(missed, [&SPELLINGS[45]]);
        assert!((SPELLINGS.len() - missed.len()) * 100 >= SPELLINGS.len() * 95);
    }

    #[test]
    fn an_answer_about_a_name_holds_for_its_other_spellings_and_for_those_of_earlier_versions() {
        let hash = |text: &str| {
            let own = ChildId::parse("c-0417").unwrap();
            program().hits(&own, &[], &[text.to_owned()], &[]).remove(0).name_sha256
        };
        let remembered = remembered(&ChildId::parse("c-0417").unwrap(), "theo whitfield");
        assert_eq!([hash("Theo Whitfield"), hash("Whitfield, Theo")], [remembered.clone(), remembered]);
    }

    #[test]
    fn people_of_the_record_and_words_that_only_look_like_a_name_are_no_alarm() {
        for text in [
            "Rivera, Maya; MAYA RIVERA; Maya Rose Rivera; 260417",
            "Theo and Dana met. Whitfield Avenue is near.",
            "Call (757) 260-3981 or 126-0398 or 260-398.",
            "Theodore Whitfield; Theo Whitfields; Theo. Whitfield Avenue",
            "Mary and Ann saw Mr. McDonald",
        ] {
            assert_eq!(alarms(text, &[]), 0, "{text}");
        }
        assert_eq!(alarms("Mother: Mary Ann McDonald", &["Mary Ann McDonald"]), 0);
        assert_eq!(alarms("McDonald, Mary Ann", &["Mary Ann McDonald"]), 0);
        // Two people side by side are no third one.
        assert_eq!(alarms("Dana Theo James Whitfield", &["Dana Theo", "James Whitfield"]), 0);
        assert_eq!(alarms("Sent to Theo James Whitfield Center", &["James Whitfield Center"]), 0);
        assert_eq!(alarms("Theo Whitfield", &["Dana Theo"]), 1);
    }
}
