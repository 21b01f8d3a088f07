//! How a duty stands: every status, and that lateness never clears itself.

use earlypost::{
    case::Recorded,
    due::{Closed, Known, ObligationKind as Kind, Status, status_on},
};

use super::{
    owed_on,
    samples::{day, samples},
    the,
};

fn known(due_on: &str) -> Known {
    Known { due_on: day(due_on), met_on: None, stands_still: false, family_reason: false, closed: Closed::No }
}

#[test]
fn a_duty_is_open_then_warned_of_then_late_and_the_due_day_itself_is_in_time() {
    let duty = known("2026-11-20");
    let rows = [
        ("2026-11-05", Status::Open),
        ("2026-11-06", Status::Warned),
        ("2026-11-20", Status::Warned),
        ("2026-11-21", Status::Late { calendar_days: 1 }),
        ("2027-11-20", Status::Late { calendar_days: 365 }),
    ];
    for (on, status) in rows {
        assert_eq!(status_on(&duty, 14, day(on)), status, "{on}");
    }
}

#[test]
fn done_late_keeps_both_dates_for_ever_and_done_in_time_stays_met() {
    let done = |on: &str| Known { met_on: Some(day(on)), ..known("2026-11-20") };
    for on in ["2026-11-20", "2030-01-01"] {
        assert_eq!(status_on(&done("2026-11-20"), 14, day(on)), Status::Met);
        assert_eq!(status_on(&done("2026-11-23"), 14, day(on)), Status::DoneLate { calendar_days: 3 });
    }
    assert_eq!(status_on(&done("2026-11-23"), 14, day("2026-12-01")).to_string(), "done late by 3 calendar days");
}

#[test]
fn only_a_documented_reason_of_the_family_excuses_lateness_and_only_once_it_is_late() {
    let family = Known { family_reason: true, ..known("2026-11-20") };
    assert_eq!(status_on(&family, 0, day("2026-11-19")), Status::Open);
    assert_eq!(status_on(&family, 0, day("2026-11-21")), Status::Excused);
    let still = Known { stands_still: true, ..known("2026-11-20") };
    assert_eq!(status_on(&still, 0, day("2026-12-24")), Status::Excused);
}

#[test]
fn what_was_done_counts_over_a_waiver_and_a_waiver_over_lateness() {
    let waived = Known { closed: Closed::Waived, ..known("2026-11-20") };
    assert_eq!(status_on(&waived, 0, day("2026-12-24")), Status::Waived);
    assert_eq!(status_on(&Known { met_on: Some(day("2026-11-20")), ..waived }, 0, day("2026-12-24")), Status::Met);
    for (closed, status) in [(Closed::Superseded, Status::Superseded), (Closed::NotApplicable, Status::NotApplicable)] {
        assert_eq!(status_on(&Known { closed, ..known("2026-11-20") }, 0, day("2026-12-24")), status);
    }
}

#[test]
fn a_death_that_is_recorded_here_ends_every_duty_of_the_board() {
    let record = samples().record("c-0417");
    let all = owed_on(&record, "2026-11-20");
    let died = Recorded { died: true, ..Recorded::default() };
    let open = the(Kind::SixMonthReview, &all);
    assert_eq!(status_on(&open.known(&died), 0, day("2027-12-01")), Status::NotApplicable);
}
