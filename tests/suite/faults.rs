//! What breaks around the program: the disk is full, the database is away, the machine sleeps, somebody ends it.

mod acts;
mod database;
mod disk;
mod ending;
mod lid;

use std::sync::Arc;

use earlypost::{
    dispatch::{DeliverySettings, StateName},
    pipeline::{Delivered, Silent, Stop},
};
use tokio::{sync::Notify, task::JoinHandle};

use crate::harness::{Does, World, by};

const CHILD: &str = "c-0398";

/// An installation whose papers are ready to go, one after another.
fn world(made: impl FnOnce(&[&str], DeliverySettings) -> World) -> World {
    let world = made(&[CHILD], DeliverySettings { at_once: 1, lease_seconds: 60, ..DeliverySettings::default() });
    world.import();
    world.prepare();
    world
}

/// A delivery whose first message is out, and whose relay answers when it is told to.
struct MidWay {
    delivering: JoinHandle<anyhow::Result<Delivered>>,
    answer: Arc<Notify>,
}

impl MidWay {
    fn of(world: &World) -> Self {
        let (arrived, answer) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        world.mail.next(Does::WaitsFor(Arc::clone(&arrived), Arc::clone(&answer)));
        let pipeline = Arc::clone(&world.pipeline);
        let delivering = world
            .runtime
            .spawn(async move { pipeline.delivery().deliver_all(&Silent, &Stop::default(), by("the tester")).await });
        world.runtime.block_on(arrived.notified());
        Self { delivering, answer }
    }

    fn let_answer(self, world: &World) -> anyhow::Result<Delivered> {
        self.answer.notify_one();
        world.runtime.block_on(self.delivering).unwrap()
    }
}

/// Each message went once, is accepted, and has one entry in the record of access.
fn each_went_once(world: &World) {
    let mut given: Vec<_> = world.mail.given().into_iter().map(|g| g.dispatch_id).collect();
    given.sort();
    let mut accepted: Vec<_> =
        world.rows(CHILD).into_iter().filter(|r| r.state == StateName::Accepted).map(|r| r.dispatch_id).collect();
    accepted.sort();
    assert!(!given.is_empty());
    assert_eq!(given, accepted);
    let mut entered: Vec<_> = world
        .disclosures(CHILD)
        .into_iter()
        .map(|entry| {
            assert_eq!(entry.outcome, "accepted");
            entry.dispatch.unwrap()
        })
        .collect();
    entered.sort();
    assert_eq!(entered, accepted);
    world.verify();
}
