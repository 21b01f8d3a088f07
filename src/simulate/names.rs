//! Names that do not repeat.
//!
//! Single surnames are made of a head and a tail, double ones of two surnames of which the first never stands
//! alone: so no full name is the beginning of another, which a search for other children's names would find.

use std::sync::LazyLock;

use super::{bank, mix::scatter};

struct Names {
    /// Given names, and whether it is a girl's.
    given: Vec<(&'static str, bool)>,
    women: Vec<&'static str>,
    men: Vec<&'static str>,
    surnames: Vec<String>,
}

/// Harmless to share: what the program carries, read once.
static NAMES: LazyLock<Names> = LazyLock::new(|| {
    let girls = bank::words("girls").into_iter().map(|name| (name, true));
    let boys = bank::words("boys").into_iter().map(|name| (name, false));
    let given = girls.chain(boys).collect();
    Names { given, women: bank::words("women"), men: bank::words("men"), surnames: surnames() }
});

fn surnames() -> Vec<String> {
    let pairs = |first: &str, second: &str, between: &str| -> Vec<String> {
        let seconds = bank::words(second);
        bank::words(first).iter().flat_map(|a| seconds.iter().map(move |b| format!("{a}{between}{b}"))).collect()
    };
    let mut all = pairs("heads", "tails", "");
    all.extend(pairs("first_surnames", "second_surnames", " "));
    all
}

/// A prime, so that stepping by it visits every name before it repeats one.
const STEP: u64 = 611_953;

/// A child's legal name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ChildName {
    pub(super) first: &'static str,
    pub(super) last: &'static str,
    pub(super) girl: bool,
}

/// The name of a child: another one for each index below [`super::MOST_CHILDREN`].
pub(super) fn child(seed: u64, index: u32) -> ChildName {
    let names = &*NAMES;
    let given = names.given.len() as u64;
    let all = given * names.surnames.len() as u64;
    let number = (u64::from(index) * STEP + scatter(seed) % all) % all;
    let (first, girl) = names.given[place(number % given, names.given.len())];
    ChildName { first, last: &names.surnames[place(number / given, names.surnames.len())], girl }
}

/// A woman's given name.
pub(super) fn woman(number: u64) -> &'static str {
    NAMES.women[place(number, NAMES.women.len())]
}

/// A man's given name.
pub(super) fn man(number: u64) -> &'static str {
    NAMES.men[place(number, NAMES.men.len())]
}

/// A given name of a professional: coordinators have others than therapists, so that a first name in a text
/// says who is meant.
pub(super) fn professional(coordinator: bool, number: u64) -> &'static str {
    let half = NAMES.women.len().min(NAMES.men.len()) / 2;
    let names = if number & 1 == 0 { &NAMES.women } else { &NAMES.men };
    let number = place(number >> 1, half);
    names[if coordinator { number } else { half + number }]
}

/// A surname of somebody who is no child.
pub(super) fn surname(number: u64) -> &'static str {
    &NAMES.surnames[place(number, NAMES.surnames.len())]
}

/// A number as a place in a list of this length.
fn place(number: u64, length: usize) -> usize {
    usize::try_from(number % length as u64).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

    use super::*;

    fn folded(name: &str) -> String {
        name.nfd().filter(|c| !is_combining_mark(*c)).collect::<String>().to_lowercase()
    }

    #[test]
    fn no_two_names_of_the_lists_are_the_same_without_accents() {
        let surnames: HashSet<String> = NAMES.surnames.iter().map(|name| folded(name)).collect();
        assert_eq!(surnames.len(), NAMES.surnames.len());
        let given: HashSet<String> = NAMES.given.iter().map(|(name, _)| folded(name)).collect();
        assert_eq!(given.len(), NAMES.given.len());
        assert!(NAMES.women.iter().chain(&NAMES.men).all(|name| !given.contains(&folded(name))));
        assert!(NAMES.surnames.len() * NAMES.given.len() >= crate::simulate::MOST_CHILDREN as usize);
    }

    #[test]
    fn a_first_surname_of_two_never_stands_alone() {
        let single: HashSet<String> = NAMES.surnames.iter().filter(|n| !n.contains(' ')).map(|n| folded(n)).collect();
        assert!(bank::words("first_surnames").iter().all(|name| !single.contains(&folded(name))));
    }

    #[test]
    fn full_names_of_all_children_are_unique() {
        let mut seen = HashSet::new();
        for index in 0..crate::simulate::MOST_CHILDREN {
            let name = child(3, index);
            assert!(seen.insert((name.first, name.last)), "child {index}");
        }
    }
}
