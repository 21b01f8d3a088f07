//! What a server is to do, and where.

use std::sync::Arc;

use tokio::sync::Notify;

/// A point of the session at which the server answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum At {
    /// The greeting.
    Connect,
    /// EHLO.
    Ehlo,
    /// STARTTLS; where the answer begins with 220, TLS begins after it.
    Starttls,
    /// AUTH.
    Auth,
    /// MAIL.
    Mail,
    /// RCPT for this address.
    Rcpt(String),
    /// DATA.
    Data,
    /// The dot that ends the message.
    Body,
}

impl At {
    /// RCPT for this address.
    pub fn rcpt(address: &str) -> Self {
        Self::Rcpt(address.to_owned())
    }
}

/// What the server does there instead of what is usual.
#[derive(Debug, Clone)]
pub enum Do {
    /// Says this.
    Reply(&'static str),
    /// Says this, then closes the connection.
    ReplyThenDrop(&'static str),
    /// Sends just these bytes: no line end is added.
    Bytes(&'static [u8]),
    /// Sends just these bytes, then closes the connection.
    BytesThenDrop(&'static [u8]),
    /// Sends these bytes over and over, until the other side leaves.
    Flood(&'static [u8]),
    /// Says this, one byte at a time.
    Dribble(&'static str),
    /// Closes the connection.
    Drop,
    /// Says what is usual, but only once the gate is open.
    WaitFor(Gate),
}

impl Do {
    /// Whether a server that does this after the final dot has taken the message.
    pub(super) fn takes_the_message(&self) -> bool {
        match self {
            Self::Reply(text) | Self::ReplyThenDrop(text) | Self::Dribble(text) => text.starts_with('2'),
            Self::Bytes(bytes) | Self::BytesThenDrop(bytes) | Self::Flood(bytes) => bytes.starts_with(b"2"),
            Self::Drop | Self::WaitFor(_) => true,
        }
    }
}

/// Holds a server back until the test lets it go on.
#[derive(Debug, Clone, Default)]
pub struct Gate(Arc<(Notify, Notify)>);

impl Gate {
    /// Comes back when the server stands before the gate.
    pub async fn reached(&self) {
        self.0.0.notified().await;
    }

    /// Lets the server go on.
    pub fn open(&self) {
        self.0.1.notify_one();
    }

    pub(super) async fn pass(&self) {
        self.0.0.notify_one();
        self.0.1.notified().await;
    }
}

struct Rule {
    at: At,
    /// How many more times it applies; `None` for always.
    times: Option<usize>,
    act: Do,
}

/// What a server offers, and the rules by which it goes astray. Earlier rules come first.
pub struct Script {
    pub(super) starttls: bool,
    pub(super) implicit_tls: bool,
    pub(super) certificate_name: &'static str,
    pub(super) certificate_expired: bool,
    /// The only answer to `AUTH PLAIN` that is let in; `None` for a server without logins.
    pub(super) login: Option<&'static str>,
    pub(super) keywords: Vec<&'static str>,
    rules: Vec<Rule>,
}

impl Script {
    /// A server in clear that takes everything.
    pub fn plaintext() -> Self {
        Self {
            starttls: false,
            implicit_tls: false,
            certificate_name: "localhost",
            certificate_expired: false,
            login: None,
            keywords: vec!["8BITMIME", "SMTPUTF8", "SIZE 50000000"],
            rules: Vec::new(),
        }
    }

    /// A server that offers STARTTLS.
    pub fn starttls() -> Self {
        Self { starttls: true, ..Self::plaintext() }
    }

    /// A server that speaks TLS from the first byte.
    pub fn implicit_tls() -> Self {
        Self { implicit_tls: true, ..Self::plaintext() }
    }

    /// The server's certificate is made out to this name instead of `localhost`.
    pub fn certificate_for(mut self, name: &'static str) -> Self {
        self.certificate_name = name;
        self
    }

    /// The server's certificate was good until the end of 2019.
    pub fn certificate_expired(mut self) -> Self {
        self.certificate_expired = true;
        self
    }

    /// Mail is taken only after this `AUTH PLAIN` answer.
    pub fn login(mut self, plain: &'static str) -> Self {
        self.login = Some(plain);
        self
    }

    /// EHLO offers just these keywords, besides those for TLS and for logins.
    pub fn offering(mut self, keywords: &[&'static str]) -> Self {
        self.keywords = keywords.to_vec();
        self
    }

    /// From now on.
    pub fn always(self, at: At, act: Do) -> Self {
        self.rule(at, None, act)
    }

    /// This many times.
    pub fn times(self, times: usize, at: At, act: Do) -> Self {
        self.rule(at, Some(times), act)
    }

    /// One time.
    pub fn once(self, at: At, act: Do) -> Self {
        self.times(1, at, act)
    }

    fn rule(mut self, at: At, times: Option<usize>, act: Do) -> Self {
        self.rules.push(Rule { at, times, act });
        self
    }

    /// The usual answer to EHLO.
    pub(super) fn offers(&self, tls: bool) -> String {
        let mut lines = vec!["test"];
        lines.extend(&self.keywords);
        lines.extend((self.starttls && !tls).then_some("STARTTLS"));
        lines.extend(self.login.map(|_| "AUTH PLAIN"));
        format!("250-{}\r\n250 HELP", lines.join("\r\n250-"))
    }

    /// What to do at this point, if not the usual.
    pub(super) fn next(&mut self, at: &At) -> Option<Do> {
        let rule = self.rules.iter_mut().find(|rule| rule.at == *at && rule.times != Some(0))?;
        rule.times = rule.times.map(|times| times - 1);
        Some(rule.act.clone())
    }
}
