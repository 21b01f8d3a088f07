//! An address that refuses for too long: the recipient's next one, then a person.

use chrono::Duration;
use earlypost::dispatch::{AttemptOutcome, DeliverySettings, StateName};

use crate::harness::{Does, MAYA, World, by};

const MOTHER: &str = "family:0417-mother";
const DOCTOR: &str = "office:ghent-pediatrics/dr-osei";

fn world() -> World {
    let delivery =
        DeliverySettings { at_once: 1, budget_hours: 3, least_budget_hours: 3, ..DeliverySettings::default() };
    World::with_delivery(&[MAYA], delivery)
}

/// The relay refuses whatever it is offered, for so many hours; then it takes everything.
fn refused_for(world: &World, hours: usize) {
    world.import();
    world.prepare();
    for _ in 0..hours {
        (0..40).for_each(|_| world.mail.next(Does::RefusesForNow));
        world.deliver();
        world.mail.forget();
        world.clock.advance(Duration::minutes(70));
    }
}

#[test]
fn a_parent_whose_mailbox_refuses_for_hours_gets_a_letter_made_for_its_window() {
    let world = world();
    refused_for(&world, 5);
    world.run();
    let row = world.row(MAYA, MOTHER);
    assert_eq!((row.state, row.channel.as_deref()), (StateName::Printed, Some("print")));
    assert_eq!(row.exhausted.iter().map(earlypost::case::EndpointId::as_str).collect::<Vec<_>>(), ["0417-mail"]);
    assert_eq!(row.packet.as_ref().unwrap().endpoint_id.as_str(), "0417-post");
    let attempts = world.runtime.block_on(world.pipeline.store.outbox().attempts(&row.dispatch_id)).unwrap();
    assert!(attempts.len() >= 3, "it was tried for hours first");
    let (last, before) = attempts.split_last().unwrap();
    assert_eq!(last.endpoint_id, "0417-post");
    assert!(before.iter().all(|a| a.endpoint_id == "0417-mail"));
    assert!(before[..before.len() - 1].iter().all(|a| a.outcome == Some(AttemptOutcome::RefusedForNow)));
    world.mails(&row);
    world.verify();
}

#[test]
fn a_doctor_without_another_address_is_a_persons_task() {
    let world = world();
    refused_for(&world, 5);
    world.run();
    let row = world.row(MAYA, DOCTOR);
    assert_eq!(row.state, StateName::Failed);
    let waiting = world.runtime.block_on(world.pipeline.operations().waiting(by("the tester"))).unwrap();
    let task = waiting.iter().find(|w| w.what == "dispatch-failed" && w.why == row.dispatch_id).unwrap();
    assert!(task.next_step.contains("Call the recipient"), "{}", task.next_step);
}

#[test]
fn a_person_may_take_the_next_address_at_once() {
    let world = world();
    world.import();
    world.prepare();
    (0..40).for_each(|_| world.mail.next(Does::RefusesForGood));
    world.deliver();
    world.mail.forget();
    let row = world.row(MAYA, MOTHER);
    assert_eq!(row.state, StateName::Failed, "a refusal for good is not tried elsewhere by itself");
    let sent = world
        .runtime
        .block_on(world.pipeline.dispatch_operations().resend(&row.dispatch_id, true, by("a coordinator")))
        .unwrap();
    assert_eq!(sent, earlypost::pipeline::Resent::AnotherWay);
    world.run();
    let row = world.row(MAYA, MOTHER);
    assert_eq!((row.state, row.channel.as_deref()), (StateName::Printed, Some("print")));
    world.mails(&row);
    let doctor = world.row(MAYA, DOCTOR).dispatch_id;
    let none = world
        .runtime
        .block_on(world.pipeline.dispatch_operations().resend(&doctor, true, by("a coordinator")))
        .unwrap_err();
    assert!(none.to_string().contains("no other address"), "{none}");
}

#[test]
fn papers_that_had_left_stay_readable_when_another_way_needs_others() {
    let world = world();
    world.run();
    let row = world.row(MAYA, MOTHER);
    world
        .runtime
        .block_on(world.pipeline.dispatch_operations().resend(&row.dispatch_id, true, by("a coordinator")))
        .unwrap();
    world.run();
    let now = world.row(MAYA, MOTHER);
    assert_eq!(now.state, StateName::Printed);
    assert_ne!(now.packet.as_ref().unwrap().items[0].sha256, row.packet.unwrap().items[0].sha256);
    world.mails(&now);
    world.verify();
}
