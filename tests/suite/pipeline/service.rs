//! `earlypost serve`: it works, and SIGTERM lets it finish what it holds.

use std::process::{Command, Stdio};

use super::crashes::Installation;

#[test]
fn the_service_sends_what_is_due_and_stops_cleanly_when_it_is_told() {
    let installation = Installation::new();
    let mut service = installation
        .command(&["serve"])
        .env("EARLYPOST_SERVICE_POLL_SECONDS", "1")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    while installation.files() < 5 {
        assert!(service.try_wait().unwrap().is_none(), "the service ended by itself");
        std::thread::yield_now();
    }
    assert!(Command::new("kill").args(["-TERM", &service.id().to_string()]).status().unwrap().success());
    assert_eq!(service.wait().unwrap().code(), Some(0));
    let status = installation.json(&["status", "--json"]);
    assert!(status["dispatches"]["sending"].is_null(), "nothing is held by a service that has stopped");
    assert!(status["dispatches"]["accepted"].as_u64().unwrap() > 0);
}

#[test]
fn a_service_without_a_channel_refuses_to_start() {
    let installation = Installation::new();
    installation.write_settings("caseload = \"caseload\"\ndata_dir = \"data\"\n[channels]\n");
    let output = installation.command(&["serve"]).output().unwrap();
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("no channel is set up"));
}
