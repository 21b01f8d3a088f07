//! The summary of contacts, in three variants by `page.copy.audience`.

use schemars::JsonSchema;
use serde::Serialize;

use super::{DateLine, Page, ServiceShort};

/// View of `contact-summary`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ContactSummaryView {
    /// Around the content.
    pub page: Page,
    /// First and last day that it covers.
    pub period: String,
    /// The contacts, newest first.
    pub contacts: Vec<ContactLine>,
    /// What was decided.
    pub decisions: Vec<String>,
    /// What is still to be done.
    pub follow_ups: Vec<FollowUpLine>,
    /// Resources that the family asked for; the family's copy only.
    pub resources: Vec<ResourceLine>,
    /// Services with consent, for the physician and the team.
    pub services: Vec<ServiceShort>,
    /// What comes next.
    pub next_dates: Vec<DateLine>,
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
