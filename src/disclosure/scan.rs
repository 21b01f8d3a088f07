//! Looks for other children in a finished text.

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, MatchKind};
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

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
    let mut out = String::with_capacity(text.len());
    let mut blank = true;
    for c in text.nfd().filter(|c| !is_combining_mark(*c)) {
        if c.is_whitespace() {
            if !blank {
                out.push(' ');
            }
            blank = true;
        } else {
            out.extend(c.to_lowercase());
            blank = false;
        }
    }
    out
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

    /// Pages (from 1) on which a child other than `own` is named. Names shared with the child's own record
    /// (`accounted`: family, team, recipient, letterhead) are no alarm.
    #[must_use]
    pub fn others_named(&self, own: &ChildId, pages: &[String], accounted: &[String]) -> Vec<usize> {
        let accounted: Vec<String> = accounted.iter().map(|name| fold(name)).collect();
        let mut found = Vec::new();
        for (i, page) in pages.iter().enumerate() {
            let text = fold(page);
            let bytes = text.as_bytes();
            let hit = self.automaton.find_overlapping_iter(&text).any(|m| {
                let boundary = |b: Option<&u8>| b.is_none_or(|b| !(b.is_ascii_alphanumeric() || *b >= 0x80));
                let whole =
                    boundary(m.start().checked_sub(1).and_then(|at| bytes.get(at))) && boundary(bytes.get(m.end()));
                whole && &self.owners[m.pattern().as_usize()] != own && !accounted.iter().any(|a| a == &text[m.range()])
            });
            if hit {
                found.push(i + 1);
            }
        }
        found
    }
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

    #[test]
    fn another_child_is_found_whatever_the_accents_case_and_line_breaks() {
        let own = ChildId::parse("c-2").unwrap();
        assert_eq!(roster().others_named(&own, &pages("plays with JOSE \n diaz."), &[]), [2]);
        assert_eq!(roster().others_named(&own, &pages("see 26-0001"), &[]), [2]);
    }

    #[test]
    fn the_child_itself_and_a_longer_name_are_no_alarm() {
        let own = ChildId::parse("c-1").unwrap();
        assert!(roster().others_named(&own, &pages("José Díaz"), &[]).is_empty());
        assert!(roster().others_named(&own, &pages("Joann Leeson"), &[]).is_empty());
    }

    #[test]
    fn a_name_that_the_record_accounts_for_is_no_alarm() {
        let own = ChildId::parse("c-1").unwrap();
        assert!(roster().others_named(&own, &pages("mother: Ann Lee"), &["Ann Lee".to_owned()]).is_empty());
    }
}
