//! The record in plain words: what left with whom, when, why, on what authority, with what result; who looked;
//! what was asked and refused.
//!
//! Bytes that left count. What came back, was refused after it had left or got no answer stands here as
//! "may have been received", with its day and pages.

use chrono::{Months, NaiveDate};
use chrono_tz::Tz;
use serde::Serialize;

use super::{
    chain::Link,
    entry::{Detail, Entry, Event, StatementIncluded},
};
use crate::{
    case::{PersonId, Recipient},
    clock::parse_instant,
    due::DocumentKind,
};

/// How far back an accounting of disclosures reaches (45 CFR 164.528(a)(1)): six years.
const ACCOUNTING_MONTHS: u32 = 72;

/// An entry with its personal part, for a person's eyes.
#[derive(Debug, Clone)]
pub struct LedgerRow {
    /// The stored link.
    pub link: Link,
    /// The entry.
    pub entry: Entry,
    /// The personal part, unless it was destroyed.
    pub detail: Option<Detail>,
}

/// A paper that left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReportItem {
    /// Which paper.
    pub kind: DocumentKind,
    /// Its title.
    pub title: &'static str,
    /// Pages.
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

/// One disclosure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "three laws exempt independently, and each column says yes or no")]
pub struct Disclosed {
    /// The entry.
    pub seq: i64,
    /// The instant, UTC.
    pub at: String,
    /// The day, in the program's zone.
    pub on: NaiveDate,
    /// Whose record.
    pub child: String,
    /// The dispatch.
    pub dispatch: Option<String>,
    /// The recipient's id.
    pub recipient: String,
    /// Name and office as known on that day; none after a destruction.
    pub recipient_name: Option<String>,
    /// The exact address used.
    pub address: Option<String>,
    /// Why.
    pub purpose: Option<String>,
    /// The interest that the recipient had in it.
    pub legitimate_interest: Option<String>,
    /// The threat, for an emergency.
    pub emergency_threat: Option<String>,
    /// The papers.
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
    /// The entry.
    pub seq: i64,
    /// The day, in the program's zone.
    pub on: NaiveDate,
    /// Which kind.
    pub event: Event,
    /// Who.
    pub who: String,
    /// What, in a sentence.
    pub says: String,
    /// What it was about.
    pub records: String,
    /// Pages looked at.
    pub pages: u32,
    /// Whom it concerns, where it is somebody's: who asked, to whom it went.
    pub recipient: Option<String>,
}

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

/// What of the record is wanted. An empty filter wants all of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// To this recipient, or to anybody of this office.
    pub recipient: Option<Recipient>,
    /// From this day on.
    pub from: Option<NaiveDate>,
    /// Through this day.
    pub to: Option<NaiveDate>,
    /// With this paper.
    pub document: Option<DocumentKind>,
    /// About this version of a plan.
    pub version: Option<u32>,
}

impl Filter {
    fn in_time(&self, on: NaiveDate) -> bool {
        self.from.is_none_or(|from| from <= on) && self.to.is_none_or(|to| on <= to)
    }

    /// Whether a disclosure is wanted.
    #[must_use]
    pub fn wants(&self, line: &Disclosed) -> bool {
        let recipient = self.recipient.as_ref().is_none_or(|wanted| {
            let wanted = wanted.to_string();
            line.recipient == wanted || line.recipient.starts_with(&format!("{wanted}/"))
        });
        recipient
            && self.in_time(line.on)
            && self.document.is_none_or(|kind| line.items.iter().any(|item| item.kind == kind))
            && self.version.is_none_or(|version| line.plan_version == Some(version))
    }
}

fn day(at: &str, zone: Tz) -> NaiveDate {
    // What this program wrote can be read; a day that cannot be is shown as the first of all days, never hidden.
    parse_instant(at).map_or(NaiveDate::MIN, |at| at.with_timezone(&zone).date_naive())
}

/// What became of it when it left.
fn result(outcome: &str, channel: Option<&str>) -> (String, bool) {
    let says = match (outcome, channel) {
        ("accepted", Some("folder")) => "It was written to a folder on our own machine; nothing left it.",
        ("accepted", Some("smtp")) => "Our mail server accepted it for delivery.",
        ("accepted", Some("fax")) => "The fax line accepted it.",
        ("accepted", _) => "The next carrier accepted it.",
        ("mailed", _) => "It was put into the mail.",
        ("given", _) => "It was given by hand.",
        ("unknown", _) => return ("It may have been received: it left, and no answer came.".to_owned(), true),
        ("refused-after-body", _) => {
            return ("It may have been received: the other side refused it after it had left.".to_owned(), true);
        }
        ("partly-sent", _) => return ("It may have been received in part: the sending broke off.".to_owned(), true),
        (other, _) => return (format!("It is recorded as: {other}."), true),
    };
    (says.to_owned(), false)
}

/// What was learned later, and whether it makes the receipt uncertain.
fn later(entry: &Entry, detail: Option<&Detail>) -> (String, bool) {
    let said = detail.map(|d| d.purpose.as_str()).filter(|says| !says.is_empty());
    match (entry.event, entry.outcome.as_str()) {
        (Event::Correction, _) => (format!("Corrected: {}", said.unwrap_or("what it says is wrong.")), false),
        (Event::Recall, _) => ("We asked for it back. It may have been received.".to_owned(), true),
        (Event::Incident, "prevented") => ("It was stopped before it left.".to_owned(), false),
        (Event::Incident, _) => ("It was found to have gone wrong. It may have been received.".to_owned(), true),
        (_, "returned") => ("It came back. It may have been received.".to_owned(), true),
        (_, "confirmed" | "arrived") => ("It was confirmed that it arrived.".to_owned(), false),
        (_, "not-arrived") => ("It is said not to have arrived. It may have been received.".to_owned(), true),
        (_, other) => (said.map_or_else(|| format!("It is recorded as: {other}."), ToOwned::to_owned), false),
    }
}

/// On what authority, in words that a parent knows.
#[must_use]
pub fn authority(entry: &Entry) -> String {
    match entry.basis.as_deref() {
        Some("PARENT_COPY") => "A parent's own right to the record (34 CFR 303.405, 303.409)".to_owned(),
        Some("PARTICIPATING_AGENCY") => "Gives services on the plan (34 CFR 303.403, 303.414(b))".to_owned(),
        Some("CONSENT") => match &entry.release {
            Some(release) => match &release.expires_on {
                Some(until) => {
                    format!("Parent's signed release {}, valid through {until} (34 CFR 303.414)", release.id)
                }
                None => format!("Parent's signed release {} (34 CFR 303.414)", release.id),
            },
            None => "Parent's signed release (34 CFR 303.414)".to_owned(),
        },
        Some("LEA_LIMITED_NOTICE") => "Notice to the school district (34 CFR 303.209(b), 303.401(d))".to_owned(),
        Some("COURT_ORDER") => "A court's order (34 CFR 99.31(a)(9))".to_owned(),
        Some("EMERGENCY") => "A health or safety emergency (34 CFR 99.36)".to_owned(),
        Some(other) => other.to_lowercase().replace('_', " "),
        None => "Not recorded: the attempt was lost".to_owned(),
    }
}

fn disclosed(row: &LedgerRow, zone: Tz) -> Disclosed {
    let LedgerRow { link, entry, detail } = row;
    let (result, uncertain) = result(&entry.outcome, entry.channel.as_deref());
    Disclosed {
        seq: link.seq,
        at: link.at.clone(),
        on: day(&link.at, zone),
        child: entry.child.to_string(),
        dispatch: entry.dispatch.clone(),
        recipient: entry.recipient.as_ref().map(ToString::to_string).unwrap_or_default(),
        recipient_name: detail.as_ref().map(|d| d.recipient_name.clone()),
        address: detail.as_ref().map(|d| d.address.clone()),
        purpose: detail.as_ref().map(|d| d.purpose.clone()),
        legitimate_interest: detail.as_ref().and_then(|d| d.legitimate_interest.clone()),
        emergency_threat: detail.as_ref().and_then(|d| d.emergency_threat.clone()),
        items: entry
            .items
            .iter()
            .map(|item| ReportItem {
                kind: item.document,
                title: item.document.title(),
                pages: item.pages,
                sha256: item.sha256.clone(),
            })
            .collect(),
        plan_version: entry.plan.as_ref().map(|plan| plan.version),
        basis: entry.basis.clone().unwrap_or_default(),
        authority: authority(entry),
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
        released_by: entry.released_by.clone(),
        approved_by: entry.approved_by.clone(),
    }
}

fn happened(row: &LedgerRow, zone: Tz) -> Happened {
    let detail = row.detail.as_ref();
    let destroyed = || "(destroyed)".to_owned();
    Happened {
        seq: row.link.seq,
        on: day(&row.link.at, zone),
        event: row.entry.event,
        who: row.entry.released_by.clone(),
        says: match row.entry.detail {
            Some(_) => detail.map_or_else(destroyed, |d| d.purpose.clone()),
            None => row.entry.outcome.clone(),
        },
        records: detail.map_or_else(String::new, |d| d.records.clone()),
        pages: row.entry.items.iter().map(|item| item.pages).sum(),
        recipient: row.entry.recipient.as_ref().map(ToString::to_string),
    }
}

impl Report {
    /// Puts further entries, oldest first, into words, as far as the filter wants them. What was learned later
    /// belongs to a disclosure that is wanted whenever it was learned.
    pub fn add(&mut self, rows: &[LedgerRow], zone: Tz, filter: &Filter) {
        for row in rows {
            match row.entry.event {
                Event::Disclosure => {
                    let line = disclosed(row, zone);
                    if filter.wants(&line) {
                        self.disclosures.push(line);
                    }
                }
                Event::AccessView => {
                    self.views.extend(Some(happened(row, zone)).filter(|line| filter.in_time(line.on)));
                }
                Event::Outcome => self.learn(row, zone),
                Event::Correction | Event::Recall | Event::Incident => {
                    self.learn(row, zone);
                    self.others.extend(Some(happened(row, zone)).filter(|line| filter.in_time(line.on)));
                }
                Event::Request | Event::Refusal | Event::Note | Event::Destruction | Event::Certificate => {
                    self.others.extend(Some(happened(row, zone)).filter(|line| filter.in_time(line.on)));
                }
            }
        }
    }

    /// Something learned later belongs to the disclosure that it names, or to the last one of its dispatch.
    fn learn(&mut self, row: &LedgerRow, zone: Tz) {
        let entry = &row.entry;
        let by_seq = entry.about_seq.and_then(|seq| self.disclosures.iter().position(|line| line.seq == seq));
        let by_dispatch =
            || self.disclosures.iter().rposition(|line| line.dispatch.is_some() && line.dispatch == entry.dispatch);
        if let Some(place) = by_seq.or_else(by_dispatch) {
            let (says, uncertain) = later(entry, row.detail.as_ref());
            let line = &mut self.disclosures[place];
            line.may_have_been_received |= uncertain;
            line.later.push(Later { on: day(&row.link.at, zone), says });
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

    /// Prepares the record for one parent: what went to another member of the family shows its day and its
    /// papers only, and what another member asked for is left out.
    pub fn prepare_for(&mut self, person: &PersonId) {
        let own = Recipient::family(person).to_string();
        self.others.retain(|line| line.recipient.as_ref().is_none_or(|to| *to == own || !to.starts_with("family:")));
        for line in &mut self.disclosures {
            if line.recipient.starts_with("family:") && line.recipient != own {
                "another parent".clone_into(&mut line.recipient);
                line.recipient_name = Some("Another parent".to_owned());
                line.address = None;
                line.purpose = None;
                line.legitimate_interest = None;
                line.result.clear();
                line.later.clear();
                line.may_have_been_received = false;
            }
        }
    }

    /// The disclosures as CSV, safe to open in a spreadsheet.
    #[must_use]
    pub fn csv(&self) -> String {
        let head = [
            "entry",
            "date",
            "instant_utc",
            "child",
            "recipient",
            "recipient_name",
            "address",
            "documents",
            "pages",
            "plan_version",
            "purpose",
            "basis",
            "authority",
            "channel",
            "result",
            "may_have_been_received",
            "later",
            "redisclosure_notice",
            "exempt_303_406",
            "exempt_99_32",
            "exempt_164_528",
            "sha256",
            "dispatch",
            "released_by",
        ];
        let mut out = head.join(",") + "\r\n";
        for line in &self.disclosures {
            let join = |f: &dyn Fn(&ReportItem) -> String| line.items.iter().map(f).collect::<Vec<_>>().join("; ");
            let text = |value: &Option<String>| value.clone().unwrap_or_default();
            let yes = |value: bool| if value { "yes" } else { "no" }.to_owned();
            let cells = [
                line.seq.to_string(),
                line.on.to_string(),
                line.at.clone(),
                line.child.clone(),
                line.recipient.clone(),
                line.recipient_name.clone().unwrap_or_else(|| "(destroyed)".to_owned()),
                text(&line.address),
                join(&|item| item.title.to_owned()),
                line.items.iter().map(|item| item.pages).sum::<u32>().to_string(),
                line.plan_version.map(|v| v.to_string()).unwrap_or_default(),
                text(&line.purpose),
                line.basis.clone(),
                line.authority.clone(),
                text(&line.channel),
                line.result.clone(),
                yes(line.may_have_been_received),
                line.later.iter().map(|l| format!("{}: {}", l.on, l.says)).collect::<Vec<_>>().join(" "),
                text(&line.redisclosure_notice),
                yes(line.exempt_303_406),
                yes(line.exempt_99_32),
                yes(line.exempt_164_528),
                join(&|item| item.sha256.clone()),
                text(&line.dispatch),
                line.released_by.clone(),
            ];
            out += &cells.map(|cell| csv_cell(&cell)).join(",");
            out += "\r\n";
        }
        out
    }
}

/// A cell of a CSV file that no spreadsheet takes for a formula.
#[must_use]
pub fn csv_cell(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let safe = if formula { format!("'{text}") } else { text.to_owned() };
    if safe.contains(['"', ',', '\n', '\r']) { format!("\"{}\"", safe.replace('"', "\"\"")) } else { safe }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{case::ChildId, ledger::GENESIS};

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
        report.add(rows, chrono_tz::America::New_York, &Filter::default());
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
        report.prepare_for(&PersonId::parse("p-2").unwrap());
        let line = &report.disclosures[0];
        assert_eq!((line.recipient_name.as_deref(), line.address.as_deref()), (Some("Another parent"), None));
        assert_eq!((line.purpose.as_deref(), line.result.as_str()), (None, ""));
    }

    #[test]
    fn no_cell_is_a_formula() {
        for (text, cell) in [
            ("=1+1", "'=1+1"),
            ("+1 757", "'+1 757"),
            ("-2", "'-2"),
            ("@x", "'@x"),
            ("\tx", "'\tx"),
            ("\rx", "\"'\rx\""),
            ("a,\"b\"", "\"a,\"\"b\"\"\""),
            ("plain", "plain"),
        ] {
            assert_eq!(csv_cell(text), cell);
        }
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
