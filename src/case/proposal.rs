//! What the program proposes or refuses to do (34 CFR 303.421(a)).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Date, EventId, Line, Prose, ServiceLineId};

/// A proposal or refusal to begin or change identification, evaluation, placement or a service. Parents get a prior
/// written notice a reasonable time before it (34 CFR 303.421).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Proposal {
    /// The event.
    pub event_id: EventId,
    /// The day on which the program decided to propose or refuse it.
    pub decided_on: Date,
    /// What the program means to do, or will not do.
    pub action: ProposedAction,
    /// About which of the four matters of the rule.
    pub matter: ProposedMatter,
    /// The service line it is about, where it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_line_id: Option<ServiceLineId>,
    /// What exactly, in one plain sentence: `Add physical therapy once a week at home.`
    pub what: Line,
    /// Why, in plain words for the family (303.421(b)(2)).
    pub reasons: Prose,
    /// The day on which it would take effect; absent for a refusal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_on: Option<Date>,
    /// The day on which the notice was given by another way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice_given_on: Option<Date>,
    /// The day on which the proposal was taken back; no notice is owed any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn_on: Option<Date>,
}

/// What the program means to do, or will not do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProposedAction {
    /// Begin it.
    Begin,
    /// Change it.
    Change,
    /// End it.
    End,
    /// Not begin what the parent asked for.
    RefuseToBegin,
    /// Not change what the parent asked to be changed.
    RefuseToChange,
}

impl ProposedAction {
    /// Whether it is a refusal.
    #[must_use]
    pub fn refuses(self) -> bool {
        matches!(self, Self::RefuseToBegin | Self::RefuseToChange)
    }
}

/// The matters of 34 CFR 303.421(a).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProposedMatter {
    /// Identification: whether the child is eligible.
    Identification,
    /// Evaluation.
    Evaluation,
    /// Placement.
    Placement,
    /// A service.
    Service,
}
