//! What people wrote about the child, in the language of the copy where somebody has translated it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::{Sheet, waits_for_language};
use crate::{
    case::{CaseRecord, Recipient, Translated, Translation},
    document::language::Language,
    due::DocumentKind,
};

/// Fields of plans, contacts and proposals that hold sentences of a person, not words of a list.
const WRITTEN: [&str; 18] = [
    "concerns",
    "criteria",
    "daily_routines",
    "decisions",
    "narrative",
    "note",
    "offers",
    "priorities",
    "procedures",
    "reasons",
    "resources",
    "routine",
    "statement",
    "steps",
    "text",
    "timeline",
    "topic",
    "what",
];

/// Puts translated passages in the place of their originals, and says on the page who translated them and which lines are
/// still in English. Tells the language in which this reader has not got the whole paper yet.
pub(super) fn in_their_language(kind: DocumentKind, sheet: &Sheet<'_>, view: &mut Value) -> Option<String> {
    let Recipient::FamilyMember { person_id } = sheet.recipient else { return None };
    let wanted = sheet.record.member(person_id)?.preferred_language.as_str();
    let own = sheet.languages.of(wanted);
    if own.is_some_and(|own| own.tag() == "en") {
        return None;
    }
    let Some(own) = own else {
        note_interpreter(view.get_mut("page")?.as_object_mut()?, sheet, "said.passages.unserved");
        return Some(wanted.to_owned());
    };
    if own.tag() != sheet.said.tag() {
        return Some(wanted.to_owned());
    }
    let written = written(sheet.record);
    let known = known(kind, sheet);
    let mut met = Met::default();
    met.walk(view, &written, &known);
    let page = view.get_mut("page").and_then(Value::as_object_mut)?;
    let lines: BTreeSet<&str> = met.english.iter().flat_map(|text| lines(text)).collect();
    page.insert("in_english".to_owned(), json!(lines));
    let sentences: Vec<String> = met.by.iter().map(|source| sentence(sheet.said, source)).collect();
    if !lines.is_empty() {
        note_interpreter(page, sheet, "said.passages.english");
    }
    page.insert("translated".to_owned(), json!(sentences));
    (!lines.is_empty()).then(|| wanted.to_owned())
}

/// Says on every page that an interpreter reads what is in English.
fn note_interpreter(page: &mut Map<String, Value>, sheet: &Sheet<'_>, words: &str) {
    let caller = |field: &str| page.get("caller").and_then(|caller| caller.get(field)?.as_str()).unwrap_or_default();
    let places = [("first", caller("first_name")), ("telephone", caller("telephone"))];
    let note = sheet.said.fill(words, &places);
    page.insert("english_note".to_owned(), json!(note));
}

/// The lines as a template sets them: each by itself, without the sign of a list.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .map(|line| {
            let line = line.trim();
            let item = line.strip_prefix(['-', '\u{2022}', '*']).filter(|rest| rest.starts_with([' ', '\t']));
            item.map_or(line, str::trim)
        })
        .filter(|line| !line.is_empty())
}

fn sentence(said: &Language, source: &Translated) -> String {
    let key = match source.how {
        Translation::Machine => "said.passages.machine",
        Translation::Human => "said.passages.human",
        Translation::Certified => "said.passages.certified",
    };
    said.fill(key, &[("name", source.by.as_str()), ("date", &said.long(*source.on))])
}

/// Translations into the language of the copy that are good enough for the program and for this paper, by their originals.
/// Of two the better one counts, and of two as good the later one.
fn known<'a>(kind: DocumentKind, sheet: &Sheet<'a>) -> BTreeMap<&'a str, (&'a str, &'a Translated)> {
    let asked = sheet.rules.program.policy.translation_at_least;
    let fits = |source: &&Translated| {
        sheet.languages.of(&source.language).is_some_and(|language| language.tag() == sheet.said.tag())
            && source.how >= asked
            && !(source.how == Translation::Machine && waits_for_language(kind))
    };
    let mut sources: Vec<&Translated> = sheet.record.translations.iter().filter(fits).collect();
    sources.sort_by_key(|source| (source.how, source.on));
    let passages = sources.into_iter().flat_map(|source| source.passages.iter().map(move |passage| (source, passage)));
    passages.map(|(source, passage)| (passage.original.trim(), (passage.text.as_str(), source))).collect()
}

/// Every sentence of a person in plans, contacts and proposals.
fn written(record: &CaseRecord) -> BTreeSet<String> {
    fn collect(value: &Value, own: bool, found: &mut BTreeSet<String>) {
        match value {
            Value::String(text) if own => {
                found.insert(text.trim().to_owned());
            }
            Value::Array(items) => items.iter().for_each(|item| collect(item, own, found)),
            Value::Object(fields) => {
                for (name, item) in fields {
                    collect(item, WRITTEN.contains(&name.as_str()), found);
                }
            }
            _ => {}
        }
    }
    let mut found = BTreeSet::new();
    let parts = json!({ "plans": record.ifsps, "contacts": record.contacts, "proposals": record.proposals });
    collect(&parts, false, &mut found);
    found
}

/// What was met on the way through a view.
#[derive(Default)]
struct Met<'a> {
    english: BTreeSet<String>,
    by: Vec<&'a Translated>,
}

impl<'a> Met<'a> {
    fn walk(
        &mut self,
        view: &mut Value,
        written: &BTreeSet<String>,
        known: &BTreeMap<&'a str, (&'a str, &'a Translated)>,
    ) {
        match view {
            Value::String(text) if written.contains(text.trim()) => match known.get(text.trim()) {
                Some((own, source)) => {
                    (*own).clone_into(text);
                    if !self.by.contains(source) {
                        self.by.push(source);
                    }
                }
                None => {
                    self.english.insert(text.clone());
                }
            },
            Value::Array(items) => items.iter_mut().for_each(|item| self.walk(item, written, known)),
            Value::Object(fields) => {
                for (name, item) in fields {
                    // What stands around the content is the program's own, or a parent's own words.
                    if name != "page" {
                        self.walk(item, written, known);
                    }
                }
            }
            _ => {}
        }
    }
}
