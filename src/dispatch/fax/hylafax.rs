//! `HylaFAX`: `sendfax` queues the pages, `faxstat` says what became of them.

use std::{
    fs, io,
    path::{Path, PathBuf},
    process::{Output, Stdio},
    time::{Duration, Instant},
};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::process::Command;

use super::dialled;
use crate::{
    case::Address,
    dispatch::{
        channel::{Answer, Channel, Trace},
        outcome::{Evidence, Outcome},
        parcel::Parcel,
    },
    files::{on_disk, write_whole},
};

/// A `HylaFAX` server, by its own programs on this machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HylafaxSettings {
    /// Name or address of the server.
    #[serde(default = "localhost")]
    pub host: String,
    /// The program that queues a fax.
    #[serde(default = "sendfax")]
    pub sendfax: PathBuf,
    /// The program that tells what became of it.
    #[serde(default = "faxstat")]
    pub faxstat: PathBuf,
    /// The sender that the server knows.
    #[serde(default = "sender")]
    pub sender: String,
    /// Hours for which the server tries, 1 to 24.
    #[serde(default = "four_hours")]
    #[schemars(range(min = 1, max = 24))]
    pub try_for_hours: u32,
    /// Hours after which a fax without an answer becomes a task, 1 to 168.
    #[serde(default = "six_hours")]
    #[schemars(range(min = 1, max = 168))]
    pub confirm_within_hours: u32,
    /// Seconds that one of the programs may take.
    #[serde(default = "a_minute")]
    #[schemars(range(min = 1))]
    pub step_seconds: u64,
}

fn localhost() -> String {
    "localhost".to_owned()
}

fn sendfax() -> PathBuf {
    "/usr/bin/sendfax".into()
}

fn faxstat() -> PathBuf {
    "/usr/bin/faxstat".into()
}

fn sender() -> String {
    "earlypost".to_owned()
}

fn four_hours() -> u32 {
    4
}

fn six_hours() -> u32 {
    6
}

fn a_minute() -> u64 {
    60
}

impl HylafaxSettings {
    /// Everything that is wrong with the settings by themselves, one sentence a fault.
    #[must_use]
    pub fn check(&self) -> Vec<String> {
        let word =
            |text: &str| !text.is_empty() && !text.starts_with('-') && text.bytes().all(|b| b.is_ascii_graphic());
        [
            (!word(&self.host), "host: must be the name or the address of the server"),
            (!word(&self.sender), "sender: must be one word that does not begin with a hyphen"),
            (!self.sendfax.is_file(), "sendfax: there is no such program; install the package hylafax-client"),
            (!self.faxstat.is_file(), "faxstat: there is no such program; install the package hylafax-client"),
            (self.step_seconds == 0, "step_seconds: must be at least 1"),
        ]
        .into_iter()
        .filter(|(wrong, _)| *wrong)
        .map(|(_, says)| says.to_owned())
        .collect()
    }
}

/// What became of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobState {
    /// It went through.
    Done,
    /// The server gave up.
    Failed,
    /// It waits, or runs.
    Waiting,
}

/// The server's two programs.
#[derive(Debug, Clone)]
pub struct Hylafax {
    settings: HylafaxSettings,
}

impl Hylafax {
    /// A server after these settings.
    #[must_use]
    pub fn new(settings: HylafaxSettings) -> Self {
        Self { settings }
    }

    /// Hours after which a fax without an answer becomes a task.
    #[must_use]
    pub fn confirm_within_hours(&self) -> u32 {
        self.settings.confirm_within_hours
    }

    async fn run(&self, program: &Path, arguments: &[&std::ffi::OsStr]) -> io::Result<Output> {
        let running = Command::new(program)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .output();
        match tokio::time::timeout(Duration::from_secs(self.settings.step_seconds), running).await {
            Ok(output) => output,
            Err(_) => Err(io::ErrorKind::TimedOut.into()),
        }
    }

    /// What the server tells of its jobs, those that are done included.
    ///
    /// # Errors
    /// Why it tells nothing, in words.
    pub async fn jobs(&self) -> Result<Jobs, String> {
        let host = self.settings.host.as_ref();
        let arguments: [&std::ffi::OsStr; 4] = ["-h".as_ref(), host, "-s".as_ref(), "-d".as_ref()];
        match self.run(&self.settings.faxstat, &arguments).await {
            // `faxstat` may end well though it reached nobody. A server that answers says at least that it runs.
            Ok(output) if output.status.success() && !output.stdout.trim_ascii().is_empty() => {
                Ok(Jobs(String::from_utf8_lossy(&output.stdout).into_owned()))
            }
            Ok(output) => Err(format!(
                "the fax server at {} does not answer: {}",
                self.settings.host,
                String::from_utf8_lossy(&output.stderr).trim()
            )),
            Err(error) => Err(format!("faxstat could not be used ({})", error.kind())),
        }
    }
}

/// The server's list of jobs.
#[derive(Debug, Clone)]
pub struct Jobs(String);

impl Jobs {
    /// What became of a job; `None` where the server does not know it any more.
    #[must_use]
    pub fn state_of(&self, job: u64) -> Option<(JobState, String)> {
        self.0.lines().find_map(|line| job_line(line, job))
    }
}

/// `27   127 D    7 earlypost 17575550140   5:5   1:12` : job, priority, state, and what is known.
fn job_line(line: &str, job: u64) -> Option<(JobState, String)> {
    let mut words = line.split_ascii_whitespace();
    if words.next()?.parse() != Ok(job) {
        return None;
    }
    // A priority that was changed may stand against its neighbour.
    let state = words.find(|word| word.len() == 1 && word.chars().all(|c| c.is_ascii_alphabetic() || c == '?'))?;
    let state = match state {
        "D" => JobState::Done,
        "F" => JobState::Failed,
        _ => JobState::Waiting,
    };
    Some((state, line.split_ascii_whitespace().collect::<Vec<_>>().join(" ")))
}

/// The number of the job in an answer of `sendfax`: `request id is 27 (group id 27) for host localhost (2 files)`.
#[must_use]
pub(crate) fn job_of(reply: &str) -> Option<u64> {
    reply.split("request id is ").nth(1)?.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// Hands faxes to a `HylaFAX` server.
#[derive(Debug)]
pub struct HylafaxChannel {
    server: Hylafax,
    folder: PathBuf,
}

/// Pages on disk for as long as `sendfax` reads them.
struct Pages(PathBuf);

impl Drop for Pages {
    fn drop(&mut self) {
        // What cannot be removed now is removed with the next fax of the same dispatch.
        let _ = fs::remove_dir_all(&self.0);
    }
}

impl HylafaxChannel {
    /// A channel over a server. Pages lie in `folder` while the server's program reads them.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn open(settings: HylafaxSettings, folder: PathBuf) -> io::Result<Self> {
        fs::create_dir_all(&folder)?;
        Ok(Self { server: Hylafax::new(settings), folder })
    }

    async fn deliver_now(&self, parcel: &Parcel) -> Outcome {
        let started = Instant::now();
        let Address::Fax { number } = parcel.address() else {
            return Outcome::Misconfigured(Evidence::of("the fax channel takes fax numbers only"));
        };
        let Some(cover) = parcel.cover() else {
            return Outcome::Misconfigured(Evidence::of("not sent: a fax needs its cover sheet"));
        };
        let Some(digits) = dialled(number.as_str()) else {
            return Outcome::Permanent(Evidence::of(
                "not sent: the fax number is no North American number; correct it",
            ));
        };
        let (folder, parts, cover) = (self.folder.clone(), parcel.clone(), cover.to_owned());
        let (pages, files) = match on_disk(move || lay_out(&folder, &parts, &cover)).await {
            Ok(laid) => laid,
            Err(error) => return Outcome::Misconfigured(Evidence::of(crate::dispatch::folder::refused(&error))),
        };
        let outcome = self.send(parcel, &digits, &files).await;
        drop(pages);
        let evidence = |says: String| Evidence {
            peer: Some(self.server.settings.host.clone()),
            ..Evidence::of(says).took(started.elapsed())
        };
        match outcome {
            Ok(output) => self.told(&output, evidence),
            Err(error) if error.kind() == io::ErrorKind::TimedOut => Outcome::Unknown(evidence(
                "sendfax did not end in time; look with faxstat whether it queued the fax".to_owned(),
            )),
            Err(error) => Outcome::Misconfigured(evidence(format!("sendfax could not be started ({})", error.kind()))),
        }
    }

    fn told(&self, output: &Output, evidence: impl Fn(String) -> Evidence) -> Outcome {
        let said = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        if output.status.success() && job_of(&said).is_some() {
            return Outcome::Accepted(evidence(said));
        }
        let why = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        if output.status.success() {
            // It ended well and named no job: the pages may be queued.
            return Outcome::Unknown(evidence(format!("sendfax named no job: {said}")));
        }
        Outcome::Transient(evidence(format!("sendfax refused on {}: {why}", self.server.settings.host)))
    }

    async fn send(&self, parcel: &Parcel, digits: &str, files: &[PathBuf]) -> io::Result<Output> {
        let settings = &self.server.settings;
        let until = format!("now + {} hours", settings.try_for_hours);
        // -n: no cover page of HylaFAX's own; -i: the job's tag; -f: the sender; -k: when it gives up; -d: the number.
        let words = [
            "-h",
            &settings.host,
            "-n",
            "-i",
            parcel.dispatch_id(),
            "-f",
            &settings.sender,
            "-k",
            &until,
            "-d",
            digits,
        ];
        let mut arguments: Vec<&std::ffi::OsStr> = words.iter().map(std::convert::AsRef::as_ref).collect();
        arguments.extend(files.iter().map(|file| file.as_os_str()));
        self.server.run(&settings.sendfax, &arguments).await
    }
}

/// The pages as files, which go again when `sendfax` has read them.
fn lay_out(folder: &Path, parcel: &Parcel, cover: &[u8]) -> io::Result<(Pages, Vec<PathBuf>)> {
    let pages = Pages(folder.join(parcel.dispatch_id()));
    fs::create_dir_all(&pages.0)?;
    let mut files = vec![pages.0.join("0-cover.pdf")];
    write_whole(&files[0], cover)?;
    for (i, paper) in parcel.papers().iter().enumerate() {
        let file = pages.0.join(format!("{}-{}.pdf", i + 1, paper.document));
        write_whole(&file, &paper.pdf)?;
        files.push(file);
    }
    Ok((pages, files))
}

impl Channel for HylafaxChannel {
    fn name(&self) -> &'static str {
        "fax"
    }

    fn takes_messages(&self) -> bool {
        false
    }

    fn needs_cover(&self) -> bool {
        true
    }

    fn leaves_this_machine(&self) -> bool {
        true
    }

    fn deliver<'a>(&'a self, parcel: &'a Parcel) -> Answer<'a, Outcome> {
        Box::pin(self.deliver_now(parcel))
    }

    fn look(&self) -> Answer<'_, Result<String, String>> {
        Box::pin(async {
            self.server.jobs().await.map(|_| format!("the fax server at {} answers", self.server.settings.host))
        })
    }

    fn look_for<'a>(&'a self, _: &'a str) -> Answer<'a, Trace> {
        Box::pin(async { Trace::CannotTell })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_job_is_read_from_the_answer_and_its_state_from_the_list() {
        assert_eq!(job_of("request id is 27 (group id 27) for host localhost (2 files)"), Some(27));
        assert_eq!(job_of("Can not reach server"), None);
        let done = "27   127 D    root 17575550140    5:5   1:12";
        assert_eq!(job_line(done, 27).map(|(state, _)| state), Some(JobState::Done));
        assert_eq!(job_line(done, 2), None);
        let busy = "28   124 F    root 17575550141    0:5   3:3         Busy signal detected";
        assert_eq!(job_line(busy, 28).map(|(state, _)| state), Some(JobState::Failed));
        assert_eq!(job_line("29 127 S root 17575550142 0:5 1:12", 29).map(|(s, _)| s), Some(JobState::Waiting));
        assert_eq!(job_line("JID  Pri S  Owner Number       Pages Dials     TTS Status", 27), None);
    }
}
