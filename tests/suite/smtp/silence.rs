//! Lost connections and servers that say nothing: what is known then, and what is not.

use std::{net::TcpListener, time::Instant};

use earlypost::dispatch::email::smtp::Relay;
use serde_json::json;

use super::{MESSAGE, accepted, relay, relay_with, settings_for_port, submit, transient, unknown, unreached};
use crate::smtp_server::{At, Do, Gate, Script, Server};

#[tokio::test]
async fn a_port_where_nobody_listens_is_not_reached() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let relay = Relay::new(settings_for_port(port, json!({}))).unwrap();

    let evidence = unreached(submit(&relay).await);

    assert_eq!(evidence.tls, None);
    assert_eq!(evidence.peer, Some(format!("localhost:{port}")));
}

#[tokio::test]
async fn a_drop_before_the_body_is_transient_and_one_before_mail_says_nothing_of_the_message() {
    for at in [At::Connect, At::Ehlo, At::Mail, At::rcpt(super::TO), At::Data] {
        let server = Server::start(Script::plaintext().always(at.clone(), Do::Drop)).await;

        let outcome = submit(&relay(&server)).await;

        let heard_nothing = matches!(at, At::Connect | At::Ehlo);
        let evidence = if heard_nothing { unreached(outcome) } else { transient(outcome) };

        assert!(evidence.reply.contains("the connection was lost"), "{at:?}: {}", evidence.reply);
        assert!(server.messages().is_empty());
    }
}

#[tokio::test]
async fn a_drop_after_the_final_dot_is_unknown() {
    let server = Server::start(Script::plaintext().always(At::Body, Do::Drop)).await;

    let evidence = unknown(submit(&relay(&server)).await);

    assert!(evidence.reply.contains("the connection was lost"), "{}", evidence.reply);
    // This is why it must not be called a failure.
    assert_eq!(server.messages()[0].bytes, MESSAGE);
}

#[tokio::test]
async fn an_answer_that_breaks_off_after_the_final_dot_is_unknown() {
    // A line that announces another one, and then nothing.
    let script = Script::plaintext().always(At::Body, Do::ReplyThenDrop("250-2.0.0 almost"));
    let server = Server::start(script).await;

    unknown(submit(&relay(&server)).await);
}

#[tokio::test]
async fn a_silent_server_is_given_up_at_its_limit() {
    for (at, name) in [(At::Connect, "greeting"), (At::Mail, "MAIL"), (At::Data, "DATA")] {
        let script = Script::plaintext().always(at, Do::WaitFor(Gate::default()));
        let server = Server::start(script).await;
        let relay = relay_with(&server, json!({ "limits": { "connect": 1, "command": 1 } }));
        let started = Instant::now();

        let outcome = submit(&relay).await;

        let evidence = if name == "greeting" { unreached(outcome) } else { transient(outcome) };
        assert_eq!(evidence.reply, format!("no answer within 1 seconds ({name})"));
        assert!(evidence.milliseconds >= 1000);
        // Far below the limits that were not shortened.
        assert!(started.elapsed().as_secs() < 20);
    }
}

#[tokio::test]
async fn a_silence_after_the_final_dot_is_unknown() {
    let script = Script::plaintext().once(At::Body, Do::WaitFor(Gate::default()));
    let server = Server::start(script).await;
    let relay = relay_with(&server, json!({ "limits": { "final_reply": 1 } }));

    let evidence = unknown(submit(&relay).await);

    assert_eq!(evidence.reply, "no answer within 1 seconds (message)");
    // The late answer must not be taken for that of the next message.
    accepted(submit(&relay).await);
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn a_reply_that_comes_one_byte_at_a_time_is_still_read() {
    let script = Script::implicit_tls()
        .always(At::Mail, Do::Dribble("250 2.1.0 slowly"))
        .always(At::Data, Do::Dribble("354 slowly"))
        .always(At::Body, Do::Dribble("250-2.0.0 queued\r\n250 2.0.0 as 7"));
    let server = Server::start(script).await;
    let relay = relay_with(&server, json!({ "security": "implicit_tls", "ca_file": server.authority_file() }));

    let evidence = accepted(submit(&relay).await);

    assert_eq!(evidence.reply, "250-2.0.0 queued\n250 2.0.0 as 7");
    assert_eq!(evidence.enhanced_code.as_deref(), Some("2.0.0"));
}
