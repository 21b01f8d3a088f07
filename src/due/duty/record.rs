//! The record itself: releases that run out, parents who ask to see it, and a parent for the child who has none.

use chrono::NaiveDate;

use super::{Findings, Look};
use crate::{
    case::{ParentRole, Release, RequestKind},
    due::{Obligation, ObligationKind as Kind, Step, calendar::add_calendar_days},
};

pub(super) fn duties(look: &Look<'_>, out: &mut Findings) {
    releases(look, out);
    inspections(look, out);
    surrogate(look, out);
}

/// A surrogate is assigned within the program's own days. What meets it is the assignment, with its day.
fn surrogate(look: &Look<'_>, out: &mut Findings) {
    let Some(need) = &look.record.surrogate_need else {
        out.not_due(Kind::SurrogateAssignment, "it is not recorded that the child needs a surrogate parent");
        return;
    };
    let on = *need.on;
    let rule = look.rules.surrogate();
    let surrogates = look.record.family.iter().filter(|member| member.parent_role == ParentRole::Surrogate);
    // One of before the need, or with an interest against the child's, is not the surrogate that is needed.
    let assigned = surrogates
        .filter_map(|member| member.surrogate.as_ref())
        .filter(|surrogate| surrogate.conflicting_interest.is_none() && *surrogate.appointed_on >= on)
        .map(|surrogate| *surrogate.appointed_on)
        .min();
    let event = need.event_id.as_str();
    let obligation = Obligation::new(
        Kind::SurrogateAssignment,
        event,
        on,
        rule.from(on, &look.calendar),
        "34 CFR 303.422(a); the days are the program's own policy",
    )
    .met(assigned, "a surrogate parent was assigned", None);
    out.add(look, obligation, || {
        vec![Step::Trigger { what: "the child needs a surrogate parent", on }, Step::rule(&rule)]
    });
}

/// Whether a later release covers the same parties.
fn renews(later: &Release, release: &Release) -> bool {
    later.release_id != release.release_id
        && later.signed_on > release.signed_on
        && later.revoked_on.is_none()
        && later.expires_on.is_none_or(|end| Some(end) > release.expires_on)
        && release.recipients.iter().all(|to| {
            later.recipients.iter().any(|other| {
                other.organisation_id == to.organisation_id
                    && (other.person_id.is_none() || other.person_id == to.person_id)
            })
        })
}

fn releases(look: &Look<'_>, out: &mut Findings) {
    let mut none = true;
    let rule = look.rules.release_renewal();
    for release in &look.record.releases {
        let (Some(end), None) = (release.expires_on.map(|end| *end), release.revoked_on) else { continue };
        if look.before_automatic(end) {
            continue;
        }
        none = false;
        let opens_on = rule.back().from(end, &look.calendar);
        let renewed = look.record.releases.iter().filter(|later| renews(later, release)).min_by_key(|r| r.signed_on);
        let id = release.release_id.as_str();
        let obligation = Obligation::new(Kind::ReleaseExpiring, id, opens_on, end, rule.source).met(
            renewed.map(|r| *r.signed_on),
            "a later release for the same parties",
            renewed.map(|r| r.release_id.as_str()),
        );
        out.add(look, obligation, || {
            vec![
                Step::Trigger { what: "last day of the release", on: end },
                Step::Note(format!("renewed from {opens_on} on, if the family still wants it ({})", rule.source)),
            ]
        });
    }
    if none {
        out.not_due(Kind::ReleaseExpiring, "no release that stands has a last day");
    }
}

/// The state's count after the request, and before the next IFSP meeting: what comes first.
fn inspections(look: &Look<'_>, out: &mut Findings) {
    let mut asked = look.record.requests.iter().filter(|r| r.kind == RequestKind::RecordInspection).peekable();
    if asked.peek().is_none() {
        out.not_due(Kind::RecordInspection, "no parent asked to see the record");
    }
    let rule = look.rules.record_inspection();
    for request in asked {
        let on = *request.on;
        let counted = rule.from(on, &look.calendar);
        let clause = &look.rules.profile.record_inspection_before_meeting;
        let meeting: Option<NaiveDate> = look
            .record
            .appointments
            .iter()
            .filter(|a| clause.value && a.kind.needs_notice() && a.cancelled_on.is_none() && *a.on > on)
            .map(|a| add_calendar_days(*a.on, -1))
            .min()
            .filter(|before| *before < counted);
        let due_on = meeting.unwrap_or(counted).max(on);
        let event = request.event_id.as_str();
        let obligation = Obligation::new(Kind::RecordInspection, event, on, due_on, rule.source).met(
            request.done_on.map(|day| *day),
            "the record was shown",
            Some(event),
        );
        out.add(look, obligation, || {
            let mut steps = vec![Step::Trigger { what: "a parent asked to see the record", on }, Step::rule(&rule)];
            if let Some(before) = meeting {
                let mark = if clause.confirmed { "" } else { "; not confirmed" };
                steps.push(Step::Note(format!(
                    "but by {before}, the day before the next meeting ({}{mark})",
                    clause.source.as_str()
                )));
            }
            steps
        });
    }
}
