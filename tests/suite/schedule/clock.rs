use chrono::Duration;
use earlypost::config::{Missed, Work};

use super::{entry, service, tick};
use crate::harness::{MAYA, World, by};

fn jumped(by: Duration) -> (World, earlypost::schedule::Service) {
    let world = World::with(&[MAYA]);
    let service = service(&world, vec![entry("run", Work::Run, "*/15 * * * *", Missed::RunOnceNow)]);
    // The service was at work, and nothing was due to be sent yet.
    world.runtime.block_on(service.clock_doubt()).unwrap();
    world.clock.advance(by);
    (world, service)
}

#[test]
fn a_clock_that_jumps_back_an_hour_holds_the_run_and_asks() {
    let (world, service) = jumped(Duration::hours(-1));
    assert!(tick(&world, &service).is_empty());
    assert!(world.mail.given().is_empty());
    // Time going by does not settle it: a person does.
    world.clock.advance(Duration::hours(2));
    assert!(tick(&world, &service).is_empty());
    let doubt = world.runtime.block_on(service.clock_doubt()).unwrap().unwrap();
    assert!(doubt.contains("jumped back"), "{doubt}");
    assert!(world.runtime.block_on(service.believe_clock(by("a tester"), "set by hand")).unwrap());
    assert_eq!(tick(&world, &service).len(), 1);
    assert!(!world.mail.given().is_empty());
}

#[test]
fn a_clock_that_jumps_ahead_a_year_holds_the_run_and_asks() {
    let (world, service) = jumped(Duration::days(365));
    assert!(tick(&world, &service).is_empty());
    assert!(world.mail.given().is_empty());
    assert!(world.runtime.block_on(service.clock_doubt()).unwrap().unwrap().contains("jumped ahead"));
}

#[test]
fn a_lid_closed_over_the_weekend_is_no_jump() {
    let (world, service) = jumped(Duration::days(3));
    assert_eq!(tick(&world, &service).len(), 1);
    assert!(!world.mail.given().is_empty());
}
