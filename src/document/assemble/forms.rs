//! Views of the papers that come back signed.

use super::{
    AssembleError, Sheet, letters, meeting,
    page::{Stamped, page},
    words,
};
use crate::{
    case::{
        AppointmentKind, ConsentAct, IfspVersion, OrganisationId, OrganisationKind, PersonId, RecordClass, Release,
    },
    document::view::{
        ClassLine, ConsentToReleaseView, EvaluationConsentView, InsuranceConsentView, PhysicianCertificationView,
        ReleaseLine,
    },
    due::dates::is_late_referral,
};

/// Whether a release stands on the day of the paper.
fn stands(release: &Release, sheet: &Sheet<'_>) -> bool {
    release.revoked_on.is_none() && release.expires_on.is_none_or(|end| *end >= sheet.day)
}

/// The release that stands for an office or a person in it, in words.
fn standing(sheet: &Sheet<'_>, office: &OrganisationId) -> Option<String> {
    let names = |r: &&Release| r.recipients.iter().any(|to| &to.organisation_id == office);
    let release = sheet.record.releases.iter().filter(|r| stands(r, sheet)).rfind(names)?;
    Some(match release.expires_on {
        Some(end) => sheet.said.long(*end),
        None => String::new(),
    })
}

/// Offices that a parent is likely to name: doctors, agencies on the plan, the school, the one that referred.
fn offices(sheet: &Sheet<'_>) -> Vec<(OrganisationId, Option<PersonId>, &'static str)> {
    let record = sheet.record;
    let mut out: Vec<(OrganisationId, Option<PersonId>, &'static str)> = Vec::new();
    for physician in record.physicians.iter().filter(|p| p.to.is_none_or(|to| sheet.day <= *to)) {
        out.push((physician.organisation_id.clone(), physician.person_id.clone(), "doctor"));
    }
    for line in record.in_effect().map(|v| v.services.as_slice()).unwrap_or_default() {
        if let Some(agency) = &line.provider_organisation {
            out.push((agency.clone(), None, "agency"));
        }
    }
    let with_school = record.transition.is_some();
    for school in record.child.residence_lea.iter().filter(|_| with_school) {
        out.push((school.clone(), None, "school"));
    }
    // Referred this late, the child goes to district and state with consent only: the form names both.
    if is_late_referral(record) {
        out.extend(record.child.residence_lea.iter().map(|school| (school.clone(), None, "school")));
        let state = sheet.directory.organisations.iter().filter(|office| office.kind == OrganisationKind::Sea);
        out.extend(state.map(|office| (office.organisation_id.clone(), None, "state")));
    }
    if let Some(source) = &record.referral.source_organisation {
        let child_care = sheet.directory.organisation(source).is_some_and(|o| o.kind == OrganisationKind::ChildCare);
        out.push((source.clone(), None, if child_care { "child_care" } else { "referred" }));
    }
    let own = &sheet.rules.program.program_id;
    let mut seen: Vec<OrganisationId> = Vec::new();
    out.retain(|(office, ..)| {
        let new = office != own && !seen.contains(office);
        seen.push(office.clone());
        new
    });
    out
}

/// The form with a line for each office, 34 CFR 303.7 and 99.30.
pub(super) fn consent_to_release(sheet: &Sheet<'_>) -> Result<ConsentToReleaseView, AssembleError> {
    let recipients = offices(sheet)
        .into_iter()
        .filter_map(|(office, person, role)| {
            let organisation = sheet.directory.organisation(&office)?;
            let person = person.and_then(|id| words::professional(sheet.directory, &id));
            Some(ReleaseLine {
                name: person.map_or_else(|| organisation.name.to_string(), |p| format!("{p}, {}", organisation.name)),
                role: role.to_owned(),
                telephone: organisation.telephone.as_ref().map(ToString::to_string),
                standing: standing(sheet, &office),
            })
        })
        .collect();
    let classes = RecordClass::ALL
        .into_iter()
        .map(|class| ClassLine { key: class_key(class).to_owned(), name: sheet.said.word("class", &class) })
        .collect();
    Ok(ConsentToReleaseView {
        page: page(sheet, None, Stamped::Yes)?,
        greeting: sheet.recipient_name()?,
        recipients,
        classes,
    })
}

fn class_key(class: RecordClass) -> &'static str {
    match class {
        RecordClass::Plan => "plan",
        RecordClass::EvaluationAndEligibility => "evaluation_and_eligibility",
        RecordClass::Health => "health",
        RecordClass::ContactNotes => "contact_notes",
        RecordClass::FamilyInformation => "family_information",
        RecordClass::Transition => "transition",
    }
}

/// A statement for the physician to sign and return.
pub(super) fn certification(
    sheet: &Sheet<'_>,
    version: &IfspVersion,
) -> Result<PhysicianCertificationView, AssembleError> {
    let (to, practice) = letters::physician_and_practice(sheet)?;
    let services: Vec<_> = version
        .services
        .iter()
        .filter(|l| l.consent.stands())
        .map(|l| letters::short_service(sheet, l, false))
        .collect();
    if services.is_empty() {
        return Err(AssembleError::NothingToShow);
    }
    Ok(PhysicianCertificationView {
        page: page(sheet, Some(version), Stamped::Yes)?,
        to,
        practice,
        authority: letters::authority(sheet),
        from: sheet.said.long(*version.meeting_on),
        until: sheet.said.long(*version.period_end),
        by: letters::asks(sheet).into_iter().find_map(|ask| ask.by),
        eligibility: letters::eligibility_shown(sheet),
        services,
    })
}

/// 34 CFR 303.420(a)(2).
pub(super) fn evaluation_consent(sheet: &Sheet<'_>) -> Result<EvaluationConsentView, AssembleError> {
    Ok(EvaluationConsentView {
        page: page(sheet, None, Stamped::Yes)?,
        greeting: sheet.recipient_name()?,
        meeting: meeting::next(sheet, &[AppointmentKind::Evaluation]).map(|a| meeting::line(sheet, a)),
        language: sheet.said.language(&sheet.record.child.home_language),
    })
}

/// 34 CFR 303.520: for the insurances that were asked about and not yet answered; for both where none was named.
pub(super) fn insurance_consent(sheet: &Sheet<'_>) -> Result<InsuranceConsentView, AssembleError> {
    let open = |act: ConsentAct| sheet.record.consents.iter().any(|c| c.act == act && c.answer.is_none());
    let (public, private) = (open(ConsentAct::PublicInsurance), open(ConsentAct::PrivateInsurance));
    let neither = !public && !private;
    let lines = sheet.record.in_effect().map(|v| v.services.as_slice()).unwrap_or_default();
    Ok(InsuranceConsentView {
        page: page(sheet, None, Stamped::Yes)?,
        greeting: sheet.recipient_name()?,
        public: public || neither,
        private: private || neither,
        services: lines
            .iter()
            .filter(|l| l.consent.stands())
            .map(|l| letters::short_service(sheet, l, false))
            .collect(),
    })
}
