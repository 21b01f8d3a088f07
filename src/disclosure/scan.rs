//! Looks for other children in a finished text.

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, MatchKind};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use unicode_normalization::char::{decompose_canonical, is_combining_mark};

use crate::case::ChildId;

/// A child as the roster knows it: full name and program number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RosterEntry {
    /// Id.
    pub child_id: ChildId,
    /// Full legal name, first and last.
    pub full_name: String,
    /// Program number.
    pub program_number: String,
}

/// One automaton over all children's full names and program numbers.
///
/// Names are folded (case, accents, repeated blanks), so that `JOSÉ  Díaz` is found as `Jose Diaz`.
pub struct Roster {
    automaton: AhoCorasick,
    owners: Vec<ChildId>,
}

impl std::fmt::Debug for Roster {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Roster").field("patterns", &self.owners.len()).finish_non_exhaustive()
    }
}

/// Folds a text for comparison: decomposed, marks dropped, lower case, single spaces.
fn fold(text: &str) -> String {
    let mut folded = Folded { text: String::with_capacity(text.len()), blank: true };
    for c in text.chars() {
        // Most letters are their own decomposition. The order of marks is no matter: they are dropped.
        if c.is_ascii() { folded.add(c) } else { decompose_canonical(c, |part| folded.add(part)) }
    }
    folded.text
}

/// A text that is being folded.
struct Folded {
    text: String,
    /// A blank stands last.
    blank: bool,
}

impl Folded {
    fn add(&mut self, c: char) {
        // Programs write the same name with other marks; a soft hyphen is none at all.
        let c = match c {
            '\u{2018}' | '\u{2019}' | '\u{02bc}' => '\'',
            '\u{2010}' | '\u{2011}' => '-',
            '\u{00ad}' => return,
            other => other,
        };
        if c.is_whitespace() {
            if !self.blank {
                self.text.push(' ');
            }
            self.blank = true;
        } else if c.is_ascii() {
            self.text.push(c.to_ascii_lowercase());
            self.blank = false;
        } else if !is_combining_mark(c) {
            self.text.extend(c.to_lowercase());
            self.blank = false;
        }
    }
}

impl Roster {
    /// Builds the automaton.
    ///
    /// # Panics
    /// When the roster is so large (tens of millions of names) that the automaton cannot be numbered.
    #[must_use]
    pub fn new(children: impl IntoIterator<Item = RosterEntry>) -> Self {
        let mut patterns = Vec::new();
        let mut owners = Vec::new();
        for child in children {
            for text in [&child.full_name, &child.program_number] {
                let folded = fold(text);
                let folded = folded.trim();
                // A number such as "7" would be found on every page.
                if folded.chars().count() >= 5 {
                    patterns.push(folded.to_owned());
                    owners.push(child.child_id.clone());
                }
            }
        }
        let automaton = AhoCorasickBuilder::new()
            .match_kind(MatchKind::Standard)
            .build(&patterns)
            .expect("a roster has far fewer than two billion states");
        Self { automaton, owners }
    }

    /// Where a child other than `own` is named. Full names that the record accounts for (`accounted`: family, team,
    /// recipient, letterhead) are no alarm. A child among `near` (a twin, another child of the family) and a namesake
    /// are told apart from a stranger.
    #[must_use]
    pub fn hits(&self, own: &ChildId, near: &[ChildId], pages: &[String], accounted: &[String]) -> Vec<NameHit> {
        let accounted: Vec<String> = accounted.iter().map(|name| fold(name)).collect();
        let mut found: Vec<NameHit> = Vec::new();
        for (i, page) in pages.iter().enumerate() {
            let text = fold(page);
            for m in self.automaton.find_overlapping_iter(&text) {
                let owner = &self.owners[m.pattern().as_usize()];
                let name = &text[m.range()];
                if owner == own || !stands_alone(text.as_bytes(), m.range()) || accounted.iter().any(|a| a == name) {
                    continue;
                }
                let hit = NameHit {
                    page: i + 1,
                    line: line_of(page, &text, m.start()),
                    near: near.contains(owner) || self.is_name_of(own, name),
                    name_sha256: remembered(own, name),
                };
                // The same name again on the page adds nothing to what a person has to look at.
                if !found.iter().any(|f| f.page == hit.page && f.name_sha256 == hit.name_sha256) {
                    found.push(hit);
                }
            }
        }
        found
    }

    /// Whether one of these names or numbers stands in a text, whatever its case, accents and line breaks.
    #[must_use]
    pub fn names_any(texts: &[String], names: &[String]) -> bool {
        let names: Vec<String> = names.iter().map(|name| fold(name).trim().to_owned()).collect();
        texts.iter().map(|text| fold(text)).any(|text| {
            names.iter().filter(|name| !name.is_empty()).any(|name| {
                text.match_indices(name.as_str()).any(|(at, _)| stands_alone(text.as_bytes(), at..at + name.len()))
            })
        })
    }

    fn is_name_of(&self, own: &ChildId, name: &str) -> bool {
        self.automaton
            .find_overlapping_iter(name)
            .any(|m| m.start() == 0 && m.end() == name.len() && &self.owners[m.pattern().as_usize()] == own)
    }
}

/// Another child's name or number in a paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NameHit {
    /// Page, from 1.
    pub page: usize,
    /// Line of the page as it was laid out, from 1.
    pub line: usize,
    /// A twin or another child of the family, or a child of the same name.
    pub near: bool,
    /// SHA-256 over the child's id and the folded name: how an answer is remembered without the name.
    pub name_sha256: String,
}

/// The form in which an answer about a name is remembered, bound to the child in whose papers it stands.
fn remembered(own: &ChildId, folded_name: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(own.as_str());
    hash.update([0]);
    hash.update(folded_name);
    hex::encode(hash.finalize())
}

/// A match inside a longer word is none.
fn stands_alone(text: &[u8], at: std::ops::Range<usize>) -> bool {
    let boundary = |b: Option<&u8>| b.is_none_or(|b| !(b.is_ascii_alphanumeric() || *b >= 0x80));
    boundary(at.start.checked_sub(1).and_then(|before| text.get(before))) && boundary(text.get(at.end))
}

/// The line of the page in which a place of the folded text lies: the words before it are counted in both.
fn line_of(page: &str, folded: &str, at: usize) -> usize {
    let words_before = folded[..at].split_whitespace().count();
    let mut seen = 0;
    for (i, line) in page.lines().enumerate() {
        seen += line.split_whitespace().count();
        if seen > words_before {
            return i + 1;
        }
    }
    page.lines().count().max(1)
}

#[cfg(test)]
mod tests {
    use unicode_normalization::UnicodeNormalization;

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
    fn a_text_is_folded_alike_however_its_letters_are_composed() {
        for text in ["Nguyễn Thị Hương", "José  DÍAZ", "한글 이름", "Ångström", "d\u{323}\u{307} d\u{307}\u{323}"]
        {
            let (composed, taken_apart): (String, String) = (text.nfc().collect(), text.nfd().collect());
            assert_eq!(fold(&composed), fold(&taken_apart));
        }
        assert_eq!(fold("Nguyễn Thị\u{2003}\nHƯƠNG"), "nguyen thi huong");
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
    fn a_twin_and_a_namesake_are_told_apart_from_a_stranger() {
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
        assert_eq!(near("Ann Lee", &[]), [true], "another child has the same name");
    }
}
