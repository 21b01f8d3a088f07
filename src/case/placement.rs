//! With whom the child lives, and the caseworkers who answer for a child in the state's care.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Date, Line, OrganisationId, PersonId};

/// A time in which the child lives with somebody other than a parent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Placement {
    /// With whom, a person of the family: a foster parent, a relative.
    pub person_id: PersonId,
    /// First day.
    pub from: Date,
    /// Last day, included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Date>,
    /// The child-welfare agency's word that others may know of this home: absent, its names, addresses, numbers and the
    /// places of visits stand in no copy but those of the team, the caseworker and the home itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub may_be_known: Option<AgencyWord>,
}

/// What a child-welfare agency said about a home: by whom, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AgencyWord {
    /// The person of the agency, a professional of the directory.
    pub said_by: PersonId,
    /// The day.
    pub on: Date,
}

impl Placement {
    /// Whether the child lives there on this day.
    #[must_use]
    pub fn holds_on(&self, day: chrono::NaiveDate) -> bool {
        *self.from <= day && self.to.is_none_or(|to| day <= *to)
    }
}

/// A caseworker of a child-welfare agency. Without legal responsibility and access to the case plan the agency has
/// no right to the record of this child (20 USC 1232g(b)(1)(L)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Caseworker {
    /// The agency.
    pub organisation_id: OrganisationId,
    /// The caseworker, a professional of the directory.
    pub person_id: PersonId,
    /// The paper by which the agency is legally responsible for this child.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub legal_responsibility: Option<Line>,
    /// Whether the caseworker has access to the child's case plan.
    #[serde(default)]
    pub case_plan_access: bool,
    /// First day.
    pub from: Date,
    /// Last day, included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Date>,
}

impl Caseworker {
    /// Whether the role holds on this day.
    #[must_use]
    pub fn holds_on(&self, day: chrono::NaiveDate) -> bool {
        *self.from <= day && self.to.is_none_or(|to| day <= *to)
    }
}
