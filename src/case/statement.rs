//! A parent's statement about the record (34 CFR 303.412): kept with the contested part and disclosed with it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Date, EventId, Line, PersonId, Prose, RecordClass};

/// What a parent wrote when a hearing did not change the record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// The event.
    pub event_id: EventId,
    /// Who wrote it, a person of the family.
    pub by: PersonId,
    /// The day.
    pub on: Date,
    /// The class of records that holds the contested part: the statement goes along with every copy that shows it.
    pub contests: RecordClass,
    /// The contested part in a few words: `the evaluation of 12 May, hearing`.
    pub about: Line,
    /// The statement, word for word.
    pub text: Prose,
}
