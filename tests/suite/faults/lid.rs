//! A laptop whose lid is closed in the middle of an attempt: its lease runs out, and its worker is still there.

use chrono::Duration;
use earlypost::dispatch::StateName;

use super::{CHILD, MidWay, each_went_once, world};
use crate::harness::World;

#[test]
fn a_machine_that_slept_for_a_day_keeps_the_answer_that_comes_after_it_woke() {
    let world = world(World::with_delivery);
    let midway = MidWay::of(&world);
    world.clock.advance(Duration::days(1));

    assert_eq!(world.recover(), 0, "its own worker still waits for the answer");
    midway.let_answer(&world).unwrap();

    each_went_once(&world);
    assert_eq!(world.recover(), 0);
}

#[test]
fn two_services_that_find_the_same_lost_attempt_settle_it_once_and_both_go_on() {
    let mut world = world(World::with_delivery);
    world.leaves_open(StateName::Unknown);
    let midway = MidWay::of(&world);
    midway.delivering.abort();
    assert!(world.runtime.block_on(midway.delivering).unwrap_err().is_cancelled());
    world.clock.advance(Duration::minutes(5));
    let others = ["worker-2", "worker-3"].map(|worker| world.another_machine(worker).delivery());

    let settled: Vec<usize> = world.runtime.block_on(async {
        let (first, second) = tokio::join!(others[0].recover(), others[1].recover());
        vec![first.unwrap(), second.unwrap()]
    });

    assert_eq!(settled.iter().sum::<usize>(), 1, "{settled:?}");
    let unknown: Vec<_> = world.disclosures(CHILD).into_iter().filter(|e| e.outcome == "unknown").collect();
    assert_eq!(unknown.len(), 1);
    world.deliver();
}
