//! Asks a name server for the texts under a name (RFC 1035): all that `doctor` needs of it.

use std::{net::SocketAddr, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpStream, UdpSocket},
    time::timeout,
};

/// A server that has said nothing by then is one that does not answer.
const PATIENCE: Duration = Duration::from_secs(3);
/// The kind of record that holds texts, and the class of the Internet.
const TEXT: u16 = 16;
const INTERNET: u16 = 1;
/// The size of an answer that passes every network (the one that servers agree on since 2020).
const MOST_BYTES: u16 = 1232;

/// What a server knows under a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Texts {
    /// These texts; none where the name has records of other kinds only.
    Are(Vec<String>),
    /// There is neither this name nor any below it.
    NoSuchName,
}

/// The name servers of this machine.
#[must_use]
pub fn name_servers(resolv_conf: &str) -> Vec<SocketAddr> {
    let named = resolv_conf.lines().filter_map(|line| line.trim().strip_prefix("nameserver")?.trim().parse().ok());
    named.map(|address| SocketAddr::new(address, 53)).collect()
}

/// The texts under a name. `None`: the server does not answer, or not so that it can be understood.
pub async fn texts(server: SocketAddr, name: &str) -> Option<Texts> {
    let mut id = [0; 2];
    getrandom::fill(&mut id).ok()?;
    let question = question(u16::from_be_bytes(id), name)?;
    let answer = timeout(PATIENCE, by_udp(server, &question)).await.ok()??;
    // A long answer is cut off, and says so; the whole of it comes over a connection.
    let cut = answer.get(2)? & 0b10 != 0;
    let answer = if cut { timeout(PATIENCE, by_tcp(server, &question)).await.ok()?? } else { answer };
    read(&answer, &question)
}

async fn by_udp(server: SocketAddr, question: &[u8]) -> Option<Vec<u8>> {
    let any = if server.is_ipv4() { "0.0.0.0:0" } else { "[::]:0" };
    let socket = UdpSocket::bind(any).await.ok()?;
    socket.connect(server).await.ok()?;
    socket.send(question).await.ok()?;
    let mut answer = vec![0; usize::from(MOST_BYTES)];
    loop {
        let length = socket.recv(&mut answer).await.ok()?;
        // Another's answer, or a late one, is not ours.
        if answer.get(..2) == question.get(..2) && length > 12 {
            answer.truncate(length);
            return Some(answer);
        }
    }
}

async fn by_tcp(server: SocketAddr, question: &[u8]) -> Option<Vec<u8>> {
    let mut stream = TcpStream::connect(server).await.ok()?;
    stream.write_all(&u16::try_from(question.len()).ok()?.to_be_bytes()).await.ok()?;
    stream.write_all(question).await.ok()?;
    let length = stream.read_u16().await.ok()?;
    let mut answer = vec![0; usize::from(length)];
    stream.read_exact(&mut answer).await.ok()?;
    Some(answer)
}

fn question(id: u16, name: &str) -> Option<Vec<u8>> {
    // Recursion is wanted; one question; one further record, which says how long an answer may be (RFC 6891).
    let mut bytes = Vec::new();
    for number in [id, 0x0100, 1, 0, 0, 1] {
        bytes.extend(number.to_be_bytes());
    }
    for label in name.trim_end_matches('.').split('.') {
        let length = u8::try_from(label.len()).ok().filter(|length| (1..=63).contains(length))?;
        bytes.push(length);
        bytes.extend(label.as_bytes());
    }
    bytes.push(0);
    bytes.extend([TEXT.to_be_bytes(), INTERNET.to_be_bytes()].concat());
    bytes.push(0);
    bytes.extend([41, MOST_BYTES, 0, 0, 0].map(u16::to_be_bytes).concat());
    Some(bytes)
}

fn read(answer: &[u8], question: &[u8]) -> Option<Texts> {
    let number = |at: usize| Some(u16::from_be_bytes([*answer.get(at)?, *answer.get(at + 1)?]));
    if answer.get(..2)? != question.get(..2)? {
        return None;
    }
    match answer.get(3)? & 0x0f {
        0 => {}
        3 => return Some(Texts::NoSuchName),
        _ => return None,
    }
    let mut at = 12;
    for _ in 0..number(4)? {
        at = past_name(answer, at)? + 4;
    }
    let mut texts = Vec::new();
    for _ in 0..number(6)? {
        at = past_name(answer, at)?;
        let (kind, length) = (number(at)?, usize::from(number(at + 8)?));
        let data = answer.get(at + 10..at + 10 + length)?;
        at += 10 + length;
        if kind == TEXT {
            texts.push(text(data)?);
        }
    }
    Some(Texts::Are(texts))
}

/// One text comes in pieces, each with its length before it.
fn text(mut data: &[u8]) -> Option<String> {
    let mut text = Vec::new();
    while let Some((length, rest)) = data.split_first() {
        let (piece, after) = rest.split_at_checked(usize::from(*length))?;
        text.extend(piece);
        data = after;
    }
    Some(String::from_utf8_lossy(&text).into_owned())
}

/// Where a name ends: at its empty label, or at the two bytes that point to the rest of it.
fn past_name(answer: &[u8], mut at: usize) -> Option<usize> {
    loop {
        match usize::from(*answer.get(at)?) {
            0 => return Some(at + 1),
            length if length >= 0xc0 => return Some(at + 2),
            length => at += 1 + length,
        }
    }
}
