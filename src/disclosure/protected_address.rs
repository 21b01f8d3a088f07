//! What another person of the family keeps private, an order keeps from this one, or a foster or kin home is spared.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    authorization::Basis,
    facts::Facts,
    parent,
    reason::{Reason, Refusal},
};
use crate::{
    case::{FamilyMember, OrderEffect, OrganisationId, OrganisationKind, PersonId, Recipient},
    document::{Hidden, Private, not_searchable},
};

/// Whose values this recipient's copy must not hold, and which of them.
pub(super) fn from(recipient: &Recipient, basis: Basis, facts: &Facts<'_>) -> BTreeMap<PersonId, Hidden> {
    let mut hides = wishes_and_orders(recipient, facts);
    for member in homes_kept_from(recipient, basis, facts) {
        hides.insert(member.person_id.clone(), Hidden::whole_home());
    }
    hides
}

/// The people of foster and kin homes, from everybody but the team, the caseworker and that home, until the child-welfare
/// agency says otherwise. An emergency and a court have it as a reviewer decided.
fn homes_kept_from<'a>(recipient: &Recipient, basis: Basis, facts: &Facts<'a>) -> Vec<&'a FamilyMember> {
    let team = matches!(
        basis,
        Basis::ParticipatingAgency | Basis::Caseworker | Basis::ProgramAgent | Basis::Emergency | Basis::CourtOrder
    );
    if team {
        return Vec::new();
    }
    let own = facts.record.family_member(recipient);
    let is_known = |member: &FamilyMember| {
        facts
            .record
            .may_be_known(member)
            .is_some_and(|word| *word.on <= facts.day && speaks_for_agency(&word.said_by, facts))
    };
    let lives_there = |member: &FamilyMember| own.is_some_and(|own| own.shares_home_with(member));
    facts.record.of_placement_homes().filter(|member| !lives_there(member) && !is_known(member)).collect()
}

fn speaks_for_agency(person: &PersonId, facts: &Facts<'_>) -> bool {
    let agency = facts.directory.professional(person).map(|p| &p.organisation_id);
    let office = agency.and_then(|agency| facts.directory.organisation(agency));
    office.is_some_and(|office| office.kind == OrganisationKind::ChildWelfare)
}

/// Offices whose place is private, such as a shelter, which this parent need not know: all that the directory marks, but
/// for those for which this parent signed a release or of which a reviewer said that this parent may know.
pub(super) fn offices_kept_from(recipient: &Recipient, facts: &Facts<'_>) -> BTreeSet<OrganisationId> {
    let Recipient::FamilyMember { person_id } = recipient else { return BTreeSet::new() };
    let signed_for = |office: &OrganisationId| {
        let own = facts.record.releases.iter().filter(|release| &release.signed_by == person_id && !release.draft);
        own.flat_map(|release| &release.recipients).any(|to| &to.organisation_id == office)
    };
    let private = facts.directory.organisations.iter().filter(|office| office.location_private);
    private
        .map(|office| &office.organisation_id)
        .filter(|id| !signed_for(id) && !facts.recorded.offices_known.contains(&((*id).clone(), person_id.clone())))
        .cloned()
        .collect()
}

/// What people of the family asked for, and what orders keep.
fn wishes_and_orders(recipient: &Recipient, facts: &Facts<'_>) -> BTreeMap<PersonId, Hidden> {
    let Recipient::FamilyMember { person_id } = recipient else { return BTreeMap::new() };
    let denied_address = parent::in_force(facts)
        .any(|order| order.effect == Some(OrderEffect::DenyAddress) && order.persons.contains(person_id));
    facts
        .record
        .family
        .iter()
        .filter(|member| &member.person_id != person_id)
        .filter_map(|member| {
            let hidden = asked(member);
            // Where the child lives is every address of the others: an order says no more than that.
            let hidden = if denied_address { Hidden { address: true, places: true, ..hidden } } else { hidden };
            (hidden != Hidden::default()).then(|| (member.person_id.clone(), hidden))
        })
        .collect()
}

/// What anybody of the family asked to keep private.
pub(super) fn asked_of_all(facts: &Facts<'_>) -> BTreeMap<PersonId, Hidden> {
    let members = facts.record.family.iter().map(|member| (member.person_id.clone(), asked(member)));
    members.filter(|(_, hidden)| *hidden != Hidden::default()).collect()
}

/// What is kept from a member of the family and is not its own: who lives in one home knows its address.
pub(super) fn unknown_to(member: &FamilyMember, facts: &Facts<'_>) -> BTreeMap<PersonId, Hidden> {
    let reader = Recipient::FamilyMember { person_id: member.person_id.clone() };
    let is_unknown = |owner: &PersonId, value: &Hidden| {
        let alone = BTreeMap::from([(owner.clone(), *value)]);
        !Private::of(facts.record, facts.rules.program, &reader, &alone).is_empty()
            || facts.record.member(owner).is_some_and(|owner| !not_searchable(owner, *value).is_empty())
    };
    let mut unknown = BTreeMap::new();
    for (owner, hidden) in from(&reader, Basis::ParentCopy, facts) {
        let kept = hidden.each().filter(|value| is_unknown(&owner, value)).fold(Hidden::default(), Hidden::and);
        if kept != Hidden::default() {
            unknown.insert(owner, kept);
        }
    }
    unknown
}

/// A value of which nothing can be looked for is not dropped in silence: the copy waits.
pub(super) fn can_be_searched_for(hides: &BTreeMap<PersonId, Hidden>, facts: &Facts<'_>) -> Result<(), Refusal> {
    let members = hides.iter().filter_map(|(person, hidden)| Some((facts.record.member(person)?, *hidden)));
    let lost: Vec<String> = members.flat_map(|(member, hidden)| not_searchable(member, hidden)).collect();
    if lost.is_empty() { Ok(()) } else { Err(Refusal::about(Reason::ProtectedNotSearchable, lost.join("; "))) }
}

fn asked(member: &FamilyMember) -> Hidden {
    member.protected.as_ref().map_or_else(Hidden::default, Hidden::of)
}
