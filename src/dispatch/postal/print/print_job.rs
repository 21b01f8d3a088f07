//! A batch on its way to a printer: one job a letter, in the order of the stack, each looked at before it goes.

use std::{
    collections::BTreeSet,
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

use sha2::{Digest, Sha256};

use super::{Letter, letters_in};
use crate::{
    dispatch::{Answer, Outcome},
    files::{flush, on_disk},
    hint::{Field, Hint},
};

/// A printer that takes one file a job: two families' letters never lie in one.
pub trait Printer: Send + Sync {
    /// Prints a file under the name of its dispatch, and tells what became of it.
    fn print<'a>(&'a self, job: &'a str, pdf: Arc<[u8]>) -> Answer<'a, Outcome>;
}

/// A batch in the print folder.
#[derive(Debug, Clone)]
pub struct Stack {
    pub batch: String,
    folder: PathBuf,
    /// Its letters, in order.
    pub letters: Vec<Letter>,
}

/// What became of one letter of a stack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Job {
    /// The printer has it.
    Printed(String),
    /// It had been printed before.
    Before,
    /// It is on the pull list and may not be mailed.
    Pulled,
    /// It did not go, and nothing after it.
    Stopped(StackTrouble),
}

/// Why a stack stopped at a letter.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StackTrouble {
    /// The file is not there.
    #[error("its file is missing; print it again with {letter}", letter = Hint::PrintLetter { dispatch: None })]
    Missing,
    /// The file is not the one that was made.
    #[error(
        "its file is not the one that was made; print it again with {letter}",
        letter = Hint::PrintLetter { dispatch: None }
    )]
    Changed,
    /// The printer did not take it.
    #[error("{0}")]
    Printer(String),
    /// Nobody knows whether it is on paper.
    #[error("{0}; look whether it is on paper, then go on with {from}", from = Field::From)]
    NobodyKnows(String),
}

const DONE: &str = "printed.csv";

/// The batches of a print folder, in order of name. A folder that is none is passed over.
///
/// # Errors
/// When the folder cannot be read.
pub fn batches(folder: &Path) -> io::Result<Vec<Stack>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
        if let Some(letters) = letters_in(&path)? {
            found.push(Stack { batch: name.to_owned(), folder: path.clone(), letters });
        }
    }
    found.sort_by(|a, b| a.batch.cmp(&b.batch));
    Ok(found)
}

impl Stack {
    /// The file of a letter, if it is the one that was made.
    ///
    /// # Errors
    /// When it is missing or was changed.
    pub fn read(&self, letter: &Letter) -> Result<Vec<u8>, StackTrouble> {
        let pdf = fs::read(self.folder.join(letter.file())).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => StackTrouble::Missing,
            kind => StackTrouble::Printer(format!("its file cannot be read ({kind})")),
        })?;
        if hex::encode(Sha256::digest(&pdf)) == letter.sha256 { Ok(pdf) } else { Err(StackTrouble::Changed) }
    }

    /// The places that a printer has had.
    ///
    /// # Errors
    /// When the list of them is there and cannot be read: nobody may take that for a stack of which nothing is printed.
    pub fn done(&self) -> io::Result<BTreeSet<u32>> {
        let text = match fs::read_to_string(self.folder.join(DONE)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            read => read?,
        };
        Ok(text.lines().filter_map(|line| line.split(',').next()?.parse().ok()).collect())
    }

    /// Sends the letters from this place on, each as a job of its own, and stops at the first that does not go: a stack
    /// with a gap goes into the wrong envelopes. What a printer has had before and what is on the pull list is left out.
    ///
    /// # Errors
    /// When the list of what was printed cannot be kept.
    pub async fn print(
        &self,
        printer: &dyn Printer,
        from: u32,
        pulled: &BTreeSet<String>,
        tell: &(dyn Fn(&Letter, &Job) + Sync),
    ) -> io::Result<Vec<(Letter, Job)>> {
        let done = self.done()?;
        let mut jobs = Vec::new();
        for letter in self.letters.iter().filter(|letter| letter.place >= from) {
            let job = if done.contains(&letter.place) {
                Job::Before
            } else if pulled.contains(&letter.dispatch_id) {
                Job::Pulled
            } else {
                self.one(printer, letter).await?
            };
            tell(letter, &job);
            let stopped = matches!(job, Job::Stopped(_));
            jobs.push((letter.clone(), job));
            if stopped {
                break;
            }
        }
        Ok(jobs)
    }

    async fn one(&self, printer: &dyn Printer, letter: &Letter) -> io::Result<Job> {
        let pdf = match self.read(letter) {
            Ok(pdf) => pdf,
            Err(trouble) => return Ok(Job::Stopped(trouble)),
        };
        let outcome = printer.print(&letter.dispatch_id, pdf.into()).await;
        let reply = outcome.evidence().reply.clone();
        Ok(match outcome {
            Outcome::Printed(_) | Outcome::Accepted(_) => {
                let (done, line) = (self.folder.join(DONE), format!("{},{}\n", letter.place, letter.dispatch_id));
                on_disk(move || keep(&done, &line)).await?;
                Job::Printed(reply)
            }
            Outcome::Unknown(_) => Job::Stopped(StackTrouble::NobodyKnows(reply)),
            _ => Job::Stopped(StackTrouble::Printer(reply)),
        })
    }
}

/// Adds a line to the list of what a printer has had.
fn keep(done: &Path, line: &str) -> io::Result<()> {
    let mut file = fs::OpenOptions::new().create(true).append(true).open(done)?;
    file.write_all(line.as_bytes())?;
    flush(&file)
}
