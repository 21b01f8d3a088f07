//! What was recorded here and no field of the received record says, handed on with the record: whoever has the one has the
//! other, so that duties, gate, pages and explanations know the same.

use serde::Serialize;

use super::{Date, Objection};

/// What was recorded here about a child, beside its record.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct RecordedHere {
    /// Objections to the notice to the school district, in the order in which they came.
    pub objections: Vec<Objection>,
    /// Whether an objection that came late counts, where a person decided.
    pub late_objection_counts: Option<bool>,
    /// The day on which our own letter told the parents of the notice. No page shows it.
    #[serde(skip)]
    pub told_of_notice_on: Option<Date>,
}
