//! What waits, whose it is, and what goes by itself once it may.

use chrono::TimeDelta;
use earlypost::{case::Fact, disclosure::Reason, dispatch::StateName, pipeline::WorkLine};

use crate::harness::{MAYA, World, by};

const DOCTOR: &str = "office:ghent-pediatrics/dr-osei";

fn worklist(world: &World, mine: Option<&str>) -> Vec<WorkLine> {
    world.runtime.block_on(world.pipeline.operations().worklist(mine, by("the tester"))).unwrap()
}

/// A release taken back aloud, a run, and the parent's second word after some days.
fn kept_after(world: &World, days: i64) {
    let release_id: earlypost::case::ReleaseId = "0417-release-ghent".parse().unwrap();
    world.import();
    world.record(MAYA, &Fact::ReleaseRevokedOrally { release_id: release_id.clone() });
    world.run();
    assert_eq!(world.row(MAYA, DOCTOR).state, StateName::Held);
    world.clock.advance(TimeDelta::days(days));
    world.record(MAYA, &Fact::ReleaseKept { release_id, because: "she meant another".parse().unwrap() });
    world.run();
}

#[test]
fn a_line_names_its_owner_the_days_that_are_left_and_the_next_step() {
    let world = World::with(&[MAYA, "c-0398"]);
    world.run();
    let lines = worklist(&world, None);
    let waits = lines.iter().find(|l| l.line.child.as_deref() == Some("c-0398")).expect("no release is signed");
    assert_eq!(waits.line.what, "withheld");
    assert_eq!(waits.owner.as_deref(), Some("marcus-bell"));
    let left = waits.calendar_days_left.unwrap();
    assert_eq!(waits.due_on.unwrap(), world.pipeline.day() + TimeDelta::days(left));
    assert_eq!(waits.line.next_step, "Ask a parent to sign a release.");
    assert!(worklist(&world, Some("bell")).contains(waits));
    assert!(worklist(&world, Some("marcus-bell")).contains(waits));
    assert!(worklist(&world, Some("nobody")).is_empty());
}

#[test]
fn what_may_go_again_within_the_programs_time_goes_by_itself() {
    let world = World::with(&[MAYA]);
    kept_after(&world, 14);
    assert_eq!(world.row(MAYA, DOCTOR).state, StateName::Accepted);
}

#[test]
fn what_waited_longer_is_held_until_a_person_lets_it_go() {
    let world = World::with(&[MAYA]);
    kept_after(&world, 15);
    let row = world.row(MAYA, DOCTOR);
    assert_eq!((row.state, row.reason), (StateName::Held, Some(Reason::WaitedTooLong)));
    assert!(world.mail.given_to(DOCTOR).is_empty());
    assert!(worklist(&world, None).iter().any(|l| l.line.id == row.dispatch_id));

    world.record(MAYA, &Fact::LetGo { dispatch_id: row.dispatch_id, reason: "still wanted".to_owned() });
    world.run();
    assert_eq!(world.row(MAYA, DOCTOR).state, StateName::Accepted);
}
