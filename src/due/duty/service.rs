//! Services after consent: the first session of each, and physicians' certifications.

use chrono::NaiveDate;

use super::{Findings, Look};
use crate::{
    case::{Recipient, RequestKind, ServiceConsent, ServiceLine, ServiceType},
    due::{DocumentKind, Obligation, ObligationKind as Kind, Owed, Step, Subject},
};

pub(super) fn duties(look: &Look<'_>, out: &mut Findings) {
    starts(look, out);
    certifications(look, out);
}

/// Each line that the parent consented to starts as soon as possible (34 CFR 303.342(e)): within the state's count
/// where it has one and the team documented no later start, else on the day that the plan projects.
fn starts(look: &Look<'_>, out: &mut Findings) {
    let Some(version) = look.record.in_effect() else {
        out.not_due(Kind::ServiceStart, "no plan is in effect");
        return;
    };
    let mut none = true;
    for line in &version.services {
        let ServiceConsent::Given { .. } = &line.consent else {
            out.not_due_since(Kind::ServiceStart, || {
                format!("the parent's consent to {} does not stand", line.service_line_id)
            });
            continue;
        };
        none = false;
        start(look, line, out);
    }
    if none {
        out.not_due(Kind::ServiceStart, "the parent has consented to no service of the plan");
    }
}

/// The first consent to a line and its first session: a line keeps its id from version to version, and a new
/// signature at a review does not start its clock again.
fn history(look: &Look<'_>, line: &ServiceLine) -> (Option<NaiveDate>, Option<NaiveDate>) {
    let same = || {
        let services = look.record.ifsps.iter().filter(|v| v.status.is_final()).flat_map(|v| &v.services);
        services.filter(|other| other.service_line_id == line.service_line_id)
    };
    let consent = same().filter_map(|other| match &other.consent {
        ServiceConsent::Given { on, .. } => Some(**on),
        ServiceConsent::Withdrawn { given_on, .. } => Some(**given_on),
        ServiceConsent::Open | ServiceConsent::Declined { .. } => None,
    });
    (consent.min(), same().filter_map(|other| other.actual_first_date).map(|on| *on).min())
}

fn start(look: &Look<'_>, line: &ServiceLine, out: &mut Findings) {
    let (Some(consent), first) = history(look, line) else { return };
    let projected = *line.projected_start;
    // An assistive-technology device is exempt from Virginia's count; no other state's count was read to reach it.
    let rule = look.rules.service_start().filter(|_| line.service != ServiceType::AssistiveTechnology);
    let (due_on, citation) = match &rule {
        Some(rule) => (rule.from(consent, &look.calendar).max(projected), rule.under("34 CFR 303.342(e)")),
        None => (projected.max(consent), "34 CFR 303.342(e); the plan's own projected start".to_owned()),
    };
    let anchor = line.service_line_id.as_str();
    let obligation = Obligation::new(Kind::ServiceStart, anchor, consent, due_on, citation).met(
        first,
        "the first session",
        Some(anchor),
    );
    out.add(look, obligation, || {
        let mut steps = vec![Step::Trigger { what: "consent to the service", on: consent }];
        match rule {
            Some(rule) => {
                steps.push(Step::rule(&rule));
                if due_on == projected && rule.from(consent, &look.calendar) < projected {
                    steps.push(Step::Note(format!("the team documented a later start, {projected}")));
                }
            }
            None => steps.push(Step::Note(format!(
                "as soon as possible after consent; no count applies, so the plan's projected start {projected} counts"
            ))),
        }
        steps
    });
}

/// A certification is asked for, and asked for again when no answer comes. Which services need one is the state's
/// matter and stands in the record as the request itself.
fn certifications(look: &Look<'_>, out: &mut Findings) {
    let asked = look.record.requests.iter().filter(|r| r.kind == RequestKind::PhysicianCertification);
    if asked.clone().next().is_none() {
        for kind in [Kind::CertificationRequest, Kind::CertificationAnswer] {
            out.not_due(kind, "the record asks no physician for a certification");
        }
    }
    for request in asked {
        let on = *request.on;
        let anchor = request.event_id.as_str();
        let soon = look.rules.as_soon_as_possible();
        let sent = request.sent_on.or(request.done_on).map(|day| *day);
        let obligation =
            Obligation::new(Kind::CertificationRequest, anchor, on, soon.from(on, &look.calendar), soon.source).met(
                sent,
                "the request was sent",
                Some(anchor),
            );
        // The paper is about the plan: before there is one, a person asks.
        let office = request.organisation_id.as_ref().map(|id| Recipient::office(id, request.person_id.as_ref()));
        let obligation = match (look.record.in_effect(), office) {
            (Some(version), Some(recipient)) if sent.is_none() && !look.before_automatic(on) => obligation
                .about(Subject::Plan { ifsp_id: version.ifsp_id.clone(), version: version.version })
                .owes(vec![Owed { recipient, papers: vec![DocumentKind::PhysicianCertification], has_it_since: None }]),
            _ => obligation,
        };
        out.add(look, obligation, || vec![Step::Trigger { what: "certification needed", on }, Step::rule(&soon)]);
        let chase = look.rules.certification();
        let due_on = chase.from(on, &look.calendar);
        let due_on = request.needed_by.map_or(due_on, |by| due_on.min(*by)).max(on);
        let obligation = Obligation::new(Kind::CertificationAnswer, anchor, on, due_on, chase.source).met(
            request.done_on.map(|day| *day),
            "the physician's answer",
            Some(anchor),
        );
        out.add(look, obligation, || {
            let mut steps = vec![Step::Trigger { what: "certification needed", on }, Step::rule(&chase)];
            steps.extend(request.needed_by.map(|by| Step::Note(format!("it is needed by {by}"))));
            steps
        });
    }
}
