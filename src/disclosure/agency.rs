//! A participating agency within its role for one child and period: 34 CFR 303.403, 303.414(b).

use std::collections::BTreeSet;

use super::{
    authorization::Basis,
    facts::{Facts, Question},
    legal_basis::Ground,
    reason::{Reason, Refusal},
    release,
};
use crate::{
    case::{AssignmentRole, Audience, OrganisationId, PersonId, RecordClass, Release},
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

/// An office: its role for this child first, then a release. A physician's letter always rests on a release.
pub(super) fn ground<'a>(
    question: &Question<'_>,
    organisation: &OrganisationId,
    person: Option<&PersonId>,
    facts: &Facts<'a>,
) -> Result<Ground<'a>, Refusal> {
    let letter = |k: &DocumentKind| matches!(k, DocumentKind::PhysicianLetter | DocumentKind::PhysicianCertification);
    let physicians_letter = question.papers.iter().any(letter);
    let to_physician = physicians_letter || is_physician(organisation, facts);
    let asks_to_act = question.papers.contains(&DocumentKind::ServiceAuthorization);
    let stops = question.papers.contains(&DocumentKind::StopNotice);
    let role = has_role(organisation, facts, if stops { STOP_NOTICE_CALENDAR_DAYS } else { 0 }, asks_to_act || stops);
    if role && !physicians_letter {
        if facts.rules.program.policy.team_copy_needs_release && !stops {
            let release = release::covering(question, organisation, person, facts)?;
            let classes = release.classes.iter().copied().filter(|c| AGENCY_CLASSES.contains(c)).collect();
            return Ok(agency(organisation, classes, Some(release)));
        }
        return Ok(agency(organisation, AGENCY_CLASSES.into(), None));
    }
    if asks_to_act || stops {
        return Err(Refusal::of(Reason::NoAssignment));
    }
    let release = release::covering(question, organisation, person, facts)?;
    Ok(Ground {
        basis: Basis::Consent,
        audience: if to_physician { Audience::Physician } else { Audience::Team },
        classes: release.classes.iter().copied().collect(),
        agency: None,
        release: Some(release),
        exception: None,
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
        exception: None,
    }
}

fn is_physician(organisation: &OrganisationId, facts: &Facts<'_>) -> bool {
    facts.record.physicians.iter().any(|p| &p.organisation_id == organisation)
}

/// Assigned to evaluate, assess, coordinate or deliver, from that assignment to its end, last day included.
fn has_role(organisation: &OrganisationId, facts: &Facts<'_>, grace_calendar_days: i64, must_deliver: bool) -> bool {
    facts.record.assignments.iter().filter(|a| &a.organisation_id == organisation).any(|a| {
        let last = a.to.map(|to| add_calendar_days(*to, grace_calendar_days));
        *a.from <= facts.day
            && last.is_none_or(|last| facts.day <= last)
            && (!must_deliver || a.role == AssignmentRole::Deliver)
    })
}
