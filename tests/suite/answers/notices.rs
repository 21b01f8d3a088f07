//! How answers are asked for, in the SMTP conversation.

use std::sync::Arc;

use earlypost::{
    case::EndpointKind,
    dispatch::{Named, SmtpChannel},
};
use serde_json::json;

use super::{KEY, TEMPLATE, return_path};
use crate::{
    channels::clock,
    harness::{MAYA, World},
    smtp_server::{Script, Server},
};

fn sent_by(script: Script, with_return_path: bool) -> (World, Server) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let server = runtime.block_on(Server::start(script));
    let mut settings = json!({
        "host": "localhost", "port": server.port(), "security": "starttls", "ca_file": server.authority_file(),
        "hello_name": "ei.example", "enforces_tls_onward": true,
    });
    if with_return_path {
        settings["return_path"] = TEMPLATE.into();
    }
    let channel = SmtpChannel::open(serde_json::from_value(settings).unwrap(), clock()).unwrap().with_return_path(KEY);
    let mut world = World::with(&[MAYA]);
    world.replace_channel(EndpointKind::Email, Arc::new(channel));
    world.run();
    // The server's sessions live in this runtime.
    std::mem::forget(runtime);
    (world, server)
}

#[test]
fn each_attempt_has_a_return_path_of_its_own_and_asks_for_notices_without_the_papers() {
    let (world, server) = sent_by(Script::starttls().offering(&["DSN", "SIZE 50000000"]), true);
    let messages = server.messages();
    assert!(messages.len() > 2);
    for message in &messages {
        let (address, parameters) = message.from.split_once('>').unwrap();
        let Named::Attempt(name) = return_path().named_by_address(address) else { panic!("{}", message.from) };
        assert_eq!(name.attempt, 1);
        assert!(world.rows(MAYA).iter().any(|row| row.dispatch_id == name.dispatch_id));
        let token = return_path().token(&name.dispatch_id, 1).unwrap();
        assert!(parameters.contains("RET=HDRS") && parameters.contains(&format!("ENVID={token}")), "{parameters}");
        assert!(message.to[0].ends_with(" NOTIFY=SUCCESS,FAILURE,DELAY"), "{}", message.to[0]);
        assert!(
            message.bytes.windows(30).any(|w| w == b"papers@earlysteps.example.org>"),
            "the sender stays the program"
        );
    }
}

#[test]
fn a_relay_that_offers_no_notices_is_asked_for_none() {
    let (_world, server) = sent_by(Script::starttls(), true);
    for message in server.messages() {
        assert!(!message.from.contains("ENVID") && !message.to[0].contains("NOTIFY"));
        assert!(message.from.starts_with("<bounces+"), "the return path needs nothing of the relay");
    }
}

#[test]
fn without_a_return_path_nobody_is_asked_for_notices_of_success() {
    let (_world, server) = sent_by(Script::starttls().offering(&["DSN"]), false);
    for message in server.messages() {
        assert!(message.from.starts_with("<papers@earlysteps.example.org> RET=HDRS"), "{}", message.from);
        assert!(message.to[0].ends_with(" NOTIFY=FAILURE,DELAY"));
    }
}
