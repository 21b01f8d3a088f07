//! Whether a person may look at a child's record, apart from any sending.

use super::{
    facts::{Facts, Question},
    protected_address,
    reason::Refusal,
    recipient::ground,
};
use crate::{
    case::Recipient,
    document::Mask,
    due::{ObligationKind, Subject},
};

/// What this parent may inspect of the record (34 CFR 303.405): all of it, on the same ground on which a copy would go,
/// without what other people of the family keep private.
///
/// # Errors
/// The reason why not.
pub fn may_inspect(recipient: &Recipient, facts: &Facts<'_>) -> Result<Mask, Refusal> {
    let question = Question {
        recipient,
        duty: (ObligationKind::OnRequest, ""),
        subject: &Subject::Child,
        papers: &[],
        shares: &[],
        enclosed: &[],
        by_hand: true,
    };
    let ground = ground(&question, facts)?;
    let offices = protected_address::offices_kept_from(recipient, facts);
    Ok(Mask::parent().hiding(protected_address::from(recipient, ground.basis, facts)).without_offices(offices))
}
