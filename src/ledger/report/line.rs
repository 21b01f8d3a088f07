//! The lines of a report: what left, and what else happened.

use chrono::NaiveDate;
use chrono_tz::Tz;
use serde::Serialize;

use super::words::{Telling, authority, purpose, result};
use crate::{
    actor::RecordedActor,
    clock::{day_in, parse_instant},
    due::PaperKind,
    ledger::{entry::StatementIncluded, event::Event, row::LedgerRow},
};

/// A paper that left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReportItem {
    pub kind: PaperKind,
    /// Its title, in the reader's language.
    pub title: String,
    pub pages: u32,
    /// SHA-256 of the exact bytes.
    pub sha256: String,
}

/// Something learned later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Later {
    /// The day, in the program's zone.
    pub on: NaiveDate,
    /// What, in a sentence.
    pub says: String,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "three laws exempt independently, and each column says yes or no")]
pub struct Disclosed {
    pub seq: i64,
    /// The instant, UTC.
    pub at: String,
    /// The day, in the program's zone.
    pub on: NaiveDate,
    pub child: String,
    pub dispatch: Option<String>,
    /// The recipient's id.
    pub recipient: String,
    /// Whether it went to another parent than the reader: then only its day and papers are told.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub another_parent: bool,
    /// Name and office as known on that day; none after a destruction.
    pub recipient_name: Option<String>,
    /// The exact address used.
    pub address: Option<String>,
    pub purpose: Option<String>,
    /// The interest that the recipient had in it.
    pub legitimate_interest: Option<String>,
    /// The threat, for an emergency.
    pub emergency_threat: Option<String>,
    pub items: Vec<ReportItem>,
    /// The version of the plan that they are about.
    pub plan_version: Option<u32>,
    /// Code of what it rests on.
    pub basis: String,
    /// The same in words.
    pub authority: String,
    /// By which channel.
    pub channel: Option<String>,
    /// What became of it, in sentences.
    pub result: String,
    /// Whether bytes left and nobody knows for certain that they stayed away.
    pub may_have_been_received: bool,
    /// What was learned later.
    pub later: Vec<Later>,
    /// Version of the redisclosure notice.
    pub redisclosure_notice: Option<String>,
    /// Version of the templates.
    pub template_version: Option<String>,
    /// Whether a parent's statement of disagreement went along.
    pub statement_included: bool,
    /// Exempt from 34 CFR 303.406.
    pub exempt_303_406: bool,
    /// Exempt from 34 CFR 99.32.
    pub exempt_99_32: bool,
    /// Exempt from 45 CFR 164.528.
    pub exempt_164_528: bool,
    /// What recurs to one recipient for one purpose.
    pub series: Option<String>,
    /// Who released it.
    pub released_by: String,
    /// Who approved of it.
    pub approved_by: Option<String>,
}

/// Something else that is in the record: a look, a request, a refusal, an incident.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Happened {
    pub seq: i64,
    /// The day, in the program's zone.
    pub on: NaiveDate,
    pub event: Event,
    pub who: String,
    /// The kind and the id of who it was, where they are known.
    #[serde(skip)]
    pub actor: Option<String>,
    /// What, in a sentence.
    pub says: String,
    /// What it was about.
    pub records: String,
    /// Titles of the papers looked at, in the reader's language.
    pub papers: Vec<String>,
    /// Pages looked at.
    pub pages: u32,
    /// Whom it concerns, where it is somebody's: who asked, to whom it went.
    pub recipient: Option<String>,
}

/// The day of an instant, in the program's zone.
pub(super) fn day(at: &str, zone: Tz) -> NaiveDate {
    // What this program wrote can be read; a day that cannot be is shown as the first of all days, never hidden.
    parse_instant(at).map_or(NaiveDate::MIN, |at| day_in(zone, at))
}

/// The line of a disclosure.
pub(super) fn disclosed(row: &LedgerRow, telling: &Telling<'_>) -> Disclosed {
    let LedgerRow { link, entry, detail } = row;
    let (result, uncertain) = result(&entry.outcome, entry.channel.as_deref(), telling.said);
    Disclosed {
        seq: link.seq,
        at: link.at.clone(),
        on: day(entry.happened_at.as_deref().unwrap_or(&link.at), telling.zone),
        child: entry.child.to_string(),
        dispatch: entry.dispatch.clone(),
        recipient: entry.recipient.as_ref().map(ToString::to_string).unwrap_or_default(),
        another_parent: false,
        recipient_name: detail.as_ref().map(|d| d.recipient_name.clone()),
        address: detail.as_ref().map(|d| d.address.clone()),
        purpose: detail.as_ref().map(|d| purpose(entry, d, telling.said)),
        legitimate_interest: detail.as_ref().and_then(|d| d.legitimate_interest.clone()),
        emergency_threat: detail.as_ref().and_then(|d| d.emergency_threat.clone()),
        items: entry
            .items
            .iter()
            .map(|item| ReportItem {
                kind: item.document,
                title: telling.said.word("paper", &item.document),
                pages: item.pages,
                sha256: item.sha256.clone(),
            })
            .collect(),
        plan_version: entry.plan.as_ref().map(|plan| plan.version),
        basis: entry.basis.clone().unwrap_or_default(),
        authority: authority(entry, telling.said),
        channel: entry.channel.clone(),
        result,
        may_have_been_received: uncertain,
        later: Vec::new(),
        redisclosure_notice: entry.redisclosure_notice.clone(),
        template_version: entry.template_version.clone(),
        statement_included: entry.amendment_statement == StatementIncluded::Included,
        exempt_303_406: entry.exempt_303_406,
        exempt_99_32: entry.exempt_99_32,
        exempt_164_528: entry.exempt_164_528,
        series: entry.series.clone(),
        released_by: RecordedActor::parse(&entry.released_by).shown(),
        approved_by: entry.approved_by.as_ref().map(|by| RecordedActor::parse(by).shown()),
    }
}

/// The line of anything else.
pub(super) fn happened(row: &LedgerRow, telling: &Telling<'_>) -> Happened {
    let detail = row.detail.as_ref();
    let destroyed = || "(destroyed)".to_owned();
    Happened {
        seq: row.link.seq,
        on: day(&row.link.at, telling.zone),
        event: row.entry.event,
        who: RecordedActor::parse(&row.entry.released_by).shown(),
        actor: RecordedActor::parse(&row.entry.released_by).id().map(ToOwned::to_owned),
        says: match row.entry.detail {
            Some(_) => detail.map_or_else(destroyed, |d| d.purpose.clone()),
            None => row.entry.outcome.clone(),
        },
        records: detail.map_or_else(String::new, |d| d.records.clone()),
        papers: row.entry.items.iter().map(|item| telling.said.word("paper", &item.document)).collect(),
        pages: row.entry.items.iter().map(|item| item.pages).sum(),
        recipient: row.entry.recipient.as_ref().map(ToString::to_string),
    }
}
