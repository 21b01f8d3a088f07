//! Letters to the family around its way through early intervention.

use schemars::JsonSchema;
use serde::Serialize;

use super::{HelpLine, Interpreter, InvitedLine, MeetingLine, Page, ResourceLine, Rights};

/// View of `intake-letter`: who we are, and the first visit.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct IntakeLetterView {
    /// Around the content.
    pub page: Page,
    /// How the reader is addressed.
    pub greeting: String,
    /// The first visit; absent until it is arranged.
    pub meeting: Option<MeetingLine>,
    /// Who comes.
    pub invited: Vec<InvitedLine>,
    /// What the family may have ready.
    pub bring: Vec<String>,
    /// The interpreter.
    pub interpreter: Interpreter,
}

/// View of `eligible-notice` and `not-eligible-notice`: what the evaluation found, and what comes next.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct EligibilityNoticeView {
    /// Around the content.
    pub page: Page,
    /// How the reader is addressed.
    pub greeting: String,
    /// Day of the evaluation.
    pub evaluated_on: String,
    /// The basis, in one line, as the evaluation gives it.
    pub basis: Option<String>,
    /// What was used.
    pub instruments: Vec<String>,
    /// By whom.
    pub performed_by: Vec<String>,
    /// The meeting that follows, where one is arranged.
    pub next: Option<MeetingLine>,
    /// The parents' rights.
    pub rights: Rights,
}

/// View of `could-not-reach-you`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct CouldNotReachYouView {
    /// Around the content; without a stamp, since it may lie open.
    pub page: Page,
    /// How the reader is addressed.
    pub greeting: String,
    /// Attempts since the family was last reached, oldest first.
    pub attempts: Vec<AttemptLine>,
}

/// An attempt to reach the family.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct AttemptLine {
    /// Day.
    pub on: String,
    /// How: `Telephone`.
    pub how: String,
    /// What came of it: `left_message`, `no_answer`, `returned`, `wrong_number`.
    pub outcome: String,
}

/// View of `new-coordinator`: the caller of the page is the new one.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct NewCoordinatorView {
    /// Around the content.
    pub page: Page,
    /// How the reader is addressed.
    pub greeting: String,
    /// The one before.
    pub former: String,
    /// Since when the new one is there.
    pub since: String,
    /// The next dates.
    pub next_dates: Vec<super::DateLine>,
}

/// View of `exit-letter`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ExitLetterView {
    /// Around the content.
    pub page: Page,
    /// How the reader is addressed.
    pub greeting: String,
    /// The last day of services.
    pub last_day: String,
    /// Why, as a key: `part_b_eligible`, `moved_away`, `withdrawn_by_parent`.
    pub reason: String,
    /// Who helps.
    pub help: Vec<HelpLine>,
}

/// View of `resource-list`: places that the family asked for.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ResourceListView {
    /// Around the content.
    pub page: Page,
    /// How the reader is addressed.
    pub greeting: String,
    /// The day on which the family asked last.
    pub asked_on: String,
    /// The places.
    pub resources: Vec<ResourceLine>,
}

/// View of `provider-choices`: all that are there, none recommended.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ProviderChoicesView {
    /// Around the content.
    pub page: Page,
    /// How the reader is addressed.
    pub greeting: String,
    /// A table a service.
    pub services: Vec<ServiceChoices>,
}

/// Who gives one service.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ServiceChoices {
    /// The service.
    pub service: String,
    /// Agencies, in the order of the alphabet.
    pub providers: Vec<ProviderLine>,
}

/// An agency that a family may choose.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ProviderLine {
    /// Name.
    pub name: String,
    /// Telephone.
    pub telephone: Option<String>,
    /// Languages spoken besides English.
    pub languages: Vec<String>,
    /// Whether it takes new families.
    pub accepts: bool,
    /// On which day that was checked.
    pub checked_on: String,
}
