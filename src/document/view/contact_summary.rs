//! The summary of contacts, in three variants by `page.copy.audience`.

use schemars::JsonSchema;
use serde::Serialize;

use super::{AskLine, DateLine, OutcomeLine, Page, ServiceShort};

/// View of `contact-summary`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ContactSummaryView {
    /// Around the content.
    pub page: Page,
    /// First and last day that it covers.
    pub period: String,
    /// The contacts, newest first; empty where they stand by outcome, or the copy has none.
    pub contacts: Vec<ContactLine>,
    /// What was decided.
    pub decisions: Vec<String>,
    /// What is still to be done; absent where the copy has no such part.
    pub follow_ups: Option<Vec<FollowUpLine>>,
    /// The same by outcome of the plan, for the team; what is about none of them stands at the end.
    pub by_outcome: Vec<OutcomeContacts>,
    /// What the physician is asked to do; absent where the copy has no such part.
    pub asks: Option<Vec<AskLine>>,
    /// The basis of eligibility.
    pub eligibility: Option<String>,
    /// The child's outcomes, a line each.
    pub outcomes: Vec<OutcomeLine>,
    /// Resources that the family asked for; the family's copy only.
    pub resources: Vec<ResourceLine>,
    /// Services with consent, for the physician and the team.
    pub services: Vec<ServiceShort>,
    /// What comes next.
    pub next_dates: Vec<DateLine>,
}

/// What was said and decided about one outcome.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct OutcomeContacts {
    /// Its number on the plan; absent for what is about none.
    pub number: Option<u8>,
    /// The outcome as a sentence.
    pub statement: Option<String>,
    /// The contacts about it, newest first.
    pub contacts: Vec<ContactLine>,
    /// What was decided.
    pub decisions: Vec<String>,
    /// What is still to be done.
    pub follow_ups: Vec<FollowUpLine>,
}

/// A contact.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ContactLine {
    /// Day.
    pub on: String,
    /// `Visit`, `Telephone`.
    pub method: String,
    /// With whom.
    pub with: String,
    /// Topic in a plain line.
    pub topic: String,
    /// The note; the family's copy only, free text never goes outside by itself.
    pub narrative: Option<String>,
}

/// Something to be done.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct FollowUpLine {
    /// What.
    pub text: String,
    /// By whom.
    pub owner: String,
    /// By when.
    pub due: Option<String>,
}

/// A resource in the community.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ResourceLine {
    /// Name.
    pub name: String,
    /// What it offers.
    pub offers: String,
    /// Address.
    pub address: Option<String>,
    /// Telephone.
    pub telephone: Option<String>,
    /// Hours.
    pub hours: Option<String>,
    /// What to bring or know.
    pub note: Option<String>,
}
