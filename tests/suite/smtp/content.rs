//! What may be in a message, and that it arrives as it is.

use earlypost::dispatch::email::smtp::{Relay, Submission};
use serde_json::json;

use super::{FROM, MESSAGE, accepted, message, permanent, relay, relay_with, submit};
use crate::smtp_server::{Script, Server};

async fn submit_bytes(relay: &Relay, bytes: &[u8]) -> earlypost::dispatch::outcome::Outcome {
    relay.submit(&message(bytes)).await
}

#[tokio::test]
async fn a_message_over_the_offered_size_never_starts() {
    let server = Server::start(Script::plaintext().offering(&["size 20"])).await;

    let evidence = permanent(submit(&relay(&server)).await);

    assert_eq!(
        evidence.reply,
        format!("not sent: the message has {} bytes and the server takes at most 20", MESSAGE.len())
    );
    assert_eq!(server.count("MAIL"), 0);
}

#[tokio::test]
async fn a_message_over_our_own_limit_opens_no_connection() {
    let server = Server::start(Script::plaintext()).await;
    let relay = relay_with(&server, json!({ "max_message_bytes": 20 }));

    let evidence = permanent(submit(&relay).await);

    assert!(evidence.reply.contains("max_message_bytes"), "{}", evidence.reply);
    assert_eq!(evidence.peer, None);
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn a_size_of_zero_means_no_limit() {
    let server = Server::start(Script::plaintext().offering(&["SIZE 0"])).await;

    accepted(submit(&relay(&server)).await);
}

#[tokio::test]
async fn a_server_that_offers_nothing_is_asked_for_nothing() {
    let server = Server::start(Script::plaintext().offering(&[])).await;

    accepted(submit(&relay(&server)).await);

    assert_eq!(server.messages()[0].from, format!("<{FROM}>"));
}

#[tokio::test]
async fn lines_that_begin_with_a_dot_arrive_unchanged() {
    let server = Server::start(Script::plaintext()).await;
    let bytes = b"Subject: dots\r\n\r\n.\r\n..\r\n.hidden\r\n\r\n\r\n.\r\n";

    accepted(submit_bytes(&relay(&server), bytes).await);

    assert_eq!(server.messages()[0].bytes, bytes);
}

#[tokio::test]
async fn a_message_without_a_last_line_end_gets_one() {
    let server = Server::start(Script::plaintext()).await;

    accepted(submit_bytes(&relay(&server), b"Subject: x\r\n\r\nend").await);

    assert_eq!(server.messages()[0].bytes, b"Subject: x\r\n\r\nend\r\n");
}

#[tokio::test]
async fn a_line_end_that_servers_disagree_on_is_not_sent() {
    let server = Server::start(Script::plaintext()).await;
    for bytes in [
        &b"Subject: x\r\n\r\na\n.\r\nMAIL FROM:<x@evil.example>\r\n"[..],
        b"Subject: x\r\n\r\na\r.\r\n",
        b"Subject: x\r\n\r\na\r",
        b"\n",
    ] {
        let evidence = permanent(submit_bytes(&relay(&server), bytes).await);
        assert!(evidence.reply.contains("CR LF"), "{}", evidence.reply);
    }
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn eight_bits_are_announced_only_where_they_are_needed() {
    let server = Server::start(Script::plaintext().offering(&["8BITMIME"])).await;
    let relay = relay(&server);

    accepted(submit(&relay).await);
    accepted(submit_bytes(&relay, "Subject: x\r\n\r\nJosé\r\n".as_bytes()).await);

    let announced: Vec<String> = server.messages().into_iter().map(|m| m.from).collect();
    assert_eq!(announced, [format!("<{FROM}>"), format!("<{FROM}> BODY=8BITMIME")]);
}

#[tokio::test]
async fn eight_bits_are_not_sent_to_a_server_that_does_not_take_them() {
    let server = Server::start(Script::plaintext().offering(&[])).await;
    let bytes = "Subject: x\r\n\r\nJosé\r\n".as_bytes();

    let evidence = permanent(submit_bytes(&relay(&server), bytes).await);

    assert!(evidence.reply.contains("8BITMIME"), "{}", evidence.reply);
    assert_eq!(server.count("MAIL"), 0);
}

#[tokio::test]
async fn an_address_beyond_ascii_goes_only_to_a_server_that_can_take_it() {
    let submission = Submission {
        from: FROM.parse().unwrap(),
        to: "josé@clínica.example".parse().unwrap(),
        envelope_id: None,
        bytes: MESSAGE,
    };
    let plain = Server::start(Script::plaintext().offering(&["8BITMIME"])).await;
    let evidence = permanent(relay(&plain).submit(&submission).await);
    assert!(evidence.reply.contains("SMTPUTF8"), "{}", evidence.reply);
    assert!(!evidence.reply.contains("josé"));
    assert_eq!(plain.count("MAIL"), 0);

    let able = Server::start(Script::plaintext().offering(&["SMTPUTF8"])).await;
    accepted(relay(&able).submit(&submission).await);
    assert_eq!(able.messages()[0].from, format!("<{FROM}> SMTPUTF8"));
}

#[test]
fn the_debug_form_of_a_submission_names_nobody() {
    let shown = format!("{:?}", super::usual());

    assert!(!shown.contains("example"), "{shown}");
}
