//! A printer, behind a real CUPS.

use std::{
    fs,
    net::{TcpListener, TcpStream},
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use earlypost::dispatch::{
    Channel, IppChannel, IppSettings, Outcome, Parcel, Trace,
    postal::print::{Job, StackTrouble},
};
use serde_json::{Value, json};

use super::{DISPATCH, papers};

const PROGRAM: &str = "/usr/sbin/cupsd";
const LEAVE_OUT: &str = "EARLYPOST_TEST_WITHOUT_CUPS";

/// A private CUPS on the loopback address whose printer is a file, ended when it is dropped.
struct Cups {
    home: tempfile::TempDir,
    child: Child,
    port: u16,
}

fn available() -> bool {
    if std::env::var_os(LEAVE_OUT).is_some() {
        crate::harness::skipped("printing by CUPS", &format!("{LEAVE_OUT} is set"));
        return false;
    }
    assert!(
        Path::new(PROGRAM).exists() && Path::new("/usr/sbin/lpadmin").exists(),
        "{PROGRAM} is missing: install the Debian package `cups`, or set {LEAVE_OUT} to go without"
    );
    let root = fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0);
    if !root {
        assert!(std::env::var_os("CI").is_none(), "CI prints by a real CUPS, and a private one starts as root only");
        crate::harness::skipped("printing by CUPS", "a private one starts as root only");
    }
    root
}

impl Cups {
    fn start() -> Self {
        let home = tempfile::Builder::new().prefix("ep-cups").tempdir_in("/tmp").unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        for folder in ["root/ppd", "cache", "state", "spool/tmp", "log", "out"] {
            fs::create_dir_all(home.path().join(folder)).unwrap();
        }
        let dir = home.path().display();
        let open = "Order allow,deny\nAllow from 127.0.0.1\n";
        fs::write(
            home.path().join("cupsd.conf"),
            format!(
                "Listen 127.0.0.1:{port}\nBrowsing No\nLogLevel info\nDefaultAuthType None\nWebInterface No\n\
                 PreserveJobFiles No\n<Location />\n{open}</Location>\n<Location /admin>\n{open}</Location>\n\
                 <Policy default>\n<Limit All>\n{open}</Limit>\n</Policy>\n"
            ),
        )
        .unwrap();
        fs::write(
            home.path().join("cups-files.conf"),
            format!(
                "ServerRoot {dir}/root\nCacheDir {dir}/cache\nStateDir {dir}/state\nRequestRoot {dir}/spool\n\
                 TempDir {dir}/spool/tmp\nAccessLog {dir}/log/access\nErrorLog {dir}/log/error\nPageLog {dir}/log/page\n\
                 ServerBin /usr/lib/cups\nDataDir /usr/share/cups\nDocumentRoot /usr/share/cups/doc-root\nFileDevice Yes\n\
                 SystemGroup root\n"
            ),
        )
        .unwrap();
        Command::new("chmod").arg("755").arg(home.path()).status().unwrap();
        let child = Command::new(PROGRAM)
            .args(["-f", "-c"])
            .arg(home.path().join("cupsd.conf"))
            .arg("-s")
            .arg(home.path().join("cups-files.conf"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut cups = Self { home, child, port };
        let started = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(cups.child.try_wait().unwrap().is_none(), "cupsd ended at once:\n{}", cups.log());
            assert!(started.elapsed() < Duration::from_mins(1), "cupsd does not answer:\n{}", cups.log());
            std::thread::yield_now();
        }
        let device = format!("file:{}", cups.paper().display());
        cups.admin("/usr/sbin/lpadmin", &["-p", "letters", "-E", "-v", &device, "-m", "raw"]);
        cups
    }

    fn log(&self) -> String {
        fs::read_to_string(self.home.path().join("log/error")).unwrap_or_default()
    }

    /// What came out of the printer last.
    fn paper(&self) -> PathBuf {
        self.home.path().join("out/last.prn")
    }

    fn admin(&self, program: &str, arguments: &[&str]) {
        let server = format!("127.0.0.1:{}", self.port);
        let output = Command::new(program).arg("-h").arg(server).args(arguments).output().unwrap();
        assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    }

    fn settings(&self, changes: &Value) -> IppSettings {
        let mut members =
            json!({ "uri": format!("ipp://127.0.0.1:{}/printers/letters", self.port), "step_seconds": 20 });
        members.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        serde_json::from_value(members).unwrap()
    }

    async fn prints(&self, changes: &Value) -> Outcome {
        IppChannel::open(self.settings(changes)).unwrap().deliver(&parcel()).await
    }

    /// Jobs that wait or run.
    fn jobs(&self) -> String {
        let output = Command::new("lpstat").args(["-h", &format!("127.0.0.1:{}", self.port), "-o"]).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    }
}

impl Drop for Cups {
    fn drop(&mut self) {
        // It may have ended by itself; there is nothing to do about it either way.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn parcel() -> Parcel {
    let case = crate::gate::mother();
    Parcel::new(DISPATCH.to_owned(), case.permission(), papers(&case), None, case.templates.clone(), case.now).unwrap()
}

#[tokio::test]
async fn a_letter_is_one_job_and_counts_as_printed_when_the_printer_says_so() {
    if !available() {
        return;
    }
    let cups = Cups::start();
    let outcome = cups.prints(&json!({ "staple": true })).await;
    let Outcome::Printed(evidence) = &outcome else { panic!("{outcome:?}\n{}", cups.log()) };
    assert!(evidence.reply.starts_with("job 1 is completed"), "{}", evidence.reply);
    let says = &evidence.reply;
    assert!(says.contains("the printer cannot do staples"), "{says}");
    let came_out = fs::read(cups.paper()).unwrap();
    let last = parcel().papers().last().unwrap().pdf.to_vec();
    assert!(came_out.ends_with(&last), "{} bytes came out", came_out.len());
    assert_eq!(cups.jobs(), "", "nothing is left in the queue");
    let channel = IppChannel::open(cups.settings(&json!({}))).unwrap();
    let Trace::Found(found) = channel.look_for(DISPATCH).await else { panic!("its list of completed jobs names it") };
    assert_eq!(found.reply, "job 1 is completed");
    let nobodys = "0199f2b1-7c00-7000-8000-0000000009ff";
    assert_eq!(channel.look_for(nobodys).await, Trace::CannotTell, "paper cannot be looked into");
    assert_eq!(channel.look().await.unwrap(), "takes jobs");
}

#[tokio::test]
async fn a_printer_that_stands_still_takes_nothing_and_a_held_job_is_cancelled() {
    if !available() {
        return;
    }
    let cups = Cups::start();
    cups.admin("/usr/sbin/lpadmin", &["-p", "letters", "-o", "job-hold-until-default=indefinite"]);
    let held = cups.prints(&json!({ "wait_seconds": 1 })).await;
    assert!(matches!(held, Outcome::Transient(_)), "{held:?}");
    assert!(held.evidence().reply.contains("was cancelled"), "{}", held.evidence().reply);
    assert_eq!(cups.jobs(), "", "a cancelled job does not come out tomorrow");
    let channel = IppChannel::open(cups.settings(&json!({}))).unwrap();
    assert_eq!(channel.look_for(DISPATCH).await, Trace::Absent, "nothing came out");

    cups.admin("/usr/sbin/cupsdisable", &["letters"]);
    let stopped = cups.prints(&json!({})).await;
    assert!(matches!(stopped, Outcome::Transient(_)), "{stopped:?}");
    assert!(stopped.evidence().reply.contains("takes no jobs now"), "{}", stopped.evidence().reply);
    assert!(!stopped.bytes_may_have_left());
    let looked = IppChannel::open(cups.settings(&json!({}))).unwrap().look().await;
    assert!(looked.unwrap_err().contains("takes no jobs now"));
}

#[tokio::test]
async fn an_unknown_queue_is_a_wrong_setting_and_a_printer_that_is_away_is_not() {
    if !available() {
        return;
    }
    let cups = Cups::start();
    let nowhere = json!({ "uri": format!("ipp://127.0.0.1:{}/printers/nowhere", cups.port) });
    assert!(matches!(cups.prints(&nowhere).await, Outcome::Misconfigured(_)));
    let settings = cups.settings(&json!({}));
    drop(cups);
    let away = IppChannel::open(settings).unwrap().deliver(&parcel()).await;
    assert!(matches!(away, Outcome::Transient(_)), "{away:?}");
}

#[tokio::test]
async fn a_batch_goes_by_ipp_as_a_job_a_letter_and_goes_on_where_it_stopped() {
    if !available() {
        return;
    }
    let cups = Cups::start();
    let (_folder, stack) = crate::channels::print::three_letters().await;
    let printer = IppChannel::open(cups.settings(&json!({}))).unwrap();
    let pulled = [stack.letters[1].dispatch_id.clone()].into();
    let print = async |pulled| {
        let jobs = stack.print(&printer, 1, pulled, &|_, _| {}).await.unwrap();
        jobs.into_iter().map(|(_, job)| job).collect::<Vec<_>>()
    };

    cups.admin("/usr/sbin/cupsdisable", &["letters"]);
    let stopped = print(&pulled).await;
    assert!(
        matches!(&stopped[..], [Job::Stopped(StackTrouble::Printer(says))] if says.contains("takes no jobs now")),
        "{stopped:?}"
    );

    cups.admin("/usr/sbin/cupsenable", &["letters"]);
    let jobs = print(&pulled).await;
    let [Job::Printed(first), Job::Pulled, Job::Printed(last)] = &jobs[..] else { panic!("{jobs:?}\n{}", cups.log()) };
    assert!(first.starts_with("job 1 is completed") && last.starts_with("job 2 is completed"), "{jobs:?}");
    assert_eq!(cups.jobs(), "", "nothing is left in the queue");
    assert_eq!(print(&pulled).await, [Job::Before, Job::Pulled, Job::Before]);
}

#[test]
fn letters_do_not_cross_the_network_in_clear() {
    let check = |uri: &str| serde_json::from_value::<IppSettings>(json!({ "uri": uri })).unwrap().check();
    assert!(check("ipp://printer.example.org/ipp/print")[0].contains("needs ipps://"));
    assert!(check("ipps://printer.example.org/ipp/print").is_empty());
    assert!(check("ipp://localhost:631/printers/letters").is_empty());
    assert!(!check("lpd://printer.example.org").is_empty());
}
