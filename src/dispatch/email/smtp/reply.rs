//! What the server said, and why a step did not give the reply that it needed.

use std::{error::Error as StdError, io, time::Duration};

use lettre::transport::smtp::{Error, response::Response};

/// A reply as the record keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reply {
    pub text: String,
    pub enhanced_code: Option<String>,
}

impl Reply {
    /// Words of our own, where the server said nothing.
    pub(super) fn ours(text: impl Into<String>) -> Self {
        Self { text: text.into(), enhanced_code: None }
    }

    /// A positive reply, line by line as it came over the wire.
    pub(super) fn of(response: &Response) -> Self {
        let code = response.code().to_string();
        let lines: Vec<&str> = response.message().collect();
        let last = lines.len().saturating_sub(1);
        let text: Vec<String> = lines
            .iter()
            .enumerate()
            .map(|(number, line)| format!("{code}{}{line}", if number == last { ' ' } else { '-' }))
            .collect();
        Self { text: text.join("\n"), enhanced_code: lines.first().and_then(|line| enhanced_code(&code, line)) }
    }

    /// A refusal. lettre hands over its lines joined into one, so one is what the record holds.
    fn refusal(code: &str, error: &Error) -> Self {
        let said = error.source().map(ToString::to_string).unwrap_or_default();
        Self { text: format!("{code} {said}"), enhanced_code: enhanced_code(code, &said) }
    }
}

/// The RFC 3463 code at the start of a reply text, which must be of the same class as the reply.
fn enhanced_code(code: &str, text: &str) -> Option<String> {
    let word = text.split_ascii_whitespace().next()?;
    let parts: Vec<&str> = word.split('.').collect();
    let number = |part: &&str| (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    let fits = parts.len() == 3 && parts[0].len() == 1 && code.starts_with(parts[0]) && parts.iter().all(number);
    fits.then(|| word.to_owned())
}

/// Why a step did not give the reply that it needed.
#[derive(Debug)]
pub(super) enum Trouble {
    /// A whole reply with a code from 400 to 599.
    Refused {
        /// The three digits.
        code: u16,
        /// The reply they came in.
        reply: Reply,
    },
    /// A whole positive reply, but not one that this step can go on with.
    Unexpected(Reply),
    /// TLS did not come about, or broke: certificate, name, protocol.
    Tls(String),
    /// The server does not offer what we insist on.
    Unwilling(String),
    /// What the server offers rules this one message out.
    Unfit(String),
    /// The connection ended, or what came is not SMTP, or the time ran out.
    NoReply(String),
}

/// Runs one step under its time limit.
///
/// When the limit runs out the step is dropped half-way, and the connection must be dropped too:
/// the next reader would take a late reply for its own.
pub(super) async fn within<T>(
    name: &str,
    limit: Duration,
    step: impl Future<Output = Result<T, Error>>,
) -> Result<T, Trouble> {
    match tokio::time::timeout(limit, step).await {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(Trouble::of(name, &error)),
        Err(_) => Err(Trouble::NoReply(format!("no answer within {} seconds ({name})", limit.as_secs()))),
    }
}

impl Trouble {
    fn of(name: &str, error: &Error) -> Self {
        if let Some(code) = error.status() {
            return Self::Refused { code: code.into(), reply: Reply::refusal(&code.to_string(), error) };
        }
        if let Some(tls) = tls_error(error) {
            return Self::Tls(format!("TLS failed: {tls} ({name})"));
        }
        let cause = root(error);
        if error.is_client() {
            Self::Unwilling(format!("{cause} ({name})"))
        } else {
            Self::NoReply(format!("the connection was lost: {cause} ({name})"))
        }
    }

    /// True where this is what a connection that died while it was idle looks like.
    pub(super) fn looks_stale(&self) -> bool {
        match self {
            Self::Refused { code, .. } => *code == 421,
            Self::Unfit(_) => false,
            Self::Unexpected(_) | Self::Tls(_) | Self::Unwilling(_) | Self::NoReply(_) => true,
        }
    }
}

/// The rustls error inside, if there is one; lettre itself does not tell it from a lost connection.
fn tls_error(error: &Error) -> Option<&rustls::Error> {
    let mut cause: Option<&(dyn StdError + 'static)> = error.source();
    while let Some(inner) = cause {
        // `source()` of an I/O error passes over the error that it wraps.
        let wrapped = inner.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        let found = wrapped.and_then(|inner| inner.downcast_ref()).or_else(|| inner.downcast_ref());
        if found.is_some() {
            return found;
        }
        cause = inner.source();
    }
    None
}

fn root(error: &Error) -> String {
    let mut deepest: &dyn StdError = error;
    while let Some(inner) = deepest.source() {
        deepest = inner;
    }
    deepest.to_string()
}
