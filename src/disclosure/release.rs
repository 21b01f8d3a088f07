//! A parent's written release: which stand on a day, and which covers what is asked.

use std::collections::BTreeSet;

use super::{
    facts::{Facts, Question},
    parent,
    reason::{Reason, Refusal},
};
use crate::case::{OrganisationId, PersonId, RecordClass, Release};

/// The release that covers most, among those that name this recipient and cover what the papers need.
pub(super) fn covering<'a>(
    question: &Question<'_>,
    organisation: &OrganisationId,
    person: Option<&PersonId>,
    facts: &Facts<'a>,
) -> Result<&'a Release, Refusal> {
    let named = facts.record.releases.iter().filter(|release| {
        release.recipients.iter().any(|r| {
            // A release to the office covers its people; one to a person covers nobody else there.
            &r.organisation_id == organisation && (r.person_id.is_none() || r.person_id.as_ref() == person)
        })
    });
    let mut worst = Refusal::of(Reason::NoRelease);
    let mut standing: Vec<&Release> = Vec::new();
    for release in named {
        match stands(release, facts) {
            Ok(()) => standing.push(release),
            Err(reason) => {
                if rank(reason) > rank(worst.reason) {
                    worst = Refusal::about(reason, format!("release {}", release.release_id));
                }
            }
        }
    }
    if standing.is_empty() {
        return Err(worst);
    }
    let needed: BTreeSet<RecordClass> =
        question.papers.iter().flat_map(|kind| crate::document::classes_of(*kind).needs).copied().collect();
    standing.sort_by_key(|r| (r.classes.len(), r.signed_on));
    let covering = standing.iter().rev().find(|r| needed.iter().all(|class| r.classes.contains(class)));
    covering.copied().ok_or_else(|| {
        let missing: Vec<&str> =
            needed.iter().filter(|c| !standing.iter().any(|r| r.classes.contains(c))).map(|c| c.words()).collect();
        Refusal::about(Reason::ClassNotCovered, missing.join(", "))
    })
}

/// Whether a release stands on this day; its last day is included.
fn stands(release: &Release, facts: &Facts<'_>) -> Result<(), Reason> {
    if facts.recorded.revoked.contains(&release.release_id) || release.revoked_on.is_some_and(|on| *on <= facts.day) {
        return Err(Reason::ReleaseRevoked);
    }
    if facts.recorded.revoked_orally.contains(&release.release_id) {
        return Err(Reason::ReleaseRevokedOrally);
    }
    if release.expires_on.is_some_and(|end| *end < facts.day) {
        return Err(Reason::ReleaseExpired);
    }
    if *release.signed_on > facts.day {
        return Err(Reason::NoRelease);
    }
    if parent::may_consent(&release.signed_by, facts) { Ok(()) } else { Err(Reason::ReleaseSuspended) }
}

/// Of several releases that do not stand, the reason that tells the coordinator most comes first.
fn rank(reason: Reason) -> u8 {
    match reason {
        Reason::ReleaseRevoked => 4,
        Reason::ReleaseRevokedOrally => 3,
        Reason::ReleaseSuspended => 2,
        Reason::ReleaseExpired => 1,
        _ => 0,
    }
}
