//! What the server said, and why a step did not give the reply that it needed.

use std::{io, time::Duration};

use crate::shown::shown;

/// One line of a reply.
pub(super) struct Line {
    code: u16,
    /// No other line of the reply follows.
    pub is_last: bool,
    /// The same where the connection ended within the line: a digit or a dash can no longer come.
    pub is_surely_last: bool,
    text: String,
}

impl Line {
    /// So many bytes tell the code and whether another line follows.
    pub(super) const CODE: usize = 4;

    /// Reads a line: three digits from 200 to 599, and a dash where another line follows. Everything else is words.
    pub(super) fn read(line: &[u8], is_cut: bool) -> Option<Self> {
        let (code, rest) = line.split_at_checked(3)?;
        if !(matches!(code[0], b'2'..=b'5') && code.iter().all(u8::is_ascii_digit)) {
            return None;
        }
        let (divider, text) = match rest.split_first() {
            Some((b'0'..=b'9', _)) => return None,
            Some((divider @ (b'-' | b' ' | b'\t'), text)) => (Some(*divider), text),
            Some(_) => (Some(b' '), rest),
            None => (None, rest),
        };
        Some(Self {
            code: code.iter().fold(0, |number, digit| number * 10 + u16::from(digit - b'0')),
            is_last: divider != Some(b'-'),
            is_surely_last: divider.is_some_and(|divider| divider != b'-'),
            text: as_text(text) + if is_cut { "..." } else { "" },
        })
    }
}

/// A whole reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reply {
    code: u16,
    lines: Vec<String>,
}

impl Reply {
    pub(super) fn begun(line: Line) -> Self {
        Self { code: line.code, lines: vec![line.text] }
    }

    /// The reply with another line. Where the codes differ within a kind the last one counts, as with other senders of
    /// mail; of two kinds nobody knows which was meant.
    pub(super) fn and(mut self, line: Line) -> Option<Self> {
        if self.code / 100 != line.code / 100 {
            return None;
        }
        self.code = line.code;
        self.lines.push(line.text);
        Some(self)
    }

    pub(super) fn code(&self) -> u16 {
        self.code
    }

    /// What was said, without the codes.
    pub(super) fn lines(&self) -> impl Iterator<Item = &str> {
        self.lines.iter().map(String::as_str)
    }

    /// The reply where its code is one that this step goes on with. A reply that is one step late would pass for the right
    /// one, so each step names the codes that can be meant for it.
    pub(super) fn expect(self, codes: &[u16]) -> Result<Self, Trouble> {
        if codes.contains(&self.code) {
            Ok(self)
        } else if self.code >= 400 {
            Err(Trouble::Refused { code: self.code, said: self.said() })
        } else {
            Err(Trouble::Unexpected(self.said()))
        }
    }

    /// The reply as the record keeps it: a positive one line by line as it came, a refusal in one line.
    pub(super) fn said(&self) -> Said {
        let code = self.code;
        let enhanced_code = self.lines().next().and_then(|line| enhanced_code(code, line));
        let text = if code < 400 {
            let last = self.lines.len().saturating_sub(1);
            let lines = self.lines().enumerate();
            let lines = lines.map(|(number, line)| format!("{code}{}{line}", if number == last { ' ' } else { '-' }));
            lines.collect::<Vec<_>>().join("\n")
        } else {
            let again = enhanced_code.as_ref().map(|code| format!("{code} "));
            let lines = self.lines().enumerate().map(|(number, line)| match &again {
                Some(again) if number > 0 => line.strip_prefix(again.as_str()).map_or(line, str::trim_start),
                _ => line,
            });
            format!("{code} {}", lines.collect::<Vec<_>>().join(" "))
        };
        Said { text, enhanced_code }
    }
}

/// A reply as the record keeps it, or words of our own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Said {
    pub text: String,
    pub enhanced_code: Option<String>,
}

impl Said {
    /// Words of our own, where the server said nothing.
    pub(super) fn by_us(text: impl Into<String>) -> Self {
        Self { text: text.into(), enhanced_code: None }
    }
}

/// Bytes of a stranger as text that is safe to show. A tab may stand in a reply (RFC 5321, 4.2) and becomes a blank.
fn as_text(bytes: &[u8]) -> String {
    shown(&String::from_utf8_lossy(bytes)).replace('\t', " ")
}

/// The RFC 3463 code at the start of a reply text, which must be of the same class as the reply.
fn enhanced_code(code: u16, text: &str) -> Option<String> {
    let word = text.split_ascii_whitespace().next()?;
    let parts: Vec<&str> = word.split('.').collect();
    let number = |part: &&str| (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    let fits = parts.len() == 3 && parts[0] == (code / 100).to_string() && parts.iter().all(number);
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
        said: Said,
    },
    /// A whole positive reply, but not one that this step can go on with.
    Unexpected(Said),
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
    step: impl Future<Output = io::Result<T>>,
) -> Result<T, Trouble> {
    match tokio::time::timeout(limit, step).await {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(Trouble::of(name, &error)),
        Err(_) => Err(Trouble::NoReply(format!("no answer within {} seconds ({name})", limit.as_secs()))),
    }
}

impl Trouble {
    fn of(name: &str, error: &io::Error) -> Self {
        if let Some(tls) = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
            return Self::Tls(format!("TLS failed: {tls} ({name})"));
        }
        if error.kind() == io::ErrorKind::InvalidData {
            Self::NoReply(format!("{error} ({name})"))
        } else {
            Self::NoReply(format!("the connection was lost: {error} ({name})"))
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
