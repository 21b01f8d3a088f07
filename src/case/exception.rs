//! Disclosures that need no consent and no role, because the law names them: a closed list, each with a reviewer.

use serde::{Deserialize, Serialize};

use super::{Date, Line, OrderId, PersonId, Recipient, RecordClass};

/// A disclosure without consent, looked at by a person before anything goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exception {
    pub recipient: Recipient,
    /// Which records: only these parts of a paper are shown.
    pub classes: Vec<RecordClass>,
    /// On which ground, with the fields that the law wants.
    pub ground: ExceptionGround,
    /// Who looked at it and answers for it.
    pub reviewer: Line,
    /// The first day on which it holds.
    pub from: Date,
    /// The last day on which it holds.
    pub until: Date,
    /// Parents whom telling at once could put somebody in danger: none is told until a reviewer has decided.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_now: Vec<PersonId>,
}

/// Whether a parent was told that an office had the record in an emergency. It is decided parent by parent and never
/// happens by itself: the parent may be the danger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EmergencyTelling {
    /// The office, and the first day of the exception: which emergency.
    pub recipient: Recipient,
    pub from: Date,
    pub person_id: PersonId,
    pub answer: EmergencyAnswer,
}

/// What a reviewer decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case", deny_unknown_fields)]
pub enum EmergencyAnswer {
    Told {
        on: Date,
        /// How: `by phone, the coordinator`.
        how: Line,
    },
    /// Not now, and looked at again on a day.
    NotNow { reason: Line, look_again_on: Date },
}

/// The ground of an exception.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum ExceptionGround {
    /// An emergency of health or safety (34 CFR 99.31(a)(10)).
    Emergency {
        /// The threat, in words that another reader would understand. It stands in the record of access.
        threat: Line,
    },
    /// A court order or subpoena (99.31(a)(9)).
    CourtOrder {
        /// The order on file.
        order_id: OrderId,
        /// The effort made to tell the parents before.
        parents_told: Line,
    },
    /// An audit of the program.
    Audit {
        /// Who audits, and by which authority.
        authority: Line,
    },
}

impl Exception {
    /// Whether it holds on this day; its last day is included.
    #[must_use]
    pub fn holds_on(&self, day: chrono::NaiveDate) -> bool {
        *self.from <= day && day <= *self.until
    }
}

impl ExceptionGround {
    /// The ground in a sentence, for the record of access.
    #[must_use]
    pub fn in_words(&self) -> String {
        match self {
            Self::Emergency { threat } => format!("Emergency of health or safety: {threat}."),
            Self::CourtOrder { order_id, parents_told } => {
                format!("Court order {order_id}; told to the parents before: {parents_told}.")
            }
            Self::Audit { authority } => format!("Audit: {authority}."),
        }
    }
}
