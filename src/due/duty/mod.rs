//! One file a family of duties. Each is a pure function of the record, the rules and the day; it adds what is owed
//! and, for a person who asks, says why the rest is not.

mod exit;
mod family;
mod meeting;
mod notice;
mod record;
mod referral;
mod service;
mod transition;
mod copies;
mod review;

use std::borrow::Cow;

use chrono::{Datelike, NaiveDate};

use super::{
    DocumentKind, Obligation, ObligationKind, Owed, Rulebook, Step,
    calendar::{Calendar, LeapBirthday, add_calendar_days, add_months, third_birthday},
};
use crate::case::{CaseRecord, ContactOutcome, ExitReason, FamilyMember, ParentRole, Recipient};

/// What a duty looks at.
pub(super) struct Look<'a> {
    pub(super) record: &'a CaseRecord,
    pub(super) rules: Rulebook<'a>,
    pub(super) calendar: Calendar<'a>,
    pub(super) day: NaiveDate,
}

/// A kind of duty that is not due, and why, in plain words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotDue {
    pub kind: ObligationKind,
    pub why: Cow<'static, str>,
}

/// What the duties found.
pub(super) struct Findings {
    pub(super) obligations: Vec<Obligation>,
    pub(super) not_due: Vec<NotDue>,
    explains: bool,
}

impl Findings {
    /// Obligations only: no sentence is made that nobody reads.
    pub(super) fn quick() -> Self {
        Self { obligations: Vec::with_capacity(16), not_due: Vec::new(), explains: false }
    }

    /// Obligations with their sums, and what is not due.
    pub(super) fn explained() -> Self {
        Self { explains: true, ..Self::quick() }
    }

    fn add(&mut self, look: &Look<'_>, obligation: Obligation, steps: impl FnOnce() -> Vec<Step>) {
        let steps = if self.explains { steps() } else { Vec::new() };
        self.obligations.push(Obligation { work_on: look.calendar.work_date(obligation.due_on), steps, ..obligation });
    }

    fn not_due(&mut self, kind: ObligationKind, why: &'static str) {
        if self.explains {
            self.not_due.push(NotDue { kind, why: Cow::Borrowed(why) });
        }
    }

    fn not_due_since(&mut self, kind: ObligationKind, why: impl FnOnce() -> String) {
        if self.explains {
            self.not_due.push(NotDue { kind, why: Cow::Owned(why()) });
        }
    }
}

impl<'a> Look<'a> {
    pub(super) fn new(record: &'a CaseRecord, rules: &Rulebook<'a>, day: NaiveDate) -> Self {
        Self { record, rules: *rules, calendar: rules.calendar(), day }
    }

    /// Parents of 303.27, as recorded; whether each may have a paper is the gate's question.
    fn parents(&self) -> impl Iterator<Item = &'a FamilyMember> {
        self.record.family.iter().filter(|m| m.parent_role != ParentRole::None)
    }

    /// A paper owed to each parent.
    fn to_parents(&self, papers: &[DocumentKind]) -> Vec<Owed> {
        self.parents()
            .map(|p| Owed { recipient: Recipient::family(&p.person_id), papers: papers.to_vec(), has_it_since: None })
            .collect()
    }

    /// The first contact on or after `from` that reached the family.
    fn reached_from(&self, from: NaiveDate) -> Option<&'a crate::case::Contact> {
        let contacts = self.record.contacts.iter();
        contacts.filter(|c| c.outcome == ContactOutcome::Reached && *c.on >= from).min_by_key(|c| c.on)
    }

    /// The third birthday by the earlier reading of 29 February: what must happen before it counts from here.
    fn third_birthday(&self) -> NaiveDate {
        third_birthday(*self.record.child.birth_date, LeapBirthday::Feb28)
    }

    /// Whether papers of an event of this day are left to people, because the program began later.
    fn before_automatic(&self, event: NaiveDate) -> bool {
        self.rules.program.automatic_from.is_some_and(|from| event < *from)
    }
}

/// Everything owed for a child, done or not.
pub(super) fn all(look: &Look<'_>, out: &mut Findings) {
    let exit = look.record.exit.as_ref();
    if exit.is_some_and(|exit| exit.reason == ExitReason::Deceased) {
        for kind in ObligationKind::ALL {
            out.not_due(*kind, "the child has died; nothing is owed, and a person speaks with the family");
        }
        return;
    }
    exit::duties(look, out);
    if look.record.has_left(look.day) {
        for kind in ObligationKind::ALL {
            out.not_due_since(*kind, || {
                format!("the child left the program on {}", exit.map_or(look.day, |exit| *exit.on))
            });
        }
        return;
    }
    copies::duties(look, out);
    referral::duties(look, out);
    service::duties(look, out);
    review::duties(look, out);
    meeting::duties(look, out);
    notice::duties(look, out);
    transition::duties(look, out);
    family::duties(look, out);
    record::duties(look, out);
}

/// Every day on which some duty looks at the calendar: the first one after the day of the look.
pub(super) fn changes_on(look: &Look<'_>) -> NaiveDate {
    let record = look.record;
    let next_day = |date: NaiveDate| add_calendar_days(date, 1);
    let first_of_month = look.day.with_day(1).expect("every month has a first");
    let mut days = vec![add_months(first_of_month, 1)];
    days.extend(record.exit.as_ref().map(|exit| next_day(*exit.on)));
    days.extend(record.physicians.iter().flat_map(|p| [Some(*p.from), p.to.map(|to| next_day(*to))]).flatten());
    days.extend(record.coordinators.iter().flat_map(|t| [Some(*t.from), t.to.map(|to| next_day(*to))]).flatten());
    days.extend(record.appointments.iter().map(|a| next_day(*a.on)));
    for item in super::due_items(record, &look.rules, look.day) {
        days.push(item.opens_on);
        days.extend(item.closes_on.map(next_day));
    }
    days.into_iter().filter(|day| *day > look.day).min().expect("the first of next month lies ahead")
}
