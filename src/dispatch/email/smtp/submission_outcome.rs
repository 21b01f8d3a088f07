//! The one place where a reply, or the lack of one, becomes a word. What it means depends on how
//! far the submission had come.

use std::time::Duration;

use super::reply::{Said, Trouble};
use crate::dispatch::{
    email::refusal::{is_about_the_message, is_about_us},
    outcome::{Evidence, Outcome},
};

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
    of_this_connection: bool,
}

impl Ending {
    pub(super) fn new(word: fn(Evidence) -> Outcome, said: Said, tls: Option<bool>) -> Self {
        Self { word, said, tls, certificate_sha256: None, body_left: false, of_this_connection: false }
    }

    /// The same ending, reached after the body had crossed to the relay.
    fn with_the_body_gone(self) -> Self {
        Self { body_left: true, ..self }
    }

    fn perhaps_of_this_connection(self, of_this_connection: bool) -> Self {
        Self { of_this_connection, ..self }
    }

    /// Whether what ended it may lie with the connection, where that was used before: it died while it was idle, or the
    /// server takes so many messages over one and no more.
    pub(super) fn may_lie_with_a_used_connection(&self) -> bool {
        self.of_this_connection
    }

    /// The same ending after another one, on a connection that was used before: what left there has left.
    pub(super) fn after(self, earlier: &Self) -> Self {
        Self { body_left: self.body_left || earlier.body_left, ..self }
    }

    /// The same ending with the fingerprint of the relay's certificate.
    pub(super) fn shown(self, certificate_sha256: Option<String>) -> Self {
        Self { certificate_sha256, ..self }
    }

    pub(super) fn into_outcome(self, peer: String, elapsed: Duration) -> Outcome {
        let Said { text, enhanced_code } = self.said;
        let evidence = Evidence {
            enhanced_code,
            tls: self.tls,
            certificate_sha256: self.certificate_sha256,
            peer: Some(peer),
            body_left: self.body_left,
            ..Evidence::of(text)
        };
        (self.word)(evidence.took(elapsed))
    }
}

impl Trouble {
    /// Nothing was said about the message yet, so a firm refusal is about the channel: it must not
    /// close the case of a message that the server never heard of.
    pub(super) fn before_mail(self, tls: Option<bool>) -> Ending {
        let word = match &self {
            Self::Refused { code: 400..=499, .. } | Self::Unexpected(_) | Self::NoReply(_) => Outcome::Unreached,
            Self::Refused { .. } | Self::Tls(_) | Self::Unwilling(_) | Self::Unfit(_) => Outcome::Misconfigured,
        };
        Ending::new(word, self.into_said(), tls)
    }

    /// MAIL names nobody but us. But for the size of this message, or its kind, a firm refusal is of every message.
    pub(super) fn at_mail(self, tls: bool) -> Ending {
        let (stale, firm) = (self.looks_stale(), matches!(self, Self::Refused { code: 500..=599, .. }));
        let ending = match &self {
            Self::Refused { code: 500..=599, said } if !is_about_the_message(&said.text) => {
                Ending::new(Outcome::Misconfigured, self.into_said(), Some(tls))
            }
            _ => self.before_body(tls),
        };
        ending.perhaps_of_this_connection(stale || firm)
    }

    /// The envelope was given in part or in whole; not one byte of the message left.
    pub(super) fn before_body(self, tls: bool) -> Ending {
        let word = match &self {
            Self::Refused { .. } => self.refused(),
            Self::Unfit(_) => Outcome::Permanent,
            _ => Outcome::Transient,
        };
        let used_up = self.says_that_it_is_used_up();
        Ending::new(word, self.into_said(), Some(tls)).perhaps_of_this_connection(used_up)
    }

    /// The message may have left: only a whole refusal says that the server did not take it.
    pub(super) fn after_body(self, tls: bool) -> Ending {
        let word = match &self {
            Self::Refused { .. } => self.refused(),
            _ => Outcome::Unknown,
        };
        let used_up = self.says_that_it_is_used_up();
        Ending::new(word, self.into_said(), Some(tls)).with_the_body_gone().perhaps_of_this_connection(used_up)
    }

    /// The word for a whole refusal of the recipient or the message. One that speaks of us is as true of the next
    /// message: the channel rests, and the envelope waits until a person has mended it.
    fn refused(&self) -> fn(Evidence) -> Outcome {
        match self {
            Self::Refused { code, .. } if ABOUT_THE_LOGIN.contains(code) => Outcome::Misconfigured,
            Self::Refused { code: 500..=599, said } if is_about_us(&said.text) => Outcome::Misconfigured,
            Self::Refused { code: 500..=599, .. } => Outcome::Permanent,
            _ => Outcome::Transient,
        }
    }

    /// "554 one message a connection": it may count for this connection alone.
    fn says_that_it_is_used_up(&self) -> bool {
        matches!(self, Self::Refused { code: 554, .. })
    }

    fn into_said(self) -> Said {
        match self {
            Self::Refused { said, .. } | Self::Unexpected(said) => said,
            Self::Tls(text) | Self::Unwilling(text) | Self::Unfit(text) | Self::NoReply(text) => Said::by_us(text),
        }
    }
}
