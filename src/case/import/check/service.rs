//! Service lines: 34 CFR 303.344(d) and (f), each with its own consent.

use std::collections::HashSet;

use chrono::{Months, TimeDelta};

use super::{
    consent::giver,
    look::Look,
    plan::{about, is_live},
};
use crate::case::{IfspKind, IfspVersion, Payer, Period, ServiceConsent, ServiceLine, Setting};

/// A service may begin at once, with the meeting written up later.
const LONGEST_BEFORE_MEETING: TimeDelta = TimeDelta::days(31);
/// More than a working week a week is a mistake of the period or the length.
const MOST_MINUTES_A_WEEK: u32 = 40 * 60;

pub(super) fn line(version: &IfspVersion, line: &ServiceLine, numbers: &HashSet<u8>, at: &str, f: &mut Look<'_>) {
    serves(line, numbers, at, f);
    lasts(version, line, at, f);
    amount(version, line, at, f);
    payment(line, at, f);
    consent(version, line, at, f);
    if is_live(version) {
        f.office(format!("{at}.provider_organisation"), line.provider_organisation.as_ref());
        let field = format!("{at}.provider_person");
        f.works_in(field, line.provider_person.as_ref(), line.provider_organisation.as_ref(), true);
    }
}

fn serves(line: &ServiceLine, numbers: &HashSet<u8>, at: &str, f: &mut Look<'_>) {
    let field = format!("{at}.outcomes");
    if line.outcomes.is_empty() {
        f.refuse(&field, "names no outcome; name at least one that the service serves (34 CFR 303.344(d))");
    }
    for outcome in line.outcomes.iter().filter(|outcome| !numbers.contains(outcome)) {
        f.refuse(&field, format!("names outcome {outcome}, which the plan does not have; correct the number"));
    }
    if line.setting == Setting::Other && line.justification.is_none() {
        f.refuse(
            format!("{at}.justification"),
            "missing; a setting outside the natural environment is justified by the team (34 CFR 303.344(d)(1)(ii)). Give its \
             reasons",
        );
    }
}

/// When it begins and ends. A line is kept from version to version: it may have begun under an earlier one.
fn lasts(version: &IfspVersion, line: &ServiceLine, at: &str, f: &mut Look<'_>) {
    let field = format!("{at}.projected_start");
    f.since_birth(&field, line.projected_start);
    f.follows(&field, line.projected_start, f.record.referral.received_on, "the referral");
    if version.kind == IfspKind::Initial && *line.projected_start < *version.meeting_on - LONGEST_BEFORE_MEETING {
        f.refuse(&field, "lies long before the meeting of the first plan; correct one of the two");
    }
    f.follows(format!("{at}.duration_end"), line.duration_end, line.projected_start, "the projected start");
    let three = f.born().checked_add_months(Months::new(36)).unwrap_or(f.born());
    if *line.duration_end > (*version.period_end).max(three) + TimeDelta::days(366) {
        f.ask(
            format!("{at}.duration_end"),
            format!("{}, line {}", about(version), line.service_line_id),
            "lies long after the end of the plan; check the date",
        );
    }
}

fn amount(version: &IfspVersion, line: &ServiceLine, at: &str, f: &mut Look<'_>) {
    let weeks = match line.per {
        Period::Week => 1,
        Period::Month => 4,
        Period::Quarter => 13,
        Period::HalfYear => 26,
        Period::Year => 52,
    };
    let minutes = u32::from(line.sessions) * u32::from(line.session_minutes);
    if minutes > MOST_MINUTES_A_WEEK * weeks {
        f.ask(
            format!("{at}.sessions"),
            format!("{}, line {}", about(version), line.service_line_id),
            "makes more than 40 hours a week; check how often, how long, and in which period",
        );
    }
}

/// Payment arrangements (303.344(d)(1)(iv)): each payer once, and none beside nobody.
fn payment(line: &ServiceLine, at: &str, f: &mut Look<'_>) {
    let field = format!("{at}.payment");
    let payers: HashSet<_> = line.payment.iter().collect();
    if line.payment.is_empty() {
        f.refuse(&field, "names no payer; write `none` where there is nothing to pay (34 CFR 303.344(d)(1)(iv))");
    }
    if payers.len() < line.payment.len() {
        f.refuse(&field, "names a payer twice; keep one of them");
    }
    if payers.len() > 1 && payers.contains(&Payer::None) {
        f.refuse(&field, "says that there is nothing to pay and names a payer; keep one of them");
    }
}

fn consent(version: &IfspVersion, line: &ServiceLine, at: &str, f: &mut Look<'_>) {
    let first = format!("{at}.actual_first_date");
    f.happened_since_birth(&first, line.actual_first_date);
    let at = format!("{at}.consent");
    let (day, by) = match &line.consent {
        ServiceConsent::Open => return,
        ServiceConsent::Given { on, by } | ServiceConsent::Declined { on, by } => (*on, by),
        ServiceConsent::Withdrawn { given_on, on, by, last_day, .. } => {
            f.happened_since_birth(format!("{at}.given_on"), *given_on);
            f.follows(format!("{at}.on"), *on, *given_on, "the day on which consent was given");
            f.follows(format!("{at}.last_day"), *last_day, *on, "the withdrawal");
            (*on, by)
        }
    };
    f.happened_since_birth(format!("{at}.on"), day);
    if is_live(version) {
        giver(f, &format!("{at}.by"), by, day);
    } else {
        f.family(format!("{at}.by"), by);
    }
    let consented = match &line.consent {
        ServiceConsent::Given { on, .. } => Some(*on),
        ServiceConsent::Withdrawn { given_on, .. } => Some(*given_on),
        ServiceConsent::Open | ServiceConsent::Declined { .. } => None,
    };
    // A later version or plan has its own consent to a service that began under an earlier one.
    if matches!(version.kind, IfspKind::Initial | IfspKind::Interim) {
        f.follows(&first, line.actual_first_date, consented, "the parent's consent to this service");
    }
}
