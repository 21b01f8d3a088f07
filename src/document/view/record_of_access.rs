//! Views of the reports on the record of access.

use schemars::JsonSchema;
use serde::Serialize;

use super::Page;

/// View of `record-of-access`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct RecordOfAccessView {
    /// Around the content.
    pub page: Page,
    /// `record`, `accounting` or `hipaa`: which title and opening it bears.
    pub title: String,
    /// The time that it covers, where it is not the whole record.
    pub period: Option<String>,
    /// What left.
    pub lines: Vec<AccessLine>,
    /// Who of the program looked.
    pub looks: Vec<LookLine>,
    /// Requests, refusals, incidents, corrections.
    pub others: Vec<LookLine>,
}

/// One disclosure.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct AccessLine {
    /// The day.
    pub date: String,
    /// Who, as known on that day.
    pub recipient: String,
    /// Where it went; absent where this reader may not know.
    pub address: Option<String>,
    /// The papers with their pages.
    pub papers: Vec<String>,
    /// Why; absent where this reader may not know.
    pub why: Option<String>,
    /// On what authority; absent likewise.
    pub authority: Option<String>,
    /// What became of it, a sentence each.
    pub result: Vec<String>,
    /// Whether it may have been received although nobody knows.
    pub uncertain: bool,
}

/// Something that happened to the record here.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct LookLine {
    /// The day.
    pub date: String,
    /// Who.
    pub who: String,
    /// What.
    pub what: String,
}

/// View of `evidence-sheet`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct EvidenceView {
    /// Around the content.
    pub page: Page,
    /// The dispatch's id.
    pub dispatch: String,
    /// To whom.
    pub recipient: String,
    /// The addresses used.
    pub addresses: Vec<String>,
    /// Why it was sent.
    pub purpose: Option<String>,
    /// On what authority.
    pub authority: Option<String>,
    /// How it stands, in a sentence.
    pub stands: String,
    /// Whether it may have been received although nobody knows.
    pub uncertain: bool,
    /// The papers.
    pub papers: Vec<EvidencePaper>,
    /// Its life, oldest first.
    pub steps: Vec<EvidenceStep>,
    /// The attempts with their answers.
    pub attempts: Vec<EvidenceAttempt>,
    /// The entries of the record of access about it.
    pub entries: Vec<EvidenceEntry>,
    /// What the check of the whole record found when this was printed.
    pub check: String,
}

/// A paper of a dispatch.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct EvidencePaper {
    /// Title.
    pub title: String,
    /// Pages.
    pub pages: u32,
    /// SHA-256 of the exact bytes.
    pub sha256: String,
    /// Whether the stored paper still has it.
    pub stands: bool,
}

/// A step of a dispatch's life.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct EvidenceStep {
    /// The instant in the program's zone.
    pub when: String,
    /// What happened.
    pub what: String,
}

/// An attempt.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct EvidenceAttempt {
    /// From 1.
    pub number: i64,
    /// When it began.
    pub began: String,
    /// By which channel.
    pub channel: String,
    /// How it ended.
    pub outcome: String,
    /// What the other side answered, word for word.
    pub reply: Option<String>,
    /// To which machine, and whether the way was encrypted.
    pub way: Option<String>,
}

/// An entry of the record of access.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct EvidenceEntry {
    /// Its number.
    pub number: i64,
    /// When it was made.
    pub when: String,
    /// What it says.
    pub what: String,
    /// Its hash.
    pub hash: String,
}

/// View of `incident-letter`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct IncidentLetterView {
    /// Around the content.
    pub page: Page,
    /// Whom it greets.
    pub greeting: String,
    /// What happened, in a sentence for its kind.
    pub kind: String,
    /// The day on which it left, where something left.
    pub sent_on: Option<String>,
    /// The day on which it was found out.
    pub found_on: String,
    /// The papers that it is about.
    pub papers: Vec<String>,
    /// What a person wrote about it.
    pub what: String,
    /// What is known of the papers now: given back, destroyed, not known.
    pub now: String,
}

/// View of `destruction-notice`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct DestructionNoticeView {
    /// Around the content.
    pub page: Page,
    /// The day after which the record may be destroyed.
    pub destroy_after: Option<String>,
    /// The last day of services.
    pub left_on: Option<String>,
}
