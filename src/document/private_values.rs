//! One value that a person keeps private, and how it is found among the words of a text.

use std::collections::BTreeSet;

use super::{
    hidden::Hidden,
    postal_words::{Street, Word, after_the_unit, is_part_of_a_building, words},
};
use crate::case::{Address, FamilyMember, Line, Name, Organisation, folding::Gap};

/// One value: how it is found, and the words that belong to it where they follow.
pub(super) struct Kept {
    pub(super) what: What,
    pub(super) tail: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum What {
    Street(Street),
    /// A line of an address, by its letters.
    Line(String),
    /// Ten digits, or seven where the record knows no area code.
    Telephone(String),
    Email {
        local: String,
        domain: String,
    },
    Place(String),
    /// A person, by first and last name in either order.
    Person {
        first: Vec<String>,
        last: Vec<String>,
    },
    /// A first name alone, where no other last name follows it.
    FirstName(Vec<String>),
    /// A last name alone, where no other first name stands before it.
    LastName(Vec<String>),
}

/// Words with a capital that may stand before a last name and are no first name.
const BEFORE_A_NAME: [&str; 36] = [
    "mr",
    "mrs",
    "ms",
    "miss",
    "mx",
    "dr",
    "sr",
    "sra",
    "mother",
    "father",
    "mom",
    "dad",
    "mama",
    "papa",
    "parent",
    "foster",
    "family",
    "grandma",
    "grandpa",
    "grandmother",
    "grandfather",
    "aunt",
    "uncle",
    "the",
    "with",
    "and",
    "to",
    "by",
    "for",
    "from",
    "at",
    "when",
    "if",
    "as",
    "but",
    "of",
];
/// Names that are words of every plan besides.
const NO_NAME_ALONE: [&str; 18] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "will",
    "mark",
    "art",
    "grant",
    "early",
    "home",
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Address,
    Telephone,
    Words,
}

fn texts(words: &[Word]) -> Vec<String> {
    words.iter().map(|word| word.text.clone()).collect()
}

/// Whether a line ends in a ZIP code and has no street: the town.
fn is_town(line: &[Word]) -> bool {
    let zip = |word: &Word, digits: usize| word.is_number() && word.text.len() == digits;
    let last = match line {
        [.., five, four] if zip(four, 4) && four.gap == Gap::Mark => Some(five),
        _ => line.last(),
    };
    last.is_some_and(|word| zip(word, 5)) && Street::of(line).is_none()
}

impl Kept {
    fn alone(what: What) -> Self {
        Self { what, tail: Vec::new() }
    }

    /// A postal address: each line that has a number and a street by these, each other line by itself. The town is none of
    /// them, and neither is a line that everybody knows.
    pub(super) fn postal(lines: &[&str], public: &[String]) -> Vec<Self> {
        let lines: Vec<Vec<Word>> = lines.iter().map(|line| words(line)).filter(|line| !line.is_empty()).collect();
        let street = |line: &[Word]| Street::of(line);
        let mut towns: Vec<bool> = lines.iter().map(|line| is_town(line)).collect();
        let begins_below = match towns.iter().position(|town| *town) {
            // A line of the state and the ZIP code alone has the town above it.
            Some(at) if at > 0 && lines[at].iter().all(|word| word.is_number() || word.text.len() <= 2) => at - 1,
            Some(at) => at,
            // Without a ZIP code the last line is the town, or the country.
            None if lines.len() > 1 && street(&lines[lines.len() - 1]).is_none() => lines.len() - 1,
            None => lines.len(),
        };
        towns.iter_mut().skip(begins_below).for_each(|town| *town = true);
        let public: Vec<Vec<String>> = public.iter().map(|line| texts(&words(line))).collect();
        let mut out = Vec::new();
        for (i, line) in lines.iter().enumerate().filter(|(i, line)| !towns[*i] || street(line).is_some()) {
            let below = || lines[i + 1..].iter().flat_map(|line| texts(line));
            let by_itself = |line: &[Word], tail: Vec<String>| {
                let known = public.iter().any(|known| *known == texts(line));
                let letters: String = texts(line).concat();
                (!is_part_of_a_building(line) && !known).then_some(Self { what: What::Line(letters), tail })
            };
            if let Some((what, at)) = street(line) {
                let tail = texts(&line[at.end..]).into_iter().chain(below()).collect();
                out.push(Self { what: What::Street(what), tail });
                // A building or a park may stand before it.
                out.extend(by_itself(&line[..at.start], Vec::new()));
                out.extend(by_itself(&line[..at.end], Vec::new()));
            } else {
                out.extend(by_itself(line, below().collect()));
                let rest = after_the_unit(line);
                if rest.len() < line.len() {
                    let tail = texts(&line[..line.len() - rest.len()]).into_iter().chain(below()).collect();
                    out.extend(by_itself(rest, tail));
                }
            }
        }
        out
    }

    /// A telephone: its last ten digits, or seven. What follows `ext.` is no part of it.
    pub(super) fn telephone(number: &str) -> Option<Self> {
        let pieces = words(number);
        let of_line =
            pieces.iter().take_while(|word| !matches!(word.text.as_str(), "x" | "ext" | "extension" | "extn"));
        let digits: String = of_line.filter(|word| word.is_number()).map(|word| word.text.as_str()).collect();
        let length = match digits.len() {
            10.. => 10,
            7..=9 => 7,
            _ => return None,
        };
        Some(Self::alone(What::Telephone(digits[digits.len() - length..].to_owned())))
    }

    /// An e-mail address; a tag after a plus sign is no part of it.
    pub(super) fn email(address: &str) -> Option<Self> {
        let (local, domain) = address.split_once('@')?;
        let letters = |text: &str| texts(&words(text)).concat();
        let (local, domain) = (letters(local.split('+').next().unwrap_or(local)), letters(domain));
        (!local.is_empty() && !domain.is_empty()).then(|| Self::alone(What::Email { local, domain }))
    }

    pub(super) fn place(name: &str) -> Option<Self> {
        let letters: String = texts(&words(name)).concat();
        (!letters.is_empty()).then(|| Self::alone(What::Place(letters)))
    }

    /// A place by name where a service is given: one that could be anywhere (`at home`) is none.
    pub(super) fn named_place(place: &str) -> Option<Self> {
        let pieces = words(place);
        let named = pieces.iter().enumerate().any(|(i, word)| word.is_number() || (i > 0 && word.capital));
        if pieces.len() > 1 && named { Self::place(place) } else { None }
    }

    /// A person's name; a part of it alone too, unless somebody else is known by it.
    pub(super) fn names(name: &Name, known: &BTreeSet<String>) -> Vec<Self> {
        let (first, last) = (texts(&words(&name.first)), texts(&words(&name.last)));
        let alone = |part: &[String]| {
            let letters = part.concat();
            letters.chars().count() > 2 && !known.contains(&letters) && !NO_NAME_ALONE.contains(&letters.as_str())
        };
        let mut found = Vec::new();
        if alone(&first) {
            found.push(Self::alone(What::FirstName(first.clone())));
        }
        if alone(&last) {
            found.push(Self::alone(What::LastName(last.clone())));
        }
        if !first.is_empty() && !last.is_empty() {
            found.push(Self::alone(What::Person { first, last }));
        }
        found
    }

    pub(super) fn kind(&self) -> Kind {
        match self.what {
            What::Street(_) | What::Line(_) => Kind::Address,
            What::Telephone(_) => Kind::Telephone,
            What::Email { .. } | What::Place(_) | What::Person { .. } | What::FirstName(_) | What::LastName(_) => {
                Kind::Words
            }
        }
    }

    /// How many words of the text the value takes, where it begins at a word.
    pub(super) fn length(&self, all: &[Word], at: usize, original: &str) -> Option<usize> {
        let text = &all[at..];
        let length = match &self.what {
            What::Street(street) => street.length(text)?,
            What::Line(letters) | What::Place(letters) => spelled_by(letters, text)?,
            What::Telephone(number) => {
                let area_code = |word: &Word| word.text.len() == 3 && word.is_number();
                digits(number, text, at > 0 && area_code(&all[at - 1]))?
            }
            What::Email { local, domain } => email_length(local, domain, text, original)?,
            What::Person { first, last } => person(first, last, text)?,
            What::FirstName(first) => first_name(first, text)?,
            What::LastName(last) => last_name(last, all, at)?,
        };
        // The rest of an address is taken along as far as it follows; an apartment may be left out.
        let after = &text[length..];
        let followed = |tail: &[String]| tail.iter().zip(after).take_while(|(a, b)| **a == b.text).count();
        let from = after.first().and_then(|next| self.tail.iter().position(|word| *word == next.text));
        Some(length + from.map_or(0, |from| followed(&self.tail[from..])))
    }
}

fn begins_with(text: &[Word], part: &[String]) -> bool {
    text.len() >= part.len() && part.iter().zip(text).all(|(part, word)| *part == word.text)
}

/// First and last name in either order, with a middle name or initial between them.
fn person(first: &[String], last: &[String], text: &[Word]) -> Option<usize> {
    if begins_with(text, first) {
        let between = (0..=1).find(|n| text.get(first.len() + n..).is_some_and(|rest| begins_with(rest, last)))?;
        return Some(first.len() + between + last.len());
    }
    let follows = begins_with(text, last) && begins_with(&text[last.len()..], first);
    follows.then_some(last.len() + first.len())
}

fn first_name(first: &[String], text: &[Word]) -> Option<usize> {
    let another = |next: &Word| next.capital && next.gap == Gap::Blank && next.text.len() > 1;
    let alone = begins_with(text, first) && text[0].capital && !text.get(first.len()).is_some_and(another);
    alone.then_some(first.len())
}

fn last_name(last: &[String], all: &[Word], at: usize) -> Option<usize> {
    let text = &all[at..];
    let another = |before: &Word| before.capital && !BEFORE_A_NAME.contains(&before.text.as_str());
    let of_another = at > 0 && text[0].gap == Gap::Blank && another(&all[at - 1]);
    (begins_with(text, last) && text[0].capital && !of_another).then_some(last.len())
}

/// How many words have just these letters.
fn spelled_by(letters: &str, text: &[Word]) -> Option<usize> {
    let mut left = letters;
    for (i, word) in text.iter().enumerate() {
        left = left.strip_prefix(word.text.as_str())?;
        if left.is_empty() {
            return Some(i + 1);
        }
    }
    None
}

fn email_length(local: &str, domain: &str, text: &[Word], original: &str) -> Option<usize> {
    let mut at = spelled_by(local, text)?;
    let between = |at: usize| Some(&original[text[at - 1].at.end..text.get(at)?.at.start]);
    if between(at)?.contains('+') {
        at += 1 + text[at + 1..].iter().position(|word| word.gap != Gap::Mark && word.gap != Gap::Nothing)?;
    }
    if text.get(at)?.text == "at" && !domain.starts_with("at") {
        at += 1;
    }
    let mut left = domain;
    while !left.is_empty() {
        let word = text.get(at)?;
        match left.strip_prefix(word.text.as_str()) {
            Some(rest) => left = rest,
            None if word.text == "dot" => {}
            None => return None,
        }
        at += 1;
    }
    Some(at)
}

/// A number in runs of digits, however they are divided; a leading 1 belongs to it. Without its area code it is still this
/// one, unless another area code stands before it; where the record knows none, any may stand there.
fn digits(number: &str, text: &[Word], after_area_code: bool) -> Option<usize> {
    let local = &number[number.len() - 7..];
    let mut seen = String::new();
    let mut as_local = None;
    for (i, word) in text.iter().enumerate() {
        if !word.is_number() || seen.len() > 11 {
            break;
        }
        seen.push_str(&word.text);
        let national = seen.strip_prefix('1').filter(|rest| rest.len() == 10).unwrap_or(&seen);
        let whole = national.len() == 10 && (national == number || (number.len() == 7 && national.ends_with(local)));
        if whole {
            return Some(i + 1);
        }
        if national == local && !after_area_code {
            as_local = Some(i + 1);
        }
    }
    as_local
}

/// Name, telephone and every address of an office whose place is private.
pub(super) fn values_of_office(office: &Organisation, public: &[String]) -> Vec<Kept> {
    let mut values: Vec<Kept> = Kept::place(&office.name).into_iter().collect();
    values.extend(office.telephone.as_deref().and_then(Kept::telephone));
    for endpoint in &office.endpoints {
        match &endpoint.address {
            Address::Postal { lines } => {
                let lines: Vec<&str> = lines.iter().map(Line::as_str).collect();
                values.extend(Kept::postal(&lines, public));
            }
            Address::Fax { number } => values.extend(Kept::telephone(number)),
            Address::Email { to, .. } => values.extend(Kept::email(to)),
            Address::Hand { place } => values.extend(Kept::place(place)),
            Address::Sftp { .. } => {}
        }
    }
    values
}

/// What of a person may be looked for, and what there is of which nothing may: each by what it is.
pub(super) fn values_of(member: &FamilyMember, hidden: Hidden, public: &[String]) -> (Vec<Kept>, Vec<String>) {
    let (mut values, mut lost) = (Vec::new(), Vec::new());
    let mut keep = |found: Vec<Kept>, what: String| {
        if found.is_empty() {
            lost.push(what);
        }
        values.extend(found);
    };
    let has_places = member.protected.as_ref().is_some_and(|protected| !protected.places.is_empty());
    let one = |kept: Option<Kept>| kept.into_iter().collect::<Vec<_>>();
    for endpoint in &member.endpoints {
        let id = &endpoint.endpoint_id;
        match &endpoint.address {
            Address::Postal { lines } if hidden.address => {
                let lines: Vec<&str> = lines.iter().map(Line::as_str).collect();
                let found = Kept::postal(&lines, public);
                // Where somebody has said by which words it is known, these are looked for.
                if !(found.is_empty() && hidden.places && has_places) {
                    keep(found, format!("the postal address {id}"));
                }
            }
            Address::Fax { number } if hidden.telephone => keep(one(Kept::telephone(number)), format!("the fax {id}")),
            Address::Email { to, .. } if hidden.email => keep(one(Kept::email(to)), format!("the e-mail address {id}")),
            Address::Hand { place } if hidden.places => keep(one(Kept::place(place)), format!("the place {id}")),
            _ => {}
        }
    }
    if hidden.telephone
        && let Some(number) = &member.telephone
    {
        keep(one(Kept::telephone(number)), format!("the telephone of {}", member.person_id));
    }
    if hidden.places {
        for place in member.protected.iter().flat_map(|p| &p.places) {
            keep(one(Kept::place(place)), format!("a place of {}", member.person_id));
        }
    }
    (values, lost)
}
