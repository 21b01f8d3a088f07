//! Who may not be a surrogate parent: 34 CFR 303.422(d)(2).

use chrono::NaiveDate;

use super::{
    facts::Facts,
    parent,
    reason::{Reason, Refusal},
};
use crate::case::{FamilyMember, OrderEffect, OrganisationId, OrganisationKind, ParentRole};

/// What keeps a surrogate from acting as the parent on this day. What the record does not say is presumed to be in order
/// (303.405(c)); where a person of the directory and a surrogate are the same person, the directory says the employer.
pub(super) fn conflict(member: &FamilyMember, facts: &Facts<'_>) -> Option<Refusal> {
    if member.parent_role != ParentRole::Surrogate {
        return None;
    }
    let said = member.surrogate.as_ref();
    if said.is_some_and(|said| said.conflicting_interest.is_some()) {
        return Some(Refusal::about(Reason::SurrogateConflict, "an interest that is on file"));
    }
    let employee = facts.directory.professional(&member.person_id).map(|person| &person.organisation_id);
    let employers = employee.into_iter().chain(said.and_then(|said| said.employer.as_ref()));
    employers
        .into_iter()
        .find(|office| is_the_program(office, facts) || serves_the_child(office, facts))
        .map(|office| Refusal::about(Reason::SurrogateConflict, format!("works for {office}")))
}

/// The lead agency and the program itself (303.422(d)(2)(i)).
fn is_the_program(office: &OrganisationId, facts: &Facts<'_>) -> bool {
    let office = facts.directory.organisation(office);
    office.is_some_and(|o| matches!(o.kind, OrganisationKind::LocalProgram | OrganisationKind::LeadAgency))
}

/// The day on which a surrogate was appointed who acts as the parent now, the last one where there were several. An order
/// that names who decides says more than an appointment.
pub(super) fn appointed_on(facts: &Facts<'_>) -> Option<NaiveDate> {
    let decided = parent::in_force(facts).any(|order| order.effect == Some(OrderEffect::NamedDecisionMaker));
    let surrogates =
        facts.record.family.iter().filter(|member| {
            member.parent_role == ParentRole::Surrogate && !decided && conflict(member, facts).is_none()
        });
    let days = surrogates.filter_map(|member| member.surrogate.as_ref()).map(|surrogacy| *surrogacy.appointed_on);
    days.filter(|on| *on <= facts.day).max()
}

/// An office with a role for this child, a line of its plan, or its care.
fn serves_the_child(office: &OrganisationId, facts: &Facts<'_>) -> bool {
    let (record, day) = (facts.record, facts.day);
    let assigned = record.assignments.iter().any(|a| &a.organisation_id == office && a.holds_on(day));
    let on_the_plan = record
        .in_effect()
        .is_some_and(|plan| plan.services.iter().any(|s| s.provider_organisation.as_ref() == Some(office)));
    let has_care = record.caseworkers.iter().any(|c| &c.organisation_id == office && c.holds_on(day));
    assigned || on_the_plan || has_care
}
