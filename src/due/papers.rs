//! Obligations that are met by mailing a paper.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};

use super::{
    DocumentKind, Obligation, ObligationKind, Owed, Rulebook, Subject,
    calendar::{add_calendar_days, transition_window, work_date},
};
use crate::case::{
    Audience, CaseRecord, FamilyMember, IfspStatus, IfspVersion, OrganisationId, ParentRole, Recipient, ServiceConsent,
};

/// Parents of 303.27, as recorded; whether each may have a paper is the gate's question.
fn parents(record: &CaseRecord) -> impl Iterator<Item = &FamilyMember> {
    record.family.iter().filter(|m| m.parent_role != ParentRole::None)
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

/// Everything owed on paper.
pub(super) fn owed(record: &CaseRecord, rules: &Rulebook<'_>, day: NaiveDate, out: &mut Vec<Obligation>) {
    if record.has_left(day) {
        return;
    }
    // A child may have several final versions; older ones are history and owe nothing any more.
    let newest_final = record
        .ifsps
        .iter()
        .filter(|v| matches!(v.status, IfspStatus::InEffect | IfspStatus::AwaitingSignature))
        .max_by_key(|v| (v.meeting_on, v.version));
    if let Some(version) = newest_final {
        plan_to_parents(record, version, rules, out);
    }
    if let Some(version) = record.in_effect() {
        plan_to_physicians(record, version, rules, day, out);
        plan_to_agencies(version, rules, out);
        stop_services(version, out);
    }
    summaries(record, rules, out);
    transition(record, out);
    reminder(record, rules, day, out);
    if let Some(from) = rules.program.automatic_from {
        out.retain(|o| {
            o.due_on >= *from && (o.opens_on >= *from || o.kind == ObligationKind::TransitionPacketToFamily)
        });
    }
}

fn plan_subject(version: &IfspVersion) -> Subject {
    Subject::Plan { ifsp_id: version.ifsp_id.clone(), version: version.version }
}

fn plan_obligation(
    kind: ObligationKind,
    version: &IfspVersion,
    calendar_days: i64,
    citation: &str,
    owed: Vec<Owed>,
) -> Obligation {
    let due_on = add_calendar_days(*version.meeting_on, calendar_days);
    Obligation {
        kind,
        anchor: version.meeting_event_id.to_string(),
        revision: version.version,
        subject: plan_subject(version),
        opens_on: *version.meeting_on,
        due_on,
        work_on: work_date(due_on),
        citation: citation.to_owned(),
        met_on: None,
        owed,
    }
}

/// 34 CFR 303.409(c).
fn plan_to_parents(record: &CaseRecord, version: &IfspVersion, rules: &Rulebook<'_>, out: &mut Vec<Obligation>) {
    let owed = parents(record)
        .map(|parent| {
            let recipient = Recipient::family(&parent.person_id);
            Owed { has_it_since: already(version, &recipient), recipient, papers: vec![DocumentKind::Ifsp] }
        })
        .collect();
    out.push(plan_obligation(
        ObligationKind::PlanToParent,
        version,
        rules.parent_copy_calendar_days(),
        "34 CFR 303.409(c)",
        owed,
    ));
}

/// A physician who only refers is outside the Part C system: every copy rests on a release (303.414).
fn plan_to_physicians(
    record: &CaseRecord,
    version: &IfspVersion,
    rules: &Rulebook<'_>,
    day: NaiveDate,
    out: &mut Vec<Obligation>,
) {
    let owed: Vec<Owed> = record
        .physicians
        .iter()
        .filter(|p| *p.from <= day && p.to.is_none_or(|to| day <= *to))
        .map(|p| {
            let recipient = Recipient::office(&p.organisation_id, p.person_id.as_ref());
            Owed {
                has_it_since: already(version, &recipient),
                recipient,
                papers: vec![DocumentKind::PhysicianLetter, DocumentKind::Ifsp],
            }
        })
        .collect();
    if !owed.is_empty() {
        out.push(plan_obligation(
            ObligationKind::PlanToPhysician,
            version,
            rules.parent_copy_calendar_days(),
            "34 CFR 303.7, 303.414",
            owed,
        ));
    }
}

/// One envelope to each agency with at least one line that the parent has consented to.
fn plan_to_agencies(version: &IfspVersion, rules: &Rulebook<'_>, out: &mut Vec<Obligation>) {
    let mut agencies: Vec<&OrganisationId> = version
        .services
        .iter()
        .filter(|line| line.consent.stands())
        .filter_map(|line| line.provider_organisation.as_ref())
        .filter(|agency| **agency != rules.program.program_id)
        .collect();
    agencies.sort();
    agencies.dedup();
    let owed: Vec<Owed> = agencies
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
    if !owed.is_empty() {
        out.push(plan_obligation(
            ObligationKind::PlanToAgency,
            version,
            rules.parent_copy_calendar_days(),
            "34 CFR 303.344(d), (f); 303.414(b)",
            owed,
        ));
    }
}

/// The same day; one notice an agency, whatever the number of its lines that end by one withdrawal.
fn stop_services(version: &IfspVersion, out: &mut Vec<Obligation>) {
    let mut ending: BTreeMap<(&str, &OrganisationId), (NaiveDate, Vec<crate::case::ServiceLineId>)> = BTreeMap::new();
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
    for ((event, agency), (on, lines)) in ending {
        out.push(Obligation {
            kind: ObligationKind::StopService,
            // One withdrawal may end lines of two agencies: each has its own notice, and each notice its own duty.
            anchor: format!("{event}/{agency}"),
            revision: 1,
            subject: Subject::Lines { ifsp_id: version.ifsp_id.clone(), version: version.version, lines },
            opens_on: on,
            due_on: on,
            work_on: work_date(on),
            citation: "34 CFR 303.420; 303.7(c)".to_owned(),
            met_on: None,
            owed: vec![Owed {
                recipient: Recipient::office(agency, None),
                papers: vec![DocumentKind::StopNotice],
                has_it_since: None,
            }],
        });
    }
}

/// A summary goes because a signed note promised it, to those whom the note names.
fn summaries(record: &CaseRecord, rules: &Rulebook<'_>, out: &mut Vec<Obligation>) {
    for contact in record.contacts.iter().filter(|c| c.signed_on.is_some() && !c.send_summary_to.is_empty()) {
        let mut owed = Vec::new();
        let mut owe =
            |recipient| owed.push(Owed { recipient, papers: vec![DocumentKind::ContactSummary], has_it_since: None });
        for audience in &contact.send_summary_to {
            match audience {
                Audience::Family => parents(record).for_each(|p| owe(Recipient::family(&p.person_id))),
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
                        .filter(|a| a.holds_on(*contact.on) && a.organisation_id != rules.program.program_id)
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
        let due_on = add_calendar_days(*contact.on, 1);
        out.push(Obligation {
            kind: ObligationKind::SummaryOfContact,
            anchor: contact.event_id.to_string(),
            revision: 1,
            subject: Subject::Contact { event_id: contact.event_id.clone() },
            opens_on: *contact.on,
            due_on,
            work_on: work_date(due_on),
            citation: "promised in the contact note".to_owned(),
            met_on: None,
            owed,
        });
    }
}

/// The packet goes as soon as the window opens and a plan is in effect.
fn transition(record: &CaseRecord, out: &mut Vec<Obligation>) {
    if record.in_effect().is_none() {
        return;
    }
    let (opens_on, due_on) = transition_window(*record.child.birth_date);
    out.push(Obligation {
        kind: ObligationKind::TransitionPacketToFamily,
        anchor: "third-birthday".to_owned(),
        revision: 1,
        subject: Subject::Child,
        opens_on,
        due_on,
        work_on: work_date(due_on),
        citation: "34 CFR 303.209; 303.344(h)".to_owned(),
        met_on: None,
        owed: parents(record)
            .map(|p| Owed {
                recipient: Recipient::family(&p.person_id),
                papers: vec![DocumentKind::TransitionPacket],
                has_it_since: None,
            })
            .collect(),
    });
}

/// The reminder of the month that `day` lies in; a month that has passed is over.
fn reminder(record: &CaseRecord, rules: &Rulebook<'_>, day: NaiveDate, out: &mut Vec<Obligation>) {
    if record.in_effect().is_none() {
        return;
    }
    let opens_on =
        day.with_day(rules.program.policy.reminder_day).expect("a reminder day of 1 to 28 is in every month");
    let owed: Vec<Owed> = parents(record)
        .filter(|p| p.wants_reminders)
        .map(|p| Owed {
            recipient: Recipient::family(&p.person_id),
            papers: vec![DocumentKind::MonthlyReminder],
            has_it_since: None,
        })
        .collect();
    let month = day.format("%Y-%m").to_string();
    if !owed.is_empty() {
        out.push(Obligation {
            kind: ObligationKind::MonthlyReminder,
            anchor: month.clone(),
            revision: 1,
            subject: Subject::Month { month },
            opens_on,
            due_on: opens_on,
            work_on: work_date(opens_on),
            citation: "the program's own cadence".to_owned(),
            met_on: None,
            owed,
        });
    }
}
