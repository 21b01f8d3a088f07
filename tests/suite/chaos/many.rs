//! Several workers on one PostgreSQL: killed at random moments, and cut off from the database in the middle of a send.

use std::process::{Child, Stdio};

use earlypost::dispatch::StateName;

use super::{LIMITS_OFF, Tally, deliver, network::Network, relay, size, tally, the_chain_holds};
use crate::{
    harness::{Filled, postgres_is_here},
    smtp_server::{At, Do, Gate, Script, Server},
};

/// A lease runs out soon, and what is unknown goes once more at once.
const SOON: [(&str, &str); 3] = [
    ("EARLYPOST_DELIVERY_LEASE_SECONDS", "1"),
    ("EARLYPOST_DELIVERY_UNKNOWN_WAIT_SECONDS", "0"),
    ("EARLYPOST_DELIVERY_AT_ONCE", "2"),
];

/// Four workers, of which one is killed again and again and replaced.
fn four_of_which_one_is_killed(messages: usize, kills: usize) -> Tally {
    let (_runtime, server) = relay();
    let outbox = Filled::on_postgres(messages, server.port(), LIMITS_OFF);
    let mut random = fastrand::Rng::with_seed(11);
    let mut workers: Vec<Child> = (0..4).map(|_| deliver(&outbox, &SOON)).collect();
    for _ in 0..kills {
        let wanted = server.taken() + random.usize(0..=8.min(messages));
        while server.taken() < wanted && outbox.count(&[StateName::Queued, StateName::Sending]) > 0 {
            for worker in &mut workers {
                // One that found nothing to do for the moment begins anew.
                if worker.try_wait().unwrap().is_some() {
                    *worker = deliver(&outbox, &SOON);
                }
            }
        }
        let victim = &mut workers[random.usize(0..4)];
        // SIGKILL: no destructor and no handler runs.
        let _ = victim.kill();
        victim.wait().unwrap();
        *victim = deliver(&outbox, &SOON);
        the_chain_holds(&outbox);
    }
    for mut worker in workers {
        worker.wait().unwrap();
    }
    while outbox.count(&[StateName::Queued, StateName::Sending]) > 0 {
        assert!(deliver(&outbox, &SOON).wait().unwrap().success());
    }
    let tally = tally(&outbox, &server);
    drop(outbox);
    tally
}

#[test]
fn of_four_workers_on_one_postgresql_one_is_killed_again_and_again_and_its_leases_are_taken_over() {
    if !postgres_is_here(
        "of_four_workers_on_one_postgresql_one_is_killed_again_and_again_and_its_leases_are_taken_over",
    ) {
        return;
    }
    let tally = four_of_which_one_is_killed(60, 6);
    assert_eq!(tally.accepted + tally.unknown, 60);
    assert!(tally.arrived_twice <= tally.resent_after_unknown, "{tally:?}");
}

#[test]
#[ignore = "the full test of four workers takes a while; benches/README.md has its command"]
fn full_test_of_four_workers() {
    if !postgres_is_here("full_test_of_four_workers") {
        return;
    }
    let (messages, kills) = (size("EARLYPOST_MESSAGES", 2000), size("EARLYPOST_KILLS", 200));
    let tally = four_of_which_one_is_killed(messages, kills);
    println!("{messages} messages, four workers on PostgreSQL, {kills} kills: 0 lost; {tally:?}");
    assert_eq!(tally.accepted + tally.unknown, messages);
}

#[test]
fn a_worker_cut_off_from_the_database_in_the_middle_of_a_send_is_taken_over_and_writes_nothing_later() {
    const TEST: &str =
        "a_worker_cut_off_from_the_database_in_the_middle_of_a_send_is_taken_over_and_writes_nothing_later";
    if !postgres_is_here(TEST) {
        return;
    }
    let Some(mut network) = Network::make(TEST) else { return };
    let (gate, runtime) = (Gate::default(), tokio::runtime::Runtime::new().unwrap());
    let script = Script::plaintext().once(At::Body, Do::WaitFor(gate.clone()));
    let server = runtime.block_on(Server::start(script));
    let outbox = Filled::on_postgres(1, server.port(), LIMITS_OFF);
    network.carry_relay(server.port());
    let mut cut_off = network
        .inside(env!("CARGO_BIN_EXE_earlypost"))
        .args(outbox.command(&["deliver", "--quiet"]).get_args())
        .env("EARLYPOST_STORE", network.database(outbox.database.url()))
        .envs(SOON)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // The relay has the message, and the worker waits for its answer.
    runtime.block_on(gate.reached());
    network.cut(true);
    gate.open();
    // The others take the lease over when it ends. Nobody told them of the answer.
    while outbox.count(&[StateName::Queued, StateName::Sending]) > 0 {
        assert!(deliver(&outbox, &SOON).wait().unwrap().success());
    }
    let story = tally(&outbox, &server);
    assert_eq!(story, Tally { accepted: 1, resent_after_unknown: 1, arrived_twice: 1, ..Tally::default() });
    let entries = the_chain_holds(&outbox);
    // The line is mended: what the worker has to say comes too late and is not written over what stands.
    network.cut(false);
    cut_off.wait().unwrap();
    assert_eq!(the_chain_holds(&outbox), entries, "a worker that lost its lease wrote something");
    assert_eq!(tally(&outbox, &server), story);
}
