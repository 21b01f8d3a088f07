//! Obligations as rows: looked at day by day, with days left out, each is opened once and none is forgotten.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use earlypost::{
    case::{CaseRecord, Recorded},
    due::{Obligation, ObligationKind as Kind, due_items},
    store::{DutyLook, Mailing, ObligationRow},
};
use proptest::prelude::*;

use super::samples::{date, day, samples};
use crate::harness::{MAYA, World, child};

fn look(world: &World, record: &CaseRecord, recorded: &Recorded, on: NaiveDate) -> Vec<Obligation> {
    let computed = due_items(record, &samples().rules(), on);
    let zone = samples().program.time_zone.0;
    let look = DutyLook {
        computed: &computed,
        recorded,
        owner: record.coordinator_on(on),
        mailing: Mailing { zone, day: on },
    };
    let now = on.and_hms_opt(12, 0, 0).unwrap().and_utc();
    world.runtime.block_on(world.pipeline.store.obligations().reconcile(&record.child_id, &look, now)).unwrap();
    computed
}

fn rows(world: &World, id: &str) -> Vec<ObligationRow> {
    world.runtime.block_on(world.pipeline.store.obligations().obligations_of(&child(id))).unwrap()
}

fn row(world: &World, id: &str, kind: Kind) -> ObligationRow {
    let mut found = rows(world, id);
    found.retain(|row| row.kind == kind);
    assert_eq!(found.len(), 1, "{kind}");
    found.remove(0)
}

fn history(world: &World, id: &str, kind: Kind) -> Vec<(String, String)> {
    let all = world.runtime.block_on(world.pipeline.store.obligations().duty_history(&child(id))).unwrap();
    all.into_iter().filter(|row| row.kind == kind.as_str()).map(|row| (row.due_on, row.what)).collect()
}

#[test]
fn a_referral_whose_date_was_corrected_leaves_both_due_dates_in_the_history() {
    let world = World::with(&["c-0433"]);
    world.import();
    let mut record = samples().record("c-0433");
    look(&world, &record, &Recorded::default(), day("2026-11-20"));
    // The correction goes into the past: the duty is late at once, and says why.
    record.referral.received_on = date("2026-10-01");
    look(&world, &record, &Recorded::default(), day("2026-11-21"));

    let moved = row(&world, "c-0433", Kind::InitialMeeting);
    assert_eq!((moved.due_on, moved.status.as_str()), (day("2026-11-15"), "open"));
    let told = history(&world, "c-0433", Kind::InitialMeeting);
    let told: Vec<(&str, &str)> = told.iter().map(|(due, what)| (due.as_str(), what.as_str())).collect();
    assert_eq!(
        told,
        [
            ("2027-01-01", "opened, due 2027-01-01"),
            ("2027-01-01", "superseded: its event or rule moved"),
            ("2026-11-15", "open, due 2026-11-15"),
        ]
    );
}

#[test]
fn a_date_moved_out_of_lateness_leaves_the_lateness_in_the_history() {
    let world = World::with(&["c-0433"]);
    world.import();
    let mut record = samples().record("c-0433");
    look(&world, &record, &Recorded::default(), day("2027-01-04"));
    record.referral.received_on = date("2026-12-17");
    look(&world, &record, &Recorded::default(), day("2027-01-04"));

    let told = history(&world, "c-0433", Kind::InitialMeeting);
    assert_eq!(told[1].1, "superseded while late by 3 calendar days: its event or rule moved");
}

#[test]
fn a_plan_that_was_mailed_meets_its_duty_and_one_that_is_only_printed_does_not() {
    let mut world = World::with(&[MAYA]);
    world.leaves_open(earlypost::dispatch::StateName::Queued);
    world.run();
    let states: BTreeMap<String, String> = world
        .rows(MAYA)
        .iter()
        .map(|r| (format!("{} {}", r.envelope.obligation, r.envelope.recipient), r.state.to_string()))
        .collect();
    let by = |kind: Kind| {
        let mine = states.iter().filter(|(name, _)| name.starts_with(&format!("{kind} ")));
        mine.map(|(_, state)| state.as_str()).collect::<BTreeSet<_>>()
    };
    for kind in [Kind::PlanToParent, Kind::PlanToPhysician, Kind::PlanToAgency] {
        let row = row(&world, MAYA, kind);
        let left = by(kind).is_subset(&BTreeSet::from(["accepted", "confirmed"]));
        assert_eq!(row.status == "met", left, "{kind}: {:?}", by(kind));
        assert_eq!(row.met_by.as_deref(), left.then_some("mailed"), "{kind}");
        assert_eq!(row.met_on, left.then(|| day("2026-11-20")), "{kind}");
    }
    assert!(states.values().any(|state| state == "accepted"), "{states:?}");
}

#[test]
fn what_is_waived_is_not_sent_and_stands_again_when_the_waiver_is_lifted() {
    let world = World::with(&["c-0417"]);
    world.import();
    let record = samples().record("c-0417");
    let mut recorded = Recorded::default();
    let key = (Kind::FollowUp.to_string(), "0417-plan-visit/1".to_owned());
    recorded.waived.insert(key, ("Dana Supervisor".to_owned(), "The family did it themselves.".to_owned()));
    look(&world, &record, &recorded, day("2026-11-20"));
    let status = |world: &World| {
        let all = rows(world, "c-0417");
        all.into_iter().find(|r| r.kind == Kind::FollowUp && r.anchor == "0417-plan-visit/1").unwrap().status
    };
    assert_eq!(status(&world), "waived");
    look(&world, &record, &Recorded::default(), day("2026-11-20"));
    assert_eq!(status(&world), "open");
}

#[test]
fn the_duties_of_a_child_that_left_are_superseded_and_its_exit_is_met() {
    let world = World::with(&["c-0417"]);
    world.import();
    let mut record = samples().record("c-0417");
    look(&world, &record, &Recorded::default(), day("2026-11-20"));
    record.exit = Some(earlypost::case::Exit {
        event_id: "0417-exit".parse().unwrap(),
        on: date("2026-12-01"),
        reason: earlypost::case::ExitReason::MovedAway,
    });
    look(&world, &record, &Recorded::default(), day("2026-12-02"));
    for row in rows(&world, "c-0417") {
        assert_ne!(row.status, "open", "{}", row.kind);
        if row.kind == Kind::Exit {
            assert_eq!((row.status.as_str(), row.met_on), ("met", Some(day("2026-12-01"))));
        }
    }
}

fn daily(from: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    from.iter_days().take(366)
}

/// Duties that a person does: kind, anchor and due date of what is still open.
fn open(computed: &[Obligation]) -> BTreeSet<(Kind, String, NaiveDate)> {
    let acts = computed.iter().filter(|o| o.owed.is_empty() && o.met_on.is_none());
    acts.map(|o| (o.kind, o.anchor.clone(), o.due_on)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever days nobody looked on, the last look of the year knows every duty that any day's look knew and that
    /// was not done: a look repairs all those that were missed before it.
    #[test]
    fn no_duty_is_missed_by_days_on_which_nobody_looked(
        which in 0usize..17, looked in proptest::collection::vec(any::<bool>(), 366)
    ) {
        let record = samples().children().nth(which).unwrap();
        let days: Vec<NaiveDate> = daily(day("2026-11-20")).collect();
        let Some(last) = looked.iter().rposition(|looked| *looked) else { return Ok(()) };
        let known = open(&due_items(record, &samples().rules(), days[last]));
        for on in &days[..=last] {
            for duty in open(&due_items(record, &samples().rules(), *on)) {
                // A report before a meeting that has passed meanwhile is asked for before the next one.
                prop_assert!(known.contains(&duty) || duty.0 == Kind::ProgressReport, "{:?} of {} was missed", duty, on);
            }
        }
    }
}

#[test]
fn a_year_of_looks_with_days_left_out_opens_each_duty_once() {
    let world = World::with(&["c-0352"]);
    world.import();
    let record = samples().record("c-0352");
    let mut dice = 7_u32;
    for on in daily(day("2026-11-20")) {
        dice = dice.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        // One day in five somebody looks, and one in twenty twice, as after a restart.
        for _ in 0..u8::from(dice.is_multiple_of(5)) + u8::from(dice.is_multiple_of(20)) {
            look(&world, &record, &Recorded::default(), on);
        }
    }
    let all = world.runtime.block_on(world.pipeline.store.obligations().duty_history(&child("c-0352"))).unwrap();
    let mut opened: BTreeMap<(String, String), u32> = BTreeMap::new();
    for line in all.iter().filter(|line| line.what.starts_with("opened")) {
        *opened.entry((line.kind.clone(), line.anchor.clone())).or_default() += 1;
    }
    assert!(opened.len() > 20, "{}", opened.len());
    assert!(opened.values().all(|times| *times == 1), "{opened:?}");
    let months = opened.keys().filter(|(kind, _)| kind == Kind::FamilyContact.as_str()).count();
    assert_eq!(months, 12, "a contact in each month of the year, the months in which nobody looked among them");
}
