//! The words of the checks: what happened is past, an end follows its beginning, what is named is known.

use std::collections::HashSet;

use chrono::NaiveDate;

use crate::case::{CaseRecord, Date, Directory, OrganisationId, PersonId, import::Rules};

/// Field and what to do.
pub(super) type Finding = (String, String);

pub(super) const FUTURE: &str = "lies in the future; record it once it has happened, or correct the date";
const BEFORE_BIRTH: &str = "lies before the child's birth date; correct one of the two";
const NOBODY: &str = "names nobody of this family; correct the id, or add the person to `family`";
const NO_OFFICE: &str =
    "no organisation of the directory has this id; correct it, or add the organisation to directory.json";
const NO_PROFESSIONAL: &str =
    "no professional of the directory has this id; correct it, or add the person to directory.json";
const ELSEWHERE: &str = "works in another office, as the directory has it; correct the person or the office";

/// Something odd that may be real: it is taken, and a person is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::case::import) struct Odd {
    /// Path of the field.
    pub(in crate::case::import) field: String,
    /// What it is about, by an id that stays when the list grows.
    pub(in crate::case::import) about: String,
    pub(in crate::case::import) says: String,
}

/// A record that is looked through, and what was found.
pub(super) struct Look<'a> {
    pub(super) record: &'a CaseRecord,
    pub(super) rules: &'a Rules<'a>,
    pub(super) wrong: Vec<Finding>,
    pub(super) odd: Vec<Odd>,
}

impl<'a> Look<'a> {
    pub(super) fn at(record: &'a CaseRecord, rules: &'a Rules<'a>) -> Self {
        Self { record, rules, wrong: Vec::new(), odd: Vec::new() }
    }

    /// It makes a document unsafe: the record is refused, and its child held.
    pub(super) fn refuse(&mut self, field: impl Into<String>, says: impl Into<String>) {
        self.wrong.push((field.into(), says.into()));
    }

    /// It is odd and may be real: a person is asked.
    pub(super) fn ask(&mut self, field: impl Into<String>, about: impl Into<String>, says: impl Into<String>) {
        self.odd.push(Odd { field: field.into(), about: about.into(), says: says.into() });
    }

    pub(super) fn today(&self) -> NaiveDate {
        self.rules.today
    }

    pub(super) fn directory(&self) -> &'a Directory {
        self.rules.directory
    }

    pub(super) fn born(&self) -> NaiveDate {
        *self.record.child.birth_date
    }

    /// The day on which the program can first have had to do with the family: a referral may come before the birth.
    fn begins(&self) -> NaiveDate {
        self.born().min(*self.record.referral.received_on)
    }

    /// What was done is done.
    pub(super) fn past(&mut self, field: impl Into<String>, day: impl Into<Option<Date>>) {
        if day.into().is_some_and(|day| *day > self.today()) {
            self.refuse(field, FUTURE);
        }
    }

    /// What the program did with a family has happened, and not before it knew of the child.
    pub(super) fn happened(&mut self, field: impl Into<String>, day: impl Into<Option<Date>>) {
        let Some(day) = day.into() else { return };
        let field = field.into();
        self.past(&field, day);
        self.since_known(field, day);
    }

    /// What was done with the child itself has happened, and not before its birth.
    pub(super) fn happened_since_birth(&mut self, field: impl Into<String>, day: impl Into<Option<Date>>) {
        let Some(day) = day.into() else { return };
        let field = field.into();
        self.past(&field, day);
        self.since_birth(field, day);
    }

    /// It may lie ahead, but not before the program knew of the child.
    pub(super) fn since_known(&mut self, field: impl Into<String>, day: impl Into<Option<Date>>) {
        if day.into().is_some_and(|day| *day < self.begins()) {
            self.refuse(field, BEFORE_BIRTH);
        }
    }

    /// It may lie ahead, but not before the child's birth.
    pub(super) fn since_birth(&mut self, field: impl Into<String>, day: impl Into<Option<Date>>) {
        if day.into().is_some_and(|day| *day < self.born()) {
            self.refuse(field, BEFORE_BIRTH);
        }
    }

    /// An end is not before its beginning: `what` names the beginning.
    pub(super) fn follows(
        &mut self,
        field: impl Into<String>,
        day: impl Into<Option<Date>>,
        beginning: impl Into<Option<Date>>,
        what: &str,
    ) {
        if let (Some(day), Some(beginning)) = (day.into(), beginning.into())
            && day < beginning
        {
            self.refuse(field, format!("lies before {what}; correct one of the two"));
        }
    }

    pub(super) fn family(&mut self, field: impl Into<String>, person: &PersonId) {
        if self.record.member(person).is_none() {
            self.refuse(field, NOBODY);
        }
    }

    pub(super) fn office<'i>(&mut self, field: impl Into<String>, office: impl Into<Option<&'i OrganisationId>>) {
        if office.into().is_some_and(|id| self.directory().organisation(id).is_none()) {
            self.refuse(field, NO_OFFICE);
        }
    }

    pub(super) fn professional<'i>(&mut self, field: impl Into<String>, person: impl Into<Option<&'i PersonId>>) {
        if person.into().is_some_and(|id| self.directory().professional(id).is_none()) {
            self.refuse(field, NO_PROFESSIONAL);
        }
    }

    /// A person who acts for an office works there, as long as it matters: of the past the directory says nothing.
    pub(super) fn works_in(
        &mut self,
        field: impl Into<String>,
        person: Option<&PersonId>,
        office: Option<&OrganisationId>,
        matters: bool,
    ) {
        let (Some(person), true) = (person, matters) else { return };
        match self.directory().professional(person) {
            None => self.refuse(field, NO_PROFESSIONAL),
            Some(p) => {
                // An office that nobody knows is named already.
                let known = office.filter(|office| self.directory().organisation(office).is_some());
                if known.is_some_and(|office| office != &p.organisation_id) {
                    self.refuse(field, ELSEWHERE);
                }
            }
        }
    }

    /// Each of these has an id of its own.
    pub(super) fn once<'i>(&mut self, what: &str, ids: impl Iterator<Item = (String, &'i str)>) {
        let mut seen = HashSet::new();
        for (field, id) in ids {
            if !seen.insert(id) {
                self.refuse(field, format!("this {what} id stands twice; give each its own"));
            }
        }
    }
}
