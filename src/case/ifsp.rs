//! The plan and its versions: 34 CFR 303.344(a) to (h).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Date, EventId, IfspId, LanguageTag, Line, PersonId, Prose, Recipient, ServiceLine};

/// One version of a plan. Once finalised it never changes: a correction is a new version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IfspVersion {
    /// The plan.
    pub ifsp_id: IfspId,
    /// Version, from 1.
    #[schemars(range(min = 1))]
    pub version: u32,
    /// What kind of plan.
    pub kind: IfspKind,
    /// How far it has come.
    pub status: IfspStatus,
    /// The event of the meeting.
    pub meeting_event_id: EventId,
    /// The day of the meeting: copies are due from here (303.409(c)).
    pub meeting_on: Date,
    /// How the meeting was held, such as `at the family's home`.
    pub meeting_method: Line,
    /// Language of the meeting.
    pub meeting_language: LanguageTag,
    /// Interpreter, where one took part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interpreter: Option<Line>,
    /// Last day of the plan's period.
    pub period_end: Date,
    /// Who took part (303.343).
    pub participants: Vec<Participant>,
    /// (a) How the child is doing in five domains. An interim plan may have none yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub present_levels: Option<PresentLevels>,
    /// (b) Family resources, priorities and concerns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub family: Option<FamilyInformation>,
    /// The routines and activities of the child's day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub daily_routines: Option<Prose>,
    /// (c) Outcomes.
    #[serde(default)]
    pub outcomes: Vec<Outcome>,
    /// (d), (f) Early-intervention services.
    #[serde(default)]
    pub services: Vec<ServiceLine>,
    /// (e) Other services that the family has or needs, neither required nor funded by Part C.
    #[serde(default)]
    pub other_services: Vec<OtherService>,
    /// (g) The service coordinator, a professional of the directory.
    pub service_coordinator: PersonId,
    /// Her profession on the plan, where it is more than coordination.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coordinator_profession: Option<Line>,
    /// (h) Steps for the transition at three.
    #[serde(default)]
    pub transition_steps: Vec<TransitionStep>,
    /// The day on which the content was explained to the parent (303.342(e)).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub explained_on: Option<Date>,
    /// The parent's signature; required once the plan is in effect.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<Signature>,
    /// Copies that were given before or beside Earlypost, by hand or by another system.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub copies_given: Vec<CopyGiven>,
}

/// A copy of the plan that somebody already has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CopyGiven {
    /// Who has it.
    pub to: Recipient,
    /// Since when.
    pub on: Date,
    /// How it got there.
    pub how: Line,
}

/// What kind of plan or change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum IfspKind {
    /// Interim (303.345): services needed at once, evaluation to follow within the 45 days.
    Interim,
    /// Initial.
    Initial,
    /// Six-month review.
    PeriodicReview,
    /// Annual.
    Annual,
    /// A change between reviews.
    Revision,
}

/// How far a version has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum IfspStatus {
    /// Still being written. Nothing of it is sent.
    Draft,
    /// Finalised, not yet signed. It goes to the parents only, marked so.
    AwaitingSignature,
    /// Signed and in effect.
    InEffect,
    /// Replaced by a later version.
    Superseded,
    /// Ended.
    Ended,
}

impl IfspStatus {
    /// Whether the version is finalised and can no longer change.
    #[must_use]
    pub fn is_final(self) -> bool {
        self != Self::Draft
    }
}

/// Somebody who took part in the meeting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Participant {
    /// Name as on the attendance line.
    pub name: Line,
    /// Role under 303.343: `parent`, `service coordinator`, `evaluator`.
    pub role: Line,
    /// How.
    pub attendance: Attendance,
}

/// How somebody took part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Attendance {
    /// In person.
    InPerson,
    /// By telephone.
    Phone,
    /// By video.
    Video,
    /// By making records available.
    RecordsOnly,
    /// Invited, did not come.
    Absent,
}

impl Attendance {
    /// The words printed for it.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::InPerson => "in person",
            Self::Phone => "by telephone",
            Self::Video => "by video",
            Self::RecordsOnly => "sent records",
            Self::Absent => "absent",
        }
    }
}

/// Present levels of development in the five domains of 303.344(a).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PresentLevels {
    /// Physical: gross and fine motor.
    pub physical: Level,
    /// Physical: vision.
    pub vision: Level,
    /// Physical: hearing.
    pub hearing: Level,
    /// Physical: health status.
    pub health: Level,
    /// Cognitive.
    pub cognitive: Level,
    /// Communication.
    pub communication: Level,
    /// Social or emotional.
    pub social_emotional: Level,
    /// Adaptive.
    pub adaptive: Level,
}

/// One domain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Level {
    /// What the child does, in words a family knows.
    pub narrative: Prose,
    /// Instrument, date and evaluator, in one line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Line>,
    /// Result, such as `age equivalent 14 months; 25 % delay`. Evaluation record class.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<Line>,
}

/// (b) What the family told about itself, with its concurrence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "concurrence", rename_all = "snake_case", deny_unknown_fields)]
pub enum FamilyInformation {
    /// The family agreed that this stands in the plan.
    Agreed {
        /// Resources.
        resources: Prose,
        /// Priorities.
        priorities: Prose,
        /// Concerns.
        concerns: Prose,
    },
    /// The family chose not to include it.
    Declined,
}

/// (c) A measurable result for the child or the family.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    /// Number on the plan, from 1.
    #[schemars(range(min = 1, max = 99))]
    pub number: u8,
    /// For whom.
    pub benefits: OutcomeFor,
    /// The result, as a sentence in the family's words.
    pub statement: Prose,
    /// The routine in which it matters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub routine: Option<Prose>,
    /// Criteria: how we will know.
    pub criteria: Prose,
    /// Procedures: what we will do and how progress is looked at.
    pub procedures: Prose,
    /// Timeline: by when.
    pub timeline: Prose,
    /// Bears on pre-literacy and language.
    #[serde(default)]
    pub preliteracy: bool,
    /// Progress recorded at reviews.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reviews: Vec<OutcomeReview>,
}

/// For whom an outcome is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OutcomeFor {
    /// The child.
    Child,
    /// The family.
    Family,
}

/// Progress at a review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OutcomeReview {
    /// The day.
    pub on: Date,
    /// How far.
    pub progress: Progress,
    /// A note.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Prose>,
}

/// How far an outcome has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Progress {
    /// None yet.
    None,
    /// Some.
    Some,
    /// Met.
    Met,
    /// Changed.
    Revised,
    /// Dropped.
    Dropped,
}

impl Progress {
    /// The words printed for it.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::None => "no progress yet",
            Self::Some => "some progress",
            Self::Met => "met",
            Self::Revised => "changed",
            Self::Dropped => "no longer a goal",
        }
    }
}

/// (e) A service from elsewhere: a clinic, a food pantry, a parents' group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OtherService {
    /// What.
    pub name: Line,
    /// Who gives it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<Line>,
    /// Who pays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub funding: Option<Line>,
    /// Whether the family has it or needs it.
    pub status: OtherServiceStatus,
    /// Steps to secure it; required where it is needed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub steps: Option<Prose>,
}

/// Whether another service is there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OtherServiceStatus {
    /// The family has it.
    Receiving,
    /// The family needs it.
    Needed,
}

/// (h) One step of the transition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TransitionStep {
    /// What is done.
    pub text: Prose,
    /// By whom.
    pub responsible: Line,
    /// By when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<Date>,
    /// When it was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done_on: Option<Date>,
}

/// A parent's signature on a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Signature {
    /// Who.
    pub person_id: PersonId,
    /// The day.
    pub on: Date,
    /// Ink or electronic.
    pub method: SignatureMethod,
}

/// How a paper was signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SignatureMethod {
    /// On paper.
    Ink,
    /// Electronically, in a way that identifies and authenticates the person (99.30(d)).
    Electronic,
}
