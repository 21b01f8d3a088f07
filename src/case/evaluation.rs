//! Evaluations and assessments, and the consents that come before them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Date, EventId, Line, PersonId};

/// An evaluation or assessment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Evaluation {
    /// The event.
    pub event_id: EventId,
    /// What was looked at.
    pub kind: EvaluationKind,
    /// The day.
    pub on: Date,
    /// Instruments used.
    pub instruments: Vec<Line>,
    /// By whom.
    pub performed_by: Vec<Line>,
    /// The basis of eligibility, in one line, where this evaluation decided it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub eligibility_basis: Option<Line>,
    /// Whether the team found the child eligible, where this evaluation decided it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub eligible: Option<bool>,
    /// The day on which the written report was ready; the parents' copy is owed from then (303.409(c)).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report_on: Option<Date>,
    /// The day on which the parents got their copy of the report.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copy_given_on: Option<Date>,
}

/// A parent's answer to one act that needs consent before there is a plan (34 CFR 303.420(a), 303.520).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ActConsent {
    /// The event.
    pub event_id: EventId,
    /// Consent to what.
    pub act: ConsentAct,
    /// The day on which the parent was asked.
    pub asked_on: Date,
    /// The parent's answer; absent while it is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<ActAnswer>,
}

/// A parent's answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ActAnswer {
    /// Yes or no.
    pub given: bool,
    /// The day of the signature.
    pub on: Date,
    /// Who signed.
    pub by: PersonId,
}

/// An act that needs consent before there is a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConsentAct {
    /// Screening (303.420(a)(1)).
    Screening,
    /// Evaluation and assessment of the child (303.420(a)(2)).
    Evaluation,
    /// Use of public insurance or benefits (303.420(a)(4), 303.520).
    PublicInsurance,
    /// Use of private insurance (303.420(a)(4), 303.520).
    PrivateInsurance,
}

/// Kind of evaluation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EvaluationKind {
    /// Screening.
    Screening,
    /// Evaluation for eligibility.
    Evaluation,
    /// Assessment of the child.
    ChildAssessment,
    /// Assessment of the family, voluntary.
    FamilyAssessment,
    /// Hearing.
    Hearing,
    /// Vision.
    Vision,
    /// Review of health records.
    HealthReview,
    /// The child outcomes rating, at entry or exit.
    OutcomesRating,
}
