//! The limited notice to the school district and the state: 34 CFR 303.209(b), 303.401(d), (e).

use chrono::NaiveDate;

use super::{
    authorization::Basis,
    facts::{Facts, Question},
    legal_basis::Ground,
    reason::{Reason, Refusal},
};
use crate::{
    case::{ObjectionTo, Organisation, OrganisationKind},
    due::{DocumentKind, calendar::add_calendar_days},
};

/// Only the district of residence and the state agency have it, only for a child who may be eligible, and in a state
/// that lets parents object only after they were told and their time has passed.
pub(super) fn ground<'a>(
    question: &Question<'_>,
    office: &Organisation,
    facts: &Facts<'_>,
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
    if facts.rules.profile.parents_may_opt_out_of_notice.value {
        objections(facts)?;
    }
    Ok(Ground::office(Basis::LimitedNotice, []))
}

/// 303.401(e): a written objection in time blocks the notice, a spoken one holds it until the paper comes.
fn objections(facts: &Facts<'_>) -> Result<(), Refusal> {
    let transition = facts.record.transition.as_ref();
    let told = transition.and_then(|t| t.parents_told_on).map(|on| *on).filter(|on| *on <= facts.day);
    let days = i64::from(facts.rules.program.policy.objection_calendar_days);
    let last_day = told.map(|on| add_calendar_days(on, days));
    let in_time = |on: NaiveDate| on <= facts.day && last_day.is_none_or(|last| on <= last);
    let here = || facts.recorded.objections.iter().filter(|o| o.to == ObjectionTo::LimitedNotice);
    let written = here().any(|o| o.written && in_time(*o.on));
    if written || transition.and_then(|t| t.notice_objection_on).is_some_and(|on| in_time(*on)) {
        return Err(Refusal::of(Reason::ParentsObjected));
    }
    if here().any(|o| !o.written && in_time(*o.on)) {
        return Err(Refusal::of(Reason::ObjectionSpoken));
    }
    let last_day = last_day.ok_or(Refusal::of(Reason::ParentsNotTold))?;
    if facts.day <= last_day {
        return Err(Refusal::about(Reason::ObjectionPeriod, format!("until {last_day}")));
    }
    Ok(())
}
