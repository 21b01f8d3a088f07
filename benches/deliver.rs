//! Handing over messages that are rendered already, with durable attempts and record of access, to `smtp-sink`
//! (Debian package `postfix`): `cargo bench --bench deliver -- [MESSAGES]`. Then the time from the queue to the
//! relay's 250 for single messages while a service is idle.

mod outbox;
mod sink;

use std::{
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use earlypost::{
    clock::parse_instant,
    dispatch::{DispatchState, Envelope, StateName},
    store::NewDispatch,
};
use outbox::Outbox;
use sink::Sink;

const LIMITS_OFF: &str = "usual_volume = 0\nburst_failures = 0\nnew_address_children = 0\n";

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    let messages: usize = arguments.first().and_then(|n| n.parse().ok()).unwrap_or(3000);
    let sink = Sink::start();
    println!("{messages} messages, to reach: 300 a second with 1 to 4 connections");
    for at_once in [1, 2, 4] {
        let outbox = Outbox::fill(messages, sink.port(), &format!("[delivery]\nat_once = {at_once}\n{LIMITS_OFF}"));
        let started = Instant::now();
        assert!(outbox.command(&["deliver", "--quiet"]).status().unwrap().success());
        let seconds = started.elapsed().as_secs_f64();
        assert_eq!(outbox.count(&[StateName::Accepted]), messages);
        let count = f64::from(u32::try_from(messages).unwrap());
        println!("{at_once} connections    {seconds:>7.2} s  {:>7.1} messages/s", count / seconds);
    }
    latency(sink.port(), 100.min(messages));
}

/// One message at a time while the service has nothing else to do.
fn latency(port: u16, messages: usize) {
    let outbox = Outbox::fill(1, port, &format!("[delivery]\n{LIMITS_OFF}[service]\npoll_seconds = 1\n"));
    let mut service =
        outbox.command(&["serve", "--quiet"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let store = &outbox.pipeline.store;
    let mut waits = outbox.runtime.block_on(async {
        let model = store.outbox().dispatch(&outbox.ids[0]).await.unwrap();
        let mut waits: Vec<i64> = Vec::new();
        for n in 0..messages {
            // Not in step with the service's own looks at the outbox.
            tokio::time::sleep(Duration::from_millis(n as u64 * 37 % 1000)).await;
            let envelope = Envelope { anchor: format!("single-{n}"), ..model.envelope.clone() };
            let new = NewDispatch {
                envelope: &envelope,
                state: DispatchState::Queued,
                packet: model.packet.as_ref(),
                channel: Some("smtp"),
                due_on: model.due_on,
                run_id: "",
                not_before: None,
            };
            let id = store.outbox().enqueue(&new, outbox.pipeline.now()).await.unwrap().unwrap();
            let accepted = loop {
                let attempts = store.outbox().attempts(&id).await.unwrap();
                if let Some(at) = attempts.first().and_then(|a| a.settled_at.clone()) {
                    break parse_instant(&at).unwrap();
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            };
            waits.push((accepted - store.outbox().dispatch(&id).await.unwrap().created_at).num_milliseconds());
        }
        waits
    });
    waits.sort_unstable();
    let at = |percent: usize| waits[(waits.len() * percent / 100).min(waits.len() - 1)];
    println!("queue to accepted  50 %: {} ms, 95 %: {} ms  (to reach: 95 % under 2000 ms)", at(50), at(95));
    assert!(Command::new("kill").args(["-TERM", &service.id().to_string()]).status().unwrap().success());
    service.wait().unwrap();
}
