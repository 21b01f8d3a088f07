//! The plan itself: every field of 34 CFR 303.344 has its place.

use schemars::JsonSchema;
use serde::Serialize;

use super::Page;

/// View of `ifsp`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct IfspView {
    /// Around the content.
    pub page: Page,
    /// The program's own name for the plan.
    pub plan_name: String,
    /// `Initial`, `Interim`, `Six-month review`, `Annual`, `Revision`.
    pub kind: String,
    /// Day of the meeting.
    pub meeting_on: String,
    /// How and in which language the meeting was held, and the interpreter.
    pub meeting: String,
    /// Period of the plan: first and last day.
    pub period: String,
    /// Age on the day of the meeting, such as `20 months`.
    pub age: String,
    /// Adjusted age of a premature child; it moves no date.
    pub adjusted_age: Option<String>,
    /// County or city of residence.
    pub county: String,
    /// Language of the home and mode of communication.
    pub language_at_home: String,
    /// Whether an interpreter is needed.
    pub interpreter_needed: bool,
    /// The child's parents, as far as this copy may show them.
    pub parents: Vec<String>,
    /// Up to three things a reader looks for first.
    pub tiles: Vec<Tile>,
    /// Part A: (a) present levels, in the order of the page. Absent where the copy may not hold them;
    /// empty on an interim plan whose evaluation is still to come.
    pub areas: Option<Vec<Area>>,
    /// The day by which the evaluation of an interim plan is due (303.345(c)).
    pub evaluation_due: Option<String>,
    /// Routines of the day; part of family information.
    pub routines: Option<String>,
    /// Part B: (b) family resources, priorities, concerns. Absent where the copy may not hold them.
    pub family: Option<Family>,
    /// Part C: (c) outcomes.
    pub outcomes: Vec<OutcomeBlock>,
    /// Part D: (d), (f) services.
    pub services: Vec<LineOfService>,
    /// Whether payment is shown.
    pub shows_payment: bool,
    /// Part E: (e) other services. Absent where the copy may not hold them.
    pub other_services: Option<Vec<OtherServiceLine>>,
    /// Part F: (g) the coordinator's profession on the plan.
    pub coordinator_profession: String,
    /// Part G: (h) transition. Absent where the copy may not hold it.
    pub transition: Option<Vec<super::StepLine>>,
    /// Third birthday.
    pub third_birthday: String,
    /// Part H: who took part.
    pub participants: Vec<ParticipantLine>,
    /// The parent's signature, where there is one.
    pub signature: Option<SignatureLine>,
    /// The day on which the plan was explained.
    pub explained_on: Option<String>,
    /// Who has a copy of this plan and why; family copies only.
    pub who_receives: Vec<String>,
    /// The next dates, as sentences.
    pub next_dates: Vec<super::DateLine>,
}

/// One of the things a reader looks for first.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Tile {
    /// Small label.
    pub label: String,
    /// The answer.
    pub value: String,
    /// A line under it.
    pub note: String,
}

/// A domain of development.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Area {
    /// In a family's words: `Talking`.
    pub plain: String,
    /// In the regulation's: `Communication`.
    pub term: String,
    /// What was seen and told.
    pub narrative: String,
    /// Instrument, date, evaluator; absent where evaluation is not part of the copy.
    pub source: Option<String>,
    /// Result; likewise.
    pub result: Option<String>,
}

/// Family information with its concurrence.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum Family {
    /// The family agreed.
    Agreed {
        /// Resources.
        resources: String,
        /// Priorities.
        priorities: String,
        /// Concerns.
        concerns: String,
    },
    /// The family chose not to include it.
    Declined,
    /// Not yet talked about.
    NotDiscussed,
}

/// An outcome: one block that never breaks.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct OutcomeBlock {
    /// Number.
    pub number: u8,
    /// True for an outcome for the family.
    pub for_family: bool,
    /// The sentence.
    pub statement: String,
    /// Routine.
    pub routine: Option<String>,
    /// How we will know.
    pub criteria: String,
    /// What we will do.
    pub procedures: String,
    /// By when.
    pub timeline: String,
    /// Bears on pre-literacy and language.
    pub preliteracy: bool,
    /// Progress so far.
    pub reviews: Vec<ReviewLine>,
}

/// Progress at a review.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ReviewLine {
    /// Day.
    pub on: String,
    /// In words.
    pub progress: String,
    /// Note.
    pub note: Option<String>,
}

/// A service line.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct LineOfService {
    /// `Speech-language therapy`.
    pub service: String,
    /// Person and agency.
    pub who: String,
    /// `1 time a week`.
    pub how_often: String,
    /// `45 minutes, one to one`.
    pub how_long: String,
    /// Method.
    pub method: String,
    /// `Home`.
    pub setting: String,
    /// The actual place.
    pub location: String,
    /// True in a natural environment.
    pub natural_environment: bool,
    /// Why not, where it is not.
    pub justification: Option<String>,
    /// Projected start.
    pub starts: String,
    /// Projected end.
    pub ends: String,
    /// First session, once given.
    pub first_session: Option<String>,
    /// Numbers of the outcomes, such as `1, 3`.
    pub outcomes: String,
    /// Payment, where this copy shows it.
    pub payment: Option<String>,
    /// The parent's answer to this line.
    pub consent: Consent,
}

/// The parent's answer to a service line.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Consent {
    /// `given`, `declined`, `withdrawn`, `open`.
    pub status: String,
    /// The day, where there is one.
    pub on: Option<String>,
}

/// Another service.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct OtherServiceLine {
    /// What.
    pub name: String,
    /// Who gives it and who pays, as far as known.
    pub from: Option<String>,
    /// True where the family has it already.
    pub receiving: bool,
    /// Steps.
    pub steps: Option<String>,
}

/// Somebody at the meeting.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ParticipantLine {
    /// Name.
    pub name: String,
    /// Role.
    pub role: String,
    /// `in person`.
    pub attendance: String,
}

/// A signature on the plan.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct SignatureLine {
    /// Who.
    pub name: String,
    /// Day.
    pub on: String,
    /// `on paper` or `electronically`.
    pub method: String,
}
