//! What an entry says. The body holds ids and hashes only; names stand in the detail, under the child's key.

use serde::{Deserialize, Serialize};

use crate::{
    case::{ChildId, EndpointId, Recipient, RecordClass, ReleaseId},
    due::{DocumentKind, ObligationKind},
};

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// Bytes left, or may have left.
    Disclosure,
    /// Something learned later about an earlier entry.
    Outcome,
    /// A person looked at a child's paper here (303.406 counts access, not only sending).
    AccessView,
}

/// A paper of an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryItem {
    /// Which.
    pub document: DocumentKind,
    /// SHA-256 of the exact bytes, in hex.
    pub sha256: String,
    /// Pages.
    pub pages: u32,
}

/// The chained part of an entry: exactly one child (303.407).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Version of this shape.
    pub v: u8,
    /// What happened.
    pub event: Event,
    /// Whose record.
    pub child: ChildId,
    /// The earlier entry, for an outcome.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about_seq: Option<i64>,
    /// The dispatch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dispatch: Option<String>,
    /// The attempt, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempt: Option<i64>,
    /// The duty that it serves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub obligation: Option<ObligationKind>,
    /// To whom.
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
    /// The papers.
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
    /// Exempt from the record of 303.406: a parent's own copy.
    pub exempt_303_406: bool,
    /// SHA-256 that binds the detail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

/// A release in an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryRelease {
    /// Which.
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
    /// What was sent: "Plan version 3 of 2026-05-05, 14 pages".
    pub records: String,
    /// The next hand's full answer.
    pub evidence: crate::dispatch::Evidence,
}
