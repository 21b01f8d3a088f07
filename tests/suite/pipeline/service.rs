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

#[test]
fn systemd_is_told_that_the_service_is_up_alive_and_stopping() {
    let installation = Installation::new();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notify");
    let socket = std::os::unix::net::UnixDatagram::bind(&path).unwrap();
    let mut service = installation
        .command(&["serve"])
        .env("EARLYPOST_SERVICE_POLL_SECONDS", "1")
        .env("NOTIFY_SOCKET", &path)
        .env("WATCHDOG_USEC", "200000")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    socket.set_read_timeout(Some(std::time::Duration::from_mins(2))).unwrap();
    let next = || {
        let mut buffer = [0; 256];
        let length = socket.recv(&mut buffer).unwrap();
        String::from_utf8_lossy(&buffer[..length]).trim().to_owned()
    };
    let until = |wanted: &str| while next() != wanted {};
    until("READY=1");
    until("WATCHDOG=1");
    assert!(Command::new("kill").args(["-TERM", &service.id().to_string()]).status().unwrap().success());
    until("STOPPING=1");
    assert_eq!(service.wait().unwrap().code(), Some(0));
}
