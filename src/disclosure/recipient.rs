//! The ground on which a recipient may have a paper, by the kind of recipient.

use super::{
    agency,
    authorization::Basis,
    caseworker, exception,
    facts::{Facts, Question},
    legal_basis::Ground,
    parent,
    reason::{Reason, Refusal},
    school,
};
use crate::{
    case::{Organisation, OrganisationKind, PersonId, Recipient},
    due::DocumentKind,
};

/// The ground, or the reason why there is none.
pub(super) fn ground<'a>(question: &Question<'_>, facts: &Facts<'a>) -> Result<Ground<'a>, Refusal> {
    match question.recipient {
        Recipient::FamilyMember { person_id } => parent::ground(person_id, facts),
        Recipient::Office { organisation_id, person_id } => {
            let office = facts.directory.organisation(organisation_id).ok_or(Refusal::of(Reason::UnknownRecipient))?;
            // Who is of the family and works there is kept away at work as at home: an order counts on every way.
            if let Some(member) = person_id.as_ref().and_then(|person| facts.record.member(person)) {
                parent::may_have_the_record(member, facts)?;
            }
            exception::beside(by_kind(question, office, person_id.as_ref(), facts), question, facts)
        }
    }
}

fn by_kind<'a>(
    question: &Question<'_>,
    office: &Organisation,
    person: Option<&PersonId>,
    facts: &Facts<'a>,
) -> Result<Ground<'a>, Refusal> {
    if let Some(into) = &office.merged_into {
        return Err(Refusal::about(Reason::OfficeMerged, format!("now {into}")));
    }
    let limited = |kind: &DocumentKind| matches!(kind, DocumentKind::LeaNotice | DocumentKind::SeaNotice);
    match office.kind {
        OrganisationKind::Interpreter if question.papers == [DocumentKind::MeetingNotice] => {
            Ok(Ground::office(Basis::ProgramAgent, []))
        }
        OrganisationKind::Interpreter | OrganisationKind::MailHouse => Err(Refusal::of(Reason::AppointmentsOnly)),
        _ if question.papers.iter().any(limited) => school::ground(question, office, facts),
        OrganisationKind::ChildWelfare => caseworker::ground(question, office, person, facts),
        _ => agency::ground(question, &office.organisation_id, person, facts),
    }
}
