use chrono::{DateTime, Duration, Utc};
use earlypost::{
    config::{Missed, Work},
    schedule::Ticked,
    store::HoldScope,
};

use super::{entry, history, row, service, tick};
use crate::harness::{MAYA, World, by};

/// Ticks every half hour over some days round a change of the clock.
fn over(from: &str, days: i64, at: &str) -> Vec<DateTime<Utc>> {
    let world = World::with(&[MAYA]);
    world.import();
    let from: DateTime<Utc> = from.parse().unwrap();
    world.clock.advance(from - world.pipeline.now());
    let service = service(&world, vec![entry("nightly", Work::Checkpoint, at, Missed::RunOnceNow)]);
    for _ in 0..days * 48 {
        tick(&world, &service);
        world.clock.advance(Duration::minutes(30));
    }
    history(&world, "nightly").into_iter().map(|(due, _)| due.parse().unwrap()).collect()
}

#[test]
fn half_past_two_on_the_spring_day_comes_once() {
    let due = over("2027-03-13T12:00:00Z", 3, "30 2 * * *");
    let expected: Vec<DateTime<Utc>> =
        ["2027-03-14T07:00:00Z", "2027-03-15T06:30:00Z", "2027-03-16T06:30:00Z"].map(|t| t.parse().unwrap()).into();
    assert_eq!(due, expected);
}

#[test]
fn half_past_one_on_the_autumn_day_comes_once() {
    let due = over("2027-11-06T12:00:00Z", 3, "30 1 * * *");
    let expected: Vec<DateTime<Utc>> =
        ["2027-11-07T05:30:00Z", "2027-11-08T06:30:00Z", "2027-11-09T06:30:00Z"].map(|t| t.parse().unwrap()).into();
    assert_eq!(due, expected);
}

#[test]
fn two_services_on_one_database_run_each_tick_once() {
    let world = World::with(&[MAYA]);
    let schedules = || vec![entry("run", Work::Run, "*/15 * * * *", Missed::RunOnceNow)];
    let (one, two) = (service(&world, schedules()), service(&world, schedules()));
    let (progress, stop) = (earlypost::pipeline::Silent, earlypost::pipeline::Stop::default());
    for _ in 0..3 {
        let (a, b) =
            world.runtime.block_on(async { tokio::join!(one.tick(&progress, &stop), two.tick(&progress, &stop)) });
        let ran = [a.unwrap(), b.unwrap()].concat();
        assert_eq!(ran.len(), 1, "{ran:?}");
        assert!(matches!(ran[0].1, Ticked::Ran(_)), "{ran:?}");
        world.clock.advance(Duration::minutes(15));
    }
    assert_eq!(history(&world, "run").len(), 3);
}

#[test]
fn a_missed_time_is_made_up_once_asked_about_or_left_out_as_its_policy_says() {
    let world = World::with(&[MAYA]);
    world.import();
    let each = [("once", Missed::RunOnceNow), ("ask", Missed::Ask), ("leave", Missed::SkipAndRecord)];
    let service = service(&world, each.map(|(name, missed)| entry(name, Work::Checkpoint, "0 5 * * *", missed)).into());
    world.clock.advance(Duration::days(1));
    tick(&world, &service);
    // Nobody is here for three nights.
    world.clock.advance(Duration::days(3));
    let ticked = tick(&world, &service);
    let of = |name: &str| ticked.iter().find(|(n, _)| n == name).map(|(_, t)| t.clone()).unwrap();
    assert!(matches!(of("once"), Ticked::Ran(_)));
    assert!(matches!(of("ask"), Ticked::Asks(_)));
    assert_eq!(of("leave"), Ticked::Skipped);
    assert_eq!(history(&world, "once").len(), 2, "three missed nights are made up once");
    assert_eq!(history(&world, "leave").last().unwrap().1, "skipped");
    assert!(row(&world, "ask").asks.unwrap().contains("no service ran"));
    world.clock.advance(Duration::days(1));
    let names: Vec<_> = tick(&world, &service).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["leave", "once"], "one that asks waits for a person");
    let asks = row(&world, "ask");
    let now = world.runtime.block_on(service.run_now(
        &asks,
        &earlypost::pipeline::Silent,
        &earlypost::pipeline::Stop::default(),
    ));
    assert!(matches!(now.unwrap(), Some(Ticked::Ran(_))));
    assert_eq!(row(&world, "ask").asks, None);
}

#[test]
fn a_held_schedule_does_not_run_until_somebody_releases_it() {
    let world = World::with(&[MAYA]);
    world.import();
    let service = service(&world, vec![entry("run", Work::Run, "*/15 * * * *", Missed::RunOnceNow)]);
    let (store, scope) = (&world.pipeline.store, HoldScope::Schedule("run".to_owned()));
    let now = world.pipeline.now();
    assert!(world.runtime.block_on(store.service().hold(&scope, "moving house", "a tester", now)).unwrap());
    world.clock.advance(Duration::days(2));
    assert!(tick(&world, &service).is_empty());
    assert!(world.runtime.block_on(store.service().release_hold(&scope, "moved", "a tester", now)).unwrap());
    assert_eq!(tick(&world, &service).len(), 1);
}

#[test]
fn other_times_in_the_settings_are_due_anew_and_a_schedule_no_longer_named_is_gone() {
    let world = World::with(&[MAYA]);
    world.import();
    service(&world, vec![entry("run", Work::Run, "0 5 * * *", Missed::RunOnceNow)]);
    service(
        &world,
        vec![entry("run", Work::Run, "0 5 * * *", Missed::Ask), entry("proof", Work::Proof, "0 6 * * *", Missed::Ask)],
    );
    assert_eq!(
        (row(&world, "run").missed.as_str(), row(&world, "proof").next_due.to_rfc3339()),
        ("ask", "2026-11-21T11:00:00+00:00".to_owned())
    );
    service(&world, vec![entry("proof", Work::Proof, "0 7 * * *", Missed::Ask)]);
    assert_eq!(row(&world, "proof").next_due.to_rfc3339(), "2026-11-21T12:00:00+00:00");
    assert_eq!(world.runtime.block_on(world.pipeline.store.service().schedules()).unwrap().len(), 1);
}

#[test]
fn the_weekly_schedule_keeps_each_coordinators_week_for_seven_calendar_days_and_it_is_no_disclosure() {
    let mut world = World::with(&["c-0405"]);
    world.import();
    let service = service(&world, vec![entry("week", Work::Week, "30 5 * * 1", Missed::RunOnceNow)]);
    world.clock.advance(Duration::days(7));
    let ran = tick(&world, &service);
    drop(service);
    assert_eq!(history(&world, "week").len(), 1);
    assert!(matches!(&ran[0].1, Ticked::Ran(_)), "{ran:?}");
    let kept =
        |world: &World| world.runtime.block_on(world.pipeline.planning().kept_weeks(None, by("the tester"))).unwrap();
    let sheets = kept(&world);
    assert!(sheets.iter().any(|sheet| sheet.staff == "jenni-alvarez"), "{sheets:?}");
    assert!(world.disclosures("c-0405").is_empty());
    let later = |world: &mut World, calendar_days: i64| {
        let pipeline = std::sync::Arc::get_mut(&mut world.pipeline).unwrap();
        pipeline.as_of = pipeline.as_of.map(|day| day + Duration::days(calendar_days));
    };
    later(&mut world, 7);
    assert_eq!(kept(&world).len(), sheets.len());
    later(&mut world, 1);
    assert!(kept(&world).is_empty());
}
