//! Reports on the record of access. Making one is a look at the record, and is recorded.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context;
use chrono::NaiveDate;

use super::{Pipeline, facts::ChildFacts};
use crate::{
    case::{CaseRecord, ChildId, PersonId, Recipient},
    disclosure::may_inspect,
    document::{
        Language, Mask, Rendered, ReportKind,
        assemble::{Sheet, day_in_words, report_page},
        render_report,
        view::{AccessLine, LookLine, RecordOfAccessView},
    },
    due::DocumentKind,
    ledger::{
        Detail, Entry, Event,
        report::{Disclosed, Filter, Happened, Report},
    },
    store::StoreError,
};

/// Entries read at a time for a report over all children.
const PAGE: i64 = 2_000;

/// Which part of the record is wanted.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Of one child.
    pub child: Option<ChildId>,
    /// Of the children whom this person coordinated when it left.
    pub coordinator: Option<PersonId>,
    /// What of it.
    pub filter: Filter,
    /// The accounting of the last six years only.
    pub accounting: bool,
    /// The parent for whom it is made: what went to another parent shows its day and papers only.
    pub reader: Option<PersonId>,
}

/// A person who may not have what they ask for.
#[derive(Debug, thiserror::Error)]
#[error("{person} may not have the record of child {child}: {why}")]
pub struct MayNotInspect {
    person: PersonId,
    child: ChildId,
    why: String,
}

impl Pipeline {
    /// The record, or the part of it that is wanted, in words.
    ///
    /// # Errors
    /// When the reader may not inspect the record, or the database refuses.
    pub async fn report(&self, wanted: &Wanted) -> anyhow::Result<Report> {
        let zone = self.program.time_zone.0;
        let mut report = Report::default();
        if let Some(child) = &wanted.child {
            let rows = self.store.ledger_of(child).await?;
            anyhow::ensure!(
                !rows.is_empty() || self.store.child(child).await.is_ok(),
                "there is no child {child} in the record of access"
            );
            report.add(&rows, zone, &wanted.filter);
        } else {
            let mut after = 0;
            loop {
                let rows = self.store.ledger_between(None, None, after, PAGE).await?;
                let Some(last) = rows.last() else { break };
                after = last.link.seq;
                report.add(&rows, zone, &wanted.filter);
            }
            report.views.clear();
            report.others.clear();
        }
        if let Some(coordinator) = &wanted.coordinator {
            self.keep_coordinated(&mut report, coordinator).await?;
        }
        if wanted.accounting {
            report.account(self.day(), self.program.policy.under_hipaa);
        }
        if let Some(person) = &wanted.reader {
            let child = wanted.child.as_ref().context("a report for a parent is about one child")?;
            let facts = self.child_facts(child).await?;
            may_inspect(&Recipient::family(person), &facts.facts(self, self.now())).map_err(|refusal| {
                MayNotInspect { person: person.clone(), child: child.clone(), why: refusal.to_string() }
            })?;
            report.prepare_for(person);
        }
        Ok(report)
    }

    async fn keep_coordinated(&self, report: &mut Report, coordinator: &PersonId) -> anyhow::Result<()> {
        let children: BTreeSet<String> = report.disclosures.iter().map(|line| line.child.clone()).collect();
        let mut records: BTreeMap<String, CaseRecord> = BTreeMap::new();
        for id in children {
            match self.store.child(&ChildId::parse(id.clone())?).await {
                Ok(row) => drop(records.insert(id, row.record)),
                // A destroyed child has no coordinator on record any more.
                Err(StoreError::NotFound { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        report.disclosures.retain(|line| {
            records.get(&line.child).and_then(|record| record.coordinator_on(line.on)) == Some(coordinator)
        });
        Ok(())
    }

    /// The report on one child as a PDF.
    ///
    /// # Errors
    /// When the record was destroyed, or the paper cannot be made.
    pub async fn report_pdf(&self, child: &ChildId, wanted: &Wanted, report: &Report) -> anyhow::Result<Rendered> {
        let facts = self.child_facts(child).await?;
        let title = match (wanted.accounting, self.program.policy.under_hipaa) {
            (false, _) => "record",
            (true, false) => "accounting",
            (true, true) => "hipaa",
        };
        let view = RecordOfAccessView {
            page: self.page_of_report(&facts, wanted.reader.as_ref())?,
            title: title.to_owned(),
            period: period(&wanted.filter),
            lines: report.disclosures.iter().map(access_line).collect(),
            looks: report.views.iter().map(look_line).collect(),
            others: report.others.iter().map(look_line).collect(),
        };
        Ok(render_report(ReportKind::RecordOfAccess, serde_json::to_vec(&view)?)?)
    }

    /// The page around a report: a parent's, or the program's own.
    pub(super) fn page_of_report(
        &self,
        facts: &ChildFacts,
        reader: Option<&PersonId>,
    ) -> anyhow::Result<crate::document::view::Page> {
        let first = facts.record.family.first().map(|member| &member.person_id);
        let person = reader.or(first).context("the record names no family")?;
        let recipient = Recipient::family(person);
        let sheet = Sheet {
            record: &facts.record,
            directory: &facts.directory,
            rules: self.rules(),
            day: self.day(),
            said: Language::english(),
            mask: &Mask::parent(),
            recipient: &recipient,
            postal: None,
            release: None,
            enclosures: &[],
        };
        Ok(report_page(&sheet, reader.is_none().then(|| self.program.name.as_str()))?)
    }

    /// Records that somebody read the record of access of these children.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn record_reading(&self, children: &BTreeSet<ChildId>, what: &str, by: &str) -> anyhow::Result<()> {
        for child in children {
            let entry = Entry::new(Event::AccessView, child, "viewed", by);
            let detail = Detail {
                address: "this machine".to_owned(),
                ..Detail::said(by, format!("{what} was read or printed."), what)
            };
            match self.store.append(&entry, &detail, self.now()).await {
                // Of a destroyed child only the fact of past disclosures is left: nothing personal was read.
                Ok(_) | Err(StoreError::NotFound { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }
}

fn period(filter: &Filter) -> Option<String> {
    match (filter.from.map(day_in_words), filter.to.map(day_in_words)) {
        (None, None) => None,
        (Some(from), None) => Some(format!("From {from}.")),
        (None, Some(to)) => Some(format!("Through {to}.")),
        (Some(from), Some(to)) => Some(format!("From {from} through {to}.")),
    }
}

fn short(day: NaiveDate) -> String {
    day.format("%b %-d, %Y").to_string()
}

/// "1 page", "7 pages".
pub(super) fn pages(count: u32) -> String {
    if count == 1 { "1 page".to_owned() } else { format!("{count} pages") }
}

fn access_line(line: &Disclosed) -> AccessLine {
    let version = |kind| match line.plan_version {
        Some(version) if kind == DocumentKind::Ifsp => format!(", version {version}"),
        _ => String::new(),
    };
    let hidden = line.recipient == "another parent";
    let later = line.later.iter().map(|later| format!("{}: {}", short(later.on), later.says));
    AccessLine {
        date: short(line.on),
        recipient: line.recipient_name.clone().unwrap_or_else(|| line.recipient.clone()),
        address: line.address.clone(),
        papers: line
            .items
            .iter()
            .map(|item| format!("{}{}, {}", item.title, version(item.kind), pages(item.pages)))
            .collect(),
        why: line.purpose.clone(),
        authority: (!hidden).then(|| line.authority.clone()),
        result: std::iter::once(line.result.clone()).filter(|says| !says.is_empty()).chain(later).collect(),
        uncertain: line.may_have_been_received,
    }
}

fn look_line(line: &Happened) -> LookLine {
    let mut what = line.says.clone();
    if !line.records.is_empty() && !what.contains(&line.records) {
        what = format!("{what} {}", line.records);
    }
    LookLine { date: short(line.on), who: line.who.clone(), what }
}
