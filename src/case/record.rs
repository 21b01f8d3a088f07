//! One child's case record, as a file of the caseload holds it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    ActConsent, AgencyWord, Appointment, Assignment, Caseworker, Child, ChildId, Contact, CourtOrder, Date, Evaluation,
    EventId, FamilyMember, IfspStatus, IfspVersion, Line, Objection, ObjectionTo, OrderEffect, ParentRole, PersonId,
    Physician, Placement, Proposal, RecordedHere, Referral, Release, Request, ServiceLineId, Statement, SurrogateNeed,
    Transition, Translated, UnfinishedPlan,
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
    /// Consents to acts before there is a plan: screening, evaluation, use of insurance.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub consents: Vec<ActConsent>,
    /// What the program proposed or refused; each asks for a prior written notice (34 CFR 303.421).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub proposals: Vec<Proposal>,
    /// The physicians who follow the child.
    #[serde(default)]
    pub physicians: Vec<Physician>,
    /// Offices with a role for this child.
    #[serde(default)]
    pub assignments: Vec<Assignment>,
    /// With whom the child lives or lived besides the parents.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub placements: Vec<Placement>,
    /// Caseworkers of a child-welfare agency.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub caseworkers: Vec<Caseworker>,
    /// Signed releases.
    #[serde(default)]
    pub releases: Vec<Release>,
    /// Court orders.
    #[serde(default)]
    pub court_orders: Vec<CourtOrder>,
    /// Parents' statements of disagreement, kept with what they contest (34 CFR 303.412).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub statements: Vec<Statement>,
    /// Plans, all versions. One that lacks a field which 34 CFR 303.344 asks for is taken in as not final: nothing of it
    /// is sent, and a task names the field.
    #[serde(default)]
    pub ifsps: Vec<IfspVersion>,
    /// Versions that were not whole. The import writes it, never a file.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(skip)]
    pub unfinished: Vec<UnfinishedPlan>,
    /// Contacts.
    #[serde(default)]
    pub contacts: Vec<Contact>,
    /// What is written in plans, contacts and proposals, in other languages.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub translations: Vec<Translated>,
    /// Transition at three.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transition: Option<Transition>,
    /// Meetings and visits that lie ahead.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub appointments: Vec<Appointment>,
    /// What somebody asked for, and what came of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub requests: Vec<Request>,
    /// A contact that reaches this family in every so many months, where it is not the program's cadence; 0 for none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(max = 12))]
    pub contact_every_months: Option<u8>,
    /// Since when the child has needed a surrogate parent, where it has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub surrogate_need: Option<SurrogateNeed>,
    /// When and why the child left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exit: Option<Exit>,
    /// Staff to whom this record is closed: a relative, a former partner, a party to a case. No role, reason or cover
    /// gets past it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub closed_to: Vec<ClosedTo>,
    /// What was recorded here. It is no part of a received record.
    #[serde(skip)]
    #[schemars(skip)]
    pub here: RecordedHere,
}

/// A person of the staff to whom a child's record is closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClosedTo {
    /// A professional of the directory.
    pub person_id: PersonId,
    pub because: ClosedBecause,
    /// First day.
    pub from: Date,
    /// Last day, included; without one it stays closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Date>,
}

/// Why a record is closed to somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClosedBecause {
    /// A relative of the child or the family.
    Relative,
    /// A present or former partner of somebody of the family.
    Partner,
    /// The staff member's own child.
    OwnChild,
    /// A party or a witness in a case about the family.
    PartyToACase,
    /// Another reason, kept outside this record.
    Other,
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
    /// Whether the record is closed to this person of the staff on a day.
    #[must_use]
    pub fn is_closed_to(&self, person: &PersonId, day: chrono::NaiveDate) -> bool {
        let holds = |closed: &&ClosedTo| *closed.from <= day && closed.to.is_none_or(|to| day <= *to);
        self.closed_to.iter().filter(holds).any(|closed| &closed.person_id == person)
    }

    /// The person of the family with this id.
    #[must_use]
    pub fn member(&self, id: &PersonId) -> Option<&FamilyMember> {
        self.family.iter().find(|m| &m.person_id == id)
    }

    /// Whether letters to this person's home must not be forwarded: somebody of the home keeps the address private, or
    /// an order keeps it from somebody else. A forwarded letter would lie at an address that nobody has looked at.
    #[must_use]
    pub fn must_not_be_forwarded(&self, person: &PersonId) -> bool {
        let Some(member) = self.member(person) else { return false };
        let same_home = |other: &&FamilyMember| {
            other.person_id == member.person_id || (other.household.is_some() && other.household == member.household)
        };
        let ordered = self
            .court_orders
            .iter()
            .any(|order| order.effect == Some(OrderEffect::DenyAddress) && !order.persons.contains(person));
        ordered || self.family.iter().filter(same_home).any(FamilyMember::keeps_address_private)
    }

    /// The people of foster and kin homes, of today and before: with whom the child is or was placed, and who lives with
    /// them. A parent or guardian is none of them.
    pub fn of_placement_homes(&self) -> impl Iterator<Item = &FamilyMember> {
        let cares = |member: &FamilyMember| {
            let placed = || self.placements.iter().any(|placement| placement.person_id == member.person_id);
            !member.is_parent_or_guardian() && (member.parent_role == ParentRole::Foster || placed())
        };
        self.family.iter().filter(move |member| {
            let with_one = || self.family.iter().any(|other| cares(other) && other.shares_home_with(member));
            cares(member) || (!member.is_parent_or_guardian() && with_one())
        })
    }

    /// What the child-welfare agency said of the home of this person, by the latest placement there.
    #[must_use]
    pub fn may_be_known(&self, of_home: &FamilyMember) -> Option<&AgencyWord> {
        let here = |placement: &&Placement| {
            self.member(&placement.person_id).is_some_and(|other| other.shares_home_with(of_home))
        };
        self.placements.iter().filter(here).max_by_key(|placement| placement.from)?.may_be_known.as_ref()
    }

    /// Whether somebody of the family keeps a place private, an order does, or a foster or kin home is to be protected: then
    /// no place stands where more than one pair of eyes looks, such as a calendar.
    #[must_use]
    pub fn keeps_places_private(&self) -> bool {
        self.family.iter().any(FamilyMember::keeps_places_private)
            || self.of_placement_homes().any(|member| self.may_be_known(member).is_none())
            || self.court_orders.iter().any(|order| order.effect == Some(OrderEffect::DenyAddress))
    }

    /// The person of the family who is this recipient, where the recipient is one.
    #[must_use]
    pub fn family_member(&self, recipient: &super::Recipient) -> Option<&FamilyMember> {
        match recipient {
            super::Recipient::FamilyMember { person_id } => self.member(person_id),
            super::Recipient::Office { .. } => None,
        }
    }

    /// Objections to the notice to the school district, of the record and those recorded here.
    #[must_use]
    pub fn objections(&self) -> Vec<Objection> {
        let received = self.transition.as_ref().and_then(|transition| transition.notice_objection_on);
        let received = received.map(|on| Objection { to: ObjectionTo::LimitedNotice, written: true, on });
        received.into_iter().chain(self.here.objections.iter().copied()).collect()
    }

    /// The day on which the parents were told of the notice to the school district: by the record or by our own letter,
    /// the later of both, since each letter gives them their time anew.
    #[must_use]
    pub fn told_of_notice_on(&self) -> Option<chrono::NaiveDate> {
        let received = self.transition.as_ref().and_then(|transition| transition.parents_told_on);
        received.max(self.here.told_of_notice_on).map(|on| *on)
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

    /// The place of a version in the list of the file, from 0.
    #[must_use]
    pub fn place_of_version(&self, ifsp_id: &str, version: u32) -> Option<usize> {
        let whole = self.ifsps.iter().position(|v| v.ifsp_id.as_str() == ifsp_id && v.version == version);
        let unfinished = self.unfinished.iter().find(|v| v.ifsp_id.as_str() == ifsp_id && v.version == version);
        whole.map(|index| UnfinishedPlan::place_beside(&self.unfinished, index)).or(unfinished.map(|plan| plan.place))
    }

    /// Whether any version of the plan has a service line.
    #[must_use]
    pub fn has_lines(&self) -> bool {
        let aside = |plan: &UnfinishedPlan| plan.each_of("services", "service_line_id").next().is_some();
        self.ifsps.iter().any(|version| !version.services.is_empty()) || self.unfinished.iter().any(aside)
    }

    /// Whether a version of the plan has this service line, one that was set aside too.
    #[must_use]
    pub fn has_line(&self, id: &ServiceLineId) -> bool {
        let whole = self.ifsps.iter().flat_map(|version| &version.services).map(|line| line.service_line_id.as_str());
        let aside = self.unfinished.iter().flat_map(|plan| plan.each_of("services", "service_line_id"));
        whole.chain(aside.filter_map(Value::as_str)).any(|known| known == id.as_str())
    }

    /// The numbers of every outcome of every version, of those that were set aside too.
    pub fn outcome_numbers(&self) -> impl Iterator<Item = u8> {
        let whole = self.ifsps.iter().flat_map(|version| &version.outcomes).map(|outcome| outcome.number);
        let aside = self.unfinished.iter().flat_map(|plan| plan.each_of("outcomes", "number"));
        whole.chain(aside.filter_map(Value::as_u64).filter_map(|number| u8::try_from(number).ok()))
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

    /// Whose child it is on this day: the coordinator whose term it is. Where there are terms and none holds, nobody's.
    #[must_use]
    pub fn assigned_coordinator_on(&self, day: chrono::NaiveDate) -> Option<&PersonId> {
        if self.coordinators.is_empty() {
            return self.coordinator_on(day);
        }
        let mut terms = self.coordinators.iter().rev();
        terms.find(|term| *term.from <= day && term.to.is_none_or(|to| day <= *to)).map(|term| &term.person_id)
    }

    /// Whether the child has left by this day.
    #[must_use]
    pub fn has_left(&self, day: chrono::NaiveDate) -> bool {
        self.exit.as_ref().is_some_and(|exit| *exit.on < day || exit.reason == ExitReason::Deceased)
    }
}
