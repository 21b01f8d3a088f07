//! An SMTP server inside the test, which answers as a script says and keeps what it was told.

mod certificate;
mod script;
mod session;

use std::{
    net::SocketAddr,
    path::Path,
    sync::{Arc, Mutex},
};

use tempfile::NamedTempFile;
use tokio::{
    net::TcpListener,
    task::{JoinHandle, JoinSet},
};
use tokio_rustls::TlsAcceptor;

pub use self::script::{At, Do, Gate, Script};

/// One message as the server has it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Received {
    /// What followed `MAIL FROM:`, parameters included.
    pub from: String,
    /// What followed each accepted `RCPT TO:`.
    pub to: Vec<String>,
    /// The message, without the dots that SMTP adds.
    pub bytes: Vec<u8>,
    /// Whether it came under TLS.
    pub tls: bool,
}

/// What the server has seen so far.
#[derive(Debug, Default)]
struct Record {
    messages: Vec<Received>,
    commands: Vec<String>,
    connections: usize,
}

/// What the sessions of one server share.
struct Shared {
    script: Mutex<Script>,
    acceptor: TlsAcceptor,
    record: Mutex<Record>,
}

impl Shared {
    fn note(&self, command: &str) {
        let mut record = self.record.lock().unwrap();
        record.commands.push(command.to_owned());
    }
}

/// A server that listens on 127.0.0.1 until it is dropped.
pub struct Server {
    address: SocketAddr,
    authority: NamedTempFile,
    certificate_sha256: String,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

impl Server {
    /// Starts to listen on a free port.
    pub async fn start(script: Script) -> Self {
        let (acceptor, authority, certificate_sha256) =
            certificate::issue(script.certificate_name, script.certificate_expired);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared { script: Mutex::new(script), acceptor, record: Mutex::default() });
        let task = tokio::spawn(listen(listener, Arc::clone(&shared)));
        Self { address, authority, certificate_sha256, shared, task }
    }

    /// The port it listens on.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// SHA-256 of the certificate that the server shows.
    pub fn certificate_sha256(&self) -> &str {
        &self.certificate_sha256
    }

    /// A PEM file with the private authority that vouches for the server's certificate.
    pub fn authority_file(&self) -> &Path {
        self.authority.path()
    }

    /// The messages that the server took, in order.
    pub fn messages(&self) -> Vec<Received> {
        self.shared.record.lock().unwrap().messages.clone()
    }

    /// How many messages the server took.
    pub fn taken(&self) -> usize {
        self.shared.record.lock().unwrap().messages.len()
    }

    /// Every command line of every connection, in order.
    pub fn commands(&self) -> Vec<String> {
        self.shared.record.lock().unwrap().commands.clone()
    }

    /// How many commands began with this verb.
    pub fn count(&self, verb: &str) -> usize {
        self.commands().iter().filter(|line| line.starts_with(verb)).count()
    }

    /// How many connections were opened.
    pub fn connections(&self) -> usize {
        self.shared.record.lock().unwrap().connections
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn listen(listener: TcpListener, shared: Arc<Shared>) {
    // Dropped with the task, and the sessions with it.
    let mut sessions = JoinSet::new();
    while let Ok((tcp, _)) = listener.accept().await {
        shared.record.lock().unwrap().connections += 1;
        sessions.spawn(session::serve(tcp, Arc::clone(&shared)));
    }
}
