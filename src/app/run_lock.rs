//! One run at a time: a relay that takes hours must not have the next one pile up behind it.

use std::{
    fs::{self, File, TryLockError},
    io::ErrorKind,
    path::Path,
};

use anyhow::Context;
use chrono::{DateTime, Utc};

use crate::clock::instant_text;

/// Held by the run of a data folder for as long as it works. The system lets go of it when its process ends, however.
#[derive(Debug)]
pub struct OnlyRun {
    _file: File,
}

/// Another run is at work.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "another run is at work here{}; this one ends and changed nothing. The other one ends by itself: see [delivery] max_run_minutes",
    .since.as_ref().map_or_else(String::new, |since| format!(" since {since}"))
)]
pub struct RunElsewhere {
    /// Since when, where it said so.
    pub since: Option<String>,
}

impl OnlyRun {
    /// Takes the place of the run of this data folder.
    ///
    /// # Errors
    /// [`RunElsewhere`] where another process has it, or the file system refuses.
    pub fn of(data_dir: &Path, now: DateTime<Utc>) -> anyhow::Result<Self> {
        let (lock, since) = (data_dir.join("run.lock"), data_dir.join("run.since"));
        let file = File::options().create(true).truncate(false).write(true).open(&lock).context("opening run.lock")?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                // Who has just begun may not have said so yet.
                let since = fs::read_to_string(since).ok().filter(|text| !text.is_empty());
                return Err(RunElsewhere { since }.into());
            }
            // Some network folders know no locks; there nobody is kept out.
            Err(TryLockError::Error(error)) if error.kind() == ErrorKind::Unsupported => {}
            Err(TryLockError::Error(error)) => return Err(error).context("taking run.lock"),
        }
        fs::write(since, instant_text(now)).context("writing run.since")?;
        Ok(Self { _file: file })
    }
}
