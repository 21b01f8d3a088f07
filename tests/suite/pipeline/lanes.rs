//! Each channel has a lane of its own.

use std::sync::Arc;

use chrono::Duration;
use earlypost::{
    config::{Missed, Work},
    dispatch::{DeliverySettings, StateName},
    pipeline::{Receiver, Stop},
    schedule::{Answers, serve},
};
use tokio::sync::Notify;

use crate::{
    harness::{Does, MAYA, World},
    schedule::{entry, service},
};

async fn until(holds: impl Fn() -> bool) {
    while !holds() {
        tokio::task::yield_now().await;
    }
}

#[test]
fn a_relay_that_does_not_answer_keeps_neither_letters_nor_the_next_run_waiting() {
    let world = World::with_delivery(&[MAYA], DeliverySettings { at_once: 1, ..DeliverySettings::default() });
    let (arrived, answer) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    world.mail.next(Does::WaitsFor(Arc::clone(&arrived), Arc::clone(&answer)));
    let mut service = service(&world, vec![entry("run", Work::Run, "*/15 * * * *", Missed::RunOnceNow)]);
    service.settings.poll_seconds = 1;
    let receiver = Receiver::new(&earlypost::dispatch::mailbox::ReceiveSettings::default(), None).unwrap();
    let answers = Answers { receiver, every_minutes: 5 };
    let (stop, woken) = (Stop::default(), Arc::new(Notify::new()));
    let letters = || world.post.given().len();
    let watching = async {
        // The one worker of the relay's lane waits for an answer.
        arrived.notified().await;
        until(|| letters() > 0).await;
        let before = letters();
        // Another child comes in meanwhile; its letters are planned, made and printed.
        std::fs::copy("samples/caseload/children/c-0405.json", world.caseload().join("children/c-0405.json")).unwrap();
        world.clock.advance(Duration::minutes(15));
        woken.notify_one();
        until(|| letters() > before).await;
        assert_eq!(world.mail.given().len(), 1, "the relay has not answered yet");
        answer.notify_one();
        loop {
            let counts = world.pipeline.store.state_counts().await.unwrap();
            let open = [StateName::Queued, StateName::Sending].map(StateName::as_str);
            if counts.iter().all(|count| !open.contains(&count.state.as_str())) {
                break;
            }
            tokio::task::yield_now().await;
        }
        stop.set();
        woken.notify_one();
    };
    world.runtime.block_on(async {
        let (served, ()) = tokio::join!(serve(&service, &answers, stop.clone(), Arc::clone(&woken)), watching);
        served.unwrap();
    });
    assert!(world.mail.given().len() > 1);
    drop(service);
    world.verify();
}
