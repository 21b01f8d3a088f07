//! The entry in the record of access for something that left, and what a person says later.

use crate::{
    actor::Actor,
    case::{ChildId, EndpointId, ExceptionGround, Recipient},
    clock::instant_text,
    disclosure::{Authorization, Basis},
    dispatch::{Envelope, Evidence},
    document::{assemble::REDISCLOSURE_VERSION, statements_on},
    due::{DocumentKind, ObligationKind},
    ledger::{Detail, Entry, EntryItem, EntryPlan, EntryRelease, Event, StatementIncluded},
    pipeline::child_facts::ChildFacts,
    store::DispatchRow,
};

/// Why a paper went, in a sentence that a parent can read.
fn purpose(authorization: &Authorization, obligation: ObligationKind) -> String {
    if let Some(exception) = authorization.exception() {
        return format!("{} Looked at by {}.", exception.ground.in_words(), exception.reviewer);
    }
    if let Some(release) = authorization.release() {
        return release.purpose.clone();
    }
    match (authorization.basis(), obligation) {
        (Basis::LimitedNotice, _) => "So that the school district can get ready for the third birthday.",
        (Basis::Caseworker, _) => "To care for a child for whom the agency is legally responsible.",
        (Basis::ProgramAgent, _) => "To interpret at a meeting.",
        (Basis::ParentCopy, ObligationKind::PlanToParent) => "Your own copy of the plan, which you have a right to.",
        (Basis::ParentCopy, ObligationKind::MonthlyReminder) => "Your monthly reminder.",
        (Basis::ParentCopy, _) => "Your own copy.",
        (_, ObligationKind::StopService) => "To end a service that you no longer consent to.",
        _ => "To give the services on the plan that you consented to.",
    }
    .to_owned()
}

/// The interest that the recipient has in the record (34 CFR 99.32(a)(3)).
fn interest(basis: Basis, purpose: &str) -> String {
    match basis {
        Basis::ParentCopy => "The child's parent.".to_owned(),
        Basis::ParticipatingAgency => "Gives early intervention services to this child.".to_owned(),
        Basis::LimitedNotice => "Preschool special education for this child.".to_owned(),
        Basis::Caseworker => "Legally responsible for this child, with access to the case plan.".to_owned(),
        Basis::ProgramAgent => "Works for the program under its agreement.".to_owned(),
        Basis::Consent | Basis::Emergency | Basis::CourtOrder | Basis::Audit => purpose.to_owned(),
    }
}

/// Whether a parent's statement is printed on one of the papers (34 CFR 303.412(c)).
fn statement_included(facts: &ChildFacts, authorization: &Authorization, papers: &[DocumentKind]) -> StatementIncluded {
    let on = |kind: &DocumentKind| statements_on(&facts.record, *kind, authorization.mask()).next().is_some();
    if papers.iter().any(on) { StatementIncluded::Included } else { StatementIncluded::NotApplicable }
}

/// What comes again and again to one recipient for one purpose (45 CFR 164.528(b)(3)).
fn series_of(envelope: &Envelope) -> Option<String> {
    let recurs = matches!(envelope.obligation, ObligationKind::MonthlyReminder | ObligationKind::SummaryOfContact);
    let recurs = recurs && envelope.shares.is_empty();
    recurs.then(|| format!("{} to {}", envelope.obligation, envelope.recipient))
}

pub(in crate::pipeline) fn recipient_name(facts: &ChildFacts, recipient: &Recipient) -> String {
    match recipient {
        Recipient::FamilyMember { person_id } => facts.record.member(person_id).map(|m| m.name.full()),
        Recipient::Office { organisation_id, person_id } => {
            facts.directory.organisation(organisation_id).map(|office| {
                match person_id.as_ref().and_then(|id| facts.directory.professional(id)) {
                    Some(person) => format!("{}, {}", person.name.full(), office.name),
                    None => office.name.to_string(),
                }
            })
        }
    }
    .unwrap_or_else(|| recipient.to_string())
}

/// The entry for bytes that left, or may have left.
pub(in crate::pipeline) fn disclosure_entry(
    facts: &ChildFacts,
    row: &DispatchRow,
    authorization: &Authorization,
    attempt: i64,
    outcome: &str,
    released_by: &str,
    evidence: &Evidence,
) -> (Entry, Detail) {
    let packet = row.packet.as_ref();
    let items: Vec<EntryItem> = packet.map(|p| p.items.iter().map(EntryItem::from).collect()).unwrap_or_default();
    let in_language = |item: &EntryItem| match &item.language {
        Some(tag) => format!(", in {}", facts.languages().english().language(tag)),
        None => String::new(),
    };
    let record = |i: &EntryItem| format!("{}, {} pages{}", i.document.title(), i.pages, in_language(i));
    let records: Vec<String> = items.iter().map(record).collect();
    let calendar = packet.and_then(|p| p.calendar).map(|n| format!("calendar file, {n} appointments"));
    let records: Vec<String> = records.into_iter().chain(calendar).collect();
    let parent = authorization.basis() == Basis::ParentCopy;
    let envelope = &row.envelope;
    let papers: Vec<DocumentKind> = envelope.contents().map(|(kind, _)| kind).collect();
    let entry = Entry {
        dispatch: Some(row.dispatch_id.clone()),
        attempt: Some(attempt),
        obligation: Some(envelope.obligation),
        recipient: Some(envelope.recipient.clone()),
        endpoint: Some(authorization.endpoint_id().clone()),
        channel: row.channel.clone(),
        basis: Some(authorization.basis().code().to_owned()),
        release: authorization.release().map(|r| EntryRelease {
            id: r.release_id.clone(),
            classes: r.classes.iter().copied().collect(),
            expires_on: r.expires_on.map(|d| d.to_string()),
        }),
        decided_at: Some(instant_text(authorization.decided_at())),
        items,
        classes: authorization.mask().classes.iter().copied().collect(),
        template_version: packet.map(|p| p.template_version.clone()),
        redisclosure_notice: (!parent).then(|| REDISCLOSURE_VERSION.to_owned()),
        plan: EntryPlan::of(&envelope.subject),
        amendment_statement: statement_included(facts, authorization, &papers),
        series: series_of(envelope),
        item_keys: envelope.item_keys().iter().map(ToString::to_string).collect(),
        made_from: packet.map(|p| p.made_from.clone()),
        ..Entry::new(Event::Disclosure, &envelope.child_id, outcome, released_by)
    }
    .with_exemptions();
    // One purpose for one duty; several share a parent's envelope as the parent's own copies.
    let purpose = if envelope.shares.is_empty() {
        purpose(authorization, envelope.obligation)
    } else {
        "Your own copies, in one envelope.".to_owned()
    };
    let detail = Detail {
        recipient_name: recipient_name(facts, &envelope.recipient),
        address: authorization.address().in_one_line(),
        legitimate_interest: Some(interest(authorization.basis(), &purpose)),
        emergency_threat: authorization.exception().and_then(|exception| match &exception.ground {
            ExceptionGround::Emergency { threat } => Some(threat.to_string()),
            ExceptionGround::CourtOrder { .. } | ExceptionGround::Audit { .. } => None,
        }),
        purpose,
        records: records.join("; "),
        evidence: evidence.clone(),
    };
    (entry, detail)
}

/// The entry for a letter that left without authority, as a person says: it names no basis and no decision.
pub(in crate::pipeline) fn entry_without_authority(
    facts: &ChildFacts,
    row: &DispatchRow,
    outcome: &str,
    released_by: &str,
    evidence: &Evidence,
) -> (Entry, Detail) {
    let envelope = &row.envelope;
    let packet = row.packet.as_ref();
    let items: Vec<EntryItem> = packet.map(|p| p.items.iter().map(EntryItem::from).collect()).unwrap_or_default();
    let endpoint = packet.map(|p| p.endpoint_id.clone());
    let records: Vec<String> = items.iter().map(|i| format!("{}, {} pages", i.document.title(), i.pages)).collect();
    let entry = Entry {
        dispatch: Some(row.dispatch_id.clone()),
        attempt: Some(row.attempt),
        obligation: Some(envelope.obligation),
        recipient: Some(envelope.recipient.clone()),
        endpoint: endpoint.clone(),
        channel: row.channel.clone(),
        items,
        classes: packet.map(|p| p.mask.classes.iter().copied().collect()).unwrap_or_default(),
        template_version: packet.map(|p| p.template_version.clone()),
        plan: EntryPlan::of(&envelope.subject),
        item_keys: envelope.item_keys().iter().map(ToString::to_string).collect(),
        made_from: packet.map(|p| p.made_from.clone()),
        ..Entry::new(Event::Disclosure, &envelope.child_id, outcome, released_by)
    };
    let detail = Detail {
        recipient_name: recipient_name(facts, &envelope.recipient),
        address: address_of(facts, endpoint.as_ref()),
        purpose: "It was in the mail although it might not go.".to_owned(),
        legitimate_interest: None,
        emergency_threat: None,
        records: records.join("; "),
        evidence: evidence.clone(),
    };
    (entry, detail)
}

/// An address of the family or of an office, as the facts have it.
fn address_of(facts: &ChildFacts, endpoint: Option<&EndpointId>) -> String {
    let endpoints = facts.record.family.iter().flat_map(|m| &m.endpoints);
    endpoints
        .chain(facts.directory.organisations.iter().flat_map(|o| &o.endpoints))
        .find(|e| Some(&e.endpoint_id) == endpoint)
        .map_or_else(|| "an address that is no longer in the record".to_owned(), |e| e.address.in_one_line())
}

/// The entry for something learned later about an earlier one.
pub(in crate::pipeline) fn outcome_entry(
    child: &ChildId,
    dispatch: &str,
    about_seq: Option<i64>,
    outcome: &str,
    by: &Actor,
) -> Entry {
    Entry {
        about_seq,
        dispatch: Some(dispatch.to_owned()).filter(|id| !id.is_empty()),
        ..Entry::new(Event::Outcome, child, outcome, &by.recorded())
    }
}

/// The entry for what a person learned about a dispatch, with the personal part: whom it is about, where it had
/// gone, and the person's own words.
pub(in crate::pipeline) fn learned(
    facts: &ChildFacts,
    row: &DispatchRow,
    outcome: &str,
    because: &str,
    by: &Actor,
) -> (Entry, Detail) {
    let entry = Entry {
        recipient: Some(row.envelope.recipient.clone()),
        endpoint: row.packet.as_ref().map(|p| p.endpoint_id.clone()),
        channel: row.channel.clone(),
        ..outcome_entry(&row.envelope.child_id, &row.dispatch_id, None, outcome, by)
    };
    let address = address_of(facts, entry.endpoint.as_ref());
    let titles: Vec<&str> = row.envelope.contents().map(|(kind, _)| kind.title()).collect();
    let detail = Detail {
        recipient_name: recipient_name(facts, &row.envelope.recipient),
        address,
        purpose: "What was learned later about an earlier entry.".to_owned(),
        legitimate_interest: None,
        emergency_threat: None,
        records: titles.join("; "),
        evidence: Evidence::of(because),
    };
    (entry, detail)
}
