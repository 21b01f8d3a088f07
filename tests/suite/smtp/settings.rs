//! Settings: what is taken for granted, and what is refused with a sentence that names it.

use earlypost::dispatch::email::smtp::{Limits, Relay, Security, SmtpSettings};
use serde_json::{Value, json};

use super::{accepted, relay_with, submit};
use crate::smtp_server::{Script, Server};

fn read(settings: Value) -> SmtpSettings {
    serde_json::from_value(settings).unwrap()
}

fn refusal(settings: Value) -> String {
    Relay::new(read(settings)).unwrap_err().to_string()
}

#[test]
fn a_host_is_all_that_must_be_said() {
    let settings = read(json!({ "host": "mail.ei.example" }));

    assert_eq!(settings.port, 587);
    assert_eq!(settings.security, Security::Starttls);
    let limits = Limits { connect: 30, command: 60, final_reply: 600 };
    assert_eq!(settings.limits, limits);
    assert_eq!(settings.connections, 1);
    assert_eq!(settings.max_message_bytes, 20_000_000);
    assert!(!settings.enforces_tls_onward);
    assert_eq!(settings.check(), Vec::<String>::new());
}

#[test]
fn settings_come_back_as_they_were_written() {
    let settings = read(json!({
        "host": "::1", "security": "plaintext", "limits": { "command": 5 }, "connections": 3,
    }));

    let again = read(serde_json::to_value(&settings).unwrap());

    assert_eq!(again, settings);
}

#[test]
fn a_misspelt_setting_is_refused() {
    for wrong in [
        json!({ "host": "mail.ei.example", "securty": "plaintext" }),
        json!({ "host": "mail.ei.example", "limits": { "conect": 3 } }),
    ] {
        let error = serde_json::from_value::<SmtpSettings>(wrong).unwrap_err();
        assert!(error.to_string().contains("unknown field"), "{error}");
    }
}

#[test]
fn plaintext_stays_on_this_machine() {
    for host in ["localhost", "127.0.0.1", "127.1.2.3", "::1"] {
        let settings = read(json!({ "host": host, "security": "plaintext" }));
        assert_eq!(settings.check(), Vec::<String>::new(), "{host}");
    }
    for host in ["mail.ei.example", "10.0.0.1", "localhost.evil.example"] {
        let said = refusal(json!({ "host": host, "security": "plaintext" }));
        assert!(said.starts_with("security: "), "{host}: {said}");
    }
}

#[test]
fn every_fault_is_a_sentence_that_begins_with_its_setting() {
    let host = "mail.ei.example";
    for (settings, start) in [
        (json!({ "host": "" }), "host: "),
        (json!({ "host": "smtp://mail.ei.example" }), "host: "),
        (json!({ "host": host, "port": 0 }), "port: "),
        (json!({ "host": host, "username": "user" }), "username: "),
        (json!({ "host": host, "password_env": "SOME_NAME" }), "username: "),
        (json!({ "host": host, "username": "u", "password_env": "A", "password_file": "/a" }), "password_file: "),
        (json!({ "host": host, "username": "u", "password_file": "/not/there" }), "password_file: "),
        (json!({ "host": host, "username": "u", "password_env": "EARLYPOST_NOT_SET" }), "password_env: "),
        (json!({ "host": host, "ca_file": "/not/there" }), "ca_file: "),
        (json!({ "host": host, "ca_file": "/dev/null" }), "ca_file: "),
        (json!({ "host": host, "hello_name": "a b\r\nMAIL" }), "hello_name: "),
        (json!({ "host": host, "limits": { "final_reply": 0 } }), "limits: "),
        (json!({ "host": host, "connections": 0 }), "connections: "),
        (json!({ "host": host, "max_message_bytes": 0 }), "max_message_bytes: "),
    ] {
        let said = refusal(settings.clone());
        assert!(said.starts_with(start), "{settings}: {said}");
    }
}

#[test]
fn all_faults_are_told_at_once() {
    let said = refusal(json!({ "host": "mail.ei.example", "port": 0, "connections": 101 }));

    assert_eq!(said, "port: must not be 0; connections: must be from 1 to 100");
}

#[tokio::test]
async fn a_password_from_the_environment_is_used_and_never_shown() {
    // Cargo sets this variable for every test: the "password" is the name of the package.
    let login = "AHVzZXIAZWFybHlwb3N0";
    let server = Server::start(Script::plaintext().login(login)).await;
    let relay = relay_with(&server, json!({ "username": "user", "password_env": "CARGO_PKG_NAME" }));

    accepted(submit(&relay).await);

    let shown = format!("{relay:?} {:?}", relay.settings());
    assert!(shown.contains("CARGO_PKG_NAME"));
    assert!(!shown.contains("earlypost"), "{shown}");
}

#[test]
fn every_setting_has_a_description_in_the_schema() {
    let schema = serde_json::to_value(schemars::schema_for!(SmtpSettings)).unwrap();

    let properties = schema["properties"].as_object().unwrap();
    assert_eq!(properties.len(), 16);
    for (name, property) in properties {
        assert!(property["description"].is_string(), "{name}");
    }
}
