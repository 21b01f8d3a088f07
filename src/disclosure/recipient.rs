//! The ground on which a recipient may have a paper, by the kind of recipient.

use std::collections::BTreeSet;

use super::{
    agency,
    authorization::Basis,
    facts::{Facts, Question},
    parent,
    reason::{Reason, Refusal},
};
use crate::case::{Audience, OrganisationId, Recipient, RecordClass, Release};

pub(super) struct Ground<'a> {
    pub(super) basis: Basis,
    pub(super) audience: Audience,
    pub(super) classes: BTreeSet<RecordClass>,
    pub(super) agency: Option<OrganisationId>,
    pub(super) release: Option<&'a Release>,
}

pub(super) fn ground<'a>(question: &Question<'_>, facts: &Facts<'a>) -> Result<Ground<'a>, Refusal> {
    match question.recipient {
        Recipient::FamilyMember { person_id } => parent::ground(person_id, facts),
        Recipient::Office { organisation_id, person_id } => {
            if facts.directory.organisation(organisation_id).is_none() {
                return Err(Refusal::of(Reason::UnknownRecipient));
            }
            agency::ground(question, organisation_id, person_id.as_ref(), facts)
        }
    }
}
