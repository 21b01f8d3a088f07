//! Where answers come in: a Maildir that the mail system writes to, or a mailbox behind IMAP. Both are only read;
//! nothing is ever answered.

mod imap;
mod maildir;

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use imap::{Imap, ImapSession, ImapSettings};
pub use maildir::Maildir;

/// Where failure notices and receipts come in, and how often to look.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ReceiveSettings {
    /// A Maildir (a folder with `new` and `cur`) that the mail system delivers to. Relative to this file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maildir: Option<PathBuf>,
    /// A mailbox behind IMAP.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub imap: Option<ImapSettings>,
    /// Minutes between two looks of the service, 1 to 60.
    #[schemars(range(min = 1, max = 60))]
    pub every_minutes: u32,
}

impl Default for ReceiveSettings {
    fn default() -> Self {
        Self { maildir: None, imap: None, every_minutes: 5 }
    }
}

impl ReceiveSettings {
    /// Whether there is anywhere to look.
    #[must_use]
    pub fn is_set(&self) -> bool {
        self.maildir.is_some() || self.imap.is_some()
    }
}

/// A mailbox could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MailboxError {
    /// The settings point at something that is not there.
    #[error("{0}")]
    Settings(String),
    /// Nobody answers, or the connection ended.
    #[error("the mailbox cannot be reached: {0}")]
    Unreachable(String),
    /// The server refused: a login, a folder.
    #[error("the mailbox refused ({doing}): {says}")]
    Refused {
        /// What was being done.
        doing: &'static str,
        /// The server's words.
        says: String,
    },
    /// The folder cannot be read or written.
    #[error("the Maildir cannot be {doing} ({kind}); it needs folders `new` and `cur` that this account may write to")]
    Folder {
        /// `read` or `written`.
        doing: &'static str,
        /// Why.
        kind: std::io::ErrorKind,
    },
}
