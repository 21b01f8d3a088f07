//! What a family may do, and who helps.

use schemars::JsonSchema;
use serde::Serialize;

use super::{HelpLine, Page};

/// The safeguards, as a part of another paper or alone. Their text stands in the language file, or in the state's own
/// file of the template set.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Rights {
    /// Who helps.
    pub help: Vec<HelpLine>,
}

/// View of `procedural-safeguards`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ProceduralSafeguardsView {
    /// Around the content.
    pub page: Page,
    /// The safeguards.
    pub rights: Rights,
}

/// View of `rights-and-advocacy`: who helps, and how to complain.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct RightsAndAdvocacyView {
    /// Around the content.
    pub page: Page,
    /// Who helps.
    pub rights: Rights,
}

/// View of `confidentiality-rights` (34 CFR 303.404) and of `record-locations` (303.408).
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct RecordsView {
    /// Around the content.
    pub page: Page,
    /// How the reader is addressed.
    pub greeting: String,
    /// Which records there are, and where.
    pub records: Vec<RecordPlace>,
}

/// A type of record and where it is kept.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct RecordPlace {
    /// Which records.
    pub records: String,
    /// Where they are kept.
    pub place: String,
    /// Whom to ask.
    pub ask: String,
}
