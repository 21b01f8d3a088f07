//! Reports on the record of access: rendered like papers, but no paper of the catalogue. They are printed for a
//! person who asks, and never sent by themselves.

use crate::hint::Field;
use serde::Serialize;

use super::typst::{
    line_breaking::finished,
    render::{MOST_PAGES, RenderError, Rendered, render_named},
    world::TemplateSet,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportKind {
    /// Who received what about a child, when, why, on what authority, with what result.
    RecordOfAccess,
    /// Everything that is known of one dispatch, for a lay person.
    EvidenceSheet,
    /// What went wrong, told to a parent.
    IncidentLetter,
    /// Told to parents before a record is destroyed.
    DestructionNotice,
}

impl ReportKind {
    /// All of them.
    pub const ALL: [Self; 4] =
        [Self::RecordOfAccess, Self::EvidenceSheet, Self::IncidentLetter, Self::DestructionNotice];

    /// The folder of its template.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::RecordOfAccess => "record-of-access",
            Self::EvidenceSheet => "evidence-sheet",
            Self::IncidentLetter => "incident-letter",
            Self::DestructionNotice => "destruction-notice",
        }
    }
}

/// Renders one report to the standards of every paper.
///
/// # Errors
/// When the template refuses the view, or it would have more pages than any paper.
pub fn render_report(set: &TemplateSet, kind: ReportKind, view: &impl Serialize) -> Result<Rendered, RenderError> {
    let name = kind.as_str();
    render_named(set, name, finished(view), || RenderError::Template {
        place: format!("{name}/main.typ"),
        says: format!(
            "it would have more than {MOST_PAGES} pages; ask for a shorter time with {} and {}",
            Field::From,
            Field::To
        ),
    })
}

/// Renders a coordinator's week, to the standards of every paper. It is a staff sheet and no child's paper.
///
/// # Errors
/// When the template refuses the view, or it would have more pages than any paper.
pub fn render_week(set: &TemplateSet, view: &impl Serialize) -> Result<Rendered, RenderError> {
    render_named(set, "coordinator-week", finished(view), || RenderError::Template {
        place: "coordinator-week/main.typ".to_owned(),
        says: format!("it would have more than {MOST_PAGES} pages; ask for one coordinator"),
    })
}
