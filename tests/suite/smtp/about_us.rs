//! A firm refusal that speaks of us rests the channel; one of a recipient or of a message ends that message alone.

use serde_json::json;

use super::{TO, accepted, misconfigured, permanent, relay, relay_with, submit, transient};
use crate::smtp_server::{At, Do, Script, Server};

/// Refusals that speak of us at every step: by the code at the start, by one in the text, by words alone.
const OF_US: &[&str] = &[
    "550 5.1.7 bad sender",
    "550 5.1.8 this sender may not send",
    "550 5.1.90 too many recipients from this account today",
    "550 5.4.5 this account has sent enough for today",
    "554 5.7.1 no relaying for you",
    "554 5.7.1 <doctor@clinic.example>: Relay access denied",
    "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org",
    "550 5.7.23 SPF validation failed",
    "550 5.7.60 SMTP; Client does not have permissions to send as this sender",
    "550 5.7.64 TenantAttribution; Relay Access Denied",
    "550 RELAYING DENIED",
    "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)",
    "550 you are blocked (5.1.8)",
    "571 our policy",
    "550 Daily sending quota exceeded",
    "550-5.7.26 This message does not pass authentication checks\r\n550 5.7.26 (SPF and DKIM both do not pass).",
    "550 5.1.1 blacklisted: remote said 550 5.7.1 blacklisted",
];

/// Refusals that speak of the recipient or of this message.
const OF_THEM: &[&str] = &[
    "550 5.1.1 no such user",
    "550 5.1.2 no such domain",
    "553 5.1.3 bad address",
    "551 5.1.6 moved",
    "556 5.1.10 takes no mail",
    "550 5.2.1 disabled",
    "552 5.2.2 over quota",
    "550 5.1.1 <doctor@clinic.example>: Recipient address rejected: User unknown in relay recipient table",
    "550 5.4.1 Recipient address rejected: Access denied",
    "550 5.7.1 you may not write to this group",
    "550 no such user",
    "554 5.6.0 it looks bad",
    "554 5.7.1 the content looks like spam",
];

#[tokio::test]
async fn a_refusal_that_speaks_of_us_pauses_the_channel_at_every_step() {
    for at in [At::Mail, At::rcpt(TO), At::Data, At::Body] {
        for reply in OF_US {
            let server = Server::start(Script::plaintext().always(at.clone(), Do::Reply(reply))).await;
            let evidence = misconfigured(submit(&relay(&server)).await);
            assert!(evidence.reply.starts_with(&reply[..3]), "{at:?}: {}", evidence.reply);
            assert_eq!(evidence.body_left, at == At::Body, "{at:?} {reply}");
            assert_eq!(server.taken(), 0);
            assert_eq!(server.connections(), 1, "a new connection has nothing to be blamed for");
        }
    }
}

#[tokio::test]
async fn a_refusal_that_speaks_of_the_recipient_or_the_message_ends_that_message_alone() {
    for at in [At::rcpt(TO), At::Data, At::Body] {
        for reply in OF_THEM {
            let server = Server::start(Script::plaintext().always(at.clone(), Do::Reply(reply))).await;
            let evidence = permanent(submit(&relay(&server)).await);
            assert_eq!(&evidence.reply, reply, "{at:?}");
        }
    }
}

#[tokio::test]
async fn at_mail_every_firm_refusal_is_the_channels_but_for_size() {
    for reply in
        ["550 no", "553 5.1.0 no", "550 5.1.1 who is that?", "501 5.5.4 no", "552 5.2.2 quota", "503 first hello"]
    {
        let server = Server::start(Script::plaintext().always(At::Mail, Do::Reply(reply))).await;
        misconfigured(submit(&relay(&server)).await);
        assert_eq!(server.count("MAIL"), 1);
    }
    for reply in
        ["552 5.3.4 Message size exceeds fixed limit", "552 no", "550 message too large", "553 5.6.7 no SMTPUTF8"]
    {
        let server = Server::start(Script::plaintext().always(At::Mail, Do::Reply(reply))).await;
        permanent(submit(&relay(&server)).await);
    }
}

#[tokio::test]
async fn a_refusal_of_the_hour_stays_one_whatever_it_speaks_of() {
    for at in [At::Mail, At::rcpt(TO), At::Data, At::Body] {
        for reply in ["450 4.7.1 rate limit exceeded", "451 4.4.5 daily quota", "452 4.5.3 too many recipients"] {
            let server = Server::start(Script::plaintext().always(at.clone(), Do::Reply(reply))).await;
            transient(submit(&relay(&server)).await);
        }
    }
}

#[tokio::test]
async fn what_a_used_connection_refuses_is_tried_once_on_a_new_one() {
    for at in [At::Mail, At::rcpt(TO), At::Data, At::Body] {
        let script = Script::plaintext()
            .once(at.clone(), Do::Reply(if at == At::Data { "354 go" } else { "250 2.0.0 ok" }))
            .once(at.clone(), Do::Reply("554 5.7.0 one message a connection"));
        let server = Server::start(script).await;
        let relay = relay(&server);
        accepted(submit(&relay).await);

        accepted(submit(&relay).await);

        assert_eq!((server.taken(), server.connections()), (2, 2), "{at:?}");
    }
}

#[tokio::test]
async fn what_a_new_connection_refuses_too_counts() {
    for (at, reply) in [(At::Mail, "550 5.1.8 no"), (At::rcpt(TO), "554 5.7.1 no relaying"), (At::Body, "554 5.7.1 no")]
    {
        let script =
            Script::plaintext().once(at.clone(), Do::Reply("250 2.0.0 ok")).always(at.clone(), Do::Reply(reply));
        let server = Server::start(script).await;
        let relay = relay(&server);
        accepted(submit(&relay).await);

        let evidence = misconfigured(submit(&relay).await);

        assert_eq!(evidence.reply, reply);
        assert_eq!(evidence.body_left, at == At::Body);
        assert_eq!((server.taken(), server.connections()), (1, 2));
    }
}

#[tokio::test]
async fn a_body_that_left_on_the_used_connection_has_left_whatever_the_new_one_says() {
    let script = Script::plaintext()
        .once(At::Body, Do::Reply("250 2.0.0 ok"))
        .once(At::Body, Do::Reply("554 5.7.0 one message a connection"))
        .once(At::Connect, Do::Reply("220 test"))
        .always(At::Connect, Do::ReplyThenDrop("421 4.3.2 not now"));
    let server = Server::start(script).await;
    let relay = relay(&server);
    accepted(submit(&relay).await);

    let evidence = transient(submit(&relay).await);

    assert!(evidence.body_left);
}

#[tokio::test]
async fn a_recipient_refused_on_a_used_connection_is_refused() {
    let script = Script::plaintext()
        .once(At::rcpt(TO), Do::Reply("250 2.1.5 ok"))
        .always(At::rcpt(TO), Do::Reply("550 5.1.1 no such user"));
    let server = Server::start(script).await;
    let relay = relay_with(&server, json!({ "connections": 1 }));
    accepted(submit(&relay).await);

    permanent(submit(&relay).await);

    assert_eq!(server.connections(), 1);
}
