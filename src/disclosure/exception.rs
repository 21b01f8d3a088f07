//! The exceptions that the law names, each granted by a person and looked at by a reviewer.

use std::collections::BTreeSet;

use super::{
    authorization::Basis,
    facts::{Facts, Question},
    legal_basis::Ground,
    reason::Refusal,
};
use crate::case::{Exception, ExceptionGround, Recipient, RecordClass};

/// The ground with what a reviewer let go beside it. An exception that shows more than the usual ground carries the paper, and
/// the classes of both are shown: the narrower of two permissions never takes away what the other gives. It serves what a
/// person asks for, never what goes by itself: whoever looked at an emergency did not look at next month's copy.
pub(super) fn beside<'a>(
    usual: Result<Ground<'a>, Refusal>,
    question: &Question<'_>,
    facts: &Facts<'a>,
) -> Result<Ground<'a>, Refusal> {
    let standing: Vec<&Exception> = standing(question, facts).collect();
    let Some(latest) = standing.last().copied().filter(|_| question.by_hand) else { return usual };
    let basis = basis(latest);
    let of_one_kind = standing.iter().filter(|exception| self::basis(exception) == basis);
    let granted: BTreeSet<RecordClass> = of_one_kind.flat_map(|exception| exception.classes.iter().copied()).collect();
    let alone = Ground { exception: Some(latest), ..Ground::office(basis, granted.iter().copied()) };
    match usual {
        Ok(usual) if !rests_on_the_record(usual.basis) || granted.is_subset(&usual.classes) => Ok(usual),
        Ok(usual) if usual.classes.is_subset(&granted) => {
            Ok(Ground { audience: usual.audience, agency: usual.agency, ..alone })
        }
        // A release keeps its own limits for all that is shown: what it leaves out may be what its signer feared.
        Ok(usual) => {
            let classes = usual.classes.union(&granted).copied().collect();
            Ok(Ground { basis, classes, exception: Some(latest), ..usual })
        }
        Err(_) => Ok(alone),
    }
}

/// Whether a ground shows parts of the record by class, so that another may show more of them.
fn rests_on_the_record(basis: Basis) -> bool {
    matches!(basis, Basis::Consent | Basis::ParticipatingAgency | Basis::Caseworker)
}

/// The exceptions that stand for this recipient on this day, in the order in which they were granted. One for an office is
/// for its people too, one for a person there for nobody else.
fn standing<'a>(question: &Question<'_>, facts: &Facts<'a>) -> impl Iterator<Item = &'a Exception> {
    let is_for = |to: &Recipient| {
        to == question.recipient
            || matches!(to, Recipient::Office { organisation_id, person_id: None }
                if Some(organisation_id) == question.recipient.organisation_id())
    };
    facts.recorded.exceptions.iter().filter(move |e| is_for(&e.recipient) && e.holds_on(facts.day) && on_file(e, facts))
}

fn basis(exception: &Exception) -> Basis {
    match exception.ground {
        ExceptionGround::Emergency { .. } => Basis::Emergency,
        ExceptionGround::CourtOrder { .. } => Basis::CourtOrder,
        ExceptionGround::Audit { .. } => Basis::Audit,
    }
}

/// An exception by court order rests on an order that is on file.
fn on_file(exception: &Exception, facts: &Facts<'_>) -> bool {
    match &exception.ground {
        ExceptionGround::CourtOrder { order_id, .. } => {
            facts.recorded.orders(facts.record).iter().any(|order| &order.order_id == order_id)
        }
        ExceptionGround::Emergency { .. } | ExceptionGround::Audit { .. } => true,
    }
}
