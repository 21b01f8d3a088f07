//! Letters to offices: physician, agency, and the notice that ends an authorization.

use schemars::JsonSchema;
use serde::Serialize;

use super::Page;

/// View of `physician-letter`: half a page that a busy doctor reads.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct PhysicianLetterView {
    /// Around the content.
    pub page: Page,
    /// Physician and practice.
    pub to: String,
    /// The practice, where `to` is a person.
    pub practice: Option<String>,
    /// On what authority it is sent: the release, its day and its end.
    pub authority: String,
    /// Why it is sent, in a sentence.
    pub why: String,
    /// What is asked of the physician; may be empty.
    pub asks: Vec<AskLine>,
    /// The basis of eligibility; absent where the release does not cover it.
    pub eligibility: Option<String>,
    /// Services to which the parent has consented.
    pub services: Vec<ServiceShort>,
    /// Outcomes, a line each.
    pub outcomes: Vec<OutcomeLine>,
    /// What is enclosed.
    pub enclosures: Vec<Enclosure>,
}

/// Something asked, and by when.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct AskLine {
    /// What.
    pub text: String,
    /// By when.
    pub by: Option<String>,
}

/// A service in one row.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ServiceShort {
    /// Service.
    pub service: String,
    /// Agency or person.
    pub who: String,
    /// Frequency, length and intensity.
    pub how_often: String,
    /// Start: projected, or the first session.
    pub starts: String,
    /// End.
    pub ends: String,
    /// Where it is given.
    pub location: Option<String>,
    /// Numbers of the outcomes.
    pub outcomes: String,
}

/// An outcome in one line.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct OutcomeLine {
    /// Number.
    pub number: u8,
    /// The sentence.
    pub statement: String,
    /// Criteria, where the paper shows them.
    pub criteria: Option<String>,
    /// Procedures, likewise.
    pub procedures: Option<String>,
}

/// An enclosed paper.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Enclosure {
    /// What it is.
    pub title: String,
    /// How many pages.
    pub pages: usize,
}

/// View of `service-authorization`: only that agency's lines with the parent's consent.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct AuthorizationView {
    /// Around the content.
    pub page: Page,
    /// The agency.
    pub to: String,
    /// The plan's kind and day.
    pub plan: String,
    /// The parents and how to reach them.
    pub parents: Vec<ParentLine>,
    /// Language of the home; interpreter, where one is needed.
    pub language_at_home: String,
    /// The day by which services start.
    pub start_by: String,
    /// The lines.
    pub services: Vec<ServiceShort>,
    /// The outcomes that they serve.
    pub outcomes: Vec<OutcomeLine>,
    /// What is enclosed.
    pub enclosures: Vec<Enclosure>,
}

/// A parent, for the agency that will call.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ParentLine {
    /// Name and relationship.
    pub name: String,
    /// Telephone.
    pub telephone: Option<String>,
    /// Language.
    pub language: String,
}

/// View of `stop-notice`: program number, service, last day, nothing else about the child.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct StopNoticeView {
    /// Around the content; without a stamp.
    pub page: Page,
    /// The agency.
    pub to: String,
    /// The program's number for the child.
    pub program_number: String,
    /// Services that end.
    pub services: Vec<StoppedService>,
}

/// A service that ends.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct StoppedService {
    /// Service.
    pub service: String,
    /// Last day.
    pub last_day: String,
}

/// View of `referral-acknowledgement`: the referral came. Nothing about what became of it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ReferralAcknowledgementView {
    /// Around the content; without a stamp.
    pub page: Page,
    /// The office that referred.
    pub to: String,
    /// The day on which the referral came.
    pub received_on: String,
    /// The child's initials, by which the office finds its own paper.
    pub initials: String,
}

/// View of `progress-report-reminder`: a provider's report before a review.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ProgressReportReminderView {
    /// Around the content.
    pub page: Page,
    /// The agency.
    pub to: String,
    /// The review: its day, or the latest day for it.
    pub review: String,
    /// The day by which the report is asked for.
    pub report_by: String,
    /// The agency's own lines.
    pub services: Vec<ServiceShort>,
    /// The outcomes that they serve.
    pub outcomes: Vec<OutcomeLine>,
}
