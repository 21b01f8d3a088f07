//! Views of the papers for offices.

use super::{
    AssembleError, Sheet, family, meeting,
    page::{Stamped, page},
    words,
};
use crate::{
    case::{
        AppointmentKind, IfspVersion, Outcome, OutcomeFor, ParentRole, Recipient, RecordClass, ServiceConsent,
        ServiceLine, ServiceLineId,
    },
    document::view::{
        AskLine, AuthorizationView, OutcomeLine, ParentLine, PhysicianLetterView, ProgressReportReminderView,
        ReferralAcknowledgementView, ServiceShort, StopNoticeView, StoppedService,
    },
    due::calendar::add_calendar_days,
};

pub(super) fn short_service(sheet: &Sheet<'_>, line: &ServiceLine, with_location: bool) -> ServiceShort {
    ServiceShort {
        service: sheet.said.word("service", &line.service),
        who: words::who(sheet, line),
        how_often: words::summary(sheet.said, line),
        starts: match line.actual_first_date {
            Some(first) => sheet.said.fill("said.office.began", &[("date", &sheet.said.short(*first))]),
            None => sheet.said.short(*line.projected_start),
        },
        ends: sheet.said.short(*line.duration_end),
        location: with_location.then(|| {
            let setting = sheet.said.word("setting", &line.setting);
            sheet.said.fill("said.setting.place", &[("setting", &setting), ("location", &line.location)])
        }),
        outcomes: words::numbers(&line.outcomes),
    }
}

/// The person, with the practice as a second line, or the practice alone.
pub(super) fn physician_and_practice(sheet: &Sheet<'_>) -> Result<(String, Option<String>), AssembleError> {
    let practice = sheet.recipient.organisation_id().and_then(|id| words::organisation(sheet.directory, id));
    let person = match sheet.recipient {
        Recipient::Office { person_id: Some(person), .. } => words::professional(sheet.directory, person),
        _ => None,
    };
    match (person, practice) {
        (Some(person), practice) => Ok((person, practice)),
        (None, Some(practice)) => Ok((practice, None)),
        (None, None) => Err(AssembleError::NoRecipient),
    }
}

/// The basis of eligibility, where the copy may hold it.
pub(super) fn eligibility_shown(sheet: &Sheet<'_>) -> Option<String> {
    sheet.mask.shows(RecordClass::EvaluationAndEligibility).then(|| eligibility(sheet)).flatten()
}

/// Half a page for a busy doctor.
pub(super) fn physician(sheet: &Sheet<'_>, version: &IfspVersion) -> Result<PhysicianLetterView, AssembleError> {
    let (to, practice) = physician_and_practice(sheet)?;
    let asks = asks(sheet);
    Ok(PhysicianLetterView {
        page: page(sheet, Some(version), Stamped::Yes)?,
        to,
        practice,
        authority: authority(sheet),
        why: {
            let key = if asks.is_empty() { "said.office.nothing_asked" } else { "said.office.with_request" };
            sheet.said.fill(key, &[("plan", &plan_of(sheet, version))])
        },
        asks,
        eligibility: eligibility_shown(sheet),
        services: version
            .services
            .iter()
            .filter(|l| l.consent.stands())
            .map(|l| short_service(sheet, l, false))
            .collect(),
        outcomes: version
            .outcomes
            .iter()
            .filter(|o| o.benefits == OutcomeFor::Child)
            .map(|o| outcome_line(o, false))
            .collect(),
        enclosures: sheet.enclosures.to_vec(),
    })
}

/// `Six-month review of May 5, 2026`.
fn plan_of(sheet: &Sheet<'_>, version: &IfspVersion) -> String {
    let kind = sheet.said.word("plan_kind", &version.kind);
    sheet.said.fill("said.office.plan_of", &[("kind", &kind), ("date", &sheet.said.long(*version.meeting_on))])
}

pub(super) fn authority(sheet: &Sheet<'_>) -> String {
    match sheet.release {
        Some(release) => {
            let signer = sheet.record.member(&release.signed_by).map(|m| m.name.full()).unwrap_or_default();
            let date = sheet.said.long(*release.signed_on);
            match release.expires_on {
                Some(end) => sheet.said.fill(
                    "said.office.release_until",
                    &[("name", &signer), ("date", &date), ("until", &sheet.said.long(*end))],
                ),
                None => sheet.said.fill("said.office.release", &[("name", &signer), ("date", &date)]),
            }
        }
        None => sheet.said.text("said.office.participating").to_owned(),
    }
}

pub(super) fn asks(sheet: &Sheet<'_>) -> Vec<AskLine> {
    let Recipient::Office { organisation_id, person_id } = sheet.recipient else { return Vec::new() };
    sheet
        .record
        .physicians
        .iter()
        .filter(|p| &p.organisation_id == organisation_id && (person_id.is_none() || &p.person_id == person_id))
        .flat_map(|p| &p.requests)
        .map(|r| AskLine { text: r.text.to_string(), by: r.by.map(|d| sheet.said.long(*d)) })
        .collect()
}

fn eligibility(sheet: &Sheet<'_>) -> Option<String> {
    sheet.record.evaluations.iter().rev().find_map(|e| {
        let basis = e.eligibility_basis.as_ref()?;
        Some(sheet.said.fill("said.office.basis", &[("basis", basis), ("date", &sheet.said.short(*e.on))]))
    })
}

pub(super) fn outcome_line(outcome: &Outcome, in_full: bool) -> OutcomeLine {
    OutcomeLine {
        number: outcome.number,
        statement: outcome.statement.to_string(),
        criteria: in_full.then(|| outcome.criteria.to_string()),
        procedures: in_full.then(|| outcome.procedures.to_string()),
    }
}

/// Only this agency's lines that the parent has consented to, and the outcomes they serve.
pub(super) fn authorization(sheet: &Sheet<'_>, version: &IfspVersion) -> Result<AuthorizationView, AssembleError> {
    let agency = sheet.mask.agency.as_ref().ok_or(AssembleError::NoRecipient)?;
    let lines: Vec<&ServiceLine> = version
        .services
        .iter()
        .filter(|l| l.consent.stands() && l.provider_organisation.as_ref() == Some(agency))
        .collect();
    let first_consent = lines.iter().filter_map(|l| match &l.consent {
        ServiceConsent::Given { on, .. } => Some(**on),
        _ => None,
    });
    let start_by = first_consent
        .min()
        .and_then(|on| sheet.rules.service_start_by(on))
        .or_else(|| lines.iter().map(|l| *l.projected_start).min())
        .ok_or(AssembleError::NothingToShow)?;
    let child = &sheet.record.child;
    let mut language_at_home = sheet.said.language(&child.home_language);
    if child.interpreter_needed {
        language_at_home = sheet.said.fill("said.meeting.interpreter_needed", &[("language", &language_at_home)]);
    }
    Ok(AuthorizationView {
        page: page(sheet, Some(version), Stamped::Yes)?,
        to: sheet.recipient_name()?,
        plan: plan_of(sheet, version),
        parents: parents(sheet),
        language_at_home,
        start_by: sheet.said.long(start_by),
        services: lines.iter().map(|l| short_service(sheet, l, true)).collect(),
        outcomes: version
            .outcomes
            .iter()
            .filter(|o| lines.iter().any(|l| l.outcomes.contains(&o.number)))
            // As in the agency's copy of the plan: a goal for the family is the family's own.
            .filter(|o| o.benefits == OutcomeFor::Child || sheet.mask.shows(RecordClass::FamilyInformation))
            .map(|o| outcome_line(o, true))
            .collect(),
        enclosures: sheet.enclosures.to_vec(),
    })
}

/// Parents whom the agency calls: those with rights, by name, telephone and language.
fn parents(sheet: &Sheet<'_>) -> Vec<ParentLine> {
    sheet
        .record
        .family
        .iter()
        .filter(|m| m.parent_role != ParentRole::None && m.may_receive_records)
        .map(|m| ParentLine {
            name: format!("{} ({})", m.name.full(), m.relationship),
            telephone: m.telephone.as_ref().map(ToString::to_string),
            language: sheet.said.language(&m.preferred_language),
        })
        .collect()
}

/// Program number, service, last day, nothing else.
pub(super) fn stop_notice(
    sheet: &Sheet<'_>,
    version: &IfspVersion,
    lines: &[ServiceLineId],
) -> Result<StopNoticeView, AssembleError> {
    let services: Vec<StoppedService> = version
        .services
        .iter()
        .filter(|l| lines.contains(&l.service_line_id))
        .filter_map(|l| match &l.consent {
            ServiceConsent::Withdrawn { on, last_day, .. } => Some(StoppedService {
                service: sheet.said.word("service", &l.service),
                last_day: sheet.said.long(*last_day.unwrap_or(*on)),
            }),
            _ => None,
        })
        .collect();
    if services.is_empty() {
        return Err(AssembleError::NothingToShow);
    }
    Ok(StopNoticeView {
        page: page(sheet, None, Stamped::No)?,
        to: sheet.recipient_name()?,
        program_number: sheet.record.program_number.to_string(),
        services,
    })
}

/// That the referral came. Whether the family was reached or the child is served is the family's own.
pub(super) fn acknowledgement(sheet: &Sheet<'_>) -> Result<ReferralAcknowledgementView, AssembleError> {
    let referral = &sheet.record.referral;
    let source = referral.source_organisation.as_ref().ok_or(AssembleError::NothingToShow)?;
    if sheet.recipient.organisation_id() != Some(source) {
        return Err(AssembleError::NothingToShow);
    }
    let name = &sheet.record.child.legal_name;
    let initials: Vec<String> =
        [&name.first, &name.last].iter().filter_map(|part| part.chars().next()).map(|c| format!("{c}.")).collect();
    Ok(ReferralAcknowledgementView {
        page: page(sheet, None, Stamped::No)?,
        to: sheet.recipient_name()?,
        received_on: sheet.said.long(*referral.received_on),
        initials: initials.join(" "),
    })
}

/// The report before a review, for an agency with lines that stand.
pub(super) fn progress_report(sheet: &Sheet<'_>) -> Result<ProgressReportReminderView, AssembleError> {
    let version = sheet.record.in_effect().ok_or(AssembleError::NoSubject)?;
    let agency = sheet.mask.agency.as_ref().ok_or(AssembleError::NothingToShow)?;
    let lines: Vec<&ServiceLine> = version
        .services
        .iter()
        .filter(|l| l.consent.stands() && l.provider_organisation.as_ref() == Some(agency))
        .collect();
    if lines.is_empty() {
        return Err(AssembleError::NothingToShow);
    }
    let review = meeting::next(sheet, &[AppointmentKind::PeriodicReview, AppointmentKind::AnnualMeeting])
        .map(|a| (*a.on, sheet.said.long(*a.on)))
        .or_else(|| family::review(sheet).map(|on| (on, sheet.said.by(on))));
    let (on, review) = review.ok_or(AssembleError::NothingToShow)?;
    let days = i64::from(sheet.rules.program.policy.progress_report_calendar_days);
    Ok(ProgressReportReminderView {
        page: page(sheet, Some(version), Stamped::Yes)?,
        to: sheet.recipient_name()?,
        review,
        report_by: sheet.said.long(add_calendar_days(on, -days).max(sheet.day)),
        outcomes: version
            .outcomes
            .iter()
            .filter(|o| lines.iter().any(|l| l.outcomes.contains(&o.number)))
            .filter(|o| o.benefits == OutcomeFor::Child || sheet.mask.shows(RecordClass::FamilyInformation))
            .map(|o| outcome_line(o, false))
            .collect(),
        services: lines.iter().map(|l| short_service(sheet, l, false)).collect(),
    })
}
