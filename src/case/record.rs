//! One child's case record, as a file of the caseload holds it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Assignment, Child, ChildId, Contact, CourtOrder, Date, EventId, FamilyMember, IfspStatus, IfspVersion, Line,
    OrganisationId, PersonId, Physician, Prose, Release,
};

/// The version of a file's shape. There is one so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct SchemaOne;

impl TryFrom<u8> for SchemaOne {
    type Error = &'static str;

    fn try_from(version: u8) -> Result<Self, Self::Error> {
        if version == 1 { Ok(Self) } else { Err("this Earlypost reads schema 1 only") }
    }
}

impl From<SchemaOne> for u8 {
    fn from(_: SchemaOne) -> Self {
        1
    }
}

impl JsonSchema for SchemaOne {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "SchemaOne".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "const": 1, "description": "Version of the file's shape: 1." })
    }
}

/// Everything a program knows about one child. The unit of import: taken whole or refused whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CaseRecord {
    /// Version of the file's shape.
    pub schema: SchemaOne,
    /// The child's id in the source system.
    pub child_id: ChildId,
    /// The program's own number for the child; it may stand where the name may not.
    pub program_number: Line,
    /// The child.
    pub child: Child,
    /// The family.
    pub family: Vec<FamilyMember>,
    /// Former and present service coordinators, oldest first.
    #[serde(default)]
    pub coordinators: Vec<CoordinatorTerm>,
    /// How the child came to the program.
    pub referral: Referral,
    /// Evaluations and assessments.
    #[serde(default)]
    pub evaluations: Vec<Evaluation>,
    /// The physicians who follow the child.
    #[serde(default)]
    pub physicians: Vec<Physician>,
    /// Offices with a role for this child.
    #[serde(default)]
    pub assignments: Vec<Assignment>,
    /// Signed releases.
    #[serde(default)]
    pub releases: Vec<Release>,
    /// Court orders.
    #[serde(default)]
    pub court_orders: Vec<CourtOrder>,
    /// Plans, all versions.
    #[serde(default)]
    pub ifsps: Vec<IfspVersion>,
    /// Contacts.
    #[serde(default)]
    pub contacts: Vec<Contact>,
    /// Transition at three.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transition: Option<Transition>,
    /// Meetings and visits that lie ahead.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub appointments: Vec<Appointment>,
    /// When and why the child left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exit: Option<Exit>,
}

/// A coordinator's time with this family.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CoordinatorTerm {
    /// A professional of the directory.
    pub person_id: PersonId,
    /// First day.
    pub from: Date,
    /// Last day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Date>,
}

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
}

/// An evaluation or assessment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Evaluation {
    /// The event.
    pub event_id: EventId,
    /// What was looked at.
    pub kind: EvaluationKind,
    /// The day.
    pub on: Date,
    /// Instruments used.
    pub instruments: Vec<Line>,
    /// By whom.
    pub performed_by: Vec<Line>,
    /// The basis of eligibility, in one line, where this evaluation decided it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub eligibility_basis: Option<Line>,
}

/// Kind of evaluation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EvaluationKind {
    /// Screening.
    Screening,
    /// Evaluation for eligibility.
    Evaluation,
    /// Assessment of the child.
    ChildAssessment,
    /// Assessment of the family, voluntary.
    FamilyAssessment,
    /// Hearing.
    Hearing,
    /// Vision.
    Vision,
    /// Review of health records.
    HealthReview,
}

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

/// A meeting or visit that lies ahead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Appointment {
    /// The event.
    pub event_id: EventId,
    /// The day.
    pub on: Date,
    /// What: `six-month review`, `home visit`.
    pub what: Line,
}

/// The end of services.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Exit {
    /// The event.
    pub event_id: EventId,
    /// The last day of services.
    pub on: Date,
    /// Why, after the federal reporting categories.
    pub reason: ExitReason,
}

/// Why a child left (section 618 exit categories).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ExitReason {
    /// No longer eligible before three.
    NoLongerEligible,
    /// Eligible for Part B, leaving.
    PartBEligible,
    /// Not eligible for Part B, referred to other programs.
    NotPartBEligibleReferred,
    /// Not eligible for Part B, no referral.
    NotPartBEligible,
    /// Part B eligibility not determined.
    PartBUndetermined,
    /// The child died. All automatic papers stop.
    Deceased,
    /// Moved out of state.
    MovedAway,
    /// Withdrawn by the parent.
    WithdrawnByParent,
    /// Attempts to reach the family were unsuccessful.
    AttemptsUnsuccessful,
}

impl CaseRecord {
    /// The person of the family with this id.
    #[must_use]
    pub fn member(&self, id: &PersonId) -> Option<&FamilyMember> {
        self.family.iter().find(|m| &m.person_id == id)
    }

    /// The version in effect: the newest signed one.
    #[must_use]
    pub fn in_effect(&self) -> Option<&IfspVersion> {
        self.ifsps.iter().filter(|v| v.status == IfspStatus::InEffect).max_by_key(|v| (v.meeting_on, v.version))
    }

    /// A version by plan and number.
    #[must_use]
    pub fn version(&self, ifsp_id: &str, version: u32) -> Option<&IfspVersion> {
        self.ifsps.iter().find(|v| v.ifsp_id.as_str() == ifsp_id && v.version == version)
    }

    /// The coordinator on this day: by term, else the one on the plan in effect.
    #[must_use]
    pub fn coordinator_on(&self, day: chrono::NaiveDate) -> Option<&PersonId> {
        self.coordinators
            .iter()
            .rev()
            .find(|term| *term.from <= day && term.to.is_none_or(|to| day <= *to))
            .map(|term| &term.person_id)
            .or_else(|| self.in_effect().map(|v| &v.service_coordinator))
    }

    /// Whether the child has left by this day.
    #[must_use]
    pub fn has_left(&self, day: chrono::NaiveDate) -> bool {
        self.exit.as_ref().is_some_and(|exit| *exit.on < day || exit.reason == ExitReason::Deceased)
    }
}
