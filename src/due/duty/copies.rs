//! Copies: the plan to parents, physician and agencies, stop notices, summaries, evaluations, packet and reminder.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};

use super::{Findings, Look};
use crate::{
    case::{
        Audience, EvaluationKind, IfspStatus, IfspVersion, OrganisationId, Recipient, ServiceConsent, ServiceLineId,
    },
    due::{
        DocumentKind, Obligation, ObligationKind as Kind, Owed, Step, Subject,
        calendar::{add_calendar_days, add_months},
        dates::TransitionDates,
    },
};

pub(super) fn duties(look: &Look<'_>, out: &mut Findings) {
    let first = out.obligations.len();
    let record = look.record;
    // A child may have several final versions; older ones are history and owe nothing any more.
    let newest_final = record
        .ifsps
        .iter()
        .filter(|v| matches!(v.status, IfspStatus::InEffect | IfspStatus::AwaitingSignature))
        .max_by_key(|v| (v.meeting_on, v.version));
    match newest_final {
        Some(version) => plan_to_parents(look, version, out),
        None => out.not_due(Kind::PlanToParent, "there is no final plan"),
    }
    if let Some(version) = record.in_effect() {
        plan_to_physicians(look, version, out);
        plan_to_agencies(look, version, out);
        stop_services(look, version, out);
    } else {
        for kind in [Kind::PlanToPhysician, Kind::PlanToAgency, Kind::StopService] {
            out.not_due(kind, "no plan is in effect");
        }
    }
    summaries(look, out);
    packet(look, out);
    reminder(look, out);
    if let Some(from) = look.rules.program.automatic_from {
        let mut place = 0;
        out.obligations.retain(|o| {
            place += 1;
            let kept = o.due_on >= *from && (o.opens_on >= *from || o.kind == Kind::TransitionPacketToFamily);
            place <= first || kept
        });
    }
    evaluations(look, out);
}

fn already(version: &IfspVersion, recipient: &Recipient) -> Option<NaiveDate> {
    version
        .copies_given
        .iter()
        .find(|copy| match (&copy.to, recipient) {
            // A copy to the office is a copy to the person in it.
            (Recipient::Office { organisation_id: a, .. }, Recipient::Office { organisation_id: b, .. }) => a == b,
            (a, b) => a == b,
        })
        .map(|copy| *copy.on)
}

fn add_plan(look: &Look<'_>, kind: Kind, version: &IfspVersion, citation: &str, owed: Vec<Owed>, out: &mut Findings) {
    let rule = look.rules.parent_copy();
    let on = *version.meeting_on;
    let obligation =
        Obligation::new(kind, version.meeting_event_id.as_str(), on, rule.from(on, &look.calendar), citation);
    let obligation = Obligation { revision: version.version, ..obligation }
        .about(Subject::Plan { ifsp_id: version.ifsp_id.clone(), version: version.version })
        .owes(owed);
    out.add(look, obligation, || vec![Step::Trigger { what: "meeting about the plan", on }, Step::rule(&rule)]);
}

/// 34 CFR 303.409(c).
fn plan_to_parents(look: &Look<'_>, version: &IfspVersion, out: &mut Findings) {
    let owed = look
        .parents()
        .map(|parent| {
            let recipient = Recipient::family(&parent.person_id);
            Owed { has_it_since: already(version, &recipient), recipient, papers: vec![DocumentKind::Ifsp] }
        })
        .collect();
    add_plan(look, Kind::PlanToParent, version, "34 CFR 303.409(c)", owed, out);
}

/// A physician who only refers is outside the Part C system: every copy rests on a release (303.414).
fn plan_to_physicians(look: &Look<'_>, version: &IfspVersion, out: &mut Findings) {
    let owed: Vec<Owed> = look
        .record
        .physicians
        .iter()
        .filter(|p| *p.from <= look.day && p.to.is_none_or(|to| look.day <= *to))
        .map(|p| {
            let recipient = Recipient::office(&p.organisation_id, p.person_id.as_ref());
            Owed {
                has_it_since: already(version, &recipient),
                recipient,
                papers: vec![DocumentKind::PhysicianLetter, DocumentKind::Ifsp],
            }
        })
        .collect();
    if owed.is_empty() {
        out.not_due(Kind::PlanToPhysician, "the record names no physician who follows the child now");
    } else {
        add_plan(look, Kind::PlanToPhysician, version, "34 CFR 303.7, 303.414", owed, out);
    }
}

/// One envelope to each agency with at least one line that the parent has consented to.
fn plan_to_agencies(look: &Look<'_>, version: &IfspVersion, out: &mut Findings) {
    let owed: Vec<Owed> = agencies(look, version)
        .into_iter()
        .map(|agency| {
            let recipient = Recipient::office(agency, None);
            Owed {
                has_it_since: already(version, &recipient),
                recipient,
                papers: vec![DocumentKind::ServiceAuthorization, DocumentKind::Ifsp],
            }
        })
        .collect();
    if owed.is_empty() {
        out.not_due(Kind::PlanToAgency, "no agency delivers a service that the parent has consented to");
    } else {
        add_plan(look, Kind::PlanToAgency, version, "34 CFR 303.344(d), (f); 303.414(b)", owed, out);
    }
}

/// The agencies with a line that the parent has consented to, the program itself left out.
pub(super) fn agencies<'a>(look: &Look<'_>, version: &'a IfspVersion) -> Vec<&'a OrganisationId> {
    let mut agencies: Vec<&OrganisationId> = version
        .services
        .iter()
        .filter(|line| line.consent.stands())
        .filter_map(|line| line.provider_organisation.as_ref())
        .filter(|agency| **agency != look.rules.program.program_id)
        .collect();
    agencies.sort();
    agencies.dedup();
    agencies
}

/// The same day; one notice an agency, whatever the number of its lines that end by one withdrawal.
fn stop_services(look: &Look<'_>, version: &IfspVersion, out: &mut Findings) {
    let mut ending: BTreeMap<(&str, &OrganisationId), (NaiveDate, Vec<ServiceLineId>)> = BTreeMap::new();
    for line in &version.services {
        if let (ServiceConsent::Withdrawn { event_id, on, .. }, Some(agency)) =
            (&line.consent, &line.provider_organisation)
        {
            ending
                .entry((event_id.as_str(), agency))
                .or_insert((**on, Vec::new()))
                .1
                .push(line.service_line_id.clone());
        }
    }
    if ending.is_empty() {
        out.not_due(Kind::StopService, "no consent to a service was withdrawn");
    }
    for ((event, agency), (on, lines)) in ending {
        // One withdrawal may end lines of two agencies: each has its own notice, and each notice its own duty.
        let anchor = format!("{event}/{agency}");
        let obligation = Obligation::new(Kind::StopService, anchor, on, on, "34 CFR 303.420; 303.7(c)")
            .about(Subject::Lines { ifsp_id: version.ifsp_id.clone(), version: version.version, lines })
            .owes(vec![Owed {
                recipient: Recipient::office(agency, None),
                papers: vec![DocumentKind::StopNotice],
                has_it_since: None,
            }]);
        out.add(look, obligation, || {
            vec![
                Step::Trigger { what: "consent withdrawn", on },
                Step::Note("the agency is told the same day".to_owned()),
            ]
        });
    }
}

/// A summary goes because a signed note promised it, to those whom the note names.
fn summaries(look: &Look<'_>, out: &mut Findings) {
    let record = look.record;
    let promised = record.contacts.iter().filter(|c| c.signed_on.is_some() && !c.send_summary_to.is_empty());
    let mut none = true;
    for contact in promised {
        none = false;
        let mut owed = Vec::new();
        let mut owe =
            |recipient| owed.push(Owed { recipient, papers: vec![DocumentKind::ContactSummary], has_it_since: None });
        for audience in &contact.send_summary_to {
            match audience {
                Audience::Family => look.parents().for_each(|p| owe(Recipient::family(&p.person_id))),
                Audience::Physician => {
                    record
                        .physicians
                        .iter()
                        .filter(|p| p.from <= contact.on && p.to.is_none_or(|to| contact.on <= to))
                        .for_each(|p| owe(Recipient::office(&p.organisation_id, p.person_id.as_ref())));
                }
                Audience::Team => {
                    let mut agencies: Vec<&OrganisationId> = record
                        .assignments
                        .iter()
                        .filter(|a| a.holds_on(*contact.on) && a.organisation_id != look.rules.program.program_id)
                        .map(|a| &a.organisation_id)
                        .collect();
                    agencies.sort();
                    agencies.dedup();
                    for agency in agencies {
                        owe(Recipient::office(agency, None));
                    }
                }
            }
        }
        let on = *contact.on;
        let obligation = Obligation::new(
            Kind::SummaryOfContact,
            contact.event_id.as_str(),
            on,
            add_calendar_days(on, 1),
            "promised in the contact note",
        )
        .about(Subject::Contact { event_id: contact.event_id.clone() })
        .owes(owed);
        out.add(look, obligation, || {
            let next_day = "the summary goes by the next day".to_owned();
            vec![Step::Trigger { what: "contact whose signed note promises a summary", on }, Step::Note(next_day)]
        });
    }
    if none {
        out.not_due(Kind::SummaryOfContact, "no signed contact note promises a summary");
    }
}

/// The packet goes as soon as the window opens and a plan is in effect.
fn packet(look: &Look<'_>, out: &mut Findings) {
    if look.record.in_effect().is_none() {
        out.not_due(Kind::TransitionPacketToFamily, "no plan is in effect");
        return;
    }
    let TransitionDates { opens_on, due_on, .. } = TransitionDates::of(look.record, &look.rules);
    let citation = "34 CFR 303.209; 303.344(h)";
    let obligation = Obligation::new(Kind::TransitionPacketToFamily, "third-birthday", opens_on, due_on, citation)
        .owes(look.to_parents(&[DocumentKind::TransitionPacket]));
    out.add(look, obligation, || super::transition::window_steps(look));
}

/// The reminder of the month that `day` lies in; a month that has passed is over.
fn reminder(look: &Look<'_>, out: &mut Findings) {
    if look.record.in_effect().is_none() {
        out.not_due(Kind::MonthlyReminder, "no plan is in effect");
        return;
    }
    let opens_on =
        look.day.with_day(look.rules.program.policy.reminder_day).expect("a reminder day of 1 to 28 is in every month");
    let mut owed = look.to_parents(&[DocumentKind::MonthlyReminder]);
    let wants = |owed: &Owed| {
        look.parents().any(|p| {
            p.wants_reminders && !p.reminders_by_telephone && Recipient::family(&p.person_id) == owed.recipient
        })
    };
    owed.retain(wants);
    if owed.is_empty() {
        out.not_due(Kind::MonthlyReminder, "no parent wants reminders by mail or e-mail");
        return;
    }
    let month = look.day.format("%Y-%m").to_string();
    let citation = "the program's own cadence";
    // It is of use as long as its month lasts: a run that comes a day after the reminder day is not late.
    let due_on = add_calendar_days(add_months(opens_on.with_day(1).expect("every month has a first"), 1), -1);
    let obligation = Obligation::new(Kind::MonthlyReminder, month.as_str(), opens_on, due_on, citation)
        .about(Subject::Month { month })
        .owes(owed);
    out.add(look, obligation, || {
        let day = look.rules.program.policy.reminder_day;
        vec![Step::Note(format!("it goes from the program's reminder day on, {day}, to the end of the month"))]
    });
}

/// Each evaluation and assessment whose report is ready, as soon as possible after the meeting about it
/// (34 CFR 303.409(c)). The reports are other people's papers: a person gives the copy and records the day.
fn evaluations(look: &Look<'_>, out: &mut Findings) {
    let mut none = true;
    for evaluation in &look.record.evaluations {
        let copied = !matches!(evaluation.kind, EvaluationKind::Screening | EvaluationKind::OutcomesRating);
        let (Some(ready), true) = (evaluation.report_on, copied) else { continue };
        none = false;
        let meetings = look.record.ifsps.iter().filter(|v| v.status.is_final()).map(|v| *v.meeting_on);
        let from = meetings.filter(|on| on >= &*evaluation.on).min().unwrap_or(*ready).max(*ready);
        let rule = look.rules.parent_copy();
        let due_on = rule.from(from, &look.calendar);
        let citation = rule.under("34 CFR 303.409(c)");
        let event = evaluation.event_id.as_str();
        let obligation = Obligation::new(Kind::EvaluationToParent, event, *ready, due_on, citation)
            .about(Subject::Event { event_id: evaluation.event_id.clone() })
            .met(evaluation.copy_given_on.map(|on| *on), "the parents' copy of the report was given", Some(event));
        let what = if from == *ready { "report ready" } else { "meeting after the evaluation" };
        out.add(look, obligation, || vec![Step::Trigger { what, on: from }, Step::rule(&rule)]);
    }
    if none {
        out.not_due(Kind::EvaluationToParent, "no evaluation or assessment has a report that is ready");
    }
}
