//! Packets: several parts in one file, one compile, page numbers through the whole.

use schemars::JsonSchema;
use serde::Serialize;

use super::{
    ConsentToReleaseView, DateLine, EvaluationConsentView, IfspView, InsuranceConsentView, MeetingLine, OutcomeLine,
    Page, ProviderChoicesView, ResourceListView, Rights, StepLine,
};

/// View of `family-packet`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct FamilyPacketView {
    /// Around the content.
    pub page: Page,
    /// How the reader is addressed.
    pub greeting: String,
    /// Whether it is printed on both sides: each part then begins on a right-hand page.
    pub duplex: bool,
    /// Who works with the family.
    pub team: Vec<TeamLine>,
    /// Coordinators before the present one.
    pub former: Vec<TermLine>,
    /// The next dates.
    pub next_dates: Vec<DateLine>,
    /// Who receives the plan, why, and how to stop it.
    pub receivers: Vec<ReceiverLine>,
    /// Who helps.
    pub rights: Rights,
    /// The papers inside, each as its own template knows it.
    pub parts: FamilyParts,
}

/// The papers inside a family packet. What the record has nothing for is absent.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct FamilyParts {
    /// The plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ifsp: Option<IfspView>,
    /// Agencies to choose from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider_choices: Option<ProviderChoicesView>,
    /// Places that the family asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource_list: Option<ResourceListView>,
    /// Permission to share records.
    pub consent_to_release: ConsentToReleaseView,
    /// Permission to use insurance, where it was asked for and not yet answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub insurance_consent: Option<InsuranceConsentView>,
}

/// Somebody who works with the family.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct TeamLine {
    /// Name, with credentials.
    pub name: String,
    /// What this person does for the child.
    pub role: String,
    /// The agency; absent for the program's own staff.
    pub agency: Option<String>,
    /// Telephone.
    pub telephone: Option<String>,
}

/// A coordinator's time with the family.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct TermLine {
    /// Name.
    pub name: String,
    /// First and last day.
    pub period: String,
}

/// An office that receives the plan.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ReceiverLine {
    /// The office.
    pub office: String,
    /// Why, in words.
    pub why: String,
    /// `service` or `release`; it chooses the words on how to stop it.
    pub ground: String,
}

/// View of `visit-packet`: the papers ready before an assessment, with room to write.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct VisitPacketView {
    /// Around the content.
    pub page: Page,
    /// How the reader is addressed.
    pub greeting: String,
    /// Whether it is printed on both sides.
    pub duplex: bool,
    /// The program's own name for the plan.
    pub plan_name: String,
    /// The visit, where one is arranged.
    pub visit: Option<MeetingLine>,
    /// The child's age on the day of the visit, or today.
    pub age: String,
    /// Adjusted age of a premature child; it moves no date.
    pub adjusted_age: Option<String>,
    /// Parents, to check the spelling.
    pub parents: Vec<String>,
    /// Language of the home and mode of communication.
    pub language_at_home: String,
    /// County or city.
    pub county: String,
    /// The day by which the first plan meeting is due, for a child without a plan.
    pub meeting_by: Option<String>,
    /// Outcomes of the plan in effect, to talk about.
    pub outcomes: Vec<OutcomeLine>,
    /// The safeguards.
    pub rights: Rights,
    /// The forms inside.
    pub parts: VisitParts,
}

/// The forms inside a visit packet.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct VisitParts {
    /// Permission to evaluate.
    pub evaluation_consent: EvaluationConsentView,
    /// Permission to share records.
    pub consent_to_release: ConsentToReleaseView,
}

/// View of `district-packet`: what a release lets the school district have.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct DistrictPacketView {
    /// Around the content.
    pub page: Page,
    /// The district.
    pub to: String,
    /// On what authority it is sent.
    pub authority: String,
    /// Whether it is printed on both sides.
    pub duplex: bool,
    /// Third birthday.
    pub third_birthday: String,
    /// Last day of early intervention.
    pub last_day: String,
    /// The conference: day and place.
    pub conference: Option<DateLine>,
    /// Who is invited to it.
    pub invited: Vec<String>,
    /// Steps of the transition plan.
    pub steps: Vec<StepLine>,
    /// The papers inside.
    pub parts: DistrictParts,
}

/// The papers inside a district packet, each only where the release covers it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct DistrictParts {
    /// The plan, in the parts that the release covers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ifsp: Option<IfspView>,
}
