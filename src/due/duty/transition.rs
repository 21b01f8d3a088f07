//! The transition at three: steps in the plan, notices, what parents are told, the conference, late referrals.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::{Findings, Look};
use crate::{
    case::{OrganisationId, Recipient},
    due::{
        Amount, Counted, DocumentKind, Obligation, ObligationKind as Kind, Owed, Step,
        calendar::{LeapBirthday, add_calendar_days, add_months, third_birthday, transition_window},
        dates::{NoticeToDistrict, Objected, TransitionDates, eligible_on, is_late_referral},
    },
};

pub(super) fn duties(look: &Look<'_>, out: &mut Findings) {
    late_referral(look, out);
    preschool_information(look, out);
    if look.record.in_effect().is_none() {
        let kinds = [
            Kind::TransitionPlan,
            Kind::TransitionConference,
            Kind::LeaNotice,
            Kind::SeaNotice,
            Kind::OptOutInformation,
        ];
        for kind in kinds {
            out.not_due(kind, "no plan is in effect");
        }
        return;
    }
    let window = TransitionDates::of(look.record, &look.rules);
    plan(look, &window, out);
    conference(look, &window, out);
    notices(look, &window, out);
}

fn steps_to(window: &TransitionDates, look: &Look<'_>) -> Vec<Step> {
    let mut steps = window_steps(look);
    if let Some(eligible) = window.late_since {
        steps.push(Step::Trigger { what: "found eligible after that line,", on: eligible });
        steps.push(Step::rule(&look.rules.as_soon_as_possible()));
    }
    steps
}

/// How the window came about, both readings of 29 February where they differ.
pub(super) fn window_steps(look: &Look<'_>) -> Vec<Step> {
    let born = *look.record.child.birth_date;
    let (early, late) = (third_birthday(born, LeapBirthday::Feb28), third_birthday(born, LeapBirthday::Mar1));
    let opens_on = transition_window(born).0;
    let mut steps = Vec::new();
    if early != late {
        steps.push(Step::Note(format!(
            "born on 29 February: what must happen before counts from {early}, what may not happen earlier from {late}"
        )));
    }
    steps.push(Step::Note(format!("the window opens on {opens_on}, nine months before the third birthday")));
    steps.push(Step::Trigger { what: "third birthday", on: early });
    steps.push(Step::Rule {
        amount: Amount::CalendarDays(-90),
        source: "34 CFR 303.209: not fewer than 90 days before".to_owned(),
        confirmed: true,
    });
    steps
}

/// Steps that stand in the plan since before the window opened are not the transition plan of 303.209(d).
fn plan(look: &Look<'_>, window: &TransitionDates, out: &mut Findings) {
    let recorded = look.record.transition.as_ref().and_then(|t| t.plan_on).map(|on| *on);
    let meetings = look
        .record
        .ifsps
        .iter()
        .filter(|v| v.status.is_final() && !v.transition_steps.is_empty())
        .map(|v| (*v.meeting_on, v.meeting_event_id.as_str()));
    let met = recorded
        .map(|on| (on, "third-birthday"))
        .into_iter()
        .chain(meetings)
        .filter(|(on, _)| *on >= window.opens_on)
        .min();
    let obligation =
        Obligation::new(Kind::TransitionPlan, "third-birthday", window.opens_on, window.due_on, "34 CFR 303.209(d)")
            .met(met.map(|(on, _)| on), "transition steps set down in the plan", met.map(|(_, event)| event));
    out.add(look, obligation, || steps_to(window, look));
}

fn conference(look: &Look<'_>, window: &TransitionDates, out: &mut Findings) {
    let conference = look.record.transition.as_ref().and_then(|t| t.conference.as_ref());
    if conference.is_some_and(|c| !c.approved) {
        out.not_due(Kind::TransitionConference, "the family did not approve of a conference (34 CFR 303.209(c))");
        return;
    }
    let late = look.rules.profile.conference_for_late_referral.as_ref().filter(|rule| !rule.value);
    if let Some(rule) = late.filter(|_| look.calendar_days_before_three() < 90) {
        out.not_due_since(Kind::TransitionConference, || {
            format!(
                "not required for a child referred fewer than 90 calendar days before three ({})",
                rule.source.as_str()
            )
        });
        return;
    }
    let held = conference.filter(|c| c.held);
    let on = held.and_then(|c| c.on).map(|on| *on);
    let obligation = Obligation::new(
        Kind::TransitionConference,
        "third-birthday",
        window.opens_on,
        window.due_on,
        "34 CFR 303.209(c)",
    )
    .met(on, "the conference was held", held.map(|c| c.event_id.as_str()));
    out.add(look, obligation, || steps_to(window, look));
}

/// Notices to district and state, and before them what the parents are told where they may object.
fn notices(look: &Look<'_>, window: &TransitionDates, out: &mut Findings) {
    state_list(look, window, out);
    let transition = look.record.transition.as_ref();
    if transition.is_some_and(|t| t.may_be_eligible_for_part_b == Some(false)) {
        for kind in [Kind::LeaNotice, Kind::OptOutInformation] {
            out.not_due(
                kind,
                "the team decided that the child is not potentially eligible for preschool special education",
            );
        }
        return;
    }
    let dates = NoticeToDistrict::of(look.record, &look.rules);
    if let Some(dates) = &dates {
        let told = transition.and_then(|t| t.parents_told_on).map(|on| *on);
        let period = look.rules.objection_period();
        let citation = period.under("34 CFR 303.401(e)");
        let obligation =
            Obligation::new(Kind::OptOutInformation, "third-birthday", window.opens_on, dates.tell_by, citation)
                .met(told, "the parents were told", None)
                .owes(look.to_parents(&[DocumentKind::OptOutInformation]));
        out.add(look, obligation, || {
            let mut steps = steps_to(window, look);
            steps.push(Step::rule(&period.back()));
            steps.push(Step::rule(&look.rules.mailing().back()));
            steps.push(Step::Note("and the day after the period, on which the notice may go".to_owned()));
            steps
        });
    } else {
        out.not_due(Kind::OptOutInformation, "this state gives parents no objection to the notice");
    }
    let objected = dates.as_ref().map_or(Objected::No, |dates| dates.objected(&look.record.objections(), look.day));
    if let Some(why) = forbidden(objected, look) {
        out.not_due_since(Kind::LeaNotice, || why);
        return;
    }
    let sent = transition.and_then(|t| t.notice_sent_on).map(|on| *on);
    // Where parents may object, the notice waits until they were told and the time for it has passed. A child whom the
    // team has not looked at yet is a person's task: the limited notice is for those who may be eligible.
    let free_on = match &dates {
        None => Some(window.opens_on),
        Some(dates) => dates.free_on().map(|free| free.max(window.opens_on)),
    };
    let decided = transition.is_some_and(|t| t.may_be_eligible_for_part_b == Some(true));
    let owed = match (free_on, &look.record.child.residence_lea) {
        (Some(_), Some(district)) if decided && sent.is_none() => limited(district, DocumentKind::LeaNotice),
        _ => Vec::new(),
    };
    let opens_on = free_on.unwrap_or(window.opens_on);
    let obligation = Obligation::new(Kind::LeaNotice, "third-birthday", opens_on, window.due_on, "34 CFR 303.209(b)")
        .met(sent, "the notice was sent by another way", None)
        .owes(owed);
    out.add(look, obligation, || {
        let mut steps = steps_to(window, look);
        let profile = look.rules.profile;
        if let Some(rule) = &profile.district_notice_months {
            let on = add_months(*look.record.child.birth_date, i32::from(rule.value));
            steps.push(Step::Note(format!(
                "by the state's practice it goes at {} months, {on} ({})",
                rule.value,
                rule.source.as_str()
            )));
        }
        if let Some(rule) = profile.notice_by_first_of_april.as_ref().filter(|rule| rule.value) {
            let year = school_year_of_two(*look.record.child.birth_date);
            steps.push(Step::Note(format!("it may go before {year}-04-01 as well ({})", rule.source.as_str())));
        }
        match &dates {
            Some(dates) if dates.told_on.is_none() => {
                steps.push(Step::Note("the parents are told first, and may object in writing".to_owned()));
            }
            _ => {}
        }
        if let Objected::Late { on } = objected {
            steps.push(Step::Note(format!(
                "a parent objected in writing on {on}, after the time for it: a supervisor decides before the day it is due"
            )));
        }
        steps
    });
}

/// Why the notice is not permitted, where a parent objected in time, or later and it was honored (34 CFR 303.401(e)).
fn forbidden(objected: Objected, look: &Look<'_>) -> Option<String> {
    match objected {
        Objected::InTime { on } => {
            Some(format!("a parent objected in writing on {on}: the notice is not permitted (34 CFR 303.401(e))"))
        }
        Objected::Late { on } if look.rules.late_objection_counts(look.record) == Some(true) => {
            Some(format!("a parent objected in writing on {on}, after the time for it, and the program honors it"))
        }
        Objected::Late { .. } | Objected::Aloud | Objected::No => None,
    }
}

/// The limited notice, to one office.
fn limited(office: &OrganisationId, kind: DocumentKind) -> Vec<Owed> {
    vec![Owed { recipient: Recipient::office(office, None), papers: vec![kind], has_it_since: None }]
}

/// The year in which a child is two by 30 September.
fn school_year_of_two(born: NaiveDate) -> i32 {
    use chrono::Datelike;
    let two = add_months(born, 24);
    if (two.month(), two.day()) <= (9, 30) { two.year() } else { two.year() + 1 }
}

/// The notice to the state agency goes with the one to the district; where the state keeps a list of all children with
/// a plan at an age (Illinois: 25 months), every child stands on it.
fn state_list(look: &Look<'_>, window: &TransitionDates, out: &mut Findings) {
    let transition = look.record.transition.as_ref();
    let sent = transition.and_then(|t| t.notice_sent_on).map(|on| *on);
    if let Some(rule) = &look.rules.profile.state_list_months {
        let months = Counted {
            amount: Amount::Months(i32::from(rule.value)),
            source: rule.source.as_str(),
            confirmed: rule.confirmed,
        };
        let born = *look.record.child.birth_date;
        let listed = months.from(born, &look.calendar);
        let began = eligible_on(look.record).unwrap_or(listed);
        let late = began > listed;
        let soon = look.rules.as_soon_as_possible();
        let due_on = if late { soon.from(began, &look.calendar) } else { listed };
        let opens_on = if late { began } else { add_calendar_days(listed, -31) };
        let obligation = Obligation::new(Kind::SeaNotice, "state-list", opens_on, due_on, months.source).met(
            sent,
            "the notice was sent by another way",
            None,
        );
        out.add(look, obligation, || {
            let mut steps = vec![Step::Trigger { what: "born", on: born }, Step::rule(&months)];
            if late {
                steps.extend([Step::Trigger { what: "plan began after that,", on: began }, Step::rule(&soon)]);
            }
            steps
        });
        return;
    }
    if transition.is_some_and(|t| t.may_be_eligible_for_part_b == Some(false)) {
        out.not_due(
            Kind::SeaNotice,
            "the team decided that the child is not potentially eligible for preschool special education",
        );
    } else if let Some(why) = NoticeToDistrict::of(look.record, &look.rules)
        .and_then(|dates| forbidden(dates.objected(&look.record.objections(), look.day), look))
    {
        out.not_due_since(Kind::SeaNotice, || why);
    } else {
        let obligation =
            Obligation::new(Kind::SeaNotice, "third-birthday", window.opens_on, window.due_on, "34 CFR 303.209(b)")
                .met(sent, "the notice was sent by another way", None);
        out.add(look, obligation, || steps_to(window, look));
    }
}

/// Referred fewer than 45 days before three: nothing is evaluated; with the parents' consent the child goes to
/// district and state as soon as possible.
fn late_referral(look: &Look<'_>, out: &mut Findings) {
    let received = *look.record.referral.received_on;
    let before = look.calendar_days_before_three();
    if !is_late_referral(look.record) {
        out.not_due_since(Kind::LateReferral, || format!("the referral came {before} calendar days before three"));
        return;
    }
    let soon = look.rules.as_soon_as_possible();
    let due_on = soon.from(received, &look.calendar);
    let last = add_calendar_days(look.third_birthday(), -1);
    let due_on = due_on.min(last).max(received);
    let sent = look.record.transition.as_ref().and_then(|t| t.notice_sent_on).map(|on| *on);
    let event = look.record.referral.event_id.as_str();
    let citation = "34 CFR 303.209(b)(1)(iii)";
    let obligation = Obligation::new(Kind::LateReferral, event, received, due_on, citation).met(
        sent,
        "the child was referred to the district",
        None,
    );
    // With a release that names the office, what it lists goes at once; without one, asking for it is a person's.
    let obligation = if sent.is_none() { obligation.owes(with_consent(look)) } else { obligation };
    out.add(look, obligation, || {
        vec![
            Step::Trigger { what: "referral received", on: received },
            Step::Note(format!("{before} calendar days before the third birthday, fewer than 45")),
            Step::rule(&soon),
        ]
    });
}

/// The notice to each office of the district and the state that a release names.
fn with_consent(look: &Look<'_>) -> Vec<Owed> {
    let record = look.record;
    if record.transition.as_ref().and_then(|t| t.may_be_eligible_for_part_b) != Some(true) {
        return Vec::new();
    }
    let signed = record.releases.iter().filter(|release| !release.draft && release.revoked_on.is_none());
    let named: BTreeSet<&OrganisationId> =
        signed.flat_map(|release| &release.recipients).map(|to| &to.organisation_id).collect();
    let district = record.child.residence_lea.as_ref().filter(|district| named.contains(district));
    district.map(|district| limited(district, DocumentKind::LeaNotice)).unwrap_or_default()
}

/// Every family hears of preschool services. Where a plan is in effect, the transition packet says it.
fn preschool_information(look: &Look<'_>, out: &mut Findings) {
    if look.record.in_effect().is_some() {
        out.not_due(Kind::PreschoolInformation, "the transition packet carries it");
        return;
    }
    let rule = &look.rules.profile.preschool_information_calendar_days;
    let counted = Counted {
        amount: Amount::CalendarDays(-i64::from(rule.value)),
        source: rule.source.as_str(),
        confirmed: rule.confirmed,
    };
    let three = look.third_birthday();
    let line = counted.from(three, &look.calendar);
    let received = *look.record.referral.received_on;
    let soon = look.rules.as_soon_as_possible();
    // A family that came after that line hears of it as soon as possible.
    let due_on = if received > line { soon.from(received, &look.calendar) } else { line };
    let opens_on = transition_window(*look.record.child.birth_date).0.max(received);
    let told = look.record.told_of_notice_on();
    let obligation = Obligation::new(Kind::PreschoolInformation, "third-birthday", opens_on, due_on, counted.source)
        .met(told, "the parents were told", None);
    out.add(look, obligation, || {
        let mut steps = vec![Step::Trigger { what: "third birthday", on: three }, Step::rule(&counted)];
        if received > line {
            steps.extend([Step::Trigger { what: "referral after that,", on: received }, Step::rule(&soon)]);
        }
        steps
    });
}
