//! Passphrases that can be said by telephone: five words and four digits.

const WORDS: &str = include_str!("passphrase_words.txt");
const COUNT: usize = 5;

/// A new passphrase, such as `acorn-violet-lantern-otter-maple-4071`: five of 249 words and four digits, 53 bits.
///
/// The key of the file is worked out from it slowly on purpose (ISO 32000-2, revision 6), so that trying all of them
/// takes longer than any paper matters.
#[must_use]
pub fn generate() -> String {
    let words: Vec<&str> = WORDS.lines().collect();
    let mut parts: Vec<String> = (0..COUNT).map(|_| words[below(words.len())].to_owned()).collect();
    parts.push(format!("{:04}", below(10_000)));
    parts.join("-")
}

/// A password that nobody knows: the owner's. With an empty one the file would open for everybody.
#[must_use]
pub(super) fn unknown_to_all() -> String {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).expect("the system has randomness");
    hex::encode(bytes)
}

/// A number from 0 up to `most`, each as likely as the next: what lies beyond the last whole multiple is thrown again.
fn below(most: usize) -> usize {
    let most = u32::try_from(most).expect("a short list");
    let fair = u32::MAX - u32::MAX % most;
    loop {
        let mut bytes = [0; 4];
        getrandom::fill(&mut bytes).expect("the system has randomness");
        let thrown = u32::from_le_bytes(bytes);
        if thrown < fair {
            return (thrown % most) as usize;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_passphrase_is_five_plain_words_and_four_digits_and_no_two_are_alike() {
        let words: BTreeSet<&str> = WORDS.lines().collect();
        assert_eq!(words.len(), WORDS.lines().count(), "no word stands twice");
        assert!(words.iter().all(|w| (4..=8).contains(&w.len()) && w.bytes().all(|b| b.is_ascii_lowercase())));
        let many: BTreeSet<String> = (0..200).map(|_| generate()).collect();
        assert_eq!(many.len(), 200);
        for passphrase in &many {
            let parts: Vec<&str> = passphrase.split('-').collect();
            assert_eq!(parts.len(), 6);
            assert!(parts[..5].iter().all(|part| words.contains(part)) && parts[5].len() == 4);
            assert!(passphrase.len() <= 64, "longer ones are not opened by every reader");
        }
    }
}
