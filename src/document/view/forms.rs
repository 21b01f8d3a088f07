//! Papers that come back signed.

use schemars::JsonSchema;
use serde::Serialize;

use super::{MeetingLine, Page, ServiceShort};

/// View of `consent-to-release` (34 CFR 303.7, 303.414; 99.30).
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ConsentToReleaseView {
    /// Around the content.
    pub page: Page,
    /// How the reader is addressed.
    pub greeting: String,
    /// Offices that the parent may name, a line each with room for initials.
    pub recipients: Vec<ReleaseLine>,
    /// The records that a parent may name.
    pub classes: Vec<ClassLine>,
}

/// An office on the form.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ReleaseLine {
    /// Person and office.
    pub name: String,
    /// What it does for the child: `your child's doctor`.
    pub role: String,
    /// Telephone.
    pub telephone: Option<String>,
    /// A release that stands already, in words.
    pub standing: Option<String>,
}

/// A class of records on the form.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ClassLine {
    /// The key of its explanation: `plan`, `health`.
    pub key: String,
    /// Name.
    pub name: String,
}

/// View of `physician-certification`: a statement to sign and return.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct PhysicianCertificationView {
    /// Around the content.
    pub page: Page,
    /// Physician and practice.
    pub to: String,
    /// The practice, where `to` is a person.
    pub practice: Option<String>,
    /// On what authority it is sent.
    pub authority: String,
    /// First day of the period that is certified.
    pub from: String,
    /// Its last day.
    pub until: String,
    /// By when it should be back, where the record says so.
    pub by: Option<String>,
    /// The basis of eligibility; absent where the release does not cover it.
    pub eligibility: Option<String>,
    /// Services to which the parent has consented.
    pub services: Vec<ServiceShort>,
}

/// View of `evaluation-consent` (34 CFR 303.420(a)(2)).
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct EvaluationConsentView {
    /// Around the content.
    pub page: Page,
    /// How the reader is addressed.
    pub greeting: String,
    /// When and where, if it is arranged.
    pub meeting: Option<MeetingLine>,
    /// Language of the home, in which the child is evaluated where that is right.
    pub language: String,
}

/// View of `insurance-consent` (34 CFR 303.420(a)(4), 303.520).
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct InsuranceConsentView {
    /// Around the content.
    pub page: Page,
    /// How the reader is addressed.
    pub greeting: String,
    /// Whether public insurance is asked about.
    pub public: bool,
    /// Whether private insurance is asked about.
    pub private: bool,
    /// Services of the plan that are to be paid, where there is a plan.
    pub services: Vec<ServiceShort>,
}
