//! How a paper that binds was brought to a parent whose language it is not written in (34 CFR 303.7(a), 303.421(c)).

use serde::{Deserialize, Serialize};

use crate::case::{Date, FiledId, LanguageTag, Line, PersonId};

/// That one paper was brought to one parent in the parent's language, or why it could not be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Telling {
    pub person_id: PersonId,
    /// The duty that the paper meets.
    pub obligation: String,
    /// The event or period on which that duty hangs: what was told about one notice says nothing about the next.
    pub anchor: String,
    pub on: Date,
    pub way: TellingWay,
}

/// One of the ways by which a consent or a prior written notice may go although its own text is not in the parent's language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "way", rename_all = "snake_case", deny_unknown_fields)]
pub enum TellingWay {
    /// Translated orally or by other means, with the evidence of 34 CFR 303.421(c)(2).
    Orally {
        /// Into which language or mode of communication.
        language: LanguageTag,
        interpreter: Line,
        /// How it was made sure that the parent understood.
        understood: Line,
    },
    /// The state's own form in the parent's language lies behind the paper.
    OfficialForm {
        /// In which language.
        language: LanguageTag,
        /// The form, on file.
        paper_id: FiledId,
    },
    /// The parent's language is clearly not feasible (34 CFR 303.421(c)(1)): the paper goes in English with a cover.
    NotFeasible {
        /// Why, as another reader would understand it.
        because: Line,
    },
}

impl TellingWay {
    /// The word for it in the record of access.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Orally { .. } => "translated-orally",
            Self::OfficialForm { .. } => "official-form",
            Self::NotFeasible { .. } => "language-not-feasible",
        }
    }
}
