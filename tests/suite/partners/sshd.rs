//! A private OpenSSH server on the loopback address, ended when it is dropped.

use std::{
    fs,
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use earlypost::dispatch::SftpSettings;
use serde_json::{Value, json};

const PROGRAM: &str = "/usr/sbin/sshd";
const LEAVE_OUT: &str = "EARLYPOST_TEST_WITHOUT_SSHD";

/// Whether there is one to test against; loudly not, where it was left out on purpose.
pub fn available() -> bool {
    if std::env::var_os(LEAVE_OUT).is_some() {
        crate::harness::skipped("SFTP against OpenSSH", &format!("{LEAVE_OUT} is set"));
        return false;
    }
    assert!(
        Path::new(PROGRAM).exists(),
        "{PROGRAM} is missing: install the Debian package `openssh-server`, or set {LEAVE_OUT} to go without"
    );
    true
}

pub struct Sshd {
    home: tempfile::TempDir,
    child: Child,
    pub port: u16,
    host_key: String,
}

impl Sshd {
    pub fn start() -> Self {
        let home = tempfile::Builder::new().prefix("ep-sshd").tempdir_in("/tmp").unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let at = |name: &str| home.path().join(name);
        for key in ["host_key", "client_key", "other_key"] {
            let made = Command::new("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(at(key)).status();
            assert!(made.unwrap().success());
        }
        fs::copy(at("client_key.pub"), at("authorized_keys")).unwrap();
        fs::create_dir(at("in")).unwrap();
        // The server wants this folder for the part of it that runs without rights.
        drop(fs::create_dir_all("/run/sshd"));
        let dir = home.path().display();
        fs::write(
            at("sshd_config"),
            format!(
                "Port {port}\nListenAddress 127.0.0.1\nHostKey {dir}/host_key\nPidFile {dir}/pid\n\
                 AuthorizedKeysFile {dir}/authorized_keys\nPasswordAuthentication no\nKbdInteractiveAuthentication no\n\
                 UsePAM no\nStrictModes no\nPermitRootLogin prohibit-password\nSubsystem sftp internal-sftp\n"
            ),
        )
        .unwrap();
        let printed = Command::new("ssh-keygen").arg("-lf").arg(at("host_key.pub")).output().unwrap();
        let host_key = String::from_utf8(printed.stdout).unwrap().split_whitespace().nth(1).unwrap().to_owned();
        let child = Command::new(PROGRAM)
            .args(["-D", "-f"])
            .arg(at("sshd_config"))
            .arg("-E")
            .arg(at("log"))
            .stdin(Stdio::null())
            .spawn()
            .unwrap();
        let mut sshd = Self { home, child, port, host_key };
        let started = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            let log = fs::read_to_string(sshd.home.path().join("log")).unwrap_or_default();
            assert!(sshd.child.try_wait().unwrap().is_none(), "sshd ended at once:\n{log}");
            assert!(started.elapsed() < Duration::from_mins(1), "sshd does not answer:\n{log}");
            std::thread::yield_now();
        }
        sshd
    }

    /// The folder that takes the papers.
    pub fn folder(&self) -> PathBuf {
        self.home.path().join("in")
    }

    /// Settings with the connection `lakeside` to this server, with these members set or replaced.
    pub fn settings(&self, changes: &Value) -> SftpSettings {
        let mut connection = json!({
            "host": "127.0.0.1", "port": self.port, "username": whoami(), "host_key": self.host_key,
            "key_file": self.home.path().join("client_key"), "folder": self.folder(), "step_seconds": 20,
        });
        connection.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        serde_json::from_value(json!({ "connections": { "lakeside": connection } })).unwrap()
    }

    pub fn other_key(&self) -> PathBuf {
        self.home.path().join("other_key")
    }
}

fn whoami() -> String {
    String::from_utf8(Command::new("id").arg("-un").output().unwrap().stdout).unwrap().trim().to_owned()
}

impl Drop for Sshd {
    fn drop(&mut self) {
        // It may have ended by itself; there is nothing to do about it either way.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
