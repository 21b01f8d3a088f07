//! The endpoint: the recipient's own, verified, in use, protected, and of a kind that has a channel.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    authorization::Basis,
    facts::Facts,
    parent, protected_address,
    reason::{Reason, Refusal},
};
use crate::{
    case::{
        Address, Endpoint, EndpointId, EndpointKind, FamilyMember, MailProtection, OrganisationId, PersonId, Recipient,
        postal::{has_zip, is_abroad},
    },
    document::{Hidden, is_same_place},
};

/// The first endpoint of the recipient by which personal papers may go.
pub(super) fn choose<'a>(recipient: &Recipient, facts: &Facts<'a>) -> Result<&'a Endpoint, Refusal> {
    let (all, preferred): (&[Endpoint], Option<&EndpointId>) = match recipient {
        Recipient::FamilyMember { person_id } => {
            let member = facts.record.member(person_id).ok_or(Refusal::of(Reason::UnknownRecipient))?;
            (&member.endpoints, member.preferred_endpoint.as_ref())
        }
        Recipient::Office { organisation_id, person_id } => {
            let office = facts.directory.organisation(organisation_id).ok_or(Refusal::of(Reason::UnknownRecipient))?;
            let own =
                person_id.as_ref().and_then(|id| facts.directory.professional(id)).and_then(|p| p.endpoint.as_ref());
            (&office.endpoints, own)
        }
    };
    if all.is_empty() {
        return Err(Refusal::of(Reason::NoEndpoint));
    }
    let mut in_order: Vec<&Endpoint> = all.iter().collect();
    in_order.sort_by_key(|e| preferred != Some(&e.endpoint_id));
    let mut refusals = Vec::new();
    for endpoint in in_order {
        match usable(endpoint, recipient, facts) {
            Ok(()) => return Ok(endpoint),
            Err(reason) => refusals.push((reason, endpoint.address.kind())),
        }
    }
    Err(told(&refusals))
}

fn usable(endpoint: &Endpoint, recipient: &Recipient, facts: &Facts<'_>) -> Result<(), Reason> {
    let verified_here = facts.recorded.verified.get(&endpoint.endpoint_id).filter(|v| *v.on <= facts.day);
    // The record's own end of an address stands until somebody makes sure of it on a later day.
    let ended = endpoint.disabled_on.is_some_and(|on| *on <= facts.day && verified_here.is_none_or(|v| v.on <= on));
    if facts.recorded.disabled.contains(&endpoint.endpoint_id) || ended {
        return Err(Reason::EndpointDisabled);
    }
    if !facts.channels.contains(&endpoint.address.kind()) {
        return Err(Reason::NoChannel);
    }
    if verified_here.is_none() {
        if endpoint.verified_on.is_none_or(|on| *on > facts.day) {
            return Err(Reason::EndpointUnverified);
        }
        if moved_away(endpoint, recipient, facts) {
            return Err(Reason::AddressMoved);
        }
        // A parent's own address is read back at intake; an office's wrong number reaches a stranger.
        let office = recipient.organisation_id().is_some_and(|id| *id != facts.rules.program.program_id);
        if office && (endpoint.verified_by.is_none() || endpoint.verified_how.is_none()) {
            return Err(Reason::EndpointSecondLook);
        }
    }
    if shared(endpoint, recipient, facts) || shared_with_one_kept_out(endpoint, recipient, facts) {
        return Err(Reason::EndpointShared);
    }
    // A misdialled fax is the classic breach: a number holds for a year after somebody made sure of it.
    let sure_on = endpoint.verified_on.into_iter().chain(verified_here.map(|v| v.on)).map(|on| *on).max();
    let old = sure_on.and_then(|on| on.checked_add_months(chrono::Months::new(12))).is_none_or(|last| last < facts.day);
    if endpoint.address.kind() == EndpointKind::Fax && old {
        return Err(Reason::EndpointUnverified);
    }
    if let Address::Postal { lines } = &endpoint.address {
        if !has_zip(lines) && !is_abroad(lines) {
            return Err(Reason::AddressIncomplete);
        }
        let family = recipient.organisation_id().is_none();
        if family && !confirmed_lately(endpoint, facts) {
            return Err(Reason::AddressOld);
        }
    }
    match &endpoint.address {
        Address::Email { protection: None, .. } => Err(Reason::EndpointUnprotected),
        // A parent who will have been warned was not warned.
        Address::Email { protection: Some(MailProtection::PlainWithWarning { warned_on, .. }), .. }
            if **warned_on > facts.day =>
        {
            Err(Reason::EndpointUnprotected)
        }
        _ => Ok(()),
    }
}

/// Whether somebody has confirmed a family's address within the program's time, in the record or here.
#[must_use]
pub fn confirmed_lately(endpoint: &Endpoint, facts: &Facts<'_>) -> bool {
    let here = facts.recorded.verified.get(&endpoint.endpoint_id).map(|v| *v.on).filter(|on| *on <= facts.day);
    let confirmed = here.max(endpoint.verified_on.map(|on| *on));
    let good_for = i64::from(facts.rules.program.policy.address_good_calendar_days);
    confirmed.is_some_and(|on| (facts.day - on).num_days() <= good_for)
}

/// Everybody else of the family who can be reached at the same place.
pub(super) fn others_there<'a>(
    endpoint: &Endpoint,
    recipient: &Recipient,
    facts: &Facts<'a>,
) -> impl Iterator<Item = &'a FamilyMember> {
    let (day, disabled) = (facts.day, &facts.recorded.disabled);
    facts.record.family.iter().filter(move |member| {
        !matches!(recipient, Recipient::FamilyMember { person_id } if person_id == &member.person_id)
            // An address that this person has left, or that is out of use, reaches nobody there any more.
            && member.endpoints.iter().any(|theirs| {
                theirs.disabled_on.is_none_or(|on| *on > day)
                    && !disabled.contains(&theirs.endpoint_id)
                    && is_same_place(&theirs.address, &endpoint.address)
            })
    })
}

/// What a copy for this recipient must not hold at this address: what is kept from the recipient, and from everybody else
/// who reads there.
pub(super) fn hidden_at(
    endpoint: &Endpoint,
    recipient: &Recipient,
    basis: Basis,
    facts: &Facts<'_>,
) -> BTreeMap<PersonId, Hidden> {
    let mut hides = protected_address::from(recipient, basis, facts);
    if matches!(recipient, Recipient::Office { .. }) {
        return hides;
    }
    for member in others_there(endpoint, recipient, facts) {
        for (person, hidden) in protected_address::unknown_to(member, facts) {
            let all = hides.entry(person).or_default();
            *all = all.and(hidden);
        }
    }
    hides
}

/// Offices whose place is private from somebody of the family who reads at the same place.
pub(super) fn offices_hidden_at(
    endpoint: &Endpoint,
    recipient: &Recipient,
    facts: &Facts<'_>,
) -> BTreeSet<OrganisationId> {
    others_there(endpoint, recipient, facts)
        .flat_map(|member| protected_address::offices_kept_from(&Recipient::family(&member.person_id), facts))
        .collect()
}

/// Whether somebody of the family who may not have the record can be reached at the same place.
fn shared(endpoint: &Endpoint, recipient: &Recipient, facts: &Facts<'_>) -> bool {
    others_there(endpoint, recipient, facts)
        .any(|member| parent::may_have_the_record(member, facts).is_err_and(|r| r.reason == Reason::Restricted))
}

/// Whether an office's papers, which hold what parents keep from each other, would be read by one of them there.
fn shared_with_one_kept_out(endpoint: &Endpoint, recipient: &Recipient, facts: &Facts<'_>) -> bool {
    matches!(recipient, Recipient::Office { .. })
        && others_there(endpoint, recipient, facts)
            .any(|member| !protected_address::unknown_to(member, facts).is_empty())
}

/// After a move the addresses known until then wait for somebody to make sure of them; a new one counts if it was
/// verified on the day of the move or later.
fn moved_away(endpoint: &Endpoint, recipient: &Recipient, facts: &Facts<'_>) -> bool {
    let Recipient::FamilyMember { person_id } = recipient else { return false };
    let Some(moved) = facts.recorded.moved.get(person_id) else { return false };
    if endpoint.address.kind() != EndpointKind::Postal {
        return false;
    }
    let known = moved.endpoints.contains(&endpoint.endpoint_id);
    endpoint.verified_on.is_none_or(|on| if known { on <= moved.recorded_on } else { on < moved.on })
}

/// The refusal that is nearest to being mended: an unprotected address is closer than none.
fn told(refusals: &[(Reason, EndpointKind)]) -> Refusal {
    let nearest = [
        Reason::EndpointUnprotected,
        Reason::AddressOld,
        Reason::AddressIncomplete,
        Reason::EndpointShared,
        Reason::EndpointSecondLook,
        Reason::AddressMoved,
        Reason::EndpointUnverified,
    ];
    for reason in nearest {
        if refusals.iter().any(|(r, _)| *r == reason) {
            return Refusal::of(reason);
        }
    }
    let kinds: Vec<EndpointKind> = refusals.iter().filter(|(r, _)| *r == Reason::NoChannel).map(|(_, k)| *k).collect();
    if kinds.is_empty() { Refusal::of(Reason::EndpointDisabled) } else { Refusal::no_channel(&kinds) }
}
