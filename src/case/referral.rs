//! How a child came to the program, and the days that its clock does not count.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Date, EventId, Line, OrganisationId};

/// A referral; its receipt is day 0 of the 45 (34 CFR 303.310(a)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Referral {
    /// The event.
    pub event_id: EventId,
    /// The day of receipt.
    pub received_on: Date,
    /// Who referred, in a word or two.
    pub source: Line,
    /// The office that referred. Referring gives it no right to records.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_organisation: Option<OrganisationId>,
    /// First contact with the family.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_contact_on: Option<Date>,
    /// Calendar days that do not count towards the 45 (303.310(b)), each span with its documented reason.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub excused: Vec<ExcusedSpan>,
}

/// A span in which the 45-day clock stands still (34 CFR 303.310(b)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExcusedSpan {
    /// The event.
    pub event_id: EventId,
    /// First calendar day that does not count.
    pub from: Date,
    /// Last calendar day that does not count; absent while the reason lasts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Date>,
    /// Why.
    pub reason: ExcuseReason,
    /// The note that documents it: a contact of this record, or a paper on file in a few words.
    pub note: Line,
}

/// Why calendar days do not count towards the 45: a closed list, as the rule has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ExcuseReason {
    /// Child or parent is unavailable for exceptional family circumstances (303.310(b)(1)).
    FamilyCircumstances,
    /// The parent has not consented despite documented, repeated attempts (303.310(b)(2)).
    NoConsentDespiteAttempts,
}

/// Whether two spans share a day; a span without an end goes on.
#[must_use]
pub fn overlapping(a: &ExcusedSpan, b: &ExcusedSpan) -> bool {
    a.to.is_none_or(|to| b.from <= to) && b.to.is_none_or(|to| a.from <= to)
}
