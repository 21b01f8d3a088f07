//! A relay that takes everything and keeps nothing (Debian package `postfix`).

use std::{
    net::{TcpListener, TcpStream},
    os::unix::fs::MetadataExt,
    process::{Child, Command, Stdio},
    time::Duration,
};

/// A running `smtp-sink`, ended when it is dropped.
pub struct Sink(Child, u16);

impl Sink {
    /// On a port of its own.
    pub fn start() -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut command = Command::new("/usr/sbin/smtp-sink");
        if std::fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0) {
            // It refuses to serve as root.
            command.args(["-u", "nobody", "-R", "/tmp"]);
        }
        let child = command.args([&format!("127.0.0.1:{port}"), "64"]).stdin(Stdio::null()).spawn().unwrap();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            std::thread::sleep(Duration::from_millis(5));
        }
        Self(child, port)
    }

    /// Where it listens, on this machine.
    pub fn port(&self) -> u16 {
        self.1
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}
