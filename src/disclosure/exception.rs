//! The exceptions that the law names, each granted by a person and looked at by a reviewer.

use super::{
    authorization::Basis,
    facts::{Facts, Question},
    legal_basis::Ground,
};
use crate::case::{Exception, ExceptionGround};

/// The exception that stands for this recipient on this day, if one does. It shows the classes that it names.
pub(super) fn ground<'a>(question: &Question<'_>, facts: &Facts<'a>) -> Option<Ground<'a>> {
    let exception = facts
        .recorded
        .exceptions
        .iter()
        .find(|e| &e.recipient == question.recipient && e.holds_on(facts.day) && on_file(e, facts))?;
    let basis = match exception.ground {
        ExceptionGround::Emergency { .. } => Basis::Emergency,
        ExceptionGround::CourtOrder { .. } => Basis::CourtOrder,
        ExceptionGround::Audit { .. } => Basis::Audit,
    };
    Some(Ground { exception: Some(exception), ..Ground::office(basis, exception.classes.iter().copied()) })
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
