//! Access tokens in place of a password, from a server of the test.

use std::sync::{Arc, Mutex};

use earlypost::dispatch::{Outcome, email::smtp::Relay};
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use super::{settings, submit};
use crate::smtp_server::{At, Do, Script, Server};

/// Gives out `token-1`, `token-2`, ... and keeps what it was asked.
struct Giver {
    port: u16,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Giver {
    async fn start(status: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let keeps = Arc::clone(&asked);
        tokio::spawn(async move {
            loop {
                let (mut tcp, _) = listener.accept().await.unwrap();
                let mut request = Vec::new();
                while !String::from_utf8_lossy(&request).contains("scope=") {
                    let mut bytes = [0; 1024];
                    let read = tcp.read(&mut bytes).await.unwrap();
                    request.extend_from_slice(&bytes[..read]);
                }
                let number = {
                    let mut asked = keeps.lock().unwrap();
                    asked.push(String::from_utf8_lossy(&request).into_owned());
                    asked.len()
                };
                let body =
                    format!("{{\"access_token\":\"token-{number}\",\"expires_in\":3600,\"token_type\":\"Bearer\"}}");
                let head = format!("HTTP/1.1 {status}\r\nContent-Type: application/json\r\nConnection: close\r\n");
                tcp.write_all(format!("{head}Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes()).await.unwrap();
            }
        });
        Self { port, asked }
    }

    fn relay(&self, server: &Server) -> Relay {
        Relay::new(settings(
            server,
            json!({
                "username": "papers@ei.example",
                "oauth": { "url": format!("http://127.0.0.1:{}/token", self.port), "client_id": "earlypost",
                           "client_secret_env": "CARGO_PKG_NAME", "scope": "https://relay.example.org/.default" },
            }),
        ))
        .unwrap()
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

fn wanting_tokens() -> Script {
    Script::plaintext().offering(&["AUTH XOAUTH2"]).always(At::Auth, Do::Reply("235 2.7.0 welcome"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_fetched_with_our_own_credentials_and_used_for_every_connection() {
    let server = Server::start(wanting_tokens()).await;
    let giver = Giver::start("200 OK").await;
    let relay = giver.relay(&server);

    assert!(matches!(submit(&relay).await, Outcome::Accepted(_)));
    relay.close().await;
    assert!(matches!(submit(&relay).await, Outcome::Accepted(_)));

    let asked = giver.asked();
    assert_eq!(asked.len(), 1, "a token is kept for as long as it holds");
    assert!(asked[0].contains("grant_type=client_credentials") && asked[0].contains("client_secret=earlypost"));
    // base64 of user=papers@ei.example^Aauth=Bearer token-1^A^A
    let login = "AUTH XOAUTH2 dXNlcj1wYXBlcnNAZWkuZXhhbXBsZQFhdXRoPUJlYXJlciB0b2tlbi0xAQE=";
    assert_eq!(server.commands().iter().filter(|c| c.as_str() == login).count(), 2, "{:?}", server.commands());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_token_is_fetched_anew_once_and_then_the_channel_is_wrong() {
    let once = Script::plaintext()
        .offering(&["AUTH XOAUTH2"])
        .once(At::Auth, Do::Reply("535 5.7.3 expired"))
        .always(At::Auth, Do::Reply("235 2.7.0 welcome"));
    let server = Server::start(once).await;
    let giver = Giver::start("200 OK").await;
    assert!(matches!(submit(&giver.relay(&server)).await, Outcome::Accepted(_)));
    assert_eq!(giver.asked().len(), 2);

    let always = Script::plaintext().offering(&["AUTH XOAUTH2"]).always(At::Auth, Do::Reply("535 5.7.3 no"));
    let server = Server::start(always).await;
    let outcome = submit(&giver.relay(&server)).await;
    assert!(matches!(outcome, Outcome::Misconfigured(_)), "{outcome:?}");
    assert_eq!(server.count("MAIL"), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_token_nothing_is_sent_and_no_secret_is_repeated() {
    let server = Server::start(wanting_tokens()).await;
    let giver = Giver::start("401 Unauthorized").await;
    let outcome = submit(&giver.relay(&server)).await;
    let Outcome::Misconfigured(evidence) = outcome else { panic!("{outcome:?}") };
    assert!(evidence.reply.contains("the access token was refused (401)"), "{}", evidence.reply);
    assert!(!evidence.reply.contains("earlypost"));
}
