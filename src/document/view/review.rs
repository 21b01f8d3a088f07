//! The summary of a review (34 CFR 303.342(b)).

use schemars::JsonSchema;
use serde::Serialize;

use super::{Consent, DateLine, Page, ReviewLine, ServiceShort};

/// View of `ifsp-review-summary`: progress for each outcome, what changed, the parent's answers, the next dates.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct IfspReviewSummaryView {
    /// Around the content.
    pub page: Page,
    /// How the reader is addressed; the office, on an office's copy.
    pub greeting: String,
    /// The program's own name for the plan.
    pub plan_name: String,
    /// `Six-month review`, `Annual plan`, `Changed plan`.
    pub kind: String,
    /// Day of the meeting.
    pub meeting_on: String,
    /// Outcomes with their progress.
    pub outcomes: Vec<ReviewedOutcome>,
    /// What changed since the version before; empty where nothing did.
    pub changes: Vec<ChangeLine>,
    /// True where there is no earlier version to compare with.
    pub first: bool,
    /// Services as they stand now.
    pub services: Vec<ServiceShort>,
    /// The next dates, on the family's copy.
    pub next_dates: Vec<DateLine>,
}

/// An outcome at the review.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ReviewedOutcome {
    /// Number.
    pub number: u8,
    /// The sentence.
    pub statement: String,
    /// The newest look at it; absent where none is written.
    pub review: Option<ReviewLine>,
}

/// A service line that is new, ended or different.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ChangeLine {
    /// `added`, `ended` or `changed`.
    pub change: String,
    /// The service.
    pub service: String,
    /// How it was before; absent for a new one.
    pub before: Option<String>,
    /// How it is now; absent for one that ended.
    pub now: Option<String>,
    /// The parent's answer to it.
    pub consent: Consent,
}
