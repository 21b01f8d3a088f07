//! Access tokens for relays that take no password (XOAUTH2): fetched with the program's own credentials, kept for as
//! long as they hold, fetched anew when the relay refuses one.

use std::{
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

use rustls::crypto::ring;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;
use ureq::{
    Agent,
    tls::{Certificate, RootCerts, TlsConfig},
};

use crate::dispatch::{secret, tls_roots};

/// How an access token is fetched: the client-credentials grant of RFC 6749, 4.4.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TokenSettings {
    /// Where tokens are given out: an `https://` address.
    pub url: String,
    /// Who asks.
    pub client_id: String,
    /// File that holds the client's secret.
    #[serde(default)]
    pub client_secret_file: Option<PathBuf>,
    /// Name of the environment variable that holds the client's secret.
    #[serde(default)]
    pub client_secret_env: Option<String>,
    /// What the token is for, such as `https://outlook.office365.com/.default`.
    pub scope: String,
}

impl TokenSettings {
    pub(super) fn check(&self) -> Vec<&'static str> {
        let loopback = ["http://127.0.0.1:", "http://localhost:"].iter().any(|start| self.url.starts_with(start));
        [
            (!self.url.starts_with("https://") && !loopback, "oauth.url: must begin with https://"),
            (
                self.client_secret_file.is_some() == self.client_secret_env.is_some(),
                "oauth.client_secret_file: give one of client_secret_file and client_secret_env",
            ),
        ]
        .into_iter()
        .filter(|(wrong, _)| *wrong)
        .map(|(_, says)| says)
        .collect()
    }
}

/// Before its end a token is fetched anew, so that it does not end within a conversation.
const MARGIN: Duration = Duration::from_mins(2);
/// A server that does not say how long a token holds.
const USUAL_LIFE: u64 = 600;
const LIMIT: Duration = Duration::from_secs(30);

/// Gives out tokens.
pub(super) struct Tokens {
    settings: TokenSettings,
    secret: String,
    agent: Agent,
    held: Mutex<Option<(String, Instant)>>,
}

#[derive(Deserialize)]
struct Granted {
    access_token: String,
    #[serde(default)]
    expires_in: Option<u64>,
}

impl Tokens {
    pub(super) fn new(settings: TokenSettings) -> Result<Self, String> {
        let secret = secret::read(
            "client_secret",
            settings.client_secret_file.as_deref(),
            settings.client_secret_env.as_deref(),
        )
        .map_err(|says| format!("oauth.{says}"))?;
        let roots: Vec<Certificate<'static>> =
            tls_roots::authorities(None)?.iter().map(|c| Certificate::from_der(c).to_owned()).collect();
        let tls = TlsConfig::builder()
            .root_certs(RootCerts::new_with_certs(&roots))
            .unversioned_rustls_crypto_provider(Arc::new(ring::default_provider()))
            .build();
        let agent = Agent::config_builder().tls_config(tls).timeout_global(Some(LIMIT)).build().into();
        Ok(Self { settings, secret, agent, held: Mutex::default() })
    }

    /// A token that holds. `refused` is one that the relay would not take.
    pub(super) async fn token(&self, refused: Option<&str>) -> Result<String, String> {
        let mut held = self.held.lock().await;
        if let Some((token, until)) = held.as_ref()
            && Instant::now() < *until
            && refused != Some(token)
        {
            return Ok(token.clone());
        }
        let (agent, settings, secret) = (self.agent.clone(), self.settings.clone(), self.secret.clone());
        let fetching = tokio::task::spawn_blocking(move || fetch(&agent, &settings, &secret));
        let granted = fetching.await.map_err(|_| "the access token could not be fetched".to_owned())??;
        let life = Duration::from_secs(granted.expires_in.unwrap_or(USUAL_LIFE)).saturating_sub(MARGIN);
        *held = Some((granted.access_token.clone(), Instant::now() + life));
        Ok(granted.access_token)
    }
}

/// No answer is repeated: it may hold a token or the secret.
fn fetch(agent: &Agent, settings: &TokenSettings, secret: &str) -> Result<Granted, String> {
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", &settings.client_id),
        ("client_secret", secret),
        ("scope", &settings.scope),
    ];
    let mut answer = agent.post(&settings.url).send_form(form).map_err(|error| match error {
        ureq::Error::StatusCode(code) => {
            format!("the access token was refused ({code}); check client_id, its secret and scope")
        }
        _ => "the server that gives out access tokens cannot be reached".to_owned(),
    })?;
    let text = answer.body_mut().read_to_string().map_err(|_| "the answer with the access token was cut".to_owned())?;
    serde_json::from_str(&text).map_err(|_| "the server gave no access token".to_owned())
}
