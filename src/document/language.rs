//! A language: one file of words, and how it says dates, numbers and lists.
//!
//! Every word on a paper that does not come from the case record stands in `templates/documents/lang/<tag>.toml`. The
//! templates read their labels there; what is put together here (dates, ages, names of services) comes from the
//! same file, section `[said]`. A further language is one more file.

use std::{collections::BTreeMap, sync::OnceLock};

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use toml::{Table, Value};

use super::world::language_files;

/// How far a translation can be trusted. Each level holds for everything that a lower one is enough for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Made by a machine and read by nobody who answers for it. It says so on the page, and it is never used for a consent or a
    /// prior written notice (34 CFR 303.7, 303.421).
    Machine,
    /// Read and corrected by a person who knows the language.
    Human,
    /// Certified by a qualified translator.
    Certified,
    /// The text that the others are made from; it counts as certified.
    Source,
}

/// One language.
#[derive(Debug)]
pub struct Language {
    head: Head,
    words: Table,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    code: String,
    direction: String,
    name: String,
    status: Status,
    #[serde(default)]
    reviewer: Option<String>,
    #[serde(default)]
    reviewed_on: Option<String>,
    /// [`Language::fingerprint`] of the English file that a translation follows.
    #[serde(default)]
    follows: Option<String>,
}

/// What is wrong with a language file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum LanguageProblem {
    /// The file is no TOML, or its `[language]` section is not complete.
    #[error("lang/{file}: {says}")]
    Unreadable {
        /// The file's name.
        file: String,
        /// What is wrong, with the line.
        says: String,
    },
    /// English has the key, this language has not.
    #[error("lang/{tag}.toml: {key} is missing; translate it from lang/en.toml")]
    Missing {
        /// The language.
        tag: String,
        /// The key, as `ifsp.a.plain`.
        key: String,
    },
    /// English does not have the key.
    #[error("lang/{tag}.toml: {key} is not in lang/en.toml; remove it or correct its spelling")]
    Extra {
        /// The language.
        tag: String,
        /// The key.
        key: String,
    },
    /// The places in braces are not those of the English text.
    #[error("lang/{tag}.toml: {key} must hold the same places in braces as lang/en.toml: {wanted}")]
    Places {
        /// The language.
        tag: String,
        /// The key.
        key: String,
        /// The places of the English text.
        wanted: String,
    },
    /// English has changed since the translation.
    #[error("lang/{tag}.toml follows an older lang/en.toml; look at what changed and set follows = \"{now}\"")]
    Stale {
        /// The language.
        tag: String,
        /// The fingerprint of English now.
        now: String,
    },
}

/// All languages of the template set by tag, English first, and what is wrong with their files.
fn set() -> &'static (Vec<Language>, Vec<LanguageProblem>) {
    static SET: OnceLock<(Vec<Language>, Vec<LanguageProblem>)> = OnceLock::new();
    SET.get_or_init(|| {
        let (mut languages, mut problems) = (Vec::new(), Vec::new());
        for (file, text) in language_files() {
            match Language::parse(text) {
                Ok(language) => languages.push(language),
                Err(says) => problems.push(LanguageProblem::Unreadable { file: file.clone(), says }),
            }
        }
        languages.sort_by_key(|l| (l.tag() != "en", l.tag().to_owned()));
        (languages, problems)
    })
}

impl Language {
    fn parse(text: &str) -> Result<Self, String> {
        let words: Table = toml::from_str(text).map_err(|error| error.message().to_owned())?;
        let head = words.get("language").cloned().ok_or("has no section [language]")?;
        Ok(Self { head: head.try_into().map_err(|error: toml::de::Error| error.message().to_owned())?, words })
    }

    /// Every language that there is a file for, English first.
    #[must_use]
    pub fn all() -> &'static [Self] {
        &set().0
    }

    /// The source of all others.
    #[must_use]
    pub fn english() -> &'static Self {
        Self::of("en").expect("the program carries lang/en.toml; a test reads it")
    }

    /// The language of a BCP 47 tag: the very tag, or its first part (`es-MX` is served by `es`). `zh-Hant` is not served by
    /// `zh-Hans`: they are different scripts.
    #[must_use]
    pub fn of(tag: &str) -> Option<&'static Self> {
        let exact = Self::all().iter().find(|l| l.tag().eq_ignore_ascii_case(tag));
        let first = tag.split('-').next().unwrap_or(tag);
        exact.or_else(|| Self::all().iter().find(|l| l.tag().eq_ignore_ascii_case(first)))
    }

    /// Its BCP 47 tag.
    #[must_use]
    pub fn tag(&self) -> &str {
        &self.head.code
    }

    /// Its name in itself: `Español`.
    #[must_use]
    pub fn own_name(&self) -> &str {
        &self.head.name
    }

    /// How far its words can be trusted.
    #[must_use]
    pub fn status(&self) -> Status {
        self.head.status
    }

    /// Whether it is written from right to left.
    #[must_use]
    pub fn right_to_left(&self) -> bool {
        self.head.direction == "rtl"
    }

    /// Who answers for the translation, and since when, as the file says.
    #[must_use]
    pub fn review(&self) -> Option<(&str, Option<&str>)> {
        self.head.reviewer.as_deref().map(|by| (by, self.head.reviewed_on.as_deref()))
    }

    /// Eight digits that change with any word of the file.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let mut hash = Sha256::new();
        for (key, text) in self.keys() {
            for part in [key.as_str(), text] {
                hash.update((part.len() as u64).to_be_bytes());
                hash.update(part);
            }
        }
        hex::encode(&hash.finalize()[..4])
    }

    /// The text of a key such as `said.today`; English stands in where a translation lacks it.
    #[must_use]
    pub fn text(&self, key: &str) -> &str {
        self.find(key).or_else(|| Self::english().find(key)).unwrap_or_default()
    }

    fn find(&self, key: &str) -> Option<&str> {
        let mut parts = key.split('.');
        let mut at = self.words.get(parts.next()?)?;
        for part in parts {
            at = at.get(part)?;
        }
        at.as_str()
    }

    /// The text of a key with its `{places}` filled. What fills them is never looked into for places again.
    #[must_use]
    pub fn fill(&self, key: &str, values: &[(&str, &str)]) -> String {
        let mut rest = self.text(key);
        let mut out = String::with_capacity(rest.len() + 32);
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            let Some((place, behind)) = after.split_once('}') else {
                out.push('{');
                rest = after;
                continue;
            };
            if let Some((_, value)) = values.iter().find(|(name, _)| *name == place) {
                out.push_str(value);
            }
            rest = behind;
        }
        out.push_str(rest);
        out
    }

    /// The word for a value of one of the record's closed lists: `said.<group>.<name in files>`.
    #[must_use]
    pub fn word(&self, group: &str, value: &impl Serialize) -> String {
        let Ok(serde_json::Value::String(name)) = serde_json::to_value(value) else { return String::new() };
        self.text(&format!("said.{group}.{name}")).to_owned()
    }

    fn date(&self, pattern: &str, date: NaiveDate) -> String {
        let list = |key| {
            let months = self.words.get("said").and_then(|s| s.get("dates")).and_then(|d| d.get(key));
            months.and_then(|m| m.get(date.month0() as usize)).and_then(Value::as_str).unwrap_or_default()
        };
        self.fill(
            &format!("said.dates.{pattern}"),
            &[
                ("day", &date.day().to_string()),
                ("month", list("months")),
                ("mon", list("months_short")),
                ("number", &date.month().to_string()),
                ("year", &date.year().to_string()),
            ],
        )
    }

    /// `November 20, 2026`.
    #[must_use]
    pub fn long(&self, date: NaiveDate) -> String {
        self.date("long", date)
    }

    /// `Nov 20, 2026`.
    #[must_use]
    pub fn short(&self, date: NaiveDate) -> String {
        self.date("short", date)
    }

    /// `Friday, November 20, 2026`.
    #[must_use]
    pub fn weekday(&self, date: NaiveDate) -> String {
        let days = self.words.get("said").and_then(|s| s.get("dates")).and_then(|d| d.get("weekdays"));
        let number = date.weekday().num_days_from_monday() as usize;
        let name = days.and_then(|d| d.get(number)).and_then(Value::as_str).unwrap_or_default();
        self.fill("said.dates.weekday", &[("weekday", name), ("date", &self.long(date))])
    }

    /// `9:30 a.m.`, `14:05`.
    #[must_use]
    pub fn time(&self, at: crate::case::TimeOfDay) -> String {
        use chrono::Timelike;
        let at = at.time();
        let (afternoon, hour) = at.hour12();
        let key = if afternoon { "said.dates.afternoon" } else { "said.dates.morning" };
        let minute = format!("{:02}", at.minute());
        self.fill(key, &[("hour", &hour.to_string()), ("hour24", &at.hour().to_string()), ("minute", &minute)])
    }

    /// `November 2026`.
    #[must_use]
    pub fn month(&self, date: NaiveDate) -> String {
        self.date("month", date)
    }

    /// `May 5, 2026 to June 4, 2026`.
    #[must_use]
    pub fn span(&self, from: NaiveDate, to: NaiveDate) -> String {
        self.fill("said.dates.span", &[("from", &self.long(from)), ("to", &self.long(to))])
    }

    /// `by May 5, 2026`.
    #[must_use]
    pub fn by(&self, date: NaiveDate) -> String {
        self.fill("said.dates.by", &[("date", &self.long(date))])
    }

    /// `one`, or `many` with its number: `said.<key>.one`, `said.<key>.many`.
    #[must_use]
    pub fn count(&self, key: &str, number: i64) -> String {
        let form = if number == 1 { "one" } else { "many" };
        self.fill(&format!("said.{key}.{form}"), &[("n", &number.to_string())])
    }

    /// `20 months`; in the first two months `3 weeks`.
    #[must_use]
    pub fn age(&self, born: NaiveDate, day: NaiveDate) -> String {
        let months = crate::due::calendar::months_of_age(born, day);
        if months < 2 {
            self.count("weeks", (day - born).num_days().max(0) / 7)
        } else {
            self.count("months", i64::from(months))
        }
    }

    /// The name of a language in this one; an unknown tag stands as it is.
    #[must_use]
    pub fn language(&self, tag: &str) -> String {
        let first = tag.split('-').next().unwrap_or(tag);
        let name = self.text(&format!("said.languages.{first}"));
        if name.is_empty() { tag.to_owned() } else { name.to_owned() }
    }

    /// `Bayside Therapy, Harbor Kids and Ocean View`.
    #[must_use]
    pub fn listed(&self, items: &[String]) -> String {
        match items {
            [] => String::new(),
            [one] => one.clone(),
            [first @ .., last] => {
                format!("{}{}{last}", first.join(self.text("said.comma")), self.text("page.and"))
            }
        }
    }

    /// All keys with their texts, `language` left out; items of lists by number.
    fn keys(&self) -> BTreeMap<String, &str> {
        fn walk<'a>(at: &'a Value, key: String, out: &mut BTreeMap<String, &'a str>) {
            match at {
                Value::String(text) => {
                    out.insert(key, text);
                }
                Value::Table(table) => {
                    for (name, value) in table {
                        walk(value, format!("{key}.{name}"), out);
                    }
                }
                Value::Array(items) => {
                    for (number, value) in items.iter().enumerate() {
                        walk(value, format!("{key}.{number}"), out);
                    }
                }
                _ => {}
            }
        }
        let mut out = BTreeMap::new();
        for (name, value) in self.words.iter().filter(|(name, _)| *name != "language") {
            walk(value, name.clone(), &mut out);
        }
        out
    }

    /// Everything wrong with the language files: keys that are missing or too many, places in braces that differ,
    /// translations that follow an older English. A language lacks nothing when this is empty.
    #[must_use]
    pub fn problems() -> Vec<LanguageProblem> {
        let english = Self::english();
        let source = english.keys();
        let now = english.fingerprint();
        let mut found: Vec<LanguageProblem> = set().1.clone();
        for language in Self::all().iter().filter(|l| l.tag() != "en") {
            let tag = || language.tag().to_owned();
            let keys = language.keys();
            for (key, text) in &source {
                match keys.get(key) {
                    None => found.push(LanguageProblem::Missing { tag: tag(), key: key.clone() }),
                    Some(other) if places(text) != places(other) => {
                        let wanted = places(text).into_iter().collect::<Vec<_>>().join(", ");
                        found.push(LanguageProblem::Places { tag: tag(), key: key.clone(), wanted });
                    }
                    Some(_) => {}
                }
            }
            let extra = keys.keys().filter(|key| !source.contains_key(*key));
            found.extend(extra.map(|key| LanguageProblem::Extra { tag: tag(), key: key.clone() }));
            if language.head.follows.as_deref() != Some(now.as_str()) {
                found.push(LanguageProblem::Stale { tag: tag(), now: now.clone() });
            }
        }
        found
    }
}

/// The places in braces of a text. Dates may take any of theirs in any order, so patterns are compared as sets.
fn places(text: &str) -> std::collections::BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|after| after.split_once('}').map(|(place, _)| place)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn english_says_dates_and_counts_as_people_do() {
        let english = Language::english();
        assert_eq!(english.long(day("2026-11-05")), "November 5, 2026");
        assert_eq!(english.short(day("2026-11-05")), "Nov 5, 2026");
        assert_eq!(english.month(day("2026-11-05")), "November 2026");
        assert_eq!(english.age(day("2026-10-20"), day("2026-11-20")), "4 weeks");
        assert_eq!(english.age(day("2025-03-20"), day("2026-11-20")), "20 months");
        assert_eq!(english.listed(&["a".into(), "b".into(), "c".into()]), "a, b and c");
        assert_eq!(english.language("es-MX"), "Spanish");
        assert_eq!(english.language("qu"), "qu");
    }

    #[test]
    fn what_fills_a_place_is_never_filled_again() {
        let english = Language::english();
        assert_eq!(english.fill("said.dates.by", &[("date", "{date}")]), "by {date}");
    }

    #[test]
    fn a_regional_tag_is_served_by_its_language_and_another_script_is_not() {
        assert_eq!(Language::of("en-GB").unwrap().tag(), "en");
        assert!(Language::of("tlh").is_none());
    }

    #[test]
    fn every_language_file_is_complete_and_follows_the_present_english() {
        let problems: Vec<String> = Language::problems().iter().map(ToString::to_string).collect();
        assert_eq!(problems, Vec::<String>::new());
    }
}
