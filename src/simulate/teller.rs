//! Tells sentences of the bank: chooses, and fills the slots.

use std::collections::BTreeMap;

use fastrand::Rng;

use super::bank::{self, Fits, Sentence};

/// A child's own generator and the words for its slots.
#[derive(Debug, Clone)]
pub(super) struct Teller {
    pub(super) rng: Rng,
    slots: BTreeMap<&'static str, String>,
}

impl Teller {
    pub(super) fn new(rng: Rng) -> Self {
        Self { rng, slots: BTreeMap::new() }
    }

    /// Sets the word for a slot.
    pub(super) fn set(&mut self, slot: &'static str, word: impl Into<String>) {
        self.slots.insert(slot, word.into());
    }

    /// The word of a slot.
    pub(super) fn word(&self, slot: &str) -> &str {
        self.slots.get(slot).unwrap_or_else(|| unreachable!("the sketch has a word for `{slot}`"))
    }

    /// True with a chance of `percent`.
    pub(super) fn chance(&mut self, percent: u32) -> bool {
        self.rng.u32(0..100) < percent
    }

    /// One of several, which must not be none.
    pub(super) fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.rng.usize(0..of.len())]
    }

    /// `count` different ones, or all.
    pub(super) fn some<'a, T>(&mut self, of: &'a [T], count: usize) -> Vec<&'a T> {
        let mut all: Vec<&T> = of.iter().collect();
        self.rng.shuffle(&mut all);
        all.truncate(count);
        all
    }

    /// A line of a list, as it stands in the bank.
    pub(super) fn raw(&mut self, list: &str) -> &'static str {
        self.one(bank::list(list)).text
    }

    /// A line of a list, filled.
    pub(super) fn line(&mut self, list: &str) -> String {
        let text = self.raw(list);
        self.fill(text)
    }

    /// One sentence of each group of a section that fits.
    pub(super) fn told(&mut self, section: &str, helped: bool) -> Vec<String> {
        let wanted = if helped { Fits::Helped } else { Fits::Well };
        let mut told = Vec::new();
        for group in bank::section(section) {
            let fitting: Vec<&Sentence> =
                group.iter().filter(|s| s.fits == Fits::Anybody || s.fits == wanted).collect();
            let text = self.one(&fitting).text;
            told.push(self.fill(text));
        }
        told
    }

    /// Chooses among `[a|b]`, fills `{slots}`, and begins with a capital letter.
    pub(super) fn fill(&mut self, text: &str) -> String {
        let mut chosen = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, (choices, after))) =
            rest.split_once('[').and_then(|(b, r)| Some((b, r.split_once(']')?)))
        {
            let choices: Vec<&str> = choices.split('|').collect();
            chosen.push_str(before);
            let choice: &str = self.one::<&str>(&choices);
            chosen.push_str(choice);
            rest = after;
        }
        chosen.push_str(rest);
        capital(&self.slotted(&chosen))
    }

    /// Fills the slots only.
    pub(super) fn slotted(&self, text: &str) -> String {
        let mut filled = String::with_capacity(text.len() * 2);
        let mut rest = text;
        while let Some((before, (slot, after))) = rest.split_once('{').and_then(|(b, r)| Some((b, r.split_once('}')?)))
        {
            filled.push_str(before);
            filled.push_str(self.word(slot));
            rest = after;
        }
        filled.push_str(rest);
        filled
    }
}

/// The text with a capital letter at its beginning.
pub(super) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_is_chosen_filled_and_begun_with_a_capital() {
        let mut teller = Teller::new(Rng::with_seed(1));
        teller.set("name", "Zoë");
        let told = teller.fill("[all|many] of it was {name}’s [idea|idea].");
        assert!(told == "All of it was Zoë’s idea." || told == "Many of it was Zoë’s idea.", "{told}");
    }

    #[test]
    fn some_are_different_ones() {
        let mut teller = Teller::new(Rng::with_seed(7));
        let mut some: Vec<i32> = teller.some(&[1, 2, 3, 4, 5], 4).into_iter().copied().collect();
        some.sort_unstable();
        some.dedup();
        assert_eq!(some.len(), 4);
    }
}
