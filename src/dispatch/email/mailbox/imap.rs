//! A mailbox behind IMAP, read over TLS without changing a message but for the mark that it was seen.

use std::{collections::BTreeSet, fmt, path::PathBuf, time::Duration};

use async_imap::{
    Client, Session,
    imap_proto::{AttributeValue, MailboxDatum, Response, Status},
};
use rustls::pki_types::ServerName;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
};
use tokio_rustls::TlsConnector;

use super::MailboxError;
use crate::{
    dispatch::{email::smtp::Security, secret, tls_roots},
    shown::shown,
};

/// How long each step may take.
const STEP: Duration = Duration::from_mins(1);

/// A mailbox behind IMAP.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ImapSettings {
    /// Name or IP address of the server. The certificate must be made out to it.
    pub host: String,
    /// Port of the server.
    #[serde(default = "imaps")]
    #[schemars(range(min = 1))]
    pub port: u16,
    /// `implicit_tls`, or `plaintext` for a server on this same machine.
    #[serde(default = "implicit")]
    pub security: Security,
    /// PEM file with the certificate of a private certificate authority, trusted instead of the system's.
    #[serde(default)]
    pub ca_file: Option<PathBuf>,
    /// Name to log in with.
    pub username: String,
    /// File that holds the password.
    #[serde(default)]
    pub password_file: Option<PathBuf>,
    /// Name of the environment variable that holds the password.
    #[serde(default)]
    pub password_env: Option<String>,
    /// The folder to read.
    #[serde(default = "inbox")]
    pub mailbox: String,
}

fn imaps() -> u16 {
    993
}

fn implicit() -> Security {
    Security::ImplicitTls
}

fn inbox() -> String {
    "INBOX".to_owned()
}

impl ImapSettings {
    /// Everything that is wrong with the settings by themselves, one sentence a fault.
    #[must_use]
    pub fn check(&self) -> Vec<String> {
        let loopback = self.host.eq_ignore_ascii_case("localhost")
            || self.host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
        [
            (
                ServerName::try_from(self.host.as_str()).is_err(),
                "host: must be the name or the IP address of the server",
            ),
            (self.security == Security::Starttls, "security: IMAP needs `implicit_tls` (port 993)"),
            (
                self.security == Security::Plaintext && !loopback,
                "security: plaintext is accepted only where host is localhost or a loopback address",
            ),
            (
                self.password_file.is_some() == self.password_env.is_some(),
                "password_file: give one of password_file and password_env",
            ),
            (self.username.is_empty() || self.username.contains(char::is_control), "username: must be one line"),
            (self.mailbox.is_empty() || self.mailbox.contains(char::is_control), "mailbox: must be one line"),
        ]
        .into_iter()
        .filter(|(wrong, _)| *wrong)
        .map(|(_, says)| says.to_owned())
        .collect()
    }

    /// The mailbox as its mark names it.
    #[must_use]
    pub fn name(&self) -> String {
        format!("imap://{}@{}:{}/{}", self.username, self.host, self.port, self.mailbox)
    }
}

trait Stream: AsyncRead + AsyncWrite + Unpin + Send + fmt::Debug {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send + fmt::Debug> Stream for T {}

/// A mailbox that can be opened.
pub struct Imap {
    settings: ImapSettings,
    password: String,
    tls: Option<TlsConnector>,
}

/// Shows the settings, which hold no secret.
impl fmt::Debug for Imap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Imap").field("settings", &self.settings).finish_non_exhaustive()
    }
}

impl Imap {
    /// Reads what the settings point at. Connects to nothing.
    ///
    /// # Errors
    /// When a file or variable that they name cannot be read.
    pub fn new(settings: ImapSettings) -> Result<Self, MailboxError> {
        let wrong = |says: String| MailboxError::Settings(format!("receive.imap.{says}"));
        let password = secret::read("password", settings.password_file.as_deref(), settings.password_env.as_deref())
            .map_err(wrong)?;
        let tls = match settings.security {
            Security::Plaintext => None,
            _ => Some(TlsConnector::from(tls_roots::client(settings.ca_file.as_deref()).map_err(wrong)?)),
        };
        Ok(Self { settings, password, tls })
    }

    /// The mailbox as its mark names it.
    #[must_use]
    pub fn name(&self) -> String {
        self.settings.name()
    }

    /// Logs in and opens the folder.
    ///
    /// # Errors
    /// When nobody answers, the certificate is not trusted, or the server refuses.
    pub async fn open(&self) -> Result<ImapSession, MailboxError> {
        let address = (self.settings.host.as_str(), self.settings.port);
        let tcp = step(TcpStream::connect(address)).await?.map_err(|e| MailboxError::Unreachable(e.to_string()))?;
        let stream: Box<dyn Stream> = match &self.tls {
            Some(tls) => {
                let name = ServerName::try_from(self.settings.host.clone())
                    .map_err(|_| MailboxError::Settings("receive.imap.host: is no host name".to_owned()))?;
                let under_tls = step(tls.connect(name, tcp)).await?;
                Box::new(under_tls.map_err(|e| MailboxError::Unreachable(format!("TLS failed: {e}")))?)
            }
            None => Box::new(tcp),
        };
        let mut client = Client::new(stream);
        let greeting = step(client.read_response()).await?.map_err(|e| MailboxError::Unreachable(e.to_string()))?;
        if greeting.is_none() {
            return Err(MailboxError::Unreachable("the server closed without a greeting".to_owned()));
        }
        let mut session = step(client.login(&self.settings.username, &self.password))
            .await?
            .map_err(|(error, _)| refused("login", &error))?;
        let folder =
            step(session.select(&self.settings.mailbox)).await?.map_err(|e| refused("opening the folder", &e))?;
        let validity = folder.uid_validity.ok_or_else(|| MailboxError::Refused {
            doing: "opening the folder",
            says: "the server gives no UIDVALIDITY, so nobody could tell what was read already".to_owned(),
        })?;
        Ok(ImapSession { session, validity })
    }
}

/// An open mailbox.
#[derive(Debug)]
pub struct ImapSession {
    session: Session<Box<dyn Stream>>,
    /// The server's number for this numbering of messages; another one means that all numbers are new.
    pub validity: u32,
}

impl ImapSession {
    /// Numbers of the messages after `last`, in order.
    ///
    /// # Errors
    /// When the server refuses or is gone.
    pub async fn after(&mut self, last: u32) -> Result<BTreeSet<u32>, MailboxError> {
        let mut found = BTreeSet::new();
        let query = format!("UID SEARCH UID {}:*", last.saturating_add(1));
        step(self.ask("searching", query, |answer| {
            if let Response::MailboxData(MailboxDatum::Search(uids)) = answer {
                found.extend(uids.iter().copied());
            }
        }))
        .await??;
        // `n:*` always names the last message, also where it is older.
        Ok(found.into_iter().filter(|uid| *uid > last).collect())
    }

    /// One message, without a mark on it. `None` where it is gone.
    ///
    /// # Errors
    /// When the server refuses, gives the message without its text, or is gone.
    pub async fn read(&mut self, uid: u32) -> Result<Option<Vec<u8>>, MailboxError> {
        const DOING: &str = "reading a message";
        let mut found = None;
        let mut empty = false;
        let query = format!("UID FETCH {uid} (UID BODY.PEEK[])");
        step(self.ask(DOING, query, |answer| {
            let Response::Fetch(_, parts) = answer else { return };
            for part in parts {
                if let AttributeValue::BodySection { section: None, data, .. } = part {
                    empty = data.is_none();
                    found = data.as_ref().map(|bytes| bytes.to_vec());
                }
            }
        }))
        .await??;
        if empty {
            return Err(MailboxError::Refused {
                doing: DOING,
                says: "the server gave the message without its text".into(),
            });
        }
        Ok(found)
    }

    /// Marks a message as seen, after it is kept.
    ///
    /// # Errors
    /// When the server refuses or is gone.
    pub async fn seen(&mut self, uid: u32) -> Result<(), MailboxError> {
        step(self.ask("marking a message", format!("UID STORE {uid} +FLAGS (\\Seen)"), |_| ())).await?
    }

    /// Gives a command and hands on each answer before the tagged one, which alone tells whether it was carried out. The
    /// library's own readers end at the tagged answer whatever it says: a NO, a BAD and a connection that ends are an
    /// empty answer to them.
    async fn ask(
        &mut self,
        doing: &'static str,
        command: String,
        mut take: impl FnMut(&Response<'_>) + Send,
    ) -> Result<(), MailboxError> {
        let tag = self.session.run_command(command).await.map_err(|e| refused(doing, &e))?;
        loop {
            let answer = self.session.read_response().await.map_err(|e| MailboxError::Unreachable(e.to_string()))?;
            let answer = answer.ok_or_else(|| MailboxError::Unreachable("the connection was lost".to_owned()))?;
            match answer.parsed() {
                Response::Done { tag: of, status: Status::Ok, .. } if *of == tag => return Ok(()),
                Response::Done { tag: of, outcome, .. } if *of == tag => {
                    let says = outcome.information.as_deref().unwrap_or("it gave no reason");
                    return Err(MailboxError::Refused { doing, says: shown(says).into_owned() });
                }
                Response::Data { status: Status::Bye, .. } => {
                    return Err(MailboxError::Unreachable("the server ended the session".to_owned()));
                }
                other => take(other),
            }
        }
    }

    /// Says goodbye, for as long as the server is willing to hear it.
    pub async fn close(mut self) {
        // Whatever the answer, the connection closes when it is dropped here.
        let _ = tokio::time::timeout(Duration::from_secs(5), self.session.logout()).await;
    }
}

async fn step<T>(work: impl Future<Output = T>) -> Result<T, MailboxError> {
    tokio::time::timeout(STEP, work)
        .await
        .map_err(|_| MailboxError::Unreachable(format!("no answer within {} seconds", STEP.as_secs())))
}

/// The server's words about a login or a folder hold no message.
fn refused(doing: &'static str, error: &async_imap::error::Error) -> MailboxError {
    use async_imap::error::Error;
    match error {
        Error::No(says) | Error::Bad(says) => MailboxError::Refused { doing, says: shown(says).into_owned() },
        Error::Io(error) => MailboxError::Unreachable(error.to_string()),
        Error::ConnectionLost => MailboxError::Unreachable("the connection was lost".to_owned()),
        // A parser's error would repeat what it could not read.
        _ => MailboxError::Refused { doing, says: "the answer could not be understood".to_owned() },
    }
}
