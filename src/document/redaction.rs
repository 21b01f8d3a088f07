//! What one person of the family keeps from another: taken out of a copy before it is made, and looked for in the
//! finished text. Addresses, telephones, e-mail and places are found whatever the field, case, accents or punctuation.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use serde_json::Value;

use super::{
    hidden::Hidden,
    postal_words::{Word, words},
    private_values::{Kept, Kind, values_of, values_of_office},
};
use crate::case::{CaseRecord, FamilyMember, Line, Organisation, PersonId, Program, Recipient};

/// The values themselves, for one copy. Never logged, never stored.
#[derive(Default)]
pub struct Private {
    values: Vec<Kept>,
    /// Whole texts, by their letters: words that say nothing in a sentence and much in the field of a place.
    texts: BTreeSet<String>,
    substitute: String,
}

impl std::fmt::Debug for Private {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Private").field("values", &self.values.len()).finish_non_exhaustive()
    }
}

/// What of a person's private values no text can be searched for, each by what it is and without its words: an address of
/// which the record knows the town only, a telephone of five digits.
#[must_use]
pub fn not_searchable(member: &FamilyMember, hidden: Hidden) -> Vec<String> {
    values_of(member, hidden, &[]).1
}

impl Private {
    /// What this recipient's copy must not hold. What is the recipient's own (two people of one home) is no secret, but for
    /// what the recipient keeps from somebody who reads at the same place.
    #[must_use]
    pub fn of(
        record: &CaseRecord,
        program: &Program,
        recipient: &Recipient,
        hides: &BTreeMap<PersonId, Hidden>,
    ) -> Self {
        let all = Hidden { address: true, telephone: true, email: true, places: true, home: false };
        let public = public_lines(record, program);
        let own: Vec<Kept> = match recipient {
            Recipient::FamilyMember { person_id } => {
                record.member(person_id).map(|member| values_of(member, all, &public).0).unwrap_or_default()
            }
            Recipient::Office { .. } => Vec::new(),
        };
        let is_recipients =
            |person: &PersonId| matches!(recipient, Recipient::FamilyMember { person_id } if person_id == person);
        let hidden = hides.iter().filter_map(|(person, hidden)| {
            let mut values = values_of(record.member(person)?, *hidden, &public).0;
            values.retain(|value| is_recipients(person) || !own.iter().any(|o| o.what == value.what));
            Some(values)
        });
        let mut values: Vec<Kept> = hidden.flatten().collect();
        let mut texts = BTreeSet::new();
        if hides.values().any(|hidden| hidden.home) {
            values.extend(names_of_homes(record, hides));
            for place in places_of_services(record) {
                values.extend(Kept::named_place(place));
                texts.insert(letters_of(place));
            }
        }
        let lines: Vec<&str> = program.substitute_address.iter().map(Line::as_str).collect();
        let substitute = if lines.is_empty() { KEPT.to_owned() } else { lines.join(", ") };
        Self { values, texts, substitute }
    }

    /// The same with all that there is of these offices, whose place is private.
    #[must_use]
    pub(super) fn and_offices<'a>(
        mut self,
        offices: impl Iterator<Item = &'a Organisation>,
        record: &CaseRecord,
        program: &Program,
    ) -> Self {
        let public = public_lines(record, program);
        self.values.extend(offices.flat_map(|office| values_of_office(office, &public)));
        self
    }

    /// Whether there is nothing to keep.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty() && self.texts.is_empty()
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
            Value::String(text) if self.texts.contains(&letters_of(text)) => KEPT.clone_into(text),
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
            let line = words(text);
            let is_part =
                |tail: &[String]| tail.windows(line.len()).any(|part| part.iter().eq(line.iter().map(|w| &w.text)));
            let below = tail.is_some_and(|tail| !line.is_empty() && is_part(tail));
            if !below {
                let begins = |value: &&Kept| value.kind() == Kind::Address && value.length(&line, 0, text).is_some();
                tail = self.values.iter().filter(begins).map(|v| v.tail.as_slice()).max_by_key(|tail| tail.len());
            }
            !below
        });
    }

    /// Where the values stand in a text, in order and apart.
    fn find(&self, text: &str) -> Vec<(Range<usize>, Kind)> {
        let text_words: Vec<Word> = words(text);
        let mut found: Vec<(Range<usize>, Kind)> = Vec::new();
        let mut i = 0;
        while i < text_words.len() {
            let length = |v: &Kept| v.length(&text_words, i, text);
            let hit = self.values.iter().filter_map(|v| Some((length(v)?, v.kind()))).max_by_key(|h| h.0);
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

/// The names of the people of foster and kin homes. A first or last name that somebody else of the record bears is looked
/// for only where both stand together.
fn names_of_homes(record: &CaseRecord, hides: &BTreeMap<PersonId, Hidden>) -> Vec<Kept> {
    let is_hidden = |member: &&FamilyMember| hides.get(&member.person_id).is_some_and(|hidden| hidden.home);
    let others = record.family.iter().filter(|member| !is_hidden(member)).map(|member| &member.name);
    let known: BTreeSet<String> = others
        .chain([&record.child.legal_name])
        .flat_map(|name| [&name.first, &name.last])
        .chain(&record.child.preferred_name)
        .map(|part| letters_of(part))
        .collect();
    record.family.iter().filter(is_hidden).flat_map(|member| Kept::names(&member.name, &known)).collect()
}

/// Where the child can be found: the places of its services and visits. A meeting about the plan is held where its people
/// can come; where that is the home, the home's address and names are looked for.
fn places_of_services(record: &CaseRecord) -> impl Iterator<Item = &str> {
    let services = record.ifsps.iter().flat_map(|version| &version.services).map(|line| line.location.as_str());
    let visits = record.appointments.iter().filter(|appointment| !appointment.kind.needs_notice());
    services.chain(visits.filter_map(|appointment| appointment.place.as_deref()))
}

fn letters_of(text: &str) -> String {
    words(text).iter().map(|word| word.text.as_str()).collect()
}

/// Lines of addresses that everybody has: the program's, and the town or county where the child lives.
fn public_lines(record: &CaseRecord, program: &Program) -> Vec<String> {
    let lines = program.return_address.iter().chain(&program.substitute_address);
    lines.chain([&record.child.residence_county]).map(ToString::to_string).collect()
}

/// What stands for a value that is kept private and no address.
const KEPT: &str = "kept private";

#[cfg(test)]
mod tests {
    use super::*;

    fn private() -> Private {
        hiding(&["418 Raleigh Avenue, Apt 2", "Norfolk, VA 23507"], "(757) 555-0162")
    }

    fn hiding(lines: &[&str], telephone: &str) -> Private {
        let values = vec![
            Kept::postal(lines, &[]),
            Kept::telephone(telephone).into_iter().collect(),
            Kept::email("elena.rivera@example.org").into_iter().collect(),
            Kept::place("Harbor House").into_iter().collect(),
        ];
        let values = values.into_iter().flatten().collect();
        Private { values, texts: BTreeSet::new(), substitute: "PO Box 9, Norfolk, VA".to_owned() }
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

    /// How a value may stand in the record, how a text says it, and which words must not be left.
    const SPELLINGS: [(&[&str], &str, &str, &str); 46] = [
        (PLAIN, PHONE, "418 Raleigh Avenue, Apt 2", "418"),
        (PLAIN, PHONE, "418 RALEIGH AVE", "RALEIGH"),
        (&["c/o Maria Gomez", "418 Raleigh Avenue", TOWN], PHONE, "418 Raleigh Avenue", "418"),
        (&["Bayview Towers", "418 Raleigh Avenue", TOWN], PHONE, "418 Raleigh Avenue", "418"),
        (&["Bayview Towers", "418 Raleigh Avenue", TOWN], PHONE, "Bayview Towers", "Bayview"),
        (&["Apt 2", "418 Raleigh Avenue", TOWN], PHONE, "418 Raleigh Avenue", "418"),
        (&["Unit 2, 418 Raleigh Avenue", TOWN], PHONE, "418 Raleigh Avenue", "418"),
        (&["Unit 2 418 Raleigh Avenue", TOWN], PHONE, "418 Raleigh Ave.", "418"),
        (&["418 Raleigh Avenue, Norfolk, VA 23507"], PHONE, "418 Raleigh Ave", "418"),
        (&["Lot 12, Shady Acres Mobile Park", TOWN], PHONE, "Lot 12, Shady Acres Mobile Park", "Lot 12"),
        (&["Lot 12, Shady Acres Mobile Park", TOWN], PHONE, "Shady Acres Mobile Park, lot 12", "Shady"),
        (&["Greystones", TOWN], PHONE, "Greystones, Norfolk", "Greystones"),
        (&["P.O. Box 77", TOWN], PHONE, "PO Box 77", "77"),
        (&["P.O. Box 77", TOWN], PHONE, "Post Office Box 77", "77"),
        (&["418 Raleigh Square", TOWN], PHONE, "418 Raleigh Sq.", "418"),
        (&["418 Raleigh Sq", TOWN], PHONE, "418 Raleigh Square", "418"),
        (&["418 North Raleigh Avenue", TOWN], PHONE, "418 Raleigh Ave.", "418"),
        (&["418 Raleigh Avenue", TOWN], PHONE, "418 N. Raleigh Avenue", "418"),
        (&["418 Raleigh Avenue NE", TOWN], PHONE, "418 Raleigh Avenue Northeast", "Northeast"),
        (&["418 North Raleigh Avenue", TOWN], PHONE, "418 N Raleigh Ave", "418"),
        (PLAIN, PHONE, "418 Raleigh.", "418"),
        (PLAIN, PHONE, "418 Ra-\nleigh Avenue", "418"),
        (PLAIN, PHONE, "418\u{a0}Raleigh\tAvenue", "418"),
        (&["12 First Street", TOWN], PHONE, "12 1st St", "12"),
        (&["12 21st Street", TOWN], PHONE, "12 21st St.", "12"),
        (&["12 1st Street", TOWN], PHONE, "12 First St.", "12"),
        (&["77 Hidden Court", TOWN], PHONE, "77 Hid\u{ad}den Court", "Hid"),
        (&["77 Hidden Court", TOWN], PHONE, "77 Hid\u{200b}den Court", "Hid"),
        (&["77 Hidden Court", TOWN], PHONE, "\u{ff17}\u{ff17} Hidden Court", "Hidden"),
        (PLAIN, PHONE, "(757) 555-0162", "0162"),
        (PLAIN, PHONE, "757*555*0162", "0162"),
        (PLAIN, PHONE, "757\u{2013}555\u{2013}0162", "0162"),
        (PLAIN, PHONE, "call7575550162now", "0162"),
        (PLAIN, PHONE, "+1 (757) 555-0162", "0162"),
        (PLAIN, PHONE, "555-0162", "0162"),
        (PLAIN, "(757) 555-0162 ext. 12", "(757) 555-0162", "0162"),
        (PLAIN, "757-555-0162 x12", "757.555.0162", "0162"),
        (PLAIN, "555-0162", "555-0162", "0162"),
        (PLAIN, "555-0162", "(757) 555-0162", "757"),
        (PLAIN, PHONE, "Elena.Rivera@Example.org", "Rivera"),
        (PLAIN, PHONE, "elena.rivera (at) example.org", "rivera"),
        (PLAIN, PHONE, "elena.rivera at example dot org", "rivera"),
        (PLAIN, PHONE, "elena.rivera+home@example.org", "home"),
        (PLAIN, PHONE, "HarborHouse", "Harbor"),
        (PLAIN, PHONE, "Walk down Raleigh Avenue to the yellow house, number 418", "418"),
        (PLAIN, PHONE, "four-eighteen Raleigh Avenue", "Raleigh"),
    ];
    const TOWN: &str = "Norfolk, VA 23507";
    const PLAIN: &[&str] = &["418 Raleigh Avenue, Apt 2", TOWN];
    const PHONE: &str = "(757) 555-0162";

    #[test]
    fn nineteen_of_twenty_spellings_of_a_private_value_are_found_and_none_of_the_plain_ones_missed() {
        let shown = |(lines, telephone, says, secret): &(&[&str], &str, &str, &str)| {
            let mut text = format!("We met at {says} and spoke.");
            hiding(lines, telephone).take_out_of(&mut text);
            text.contains(secret).then(|| says.to_string())
        };
        let shown: Vec<String> = SPELLINGS.iter().filter_map(shown).collect();
        // The last two are far-fetched: the street and the number apart, the number in words.
        let far_fetched = SPELLINGS[44..].iter().map(|s| s.2).collect::<Vec<_>>();
        assert_eq!(shown, far_fetched);
        assert!((SPELLINGS.len() - shown.len()) * 100 >= SPELLINGS.len() * 95);
    }

    #[test]
    fn what_is_like_a_private_value_and_another_is_shown() {
        for text in [
            "418 Raleigh Court",
            "1418 Raleigh Avenue",
            "Norfolk, VA 23507",
            "18 Raleigh Avenue",
            "804 555-0162",
            "elena@example.org",
            "the harbor and the house",
            "Apt 2",
        ] {
            assert!(private().pages(&[text.to_owned()]).is_empty(), "{text}");
        }
        let park = hiding(&["12 Park Lane", TOWN], PHONE);
        assert!(park.pages(&["12 park visits".to_owned()]).is_empty());
    }

    #[test]
    fn a_value_of_which_nothing_can_be_looked_for_is_said() {
        assert!(Kept::postal(&["Norfolk, VA 23507"], &[]).is_empty());
        assert!(Kept::postal(&["Apt 2", "Norfolk, VA 23507"], &[]).is_empty());
        assert!(Kept::telephone("ask at the desk").is_none() && Kept::telephone("0162").is_none());
        assert!(Kept::place("\u{200b}").is_none());
    }
}
