//! The worked examples of the field's date rules, one row each, and what they rest on.

use chrono::NaiveDate;
use earlypost::{
    case::{Closure, Evaluation, EvaluationKind, ExcuseReason, ExcusedSpan, IfspStatus},
    due::{
        ObligationKind as Kind, Profile, Rulebook,
        calendar::{Calendar, LeapBirthday, add_calendar_days, add_months, third_birthday, transition_window},
        due_items,
    },
};

use super::{
    none, owed_on,
    samples::{TODAY, date, day, id, line, samples},
    the,
};

fn excused(from: &str, to: Option<&str>) -> ExcusedSpan {
    ExcusedSpan {
        event_id: id(&format!("excused-{from}")),
        from: date(from),
        to: to.map(date),
        reason: ExcuseReason::FamilyCircumstances,
        note: line("contact 0433-contact-hospital"),
    }
}

#[test]
fn the_forty_five_days_of_the_worked_examples() {
    // Referral, excused spans, due.
    let rows: [(&str, &[(&str, &str)], &str); 5] = [
        ("2026-03-02", &[], "2026-04-16"),
        // Twelve documented days that do not count.
        ("2026-03-02", &[("2026-03-10", "2026-03-21")], "2026-04-28"),
        // Two spans add up.
        ("2026-03-02", &[("2026-03-10", "2026-03-12"), ("2026-04-01", "2026-04-09")], "2026-04-28"),
        // The day of the referral is day 0: it counts for nothing, so nothing is left out for it.
        ("2026-03-02", &[("2026-03-02", "2026-03-03")], "2026-04-17"),
        // A span after the clock ran out stops nothing any more.
        ("2026-03-02", &[("2026-04-20", "2026-04-30")], "2026-04-16"),
    ];
    for (received, spans, due) in rows {
        let mut record = samples().record("c-0433");
        record.referral.received_on = date(received);
        record.referral.excused = spans.iter().map(|(from, to)| excused(from, Some(to))).collect();
        assert_eq!(the(Kind::InitialMeeting, &owed_on(&record, "2026-05-04")).due_on, day(due), "{received} {spans:?}");
    }
}

#[test]
fn a_clock_that_stands_still_is_not_late_and_goes_on_when_the_reason_has_ended() {
    let mut record = samples().record("c-0433");
    record.referral.received_on = date("2026-03-02");
    record.referral.excused = vec![excused("2026-04-10", None)];
    let all = owed_on(&record, "2026-06-01");
    assert_eq!(the(Kind::InitialMeeting, &all).stands_still_since, Some(day("2026-04-10")));

    record.referral.excused = vec![excused("2026-04-10", Some("2026-05-31"))];
    let all = owed_on(&record, "2026-06-01");
    let duty = the(Kind::InitialMeeting, &all);
    assert_eq!(
        (duty.due_on, duty.stands_still_since),
        (day("2026-06-07"), None),
        "52 days of April and May do not count"
    );
}

#[test]
fn a_child_who_is_not_eligible_owes_no_plan_meeting_until_an_evaluation_says_otherwise() {
    let mut record = samples().record("c-0424");
    let asked = |record: &_| owed_on(record, TODAY).iter().any(|o| o.kind == Kind::InitialMeeting);
    assert!(!asked(&record));
    let mut again = record.evaluations[0].clone();
    again.event_id = id("0424-evaluation-2");
    again.on = date("2026-11-19");
    again.eligible = Some(true);
    record.evaluations.push(again);
    assert!(asked(&record), "the newest evaluation counts");
}

#[test]
fn illinois_bounds_what_remains_after_the_reason_ended() {
    let profile = Profile::named("illinois").unwrap();
    let mut record = samples().record("c-0433");
    record.referral.received_on = date("2026-03-02");
    // The day after the referral: 44 of the 45 days would remain, and 45 after the end is later.
    record.referral.excused = vec![excused("2026-03-03", Some("2026-03-31"))];
    let due = |record: &earlypost::case::CaseRecord, profile: &Profile| {
        let rules = Rulebook { program: &samples().program, profile };
        the(Kind::InitialMeeting, &due_items(record, &rules, day("2026-05-04"))).due_on
    };
    assert_eq!(due(&record, &profile), day("2026-05-15"), "45 calendar days after 31 March");
    let mut tighter = profile.clone();
    tighter.after_excuse_calendar_days.as_mut().unwrap().value = 10;
    assert_eq!(due(&record, &tighter), day("2026-04-10"), "the earlier day counts");
}

#[test]
fn the_windows_of_the_worked_examples() {
    // Born, window opens, 90-day line.
    let rows = [
        ("2023-09-15", "2025-12-15", "2026-06-17"),
        ("2023-07-20", "2025-10-20", "2026-04-21"),
        // Born on 29 February: the earlier date for what must happen before, the later for what may not be earlier.
        ("2024-02-29", "2026-06-01", "2026-11-30"),
        ("2024-08-31", "2026-11-30", "2027-06-02"),
        ("2024-11-30", "2027-02-28", "2027-09-01"),
    ];
    for (born, opens, closes) in rows {
        assert_eq!(transition_window(day(born)), (day(opens), day(closes)), "{born}");
    }
    let other = add_calendar_days(third_birthday(day("2024-02-29"), LeapBirthday::Mar1), -90);
    assert_eq!(other, day("2026-12-01"), "the 90-day line by the other reading");
}

#[test]
fn over_all_birth_dates_of_twenty_years_the_windows_are_ordered_and_never_empty() {
    let mut before = None;
    for born in day("2010-01-01").iter_days().take(7305) {
        let (opens, closes) = transition_window(born);
        assert!(born < opens && opens < closes, "{born}: {opens} to {closes}");
        assert!((170..=190).contains(&(closes - opens).num_days()), "{born}: {opens} to {closes}");
        for reading in [LeapBirthday::Feb28, LeapBirthday::Mar1] {
            let third = third_birthday(born, reading);
            assert!((third - closes).num_days() >= 90, "{born}: fewer than 90 days are left after {closes}");
            assert!(opens >= add_months(third, -9), "{born}: {opens} is more than nine months before");
        }
        // A younger child's window opens and closes no earlier.
        assert!(before.is_none_or(|(o, c)| o <= opens && c <= closes), "{born}");
        before = Some((opens, closes));
    }
}

#[test]
fn months_clamp_and_are_never_thirty_days() {
    for (from, months, to) in [
        ("2026-08-31", -9, "2025-11-30"),
        ("2024-08-31", 27, "2026-11-30"),
        ("2024-01-31", 25, "2026-02-28"),
        ("2026-08-31", 6, "2027-02-28"),
        ("2027-08-31", 6, "2028-02-29"),
    ] {
        assert_eq!(add_months(day(from), months), day(to), "{from} {months}");
    }
}

#[test]
fn ninety_days_are_an_exact_difference_and_leap_days_count() {
    assert_eq!(add_calendar_days(day("2028-05-01"), -90), day("2028-02-01"));
    assert_eq!(add_calendar_days(day("2027-05-01"), -90), day("2027-01-31"));
}

#[test]
fn business_days_count_from_the_day_after_and_holidays_are_none() {
    let closed = [
        Closure { on: date("2026-11-26"), to: Some(date("2026-11-27")), name: line("Thanksgiving") },
        Closure { on: date("2026-12-25"), to: None, name: line("Christmas") },
    ];
    let calendar = Calendar::without(&closed);
    assert_eq!(calendar.add_business_days(day("2026-11-20"), 5), day("2026-12-01"));
    assert_eq!(Calendar::weekdays().add_business_days(day("2026-11-20"), 5), day("2026-11-27"));
    assert_eq!(calendar.add_business_days(day("2026-12-01"), -3), day("2026-11-24"));
}

#[test]
fn the_work_moves_earlier_over_weekend_and_holiday_and_the_due_date_stays() {
    let closed = [Closure { on: date("2026-11-26"), to: Some(date("2026-11-27")), name: line("Thanksgiving") }];
    let calendar = Calendar::without(&closed);
    assert_eq!(calendar.work_date(day("2026-11-29")), day("2026-11-25"));
    assert_eq!(calendar.work_date(day("2026-11-30")), day("2026-11-30"));
}

/// The third birthday of the worked examples of late referrals is 10 November 2026.
fn referred(on: &str) -> earlypost::case::CaseRecord {
    let mut record = samples().record("c-0433");
    record.child.birth_date = date("2023-11-10");
    record.referral.received_on = date(on);
    record.referral.first_contact_on = None;
    record.contacts.clear();
    record
}

#[test]
fn a_referral_101_days_before_three_is_an_ordinary_one() {
    let all = owed_on(&referred("2026-08-01"), "2026-08-03");
    assert_eq!(the(Kind::InitialMeeting, &all).due_on, day("2026-09-15"));
    none(Kind::LateReferral, &all);
}

#[test]
fn a_referral_82_days_before_three_keeps_its_45_days_and_the_rest_follows_at_once() {
    let mut record = referred("2026-08-20");
    assert_eq!(the(Kind::InitialMeeting, &owed_on(&record, "2026-08-21")).due_on, day("2026-10-04"));

    // Found eligible on 15 September, with a plan: notice, plan and conference are owed as soon as possible.
    record.ifsps = samples().record("c-0417").ifsps;
    record.ifsps[0].meeting_on = date("2026-09-21");
    record.ifsps[0].transition_steps.clear();
    assert_eq!(record.ifsps[0].status, IfspStatus::InEffect);
    record.evaluations = vec![Evaluation {
        event_id: id("evaluation"),
        kind: EvaluationKind::Evaluation,
        on: date("2026-09-15"),
        instruments: Vec::new(),
        performed_by: Vec::new(),
        eligibility_basis: None,
        eligible: Some(true),
        report_on: None,
        copy_given_on: None,
    }];
    let all = owed_on(&record, "2026-09-22");
    for kind in [Kind::LeaNotice, Kind::TransitionConference, Kind::TransitionPlan] {
        let duty = the(kind, &all);
        assert_eq!(
            (duty.opens_on, duty.due_on),
            (day("2026-09-15"), day("2026-09-22")),
            "{kind}: seven days, as soon as possible"
        );
    }
}

#[test]
fn a_referral_40_days_before_three_needs_no_evaluation_but_the_way_to_the_district() {
    let all = owed_on(&referred("2026-10-01"), "2026-10-02");
    for kind in [Kind::InitialMeeting, Kind::InterimEvaluation, Kind::EvaluationConsent] {
        none(kind, &all);
    }
    let duty = the(Kind::LateReferral, &all);
    assert_eq!((duty.due_on, duty.citation.as_str()), (day("2026-10-08"), "34 CFR 303.209(b)(1)(iii)"));
}

#[test]
fn the_adjusted_age_of_a_premature_child_moves_no_deadline() {
    let mut record = samples().record("c-0352");
    let before = owed_on(&record, "2026-11-20");
    record.child.gestational_age_weeks = Some(28);
    assert_eq!(owed_on(&record, "2026-11-20"), before);
}

/// A mailing at 23:30 in Norfolk is already the next day in UTC, and belongs to the evening's date.
#[test]
fn a_date_belongs_to_the_programs_zone() {
    let at: chrono::DateTime<chrono::Utc> = "2026-11-21T04:30:00Z".parse().unwrap();
    let zone = samples().program.time_zone.0;
    let local: NaiveDate = earlypost::clock::day_in(zone, at);
    assert_eq!(local, day("2026-11-20"));
}
