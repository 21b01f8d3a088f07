//! The versions of the plan and their service lines.

use std::collections::HashSet;

use super::{Findings, family::known_member};
use crate::case::import::Rules;
use crate::case::{CaseRecord, IfspVersion, ServiceConsent, ServiceLine, Setting};

pub(super) fn plan(record: &CaseRecord, version: &IfspVersion, rules: &Rules<'_>, at: &str, f: &mut Findings) {
    if *version.meeting_on > rules.today && version.status.is_final() {
        f.add(format!("{at}.meeting_on"), "a plan of a future meeting cannot be final");
    }
    if let Some(signature) = &version.signature {
        known_member(record, &signature.person_id, &format!("{at}.signature.person_id"), f);
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
