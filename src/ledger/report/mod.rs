//! The record in plain words: what left with whom, when, why, on what authority, with what result; who looked;
//! what was asked and refused.
//!
//! Bytes that left count. What came back, was refused after it had left or got no answer stands here as
//! "may have been received", with its day and pages.

mod words;
mod line;
mod csv;
mod filter;

use chrono::{Months, NaiveDate};
use serde::Serialize;

use self::{
    line::{day, disclosed, happened},
    words::later,
};
use super::{event::Event, row::LedgerRow};
use crate::{
    case::{PersonId, Recipient},
    document::Language,
};

pub use csv::csv_cell;
pub use filter::Filter;
pub use line::{Disclosed, Happened, Later, ReportItem};
pub use words::{Telling, authority};

/// How far back an accounting of disclosures reaches (45 CFR 164.528(a)(1)): six years.
const ACCOUNTING_MONTHS: u32 = 72;

/// A record, or the part of it that was asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// What left, oldest first.
    pub disclosures: Vec<Disclosed>,
    /// Who looked, oldest first.
    pub views: Vec<Happened>,
    /// Requests, refusals, corrections, incidents, destruction, oldest first.
    pub others: Vec<Happened>,
}

impl Report {
    /// Puts further entries, oldest first, into words, as far as the filter wants them. What was learned later
    /// belongs to a disclosure that is wanted whenever it was learned.
    pub fn add(&mut self, rows: &[LedgerRow], telling: &Telling<'_>, filter: &Filter) {
        for row in rows {
            match row.entry.event {
                Event::Disclosure => {
                    let line = disclosed(row, telling);
                    if filter.wants(&line) {
                        self.disclosures.push(line);
                    }
                }
                Event::AccessView => {
                    self.views.extend(Some(happened(row, telling)).filter(|line| filter.in_time(line.on)));
                }
                Event::Outcome => self.learn(row, telling),
                Event::Correction | Event::Recall | Event::Incident => {
                    self.learn(row, telling);
                    self.others.extend(Some(happened(row, telling)).filter(|line| filter.in_time(line.on)));
                }
                Event::Request
                | Event::Refusal
                | Event::KeptBack
                | Event::Note
                | Event::Destruction
                | Event::Certificate => {
                    self.others.extend(Some(happened(row, telling)).filter(|line| filter.in_time(line.on)));
                }
            }
        }
    }

    /// Something learned later belongs to the disclosure that it names, or to the last one of its dispatch.
    fn learn(&mut self, row: &LedgerRow, telling: &Telling<'_>) {
        let entry = &row.entry;
        let by_seq = entry.about_seq.and_then(|seq| self.disclosures.iter().position(|line| line.seq == seq));
        let by_dispatch =
            || self.disclosures.iter().rposition(|line| line.dispatch.is_some() && line.dispatch == entry.dispatch);
        if let Some(place) = by_seq.or_else(by_dispatch) {
            let (says, uncertain) = later(entry, row.detail.as_ref(), telling.said);
            let line = &mut self.disclosures[place];
            line.may_have_been_received |= uncertain;
            line.later.push(Later { on: day(&row.link.at, telling.zone), says });
        }
    }

    /// Keeps what an accounting of the last six years holds: for a program under HIPAA what 45 CFR 164.528
    /// asks for, for others what 34 CFR 303.406 does.
    pub fn account(&mut self, today: NaiveDate, under_hipaa: bool) {
        let first = today.checked_sub_months(Months::new(ACCOUNTING_MONTHS)).unwrap_or(NaiveDate::MIN);
        self.disclosures
            .retain(|line| line.on >= first && !(if under_hipaa { line.exempt_164_528 } else { line.exempt_303_406 }));
        self.views.clear();
    }

    /// Every text that came from a person or a record: what is kept private is taken out of these.
    pub fn texts_mut(&mut self) -> impl Iterator<Item = &mut String> {
        let lines = self.disclosures.iter_mut().flat_map(|line| {
            [&mut line.address, &mut line.purpose, &mut line.legitimate_interest, &mut line.emergency_threat]
                .into_iter()
                .flatten()
                .chain(line.later.iter_mut().map(|later| &mut later.says))
        });
        let others = self.views.iter_mut().chain(&mut self.others);
        lines.chain(others.flat_map(|line| [&mut line.says, &mut line.records]))
    }

    /// Prepares the record for one parent: what went to another member of the family shows its day and its
    /// papers only, and what another member asked for is left out.
    pub fn prepare_for(&mut self, person: &PersonId, said: &Language) {
        let own = Recipient::family(person).to_string();
        let another = || said.text("said.access.another_parent");
        // What one parent keeps back is told to nobody else: that an order is on file can put somebody in danger.
        self.others.retain(|line| match &line.recipient {
            Some(to) => *to == own || !to.starts_with("family:"),
            None => line.event != Event::KeptBack,
        });
        for line in &mut self.disclosures {
            if line.recipient.starts_with("family:") && line.recipient != own {
                *line = Disclosed {
                    recipient: "another parent".to_owned(),
                    recipient_name: Some(another().to_owned()),
                    another_parent: true,
                    at: line.on.to_string(),
                    seq: line.seq,
                    on: line.on,
                    child: std::mem::take(&mut line.child),
                    items: std::mem::take(&mut line.items),
                    plan_version: line.plan_version,
                    exempt_303_406: line.exempt_303_406,
                    exempt_99_32: line.exempt_99_32,
                    exempt_164_528: line.exempt_164_528,
                    ..Disclosed::default()
                };
            }
        }
        for line in &mut self.views {
            let of_another = |text: &str| text.contains("family:") && !text.contains(&own);
            if of_another(&line.says) || of_another(&line.records) {
                another().clone_into(&mut line.says);
                line.records.clear();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        case::ChildId,
        document::TemplateSet,
        ledger::{Detail, Entry, GENESIS, Link},
    };

    fn row(seq: i64, entry: Entry) -> LedgerRow {
        let (at, prev) = ("2026-11-21T03:30:00.000Z".to_owned(), GENESIS.to_owned());
        let detail = Some(Detail::said("Ghent Pediatrics", "For the doctor.", "Plan"));
        LedgerRow { link: Link { seq, at, body: String::new(), prev, hash: String::new() }, entry, detail }
    }

    fn entry(event: Event, outcome: &str) -> Entry {
        let child = ChildId::parse("c-1").unwrap();
        Entry {
            dispatch: Some("d-1".into()),
            channel: Some("smtp".into()),
            recipient: "family:p-1".parse().ok(),
            ..Entry::new(event, &child, outcome, "a test")
        }
    }

    fn report(rows: &[LedgerRow]) -> Report {
        let mut report = Report::default();
        let set = TemplateSet::built_in();
        let telling = Telling::english(chrono_tz::America::New_York, set.languages());
        report.add(rows, &telling, &Filter::default());
        report
    }

    #[test]
    fn what_left_without_an_answer_or_came_back_may_have_been_received() {
        for outcome in ["unknown", "refused-after-body", "partly-sent"] {
            let report = report(&[row(1, entry(Event::Disclosure, outcome))]);
            assert!(report.disclosures[0].may_have_been_received);
            assert!(report.disclosures[0].result.contains("may have been received"), "{outcome}");
        }
        let returned =
            report(&[row(1, entry(Event::Disclosure, "accepted")), row(2, entry(Event::Outcome, "returned"))]);
        assert!(returned.disclosures[0].may_have_been_received);
        assert!(returned.disclosures[0].later[0].says.contains("may have been received"));
        let wrong =
            report(&[row(1, entry(Event::Disclosure, "accepted")), row(2, entry(Event::Incident, "wrong_recipient"))]);
        assert!(wrong.disclosures[0].may_have_been_received);
    }

    #[test]
    fn the_day_is_that_of_the_programs_zone() {
        let report = report(&[row(1, entry(Event::Disclosure, "accepted"))]);
        assert_eq!(report.disclosures[0].on.to_string(), "2026-11-20");
    }

    #[test]
    fn another_parent_is_shown_with_day_and_paper_only() {
        let mut report = report(&[row(1, entry(Event::Disclosure, "accepted"))]);
        report.prepare_for(&PersonId::parse("p-2").unwrap(), TemplateSet::built_in().languages().english());
        let line = &report.disclosures[0];
        assert_eq!((line.recipient_name.as_deref(), line.address.as_deref()), (Some("Another parent"), None));
        assert_eq!((line.purpose.as_deref(), line.result.as_str()), (None, ""));
    }

    #[test]
    fn an_accounting_reaches_back_six_years() {
        let mut report = report(&[row(1, entry(Event::Disclosure, "accepted"))]);
        report.clone().account("2032-11-20".parse().unwrap(), false);
        let mut late = report.clone();
        late.account("2032-11-21".parse().unwrap(), false);
        assert!(late.disclosures.is_empty());
        report.account("2032-11-20".parse().unwrap(), false);
        assert_eq!(report.disclosures.len(), 1);
    }
}
