//! What parents signed: who may consent, when it was given, when it ended.

use chrono::Months;

use super::{life::LONGEST_BEFORE_BIRTH, look::Look};
use crate::case::{CaseRecord, Date, FamilyMember, OrderEffect, ParentRole, Release};

/// A release is for one child in one program, which ends at three.
const LONGEST_RELEASE: Months = Months::new(60);

/// Whoever consents may consent (34 CFR 303.27, 303.420). A caregiver whose time has passed, or a parent whose right an
/// order has ended since, could consent then.
pub(super) fn giver(f: &mut Look<'_>, field: &str, person: &crate::case::PersonId, on: Date) {
    f.family(field, person);
    let Some(member) = f.record.member(person) else { return };
    if member.may_consent || could_consent(f.record, member, on, f.today()) {
        return;
    }
    // A paper has ended this parent's right, and the record does not say when: who consented before that could. Of a
    // caregiver the days are known.
    let placed = f.record.placements.iter().any(|placement| &placement.person_id == person);
    if member.parent_role != ParentRole::None && member.restriction_basis.is_some() && !placed {
        f.ask(
            field,
            format!("consents of {person}"),
            "may not consent today; check that the consent was given before the paper of `restriction_basis`, and enter an \
             order in `court_orders`",
        );
    } else {
        f.refuse(field, "may not consent, as the record has it; name the parent who signed, or correct `may_consent`");
    }
}

fn could_consent(record: &CaseRecord, member: &FamilyMember, on: Date, today: chrono::NaiveDate) -> bool {
    if member.parent_role == ParentRole::None {
        return false;
    }
    let lived = record.placements.iter().filter(|placement| placement.person_id == member.person_id);
    let has_moved = lived.clone().any(|p| p.holds_on(*on)) && !lived.clone().any(|p| p.holds_on(today));
    let barred_since = record.court_orders.iter().any(|order| {
        let named = order.persons.contains(&member.person_id);
        let ends_it = match order.effect {
            Some(OrderEffect::DenyAccess) => named,
            Some(OrderEffect::NamedDecisionMaker | OrderEffect::AllowNamedOnly) => !named,
            Some(OrderEffect::DenyAddress) | None => false,
        };
        ends_it && on < order.effective_on
    });
    has_moved || barred_since
}

/// Answers to acts that need consent before there is a plan (303.420(a), 303.520).
pub(super) fn acts(f: &mut Look<'_>) {
    for (i, consent) in f.record.consents.iter().enumerate() {
        let at = format!("consents[{i}]");
        f.happened(format!("{at}.asked_on"), consent.asked_on);
        let Some(answer) = &consent.answer else { continue };
        f.happened(format!("{at}.answer.on"), answer.on);
        let asked = "the day on which the parent was asked";
        f.follows(format!("{at}.answer.on"), answer.on, consent.asked_on, asked);
        giver(f, &format!("{at}.answer.by"), &answer.by, answer.on);
    }
}

pub(super) fn releases(f: &mut Look<'_>) {
    for (i, release) in f.record.releases.iter().enumerate() {
        let at = format!("releases[{i}]");
        says_what_and_to_whom(release, &at, f);
        signed(release, &at, f);
        ends(release, &at, f);
    }
}

fn says_what_and_to_whom(release: &Release, at: &str, f: &mut Look<'_>) {
    if release.recipients.is_empty() {
        f.refuse(format!("{at}.recipients"), "names nobody; say to whom the release goes (34 CFR 303.7)");
    }
    if release.classes.is_empty() {
        f.refuse(format!("{at}.classes"), "names no records; say which the release covers (34 CFR 303.7)");
    }
    let matters = counts(release, f);
    for (i, recipient) in release.recipients.iter().enumerate() {
        let at = format!("{at}.recipients[{i}]");
        f.office(format!("{at}.organisation_id"), &recipient.organisation_id);
        f.works_in(format!("{at}.person_id"), recipient.person_id.as_ref(), Some(&recipient.organisation_id), matters);
    }
}

/// Whether something may still rest on it.
fn counts(release: &Release, f: &Look<'_>) -> bool {
    release.revoked_on.is_none()
        && release.superseded_by.is_none()
        && release.expires_on.is_none_or(|end| *end >= f.today())
}

fn signed(release: &Release, at: &str, f: &mut Look<'_>) {
    let field = format!("{at}.signed_on");
    let signed_on = *release.signed_on;
    if signed_on > f.today() && !release.draft {
        f.refuse(
            &field,
            "lies in the future; correct the date, or mark a form that is not signed yet with `draft` true",
        );
    }
    if signed_on < f.born() - LONGEST_BEFORE_BIRTH {
        f.refuse(&field, "lies before the child's birth date by more than a pregnancy; correct one of the two");
    } else if signed_on < f.born() {
        f.ask(
            &field,
            format!("release {}", release.release_id),
            "lies before the child's birth date; check both, and leave them where a mother signed while she was pregnant",
        );
    }
    match f.record.member(&release.signed_by) {
        None => f.family(format!("{at}.signed_by"), &release.signed_by),
        // A former foster parent's release is suspended until it is reviewed; a person who was never a parent could sign none.
        Some(signer) if !signer.may_consent && signer.parent_role == ParentRole::None => {
            f.refuse(format!("{at}.signed_by"), "this person may not sign consents; name the parent who signed");
        }
        Some(_) => {}
    }
    if let Some(person) = &release.confirmed_by {
        giver(f, &format!("{at}.confirmed_by"), person, f.today().into());
    }
}

fn ends(release: &Release, at: &str, f: &mut Look<'_>) {
    let about = format!("release {}", release.release_id);
    f.follows(format!("{at}.expires_on"), release.expires_on, release.signed_on, "the signature");
    let latest = release.signed_on.checked_add_months(LONGEST_RELEASE);
    if release.expires_on.is_some_and(|end| latest.is_none_or(|latest| *end > latest)) {
        f.ask(
            format!("{at}.expires_on"),
            &about,
            "lies more than five years after the signature; check the date on the form",
        );
    }
    // The safe side: whatever its day, the release counts as revoked (disclosure::release).
    if let Some(revoked) = release.revoked_on {
        let says = if *revoked > f.today() {
            Some("lies in the future; the release counts as revoked today. Correct the date")
        } else if revoked < release.signed_on {
            Some("lies before the signature; the release counts as revoked. Correct one of the two")
        } else {
            None
        };
        if let Some(says) = says {
            f.ask(format!("{at}.revoked_on"), &about, says);
        }
    }
    f.follows(format!("{at}.records_to"), release.records_to, release.records_from, "records_from");
    superseded(release, at, f);
}

/// A release gives way to another one, and the way does not lead back to itself.
fn superseded(release: &Release, at: &str, f: &mut Look<'_>) {
    let releases = &f.record.releases;
    let mut next = release.superseded_by.as_ref();
    for _ in 0..=releases.len() {
        let Some(id) = next else { return };
        if id == &release.release_id {
            break;
        }
        let Some(other) = releases.iter().find(|r| &r.release_id == id) else {
            // Only the one that names it is told so.
            if release.superseded_by.as_ref() == Some(id) {
                f.refuse(
                    format!("{at}.superseded_by"),
                    "names no other release of this record; correct it, or leave it out",
                );
            }
            return;
        };
        next = other.superseded_by.as_ref();
    }
    f.refuse(
        format!("{at}.superseded_by"),
        "names no other release of this record that is in effect: they replace each other in a ring. Leave it out where \
         the release is the latest",
    );
}
