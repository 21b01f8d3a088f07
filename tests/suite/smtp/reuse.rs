//! When a connection serves a second message, and when it must not.

use std::sync::Arc;

use serde_json::json;

use super::{MESSAGE, TO, accepted, permanent, relay, relay_with, submit, transient, usual};
use crate::smtp_server::{At, Do, Gate, Script, Server};

#[tokio::test]
async fn a_second_message_reuses_the_connection() {
    let server = Server::start(Script::plaintext()).await;
    let relay = relay(&server);

    accepted(submit(&relay).await);
    accepted(submit(&relay).await);

    assert_eq!(server.messages().len(), 2);
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn a_connection_serves_a_hundred_messages_and_no_more() {
    let server = Server::start(Script::plaintext()).await;
    let relay = relay(&server);
    for _ in 0..100 {
        accepted(submit(&relay).await);
    }
    assert_eq!(server.connections(), 1);

    accepted(submit(&relay).await);

    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn a_stale_idle_connection_is_replaced_without_a_lost_message() {
    let script = Script::plaintext().once(At::Body, Do::ReplyThenDrop("250 2.0.0 queued"));
    let server = Server::start(script).await;
    let relay = relay(&server);
    accepted(submit(&relay).await);

    accepted(submit(&relay).await);

    assert_eq!(server.messages().len(), 2);
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn an_idle_connection_that_says_goodbye_is_replaced() {
    let script = Script::plaintext()
        .once(At::Mail, Do::Reply("250 2.1.0 ok"))
        .once(At::Mail, Do::ReplyThenDrop("421 4.4.2 you were idle for too long"));
    let server = Server::start(script).await;
    let relay = relay(&server);
    accepted(submit(&relay).await);

    accepted(submit(&relay).await);

    assert_eq!(server.messages().len(), 2);
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn an_idle_connection_that_fell_silent_is_replaced() {
    let script =
        Script::plaintext().once(At::Mail, Do::Reply("250 2.1.0 ok")).once(At::Mail, Do::WaitFor(Gate::default()));
    let server = Server::start(script).await;
    let relay = relay_with(&server, json!({ "limits": { "command": 1 } }));
    accepted(submit(&relay).await);

    accepted(submit(&relay).await);

    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn a_new_connection_that_fails_is_not_tried_twice() {
    let server = Server::start(Script::plaintext().always(At::Mail, Do::Drop)).await;

    transient(submit(&relay(&server)).await);

    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn an_idle_connection_that_fails_after_mail_is_not_tried_again() {
    let script = Script::plaintext().once(At::rcpt(TO), Do::Reply("250 2.1.5 ok")).once(At::rcpt(TO), Do::Drop);
    let server = Server::start(script).await;
    let relay = relay(&server);
    accepted(submit(&relay).await);

    transient(submit(&relay).await);

    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn a_connection_is_not_used_again_after_a_refusal() {
    let script = Script::plaintext().once(At::rcpt(TO), Do::Reply("550 5.1.1 no such user"));
    let server = Server::start(script).await;
    let relay = relay(&server);
    permanent(submit(&relay).await);

    accepted(submit(&relay).await);

    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn a_submission_cut_short_leaves_nothing_behind_for_the_next() {
    let gate = Gate::default();
    let script =
        Script::plaintext().once(At::Mail, Do::Reply("250 2.1.0 ok")).once(At::Mail, Do::WaitFor(gate.clone()));
    let server = Server::start(script).await;
    let relay = relay(&server);
    accepted(submit(&relay).await);
    tokio::select! {
        outcome = submit(&relay) => panic!("came to an end: {outcome:?}"),
        () = gate.reached() => gate.open(),
    }

    let evidence = accepted(submit(&relay).await);

    assert_eq!(evidence.reply, "250 2.0.0 queued as 1");
    assert_eq!(server.messages().len(), 2);
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn no_more_connections_are_opened_than_the_program_allows() {
    let server = Server::start(Script::plaintext()).await;
    let relay = Arc::new(relay_with(&server, json!({ "connections": 2 })));
    let mut submissions = tokio::task::JoinSet::new();
    for _ in 0..12 {
        let relay = Arc::clone(&relay);
        submissions.spawn(async move { relay.submit(&usual()).await });
    }

    for outcome in submissions.join_all().await {
        accepted(outcome);
    }

    assert_eq!(server.connections(), 2);
    assert!(server.messages().iter().all(|m| m.bytes == MESSAGE));
    assert_eq!(server.messages().len(), 12);
}

#[tokio::test]
async fn idle_connections_are_closed_with_a_goodbye() {
    let server = Server::start(Script::plaintext()).await;
    let relay = relay(&server);
    accepted(submit(&relay).await);

    relay.close().await;

    assert_eq!(server.commands().last().unwrap(), "QUIT");
    accepted(submit(&relay).await);
    assert_eq!(server.connections(), 2);
}
