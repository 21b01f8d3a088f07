//! The gate: a pure function of facts handed to it. Deny by default, fail closed.

use std::collections::BTreeSet;

use super::{
    authorization::{Authorization, Basis, ReleaseSnapshot},
    enclosures, endpoint,
    facts::{Facts, Question},
    language,
    other_childs_name::{self, NamedChild},
    protected_address,
    reason::{Reason, Refusal},
    recipient, release,
};
use crate::{
    case::{Address, ChildId, EndpointId, IfspStatus, Line, Recipient, RecordClass},
    document::{Mask, WrittenFor, classes_of, written_for},
    due::{DocumentKind, Subject},
};

/// At which of the three points the gate is asked.
#[derive(Debug, Clone, Copy)]
pub enum Point<'a> {
    /// Before rendering: the answer holds the mask under which views are built.
    BeforeRender,
    /// On the finished packet, when it is queued.
    Finished(&'a Packet),
    /// In the transaction that claims it for sending.
    Release(&'a Packet),
    /// Before papers are made that a person hands over: no endpoint is needed, everything else is.
    BeforeHandover,
    /// Handed over in person: no endpoint is needed, everything else is.
    InPerson(&'a Packet),
}

impl<'a> Point<'a> {
    /// Whether a person hands it over.
    fn is_in_person(self) -> bool {
        matches!(self, Self::BeforeHandover | Self::InPerson(_))
    }

    /// The papers that are looked at, where they are made.
    fn packet(self) -> Option<&'a Packet> {
        match self {
            Self::BeforeRender | Self::BeforeHandover => None,
            Self::Finished(packet) | Self::Release(packet) | Self::InPerson(packet) => Some(packet),
        }
    }
}

/// What was rendered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packet {
    /// The child of each paper.
    pub children: Vec<ChildId>,
    /// The mask under which all of it was made.
    pub mask: Mask,
    /// The endpoint for which it was made.
    pub endpoint_id: EndpointId,
    /// Hash of the facts it was made from.
    pub made_from: String,
    /// Hash of the facts as they stand now.
    pub facts_now: String,
    /// Where another child is named.
    pub other_children: Vec<NamedChild>,
    /// Where something stands that another person of the family keeps private, as `paper 1, page 3`.
    pub protected: Vec<String>,
}

/// The gate's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It may go.
    Authorized(Box<Authorization>),
    /// It may not.
    Refused(Refusal),
    /// It may go, but not as it was rendered: facts, mask or endpoint have changed since.
    RenderAnew,
}

/// Decides whether these papers may go to this recipient.
#[must_use]
pub fn decide(question: &Question<'_>, facts: &Facts<'_>, point: Point<'_>) -> Verdict {
    match allowed(question, facts, point) {
        Err(refusal) => Verdict::Refused(refusal),
        Ok(mut authorization) => match point.packet() {
            None => Verdict::Authorized(Box::new(authorization)),
            Some(packet) => {
                if packet.children.is_empty() || packet.children.iter().any(|child| child != &facts.record.child_id) {
                    return Verdict::Refused(Refusal::about(
                        Reason::OtherChildNamed,
                        "a paper of the packet belongs to another child",
                    ));
                }
                if !packet.protected.is_empty() {
                    return Verdict::Refused(Refusal::about(Reason::ProtectedValue, packet.protected.join("; ")));
                }
                let asked = other_childs_name::to_be_asked(question, facts, &packet.other_children);
                if !asked.is_empty() {
                    return Verdict::Refused(Refusal::about(Reason::OtherChildNamed, asked.join("; ")));
                }
                let same_place = point.is_in_person() || packet.endpoint_id == authorization.endpoint_id;
                // A reminder made for an address at which it may name a visit may be handed over too.
                let mask = authorization.mask.clone().naming_visits(match point {
                    Point::InPerson(packet) => packet.mask.names_visits,
                    _ => authorization.mask.names_visits,
                });
                let same = packet.mask == mask && same_place && packet.made_from == packet.facts_now;
                if !same {
                    return Verdict::RenderAnew;
                }
                authorization.for_sending = matches!(point, Point::Release(_));
                Verdict::Authorized(Box::new(authorization))
            }
        },
    }
}

/// The endpoint that stands for a hand-over in person.
fn in_person() -> (EndpointId, Address) {
    let endpoint_id = EndpointId::parse("in-person").expect("a plain word is an id");
    (endpoint_id, Address::Hand { place: Line::parse("in person").expect("two plain words are a line") })
}

fn allowed(question: &Question<'_>, facts: &Facts<'_>, point: Point<'_>) -> Result<Authorization, Refusal> {
    holds(question, facts, point)?;
    let ground = recipient::ground(question, facts)?;
    if let Some(release) = ground.release {
        release::covers_records(release, question, facts)?;
    }
    subject(question, facts, ground.basis)?;
    needs(question, &ground.classes)?;
    enclosures::may_go(question, facts, &ground)?;
    language::reaches(question, facts)?;
    let endpoint = if point.is_in_person() { None } else { Some(endpoint::choose(question.recipient, facts)?) };
    let (endpoint_id, address) =
        endpoint.map_or_else(in_person, |endpoint| (endpoint.endpoint_id.clone(), endpoint.address.clone()));
    let names_visits = endpoint.is_some_and(|endpoint| endpoint.safe.may_name_visit);
    let hides = match endpoint {
        Some(endpoint) => endpoint::hidden_at(endpoint, question.recipient, ground.basis, facts),
        None => protected_address::from(question.recipient, ground.basis, facts),
    };
    protected_address::can_be_searched_for(&hides, facts)?;
    let mask = if ground.basis == Basis::ParentCopy {
        let others = endpoint.map_or_else(BTreeSet::new, |e| endpoint::offices_hidden_at(e, question.recipient, facts));
        let offices = protected_address::offices_kept_from(question.recipient, facts).union(&others).cloned().collect();
        Mask::parent().hiding(hides).without_offices(offices).naming_visits(names_visits)
    } else {
        let mask = Mask::office(ground.audience, ground.classes.iter().copied(), ground.agency.clone()).hiding(hides);
        match ground.release {
            Some(release) => mask.under(release),
            None => mask,
        }
    };
    Ok(Authorization {
        child_id: facts.record.child_id.clone(),
        recipient: question.recipient.clone(),
        endpoint_id,
        address,
        basis: ground.basis,
        release: ground.release.map(ReleaseSnapshot::from),
        exception: ground.exception.cloned(),
        mask,
        decided_at: facts.now,
        for_sending: false,
    })
}

/// What stops everything for a child.
fn holds(question: &Question<'_>, facts: &Facts<'_>, point: Point<'_>) -> Result<(), Refusal> {
    // What a parent asks for after a death goes by a person's hand, and in no other way.
    let parents_wish = question.by_hand && matches!(question.recipient, Recipient::FamilyMember { .. });
    if facts.has_died() && !(parents_wish && point.is_in_person()) {
        return Err(Refusal::of(Reason::ChildDied));
    }
    if facts.recorded.record_refused.is_some() {
        return Err(Refusal::of(Reason::RecordRefused));
    }
    if facts.recorded.hold_on(facts.day).is_some() {
        return Err(Refusal::of(Reason::Held));
    }
    if let Some(hold) = facts.holds.stops(question) {
        return Err(Refusal::about(Reason::Held, hold));
    }
    if facts.record.has_left(facts.day) && !question.by_hand {
        return Err(Refusal::of(Reason::ChildLeft));
    }
    Ok(())
}

/// The documents: final, in effect, and with something that this recipient is asked to do.
fn subject(question: &Question<'_>, facts: &Facts<'_>, basis: Basis) -> Result<(), Refusal> {
    let family_only = |kind: DocumentKind| written_for(kind) == WrittenFor::Parents;
    if basis != Basis::ParentCopy && question.all_papers().any(family_only) {
        return Err(Refusal::of(Reason::NotForRecipient));
    }
    let office_only = |kind: DocumentKind| written_for(kind) == WrittenFor::Offices;
    if basis == Basis::ParentCopy && question.all_papers().any(office_only) {
        return Err(Refusal::about(Reason::NotForRecipient, "a letter to an office"));
    }
    // Envelopes are shared by parents only: each office's papers rest on grounds of their own.
    if basis != Basis::ParentCopy && !question.shares.is_empty() {
        return Err(Refusal::about(Reason::NotForRecipient, "papers of several duties in an office's envelope"));
    }
    question.subjects().try_for_each(|(subject, papers)| version(subject, papers, question, facts, basis))
}

/// A plan: final, in effect, and with a line that the recipient is asked to deliver.
fn version(
    subject: &Subject,
    papers: &[DocumentKind],
    question: &Question<'_>,
    facts: &Facts<'_>,
    basis: Basis,
) -> Result<(), Refusal> {
    let Subject::Plan { ifsp_id, version } = subject else { return Ok(()) };
    let version = facts.record.version(ifsp_id, *version).ok_or(Refusal::of(Reason::Superseded))?;
    match version.status {
        IfspStatus::Draft => return Err(Refusal::of(Reason::NotFinal)),
        IfspStatus::AwaitingSignature if basis != Basis::ParentCopy => return Err(Refusal::of(Reason::NotYetSigned)),
        IfspStatus::Superseded | IfspStatus::Ended if !question.by_hand => return Err(Refusal::of(Reason::Superseded)),
        _ => {}
    }
    if papers.contains(&DocumentKind::ServiceAuthorization) {
        let agency = question.recipient.organisation_id();
        if !version.services.iter().any(|l| l.consent.stands() && l.provider_organisation.as_ref() == agency) {
            return Err(Refusal::of(Reason::NoConsentedLine));
        }
    }
    Ok(())
}

fn needs(question: &Question<'_>, classes: &BTreeSet<RecordClass>) -> Result<(), Refusal> {
    for kind in question.all_papers() {
        if let Some(missing) = classes_of(kind).needs.iter().find(|class| !classes.contains(class)) {
            return Err(Refusal::about(Reason::ClassNotCovered, missing.words()));
        }
    }
    Ok(())
}
