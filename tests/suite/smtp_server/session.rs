//! One connection to the server.

use std::{io, sync::Arc};

use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader},
    net::TcpStream,
};

use super::{At, Do, Received, Shared};

/// A connection, under TLS or not.
trait Wire: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Wire for T {}

struct Session {
    wire: BufReader<Box<dyn Wire>>,
    shared: Arc<Shared>,
    tls: bool,
    logged_in: bool,
    message: Received,
}

/// Serves one connection until either side leaves it.
pub(super) async fn serve(tcp: TcpStream, shared: Arc<Shared>) {
    // However it ends, there is nobody to tell.
    let _ = talk(tcp, shared).await;
}

async fn talk(tcp: TcpStream, shared: Arc<Shared>) -> io::Result<()> {
    tcp.set_nodelay(true)?;
    let implicit_tls = shared.script.lock().unwrap().implicit_tls;
    let wire: Box<dyn Wire> = if implicit_tls { Box::new(shared.acceptor.accept(tcp).await?) } else { Box::new(tcp) };
    let mut session = Session {
        wire: BufReader::new(wire),
        shared,
        tls: implicit_tls,
        logged_in: false,
        message: Received::default(),
    };
    session.answer(&At::Connect, "220 test ESMTP").await?;
    loop {
        let line = session.line().await?;
        let command = String::from_utf8_lossy(&line).trim_end().to_owned();
        session.shared.note(&command);
        session = session.obey(&command).await?;
    }
}

impl Session {
    async fn obey(mut self, command: &str) -> io::Result<Self> {
        if command.starts_with("EHLO ") {
            self.ehlo().await?;
        } else if command == "STARTTLS" {
            return self.starttls().await;
        } else if let Some(answer) = ["AUTH PLAIN ", "AUTH XOAUTH2 "].iter().find_map(|kind| command.strip_prefix(kind))
        {
            self.auth(answer).await?;
        } else if let Some(from) = command.strip_prefix("MAIL FROM:") {
            self.mail(from).await?;
        } else if let Some(to) = command.strip_prefix("RCPT TO:") {
            self.rcpt(to).await?;
        } else if command == "DATA" {
            self.data().await?;
        } else if command == "QUIT" {
            self.say("221 2.0.0 bye").await?;
            return Err(leave());
        } else {
            self.say("500 5.5.2 what?").await?;
        }
        Ok(self)
    }

    async fn ehlo(&mut self) -> io::Result<()> {
        let text = self.shared.script.lock().unwrap().offers(self.tls);
        self.answer(&At::Ehlo, &text).await.map(drop)
    }

    async fn starttls(mut self) -> io::Result<Self> {
        if !self.answer(&At::Starttls, "220 2.0.0 go ahead").await? {
            return Ok(self);
        }
        let clear = self.wire.into_inner();
        self.wire = BufReader::new(Box::new(self.shared.acceptor.accept(clear).await?));
        self.tls = true;
        Ok(self)
    }

    async fn auth(&mut self, plain: &str) -> io::Result<()> {
        let right = self.shared.script.lock().unwrap().login == Some(plain);
        let usual = if right { "235 2.7.0 welcome" } else { "535 5.7.8 wrong name or password" };
        self.logged_in = self.answer(&At::Auth, usual).await? && right;
        Ok(())
    }

    async fn mail(&mut self, from: &str) -> io::Result<()> {
        let needs_login = self.shared.script.lock().unwrap().login.is_some();
        if needs_login && !self.logged_in {
            return self.say("530 5.7.0 who are you?").await.map(drop);
        }
        self.message = Received { from: from.to_owned(), tls: self.tls, ..Received::default() };
        self.answer(&At::Mail, "250 2.1.0 ok").await.map(drop)
    }

    async fn rcpt(&mut self, to: &str) -> io::Result<()> {
        let address = to.trim_start_matches('<').split('>').next().unwrap();
        if self.answer(&At::rcpt(address), "250 2.1.5 ok").await? {
            self.message.to.push(to.to_owned());
        }
        Ok(())
    }

    async fn data(&mut self) -> io::Result<()> {
        if self.message.to.is_empty() {
            return self.say("554 5.5.1 nobody to send it to").await.map(drop);
        }
        if !self.answer(&At::Data, "354 go ahead").await? {
            return Ok(());
        }
        loop {
            let line = self.line().await?;
            if line == b".\r\n" {
                break;
            }
            let text = line.strip_prefix(b".").unwrap_or(&line);
            self.message.bytes.extend_from_slice(text);
        }
        let rule = self.shared.script.lock().unwrap().next(&At::Body);
        if rule.as_ref().is_none_or(Do::takes_the_message) {
            let message = std::mem::take(&mut self.message);
            self.shared.record.lock().unwrap().messages.push(message);
        }
        self.act(rule, "250 2.0.0 queued as 1").await.map(drop)
    }

    /// Does what the script says for this point; true where the answer was positive.
    async fn answer(&mut self, at: &At, usual: &str) -> io::Result<bool> {
        let rule = self.shared.script.lock().unwrap().next(at);
        self.act(rule, usual).await
    }

    async fn act(&mut self, rule: Option<Do>, usual: &str) -> io::Result<bool> {
        match rule {
            None => self.say(usual).await,
            Some(Do::Reply(text)) => self.say(text).await,
            Some(Do::ReplyThenDrop(text)) => {
                self.say(text).await?;
                Err(leave())
            }
            Some(Do::Bytes(bytes)) => self.send(bytes).await,
            Some(Do::BytesThenDrop(bytes)) => {
                self.send(bytes).await?;
                Err(leave())
            }
            Some(Do::Flood(bytes)) => loop {
                self.send(bytes).await?;
            },
            Some(Do::Dribble(text)) => self.dribble(text).await,
            Some(Do::Drop) => Err(leave()),
            Some(Do::WaitFor(gate)) => {
                gate.pass().await;
                self.say(usual).await
            }
        }
    }

    async fn say(&mut self, text: &str) -> io::Result<bool> {
        self.send(format!("{text}\r\n").as_bytes()).await
    }

    async fn send(&mut self, bytes: &[u8]) -> io::Result<bool> {
        self.wire.write_all(bytes).await?;
        self.wire.flush().await?;
        Ok(bytes.starts_with(b"2") || bytes.starts_with(b"3"))
    }

    async fn dribble(&mut self, text: &str) -> io::Result<bool> {
        for byte in format!("{text}\r\n").bytes() {
            self.wire.write_all(&[byte]).await?;
            self.wire.flush().await?;
            // Lets the other side read before the next byte is there.
            tokio::task::yield_now().await;
        }
        Ok(text.starts_with(['2', '3']))
    }

    async fn line(&mut self) -> io::Result<Vec<u8>> {
        let mut line = Vec::new();
        if self.wire.read_until(b'\n', &mut line).await? == 0 {
            return Err(leave());
        }
        Ok(line)
    }
}

/// Ends the session from wherever it is.
fn leave() -> io::Error {
    io::ErrorKind::ConnectionAborted.into()
}
