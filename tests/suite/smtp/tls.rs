//! Nothing is said about a message before TLS stands, and nobody gets in by the side.

use serde_json::json;

use super::{MESSAGE, accepted, misconfigured, relay_with, submit};
use crate::smtp_server::{At, Do, Received, Script, Server};

#[tokio::test]
async fn a_message_is_accepted_under_starttls_with_a_private_ca() {
    let server = Server::start(Script::starttls()).await;
    let relay = relay_with(&server, json!({ "security": "starttls", "ca_file": server.authority_file() }));

    let evidence = accepted(submit(&relay).await);

    assert_eq!(evidence.reply, "250 2.0.0 queued as 1");
    assert_eq!(evidence.enhanced_code.as_deref(), Some("2.0.0"));
    assert_eq!(evidence.tls, Some(true));
    assert_eq!(evidence.certificate_sha256.as_deref(), Some(server.certificate_sha256()));
    assert_eq!(evidence.peer, Some(format!("localhost:{}", server.port())));
    let received = Received {
        from: format!("<program@ei.example> SIZE={}", MESSAGE.len()),
        to: vec!["<doctor@clinic.example>".to_owned()],
        bytes: MESSAGE.to_vec(),
        tls: true,
    };
    assert_eq!(server.messages(), [received]);
    assert_eq!(server.commands()[..2], ["EHLO ei.example", "STARTTLS"]);
}

#[tokio::test]
async fn a_message_is_accepted_under_implicit_tls() {
    let server = Server::start(Script::implicit_tls()).await;
    let relay = relay_with(&server, json!({ "security": "implicit_tls", "ca_file": server.authority_file() }));

    let evidence = accepted(submit(&relay).await);

    assert_eq!(evidence.tls, Some(true));
    assert!(server.messages()[0].tls);
}

#[tokio::test]
async fn a_stripped_starttls_sends_nothing() {
    let server = Server::start(Script::plaintext()).await;
    let relay = relay_with(&server, json!({ "security": "starttls", "ca_file": server.authority_file() }));

    let evidence = misconfigured(submit(&relay).await);

    assert!(evidence.reply.contains("STARTTLS"), "{}", evidence.reply);
    assert_eq!(evidence.tls, Some(false));
    assert_eq!(server.commands(), ["EHLO ei.example"]);
}

#[tokio::test]
async fn a_refused_starttls_sends_nothing() {
    let script = Script::starttls().always(At::Starttls, Do::Reply("554 5.7.3 no TLS here"));
    let server = Server::start(script).await;
    let relay = relay_with(&server, json!({ "security": "starttls", "ca_file": server.authority_file() }));

    misconfigured(submit(&relay).await);

    assert_eq!(server.count("MAIL"), 0);
}

#[tokio::test]
async fn replies_slipped_in_before_tls_are_not_taken_for_the_servers_own() {
    // All the replies of a session that goes well, behind the answer to STARTTLS.
    let injected = "220 go\r\n250 a\r\n250 b\r\n250 c\r\n250 d\r\n354 e\r\n250 2.0.0 queued";
    let server = Server::start(Script::starttls().always(At::Starttls, Do::Reply(injected))).await;
    let relay = relay_with(&server, json!({ "security": "starttls", "ca_file": server.authority_file() }));

    let evidence = misconfigured(submit(&relay).await);

    assert!(evidence.reply.contains("TLS failed"), "{}", evidence.reply);
    assert_eq!(server.count("MAIL"), 0);
}

#[tokio::test]
async fn a_certificate_from_nobody_we_know_pauses_the_channel() {
    for (script, security) in [(Script::starttls(), "starttls"), (Script::implicit_tls(), "implicit_tls")] {
        let server = Server::start(script).await;
        let relay = relay_with(&server, json!({ "security": security }));

        let evidence = misconfigured(submit(&relay).await);

        assert!(evidence.reply.contains("UnknownIssuer"), "{security}: {}", evidence.reply);
        assert_eq!(server.count("MAIL"), 0);
    }
}

#[tokio::test]
async fn a_certificate_for_another_name_pauses_the_channel() {
    let server = Server::start(Script::starttls().certificate_for("elsewhere.example")).await;
    let relay = relay_with(&server, json!({ "security": "starttls", "ca_file": server.authority_file() }));

    let evidence = misconfigured(submit(&relay).await);

    assert!(evidence.reply.contains("not valid for name"), "{}", evidence.reply);
    assert_eq!(server.count("MAIL"), 0);
}

#[tokio::test]
async fn an_expired_certificate_pauses_the_channel() {
    let server = Server::start(Script::starttls().certificate_expired()).await;
    let relay = relay_with(&server, json!({ "security": "starttls", "ca_file": server.authority_file() }));

    let evidence = misconfigured(submit(&relay).await);

    assert!(evidence.reply.contains("expired"), "{}", evidence.reply);
    assert_eq!(server.count("MAIL"), 0);
}
