//! The family's monthly reminder.

use schemars::JsonSchema;
use serde::Serialize;

use super::{FollowUpLine, Page};

/// View of `monthly-reminder`: one page. It names no visit, place, child or diagnosis unless the family asked.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct MonthlyReminderView {
    /// Around the content; without a stamp.
    pub page: Page,
    /// `November 2026`.
    pub month: String,
    /// How the reader is addressed: a name.
    pub greeting: String,
    /// Dates that lie ahead.
    pub dates: Vec<DateLine>,
    /// What the family or the coordinator still has to do.
    pub follow_ups: Vec<FollowUpLine>,
}

/// A date with what it is for.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct DateLine {
    /// Date, such as `May 20, 2027` or `by May 20, 2027`.
    pub date: String,
    /// What.
    pub what: String,
    /// Explanation in a sentence.
    pub note: Option<String>,
}
