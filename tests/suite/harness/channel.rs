//! A channel that keeps what it is given and does as it is told.

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use earlypost::dispatch::{Answer, Channel, Evidence, Outcome, Parcel, Trace};
use tokio::sync::Notify;

/// What the channel does with the next parcel. Without an order it accepts.
#[derive(Debug, Clone)]
pub enum Does {
    /// Refuses for now.
    RefusesForNow,
    /// Refuses for good.
    RefusesForGood,
    /// Takes it and gives no answer.
    TakesItWithoutAnswer,
    /// Says that it is wrong itself.
    IsWrong,
    /// Waits until the gate is opened, then accepts.
    WaitsFor(Arc<Notify>, Arc<Notify>),
}

/// A parcel as it was given.
#[derive(Debug, Clone)]
pub struct Given {
    pub dispatch_id: String,
    pub recipient: String,
    pub message: Option<Vec<u8>>,
    pub papers: Vec<Arc<[u8]>>,
}

pub struct RecordingChannel {
    name: &'static str,
    messages: bool,
    leaves: AtomicBool,
    orders: Mutex<VecDeque<Does>>,
    given: Mutex<Vec<Given>>,
}

impl RecordingChannel {
    pub fn mail() -> Arc<Self> {
        Arc::new(Self {
            name: "smtp",
            messages: true,
            leaves: AtomicBool::default(),
            orders: Mutex::default(),
            given: Mutex::default(),
        })
    }

    pub fn post() -> Arc<Self> {
        Arc::new(Self {
            name: "print",
            messages: false,
            leaves: AtomicBool::default(),
            orders: Mutex::default(),
            given: Mutex::default(),
        })
    }

    /// From now on it counts as one by which something leaves this machine.
    pub fn leaves(&self) {
        self.leaves.store(true, Ordering::SeqCst);
    }

    pub fn next(&self, does: Does) {
        self.orders.lock().unwrap().push_back(does);
    }

    /// Forgets the orders that were not carried out.
    pub fn forget(&self) {
        self.orders.lock().unwrap().clear();
    }

    /// Everything that was given, refused parcels too.
    pub fn given(&self) -> Vec<Given> {
        self.given.lock().unwrap().clone()
    }

    pub fn given_to(&self, recipient: &str) -> Vec<Given> {
        self.given().into_iter().filter(|g| g.recipient == recipient).collect()
    }
}

impl Channel for RecordingChannel {
    fn name(&self) -> &'static str {
        self.name
    }

    fn takes_messages(&self) -> bool {
        self.messages
    }

    fn leaves_this_machine(&self) -> bool {
        self.leaves.load(Ordering::SeqCst)
    }

    fn deliver<'a>(&'a self, parcel: &'a Parcel) -> Answer<'a, Outcome> {
        self.given.lock().unwrap().push(Given {
            dispatch_id: parcel.dispatch_id().to_owned(),
            recipient: parcel.authorization().recipient().to_string(),
            message: parcel.message().map(|m| m.bytes.to_vec()),
            papers: parcel.papers().iter().map(|p| Arc::clone(&p.pdf)).collect(),
        });
        let order = self.orders.lock().unwrap().pop_front();
        let printed = !self.messages;
        Box::pin(async move {
            match order {
                None if printed => Outcome::Printed(Evidence::of("in the stack")),
                None => Outcome::Accepted(Evidence::of("250 2.0.0 ok")),
                Some(Does::RefusesForNow) => Outcome::Transient(Evidence::of("450 4.7.1 later")),
                Some(Does::RefusesForGood) => Outcome::Permanent(Evidence::of("550 5.1.1 nobody")),
                Some(Does::TakesItWithoutAnswer) => Outcome::Unknown(Evidence::of("no answer after the final dot")),
                Some(Does::IsWrong) => Outcome::Misconfigured(Evidence::of("the certificate has expired")),
                Some(Does::WaitsFor(arrived, open)) => {
                    arrived.notify_one();
                    open.notified().await;
                    Outcome::Accepted(Evidence::of("250 2.0.0 ok"))
                }
            }
        })
    }

    fn look_for<'a>(&'a self, _: &'a str) -> Answer<'a, Trace> {
        Box::pin(async { Trace::CannotTell })
    }
}
