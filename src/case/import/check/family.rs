//! The people around the child, how they are reached, and with whom it lives.

use super::{directory::endpoints, look::Look};
use crate::case::{
    Address, EmailAddressError, FamilyMember, MailProtection, Organisation, ParentRole, mail_address,
    postal::{has_zip, is_abroad},
};

pub(super) fn members(f: &mut Look<'_>) {
    let record = f.record;
    if record.family.is_empty() {
        f.refuse("family", "names nobody; write down the child's parents and whoever else receives its documents");
    }
    for (i, member) in record.family.iter().enumerate() {
        family_member(member, &format!("family[{i}]"), f);
    }
    if let Some(need) = &record.surrogate_need {
        f.happened_since_birth("surrogate_need.on", need.on);
    }
}

fn family_member(member: &FamilyMember, at: &str, f: &mut Look<'_>) {
    for (field, says) in endpoints(&member.endpoints, at) {
        f.refuse(field, says);
    }
    if f.directory().professional(&member.person_id).is_some() {
        f.refuse(
            format!("{at}.person_id"),
            "is the id of a professional of the directory; give the person of the family an id of their own",
        );
    }
    if member.parent_role != ParentRole::None && !member.may_receive_records && member.restriction_basis.is_none() {
        f.refuse(
            format!("{at}.restriction_basis"),
            "missing; a parent has the right to the record unless an order, law or binding paper says otherwise (34 CFR \
             303.405): name it",
        );
    }
    if let Some(surrogate) = &member.surrogate {
        if member.parent_role != ParentRole::Surrogate {
            f.refuse(
                format!("{at}.surrogate"),
                "is for a person whose parent_role is surrogate; correct the role, or leave it out",
            );
        }
        f.office(format!("{at}.surrogate.employer"), surrogate.employer.as_ref());
        f.happened_since_birth(format!("{at}.surrogate.appointed_on"), surrogate.appointed_on);
    }
    if let Some(preferred) = &member.preferred_endpoint
        && !member.endpoints.iter().any(|e| &e.endpoint_id == preferred)
    {
        f.refuse(format!("{at}.preferred_endpoint"), "names no endpoint of this person; correct it, or leave it out");
    }
    reached(member, at, f);
}

/// Days on which somebody made sure of an address lie behind us; and it is this person's own.
fn reached(member: &FamilyMember, at: &str, f: &mut Look<'_>) {
    for (i, endpoint) in member.endpoints.iter().enumerate() {
        let at = format!("{at}.endpoints[{i}]");
        let about = format!("address {}", endpoint.endpoint_id);
        f.happened(format!("{at}.verified_on"), endpoint.verified_on);
        if let Address::Postal { lines } = &endpoint.address
            && !has_zip(lines)
            && !is_abroad(lines)
        {
            f.ask(
                format!("{at}.address.lines"),
                &about,
                "ends with no ZIP code, so no letter can be mailed to it; add the ZIP code, or write the country in capital \
                 letters in the last line",
            );
        }
        let Address::Email { to, protection } = &endpoint.address else { continue };
        // The gate does not use such an address; what else the record says counts.
        if let Some(MailProtection::PlainWithWarning { warned_on, .. }) = protection
            && **warned_on > f.today()
        {
            f.ask(
                format!("{at}.address.protection.warned_on"),
                &about,
                "lies in the future, so nothing goes to this address by ordinary e-mail; correct the date",
            );
        }
        if f.directory().organisations.iter().any(|office| has_mailbox(office, to)) {
            f.ask(
                format!("{at}.address.to"),
                &about,
                "is an office's address in the directory; check whether it is this person's own, and correct it",
            );
        }
    }
}

fn has_mailbox(office: &Organisation, mailbox: &str) -> bool {
    let same = |to: &str| -> Result<bool, EmailAddressError> {
        let (a, b) = (mail_address(to)?, mail_address(mailbox)?);
        Ok(a.to_string().eq_ignore_ascii_case(b.as_ref()))
    };
    // Nearly every address differs at its first look.
    let may_be = |to: &str| to.len().abs_diff(mailbox.len()) <= 8;
    office.endpoints.iter().any(|endpoint| match &endpoint.address {
        Address::Email { to, .. } => may_be(to) && same(to) == Ok(true),
        _ => false,
    })
}
