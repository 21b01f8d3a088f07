//! The limited notice to the school district and the state: 34 CFR 303.209(b), 303.401(d), (e).

use super::{
    authorization::Basis,
    facts::{Facts, Question},
    legal_basis::Ground,
    reason::{Reason, Refusal},
    release,
};
use crate::{
    case::{Organisation, OrganisationKind},
    due::{
        DocumentKind,
        dates::{NoticeToDistrict, Objected, is_late_referral},
    },
};

/// Only the district of residence and the state agency have it, only for a child who may be eligible, and in a state
/// that lets parents object only after they were told and their time has passed.
pub(super) fn ground<'a>(
    question: &Question<'_>,
    office: &Organisation,
    facts: &Facts<'a>,
) -> Result<Ground<'a>, Refusal> {
    let fits = question.papers.iter().all(|kind| match kind {
        DocumentKind::LeaNotice => {
            office.kind == OrganisationKind::Lea
                && facts.record.child.residence_lea.as_ref() == Some(&office.organisation_id)
        }
        DocumentKind::SeaNotice => office.kind == OrganisationKind::Sea,
        _ => false,
    });
    if !fits {
        return Err(Refusal::about(Reason::NotForRecipient, "the notice goes by itself to the district and the state"));
    }
    let transition = facts.record.transition.as_ref();
    if transition.and_then(|t| t.may_be_eligible_for_part_b) != Some(true) {
        return Err(Refusal::of(Reason::MayNotBeEligible));
    }
    if is_late_referral(facts.record) {
        return with_consent(question, office, facts);
    }
    if let Some(dates) = NoticeToDistrict::of(facts.record, &facts.rules) {
        objections(&dates, facts)?;
    }
    Ok(Ground::office(Basis::LimitedNotice, []))
}

/// Referred fewer than 45 days before three: with the parents' consent it goes at once, and without it not at all
/// (303.209(b)(1)(iii), 303.414). There is no period: the release is the parents' word.
fn with_consent<'a>(question: &Question<'_>, office: &Organisation, facts: &Facts<'a>) -> Result<Ground<'a>, Refusal> {
    let release =
        release::covering(question, &office.organisation_id, None, facts).map_err(|refusal| match refusal.reason {
            Reason::NoRelease => Refusal::of(Reason::LateReferralConsent),
            _ => refusal,
        })?;
    Ok(Ground { release: Some(release), ..Ground::office(Basis::Consent, []) })
}

/// 303.401(e): a written objection in time forbids the notice, a spoken one holds it until the paper comes, and a written
/// one that came late waits for a person.
fn objections(dates: &NoticeToDistrict, facts: &Facts<'_>) -> Result<(), Refusal> {
    match dates.objected(&facts.record.objections(), facts.day) {
        Objected::InTime { .. } => return Err(Refusal::of(Reason::ParentsObjected)),
        Objected::Late { on } => match facts.rules.late_objection_counts(facts.record) {
            Some(true) => return Err(Refusal::of(Reason::ParentsObjected)),
            None => {
                return Err(Refusal::about(
                    Reason::ObjectionLate,
                    format!("it is due by {}; objected on {on}", dates.due_on),
                ));
            }
            Some(false) => {}
        },
        Objected::Aloud => return Err(Refusal::of(Reason::ObjectionSpoken)),
        Objected::No => {}
    }
    let told = dates.told_on.filter(|told| *told <= facts.day).ok_or(Refusal::of(Reason::ParentsNotTold))?;
    let last_day = dates.objection_by(told);
    if facts.day <= last_day {
        return Err(Refusal::about(Reason::ObjectionPeriod, format!("until {last_day}")));
    }
    Ok(())
}
