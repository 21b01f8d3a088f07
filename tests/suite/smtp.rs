//! The mail channel against a server that can be told what to do, and against a real one.

mod about_us;
mod content;
mod refusals;
mod replies;
mod reuse;
mod settings;
mod silence;
mod sink;
mod tls;
mod token;

use earlypost::dispatch::{
    email::smtp::{Relay, SmtpSettings, Submission},
    outcome::{Evidence, Outcome},
};
use serde_json::{Value, json};

use crate::smtp_server::Server;

const FROM: &str = "program@ei.example";
const TO: &str = "doctor@clinic.example";
const MESSAGE: &[u8] = b"Subject: Plan\r\nMessage-ID: <1@ei.example>\r\n\r\nSee the attachment.\r\n";

/// Settings for this server in clear, with these members set or replaced.
fn settings(server: &Server, changes: Value) -> SmtpSettings {
    settings_for_port(server.port(), changes)
}

fn settings_for_port(port: u16, changes: Value) -> SmtpSettings {
    let mut members = json!({
        "host": "localhost",
        "port": port,
        "security": "plaintext",
        "hello_name": "ei.example",
    });
    let Value::Object(changes) = changes else { panic!("changes are given as an object") };
    members.as_object_mut().unwrap().extend(changes);
    serde_json::from_value(members).unwrap()
}

fn relay(server: &Server) -> Relay {
    relay_with(server, json!({}))
}

fn relay_with(server: &Server, changes: Value) -> Relay {
    Relay::new(settings(server, changes)).unwrap()
}

/// The usual message, from and to the usual addresses.
fn usual() -> Submission<'static> {
    message(MESSAGE)
}

fn message(bytes: &[u8]) -> Submission<'_> {
    Submission { from: FROM.parse().unwrap(), to: TO.parse().unwrap(), envelope_id: None, bytes }
}

async fn submit(relay: &Relay) -> Outcome {
    relay.submit(&usual()).await
}

#[track_caller]
fn accepted(outcome: Outcome) -> Evidence {
    let Outcome::Accepted(evidence) = outcome else { panic!("not accepted: {outcome:?}") };
    evidence
}

#[track_caller]
fn transient(outcome: Outcome) -> Evidence {
    let Outcome::Transient(evidence) = outcome else { panic!("not transient: {outcome:?}") };
    evidence
}

#[track_caller]
fn unreached(outcome: Outcome) -> Evidence {
    let Outcome::Unreached(evidence) = outcome else { panic!("reached: {outcome:?}") };
    evidence
}

#[track_caller]
fn permanent(outcome: Outcome) -> Evidence {
    let Outcome::Permanent(evidence) = outcome else { panic!("not permanent: {outcome:?}") };
    evidence
}

#[track_caller]
fn unknown(outcome: Outcome) -> Evidence {
    let Outcome::Unknown(evidence) = outcome else { panic!("not unknown: {outcome:?}") };
    evidence
}

#[track_caller]
fn misconfigured(outcome: Outcome) -> Evidence {
    let Outcome::Misconfigured(evidence) = outcome else { panic!("not misconfigured: {outcome:?}") };
    evidence
}
