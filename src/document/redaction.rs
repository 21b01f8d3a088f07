//! What one person of the family keeps from another: taken out of a copy before it is made, and looked for in the
//! finished text. Addresses, telephones, e-mail and places are found whatever the field, case, accents or punctuation.

use std::{collections::BTreeMap, ops::Range};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use crate::case::{Address, CaseRecord, FamilyMember, Line, PersonId, Program, Recipient};

/// Which values of a person a copy must not hold.
#[expect(clippy::struct_excessive_bools, reason = "each is its own wish, and any of them may be joined")]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Hidden {
    /// Every postal address.
    pub address: bool,
    /// Telephone and fax numbers.
    pub telephone: bool,
    /// E-mail addresses.
    pub email: bool,
    /// Places by name.
    pub places: bool,
}

/// The values themselves, for one copy. Never logged, never stored.
#[derive(Default)]
pub struct Private {
    values: Vec<Kept>,
    substitute: String,
}

/// One value: the words by which it is found, and those that belong to it where they follow.
struct Kept {
    words: Vec<String>,
    tail: Vec<String>,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Address,
    Telephone,
    Words,
}

impl std::fmt::Debug for Private {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Private").field("values", &self.values.len()).finish_non_exhaustive()
    }
}

/// A word of a text, folded, and where it stands.
struct Word {
    text: String,
    at: Range<usize>,
}

/// Letters and digits in runs; everything else divides. Common words of addresses have one short form.
fn words(text: &str) -> Vec<Word> {
    let mut out: Vec<Word> = Vec::new();
    let mut start = None;
    for (i, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (c.is_alphanumeric() || is_combining_mark(c), start) {
            (true, None) => start = Some(i),
            (false, Some(from)) => {
                let folded: String =
                    text[from..i].nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect();
                out.push(Word { text: short(folded), at: from..i });
                start = None;
            }
            _ => {}
        }
    }
    out
}

fn short(word: String) -> String {
    match word.as_str() {
        "avenue" => "ave",
        "street" => "st",
        "road" => "rd",
        "drive" => "dr",
        "lane" => "ln",
        "court" => "ct",
        "boulevard" => "blvd",
        "place" => "pl",
        "circle" => "cir",
        "parkway" => "pkwy",
        "terrace" => "ter",
        "highway" => "hwy",
        "north" => "n",
        "south" => "s",
        "east" => "e",
        "west" => "w",
        _ => return word,
    }
    .to_owned()
}

fn folded(text: &str) -> Vec<String> {
    words(text).into_iter().map(|w| w.text).collect()
}

/// Number and street: what follows in the line (an apartment) is the tail, with the lines below.
fn street(lines: &[Line]) -> Option<Kept> {
    const WITHIN: [&str; 7] = ["apt", "apartment", "unit", "suite", "ste", "lot", "no"];
    let first = folded(lines.first()?);
    let cut = first.iter().position(|w| WITHIN.contains(&w.as_str())).unwrap_or(first.len());
    let (words, rest) = first.split_at(cut.max(1));
    let tail = rest.iter().cloned().chain(lines.iter().skip(1).flat_map(|line| folded(line))).collect();
    (words.len() >= 2).then(|| Kept { words: words.to_vec(), tail, kind: Kind::Address })
}

fn telephone(number: &str) -> Option<Kept> {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let last_ten = digits.len().checked_sub(10)?;
    Some(Kept { words: vec![digits[last_ten..].to_owned()], tail: Vec::new(), kind: Kind::Telephone })
}

fn plain(text: &str) -> Option<Kept> {
    let words = folded(text);
    (!words.is_empty()).then(|| Kept { words, tail: Vec::new(), kind: Kind::Words })
}

fn values_of(member: &FamilyMember, hidden: Hidden) -> Vec<Kept> {
    let mut values = Vec::new();
    for endpoint in &member.endpoints {
        match &endpoint.address {
            Address::Postal { lines } if hidden.address => values.extend(street(lines)),
            Address::Fax { number } if hidden.telephone => values.extend(telephone(number)),
            Address::Email { to, .. } if hidden.email => values.extend(plain(to)),
            Address::Hand { place } if hidden.places => values.extend(plain(place)),
            _ => {}
        }
    }
    if hidden.telephone {
        values.extend(member.telephone.as_ref().and_then(|number| telephone(number)));
    }
    if hidden.places {
        values.extend(member.protected.iter().flat_map(|p| &p.places).filter_map(|place| plain(place)));
    }
    values
}

impl Private {
    /// What this recipient's copy must not hold. What is the recipient's own (two people of one home) is no secret.
    #[must_use]
    pub fn of(
        record: &CaseRecord,
        program: &Program,
        recipient: &Recipient,
        hides: &BTreeMap<PersonId, Hidden>,
    ) -> Self {
        let all = Hidden { address: true, telephone: true, email: true, places: true };
        let own: Vec<Kept> = match recipient {
            Recipient::FamilyMember { person_id } => {
                record.member(person_id).map(|member| values_of(member, all)).unwrap_or_default()
            }
            Recipient::Office { .. } => Vec::new(),
        };
        let hidden = hides.iter().filter_map(|(person, hidden)| Some(values_of(record.member(person)?, *hidden)));
        let values = hidden.flatten().filter(|value| !own.iter().any(|o| o.words == value.words)).collect();
        let lines: Vec<&str> = program.substitute_address.iter().map(Line::as_str).collect();
        let substitute = if lines.is_empty() { KEPT.to_owned() } else { lines.join(", ") };
        Self { values, substitute }
    }

    /// Whether there is nothing to keep.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Pages (from 1) on which one of the values stands.
    #[must_use]
    pub fn pages(&self, pages: &[String]) -> Vec<usize> {
        let hit = |text: &String| !self.find(text).is_empty();
        pages.iter().enumerate().filter(|(_, text)| !self.is_empty() && hit(text)).map(|(i, _)| i + 1).collect()
    }

    /// Takes the values out of one text.
    pub fn take_out_of(&self, text: &mut String) {
        let mut value = Value::String(std::mem::take(text));
        self.take_out(&mut value);
        value.as_str().unwrap_or_default().clone_into(text);
    }

    /// Takes the values out of every text of a view: the substitute address stands for an address, two words for the rest.
    pub fn take_out(&self, view: &mut Value) {
        match view {
            Value::String(text) => {
                // From the end, so that the places before stay where they are.
                for (at, kind) in self.find(text).into_iter().rev() {
                    let with = if kind == Kind::Address { self.substitute.as_str() } else { KEPT };
                    text.replace_range(at, with);
                }
            }
            Value::Array(items) => {
                self.drop_lines_below(items);
                for item in items {
                    self.take_out(item);
                }
            }
            Value::Object(fields) => {
                for item in fields.values_mut() {
                    self.take_out(item);
                }
            }
            _ => {}
        }
    }

    /// An address may stand as a list of lines: below a street that is kept, its town goes too.
    fn drop_lines_below(&self, items: &mut Vec<Value>) {
        let mut tail: Option<&[String]> = None;
        items.retain(|item| {
            let Some(text) = item.as_str() else { return true };
            let words = folded(text);
            let below =
                tail.is_some_and(|tail| !words.is_empty() && tail.windows(words.len()).any(|part| part == words));
            if !below {
                let street = self.values.iter().find(|v| v.kind == Kind::Address && words.starts_with(&v.words));
                tail = street.map(|v| v.tail.as_slice());
            }
            !below
        });
    }

    /// Where the values stand in a text, in order and apart.
    fn find(&self, text: &str) -> Vec<(Range<usize>, Kind)> {
        let text_words = words(text);
        let mut found: Vec<(Range<usize>, Kind)> = Vec::new();
        let mut i = 0;
        while i < text_words.len() {
            let area_code = |word: &Word| word.text.len() == 3 && word.text.bytes().all(|b| b.is_ascii_digit());
            let after_digits = i > 0 && area_code(&text_words[i - 1]);
            let length = |v: &Kept| length(v, &text_words[i..], after_digits);
            let hit = self.values.iter().filter_map(|v| Some((length(v)?, v.kind))).max_by_key(|h| h.0);
            if let Some((length, kind)) = hit {
                let start = text_words[i].at.start;
                let bracket = kind == Kind::Telephone && text[..start].ends_with('(');
                found.push((start - usize::from(bracket)..text_words[i + length - 1].at.end, kind));
                i += length;
            } else {
                i += 1;
            }
        }
        found
    }
}

/// What stands for a value that is kept private and no address.
const KEPT: &str = "kept private";

/// How many words of the text the value takes, where it begins here.
fn length(value: &Kept, text: &[Word], after_digits: bool) -> Option<usize> {
    if value.kind == Kind::Telephone {
        let number = &value.words[0];
        // Without its area code a number is still this one, unless another area code stands before it.
        let local = || digits(&number[number.len() - 7..], text).filter(|_| !after_digits);
        return digits(number, text).or_else(local);
    }
    let begins = text.len() >= value.words.len() && value.words.iter().zip(text).all(|(a, b)| a == &b.text);
    if !begins {
        return None;
    }
    let after = &text[value.words.len()..];
    // The rest of the address is taken along as far as it follows.
    let tail = value.tail.iter().zip(after).take_while(|(a, b)| **a == b.text).count();
    Some(value.words.len() + tail)
}

/// A number in runs of digits, however they are divided; a leading 1 belongs to it.
fn digits(number: &str, text: &[Word]) -> Option<usize> {
    let mut seen = String::new();
    for (i, word) in text.iter().enumerate() {
        if !word.text.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        seen.push_str(&word.text);
        let national = seen.strip_prefix('1').filter(|rest| rest.len() == number.len()).unwrap_or(&seen);
        if national == number {
            return Some(i + 1);
        }
        if seen.len() > number.len() {
            return None;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn private() -> Private {
        let lines = ["418 Raleigh Avenue, Apt 2", "Norfolk, VA 23507"].map(|l| Line::parse(l).unwrap());
        let values = [
            street(&lines).unwrap(),
            telephone("(757) 555-0162").unwrap(),
            plain("elena.rivera@example.org").unwrap(),
            plain("Harbor House").unwrap(),
        ];
        Private { values: values.into(), substitute: "PO Box 9, Norfolk, VA".to_owned() }
    }

    fn without(text: &str) -> String {
        let mut value = Value::String(text.to_owned());
        private().take_out(&mut value);
        value.as_str().unwrap().to_owned()
    }

    #[test]
    fn an_address_is_found_however_it_is_written() {
        for text in ["418 Raleigh Avenue, Apt 2, Norfolk, VA 23507", "418 RALEIGH AVE", "at 418  Raleigh\nAve. Apt. 2"]
        {
            assert_eq!(private().pages(&[text.to_owned()]), [1], "{text}");
        }
        for text in ["1418 Raleigh Avenue", "418 Raleigh Court", "Raleigh Avenue", "Norfolk, VA 23507"] {
            assert!(private().pages(&[text.to_owned()]).is_empty(), "{text}");
        }
    }

    #[test]
    fn a_telephone_is_found_however_its_digits_are_divided() {
        for text in [
            "(757) 555-0162",
            "757.555.0162",
            "+1 757 555 0162",
            "7575550162",
            "call 1-757-555-0162 now",
            "555-0162",
            "VA 23507; 555-0162",
        ] {
            assert_eq!(private().pages(&[text.to_owned()]), [1], "{text}");
        }
        for text in ["(757) 555-0163", "(804) 555-0162", "757 555 01622"] {
            assert!(private().pages(&[text.to_owned()]).is_empty(), "{text}");
        }
    }

    #[test]
    fn what_is_kept_is_taken_out_of_any_sentence_and_the_substitute_address_stands() {
        assert_eq!(
            without("We met at 418 Raleigh Avenue, Apt 2, Norfolk, VA 23507 on Monday."),
            "We met at PO Box 9, Norfolk, VA on Monday."
        );
        assert_eq!(
            without("Write to Elena.Rivera@example.org or ring (757) 555-0162."),
            "Write to kept private or ring kept private."
        );
        assert_eq!(without("Visits are at harbor house."), "Visits are at kept private.");
        assert_eq!(without("Visits are at home."), "Visits are at home.");
        let mut lines = serde_json::json!(["418 Raleigh Avenue, Apt 2", "Norfolk, VA 23507", "(757) 555-0110"]);
        private().take_out(&mut lines);
        assert_eq!(lines, serde_json::json!(["PO Box 9, Norfolk, VA", "(757) 555-0110"]));
    }
}
