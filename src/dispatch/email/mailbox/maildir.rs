//! A Maildir: each message a file, `new` until it is taken, then `cur`. Nothing is deleted.

use std::{
    fs, io,
    io::Read,
    path::{Path, PathBuf},
};

use super::MailboxError;
use crate::files::{NotRead, open_plain};

#[derive(Debug, Clone)]
pub struct Maildir {
    folder: PathBuf,
}

impl Maildir {
    /// A Maildir in a folder. Nothing is looked at yet.
    #[must_use]
    pub fn at(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Files of messages that were not taken yet, oldest first: their names begin with the second of their arrival.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn waiting(&self) -> Result<Vec<PathBuf>, MailboxError> {
        let read = |error: io::Error| MailboxError::Folder { doing: "read", kind: error.kind() };
        let mut found = Vec::new();
        for entry in fs::read_dir(self.folder.join("new")).map_err(read)? {
            let entry = entry.map_err(read)?;
            let hidden = entry.file_name().to_string_lossy().starts_with('.');
            // The folder itself tells what it holds: a message that may not be looked at is waiting all the same.
            let kind = entry.file_type().map_err(read)?;
            // A pipe or a device is no message, and would never end.
            if (kind.is_file() || kind.is_symlink()) && !hidden {
                found.push(entry.path());
            }
        }
        found.sort();
        Ok(found)
    }

    /// The message in a file.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn read(&self, file: &Path) -> Result<Vec<u8>, MailboxError> {
        let read = |error: NotRead| {
            let kind = if let NotRead::Refused(kind) = error { kind } else { io::ErrorKind::InvalidInput };
            MailboxError::Folder { doing: "read", kind }
        };
        let mut bytes = Vec::new();
        open_plain(file).map_err(read)?.read_to_end(&mut bytes).map_err(|error| read(error.into()))?;
        Ok(bytes)
    }

    /// Marks a message as taken, after it is kept: it moves to `cur` with the mark of a message that was seen.
    ///
    /// # Errors
    /// When the file cannot be moved.
    pub fn taken(&self, file: &Path) -> Result<(), MailboxError> {
        let written = |error: io::Error| MailboxError::Folder { doing: "written", kind: error.kind() };
        let name = file.file_name().ok_or_else(|| written(io::ErrorKind::InvalidInput.into()))?;
        let mut seen = name.to_os_string();
        seen.push(":2,S");
        fs::rename(file, self.folder.join("cur").join(seen)).map_err(written)
    }
}
