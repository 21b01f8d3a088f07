//! What is named exists, and is named once.

use std::collections::HashSet;

use super::Findings;
use crate::case::{CaseRecord, Directory, OrganisationId, PersonId};

pub(super) fn ids(record: &CaseRecord, f: &mut Findings) {
    f.once(
        "person",
        record.family.iter().enumerate().map(|(i, m)| (format!("family[{i}].person_id"), m.person_id.as_str())),
    );
    f.once(
        "release",
        record.releases.iter().enumerate().map(|(i, r)| (format!("releases[{i}].release_id"), r.release_id.as_str())),
    );
    f.once(
        "order",
        record
            .court_orders
            .iter()
            .enumerate()
            .map(|(i, o)| (format!("court_orders[{i}].order_id"), o.order_id.as_str())),
    );
    f.once(
        "endpoint",
        record.family.iter().enumerate().flat_map(|(i, m)| {
            m.endpoints.iter().map(move |e| (format!("family[{i}].endpoints"), e.endpoint_id.as_str()))
        }),
    );
    let events = std::iter::once(("referral.event_id".to_owned(), record.referral.event_id.as_str()))
        .chain(
            record
                .evaluations
                .iter()
                .enumerate()
                .map(|(i, e)| (format!("evaluations[{i}].event_id"), e.event_id.as_str())),
        )
        .chain(
            record.contacts.iter().enumerate().map(|(i, c)| (format!("contacts[{i}].event_id"), c.event_id.as_str())),
        )
        .chain(
            record
                .assignments
                .iter()
                .enumerate()
                .map(|(i, a)| (format!("assignments[{i}].event_id"), a.event_id.as_str())),
        )
        .chain(record.surrogate_need.iter().map(|need| ("surrogate_need.event_id".to_owned(), need.event_id.as_str())));
    f.once("event", events);
    let mut versions: HashSet<_> = record.unfinished.iter().map(|v| (v.ifsp_id.as_str(), v.version)).collect();
    for (i, version) in record.ifsps.iter().enumerate() {
        if !versions.insert((version.ifsp_id.as_str(), version.version)) {
            f.add(format!("ifsps[{i}].version"), "this version of the plan stands twice; a change is a new version");
        }
    }
}

/// Every office and professional that the record names stands in the directory.
pub(super) fn named(record: &CaseRecord, directory: &Directory, f: &mut Findings) {
    let mut office = |field: String, id: Option<&OrganisationId>| {
        if id.is_some_and(|id| directory.organisation(id).is_none()) {
            f.add(field, "no organisation of the directory has this id");
        }
    };
    office("child.residence_lea".into(), record.child.residence_lea.as_ref());
    office("referral.source_organisation".into(), record.referral.source_organisation.as_ref());
    for (i, physician) in record.physicians.iter().enumerate() {
        office(format!("physicians[{i}].organisation_id"), Some(&physician.organisation_id));
    }
    for (i, request) in record.requests.iter().enumerate() {
        office(format!("requests[{i}].organisation_id"), request.organisation_id.as_ref());
    }
    for (i, assignment) in record.assignments.iter().enumerate() {
        office(format!("assignments[{i}].organisation_id"), Some(&assignment.organisation_id));
    }
    for (i, version) in record.ifsps.iter().enumerate() {
        for (j, line) in version.services.iter().enumerate() {
            office(format!("ifsps[{i}].services[{j}].provider_organisation"), line.provider_organisation.as_ref());
        }
    }
    let mut person = |field: String, id: Option<&PersonId>| {
        if id.is_some_and(|id| directory.professional(id).is_none()) {
            f.add(field, "no professional of the directory has this id");
        }
    };
    for (i, term) in record.coordinators.iter().enumerate() {
        person(format!("coordinators[{i}].person_id"), Some(&term.person_id));
    }
    for (i, contact) in record.contacts.iter().enumerate() {
        person(format!("contacts[{i}].author"), Some(&contact.author));
    }
    for (i, physician) in record.physicians.iter().enumerate() {
        person(format!("physicians[{i}].person_id"), physician.person_id.as_ref());
    }
}
