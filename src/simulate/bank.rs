//! The sentences, read from `bank/*.txt`.

use std::{collections::BTreeMap, sync::LazyLock};

const FILES: [&str; 10] = [
    include_str!("bank/any_age.txt"),
    include_str!("bank/baby.txt"),
    include_str!("bank/contact.txt"),
    include_str!("bank/family.txt"),
    include_str!("bank/names.txt"),
    include_str!("bank/outcomes.txt"),
    include_str!("bank/outcomes_more.txt"),
    include_str!("bank/plan.txt"),
    include_str!("bank/things.txt"),
    include_str!("bank/toddler.txt"),
];

/// Whom a sentence fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fits {
    Anybody,
    /// A child who does well in the area.
    Well,
    /// A child whom the plan is to help in the area.
    Helped,
}

/// One line of a bank.
#[derive(Debug)]
pub(super) struct Sentence {
    pub(super) fits: Fits,
    pub(super) text: &'static str,
}

/// Groups of alternatives.
pub(super) type Section = Vec<Vec<Sentence>>;

/// Harmless to share: what the program carries, read once.
static BANK: LazyLock<BTreeMap<&'static str, Section>> = LazyLock::new(read);

fn read() -> BTreeMap<&'static str, Section> {
    let mut bank = BTreeMap::new();
    for file in FILES {
        for part in file.split("\n== ").skip(1) {
            let (name, body) = part.split_once('\n').unwrap_or((part, ""));
            let groups = body.split("\n\n").map(group).filter(|group: &Vec<Sentence>| !group.is_empty());
            bank.insert(name.trim(), groups.collect());
        }
    }
    bank
}

fn group(text: &'static str) -> Vec<Sentence> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(sentence).collect()
}

fn sentence(line: &'static str) -> Sentence {
    let marked = |mark| line.strip_prefix(mark).map(str::trim_start);
    match (marked('+'), marked('!')) {
        (Some(text), _) => Sentence { fits: Fits::Well, text },
        (_, Some(text)) => Sentence { fits: Fits::Helped, text },
        _ => Sentence { fits: Fits::Anybody, text: line },
    }
}

/// A section by its name. The names stand in this module's code only, and the tests ask for each of them.
pub(super) fn section(name: &str) -> &'static Section {
    BANK.get(name).unwrap_or_else(|| unreachable!("the bank has a section `{name}`"))
}

/// The lines of a section without groups.
pub(super) fn list(name: &str) -> &'static [Sentence] {
    section(name).first().map_or(&[], Vec::as_slice)
}

/// The words of a section that lists single words.
pub(super) fn words(name: &str) -> Vec<&'static str> {
    list(name).iter().flat_map(|line| line.text.split_whitespace()).collect()
}

/// Every sentence, with the name of its section.
#[cfg(test)]
pub(super) fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
    BANK.iter().flat_map(|(name, section)| section.iter().flatten().map(move |sentence| (*name, sentence.text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_group_has_a_sentence_for_either_child() {
        for (name, section) in BANK.iter() {
            for group in section {
                for fits in [Fits::Well, Fits::Helped] {
                    assert!(group.iter().any(|s| s.fits == Fits::Anybody || s.fits == fits), "{name}");
                }
            }
        }
    }

    #[test]
    fn every_choice_and_slot_is_closed() {
        for (name, section) in BANK.iter() {
            for Sentence { text, .. } in section.iter().flatten() {
                for (open, close) in [('[', ']'), ('{', '}')] {
                    let mut depth = 0;
                    for c in text.chars() {
                        depth += i32::from(c == open) - i32::from(c == close);
                        assert!((0..=1).contains(&depth), "{name}: {text}");
                    }
                    assert_eq!(depth, 0, "{name}: {text}");
                }
            }
        }
    }
}
