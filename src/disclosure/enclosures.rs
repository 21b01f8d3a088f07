//! Papers made elsewhere in an envelope: each must be on file, and be one that this recipient may have.

use super::{
    authorization::Basis,
    facts::{Facts, Question},
    legal_basis::Ground,
    reason::{Reason, Refusal},
};
use crate::case::{FiledPaper, RecordClass};

pub(super) fn may_go(question: &Question<'_>, facts: &Facts<'_>, ground: &Ground<'_>) -> Result<(), Refusal> {
    for id in question.enclosed {
        let Some(paper) = facts.recorded.filed.get(id) else {
            return Err(Refusal::about(Reason::EnclosureGone, format!("paper {id}")));
        };
        if ground.basis != Basis::ParentCopy {
            outside(paper, ground)?;
        }
    }
    Ok(())
}

/// What an office may have: every class that the paper shows, and of the time that a release covers.
fn outside(paper: &FiledPaper, ground: &Ground<'_>) -> Result<(), Refusal> {
    let about = |reason| Refusal::about(reason, format!("paper {}, {}", paper.paper_id, paper.kind));
    let needed = paper.kind.outside().ok_or_else(|| about(Reason::NotForRecipient))?;
    if needed.iter().any(|class: &RecordClass| !ground.classes.contains(class)) {
        return Err(about(Reason::ClassNotCovered));
    }
    let outside_period = ground.release.is_some_and(|release| {
        release.records_from.is_some_and(|from| paper.on < from) || release.records_to.is_some_and(|to| to < paper.on)
    });
    if outside_period { Err(about(Reason::OutsideRecordsPeriod)) } else { Ok(()) }
}
