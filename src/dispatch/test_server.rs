//! An SMTP server for trying things out: it takes every message, relays nothing, and tells what would arrive.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use mail_parser::{MessageParser, MimeHeaders};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    sync::{Semaphore, mpsc},
};

/// No message is longer, in bytes.
const MOST_BYTES: usize = 50_000_000;
/// No line is longer, in bytes: RFC 5321 allows 1000 for text and 512 for commands.
const LONGEST_LINE: u64 = 65_536;

/// Connections at a time.
const MOST_CONNECTIONS: usize = 32;
/// Recipients of one message (RFC 5321, 4.5.3.1.8 asks for 100).
const MOST_RECIPIENTS: usize = 1000;
/// For one line. A client that says nothing gives its place to another.
const LINE: Duration = Duration::from_mins(1);
/// After a connection that could not be accepted.
const PAUSE: Duration = Duration::from_millis(500);

/// A message as it would have arrived.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sunk {
    /// The envelope sender, with the parameters that were given.
    pub from: String,
    /// The envelope recipients, with the parameters that were given.
    pub to: Vec<String>,
    /// The whole message.
    pub bytes: Vec<u8>,
}

/// The heads of a message, for a look.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Glance {
    pub subject: String,
    pub message_id: String,
    /// Name and size in bytes of each attachment.
    pub attachments: Vec<(String, usize)>,
}

impl Sunk {
    /// What stands in its heads.
    #[must_use]
    pub fn glance(&self) -> Glance {
        let Some(message) = MessageParser::default().parse(&self.bytes) else { return Glance::default() };
        Glance {
            subject: message.subject().unwrap_or_default().to_owned(),
            message_id: message.message_id().unwrap_or_default().to_owned(),
            attachments: message
                .attachments()
                .map(|part| (part.attachment_name().unwrap_or("unnamed").to_owned(), part.contents().len()))
                .collect(),
        }
    }
}

/// A server that listens on this machine only.
#[derive(Debug)]
pub struct Sink {
    listener: TcpListener,
}

impl Sink {
    /// Listens on a loopback address; port 0 takes a free one.
    ///
    /// # Errors
    /// When the address is not of this machine alone, or is in use.
    pub async fn listen(address: SocketAddr) -> io::Result<Self> {
        if !address.ip().is_loopback() {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "a test server takes mail from this machine only; use 127.0.0.1 or [::1]",
            ));
        }
        Ok(Self { listener: TcpListener::bind(address).await? })
    }

    /// Where it listens.
    ///
    /// # Errors
    /// When the system does not say.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Serves until it is dropped; each message goes into `taken`.
    pub async fn serve(self, taken: mpsc::Sender<Sunk>) {
        let (taken, places) = (Arc::new(taken), Arc::new(Semaphore::new(MOST_CONNECTIONS)));
        loop {
            // Whoever comes while all places are taken waits in the system's own queue.
            let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
            match self.listener.accept().await {
                Ok((tcp, _)) => {
                    let taken = Arc::clone(&taken);
                    tokio::spawn(async move {
                        // A client that goes away ends its session, and nothing else.
                        drop(converse(tcp, &taken).await);
                        drop(place);
                    });
                }
                // While every descriptor is taken, the next would fail at once too.
                Err(_) => tokio::time::sleep(PAUSE).await,
            }
        }
    }
}

async fn converse(tcp: TcpStream, taken: &mpsc::Sender<Sunk>) -> io::Result<()> {
    let (input, mut output) = tcp.into_split();
    let mut input = BufReader::new(input);
    output.write_all(b"220 localhost test server; nothing is relayed\r\n").await?;
    let mut message = Sunk::default();
    while let Some(line) = line(&mut input).await? {
        let text = String::from_utf8_lossy(&line).trim_end().to_owned();
        let (verb, rest) = text.split_once(' ').unwrap_or((text.as_str(), ""));
        let after_colon = || rest.split_once(':').map(|(_, address)| address.trim().to_owned()).unwrap_or_default();
        let answer = match verb.to_ascii_uppercase().as_str() {
            "EHLO" => format!("250-localhost\r\n250-SIZE {MOST_BYTES}\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 DSN"),
            "HELO" | "NOOP" => "250 2.0.0 ok".to_owned(),
            "RSET" => {
                message = Sunk::default();
                "250 2.0.0 ok".to_owned()
            }
            "MAIL" => {
                message = Sunk { from: after_colon(), ..Sunk::default() };
                "250 2.1.0 ok".to_owned()
            }
            "RCPT" if message.from.is_empty() => "503 5.5.1 MAIL comes first".to_owned(),
            "RCPT" if message.to.len() >= MOST_RECIPIENTS => "452 4.5.3 too many recipients".to_owned(),
            "RCPT" => {
                message.to.push(after_colon());
                "250 2.1.5 ok".to_owned()
            }
            "DATA" if message.to.is_empty() => "503 5.5.1 RCPT comes first".to_owned(),
            "DATA" => {
                output.write_all(b"354 end with a dot on a line of its own\r\n").await?;
                let whole = body(&mut input, &mut message.bytes).await?;
                let sunk = std::mem::take(&mut message);
                if !whole {
                    "552 5.3.4 the message is too large".to_owned()
                } else if taken.send(sunk).await.is_ok() {
                    "250 2.0.0 taken by the test server, relayed to nobody".to_owned()
                } else {
                    "451 4.3.0 the test server is closing".to_owned()
                }
            }
            "QUIT" => {
                output.write_all(b"221 2.0.0 bye\r\n").await?;
                return Ok(());
            }
            _ => "502 5.5.2 not known to a test server".to_owned(),
        };
        output.write_all(format!("{answer}\r\n").as_bytes()).await?;
    }
    Ok(())
}

/// One line with its end; `None` where the client has gone.
async fn line(input: &mut (impl AsyncBufReadExt + Unpin)) -> io::Result<Option<Vec<u8>>> {
    use tokio::io::AsyncReadExt;
    let mut line = Vec::new();
    let mut limited = input.take(LONGEST_LINE);
    let reading = limited.read_until(b'\n', &mut line);
    let read = tokio::time::timeout(LINE, reading).await.map_err(|_| io::ErrorKind::TimedOut)??;
    Ok((read > 0).then_some(line))
}

/// Reads a message up to its dot and takes away the dots that SMTP added. Whether all of it was kept.
async fn body(input: &mut (impl AsyncBufReadExt + Unpin), bytes: &mut Vec<u8>) -> io::Result<bool> {
    let mut whole = true;
    while let Some(line) = line(input).await? {
        if line == b".\r\n" {
            return Ok(whole);
        }
        let kept = line.strip_prefix(b".").unwrap_or(&line);
        whole &= bytes.len() + kept.len() <= MOST_BYTES;
        if whole {
            bytes.extend_from_slice(kept);
        }
    }
    Err(io::ErrorKind::UnexpectedEof.into())
}
