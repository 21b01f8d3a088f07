use std::sync::Arc;

use chrono::Duration;
use earlypost::{
    dispatch::{DeliverySettings, StateName},
    pipeline::{Silent, Stop},
};
use tokio::sync::Notify;

use crate::harness::{Does, MAYA, World, by};

const AGENCY: &str = "office:bayside-therapy";

/// One envelope at a time, so that an order reaches the first one in the queue.
fn one_by_one(children: &[&str]) -> World {
    World::with_delivery(
        children,
        DeliverySettings { at_once: 1, budget_hours: 4, unknown_wait_seconds: 60, ..DeliverySettings::default() },
    )
}

#[test]
fn what_was_not_tried_yet_goes_before_what_is_tried_again() {
    let settings =
        DeliverySettings { at_once: 1, retry_seconds: vec![0], jitter_percent: 0, ..DeliverySettings::default() };
    let world = World::with_delivery(&[MAYA], settings);
    world.mail.next(Does::RefusesForNow);
    world.import();
    world.prepare();
    world.deliver();
    let given: Vec<String> = world.mail.given().into_iter().map(|given| given.dispatch_id).collect();
    let first = &given[0];
    assert!(given.len() > 2 && given.iter().filter(|id| *id == first).count() == 2, "{given:?}");
    assert_eq!(given.last(), Some(first), "its second try comes when all others have had their first");
}

#[test]
fn a_run_whose_time_is_over_begins_nothing_more() {
    let world = World::with(&[MAYA]);
    let over = Stop::default().within(std::time::Duration::ZERO);
    assert!(over.is_set() && over.is_time_over());
    let caseload = world.caseload();
    let operations = world.pipeline.operations();
    let report = world.runtime.block_on(operations.run(Some(&caseload), &Silent, &over, by("a test"))).unwrap();
    assert!(world.mail.given().is_empty() && world.post.given().is_empty());
    assert!(report.balance.queued > 0, "{}", report.balance);
    let in_time = Stop::default().within(std::time::Duration::from_mins(10));
    assert!(!in_time.is_set());
    let again = world.runtime.block_on(operations.run(Some(&caseload), &Silent, &in_time, by("a test"))).unwrap();
    assert_eq!(again.balance.queued, 0, "the next run goes on with all of it");
}

#[test]
fn a_refusal_for_now_is_tried_again_when_its_time_has_come() {
    let world = one_by_one(&[MAYA]);
    world.mail.next(Does::RefusesForNow);
    let first = world.run();
    assert_eq!(first.balance.queued, 1);
    assert_eq!(world.deliver(), 0, "not before its time");
    world.clock.advance(Duration::minutes(2));
    assert_eq!(world.deliver(), 1);
    let first_given = world.mail.given()[0].clone();
    let again: Vec<_> = world.mail.given().into_iter().filter(|g| g.dispatch_id == first_given.dispatch_id).collect();
    assert_eq!(again.len(), 2);
    assert_eq!(again[0].message, again[1].message, "a retry is the same bytes");
    let of_it =
        world.disclosures(MAYA).into_iter().filter(|e| e.dispatch.as_deref() == Some(&first_given.dispatch_id)).count();
    assert_eq!(of_it, 1, "a refused attempt is history, not an entry");
}

#[test]
fn a_refusal_for_good_fails_at_once_and_its_neighbours_go_on() {
    let world = one_by_one(&[MAYA]);
    world.mail.next(Does::RefusesForGood);
    let report = world.run();
    assert_eq!(report.balance.failed, 1);
    assert!(report.balance.accepted >= 2);
}

#[test]
fn a_wrong_channel_is_paused_and_costs_no_retry() {
    let mut world = one_by_one(&[MAYA]);
    world.leaves_open(StateName::Queued);
    world.mail.next(Does::IsWrong);
    let report = world.run();
    assert_eq!(report.paused, [("smtp", "the certificate has expired".to_owned())]);
    assert_eq!(world.mail.given().len(), 1, "nothing more is offered to it");
    assert_eq!(world.rows(MAYA).iter().map(|r| r.refusals).sum::<i64>(), 0);
    assert!(report.balance.printed > 0, "the other channel goes on");
}

#[test]
fn an_unknown_outcome_stands_in_the_record_and_goes_once_more_with_the_same_bytes() {
    let world = one_by_one(&[MAYA]);
    world.mail.next(Does::TakesItWithoutAnswer);
    let report = world.run();
    assert_eq!(report.balance.unknown, 1);
    let id = world.mail.given()[0].dispatch_id.clone();
    let of_it = || {
        world
            .disclosures(MAYA)
            .into_iter()
            .filter(|e| e.dispatch.as_deref() == Some(&id))
            .map(|e| e.outcome)
            .collect::<Vec<_>>()
    };
    assert_eq!(of_it(), ["unknown"]);
    world.recover();
    assert_eq!(world.deliver(), 0, "not before its wait is over");
    world.clock.advance(Duration::minutes(2));
    world.recover();
    assert_eq!(world.deliver(), 1);
    let given: Vec<_> = world.mail.given().into_iter().filter(|g| g.dispatch_id == id).collect();
    assert_eq!(given.len(), 2);
    assert_eq!(given[0].message, given[1].message);
    assert_eq!(of_it(), ["unknown", "accepted"]);
}

#[test]
fn many_workers_offer_each_envelope_once() {
    let world = World::with_delivery(
        &[MAYA, "c-0405", "c-0421"],
        DeliverySettings { at_once: 8, ..DeliverySettings::default() },
    );
    world.run();
    let mut ids: Vec<String> =
        world.mail.given().into_iter().chain(world.post.given()).map(|g| g.dispatch_id).collect();
    let all = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), all);
}

#[test]
fn a_worker_that_lost_its_lease_settles_nothing() {
    let mut world = one_by_one(&["c-0398"]);
    world.leaves_open(StateName::Unknown);
    world.import();
    world.prepare();
    let (arrived, open) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    world.mail.next(Does::WaitsFor(Arc::clone(&arrived), Arc::clone(&open)));
    let pipeline = Arc::clone(&world.pipeline);
    let slow = world.runtime.spawn(async move {
        pipeline
            .delivery()
            .deliver_all(&earlypost::pipeline::Silent, &earlypost::pipeline::Stop::default(), by("the tester"))
            .await
            .unwrap()
    });
    world.runtime.block_on(arrived.notified());
    world.clock.advance(Duration::minutes(5));
    let other = world.another_machine("worker-2");
    let settled = world.runtime.block_on(other.delivery().recover()).unwrap();
    assert_eq!(settled, 1, "the lease ran out and somebody else settled it");
    open.notify_one();
    world.runtime.block_on(slow).unwrap();
    let lost = world.mail.given()[0].dispatch_id.clone();
    let entries: Vec<_> =
        world.disclosures("c-0398").into_iter().filter(|e| e.dispatch.as_deref() == Some(&lost)).collect();
    assert_eq!(entries.len(), 1, "counted once, as unknown");
    assert_eq!(entries[0].outcome, "unknown");
    assert_eq!(world.row("c-0398", AGENCY).envelope.papers.len(), 2);
}
