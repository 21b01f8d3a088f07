//! The family's transition packet (34 CFR 303.209, 303.344(h)).

use schemars::JsonSchema;
use serde::Serialize;

use super::{DateLine, Page};

/// View of `transition-packet`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct TransitionPacketView {
    /// Around the content.
    pub page: Page,
    /// How the reader is addressed.
    pub greeting: String,
    /// Third birthday.
    pub third_birthday: String,
    /// Last day of services.
    pub last_day: String,
    /// The key dates as real dates, in order.
    pub dates: Vec<DateLine>,
    /// The conference: day, place, who is invited.
    pub conference: Option<DateLine>,
    /// Who is invited to it.
    pub invited: Vec<String>,
    /// Steps of the plan.
    pub steps: Vec<StepLine>,
    /// What the school district is told.
    pub notice: NoticeInfo,
    /// Programs to look at.
    pub options: Vec<OptionLine>,
    /// The family's own questions.
    pub questions: Vec<String>,
    /// Who helps.
    pub help: Vec<HelpLine>,
}

/// A step.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct StepLine {
    /// What.
    pub text: String,
    /// By whom.
    pub responsible: String,
    /// By when.
    pub due: Option<String>,
    /// When done.
    pub done: Option<String>,
}

/// What the limited notice to the district holds (303.401(d)).
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct NoticeInfo {
    /// The district, by name.
    pub district: Option<String>,
    /// `undecided`, `not_sent`, `objected`, `will_be_sent`.
    pub status: String,
    /// The day by which it goes.
    pub by: Option<String>,
}

/// A program to look at.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct OptionLine {
    /// Name.
    pub name: String,
    /// About it.
    pub about: String,
    /// Telephone.
    pub telephone: Option<String>,
}

/// An office that helps.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct HelpLine {
    /// Name.
    pub name: String,
    /// About it.
    pub about: String,
    /// Telephone.
    pub telephone: String,
}
