//! What is known to be too large for a relay takes its recipient's next way at once; what has failed can be sent again
//! together; and an e-mail of which nobody knows whether it arrived does as the program has said.

use std::sync::Arc;

use chrono::Duration;
use earlypost::{
    case::EndpointKind,
    dispatch::{AttemptOutcome, Channel, DeliverySettings, SmtpChannel, StateName, UnknownEmail},
    pipeline::Resent,
};
use serde_json::json;
use tokio::runtime::Runtime;

use crate::{
    channels::clock,
    harness::{Does, MAYA, World, by},
    smtp_server::{At, Do, Script, Server},
};

const MOTHER: &str = "family:0417-mother";

fn world_over(server: &Server) -> World {
    let settings = json!({
        "host": "localhost", "port": server.port(), "security": "plaintext", "hello_name": "ei.example",
        "enforces_tls_onward": true,
    });
    let channel = SmtpChannel::open(serde_json::from_value(settings).unwrap(), clock()).unwrap();
    let mut world = World::with(&[MAYA]);
    world.replace_channel(EndpointKind::Email, Arc::new(channel) as Arc<dyn Channel>);
    world
}

#[test]
fn a_message_larger_than_the_relay_takes_goes_by_the_recipients_next_way_in_the_same_run() {
    let small = Script::plaintext().offering(&["8BITMIME", "SMTPUTF8", "SIZE 2000"]);
    let at_mail = Script::plaintext().always(At::Mail, Do::Reply("552 5.3.4 message size exceeds fixed limit"));
    let after_it = Script::plaintext().always(At::Body, Do::Reply("552 5.3.4 message too big"));
    for (script, body_left) in [(small, false), (at_mail, false), (after_it, true)] {
        let runtime = Runtime::new().unwrap();
        let server = runtime.block_on(Server::start(script));
        let world = world_over(&server);
        world.run();
        assert!(!world.post.given_to(MOTHER).is_empty(), "her letter goes by post in the same run");
        let row = world.row(MAYA, MOTHER);
        assert_eq!((row.state, row.channel.as_deref()), (StateName::Printed, Some("print")));
        let attempts = world.runtime.block_on(world.pipeline.store.outbox().attempts(&row.dispatch_id)).unwrap();
        assert_eq!(attempts[0].outcome, Some(AttemptOutcome::AddressGivenUp));
        let left = world.disclosures(MAYA).iter().any(|entry| entry.dispatch.as_ref() == Some(&row.dispatch_id));
        assert_eq!(left, body_left, "what crossed to the relay is in the record");
        // Who has no other address is a task that says what is the matter.
        world.mails(&row);
        let failed: Vec<_> = world.rows(MAYA).into_iter().filter(|row| row.state == StateName::Failed).collect();
        let tasks = world.runtime.block_on(world.pipeline.store.service().tasks()).unwrap();
        for row in failed {
            let task = tasks.iter().find(|task| task.subject == row.dispatch_id).expect("it has a task");
            assert!(task.says.contains("larger than the mail server takes"), "{}", task.says);
        }
        world.verify();
    }
}

#[test]
fn what_failed_since_a_day_is_sent_again_together_each_by_its_own_decision() {
    let world = World::with_delivery(&[MAYA], DeliverySettings { at_once: 1, ..DeliverySettings::default() });
    world.mail.next(Does::RefusesForGood);
    world.mail.next(Does::RefusesForGood);
    world.run();
    let operations = world.pipeline.dispatch_operations();
    let since = |day| world.runtime.block_on(operations.failed_since(day, by("a test"))).unwrap();
    let today = world.pipeline.day();
    let failed = since(today);
    assert_eq!(failed.len(), 2);
    assert_eq!(since(today - Duration::days(30)), failed);
    assert!(since(today + Duration::days(1)).is_empty());
    for id in &failed {
        assert_eq!(world.runtime.block_on(operations.resend(id, false, by("a test"))).unwrap(), Resent::SameBytes);
    }
    assert!(since(today).is_empty(), "they are in line again");
    world.deliver();
    assert!(world.rows(MAYA).iter().all(|row| row.state != StateName::Failed));
}

/// A world whose first e-mail gets no answer, an hour later.
fn an_hour_after_silence(unknown_email: UnknownEmail) -> (World, String) {
    let settings = DeliverySettings { at_once: 1, unknown_email, ..DeliverySettings::default() };
    let mut world = World::with_delivery(&[MAYA], settings);
    world.leaves_open(StateName::Unknown);
    world.mail.leaves();
    world.mail.next(Does::TakesItWithoutAnswer);
    world.run();
    let id = world.mail.given()[0].dispatch_id.clone();
    world.clock.advance(Duration::hours(1));
    world.recover();
    world.deliver();
    (world, id)
}

fn times(world: &World, id: &str) -> usize {
    world.mail.given().iter().filter(|given| given.dispatch_id == id).count()
}

#[test]
fn an_email_of_unknown_outcome_goes_once_more_or_asks_or_never_goes_again() {
    let (world, id) = an_hour_after_silence(UnknownEmail::OnceMore);
    assert_eq!(times(&world, &id), 2);
    drop(world);

    let task = |world: &World, id: &str| {
        let tasks = world.runtime.block_on(world.pipeline.store.service().tasks()).unwrap();
        tasks.into_iter().find(|task| task.subject == id).map(|task| task.says).expect("a person is asked")
    };
    let (world, id) = an_hour_after_silence(UnknownEmail::Ask);
    assert_eq!(times(&world, &id), 1, "nothing goes again by itself");
    assert!(task(&world, &id).contains("resend"));
    let operations = world.pipeline.dispatch_operations();
    world.runtime.block_on(operations.resend(&id, false, by("a test"))).unwrap();
    world.deliver();
    let given = world.mail.given();
    let messages: Vec<_> = given.iter().filter(|given| given.dispatch_id == id).map(|given| &given.message).collect();
    assert_eq!(messages.len(), 2);
    assert_eq!(messages[0], messages[1], "the same bytes");

    let (world, id) = an_hour_after_silence(UnknownEmail::Never);
    assert_eq!(times(&world, &id), 1);
    assert!(!task(&world, &id).contains("resend"), "{}", task(&world, &id));
    let operations = world.pipeline.dispatch_operations();
    let refused = world.runtime.block_on(operations.resend(&id, false, by("a test"))).unwrap_err();
    assert!(refused.to_string().contains("resolve"), "{refused}");
    world.deliver();
    assert_eq!(times(&world, &id), 1);
}
