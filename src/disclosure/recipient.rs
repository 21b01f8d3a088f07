//! The ground on which a recipient may have a paper: parent, participating agency, or a release.

use std::collections::BTreeSet;

use super::{
    authorization::Basis,
    facts::{Facts, Question},
    reason::{Reason, Refusal},
};
use crate::{
    case::{
        AssignmentRole, Audience, CourtOrder, FamilyMember, OrderEffect, OrganisationId, ParentRole, PersonId,
        Recipient, RecordClass, Release,
    },
    due::{DocumentKind, calendar::add_calendar_days},
};

/// After the end of an assignment its stop notice may still go for this many calendar days.
const STOP_NOTICE_CALENDAR_DAYS: i64 = 30;

/// What a participating agency gets: everything it needs to serve, nothing of the family's own pages.
const AGENCY_CLASSES: [RecordClass; 5] = [
    RecordClass::Plan,
    RecordClass::EvaluationAndEligibility,
    RecordClass::Health,
    RecordClass::ContactNotes,
    RecordClass::Transition,
];

pub(super) struct Ground<'a> {
    pub(super) basis: Basis,
    pub(super) audience: Audience,
    pub(super) classes: BTreeSet<RecordClass>,
    pub(super) agency: Option<OrganisationId>,
    pub(super) release: Option<&'a Release>,
}

pub(super) fn ground<'a>(question: &Question<'_>, facts: &Facts<'a>) -> Result<Ground<'a>, Refusal> {
    match question.recipient {
        Recipient::FamilyMember { person_id } => parent(person_id, facts),
        Recipient::Office { organisation_id, person_id } => {
            if facts.directory.organisation(organisation_id).is_none() {
                return Err(Refusal::of(Reason::UnknownRecipient));
            }
            office(question, organisation_id, person_id.as_ref(), facts)
        }
    }
}

/// 34 CFR 303.27, 303.405(c): a parent has the record unless evidence says otherwise.
fn parent<'a>(person: &PersonId, facts: &Facts<'a>) -> Result<Ground<'a>, Refusal> {
    let member = facts.record.member(person).ok_or(Refusal::of(Reason::UnknownRecipient))?;
    orders(member, facts)?;
    if member.parent_role == ParentRole::None {
        return Err(Refusal::of(Reason::NotAParent));
    }
    if !member.may_receive_records || facts.recorded.barred.contains(person) {
        return Err(Refusal::of(Reason::Restricted));
    }
    Ok(Ground {
        basis: Basis::ParentCopy,
        audience: Audience::Family,
        classes: RecordClass::ALL.into(),
        agency: None,
        release: None,
    })
}

/// What orders on file do to this person, for as long as each says.
fn orders(member: &FamilyMember, facts: &Facts<'_>) -> Result<(), Refusal> {
    let names = |order: &CourtOrder| order.persons.contains(&member.person_id);
    for order in &facts.record.court_orders {
        let over = order.expires_on.is_some_and(|end| *end < facts.day);
        if over {
            continue;
        }
        match order.effect {
            None if names(order) => {
                return Err(Refusal::about(Reason::OrderUnread, format!("order {}", order.order_id)));
            }
            Some(OrderEffect::DenyAccess) if names(order) && *order.effective_on <= facts.day => {
                return Err(Refusal::about(Reason::Restricted, format!("order {}", order.order_id)));
            }
            Some(OrderEffect::AllowNamedOnly) if !names(order) && *order.effective_on <= facts.day => {
                return Err(Refusal::about(Reason::Restricted, format!("order {}", order.order_id)));
            }
            _ => {}
        }
    }
    Ok(())
}

/// An office: its role for this child first, then a release. A physician's letter always rests on a release.
fn office<'a>(
    question: &Question<'_>,
    organisation: &OrganisationId,
    person: Option<&PersonId>,
    facts: &Facts<'a>,
) -> Result<Ground<'a>, Refusal> {
    let to_physician = question.papers.contains(&DocumentKind::PhysicianLetter) || is_physician(organisation, facts);
    let asks_to_act = question.papers.contains(&DocumentKind::ServiceAuthorization);
    let stops = question.papers.contains(&DocumentKind::StopNotice);
    let role = has_role(organisation, facts, if stops { STOP_NOTICE_CALENDAR_DAYS } else { 0 }, asks_to_act || stops);
    if role && !question.papers.contains(&DocumentKind::PhysicianLetter) {
        if facts.rules.program.policy.team_copy_needs_release && !stops {
            let release = valid_release(question, organisation, person, facts)?;
            let classes = release.classes.iter().copied().filter(|c| AGENCY_CLASSES.contains(c)).collect();
            return Ok(agency(organisation, classes, Some(release)));
        }
        return Ok(agency(organisation, AGENCY_CLASSES.into(), None));
    }
    if asks_to_act || stops {
        return Err(Refusal::of(Reason::NoAssignment));
    }
    let release = valid_release(question, organisation, person, facts)?;
    Ok(Ground {
        basis: Basis::Consent,
        audience: if to_physician { Audience::Physician } else { Audience::Team },
        classes: release.classes.iter().copied().collect(),
        agency: None,
        release: Some(release),
    })
}

fn agency<'a>(
    organisation: &OrganisationId,
    classes: BTreeSet<RecordClass>,
    release: Option<&'a Release>,
) -> Ground<'a> {
    Ground {
        basis: Basis::ParticipatingAgency,
        audience: Audience::Team,
        classes,
        agency: Some(organisation.clone()),
        release,
    }
}

fn is_physician(organisation: &OrganisationId, facts: &Facts<'_>) -> bool {
    facts.record.physicians.iter().any(|p| &p.organisation_id == organisation)
}

/// 303.403: assigned to evaluate, assess, coordinate or deliver, from that assignment to its end, last day included.
fn has_role(organisation: &OrganisationId, facts: &Facts<'_>, grace_calendar_days: i64, must_deliver: bool) -> bool {
    facts.record.assignments.iter().filter(|a| &a.organisation_id == organisation).any(|a| {
        let last = a.to.map(|to| add_calendar_days(*to, grace_calendar_days));
        *a.from <= facts.day
            && last.is_none_or(|last| facts.day <= last)
            && (!must_deliver || a.role == AssignmentRole::Deliver)
    })
}

/// The release that covers most, among those that name this recipient and cover what the papers need.
fn valid_release<'a>(
    question: &Question<'_>,
    organisation: &OrganisationId,
    person: Option<&PersonId>,
    facts: &Facts<'a>,
) -> Result<&'a Release, Refusal> {
    let record = facts.record;
    let named: Vec<&Release> = record
        .releases
        .iter()
        .filter(|release| {
            release.recipients.iter().any(|r| {
                // A release to the office covers its people; one to a person covers nobody else there.
                &r.organisation_id == organisation && (r.person_id.is_none() || r.person_id.as_ref() == person)
            })
        })
        .collect();
    let mut worst = Reason::NoRelease;
    let mut standing: Vec<&Release> = Vec::new();
    for release in named {
        match stands(release, facts) {
            Ok(()) => standing.push(release),
            Err(reason) => worst = more_telling(worst, reason),
        }
    }
    if standing.is_empty() {
        return Err(Refusal::of(worst));
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
    if release.expires_on.is_some_and(|end| *end < facts.day) {
        return Err(Reason::ReleaseExpired);
    }
    if *release.signed_on > facts.day {
        return Err(Reason::NoRelease);
    }
    let signer_may = facts
        .record
        .member(&release.signed_by)
        .is_some_and(|m| m.may_consent && !facts.recorded.barred.contains(&m.person_id));
    if signer_may { Ok(()) } else { Err(Reason::ReleaseSuspended) }
}

/// Of several releases that do not stand, the reason that tells the coordinator most.
fn more_telling(a: Reason, b: Reason) -> Reason {
    let rank = |reason| match reason {
        Reason::ReleaseRevoked => 3,
        Reason::ReleaseSuspended => 2,
        Reason::ReleaseExpired => 1,
        _ => 0,
    };
    if rank(b) > rank(a) { b } else { a }
}
