//! What somebody asked for: a parent of the program, or the program of a physician or an agency.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Date, EventId, Line, OrganisationId, PersonId};

/// A request, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// The event.
    pub event_id: EventId,
    /// For what.
    pub kind: RequestKind,
    /// The day on which it was asked.
    pub on: Date,
    /// Who asked, in a word or two: `mother`, `speech-language pathologist`, `service coordinator`.
    pub by: Line,
    /// The office that is asked, where it is not the program itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation_id: Option<OrganisationId>,
    /// The person there, where one is meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person_id: Option<PersonId>,
    /// By when it is needed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub needed_by: Option<Date>,
    /// The day on which it was sent to that office by another way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_on: Option<Date>,
    /// The day on which it was answered or done: the record shown, the report or certification received.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done_on: Option<Date>,
}

/// What may be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RequestKind {
    /// A review of the plan before it is due (34 CFR 303.342(b)(1)).
    Review,
    /// To see the record (34 CFR 303.405(a)).
    RecordInspection,
    /// A physician's certification or order.
    PhysicianCertification,
    /// An agency's progress report before a review.
    ProgressReport,
}
