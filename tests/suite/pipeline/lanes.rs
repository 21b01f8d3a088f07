//! Each channel has a lane of its own.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Instant,
};

use chrono::Duration;
use earlypost::{
    config::{Missed, Work},
    dispatch::{DeliverySettings, StateName},
    pipeline::{Progress, Receiver, Stop},
    schedule::{Answers, Service, serve},
};
use tokio::sync::Notify;

use crate::{
    harness::{Does, MAYA, RecordingChannel, World, by},
    schedule::{entry, service},
};

async fn until(holds: impl Fn() -> bool) {
    while !holds() {
        tokio::task::yield_now().await;
    }
}

/// Until every envelope is settled.
async fn nothing_is_open(world: &World) {
    let open = [StateName::Queued, StateName::Sending].map(StateName::as_str);
    loop {
        let counts = world.pipeline.store.monitoring().state_counts().await.unwrap();
        if counts.iter().all(|count| !open.contains(&count.state.as_str())) {
            break;
        }
        tokio::task::yield_now().await;
    }
}

/// Serves until whoever watches stops it. No mailbox is looked into.
async fn served_while(service: &Service, stop: &Stop, woken: &Arc<Notify>, watching: impl Future<Output = ()>) {
    let receiver = Receiver::new(&earlypost::dispatch::email::mailbox::ReceiveSettings::default(), None).unwrap();
    let answers = Answers { receiver, every_minutes: 5 };
    let (served, ()) = tokio::join!(serve(service, &answers, stop.clone(), Arc::clone(woken)), watching);
    served.unwrap();
}

#[test]
fn a_relay_that_does_not_answer_keeps_neither_letters_nor_the_next_run_waiting() {
    let world = World::with_delivery(&[MAYA], DeliverySettings { at_once: 1, ..DeliverySettings::default() });
    let (arrived, answer) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    world.mail.next(Does::WaitsFor(Arc::clone(&arrived), Arc::clone(&answer)));
    let mut service = service(&world, vec![entry("run", Work::Run, "*/15 * * * *", Missed::RunOnceNow)]);
    service.settings.poll_seconds = 1;
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
        nothing_is_open(&world).await;
        stop.set();
        woken.notify_one();
    };
    world.runtime.block_on(served_while(&service, &stop, &woken, watching));
    assert!(world.mail.given().len() > 1);
    drop(service);
    world.verify();
}

/// Holds a run at its second child until the relay has a message of the first.
struct AtTheSecondChild {
    mail: Arc<RecordingChannel>,
    preparing: AtomicBool,
    children: AtomicUsize,
    sent: AtomicBool,
}

impl Progress for AtTheSecondChild {
    fn stage(&self, name: &'static str, _: u64) {
        self.preparing.store(name == "prepare", Ordering::SeqCst);
    }

    fn step(&self) {
        if self.preparing.load(Ordering::SeqCst) && self.children.fetch_add(1, Ordering::SeqCst) == 1 {
            let begun = Instant::now();
            while self.mail.given().is_empty() && begun.elapsed().as_secs() < 60 {
                std::thread::yield_now();
            }
            self.sent.store(!self.mail.given().is_empty(), Ordering::SeqCst);
        }
    }
}

#[test]
fn a_run_sends_what_is_ready_while_it_makes_the_papers_of_others() {
    let world = World::with(&["c-0402", MAYA]);
    let progress = AtTheSecondChild {
        mail: Arc::clone(&world.mail),
        preparing: AtomicBool::default(),
        children: AtomicUsize::default(),
        sent: AtomicBool::default(),
    };
    let (caseload, stop) = (world.caseload(), Stop::default());
    let operations = world.pipeline.operations();
    let run = operations.run(Some(&caseload), &progress, &stop, by("a test"));
    let report = world.runtime.block_on(run).unwrap();
    assert!(progress.sent.into_inner(), "nothing was sent before all papers were made");
    assert_eq!(report.balance.queued, 0, "{}", report.balance);
    world.verify();
}

#[test]
fn a_service_sends_what_is_ready_while_it_makes_the_papers_of_others_however_seldom_it_looks() {
    let world = World::with(&["c-0402", "c-0409", "c-0415", MAYA, "c-0421", "c-0427", "c-0430"]);
    let (arrived, answer) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    world.mail.next(Does::WaitsFor(Arc::clone(&arrived), Arc::clone(&answer)));
    let mut service = service(&world, vec![entry("run", Work::Run, "*/15 * * * *", Missed::RunOnceNow)]);
    service.settings.poll_seconds = 3600;
    let (stop, woken) = (Stop::default(), Arc::new(Notify::new()));
    let watching = async {
        arrived.notified().await;
        assert!(
            !world.pipeline.store.outbox().to_render().await.unwrap().is_empty(),
            "all papers were made before one was sent"
        );
        answer.notify_one();
        nothing_is_open(&world).await;
        stop.set();
        woken.notify_one();
    };
    world.runtime.block_on(served_while(&service, &stop, &woken, watching));
    drop(service);
    world.verify();
}
