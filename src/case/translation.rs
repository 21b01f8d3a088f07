//! What people wrote about a child, in another language: by whom it was translated, and how.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Date, LanguageTag, Line, Prose, Translation};

/// Passages of the record in one language, by one translator. The family's copy shows them in the place of the original.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Translated {
    /// Into which language.
    pub language: LanguageTag,
    /// Who translated it: a person, an office, or the name of a machine.
    pub by: Line,
    /// How: `machine`, `human` or `certified`.
    pub how: Translation,
    /// The day.
    pub on: Date,
    /// What was translated.
    pub passages: Vec<Passage>,
}

/// One passage. It stands for its original wherever that stands in the record, word for word, and no longer when the original
/// is changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Passage {
    /// The original, word for word as the record holds it.
    pub original: Prose,
    /// The translation.
    pub text: Prose,
}
