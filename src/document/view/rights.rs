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
