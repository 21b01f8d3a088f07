//! What an entry says. The body holds ids and hashes only; names stand in the detail, under the child's key.

use serde::{Deserialize, Serialize};

use super::{event::Event, exemptions::Exempt};
use crate::{
    case::{ChildId, EndpointId, IfspId, Recipient, RecordClass, ReleaseId},
    dispatch::RenderedItem,
    due::{ObligationKind, PaperKind, Subject},
};

/// The present version of an entry's shape. Version 1 lacks what has a default here.
pub const ENTRY_VERSION: u8 = 2;

/// The class of records that a child's papers and these entries belong to; its term is data of the state profile.
pub const RECORD_CLASS: &str = "early-intervention-record";

/// A paper of an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryItem {
    pub document: PaperKind,
    /// SHA-256 of the exact bytes, in hex.
    pub sha256: String,
    pub pages: u32,
    /// The language of the copy, where it is not English.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Name of the stored paper: a keyed hash that tells nothing. None for what is not kept, such as a preview.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
}

impl From<&RenderedItem> for EntryItem {
    fn from(item: &RenderedItem) -> Self {
        Self {
            document: item.document,
            sha256: item.sha256.clone(),
            pages: item.pages,
            language: item.language.clone(),
            body: Some(item.body.clone()),
        }
    }
}

/// The version of a plan that the papers are about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryPlan {
    pub ifsp_id: IfspId,
    pub version: u32,
}

impl EntryPlan {
    /// The plan of a subject, where it is about one.
    #[must_use]
    pub fn of(subject: &Subject) -> Option<Self> {
        match subject {
            Subject::Plan { ifsp_id, version } | Subject::Lines { ifsp_id, version, .. } => {
                Some(Self { ifsp_id: ifsp_id.clone(), version: *version })
            }
            _ => None,
        }
    }
}

/// Whether a parent's statement of disagreement went along (34 CFR 303.412(c)).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StatementIncluded {
    /// There is none about what the papers hold.
    #[default]
    NotApplicable,
    /// It is printed with the contested part.
    Included,
}

/// How much a destruction removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryDestroyed {
    pub papers: i64,
    /// Rows, personal parts of entries among them.
    pub rows: i64,
}

/// A request, an incident or another matter with a beginning and an end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryMatter {
    pub id: String,
    /// Which kind: `access`, `amendment`, `wrong_recipient`.
    pub kind: String,
    /// The day on which it came or was found out.
    pub on: String,
    /// The last day for the answer, where a rule sets one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<String>,
}

/// The chained part of an entry: exactly one child (303.407).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Version of this shape.
    pub v: u8,
    pub event: Event,
    pub child: ChildId,
    /// The earlier entry, for an outcome.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about_seq: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dispatch: Option<String>,
    /// The attempt, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempt: Option<i64>,
    /// The duty that it serves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub obligation: Option<ObligationKind>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recipient: Option<Recipient>,
    /// By which endpoint.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<EndpointId>,
    /// By which channel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
    /// On what it rests: `PARENT_COPY`, `PARTICIPATING_AGENCY`, `CONSENT`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<String>,
    /// The release, with what it covered at that instant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release: Option<EntryRelease>,
    /// When the gate decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_at: Option<String>,
    /// When it happened, where a person said so later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub happened_at: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<EntryItem>,
    /// Classes of the record that the copy held.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub classes: Vec<RecordClass>,
    /// Version of the template set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template_version: Option<String>,
    /// Version of the redisclosure notice; none for a parent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redisclosure_notice: Option<String>,
    /// `accepted`, `unknown`, `mailed`, `given`, `refused-after-body`, `returned`.
    pub outcome: String,
    /// The person or service account that released it.
    pub released_by: String,
    /// The person who approved of it, where one was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approved_by: Option<String>,
    /// The version of the plan that the papers are about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<EntryPlan>,
    /// Whether a parent's statement of disagreement went along.
    #[serde(default)]
    pub amendment_statement: StatementIncluded,
    /// Authorities that the recipient may pass it on to (34 CFR 99.32(a)(1)); none without a law that says so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub further_redisclosure_to: Vec<String>,
    /// What recurs to one recipient for one purpose (45 CFR 164.528(b)(3)): a report may tell it in one line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub series: Option<String>,
    /// What is kept back: `release rel-1`, `order order-12`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// The request that it answers, or the matter that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matter: Option<EntryMatter>,
    /// How much was destroyed, for a certificate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub destroyed: Option<EntryDestroyed>,
    /// Keys of the items.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub item_keys: Vec<String>,
    /// Hash of the facts that the papers were made from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made_from: Option<String>,
    /// The run that made the dispatch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<String>,
    /// The class by whose term the record is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retention: Option<String>,
    /// Exempt from the record of 303.406: a parent's own copy. Kept since version 1.
    #[serde(default)]
    pub exempt_303_406: bool,
    /// Exempt from the record of 34 CFR 99.32.
    #[serde(default)]
    pub exempt_99_32: bool,
    /// Exempt from the accounting of 45 CFR 164.528.
    #[serde(default)]
    pub exempt_164_528: bool,
    /// SHA-256 that binds the detail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

impl Entry {
    /// An entry that says who did what with whose record, and nothing else yet.
    #[must_use]
    pub fn new(event: Event, child: &ChildId, outcome: &str, by: &str) -> Self {
        Self {
            v: ENTRY_VERSION,
            event,
            child: child.clone(),
            about_seq: None,
            dispatch: None,
            attempt: None,
            obligation: None,
            recipient: None,
            endpoint: None,
            channel: None,
            basis: None,
            release: None,
            decided_at: None,
            happened_at: None,
            items: Vec::new(),
            classes: Vec::new(),
            template_version: None,
            redisclosure_notice: None,
            outcome: outcome.to_owned(),
            released_by: by.to_owned(),
            approved_by: None,
            plan: None,
            amendment_statement: StatementIncluded::default(),
            further_redisclosure_to: Vec::new(),
            series: None,
            about: None,
            matter: None,
            destroyed: None,
            item_keys: Vec::new(),
            made_from: None,
            run: None,
            retention: Some(RECORD_CLASS.to_owned()),
            exempt_303_406: false,
            exempt_99_32: false,
            exempt_164_528: false,
            detail: None,
        }
        .with_exemptions()
    }

    /// The same with its exemptions computed from event and basis.
    #[must_use]
    pub fn with_exemptions(mut self) -> Self {
        let exempt = Exempt::of(self.event, self.basis.as_deref());
        self.exempt_303_406 = exempt.cfr_303_406;
        self.exempt_99_32 = exempt.cfr_99_32;
        self.exempt_164_528 = exempt.cfr_164_528;
        self
    }
}

/// A release in an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryRelease {
    pub id: ReleaseId,
    /// What it covered.
    pub classes: Vec<RecordClass>,
    /// Its last day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_on: Option<String>,
}

/// The personal part of an entry, stored encrypted under the child's key so that destruction stays possible.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Detail {
    /// Recipient's name and office as known on that day.
    pub recipient_name: String,
    /// The exact address used.
    pub address: String,
    /// Purpose, in a sentence that a parent can read.
    pub purpose: String,
    /// The interest of 34 CFR 99.32(a)(3), where it is said otherwise than the purpose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub legitimate_interest: Option<String>,
    /// The threat to health or safety, for an emergency (34 CFR 99.32(a)(5)).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub emergency_threat: Option<String>,
    /// What was sent: "Plan version 3 of 2026-05-05, 14 pages".
    pub records: String,
    /// The next hand's full answer.
    pub evidence: crate::dispatch::Evidence,
}

impl Detail {
    /// What a person did or said, for an entry that is no disclosure.
    #[must_use]
    pub fn said(by: &str, purpose: impl Into<String>, records: impl Into<String>) -> Self {
        Self {
            recipient_name: by.to_owned(),
            address: String::new(),
            purpose: purpose.into(),
            legitimate_interest: None,
            emergency_threat: None,
            records: records.into(),
            evidence: crate::dispatch::Evidence::default(),
        }
    }
}
