//! Views of the letters around a family's way through early intervention.

use super::{
    AssembleError, Sheet, family, ifsp, meeting,
    page::{Stamped, page},
    rights, words,
};
use crate::{
    case::{AppointmentKind, Contact, ContactOutcome, Evaluation, ExitReason, OrganisationKind, ServiceType},
    document::view::{
        AttemptLine, CouldNotReachYouView, EligibilityNoticeView, ExitLetterView, IntakeLetterView, Interpreter,
        InvitedLine, NewCoordinatorView, ProviderChoicesView, ProviderLine, ResourceListView, ServiceChoices,
    },
    due::Subject,
};

/// Before the first visit.
pub(super) fn intake(sheet: &Sheet<'_>, subject: &Subject) -> Result<IntakeLetterView, AssembleError> {
    let appointment = match subject {
        Subject::Event { .. } => Some(meeting::appointment(sheet, subject)?),
        _ => meeting::next(sheet, &[AppointmentKind::Intake]),
    };
    let child = &sheet.record.child;
    Ok(IntakeLetterView {
        page: page(sheet, None, Stamped::Yes)?,
        greeting: sheet.recipient_name()?,
        meeting: appointment.map(|a| meeting::line(sheet, a)),
        invited: appointment
            .iter()
            .flat_map(|a| &a.invited)
            .map(|i| InvitedLine { name: i.name.to_string(), role: i.role.to_string() })
            .collect(),
        bring: appointment.iter().flat_map(|a| &a.bring).map(ToString::to_string).collect(),
        interpreter: appointment.map_or_else(
            || Interpreter {
                status: if child.interpreter_needed { "needed" } else { "not_asked" }.to_owned(),
                language: sheet.said.language(&child.home_language),
            },
            |a| meeting::interpreter(sheet, a),
        ),
    })
}

fn evaluation<'a>(sheet: &Sheet<'a>, subject: &Subject, eligible: bool) -> Result<&'a Evaluation, AssembleError> {
    let Subject::Event { event_id } = subject else { return Err(AssembleError::NoSubject) };
    let found = sheet.record.evaluations.iter().find(|e| &e.event_id == event_id).ok_or(AssembleError::NoSubject)?;
    // A notice never says the opposite of what the evaluation decided.
    if found.eligible == Some(eligible) { Ok(found) } else { Err(AssembleError::NothingToShow) }
}

/// What the evaluation decided.
pub(super) fn eligibility(
    sheet: &Sheet<'_>,
    subject: &Subject,
    eligible: bool,
) -> Result<EligibilityNoticeView, AssembleError> {
    let evaluation = evaluation(sheet, subject, eligible)?;
    Ok(EligibilityNoticeView {
        page: page(sheet, None, Stamped::Yes)?,
        greeting: sheet.recipient_name()?,
        evaluated_on: sheet.said.long(*evaluation.on),
        basis: evaluation.eligibility_basis.as_ref().map(ToString::to_string),
        instruments: evaluation.instruments.iter().map(ToString::to_string).collect(),
        performed_by: evaluation.performed_by.iter().map(ToString::to_string).collect(),
        next: meeting::next(sheet, &[AppointmentKind::InitialMeeting])
            .filter(|_| eligible)
            .map(|a| meeting::line(sheet, a)),
        rights: rights::rights(sheet),
    })
}

/// Attempts since the family was last reached.
pub(super) fn could_not_reach(sheet: &Sheet<'_>) -> Result<CouldNotReachYouView, AssembleError> {
    let contacts = &sheet.record.contacts;
    let reached = contacts.iter().filter(|c| c.outcome == ContactOutcome::Reached).map(|c| c.on).max();
    let outcome = |c: &Contact| match c.outcome {
        ContactOutcome::LeftMessage => Some("left_message"),
        ContactOutcome::NoAnswer => Some("no_answer"),
        ContactOutcome::Returned => Some("returned"),
        ContactOutcome::WrongNumber => Some("wrong_number"),
        ContactOutcome::Reached | ContactOutcome::Declined => None,
    };
    let mut attempts: Vec<(&Contact, &str)> = contacts
        .iter()
        .filter(|c| reached.is_none_or(|on| c.on > on) && *c.on <= sheet.day)
        .filter_map(|c| outcome(c).map(|o| (c, o)))
        .collect();
    attempts.sort_by_key(|(c, _)| c.on);
    if attempts.is_empty() {
        return Err(AssembleError::NothingToShow);
    }
    Ok(CouldNotReachYouView {
        page: page(sheet, None, Stamped::No)?,
        greeting: sheet.recipient_name()?,
        attempts: attempts
            .into_iter()
            .map(|(c, outcome)| AttemptLine {
                on: sheet.said.long(*c.on),
                how: sheet.said.word("contact", &c.method),
                outcome: outcome.to_owned(),
            })
            .collect(),
    })
}

/// From one coordinator to the next.
pub(super) fn new_coordinator(sheet: &Sheet<'_>) -> Result<NewCoordinatorView, AssembleError> {
    let terms = &sheet.record.coordinators;
    let now = sheet.record.coordinator_on(sheet.day).ok_or(AssembleError::NothingToShow)?;
    let at = terms.iter().rposition(|t| &t.person_id == now).ok_or(AssembleError::NothingToShow)?;
    let before = terms[..at].iter().rev().find(|t| &t.person_id != now).ok_or(AssembleError::NothingToShow)?;
    Ok(NewCoordinatorView {
        page: page(sheet, None, Stamped::Yes)?,
        greeting: sheet.recipient_name()?,
        former: words::professional(sheet.directory, &before.person_id).ok_or(AssembleError::NoCoordinator)?,
        since: sheet.said.long(*terms[at].from),
        next_dates: sheet.record.in_effect().map(|v| ifsp::next_dates(sheet, v)).unwrap_or_default(),
    })
}

/// The end of services; no letter goes to the family of a child who died.
pub(super) fn exit(sheet: &Sheet<'_>) -> Result<ExitLetterView, AssembleError> {
    let exit = sheet.record.exit.as_ref().ok_or(AssembleError::NoSubject)?;
    let reason = match exit.reason {
        ExitReason::Deceased => return Err(AssembleError::NothingToShow),
        ExitReason::NoLongerEligible => "no_longer_eligible",
        ExitReason::PartBEligible => "part_b_eligible",
        ExitReason::NotPartBEligibleReferred => "not_part_b_eligible_referred",
        ExitReason::NotPartBEligible => "not_part_b_eligible",
        ExitReason::PartBUndetermined => "part_b_undetermined",
        ExitReason::MovedAway => "moved_away",
        ExitReason::WithdrawnByParent => "withdrawn_by_parent",
        ExitReason::AttemptsUnsuccessful => "attempts_unsuccessful",
    };
    Ok(ExitLetterView {
        page: page(sheet, None, Stamped::Yes)?,
        greeting: sheet.recipient_name()?,
        last_day: sheet.said.long(*exit.on),
        reason: reason.to_owned(),
        help: rights::help(sheet),
    })
}

/// Every place that the family asked for, the newest word on each.
pub(super) fn resources(sheet: &Sheet<'_>) -> Result<ResourceListView, AssembleError> {
    let mut contacts: Vec<&Contact> =
        sheet.record.contacts.iter().filter(|c| c.signed_on.is_some() && !c.resources.is_empty()).collect();
    contacts.sort_by_key(|c| std::cmp::Reverse(c.on));
    let asked_on = contacts.first().map(|c| sheet.said.long(*c.on)).ok_or(AssembleError::NothingToShow)?;
    let mut seen = Vec::new();
    let mut places = Vec::new();
    for place in contacts.iter().flat_map(|c| &c.resources) {
        if !seen.contains(&&place.name) {
            seen.push(&place.name);
            places.push(family::resource(place));
        }
    }
    Ok(ResourceListView {
        page: page(sheet, None, Stamped::Yes)?,
        greeting: sheet.recipient_name()?,
        asked_on,
        resources: places,
    })
}

/// All agencies that offer a service of the plan; without a plan, every service that any agency offers.
pub(super) fn choices(sheet: &Sheet<'_>) -> Result<ProviderChoicesView, AssembleError> {
    let agencies = || {
        sheet
            .directory
            .organisations
            .iter()
            .filter(|o| o.kind == OrganisationKind::EisProvider)
            .filter_map(|o| o.offers.as_ref().map(|offers| (o, offers)))
    };
    let planned = sheet.record.ifsps.iter().filter(|v| v.status.is_final()).max_by_key(|v| (v.meeting_on, v.version));
    let mut wanted: Vec<ServiceType> = match planned {
        Some(version) => version.services.iter().map(|l| l.service).collect(),
        None => agencies().flat_map(|(_, offers)| offers.services.iter().copied()).collect(),
    };
    wanted.sort_by_key(|service| service.words());
    wanted.dedup();
    let services: Vec<ServiceChoices> = wanted
        .into_iter()
        .map(|service| {
            let mut providers: Vec<ProviderLine> = agencies()
                .filter(|(_, offers)| offers.services.contains(&service))
                .map(|(agency, offers)| ProviderLine {
                    name: agency.name.to_string(),
                    telephone: agency.telephone.as_ref().map(ToString::to_string),
                    languages: offers.languages.iter().map(|tag| sheet.said.language(tag)).collect(),
                    accepts: offers.accepts_families,
                    checked_on: sheet.said.short(*offers.checked_on),
                })
                .collect();
            providers.sort_by(|a, b| a.name.cmp(&b.name));
            ServiceChoices { service: sheet.said.word("service", &service), providers }
        })
        .filter(|choices| !choices.providers.is_empty())
        .collect();
    if services.is_empty() {
        return Err(AssembleError::NothingToShow);
    }
    Ok(ProviderChoicesView { page: page(sheet, None, Stamped::Yes)?, greeting: sheet.recipient_name()?, services })
}
