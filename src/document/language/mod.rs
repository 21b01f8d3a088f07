//! A language: one file of words, and how it says dates, numbers and lists.
//!
//! Every word on a paper that does not come from the case record stands in `templates/documents/lang/<tag>.toml`. The
//! templates read their labels there; what is put together here (dates, ages, names of services) comes from the
//! same file, section `[said]`. A further language is one more file.

mod problem;
mod state;
mod formatting;

use std::{collections::BTreeMap, sync::Arc};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use toml::{Table, Value};

pub use problem::LanguageProblem;
pub(super) use state::{StatesOwn, states_own};

use crate::{case::Translation, due::StateForm};

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

#[derive(Debug)]
pub struct Language {
    head: Head,
    words: Arc<Table>,
    /// Stands in where a translation lacks a text.
    english: Arc<Table>,
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
    /// The family of type in which it is set, where the common one lacks its letters; for the templates.
    #[serde(default)]
    #[expect(dead_code, reason = "read by the templates")]
    font: Option<String>,
    /// Other tags that it serves: `zh-CN` is served by `zh-Hans`.
    #[serde(default)]
    serves: Vec<String>,
    /// The papers that there are in this language, by their names; absent where there are all.
    #[serde(default)]
    papers: Option<Vec<String>>,
    /// Beginnings of the keys that a language with some papers only must have; absent where it must have all.
    #[serde(default)]
    covers: Option<Vec<String>>,
}

/// The languages of a template set: every one that there is a file for, and in which of them the state publishes texts and
/// forms of its own.
#[derive(Debug)]
pub struct Languages {
    /// By tag, English first.
    all: Vec<Language>,
    unreadable: Vec<LanguageProblem>,
    state: Arc<[StatesOwn]>,
}

impl Languages {
    /// Reads the files of `lang/`, given by name and text.
    pub(super) fn read(files: &[(String, String)], state: Arc<[StatesOwn]>) -> Self {
        let (mut read, mut unreadable) = (Vec::new(), Vec::new());
        for (file, text) in files {
            match parse(text) {
                Ok((head, words)) => read.push((head, Arc::new(words))),
                Err(says) => unreadable.push(LanguageProblem::Unreadable { file: file.clone(), says }),
            }
        }
        let english = read.iter().find(|(head, _)| head.code == "en").map(|(_, words)| Arc::clone(words));
        let english = english.unwrap_or_default();
        let language = |(head, words)| Language { head, words, english: Arc::clone(&english) };
        let mut all: Vec<Language> = read.into_iter().map(language).collect();
        all.sort_by_key(|l| (l.tag() != "en", l.tag().to_owned()));
        Self { all, unreadable, state }
    }

    /// Every language that there is a file for, English first.
    #[must_use]
    pub fn all(&self) -> &[Language] {
        &self.all
    }

    /// The source of all others.
    #[must_use]
    pub fn english(&self) -> &Language {
        self.of("en").expect("the program carries lang/en.toml, and a folder whose own cannot be read is not used")
    }

    /// The language of a BCP 47 tag: the very tag, or its first part (`es-MX` is served by `es`). `zh-Hant` is not served by
    /// `zh-Hans`: they are different scripts.
    #[must_use]
    pub fn of(&self, tag: &str) -> Option<&Language> {
        let serves = |l: &&Language| {
            l.tag().eq_ignore_ascii_case(tag) || l.head.serves.iter().any(|t| t.eq_ignore_ascii_case(tag))
        };
        let exact = self.all.iter().find(serves);
        let first = tag.split('-').next().unwrap_or(tag);
        exact.or_else(|| self.all.iter().find(|l| l.tag().eq_ignore_ascii_case(first)))
    }

    /// The language of the text or form of the state's that readers of `said` get in the place of ours; none where ours
    /// goes.
    #[must_use]
    pub fn of_the_states(&self, form: StateForm, said: &Language) -> Option<&str> {
        states_own(&self.state, form, said.tag()).map(|own| own.language.as_str())
    }
}

fn parse(text: &str) -> Result<(Head, Table), String> {
    let words: Table = toml::from_str(text).map_err(|error| error.message().to_owned())?;
    let head = words.get("language").cloned().ok_or("has no section [language]")?;
    let unreadable = |error: toml::de::Error| format!("[language] cannot be read: {}", error.message());
    Ok((head.try_into().map_err(unreadable)?, words))
}

/// Whether the language of this file of `lang/` could be spoken: papers would go in English without a word, and without
/// English none at all.
pub(super) fn readable(file: &str, text: &str) -> Result<(), String> {
    let (head, _) = parse(text)?;
    if file == format!("{}.toml", head.code) {
        return Ok(());
    }
    Err(format!("says that its language is {0}; name it lang/{0}.toml", head.code))
}

impl Language {
    /// Whether there is this paper in it.
    #[must_use]
    pub fn has(&self, kind: crate::due::DocumentKind) -> bool {
        self.head.papers.as_ref().is_none_or(|papers| papers.iter().any(|paper| paper == kind.as_str()))
    }

    /// Whether there is every paper and report in it.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.head.papers.is_none()
    }

    /// Whether its file must have this key.
    fn must_have(&self, key: &str) -> bool {
        let under = |begins: &String| {
            key.strip_prefix(begins.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        self.head.covers.as_ref().is_none_or(|covers| covers.iter().any(under))
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

    /// Whether its words are at least as good as a program asks.
    #[must_use]
    pub fn is_at_least(&self, wanted: Translation) -> bool {
        self.head.status
            >= match wanted {
                Translation::Machine => Status::Machine,
                Translation::Human => Status::Human,
                Translation::Certified => Status::Certified,
            }
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
        find(&self.words, key).or_else(|| find(&self.english, key)).unwrap_or_default()
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
}

fn find<'a>(words: &'a Table, key: &str) -> Option<&'a str> {
    let mut parts = key.split('.');
    let mut at = words.get(parts.next()?)?;
    for part in parts {
        at = at.get(part)?;
    }
    at.as_str()
}

#[cfg(test)]
mod tests {
    use crate::document::TemplateSet;

    #[test]
    fn what_fills_a_place_is_never_filled_again() {
        let set = TemplateSet::built_in();
        let english = set.languages().english();
        assert_eq!(english.fill("said.dates.by", &[("date", "{date}")]), "by {date}");
    }

    #[test]
    fn a_regional_tag_is_served_by_its_language_and_another_script_is_not() {
        let set = TemplateSet::built_in();
        assert_eq!(set.languages().of("en-GB").unwrap().tag(), "en");
        assert!(set.languages().of("tlh").is_none());
    }
}
