//! True bounces: the mail channel hands to a real Postfix, which cannot deliver and says so by mail.

use std::{
    fs,
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

use earlypost::{
    case::EndpointKind,
    dispatch::{SmtpChannel, StateName},
};
use serde_json::json;

use super::{Answered, KEY, TEMPLATE, return_path};
use crate::{
    channels::clock,
    harness::{MAYA, World},
    smtp_server::{At, Do, Script, Server},
};

const PROGRAM: &str = "/usr/sbin/postfix";
const LEAVE_OUT: &str = "EARLYPOST_TEST_WITHOUT_POSTFIX";

/// A private Postfix on the loopback address that keeps mail for the program's domain and fails all other mail.
struct Postfix {
    home: tempfile::TempDir,
    port: u16,
}

impl Postfix {
    fn start(next: u16) -> Self {
        let home = tempfile::Builder::new().prefix("ep-postfix").tempdir_in("/tmp").unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let at = |name: &str| home.path().join(name);
        for folder in
            ["etc", "etc/postfix-files.d", "etc/dynamicmaps.cf.d", "spool", "data", "mail/new", "mail/cur", "mail/tmp"]
        {
            fs::create_dir_all(at(folder)).unwrap();
        }
        fs::write(at("etc/dynamicmaps.cf"), "").unwrap();
        fs::copy("/etc/postfix/postfix-files", at("etc/postfix-files")).unwrap();
        let dir = home.path().display();
        fs::write(
            at("etc/main.cf"),
            format!(
                "compatibility_level = 3.6\nmyhostname = relay.example.org\nmydomain = example.org\nmynetworks = 127.0.0.0/8\n\
                 inet_interfaces = 127.0.0.1\ninet_protocols = ipv4\nqueue_directory = {dir}/spool\ndata_directory = {dir}/data\n\
                 mail_owner = postfix\nsetgid_group = postdrop\nmaillog_file_prefixes = {dir}\nmaillog_file = {dir}/mail.log\n\
                 recipient_delimiter = +\nlocal_recipient_maps =\nlocal_transport = virtual\nmydestination =\n\
                 virtual_mailbox_domains = earlysteps.example.org\nvirtual_mailbox_base = {dir}\n\
                 virtual_mailbox_maps = static:mail/\nvirtual_uid_maps = static:65534\nvirtual_gid_maps = static:65534\n\
                 default_transport = smtp:[127.0.0.1]:{next}\nrelayhost =\nsmtp_host_lookup = native\n\
                 disable_dns_lookups = yes\nsmtputf8_enable = no\n"
            ),
        )
        .unwrap();
        let mut master = format!("127.0.0.1:{port} inet n - n - - smtpd\n");
        // Name, private, most processes, program: as Postfix itself insists.
        for (name, private, most, program) in [
            ("cleanup", "n", "0", "cleanup"),
            ("bounce", "-", "0", "bounce"),
            ("defer", "-", "0", "bounce"),
            ("trace", "-", "0", "bounce"),
            ("verify", "-", "1", "verify"),
            ("anvil", "-", "1", "anvil"),
            ("scache", "-", "1", "scache"),
            ("tlsmgr", "-", "1", "tlsmgr"),
            ("rewrite", "-", "-", "trivial-rewrite"),
            ("error", "-", "-", "error"),
            ("retry", "-", "-", "error"),
            ("discard", "-", "-", "discard"),
        ] {
            master += &format!("{name} unix {private} - n - {most} {program}\n");
        }
        master += "pickup unix n - n 60 1 pickup\nqmgr unix n - n 300 1 qmgr\nvirtual unix - n n - - virtual\n\
                   proxymap unix - - n - - proxymap\nshowq unix n - n - - showq\nlocal unix - n n - - local\n\
                   smtp unix - - n - - smtp\nrelay unix - - n - - smtp\nflush unix n - n 1000? 0 flush\n\
                   postlog unix-dgram n - n - 1 postlogd\n";
        fs::write(at("etc/master.cf"), master).unwrap();
        // The mail system's own accounts write here.
        let own = |who: &str, what: &str| {
            assert!(Command::new("chown").args(["-R", who]).arg(at(what)).status().unwrap().success());
        };
        own("65534:65534", "mail");
        own("postfix", "data");
        Command::new("chmod").arg("755").arg(home.path()).status().unwrap();
        let postfix = Self { home, port };
        let started = postfix.command("start").output().unwrap();
        assert!(started.status.success(), "{}", String::from_utf8_lossy(&started.stderr));
        postfix.wait("answer", || TcpStream::connect(("127.0.0.1", port)).is_ok());
        postfix
    }

    fn command(&self, verb: &str) -> Command {
        let mut command = Command::new(PROGRAM);
        command.arg("-c").arg(self.home.path().join("etc")).arg(verb).stdin(Stdio::null());
        command
    }

    fn maildir(&self) -> PathBuf {
        self.home.path().join("mail")
    }

    /// Waits for another process; there is nothing else to wait on.
    fn wait(&self, what: &str, done: impl Fn() -> bool) {
        let started = Instant::now();
        while !done() {
            let log = fs::read_to_string(self.home.path().join("mail.log")).unwrap_or_default();
            assert!(started.elapsed() < Duration::from_mins(1), "Postfix does not {what}:\n{log}");
            std::thread::yield_now();
        }
    }
}

impl Drop for Postfix {
    fn drop(&mut self) {
        // It may have ended by itself; there is nothing to do about it either way.
        let _ = self.command("stop").output();
    }
}

#[test]
fn mail_that_a_real_postfix_cannot_deliver_comes_back_and_is_matched() {
    if std::env::var_os(LEAVE_OUT).is_some() {
        crate::harness::skipped("true bounces of Postfix", &format!("{LEAVE_OUT} is set"));
        return;
    }
    assert!(
        Path::new(PROGRAM).exists() && Path::new("/etc/postfix/postfix-files").exists(),
        "{PROGRAM} is missing: install the Debian package `postfix`, or set {LEAVE_OUT} to go without"
    );
    if !runs_as_root() {
        crate::harness::skipped("true bounces of Postfix", "it starts as root only");
        return;
    }
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let refuses = Script::plaintext().always(At::Mail, Do::Reply("550 5.1.1 no such mailbox here"));
    let next = runtime.block_on(Server::start(refuses));
    let postfix = Postfix::start(next.port());
    let settings = json!({
        "host": "127.0.0.1", "port": postfix.port, "security": "plaintext", "hello_name": "ei.example",
        "enforces_tls_onward": true, "return_path": TEMPLATE,
    });
    let channel = SmtpChannel::open(serde_json::from_value(settings).unwrap(), clock()).unwrap().with_return_path(KEY);
    let mut world = World::with(&[MAYA]);
    world.replace_channel(EndpointKind::Email, Arc::new(channel));
    let report = world.run();
    let sent = usize::try_from(report.balance.accepted).unwrap();
    assert!(sent > 2);
    let new = postfix.maildir().join("new");
    postfix.wait("bounce everything", || fs::read_dir(&new).unwrap().count() >= sent);

    let mut answered = Answered::of(world, Some(return_path()));
    // What came back from a wrong address goes to the recipient's next one.
    answered.world.leaves_open(StateName::Queued);
    let settings =
        earlypost::dispatch::email::mailbox::ReceiveSettings { maildir: Some(postfix.maildir()), ..Default::default() };
    answered.receiver = earlypost::pipeline::Receiver::new(&settings, Some(return_path())).unwrap();
    let done = answered.receive();

    assert_eq!(usize::try_from(done.returned).unwrap(), sent, "{done:?}");
    for receipt in answered.receipts() {
        assert_eq!((receipt.says.as_str(), receipt.matched_by.as_deref()), ("failed", Some("return-path")));
        let (_, bytes) = answered
            .world
            .runtime
            .block_on(answered.world.pipeline.store.outcomes().receipt(&receipt.receipt_id))
            .unwrap();
        let text = String::from_utf8_lossy(&bytes);
        assert!(text.contains("Original-Envelope-Id: "), "Postfix repeats the envelope id");
        assert!(!text.contains("application/pdf"), "the papers do not travel back");
    }
    assert!(answered.world.rows(MAYA).iter().filter(|r| r.state == StateName::Returned).count() >= sent);
    answered.world.verify();
}

fn runs_as_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}
