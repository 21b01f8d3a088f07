//! A parent's written release: which stand on a day, and which covers what is asked.

use super::{
    facts::{Facts, Question},
    parent,
    reason::{Reason, Refusal},
    surrogate,
};
use crate::{
    case::{OrganisationId, PersonId, Release},
    due::Subject,
};

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
                    let missing = release.hipaa_elements_missing().join(", ");
                    worst = match reason {
                        Reason::ReleaseIncomplete => {
                            Refusal::about(reason, format!("release {}: {missing}", release.release_id))
                        }
                        _ => Refusal::about(reason, format!("release {}", release.release_id)),
                    };
                }
            }
        }
    }
    if standing.is_empty() {
        return Err(worst);
    }
    let needed = question.needs(facts.recorded);
    standing.sort_by_key(|r| (r.classes.len(), r.signed_on));
    let covering = standing.iter().rev().find(|r| needed.iter().all(|class| r.classes.contains(class)));
    covering.copied().ok_or_else(|| {
        let missing: Vec<&str> =
            needed.iter().filter(|c| !standing.iter().any(|r| r.classes.contains(c))).map(|c| c.words()).collect();
        Refusal::about(Reason::ClassNotCovered, missing.join(", "))
    })
}

/// Whether the release's period of records holds what the papers are about. A part that lies outside is masked by
/// the period; a paper that is about nothing else is withheld.
pub(super) fn covers_records(release: &Release, question: &Question<'_>, facts: &Facts<'_>) -> Result<(), Refusal> {
    let on = match question.subject {
        Subject::Plan { ifsp_id, version } | Subject::Lines { ifsp_id, version, .. } => {
            facts.record.version(ifsp_id, *version).map(|v| v.meeting_on)
        }
        Subject::Contact { event_id } => facts.record.contacts.iter().find(|c| &c.event_id == event_id).map(|c| c.on),
        _ => None,
    };
    let outside = on.is_some_and(|on| {
        release.records_from.is_some_and(|from| on < from) || release.records_to.is_some_and(|to| to < on)
    });
    if outside {
        Err(Refusal::about(Reason::OutsideRecordsPeriod, format!("release {}", release.release_id)))
    } else {
        Ok(())
    }
}

/// Whether a release stands on this day; its last day is included.
fn stands(release: &Release, facts: &Facts<'_>) -> Result<(), Reason> {
    // Whoever wrote the day of a revocation has revoked it, also where the day cannot be right.
    if facts.recorded.revoked.contains(&release.release_id) || release.revoked_on.is_some() {
        return Err(Reason::ReleaseRevoked);
    }
    if facts.recorded.revoked_orally.contains(&release.release_id) {
        return Err(Reason::ReleaseRevokedOrally);
    }
    if release.draft {
        return Err(Reason::ReleaseDraft);
    }
    if release.superseded_by.is_some() {
        return Err(Reason::ReleaseSuperseded);
    }
    if release.expires_on.is_some_and(|end| *end < facts.day) {
        return Err(Reason::ReleaseExpired);
    }
    if *release.signed_on > facts.day {
        return Err(Reason::NoRelease);
    }
    if facts.rules.program.policy.under_hipaa && !release.hipaa_elements_missing().is_empty() {
        return Err(Reason::ReleaseIncomplete);
    }
    // A surrogate was appointed since: somebody thought that nobody could act as the parent. Until one who may consent now
    // has reviewed it, nothing rests on it (34 CFR 303.422, 303.27).
    if surrogate::appointed_on(facts).is_some_and(|on| *release.signed_on < on) {
        let confirmed = release.confirmed_by.as_ref().is_some_and(|person| parent::may_consent(person, facts));
        return if confirmed { Ok(()) } else { Err(Reason::ReleaseSuspended) };
    }
    // A change of rights-holder suspends it until the present one has reviewed it.
    let signers = std::iter::once(&release.signed_by).chain(&release.confirmed_by);
    if signers.into_iter().any(|person| parent::may_consent(person, facts)) {
        Ok(())
    } else {
        Err(Reason::ReleaseSuspended)
    }
}

/// Of several releases that do not stand, the reason that tells the coordinator most comes first.
fn rank(reason: Reason) -> u8 {
    match reason {
        Reason::ReleaseRevoked => 7,
        Reason::ReleaseRevokedOrally => 6,
        Reason::ReleaseSuspended => 5,
        Reason::ReleaseIncomplete => 4,
        Reason::ReleaseExpired => 3,
        Reason::ReleaseSuperseded => 2,
        Reason::ReleaseDraft => 1,
        _ => 0,
    }
}
