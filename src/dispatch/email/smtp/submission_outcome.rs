//! The one place where a reply, or the lack of one, becomes a word. What it means depends on how
//! far the submission had come.

use std::time::Duration;

use super::reply::{Said, Trouble};
use crate::dispatch::outcome::{Evidence, Outcome};

/// Codes that speak of our login or of missing TLS, never of the message (RFC 4954).
const ABOUT_THE_LOGIN: [u16; 4] = [530, 534, 535, 538];

/// How a submission ended, before the peer and the time are added.
#[derive(Debug)]
pub(super) struct Ending {
    word: fn(Evidence) -> Outcome,
    said: Said,
    tls: Option<bool>,
    certificate_sha256: Option<String>,
    body_left: bool,
}

impl Ending {
    pub(super) fn new(word: fn(Evidence) -> Outcome, said: Said, tls: Option<bool>) -> Self {
        Self { word, said, tls, certificate_sha256: None, body_left: false }
    }

    /// The same ending, reached after the body had crossed to the relay.
    fn with_the_body_gone(self) -> Self {
        Self { body_left: true, ..self }
    }

    /// The same ending with the fingerprint of the relay's certificate.
    pub(super) fn shown(self, certificate_sha256: Option<String>) -> Self {
        Self { certificate_sha256, ..self }
    }

    pub(super) fn into_outcome(self, peer: String, elapsed: Duration) -> Outcome {
        let Said { text, enhanced_code } = self.said;
        let evidence = Evidence {
            reply: text,
            enhanced_code,
            tls: self.tls,
            certificate_sha256: self.certificate_sha256,
            peer: Some(peer),
            body_left: self.body_left,
            milliseconds: 0,
        };
        (self.word)(evidence.took(elapsed))
    }
}

impl Trouble {
    /// Nothing was said about the message yet, so a firm refusal is about the channel: it must not
    /// close the case of a message that the server never heard of.
    pub(super) fn before_mail(self, tls: Option<bool>) -> Ending {
        let word = match &self {
            Self::Refused { code: 400..=499, .. } | Self::Unexpected(_) | Self::NoReply(_) => Outcome::Transient,
            Self::Refused { .. } | Self::Tls(_) | Self::Unwilling(_) | Self::Unfit(_) => Outcome::Misconfigured,
        };
        Ending::new(word, self.into_said(), tls)
    }

    /// The envelope was given in part or in whole; not one byte of the message left.
    pub(super) fn before_body(self, tls: bool) -> Ending {
        let word = match &self {
            Self::Refused { code, .. } if ABOUT_THE_LOGIN.contains(code) => Outcome::Misconfigured,
            Self::Refused { code: 500..=599, .. } | Self::Unfit(_) => Outcome::Permanent,
            _ => Outcome::Transient,
        };
        Ending::new(word, self.into_said(), Some(tls))
    }

    /// The message may have left: only a whole refusal says that the server did not take it.
    pub(super) fn after_body(self, tls: bool) -> Ending {
        let word = match &self {
            Self::Refused { code: 400..=499, .. } => Outcome::Transient,
            Self::Refused { code: 500..=599, .. } => Outcome::Permanent,
            _ => Outcome::Unknown,
        };
        Ending::new(word, self.into_said(), Some(tls)).with_the_body_gone()
    }

    fn into_said(self) -> Said {
        match self {
            Self::Refused { said, .. } | Self::Unexpected(said) => said,
            Self::Tls(text) | Self::Unwilling(text) | Self::Unfit(text) | Self::NoReply(text) => Said::by_us(text),
        }
    }
}
