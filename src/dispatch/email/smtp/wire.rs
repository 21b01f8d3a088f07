//! The bytes between us and a relay: commands out, replies in, in clear or under TLS.
//!
//! lettre's own connection takes a reply for text of limited lines: one letter that is not UTF-8, or a line of more than
//! 1,000 bytes, and a 250 that came counts as none. Here a reply is bytes, and its code decides.

use std::io::{self, ErrorKind};

use rustls::pki_types::ServerName;
use sha2::{Digest, Sha256};
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader},
    net::TcpStream,
};
use tokio_rustls::TlsConnector;

use super::reply::{Line, Reply};

/// A reply of more bytes is not read to its end.
const MOST_BYTES: usize = 1_000_000;
/// A reply of more lines is not read to its end.
const MOST_LINES: usize = 1_000;
/// So much of a reply is kept; what is beyond it changes nothing.
const MOST_KEPT: usize = 16_000;

trait Link: AsyncRead + AsyncWrite + Unpin + Send + Sync {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send + Sync> Link for T {}

/// A connection on which commands and replies take turns.
pub(super) struct Wire {
    link: BufReader<Box<dyn Link>>,
    certificate_sha256: Option<String>,
    is_encrypted: bool,
}

impl Wire {
    pub(super) fn in_clear(tcp: TcpStream) -> Self {
        Self { link: BufReader::new(Box::new(tcp)), certificate_sha256: None, is_encrypted: false }
    }

    /// The same connection under TLS.
    ///
    /// What somebody on the way added behind the last answer in clear must not be taken for replies that came under TLS,
    /// as far as a false 250: with such words in the buffer there is no TLS.
    pub(super) async fn under_tls(self, tls: &TlsConnector, name: ServerName<'static>) -> io::Result<Self> {
        if !self.link.buffer().is_empty() {
            let slipped_in = rustls::Error::General("words came in clear after the last answer before TLS".to_owned());
            return Err(io::Error::new(ErrorKind::InvalidData, slipped_in));
        }
        let stream = tls.connect(name, self.link.into_inner()).await?;
        let shown = stream.get_ref().1.peer_certificates().and_then(<[_]>::first);
        let certificate_sha256 = shown.map(|certificate| hex::encode(Sha256::digest(certificate)));
        Ok(Self { link: BufReader::new(Box::new(stream)), certificate_sha256, is_encrypted: true })
    }

    pub(super) fn is_encrypted(&self) -> bool {
        self.is_encrypted
    }

    /// SHA-256 of the certificate that the server showed, in hex.
    pub(super) fn certificate_sha256(&self) -> Option<String> {
        self.certificate_sha256.clone()
    }

    /// Sends a command, which brings its own line end, and reads the reply.
    pub(super) async fn ask(&mut self, command: &str) -> io::Result<Reply> {
        self.write(command.as_bytes()).await?;
        self.reply().await
    }

    /// Sends the text of a message, which bears no last line end here, and reads the final reply.
    pub(super) async fn message(&mut self, text: &[u8]) -> io::Result<Reply> {
        self.write(&with_dots(text)).await?;
        self.reply().await
    }

    /// An error where more came than the reply: it would be taken for the reply to what is said next.
    pub(super) fn answered_what_was_asked(&self) -> io::Result<()> {
        let more = !self.link.buffer().is_empty();
        if more { Err(unreadable("it answered more than it was asked")) } else { Ok(()) }
    }

    async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.answered_what_was_asked()?;
        self.link.write_all(bytes).await?;
        self.link.flush().await
    }

    /// Reads a whole reply.
    pub(super) async fn reply(&mut self) -> io::Result<Reply> {
        let mut reply: Option<Reply> = None;
        let (mut bytes, mut kept) = (0, 0);
        for _ in 0..MOST_LINES {
            let (line, is_cut) = self.line(&mut bytes, MOST_KEPT - kept).await?;
            kept += line.len();
            let line = Line::read(&line, is_cut).ok_or_else(|| unreadable("it bears no code of three digits"))?;
            let is_last = line.is_last;
            let so_far = match reply.take() {
                None => Reply::begun(line),
                Some(so_far) => so_far.and(line).ok_or_else(|| unreadable("its lines bear codes of two kinds"))?,
            };
            if is_last {
                return Ok(so_far);
            }
            reply = Some(so_far);
        }
        Err(unreadable("it has too many lines"))
    }

    /// One line without its end: its first bytes, never less than its code, and whether there were more.
    async fn line(&mut self, bytes: &mut usize, room: usize) -> io::Result<(Vec<u8>, bool)> {
        let room = room.max(Line::CODE);
        let (mut kept, mut is_cut) = (Vec::new(), false);
        loop {
            let here = match self.link.fill_buf().await {
                Ok([]) => Err(io::Error::new(ErrorKind::UnexpectedEof, "the relay closed it")),
                other => other,
            };
            let here = match here {
                Ok(here) => here,
                // Only the end of its last line is missing, and nothing there could change what was said.
                Err(_) if Line::read(&kept, is_cut).is_some_and(|line| line.is_surely_last) => {
                    return Ok((kept, is_cut));
                }
                Err(error) => return Err(error),
            };
            let end = here.iter().position(|byte| *byte == b'\n');
            let text = &here[..end.unwrap_or(here.len())];
            let fits = text.len().min(room - kept.len());
            kept.extend_from_slice(&text[..fits]);
            is_cut |= fits < text.len();
            let taken = text.len() + usize::from(end.is_some());
            self.link.consume(taken);
            *bytes += taken;
            if end.is_some() {
                if kept.last() == Some(&b'\r') && !is_cut {
                    kept.pop();
                }
                return Ok((kept, is_cut));
            }
            if *bytes > MOST_BYTES {
                return Err(unreadable("it has no end"));
            }
        }
    }
}

/// An answer that came and says nothing.
fn unreadable(why: &str) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, format!("the relay's answer cannot be read: {why}"))
}

/// The text with a dot before each line that begins with one, and the dot that ends it.
fn with_dots(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() + 64);
    let mut begins = true;
    for &byte in text {
        if begins && byte == b'.' {
            out.push(b'.');
        }
        out.push(byte);
        // A lone line feed is refused before any connection.
        begins = byte == b'\n';
    }
    out.extend_from_slice(b"\r\n.\r\n");
    out
}
