//! A consent or a prior written notice goes in words that the parent reads, or somebody has recorded how else it reached
//! the parent (34 CFR 303.7(a), 303.421(c)).

use super::{
    facts::{Facts, Question},
    reason::{Reason, Refusal},
};
use crate::{
    case::{PersonId, Recipient, TellingWay},
    document::assemble::lacks_own_text,
    due::ObligationKind,
};

pub(super) fn reaches(question: &Question<'_>, facts: &Facts<'_>) -> Result<(), Refusal> {
    let Recipient::FamilyMember { person_id } = question.recipient else { return Ok(()) };
    for (duty, anchor, papers) in question.duties() {
        let lacking = papers.iter().find_map(|kind| {
            let tag = lacks_own_text(facts.languages, *kind, facts.record, question.recipient, facts.rules.program)?;
            // A tag that is none could be anything, and a reason holds nothing of the record's own words.
            let plain = tag.len() <= 35 && tag.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
            Some(if plain { format!("{kind}, {tag}") } else { kind.to_string() })
        });
        if let Some(lacking) = lacking
            && !told(question, facts, person_id, duty, anchor)
        {
            return Err(Refusal::about(Reason::NotInTheirLanguage, lacking));
        }
    }
    Ok(())
}

/// Whether it is recorded how this paper reaches this parent. A form counts while it lies in the envelope.
fn told(question: &Question<'_>, facts: &Facts<'_>, person: &PersonId, duty: ObligationKind, anchor: &str) -> bool {
    let about = facts.recorded.told.iter().filter(|telling| {
        &telling.person_id == person && telling.obligation == duty.as_str() && telling.anchor == anchor
    });
    about.into_iter().any(|telling| match &telling.way {
        TellingWay::Orally { .. } | TellingWay::NotFeasible { .. } => true,
        TellingWay::OfficialForm { paper_id, .. } => question.enclosed.contains(paper_id),
    })
}
