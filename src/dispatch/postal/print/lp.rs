//! A printer by its CUPS queue, through the program `lp`.

use std::{
    io,
    process::{Output, Stdio},
    sync::Arc,
    time::Duration,
};

use tokio::{io::AsyncWriteExt, process::Command};

use super::Printer;
use crate::dispatch::{Answer, Evidence, Outcome};

/// Longer than this nobody waits for a spooler.
const WAIT: Duration = Duration::from_mins(1);

/// A queue of CUPS.
#[derive(Debug, Clone)]
pub struct LpPrinter {
    program: String,
    queue: String,
    both_sides: bool,
}

impl LpPrinter {
    /// The queue of this name, as `lpstat -p` shows it.
    #[must_use]
    pub fn new(queue: String, both_sides: bool) -> Self {
        Self { program: "lp".to_owned(), queue, both_sides }
    }

    /// The same with another program in place of `lp`.
    #[must_use]
    pub fn by_program(self, program: String) -> Self {
        Self { program, ..self }
    }

    /// The letter goes through a pipe: no copy of it is left on the disk.
    async fn run(&self, job: &str, pdf: &[u8]) -> io::Result<Output> {
        let sides = if self.both_sides { "sides=two-sided-long-edge" } else { "sides=one-sided" };
        let mut process = Command::new(&self.program)
            .args(["-d", &self.queue, "-t", job, "-o", "media=Letter", "-o", sides])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        if let Some(mut input) = process.stdin.take() {
            // A spooler that takes no more says why by its exit code.
            drop(input.write_all(pdf).await);
        }
        process.wait_with_output().await
    }

    async fn print_now(&self, job: &str, pdf: &[u8]) -> Outcome {
        let run = self.run(job, pdf);
        match tokio::time::timeout(WAIT, run).await {
            Err(_) => Outcome::Unknown(Evidence::of("the spooler did not answer")),
            Ok(Err(_)) => Outcome::Misconfigured(Evidence::of(format!(
                "the program {} cannot be run; install the CUPS client",
                self.program
            ))),
            Ok(Ok(output)) => {
                let said = if output.status.success() { &output.stdout } else { &output.stderr };
                let said =
                    String::from_utf8_lossy(said).lines().next().unwrap_or("the spooler said nothing").to_owned();
                if output.status.success() {
                    Outcome::Printed(Evidence::of(said))
                } else {
                    Outcome::Transient(Evidence::of(said))
                }
            }
        }
    }
}

impl Printer for LpPrinter {
    fn print<'a>(&'a self, job: &'a str, pdf: Arc<[u8]>) -> Answer<'a, Outcome> {
        Box::pin(async move { self.print_now(job, &pdf).await })
    }
}
