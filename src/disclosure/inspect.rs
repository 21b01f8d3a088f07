//! Whether a person may look at a child's record, apart from any sending.

use super::{
    facts::{Facts, Question},
    reason::Refusal,
    recipient::ground,
};
use crate::{case::Recipient, due::Subject};

/// Whether this parent may inspect the record (34 CFR 303.405): the same ground on which a copy would go.
///
/// # Errors
/// The reason why not.
pub fn may_inspect(recipient: &Recipient, facts: &Facts<'_>) -> Result<(), Refusal> {
    ground(&Question { recipient, subject: &Subject::Child, papers: &[], by_hand: true }, facts).map(drop)
}
