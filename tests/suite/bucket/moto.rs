//! moto's S3 server, in a process of its own. `.ci/run` installs it into a folder of its own; elsewhere
//! `pip install 'moto[server]'` does.

use std::{
    env,
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    path::PathBuf,
    process::{Child, Command, Stdio},
};

use crate::harness::skipped;

/// Whoever signs may read what others keep to themselves; the signature itself is not looked at.
const SIGNED: &str = "Authorization: AWS4-HMAC-SHA256 Credential=somebody/20260101/us-east-1/s3/aws4_request, \
                      SignedHeaders=host, Signature=x\r\n";

fn program() -> Option<PathBuf> {
    let cache = env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(PathBuf::from(env::var_os("HOME")?).join(".cache")))
        .map(|cache| cache.join("earlypost-ci/moto/bin"));
    let path = env::var_os("PATH").unwrap_or_default();
    let named = env::var_os("EARLYPOST_TEST_MOTO").map(PathBuf::from);
    let found = cache.into_iter().chain(env::split_paths(&path)).map(|folder| folder.join("moto_server"));
    named.into_iter().chain(found).find(|program| program.is_file())
}

/// Whether there is an S3 server to test with. Where `CI` is set, it is required.
pub fn moto_is_here(test: &str) -> bool {
    let here = program().is_some();
    if !here {
        assert!(env::var_os("CI").is_none(), "moto is required in CI; `.ci/run` installs it");
        skipped(test, "there is no S3 server (pip install 'moto[server]')");
    }
    here
}

pub struct Moto {
    address: SocketAddr,
    variables: Vec<(&'static str, &'static str)>,
    /// It stops when its standard input closes, so also when this process is killed.
    server: Option<Child>,
}

impl Moto {
    pub fn start(variables: &[(&'static str, &'static str)]) -> Self {
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let mut moto = Self { address, variables: variables.to_vec(), server: None };
        moto.start_again();
        moto
    }

    /// On the same address, with nothing in it.
    pub fn start_again(&mut self) {
        let script = "\"$1\" -H 127.0.0.1 -p \"$2\" & server=$!; cat >/dev/null; kill \"$server\"; wait \"$server\"";
        let server = Command::new("sh")
            .args(["-c", script, "sh"])
            .arg(program().unwrap())
            .arg(self.address.port().to_string())
            .envs(self.variables.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        self.server = Some(server);
        while TcpStream::connect(self.address).is_err() {
            std::thread::yield_now();
        }
    }

    pub fn stop(&mut self) {
        if let Some(mut server) = self.server.take() {
            drop(server.stdin.take());
            server.wait().unwrap();
        }
    }

    /// What the program is told about it.
    pub fn variables(&self) -> [(&'static str, String); 5] {
        [
            ("AWS_ENDPOINT", format!("http://{}", self.address)),
            ("AWS_ALLOW_HTTP", "true".to_owned()),
            ("AWS_REGION", "us-east-1".to_owned()),
            ("AWS_ACCESS_KEY_ID", "somebody".to_owned()),
            ("AWS_SECRET_ACCESS_KEY", "hush-hush".to_owned()),
        ]
    }

    pub fn make_bucket(&self) {
        assert_eq!(self.ask("PUT", "/papers", b"").0, 200);
    }

    /// Status and body.
    pub fn ask(&self, verb: &str, path: &str, body: &[u8]) -> (u16, Vec<u8>) {
        let mut stream = TcpStream::connect(self.address).unwrap();
        let length = body.len();
        let host = self.address;
        let head = format!("{verb} {path} HTTP/1.0\r\nHost: {host}\r\n{SIGNED}Content-Length: {length}\r\n\r\n");
        stream.write_all(&[head.as_bytes(), body].concat()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let end = answer.windows(4).position(|w| w == b"\r\n\r\n").expect("an answer has a head") + 4;
        let head = String::from_utf8_lossy(&answer[..end]).into_owned();
        (head.split(' ').nth(1).unwrap().parse().unwrap(), answer[end..].to_vec())
    }

    /// The names of what is in the bucket.
    pub fn names(&self) -> Vec<String> {
        let (code, list) = self.ask("GET", "/papers?list-type=2&max-keys=1000", b"");
        assert_eq!(code, 200);
        let list = String::from_utf8(list).unwrap();
        let keys = list.split("<Key>").skip(1).filter_map(|rest| rest.split_once("</Key>"));
        keys.map(|(key, _)| key.to_owned()).collect()
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        if let Some(mut server) = self.server.take() {
            drop(server.stdin.take());
            let _ = server.wait();
        }
    }
}
