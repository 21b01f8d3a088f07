//! A child-welfare caseworker: legal responsibility for this child and access to the case plan, or a release.

use super::{
    agency,
    authorization::Basis,
    facts::{Facts, Question},
    legal_basis::Ground,
    reason::{Reason, Refusal},
};
use crate::case::{Organisation, PersonId, RecordClass};

pub(super) fn ground<'a>(
    question: &Question<'_>,
    office: &Organisation,
    person: Option<&PersonId>,
    facts: &Facts<'a>,
) -> Result<Ground<'a>, Refusal> {
    let here = facts.record.caseworkers.iter().filter(|c| {
        c.organisation_id == office.organisation_id && Some(&c.person_id) == person && c.holds_on(facts.day)
    });
    if here.clone().any(|c| c.legal_responsibility.is_some() && c.case_plan_access) {
        return Ok(Ground::office(Basis::Caseworker, RecordClass::ALL));
    }
    let named = here.count() > 0;
    agency::ground(question, &office.organisation_id, person, facts).map_err(|refusal| {
        // A caseworker on file whose paper is missing is told apart from a stranger.
        if named || refusal.reason == Reason::NoRelease { Refusal::of(Reason::NotResponsible) } else { refusal }
    })
}
