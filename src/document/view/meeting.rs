//! Invitations: the written notice of a meeting (34 CFR 303.342(d)(2)).

use schemars::JsonSchema;
use serde::Serialize;

use super::Page;

/// View of `meeting-notice`: for the family with a slip to answer, for an office half a page.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct MeetingNoticeView {
    /// Around the content.
    pub page: Page,
    /// How the reader is addressed; the office, on an office's copy.
    pub greeting: String,
    /// Which sort: `initial_meeting`, `periodic_review`, `annual_meeting`, `transition_conference`, `evaluation`,
    /// `intake`, `visit`; it chooses the words on the purpose.
    pub kind: String,
    /// The meeting.
    pub meeting: MeetingLine,
    /// Who is invited besides the family.
    pub invited: Vec<InvitedLine>,
    /// What the family may bring; may be empty.
    pub bring: Vec<String>,
    /// The interpreter.
    pub interpreter: Interpreter,
}

/// A meeting: when and where.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct MeetingLine {
    /// What: `six-month review`.
    pub what: String,
    /// `Tuesday, December 15, 2026`.
    pub date: String,
    /// `4:00 p.m.`; absent until it is set.
    pub time: Option<String>,
    /// How long, as `60 minutes`.
    pub length: Option<String>,
    /// Where; absent until it is set.
    pub place: Option<String>,
}

/// Somebody invited.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct InvitedLine {
    /// Name.
    pub name: String,
    /// Role.
    pub role: String,
}

/// Whether somebody interprets.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Interpreter {
    /// `booked`, `needed` or `not_asked`.
    pub status: String,
    /// The language.
    pub language: String,
}
