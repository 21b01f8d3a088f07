//! The mail channel against a real server: `smtp-sink` of Postfix.

use std::{
    io::{self, Write},
    net::{TcpListener, TcpStream},
    os::unix::fs::MetadataExt,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use earlypost::dispatch::email::smtp::Relay;
use serde_json::json;

use super::{accepted, settings_for_port, submit};

const PROGRAM: &str = "/usr/sbin/smtp-sink";
const LEAVE_OUT: &str = "EARLYPOST_TEST_WITHOUT_SMTP_SINK";

/// A running `smtp-sink`, ended when it is dropped.
struct Sink {
    child: Child,
    port: u16,
}

impl Sink {
    fn start() -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut command = Command::new(PROGRAM);
        if runs_as_root() {
            // It refuses to serve as root.
            command.args(["-u", "nobody", "-R", "/tmp"]);
        }
        let child = command.args([&format!("127.0.0.1:{port}"), "16"]).stdin(Stdio::null()).spawn().unwrap();
        let mut sink = Self { child, port };
        sink.wait_until_it_answers();
        sink
    }

    fn wait_until_it_answers(&mut self) {
        let started = Instant::now();
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            if let Some(status) = self.child.try_wait().unwrap() {
                panic!("smtp-sink ended at once: {status}");
            }
            assert!(started.elapsed() < Duration::from_secs(20), "smtp-sink does not answer");
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        // It may have ended by itself; there is nothing to do about it either way.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn runs_as_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}

#[tokio::test]
async fn a_real_server_takes_one_message_after_another() {
    if std::env::var_os(LEAVE_OUT).is_some() {
        // Written past the capture of test output: somebody should see it.
        writeln!(io::stderr(), "SKIPPED, NOT TESTED: the mail channel against smtp-sink ({LEAVE_OUT} is set)").unwrap();
        return;
    }
    assert!(
        Path::new(PROGRAM).exists(),
        "{PROGRAM} is missing: install the Debian package `postfix`, or set {LEAVE_OUT} to go without"
    );
    let sink = Sink::start();
    let relay = Relay::new(settings_for_port(sink.port, json!({}))).unwrap();

    for _ in 0..2 {
        let evidence = accepted(submit(&relay).await);
        assert!(evidence.reply.starts_with("250 "), "{}", evidence.reply);
        assert_eq!(evidence.tls, Some(false));
    }
    relay.close().await;
}
