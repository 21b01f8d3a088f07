//! The versions of the plan.

use std::collections::HashSet;

use chrono::TimeDelta;

use super::{consent::giver, look::Look, service, team};
use crate::case::{IfspStatus, IfspVersion, Recipient};

/// A plan is evaluated once a year (34 CFR 303.342(c)); a meeting may slip by some weeks.
const LONGEST_PERIOD: TimeDelta = TimeDelta::days(400);

pub(super) fn plans(f: &mut Look<'_>) {
    let record = f.record;
    let in_effect = |v: &&IfspVersion| v.status == IfspStatus::InEffect;
    for (i, version) in record.ifsps.iter().enumerate() {
        let at = format!("ifsps[{i}]");
        plan(version, &at, f);
        if in_effect(&version) && record.ifsps[..i].iter().any(|other| in_effect(&other)) {
            f.refuse(
                format!("{at}.status"),
                "is in effect, and so is a version above; mark the one that was replaced as superseded",
            );
        }
        let earlier = |other: &&IfspVersion| other.ifsp_id == version.ifsp_id && other.version < version.version;
        if record.ifsps.iter().filter(earlier).any(|other| other.meeting_on > version.meeting_on) {
            f.ask(
                format!("{at}.meeting_on"),
                about(version),
                "lies before the meeting of an earlier version; check the days and the numbers of the versions",
            );
        }
    }
}

pub(super) fn about(version: &IfspVersion) -> String {
    format!("plan {}, version {}", version.ifsp_id, version.version)
}

fn plan(version: &IfspVersion, at: &str, f: &mut Look<'_>) {
    meeting(version, at, f);
    signature(version, at, f);
    let mut numbers = HashSet::new();
    for (i, outcome) in version.outcomes.iter().enumerate() {
        if !numbers.insert(outcome.number) {
            f.refuse(format!("{at}.outcomes[{i}].number"), "this number stands twice; give each outcome its own");
        }
        for (j, review) in outcome.reviews.iter().enumerate() {
            f.happened_since_birth(format!("{at}.outcomes[{i}].reviews[{j}].on"), review.on);
        }
    }
    let mut lines = HashSet::new();
    for (i, line) in version.services.iter().enumerate() {
        let at = format!("{at}.services[{i}]");
        if !lines.insert(&line.service_line_id) {
            f.refuse(format!("{at}.service_line_id"), "this line stands twice; give each line its own id");
        }
        service::line(version, line, &numbers, &at, f);
    }
    for (i, step) in version.transition_steps.iter().enumerate() {
        f.happened_since_birth(format!("{at}.transition_steps[{i}].done_on"), step.done_on);
    }
    // A plan of the past names the coordinator of that time.
    if is_live(version) {
        team::coordinator(format!("{at}.service_coordinator"), &version.service_coordinator, f);
    } else {
        f.professional(format!("{at}.service_coordinator"), &version.service_coordinator);
    }
    copies(version, at, f);
}

/// Whether something is still done by it.
pub(super) fn is_live(version: &IfspVersion) -> bool {
    !matches!(version.status, IfspStatus::Superseded | IfspStatus::Ended)
}

fn meeting(version: &IfspVersion, at: &str, f: &mut Look<'_>) {
    let met = version.meeting_on;
    let field = format!("{at}.meeting_on");
    f.since_birth(&field, met);
    f.follows(&field, met, f.record.referral.received_on, "the referral");
    if *met > f.today() && version.status.is_final() {
        f.refuse(&field, "a plan of a future meeting cannot be final; mark it as a draft, or correct the date");
    }
    f.follows(format!("{at}.period_end"), version.period_end, met, "the meeting");
    if *version.period_end > *met + LONGEST_PERIOD {
        f.ask(
            format!("{at}.period_end"),
            about(version),
            "lies more than a year after the meeting; a plan lasts a year (34 CFR 303.342(c)). Check the date",
        );
    }
}

/// The parent's signature and what came before it (303.342(e)). One before the meeting makes the plan not final
/// (`import::incomplete_plan`).
fn signature(version: &IfspVersion, at: &str, f: &mut Look<'_>) {
    f.happened_since_birth(format!("{at}.explained_on"), version.explained_on);
    let Some(signature) = &version.signature else { return };
    f.happened_since_birth(format!("{at}.signature.on"), signature.on);
    let field = format!("{at}.signature.person_id");
    if is_live(version) {
        giver(f, &field, &signature.person_id, signature.on);
    } else {
        f.family(&field, &signature.person_id);
    }
}

/// Copies that somebody is said to have settle what is owed.
fn copies(version: &IfspVersion, at: &str, f: &mut Look<'_>) {
    for (i, copy) in version.copies_given.iter().enumerate() {
        let at = format!("{at}.copies_given[{i}]");
        f.happened_since_birth(format!("{at}.on"), copy.on);
        f.follows(format!("{at}.on"), copy.on, version.meeting_on, "the meeting");
        recipient(&format!("{at}.to"), &copy.to, f);
    }
}

/// A recipient is a person of the family, or an office of the directory.
pub(super) fn recipient(at: &str, recipient: &Recipient, f: &mut Look<'_>) {
    match recipient {
        Recipient::FamilyMember { person_id } => f.family(format!("{at}.person_id"), person_id),
        Recipient::Office { organisation_id, person_id } => {
            f.office(format!("{at}.organisation_id"), organisation_id);
            f.professional(format!("{at}.person_id"), person_id.as_ref());
        }
    }
}
