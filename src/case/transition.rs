//! The transition at three (34 CFR 303.209).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Date, EventId, Line, Prose};

/// What is recorded about the transition at three (34 CFR 303.209).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Transition {
    /// Whether the child may be eligible for preschool special education (Part B); absent is undecided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub may_be_eligible_for_part_b: Option<bool>,
    /// The day on which the plan's transition steps were established.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan_on: Option<Date>,
    /// The conference, where it is arranged or has been held.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conference: Option<Conference>,
    /// The day on which the parents were told what will be sent to the district, and how to object (303.401(e)).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parents_told_on: Option<Date>,
    /// The day on which the limited notice went to the district by another way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice_sent_on: Option<Date>,
    /// A parent's written objection to the notice, where the state lets parents opt out (303.401(e)).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice_objection_on: Option<Date>,
    /// Questions or wishes of the family, for the packet.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub family_questions: Vec<Line>,
    /// Programs in the community that the family may look at.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<TransitionOption>,
}

/// The transition conference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Conference {
    /// The event.
    pub event_id: EventId,
    /// Whether the family approved of it.
    pub approved: bool,
    /// The day; absent until it is arranged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<Date>,
    /// Time and place in one line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Line>,
    /// Who is invited.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub invited: Vec<Line>,
    /// Whether it was held.
    #[serde(default)]
    pub held: bool,
}

/// A program that the family may look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TransitionOption {
    /// Name.
    pub name: Line,
    /// What it is, in a sentence.
    pub about: Prose,
    /// Telephone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub telephone: Option<Line>,
}

/// To what a parent objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ObjectionTo {
    /// The limited notice to the school district and the state education agency (34 CFR 303.401(d), (e)).
    LimitedNotice,
}

/// An objection as it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Objection {
    pub to: ObjectionTo,
    pub written: bool,
    pub on: Date,
}
