//! What a channel learned when it tried: the one place where transport answers become a word.

use std::time::Duration;

use crate::shown::shown_lines;

/// What the next hand said, kept whole for the record of access.
///
/// It may hold an address that a server repeated, so it is stored encrypted and never logged.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Evidence {
    /// The full reply: an SMTP reply text, a job number, the name of the file written.
    pub reply: String,
    /// RFC 3463 enhanced status code, such as `2.0.0`, where the reply carried one.
    pub enhanced_code: Option<String>,
    /// Whether the bytes travelled under TLS; `None` where no network was used.
    pub tls: Option<bool>,
    /// SHA-256 of the certificate that the next hand showed, in hex. The library tells neither the version of TLS nor the
    /// cipher.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate_sha256: Option<String>,
    /// Host and port of the next hand; `None` where no network was used.
    pub peer: Option<String>,
    /// True where the body left although it was refused afterwards (a refusal after SMTP's final dot).
    #[serde(default)]
    pub body_left: bool,
    /// How long the attempt took, in milliseconds.
    pub milliseconds: u64,
}

impl Evidence {
    /// Evidence that holds a reply, as it may be shown, and nothing else.
    #[must_use]
    pub fn of(reply: impl Into<String>) -> Self {
        let reply = reply.into();
        Self { reply: shown_lines(&reply).into_owned(), ..Self::default() }
    }

    /// The same evidence with the time that the attempt took.
    #[must_use]
    pub fn took(mut self, elapsed: Duration) -> Self {
        self.milliseconds = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX);
        self
    }
}

/// The result of one attempt.
///
/// [`Outcome::bytes_may_have_left`] tells whether the record of access must hold the attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The next hand has it (for SMTP: a final 250). Not a claim that anybody read it.
    Accepted(Evidence),
    /// On paper or in the print folder, not yet mailed.
    Printed(Evidence),
    /// Refused for now, before or instead of taking the body: try again later.
    Transient(Evidence),
    /// The next hand could not be reached, or would not begin: it heard nothing of this item, which goes back at no cost.
    Unreached(Evidence),
    /// Stopped right before its first byte, because the permission no longer stands. Nothing left, and it goes back.
    Stopped(Evidence),
    /// Refused for good: trying the same again cannot help.
    Permanent(Evidence),
    /// Bytes may have left and no answer came.
    Unknown(Evidence),
    /// The channel itself is wrong (certificate, credentials, folder), or the next hand refuses us and not this item:
    /// the channel pauses and the item goes back without spending a retry.
    Misconfigured(Evidence),
}

impl Outcome {
    /// What the next hand said, whatever it was.
    #[must_use]
    pub fn evidence(&self) -> &Evidence {
        match self {
            Self::Accepted(e)
            | Self::Printed(e)
            | Self::Transient(e)
            | Self::Unreached(e)
            | Self::Stopped(e)
            | Self::Permanent(e)
            | Self::Unknown(e)
            | Self::Misconfigured(e) => e,
        }
    }

    /// True where the next hand gave no answer: no connection, silence, or one that broke before the message. A refusal
    /// begins with its code.
    #[must_use]
    pub fn is_unanswered(&self) -> bool {
        match self {
            Self::Unreached(_) => true,
            Self::Transient(evidence) => !evidence.reply.starts_with(|first: char| first.is_ascii_digit()),
            _ => false,
        }
    }

    /// True where the record of access must hold that bytes left or may have left.
    #[must_use]
    pub fn bytes_may_have_left(&self) -> bool {
        matches!(self, Self::Accepted(_) | Self::Unknown(_)) || self.evidence().body_left
    }
}
