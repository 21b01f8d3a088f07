//! SIGTERM in the middle of a delivery: what is on the wire gets its answer, and the rest waits.

use std::{
    io::{BufRead, BufReader},
    process::{Command, Stdio},
};

use earlypost::dispatch::StateName;

use crate::{
    harness::Filled,
    smtp_server::{At, Do, Gate, Script, Server},
};

#[test]
fn a_delivery_that_is_told_to_end_leaves_nothing_in_the_air() {
    const MESSAGES: usize = 40;
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let gate = Gate::default();
    let server = runtime.block_on(Server::start(Script::plaintext().always(At::Body, Do::WaitFor(gate.clone()))));
    let outbox = Filled::with(
        MESSAGES,
        server.port(),
        "[delivery]\nusual_volume = 0\nburst_failures = 0\nnew_address_children = 0\n",
    );
    let mut program = outbox.command(&["deliver"]).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    runtime.block_on(gate.reached());

    let told = Command::new("kill").args(["-TERM", &program.id().to_string()]).status().unwrap();
    assert!(told.success());
    let says = BufReader::new(program.stderr.take().unwrap()).lines().map(Result::unwrap);
    assert!(says.into_iter().any(|line| line.starts_with("Ending: what is on its way gets its answer first")));
    // Only now the relay says 250 to what it holds.
    let ended = loop {
        gate.open();
        if let Some(ended) = program.try_wait().unwrap() {
            break ended;
        }
        std::thread::yield_now();
    };

    assert_eq!(ended.code(), Some(0));
    let accepted = outbox.count(&[StateName::Accepted]);
    assert_eq!(accepted, server.taken(), "each answer is in the record");
    assert!(accepted > 0);
    assert_eq!(outbox.count(&[StateName::Queued]), MESSAGES - accepted, "the rest waits: {:?}", outbox.states());
    assert!(accepted < MESSAGES, "nothing new was begun");
}
