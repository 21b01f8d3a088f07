//! The whole path over the real mail channel, against a server inside the test.

use std::sync::Arc;

use earlypost::{
    case::EndpointKind,
    dispatch::{Channel, SmtpChannel, StateName},
};
use serde_json::json;

use crate::{
    channels::clock,
    harness::{MAYA, World},
    smtp_server::{At, Do, Script, Server},
};

fn over(server: &Server) -> Arc<dyn Channel> {
    let settings = json!({
        "host": "localhost", "port": server.port(), "security": "starttls", "ca_file": server.authority_file(),
        "hello_name": "ei.example", "enforces_tls_onward": true,
    });
    Arc::new(SmtpChannel::open(serde_json::from_value(settings).unwrap(), clock()).unwrap())
}

fn world_over(server: &Server) -> World {
    let mut world = World::with(&[MAYA]);
    let channel = over(server);
    world.replace_channel(EndpointKind::Email, channel);
    world
}

fn start(script: Script) -> (tokio::runtime::Runtime, Server) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let server = runtime.block_on(Server::start(script));
    (runtime, server)
}

#[test]
fn each_recipient_gets_one_message_of_its_own_under_tls() {
    let (_runtime, server) = start(Script::starttls());
    let world = world_over(&server);
    let report = world.run();
    let messages = server.messages();
    assert_eq!(messages.len() as u64, report.balance.accepted);
    for message in &messages {
        assert!(message.tls);
        assert_eq!(message.to.len(), 1);
        let text = String::from_utf8_lossy(&message.bytes);
        let id =
            text.lines().find_map(|l| l.strip_prefix("Message-ID: <")).unwrap().split('@').next().unwrap().to_owned();
        assert!(world.rows(MAYA).iter().any(|row| row.dispatch_id == id), "the Message-ID is the dispatch");
        assert!(text.contains("Reply-To: jenni.alvarez@earlysteps.example.org"));
        assert!(text.contains("papers@earlysteps.example.org"));
        let head = text.split("\r\n\r\n").next().unwrap();
        assert!(!head.contains("Maya") && !head.contains("Rivera"), "no header names the child");
    }
    world.verify();
}

#[test]
fn a_server_that_goes_silent_after_the_final_dot_leaves_an_unknown_that_stands_in_the_record() {
    let (_runtime, server) = start(Script::starttls().once(At::Body, Do::Drop));
    let mut world = world_over(&server);
    world.leaves_open(StateName::Unknown);
    let report = world.run();
    assert_eq!(report.balance.unknown, 1);
    let unknown = world.disclosures(MAYA).into_iter().filter(|e| e.outcome == "unknown").count();
    assert_eq!(unknown, 1);
}

#[test]
fn a_stripped_starttls_sends_nothing_and_pauses_the_channel() {
    let (_runtime, server) = start(Script::plaintext());
    let mut world = world_over(&server);
    world.leaves_open(StateName::Queued);
    let report = world.run();
    assert_eq!(report.paused.len(), 1);
    assert!(server.messages().is_empty());
    assert_eq!(report.balance.accepted, 0);
    assert!(world.disclosures(MAYA).is_empty());
}

#[test]
fn a_refusal_that_speaks_of_us_pauses_the_channel_and_every_envelope_waits() {
    for (at, says) in [
        (At::Mail, "550 5.4.5 this account has sent enough for today"),
        (At::Data, "554 5.7.1 Relay access denied"),
        (At::Body, "550 Daily sending quota exceeded"),
    ] {
        let (_runtime, server) = start(Script::starttls().always(at.clone(), Do::Reply(says)));
        let mut world = world_over(&server);
        world.leaves_open(StateName::Queued);

        let report = world.run();

        assert_eq!(report.paused, [("smtp", says.to_owned())], "this ends `run` with its exit code");
        assert_eq!((report.balance.accepted, report.balance.failed), (0, 0), "{at:?}");
        assert!(report.balance.queued > 0);
        assert_eq!(world.rows(MAYA).iter().map(|row| row.refusals).sum::<i64>(), 0, "it costs no retry");
        let kinds = world.runtime.block_on(world.pipeline.store.service().tasks()).unwrap();
        assert!(kinds.iter().all(|task| task.kind != "dispatch-failed"), "{at:?}");
        assert!(kinds.iter().any(|task| task.kind == "channel-paused"), "{at:?}");
        // Bytes that left before a refusal stand in the record of access.
        let refused = world.disclosures(MAYA).into_iter().filter(|entry| entry.outcome == "refused-after-body").count();
        assert_eq!(refused > 0, at == At::Body, "{at:?}");
    }
}
