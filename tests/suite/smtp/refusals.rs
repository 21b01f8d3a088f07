//! A whole reply that says no: whether it speaks of the message, of the hour or of us.

use serde_json::json;

use super::{FROM, TO, accepted, misconfigured, permanent, relay, relay_with, submit, transient, unknown, unreached};
use crate::smtp_server::{At, Do, Script, Server};

/// `AUTH PLAIN` for the name `user` and the password `password`.
const LOGIN: &str = "AHVzZXIAcGFzc3dvcmQ=";

fn password_file(password: &str) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), password).unwrap();
    file
}

#[tokio::test]
async fn a_login_with_the_password_of_the_file_is_let_in() {
    let server = Server::start(Script::starttls().login(LOGIN)).await;
    let password = password_file("password\n");
    let relay = relay_with(
        &server,
        json!({
            "security": "starttls",
            "ca_file": server.authority_file(),
            "username": "user",
            "password_file": password.path(),
        }),
    );

    accepted(submit(&relay).await);

    assert_eq!(server.count(&format!("AUTH PLAIN {LOGIN}")), 1);
}

#[tokio::test]
async fn a_refused_login_pauses_the_channel() {
    let server = Server::start(Script::plaintext().login(LOGIN)).await;
    let password = password_file("yesterday's password");
    let relay = relay_with(&server, json!({ "username": "user", "password_file": password.path() }));

    let evidence = misconfigured(submit(&relay).await);

    assert_eq!(evidence.reply, "535 5.7.8 wrong name or password");
    assert_eq!(evidence.enhanced_code.as_deref(), Some("5.7.8"));
    assert_eq!(server.count("MAIL"), 0);
}

#[tokio::test]
async fn a_login_that_cannot_be_checked_just_now_says_nothing_of_the_message() {
    let script = Script::plaintext().login(LOGIN).once(At::Auth, Do::Reply("454 4.7.0 try later"));
    let server = Server::start(script).await;
    let password = password_file("password");
    let relay = relay_with(&server, json!({ "username": "user", "password_file": password.path() }));

    unreached(submit(&relay).await);
}

#[tokio::test]
async fn a_server_without_logins_pauses_a_channel_that_has_one() {
    let server = Server::start(Script::plaintext()).await;
    let password = password_file("password");
    let relay = relay_with(&server, json!({ "username": "user", "password_file": password.path() }));

    misconfigured(submit(&relay).await);

    assert_eq!(server.count("MAIL"), 0);
}

#[tokio::test]
async fn a_server_that_asks_who_we_are_pauses_the_channel() {
    let server = Server::start(Script::plaintext().login(LOGIN)).await;

    let evidence = misconfigured(submit(&relay(&server)).await);

    assert_eq!(evidence.reply, "530 5.7.0 who are you?");
}

#[tokio::test]
async fn a_server_that_is_shutting_down_says_nothing_of_the_message() {
    let script = Script::plaintext().always(At::Connect, Do::ReplyThenDrop("421 4.3.2 not now"));
    let server = Server::start(script).await;

    let evidence = unreached(submit(&relay(&server)).await);

    assert_eq!(evidence.reply, "421 4.3.2 not now");
    assert_eq!(evidence.enhanced_code.as_deref(), Some("4.3.2"));
}

#[tokio::test]
async fn a_server_that_will_not_talk_to_us_pauses_the_channel() {
    let script = Script::plaintext().always(At::Connect, Do::Reply("554 5.7.1 your address is listed"));
    let server = Server::start(script).await;

    misconfigured(submit(&relay(&server)).await);
}

#[tokio::test]
async fn a_greylisted_recipient_is_transient() {
    let script = Script::plaintext().once(At::rcpt(TO), Do::Reply("450 4.7.1 greylisted, try again"));
    let server = Server::start(script).await;
    let relay = relay(&server);

    let evidence = transient(submit(&relay).await);

    assert_eq!(evidence.reply, "450 4.7.1 greylisted, try again");
    assert_eq!(evidence.enhanced_code.as_deref(), Some("4.7.1"));
    assert_eq!(server.count("DATA"), 0);
    accepted(submit(&relay).await);
}

#[tokio::test]
async fn a_refused_recipient_is_permanent() {
    let script = Script::plaintext().always(At::rcpt(TO), Do::Reply("550 5.1.1 no such user"));
    let server = Server::start(script).await;

    let evidence = permanent(submit(&relay(&server)).await);

    assert_eq!(evidence.reply, "550 5.1.1 no such user");
    assert_eq!(server.count("DATA"), 0);
}

#[tokio::test]
async fn a_refusal_of_several_lines_keeps_all_that_was_said() {
    let lines = "550-5.1.1 no such user\r\n550-5.1.1 ask the desk\r\n550 5.1.1 or write";
    let script = Script::plaintext().always(At::rcpt(TO), Do::Reply(lines));
    let server = Server::start(script).await;

    let evidence = permanent(submit(&relay(&server)).await);

    assert_eq!(evidence.reply, "550 5.1.1 no such user ask the desk or write");
    assert_eq!(evidence.enhanced_code.as_deref(), Some("5.1.1"));
}

#[tokio::test]
async fn a_refused_sender_pauses_the_channel() {
    let script = Script::plaintext().always(At::Mail, Do::Reply("550 5.1.8 bad sender"));
    let server = Server::start(script).await;

    misconfigured(submit(&relay(&server)).await);

    assert_eq!(server.count("MAIL"), 1);
    assert!(server.commands().iter().any(|line| line.contains(FROM)));
}

#[tokio::test]
async fn a_refusal_to_take_data_is_what_its_code_says() {
    for (reply, is_permanent) in [("451 4.3.0 disk full", false), ("554 5.6.0 no", true)] {
        let server = Server::start(Script::plaintext().always(At::Data, Do::Reply(reply))).await;
        let outcome = submit(&relay(&server)).await;
        let evidence = if is_permanent { permanent(outcome) } else { transient(outcome) };
        assert_eq!(evidence.reply, reply);
        assert!(server.messages().is_empty());
    }
}

#[tokio::test]
async fn a_refusal_after_the_final_dot_is_what_its_code_says() {
    for (reply, is_permanent) in [("451 4.3.0 cannot store it", false), ("554 5.6.0 it looks bad", true)] {
        let server = Server::start(Script::plaintext().always(At::Body, Do::Reply(reply))).await;
        let outcome = submit(&relay(&server)).await;
        let evidence = if is_permanent { permanent(outcome) } else { transient(outcome) };
        assert_eq!(evidence.reply, reply);
        assert!(server.messages().is_empty());
    }
}

#[tokio::test]
async fn a_final_code_other_than_250_is_unknown() {
    let script = Script::plaintext().always(At::Body, Do::Reply("252 2.1.5 perhaps"));
    let server = Server::start(script).await;

    let evidence = unknown(submit(&relay(&server)).await);

    assert_eq!(evidence.reply, "252 2.1.5 perhaps");
}

#[tokio::test]
async fn a_go_ahead_that_is_not_354_is_not_followed() {
    let script = Script::plaintext().always(At::Data, Do::Reply("250 2.0.0 ok"));
    let server = Server::start(script).await;

    transient(submit(&relay(&server)).await);

    assert!(server.messages().is_empty());
}
