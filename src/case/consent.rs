//! Releases of information, court orders, and who has a role for a child.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Date, EventId, Line, OrderId, OrganisationId, PersonId, ReleaseId, ServiceLineId};

/// Record classes, as families sign them on a release (34 CFR 303.7, 303.414; 99.30).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RecordClass {
    /// The plan: outcomes and services.
    Plan,
    /// Evaluations, assessments and the basis of eligibility.
    EvaluationAndEligibility,
    /// Health, vision and hearing.
    Health,
    /// Notes of contacts, as far as their author shares them.
    ContactNotes,
    /// Family resources, priorities and concerns; other services; payment.
    FamilyInformation,
    /// Transition steps and dates.
    Transition,
}

impl RecordClass {
    /// All classes, in the order of the form.
    pub const ALL: [Self; 6] = [
        Self::Plan,
        Self::EvaluationAndEligibility,
        Self::Health,
        Self::ContactNotes,
        Self::FamilyInformation,
        Self::Transition,
    ];

    /// The words on the form.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Plan => "the plan",
            Self::EvaluationAndEligibility => "evaluation and eligibility",
            Self::Health => "health, vision and hearing",
            Self::ContactNotes => "contact notes",
            Self::FamilyInformation => "family information",
            Self::Transition => "transition",
        }
    }
}

/// A parent's written permission to give named records to a named party.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Release {
    /// Id.
    pub release_id: ReleaseId,
    /// The parent who signed.
    pub signed_by: PersonId,
    /// The day of the signature.
    pub signed_on: Date,
    /// To whom: at least one. "Anyone" is no recipient.
    pub recipients: Vec<ReleaseRecipient>,
    /// What: at least one record class.
    pub classes: Vec<RecordClass>,
    /// For what, in a sentence.
    pub purpose: Line,
    /// The last day on which it is valid; without one it lasts until revoked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_on: Option<Date>,
    /// The day on which it was revoked in writing. It stops every send not yet released.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked_on: Option<Date>,
    /// The language in which it was explained.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub explained_in: Option<Line>,
    /// Prepared and not yet signed: nothing rests on it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub draft: bool,
    /// The release that took its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub superseded_by: Option<ReleaseId>,
    /// The present parent who has reviewed it, where its signer may no longer consent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed_by: Option<PersonId>,
    /// Parts of the plan that the parent keeps out of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub excluded_sections: Vec<PlanSection>,
    /// The first day of the records that it covers; without one from the beginning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub records_from: Option<Date>,
    /// The last day of the records that it covers; without one to its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub records_to: Option<Date>,
    /// What 45 CFR 164.508(c) asks besides; needed only where `policy.under_hipaa` says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hipaa: Option<HipaaElements>,
}

/// A part of the plan that a parent may keep out of a release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PlanSection {
    /// How the child is doing.
    PresentLevels,
    /// The routines of the child's day.
    DailyRoutines,
    /// Outcomes, with how they are going.
    Outcomes,
    /// Who took part in the meeting.
    Participants,
    /// Steps for the transition at three.
    TransitionSteps,
}

/// The elements of 45 CFR 164.508(c) that the law for early intervention does not ask.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HipaaElements {
    /// The event that ends it, where it has no last day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_with: Option<Line>,
    /// The signer's authority to act for the child.
    pub authority: Line,
    /// The form says how to revoke it.
    #[serde(default)]
    pub tells_how_to_revoke: bool,
    /// The form says whether treatment depends on it.
    #[serde(default)]
    pub tells_conditions: bool,
    /// The form says that the recipient may pass it on.
    #[serde(default)]
    pub tells_redisclosure: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_false(value: &bool) -> bool {
    !*value
}

impl Release {
    /// The elements of 45 CFR 164.508(c) that the form lacks.
    #[must_use]
    pub fn hipaa_elements_missing(&self) -> Vec<&'static str> {
        let Some(hipaa) = &self.hipaa else { return vec!["the elements of 45 CFR 164.508(c)"] };
        [
            (self.expires_on.is_some() || hipaa.expires_with.is_some(), "a day or an event on which it ends"),
            (hipaa.tells_how_to_revoke, "how to revoke it"),
            (hipaa.tells_conditions, "whether treatment depends on it"),
            (hipaa.tells_redisclosure, "that the recipient may pass it on"),
        ]
        .into_iter()
        .filter_map(|(there, what)| (!there).then_some(what))
        .collect()
    }
}

/// A party on a release: a named office, or one named person in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReleaseRecipient {
    /// The office.
    pub organisation_id: OrganisationId,
    /// The person, where the release names one only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person_id: Option<PersonId>,
    /// The parent's initials beside the name, where the form asks for them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub initials: Option<Line>,
}

/// An order or other legally binding paper that limits or names who may have records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CourtOrder {
    /// Id.
    pub order_id: OrderId,
    /// The day on which the program received it.
    pub received_on: Date,
    /// First day of its effect.
    pub effective_on: Date,
    /// Last day of its effect; without one it lasts until another order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_on: Option<Date>,
    /// What it does, as read by the person who verified it. Absent: received but not yet read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effect: Option<OrderEffect>,
    /// Who read it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verified_by: Option<PersonId>,
    /// Whom it is about. Before it is read: everybody whom it may be about.
    pub persons: Vec<PersonId>,
}

/// What an order does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OrderEffect {
    /// The named persons may not have the child's records.
    DenyAccess,
    /// The named persons may not learn where the child lives.
    DenyAddress,
    /// Only the named persons may have the records.
    AllowNamedOnly,
    /// The named persons decide for the child; others keep their right to records.
    NamedDecisionMaker,
}

/// The role that makes an office or person part of this child's team for a period
/// (34 CFR 303.403, 303.414(b)). Referring or paying alone makes none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Assignment {
    /// The event of the assignment.
    pub event_id: EventId,
    /// The office.
    pub organisation_id: OrganisationId,
    /// The person, where one is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person_id: Option<PersonId>,
    /// What the office does for this child.
    pub role: AssignmentRole,
    /// The service line that it delivers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_line_id: Option<ServiceLineId>,
    /// First day.
    pub from: Date,
    /// Last day, included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Date>,
}

impl Assignment {
    /// Whether it holds on this day; its last day is included.
    #[must_use]
    pub fn holds_on(&self, day: chrono::NaiveDate) -> bool {
        *self.from <= day && self.to.is_none_or(|to| day <= *to)
    }
}

/// What an assigned office does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AssignmentRole {
    /// Evaluates for eligibility.
    Evaluate,
    /// Assesses child or family.
    Assess,
    /// Coordinates services.
    Coordinate,
    /// Delivers a service.
    Deliver,
}

/// A physician who follows the child. It gives no right to records: that takes a release or an assignment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Physician {
    /// The practice.
    pub organisation_id: OrganisationId,
    /// The physician.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person_id: Option<PersonId>,
    /// Since when.
    pub from: Date,
    /// Last day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Date>,
    /// What is asked of the physician, in a sentence a busy doctor can act on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub requests: Vec<PhysicianRequest>,
}

/// Something asked of a physician.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PhysicianRequest {
    /// What: `Please send the hearing test of October 30.`
    pub text: Line,
    /// By when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Date>,
}
