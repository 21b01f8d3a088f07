//! Answers by IMAP, from a real Dovecot over TLS.

use std::{
    fs,
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use earlypost::{
    dispatch::email::mailbox::{Imap, ImapSettings, ReceiveSettings},
    pipeline::Receiver,
};
use serde_json::json;

use super::{Answered, message_id, postfix_notice, return_path};

const PROGRAM: &str = "/usr/sbin/dovecot";
const LEAVE_OUT: &str = "EARLYPOST_TEST_WITHOUT_DOVECOT";

/// A private Dovecot on the loopback address, ended when it is dropped.
struct Dovecot {
    home: tempfile::TempDir,
    child: Child,
    port: u16,
}

impl Dovecot {
    fn start() -> Self {
        let home = tempfile::Builder::new().prefix("ep-dovecot").tempdir_in("/tmp").unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        for folder in ["mail/new", "mail/cur", "mail/tmp"] {
            fs::create_dir_all(home.path().join(folder)).unwrap();
        }
        let key = rcgen::KeyPair::generate().unwrap();
        let certificate =
            rcgen::CertificateParams::new(vec!["localhost".to_owned()]).unwrap().self_signed(&key).unwrap();
        fs::write(home.path().join("cert.pem"), certificate.pem()).unwrap();
        fs::write(home.path().join("key.pem"), key.serialize_pem()).unwrap();
        fs::write(home.path().join("password"), "synthetic\n").unwrap();
        let dir = home.path().display();
        fs::write(
            home.path().join("dovecot.conf"),
            format!(
                "base_dir = {dir}/run\nstate_dir = {dir}/state\nlog_path = {dir}/log\nprotocols = imap\nlisten = 127.0.0.1\n\
                 ssl = required\nssl_cert = <{dir}/cert.pem\nssl_key = <{dir}/key.pem\ndefault_login_user = dovenull\n\
                 default_internal_user = dovecot\nservice imap-login {{\n chroot =\n inet_listener imap {{\n port = 0\n }}\n \
                 inet_listener imaps {{\n address = 127.0.0.1\n port = {port}\n ssl = yes\n }}\n}}\nmail_location = maildir:{dir}/mail\n\
                 passdb {{\n driver = static\n args = password=synthetic\n}}\nuserdb {{\n driver = static\n args = uid=nobody \
                 gid=nogroup home={dir}/mail\n}}\nfirst_valid_uid = 1\nfirst_valid_gid = 1\n"
            ),
        )
        .unwrap();
        assert!(Command::new("chmod").args(["755"]).arg(home.path()).status().unwrap().success());
        let child = Command::new(PROGRAM)
            .args(["-F", "-c"])
            .arg(home.path().join("dovecot.conf"))
            .stdin(Stdio::null())
            .spawn()
            .unwrap();
        let mut dovecot = Self { home, child, port };
        dovecot.own_the_mail();
        let started = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(dovecot.child.try_wait().unwrap().is_none(), "dovecot ended at once:\n{}", dovecot.log());
            assert!(started.elapsed() < Duration::from_secs(30), "dovecot does not answer:\n{}", dovecot.log());
            std::thread::yield_now();
        }
        dovecot
    }

    fn log(&self) -> String {
        fs::read_to_string(self.home.path().join("log")).unwrap_or_default()
    }

    fn own_the_mail(&self) {
        let mail = self.home.path().join("mail");
        assert!(Command::new("chown").args(["-R", "nobody:nogroup"]).arg(mail).status().unwrap().success());
    }

    fn comes(&self, name: &str, bytes: &[u8]) {
        fs::write(self.home.path().join("mail/new").join(name), bytes).unwrap();
        self.own_the_mail();
    }

    fn settings(&self, host: &str, password: &str) -> ImapSettings {
        let file = self.home.path().join(password);
        serde_json::from_value(json!({
            "host": host, "port": self.port, "ca_file": self.home.path().join("cert.pem"), "username": "bounces",
            "password_file": file,
        }))
        .unwrap()
    }
}

impl Drop for Dovecot {
    fn drop(&mut self) {
        // It may have ended by itself; there is nothing to do about it either way.
        let _ = Command::new("kill").arg(self.child.id().to_string()).status();
        let _ = self.child.wait();
    }
}

fn available() -> bool {
    use std::os::unix::fs::MetadataExt;
    if std::env::var_os(LEAVE_OUT).is_some() {
        crate::harness::skipped("answers by IMAP from Dovecot", &format!("{LEAVE_OUT} is set"));
        return false;
    }
    assert!(
        Path::new(PROGRAM).exists(),
        "{PROGRAM} is missing: install the Debian package `dovecot-imapd`, or set {LEAVE_OUT} to go without"
    );
    let root = fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0);
    if !root {
        crate::harness::skipped("answers by IMAP from Dovecot", "it starts as root only");
    }
    root
}

#[test]
fn answers_are_read_once_over_tls_and_a_renumbered_mailbox_is_read_anew() {
    if !available() {
        return;
    }
    let dovecot = Dovecot::start();
    let mut answered = Answered::new();
    answered.world.run();
    let row = answered.physician();
    let settings =
        ReceiveSettings { imap: Some(dovecot.settings("localhost", "password")), ..ReceiveSettings::default() };
    answered.receiver = Receiver::new(&settings, Some(return_path())).unwrap();
    dovecot.comes("1.a", &postfix_notice(&answered.address(&row), None, &message_id(&row), "delayed", "4.4.7"));
    dovecot.comes("2.b", b"From: a@example.org\r\nTo: papers@earlysteps.example.org\r\n\r\nhello\r\n");

    let done = answered.receive();
    assert_eq!((done.messages, done.noted, done.for_a_person), (2, 1, 1));
    assert_eq!(answered.receive().messages, 0, "what was read is not read again");

    dovecot.comes("3.c", &postfix_notice(&answered.address(&row), None, &message_id(&row), "failed", "5.1.1"));
    let done = answered.receive();
    assert_eq!((done.messages, done.returned), (1, 1));

    // Another numbering: everything is read anew, and nothing happens twice.
    let name = dovecot.settings("localhost", "password").name();
    answered.world.runtime.block_on(answered.world.pipeline.store.outcomes().set_mailbox_mark(&name, 1, 3)).unwrap();
    let done = answered.receive();
    assert_eq!((done.messages, done.known), (3, 3));
    let seen = fs::read_dir(dovecot.home.path().join("mail/cur")).unwrap();
    assert!(seen.map(|e| e.unwrap().file_name().into_string().unwrap()).all(|name| name.ends_with('S')));
}

#[test]
fn a_wrong_name_in_the_certificate_or_a_wrong_password_is_said_and_nothing_is_read() {
    if !available() {
        return;
    }
    let dovecot = Dovecot::start();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let other_name = Imap::new(dovecot.settings("127.0.0.1", "password")).unwrap();
    let says = runtime.block_on(other_name.open()).unwrap_err().to_string();
    assert!(says.contains("TLS failed"), "{says}");
    fs::write(dovecot.home.path().join("wrong"), "not it").unwrap();
    let other_password = Imap::new(dovecot.settings("localhost", "wrong")).unwrap();
    let says = runtime.block_on(other_password.open()).unwrap_err().to_string();
    assert!(says.starts_with("the mailbox refused (login)"), "{says}");
    assert!(!says.contains("not it"));
}
