//! The program is killed with SIGKILL at random moments while it hands messages to a relay, and two of it work on
//! one database. Afterwards what the relay has and what the record of access says are compared, message by message.
//!
//! The small runs belong to the suite. The full ones are started by hand; `benches/README.md` has the commands.

mod many;
mod network;

use std::{
    collections::BTreeMap,
    process::{Child, Stdio},
    time::Instant,
};

use earlypost::{
    dispatch::StateName,
    ledger::{Entry, Event, Verifier},
};

use crate::{
    harness::Filled,
    outbox::Outbox,
    smtp_server::{Script, Server},
};

/// What the record of access and the relay say about one dispatch.
#[derive(Debug, Default)]
struct Story {
    state: Option<StateName>,
    /// Outcomes of its disclosure entries, in order.
    entries: Vec<String>,
    /// The messages that the relay has.
    arrived: Vec<Vec<u8>>,
}

/// What a run came to.
#[derive(Debug, Default, PartialEq, Eq)]
struct Tally {
    accepted: usize,
    unknown: usize,
    resent_after_unknown: usize,
    arrived_twice: usize,
}

fn relay() -> (tokio::runtime::Runtime, Server) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let server = runtime.block_on(Server::start(Script::plaintext()));
    (runtime, server)
}

fn deliver(outbox: &Outbox, settings: &[(&str, &str)]) -> Child {
    outbox
        .command(&["deliver", "--quiet"])
        .envs(settings.iter().copied())
        .stdout(Stdio::null())
        // What ends one of them before its time stands in the test's output.
        .stderr(Stdio::inherit())
        .spawn()
        .unwrap()
}

/// The chain from its first link to its last.
fn the_chain_holds(outbox: &Outbox) -> i64 {
    outbox.runtime.block_on(async {
        let mut verifier = Verifier::default();
        loop {
            let links = outbox.pipeline.store.ledger().ledger_links(verifier.head().count, 500).await.unwrap();
            if links.is_empty() {
                return verifier.head().count;
            }
            for link in &links {
                verifier.take(link).unwrap();
            }
        }
    })
}

/// Kills the program again and again, then lets it finish.
fn killed(messages: usize, kills: usize) -> Tally {
    // A lease runs out at once, and what is unknown goes once more at once: nothing waits for a clock.
    let settings = [("EARLYPOST_DELIVERY_LEASE_SECONDS", "1"), ("EARLYPOST_DELIVERY_UNKNOWN_WAIT_SECONDS", "0")];
    let (_runtime, server) = relay();
    let outbox = Filled::with(messages, server.port(), LIMITS_OFF);
    let mut random = fastrand::Rng::with_seed(7);
    let mut done = 0;
    while done < kills {
        let before = server.taken();
        let wanted = random.usize(0..=4.min(messages));
        let (wait, started) = (random.u64(0..6000), Instant::now());
        let mut child = deliver(&outbox, &settings);
        let ended = loop {
            if child.try_wait().unwrap().is_some() {
                break true;
            }
            if server.taken() >= before + wanted && started.elapsed().as_micros() >= u128::from(wait) {
                break false;
            }
            std::thread::yield_now();
        };
        if !ended {
            // SIGKILL: no destructor and no handler runs.
            child.kill().unwrap();
            child.wait().unwrap();
        }
        done += 1;
        the_chain_holds(&outbox);
    }
    // The last leases run out, and everything comes to its end.
    while outbox.count(&[StateName::Queued, StateName::Sending]) > 0 {
        assert!(deliver(&outbox, &settings).wait().unwrap().success());
        the_chain_holds(&outbox);
    }
    tally(&outbox, &server)
}

/// Compares relay, outbox and record of access for every dispatch.
fn tally(outbox: &Outbox, server: &Server) -> Tally {
    let mut stories: BTreeMap<String, Story> = outbox.ids.iter().map(|id| (id.clone(), Story::default())).collect();
    outbox.runtime.block_on(async {
        for (id, story) in &mut stories {
            story.state = Some(outbox.pipeline.store.outbox().dispatch(id).await.unwrap().state);
        }
        let mut after = 0;
        loop {
            let links = outbox.pipeline.store.ledger().ledger_links(after, 500).await.unwrap();
            let Some(last) = links.last() else { break };
            after = last.seq;
            for link in &links {
                let entry: Entry = serde_json::from_str(&link.body).unwrap();
                if let (Event::Disclosure, Some(story)) =
                    (entry.event, entry.dispatch.as_ref().and_then(|id| stories.get_mut(id)))
                {
                    story.entries.push(entry.outcome);
                }
            }
        }
        outbox.pipeline.store.verification().verify_ledger(false).await.unwrap().unwrap();
    });
    for message in server.messages() {
        let head = String::from_utf8_lossy(&message.bytes[..2000.min(message.bytes.len())]).into_owned();
        let id = head.lines().find_map(|l| l.strip_prefix("Message-ID: <")).unwrap().split('@').next().unwrap();
        stories.get_mut(id).expect("the relay has nothing that was not in the outbox").arrived.push(message.bytes);
    }
    let mut tally = Tally::default();
    for (id, story) in &stories {
        let unknown = story.entries.iter().filter(|e| *e == "unknown").count();
        match story.state.unwrap() {
            StateName::Accepted => {
                tally.accepted += 1;
                assert!(!story.arrived.is_empty(), "{id} is lost: {:?}", story.entries);
                assert_eq!(story.entries.last().map(String::as_str), Some("accepted"));
            }
            StateName::Unknown => {
                tally.unknown += 1;
                assert_eq!(unknown, 2, "{id} went once more before a person is asked");
            }
            other => panic!("{id} is left {other}"),
        }
        assert!(
            story.arrived.len() <= story.entries.len(),
            "{id} arrived {} times, the record of access has {:?}",
            story.arrived.len(),
            story.entries
        );
        if story.arrived.len() > 1 {
            tally.arrived_twice += 1;
            assert!(unknown + 1 >= story.arrived.len(), "{id} went twice and nothing was unknown: {:?}", story.entries);
            assert!(story.arrived.iter().all(|bytes| bytes == &story.arrived[0]), "{id}: other bytes");
        }
        tally.resent_after_unknown += usize::from(unknown > 0 && story.entries.len() > unknown);
    }
    tally
}

/// Two processes on one database.
fn two_services(messages: usize) -> Tally {
    let (_runtime, server) = relay();
    let outbox = Filled::with(messages, server.port(), LIMITS_OFF);
    let both = [deliver(&outbox, &[]), deliver(&outbox, &[])];
    for mut one in both {
        assert!(one.wait().unwrap().success());
    }
    tally(&outbox, &server)
}

/// Thousands of copies to one parent are meant here.
const LIMITS_OFF: &str = "[delivery]\nusual_volume = 0\nburst_failures = 0\nnew_address_children = 0\n";

fn size(name: &str, usual: usize) -> usize {
    std::env::var(name).map_or(usual, |n| n.parse().unwrap())
}

#[test]
fn killed_at_random_moments_it_loses_nothing_and_repeats_only_what_it_called_unknown() {
    let tally = killed(24, 10);
    assert_eq!(tally.accepted + tally.unknown, 24);
}

#[test]
fn two_services_on_one_database_send_each_message_once() {
    let tally = two_services(40);
    assert_eq!(tally, Tally { accepted: 40, ..Tally::default() });
}

#[test]
#[ignore = "the full kill test takes a while; benches/README.md has its command"]
fn full_kill_test() {
    let (messages, kills) = (size("EARLYPOST_MESSAGES", 2000), size("EARLYPOST_KILLS", 1000));
    let tally = killed(messages, kills);
    println!("{messages} messages, {kills} kills: 0 lost; {tally:?}");
}

#[test]
#[ignore = "the full test of two services takes a while; benches/README.md has its command"]
fn full_test_of_two_services() {
    let messages = size("EARLYPOST_MESSAGES", 10_000);
    let tally = two_services(messages);
    println!("{messages} messages, two services: {tally:?}");
    assert_eq!(tally, Tally { accepted: messages, ..Tally::default() });
}
