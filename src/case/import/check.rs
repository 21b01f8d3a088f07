//! What a shape cannot say: facts of a record that contradict each other or the directory.

use std::collections::HashSet;

use serde_json::Value;

use super::{Rules, shape::field_of, times::times};
use crate::case::{
    Address, CaseRecord, Date, Directory, Endpoint, FamilyMember, IfspKind, IfspStatus, IfspVersion,
    OtherServiceStatus, ParentRole, PersonId, Release, ServiceConsent, ServiceLine, Setting,
};

/// Field and what to do.
type Finding = (String, String);

struct Findings(Vec<Finding>);

impl Findings {
    fn add(&mut self, field: impl Into<String>, says: impl Into<String>) {
        self.0.push((field.into(), says.into()));
    }

    fn once<'a>(&mut self, what: &str, ids: impl Iterator<Item = (String, &'a str)>) {
        let mut seen = HashSet::new();
        for (field, id) in ids {
            if !seen.insert(id) {
                self.add(field, format!("this {what} id stands twice; each has its own"));
            }
        }
    }
}

/// Everything wrong with a record that serde has read.
pub(super) fn record(record: &CaseRecord, value: &Value, rules: &Rules<'_>) -> Vec<Finding> {
    let mut f = Findings(Vec::new());
    letters(value, rules.printable, &mut f);
    life(record, rules, &mut f);
    ids(record, &mut f);
    for (i, member) in record.family.iter().enumerate() {
        family_member(member, &format!("family[{i}]"), &mut f);
    }
    for (i, release) in record.releases.iter().enumerate() {
        self::release(record, release, rules, &format!("releases[{i}]"), &mut f);
    }
    for (i, order) in record.court_orders.iter().enumerate() {
        let at = format!("court_orders[{i}]");
        if order.persons.is_empty() {
            f.add(format!("{at}.persons"), "names nobody; say whom the order is about");
        }
        for person in &order.persons {
            known_member(record, person, &format!("{at}.persons"), &mut f);
        }
    }
    placements(record, rules.directory, &mut f);
    for (i, statement) in record.statements.iter().enumerate() {
        known_member(record, &statement.by, &format!("statements[{i}].by"), &mut f);
    }
    for (i, version) in record.ifsps.iter().enumerate() {
        plan(record, version, rules, &format!("ifsps[{i}]"), &mut f);
    }
    named(record, rules.directory, &mut f);
    f.0.extend(times(record, rules));
    f.0
}

/// With whom the child lives, and who answers for a child in care.
fn placements(record: &CaseRecord, directory: &Directory, f: &mut Findings) {
    for (i, placement) in record.placements.iter().enumerate() {
        known_member(record, &placement.person_id, &format!("placements[{i}].person_id"), f);
        if placement.to.is_some_and(|to| to < placement.from) {
            f.add(format!("placements[{i}].to"), "lies before the first day");
        }
    }
    for (i, caseworker) in record.caseworkers.iter().enumerate() {
        match directory.professional(&caseworker.person_id) {
            None => f.add(format!("caseworkers[{i}].person_id"), "no professional of the directory has this id"),
            Some(p) if p.organisation_id != caseworker.organisation_id => {
                f.add(
                    format!("caseworkers[{i}].organisation_id"),
                    "is not the office in which this professional works",
                );
            }
            Some(_) => {}
        }
        if caseworker.case_plan_access && caseworker.legal_responsibility.is_none() {
            f.add(
                format!("caseworkers[{i}].legal_responsibility"),
                "missing; say which paper makes the agency legally responsible for this child",
            );
        }
    }
}

/// Everything wrong with a directory.
pub(super) fn directory(directory: &Directory, value: &Value, printable: fn(char) -> bool) -> Vec<Finding> {
    let mut f = Findings(Vec::new());
    letters(value, printable, &mut f);
    f.once(
        "organisation",
        directory
            .organisations
            .iter()
            .enumerate()
            .map(|(i, o)| (format!("organisations[{i}].organisation_id"), o.organisation_id.as_str())),
    );
    f.once(
        "person",
        directory
            .professionals
            .iter()
            .enumerate()
            .map(|(i, p)| (format!("professionals[{i}].person_id"), p.person_id.as_str())),
    );
    f.once(
        "endpoint",
        directory.organisations.iter().enumerate().flat_map(|(i, o)| {
            o.endpoints.iter().map(move |e| (format!("organisations[{i}].endpoints"), e.endpoint_id.as_str()))
        }),
    );
    for (i, organisation) in directory.organisations.iter().enumerate() {
        if let Some(into) = &organisation.merged_into
            && (into == &organisation.organisation_id || directory.organisation(into).is_none())
        {
            f.add(format!("organisations[{i}].merged_into"), "names no other organisation of the directory");
        }
        endpoints(&organisation.endpoints, &format!("organisations[{i}]"), &mut f);
    }
    for (i, person) in directory.professionals.iter().enumerate() {
        if directory.organisation(&person.organisation_id).is_none() {
            f.add(format!("professionals[{i}].organisation_id"), "no organisation of the directory has this id");
        }
    }
    f.0
}

/// A letter that no font has would print as an empty box: name it instead.
fn letters(value: &Value, printable: fn(char) -> bool, f: &mut Findings) {
    fn walk(value: &Value, pointer: &mut String, printable: fn(char) -> bool, f: &mut Findings) {
        match value {
            Value::String(text) => {
                if let Some(c) = text.chars().find(|c| !matches!(c, '\n' | '\r' | '\t') && !printable(*c)) {
                    f.add(
                        field_of(pointer),
                        format!("has the letter '{c}' (U+{:04X}), which the fonts cannot print; write it in Latin letters or add a font", u32::from(c)),
                    );
                }
            }
            Value::Array(items) => {
                for (i, item) in items.iter().enumerate() {
                    let length = pointer.len();
                    pointer.push_str(&format!("/{i}"));
                    walk(item, pointer, printable, f);
                    pointer.truncate(length);
                }
            }
            Value::Object(fields) => {
                for (key, item) in fields {
                    let length = pointer.len();
                    pointer.push('/');
                    pointer.push_str(key);
                    walk(item, pointer, printable, f);
                    pointer.truncate(length);
                }
            }
            _ => {}
        }
    }
    walk(value, &mut String::new(), printable, f);
}

fn life(record: &CaseRecord, rules: &Rules<'_>, f: &mut Findings) {
    let born = *record.child.birth_date;
    if born > rules.today {
        f.add("child.birth_date", "lies in the future");
    }
    if *record.referral.received_on < born {
        f.add("referral.received_on", "lies before the child's birth date");
    }
    let past = |date: Date, field: String, f: &mut Findings| {
        if *date > rules.today {
            f.add(field, "lies in the future; record it once it has happened");
        }
    };
    past(record.referral.received_on, "referral.received_on".into(), f);
    for (i, contact) in record.contacts.iter().enumerate() {
        past(contact.on, format!("contacts[{i}].on"), f);
    }
    for (i, evaluation) in record.evaluations.iter().enumerate() {
        past(evaluation.on, format!("evaluations[{i}].on"), f);
    }
}

fn ids(record: &CaseRecord, f: &mut Findings) {
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
        );
    f.once("event", events);
    let mut versions = HashSet::new();
    for (i, version) in record.ifsps.iter().enumerate() {
        if !versions.insert((version.ifsp_id.as_str(), version.version)) {
            f.add(format!("ifsps[{i}].version"), "this version of the plan stands twice; a change is a new version");
        }
    }
}

fn endpoints(endpoints: &[Endpoint], at: &str, f: &mut Findings) {
    for (i, endpoint) in endpoints.iter().enumerate() {
        let at = format!("{at}.endpoints[{i}].address");
        match &endpoint.address {
            Address::Email { to, .. } if to.parse::<lettre::Address>().is_err() => {
                f.add(format!("{at}.to"), "is no e-mail address such as office@example.org");
            }
            Address::Postal { lines } if !(1..=4).contains(&lines.len()) => {
                f.add(format!("{at}.lines"), "an address has one to four lines below the name");
            }
            Address::Fax { number } if number.chars().filter(char::is_ascii_digit).count() < 10 => {
                f.add(format!("{at}.number"), "a fax number has at least ten digits");
            }
            _ => {}
        }
    }
}

fn family_member(member: &FamilyMember, at: &str, f: &mut Findings) {
    endpoints(&member.endpoints, at, f);
    if member.parent_role != ParentRole::None && !member.may_receive_records && member.restriction_basis.is_none() {
        f.add(
            format!("{at}.restriction_basis"),
            "a parent has the right to the record unless an order, law or binding paper says otherwise (34 CFR 303.405): name it",
        );
    }
    if let Some(preferred) = &member.preferred_endpoint
        && !member.endpoints.iter().any(|e| &e.endpoint_id == preferred)
    {
        f.add(format!("{at}.preferred_endpoint"), "names no endpoint of this person");
    }
}

fn known_member(record: &CaseRecord, person: &PersonId, field: &str, f: &mut Findings) {
    if record.member(person).is_none() {
        f.add(field, "names nobody of this family");
    }
}

fn release(record: &CaseRecord, release: &Release, rules: &Rules<'_>, at: &str, f: &mut Findings) {
    if release.recipients.is_empty() {
        f.add(format!("{at}.recipients"), "names nobody; a release says to whom (34 CFR 303.7)");
    }
    if release.classes.is_empty() {
        f.add(format!("{at}.classes"), "names no records; a release says which (34 CFR 303.7)");
    }
    match record.member(&release.signed_by) {
        None => f.add(format!("{at}.signed_by"), "names nobody of this family"),
        // A former foster parent's release is suspended until it is reviewed; a person who was never a parent could sign none.
        Some(signer) if !signer.may_consent && signer.parent_role == ParentRole::None => {
            f.add(format!("{at}.signed_by"), "this person may not sign consents");
        }
        Some(_) => {}
    }
    if release.expires_on.is_some_and(|end| end < release.signed_on) {
        f.add(format!("{at}.expires_on"), "lies before the signature");
    }
    if *release.signed_on > rules.today && !release.draft {
        f.add(format!("{at}.signed_on"), "lies in the future; a form that is not signed yet has `draft` true");
    }
    if let (Some(from), Some(to)) = (release.records_from, release.records_to)
        && to < from
    {
        f.add(format!("{at}.records_to"), "lies before records_from");
    }
    if let Some(person) = &release.confirmed_by {
        known_member(record, person, &format!("{at}.confirmed_by"), f);
    }
    if let Some(other) = &release.superseded_by
        && (other == &release.release_id || !record.releases.iter().any(|r| &r.release_id == other))
    {
        f.add(format!("{at}.superseded_by"), "names no other release of this record");
    }
    for (i, recipient) in release.recipients.iter().enumerate() {
        if rules.directory.organisation(&recipient.organisation_id).is_none() {
            f.add(format!("{at}.recipients[{i}].organisation_id"), "no organisation of the directory has this id");
        }
    }
}

fn plan(record: &CaseRecord, version: &IfspVersion, rules: &Rules<'_>, at: &str, f: &mut Findings) {
    if *version.meeting_on > rules.today && version.status.is_final() {
        f.add(format!("{at}.meeting_on"), "a plan of a future meeting cannot be final");
    }
    if version.status == IfspStatus::InEffect {
        if version.signature.is_none() {
            f.add(format!("{at}.signature"), "missing; a plan in effect is signed by a parent (34 CFR 303.342(e))");
        }
        if version.explained_on.is_none() {
            f.add(format!("{at}.explained_on"), "missing; the content is explained before consent (34 CFR 303.342(e))");
        }
    }
    if let Some(signature) = &version.signature {
        known_member(record, &signature.person_id, &format!("{at}.signature.person_id"), f);
    }
    if version.status.is_final() && version.kind != IfspKind::Interim {
        if version.present_levels.is_none() {
            f.add(
                format!("{at}.present_levels"),
                "missing; a final plan states the present levels (34 CFR 303.344(a))",
            );
        }
        if version.outcomes.is_empty() {
            f.add(format!("{at}.outcomes"), "missing; a final plan has at least one outcome (34 CFR 303.344(c))");
        }
    }
    let mut numbers = HashSet::new();
    for (i, outcome) in version.outcomes.iter().enumerate() {
        if !numbers.insert(outcome.number) {
            f.add(format!("{at}.outcomes[{i}].number"), "this number stands twice");
        }
    }
    let mut lines = HashSet::new();
    for (i, line) in version.services.iter().enumerate() {
        let at = format!("{at}.services[{i}]");
        if !lines.insert(&line.service_line_id) {
            f.add(format!("{at}.service_line_id"), "this line stands twice");
        }
        service(record, line, &numbers, &at, f);
    }
    for (i, other) in version.other_services.iter().enumerate() {
        if other.status == OtherServiceStatus::Needed && other.steps.is_none() {
            f.add(
                format!("{at}.other_services[{i}].steps"),
                "missing; a service still needed has steps to secure it (34 CFR 303.344(e)(2))",
            );
        }
    }
    if rules.directory.professional(&version.service_coordinator).is_none() {
        f.add(format!("{at}.service_coordinator"), "no professional of the directory has this id");
    }
}

fn service(record: &CaseRecord, line: &ServiceLine, numbers: &HashSet<u8>, at: &str, f: &mut Findings) {
    if line.outcomes.is_empty() {
        f.add(format!("{at}.outcomes"), "names no outcome; a service serves at least one (34 CFR 303.344(d))");
    }
    for outcome in &line.outcomes {
        if !numbers.contains(outcome) {
            f.add(format!("{at}.outcomes"), format!("names outcome {outcome}, which the plan does not have"));
        }
    }
    if line.setting == Setting::Other && line.justification.is_none() {
        f.add(
            format!("{at}.justification"),
            "missing; a setting outside the natural environment is justified by the team (34 CFR 303.344(d)(1)(ii))",
        );
    }
    if line.payment.is_empty() {
        f.add(format!("{at}.payment"), "missing; write [\"none\"] where there is nothing to pay");
    }
    if line.duration_end < line.projected_start {
        f.add(format!("{at}.duration_end"), "lies before the projected start");
    }
    let by = match &line.consent {
        ServiceConsent::Open => None,
        ServiceConsent::Given { by, .. }
        | ServiceConsent::Declined { by, .. }
        | ServiceConsent::Withdrawn { by, .. } => Some(by),
    };
    if let Some(by) = by {
        known_member(record, by, &format!("{at}.consent.by"), f);
    }
}

/// Every office and professional that the record names stands in the directory.
fn named(record: &CaseRecord, directory: &Directory, f: &mut Findings) {
    let mut office = |field: String, id: Option<&crate::case::OrganisationId>| {
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
