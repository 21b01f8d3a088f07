//! The people around the child: who they are to it, with whom it lives, and what they signed.

use super::{Findings, directory::endpoints};
use crate::case::import::Rules;
use crate::case::{CaseRecord, Directory, FamilyMember, ParentRole, PersonId, Release};

pub(super) fn family_member(member: &FamilyMember, directory: &Directory, at: &str, f: &mut Findings) {
    endpoints(&member.endpoints, at, f);
    if member.parent_role != ParentRole::None && !member.may_receive_records && member.restriction_basis.is_none() {
        f.add(
            format!("{at}.restriction_basis"),
            "a parent has the right to the record unless an order, law or binding paper says otherwise (34 CFR 303.405): name it",
        );
    }
    if member.surrogate.is_some() && member.parent_role != ParentRole::Surrogate {
        f.add(format!("{at}.surrogate"), "is for a person whose parent_role is surrogate");
    }
    let employer = member.surrogate.as_ref().and_then(|surrogate| surrogate.employer.as_ref());
    if employer.is_some_and(|office| directory.organisation(office).is_none()) {
        f.add(format!("{at}.surrogate.employer"), "no organisation of the directory has this id");
    }
    if let Some(preferred) = &member.preferred_endpoint
        && !member.endpoints.iter().any(|e| &e.endpoint_id == preferred)
    {
        f.add(format!("{at}.preferred_endpoint"), "names no endpoint of this person");
    }
}

pub(super) fn known_member(record: &CaseRecord, person: &PersonId, field: &str, f: &mut Findings) {
    if record.member(person).is_none() {
        f.add(field, "names nobody of this family");
    }
}

/// With whom the child lives, and who answers for a child in care.
pub(super) fn placements(record: &CaseRecord, directory: &Directory, f: &mut Findings) {
    for (i, placement) in record.placements.iter().enumerate() {
        known_member(record, &placement.person_id, &format!("placements[{i}].person_id"), f);
        if placement.to.is_some_and(|to| to < placement.from) {
            f.add(format!("placements[{i}].to"), "lies before the first day");
        }
    }
    for (i, caseworker) in record.caseworkers.iter().enumerate() {
        match directory.professional(&caseworker.person_id) {
            None => f.add(format!("caseworkers[{i}].person_id"), "no professional of the directory has this id"),
            Some(p) if p.organisation_id != caseworker.organisation_id => {
                f.add(
                    format!("caseworkers[{i}].organisation_id"),
                    "is not the office in which this professional works",
                );
            }
            Some(_) => {}
        }
        if caseworker.case_plan_access && caseworker.legal_responsibility.is_none() {
            f.add(
                format!("caseworkers[{i}].legal_responsibility"),
                "missing; say which paper makes the agency legally responsible for this child",
            );
        }
    }
}

pub(super) fn release(record: &CaseRecord, release: &Release, rules: &Rules<'_>, at: &str, f: &mut Findings) {
    if release.recipients.is_empty() {
        f.add(format!("{at}.recipients"), "names nobody; a release says to whom (34 CFR 303.7)");
    }
    if release.classes.is_empty() {
        f.add(format!("{at}.classes"), "names no records; a release says which (34 CFR 303.7)");
    }
    match record.member(&release.signed_by) {
        None => f.add(format!("{at}.signed_by"), "names nobody of this family"),
        // A former foster parent's release is suspended until it is reviewed; a person who was never a parent could sign none.
        Some(signer) if !signer.may_consent && signer.parent_role == ParentRole::None => {
            f.add(format!("{at}.signed_by"), "this person may not sign consents");
        }
        Some(_) => {}
    }
    if release.expires_on.is_some_and(|end| end < release.signed_on) {
        f.add(format!("{at}.expires_on"), "lies before the signature");
    }
    if *release.signed_on > rules.today && !release.draft {
        f.add(format!("{at}.signed_on"), "lies in the future; a form that is not signed yet has `draft` true");
    }
    if let (Some(from), Some(to)) = (release.records_from, release.records_to)
        && to < from
    {
        f.add(format!("{at}.records_to"), "lies before records_from");
    }
    if let Some(person) = &release.confirmed_by {
        known_member(record, person, &format!("{at}.confirmed_by"), f);
    }
    if let Some(other) = &release.superseded_by
        && (other == &release.release_id || !record.releases.iter().any(|r| &r.release_id == other))
    {
        f.add(format!("{at}.superseded_by"), "names no other release of this record");
    }
    for (i, recipient) in release.recipients.iter().enumerate() {
        if rules.directory.organisation(&recipient.organisation_id).is_none() {
            f.add(format!("{at}.recipients[{i}].organisation_id"), "no organisation of the directory has this id");
        }
    }
}
