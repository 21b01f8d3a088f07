//! What a program states about its mail relay.

use std::{path::PathBuf, time::Duration};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::token::TokenSettings;
use crate::dispatch::email::smime::SmimeSettings;

/// How to reach the mail relay and how patient to be with it.
///
/// A password is never part of the settings: they name the place where it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SmtpSettings {
    /// Name or IP address of the relay. The certificate must be made out to it.
    pub host: String,
    /// Port of the relay: 587 is usual for `starttls`, 465 for `implicit_tls`.
    #[serde(default = "submission_port")]
    #[schemars(range(min = 1))]
    pub port: u16,
    /// How the connection is protected.
    #[serde(default)]
    pub security: Security,
    /// PEM file with the certificate of a private certificate authority. It is trusted instead of
    /// the authorities of the operating system, not besides them.
    #[serde(default)]
    pub ca_file: Option<PathBuf>,
    /// Name to log in with. Leave it out for a relay that wants no login.
    #[serde(default)]
    pub username: Option<String>,
    /// File that holds the password; a line end after the password is ignored.
    #[serde(default)]
    pub password_file: Option<PathBuf>,
    /// Name of the environment variable that holds the password.
    #[serde(default)]
    pub password_env: Option<String>,
    /// Name to give in EHLO; without it the name of this machine.
    #[serde(default)]
    pub hello_name: Option<String>,
    /// Where failure notices go: an address of the program that holds `{token}`, such as
    /// `bounces+{token}@example.org`. The token names the attempt and bears a mark that only this
    /// installation can make. Without it they go to the program's own address.
    #[serde(default)]
    pub return_path: Option<String>,
    /// How an access token is fetched, for a relay that takes no password (XOAUTH2). `username` is the mailbox.
    #[serde(default)]
    pub oauth: Option<TokenSettings>,
    /// The program's certificate, for addresses whose papers are signed and encrypted (S/MIME).
    #[serde(default)]
    pub smime: Option<SmimeSettings>,
    /// Messages that the relay takes a minute; without it there is no limit.
    #[serde(default)]
    #[schemars(range(min = 1))]
    pub messages_per_minute: Option<u32>,
    /// How long each step may take.
    #[serde(default)]
    pub limits: Limits,
    /// The program's own statement that this relay sends on only under TLS. Nothing in the SMTP
    /// session can show it.
    #[serde(default)]
    pub enforces_tls_onward: bool,
    /// How many connections may be open to the relay at the same time, from 1 to 100.
    #[serde(default = "one_connection")]
    #[schemars(range(min = 1, max = 100))]
    pub connections: u32,
    /// Largest message to hand over, in bytes. A smaller limit of the relay's own counts as well.
    #[serde(default = "twenty_megabytes")]
    #[schemars(range(min = 1))]
    pub max_message_bytes: u64,
}

impl SmtpSettings {
    /// The files that they name, with the names of their settings after `prefix`.
    pub(in crate::dispatch) fn files(&mut self, prefix: &str) -> Vec<(String, &mut PathBuf)> {
        let secret = self.oauth.as_mut().and_then(|oauth| oauth.client_secret_file.as_mut());
        let smime = self.smime.iter_mut().flat_map(SmimeSettings::files).map(|(name, path)| (name, Some(path)));
        [
            ("ca_file", self.ca_file.as_mut()),
            ("password_file", self.password_file.as_mut()),
            ("oauth.client_secret_file", secret),
        ]
        .into_iter()
        .chain(smime)
        .filter_map(|(name, path)| path.map(|path| (format!("{prefix}{name}"), path)))
        .collect()
    }
}

/// How the connection to the relay is protected.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Security {
    /// Begins in clear and must change to TLS before anything is said about a message.
    #[default]
    Starttls,
    /// TLS from the first byte.
    ImplicitTls,
    /// No TLS. Accepted only for a relay on this same machine (a loopback host).
    Plaintext,
}

/// How long each step may take, in whole seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// From the first packet until the relay has greeted us, for each of its addresses.
    #[schemars(range(min = 1))]
    pub connect: u64,
    /// From a command until its answer.
    #[schemars(range(min = 1))]
    pub command: u64,
    /// From the first byte of the message until the final answer. A short limit here makes
    /// duplicates: some relays take minutes to look at an attachment before they say 250.
    #[schemars(range(min = 1))]
    pub final_reply: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { connect: 30, command: 60, final_reply: 600 }
    }
}

impl Limits {
    pub(super) fn for_connect(self) -> Duration {
        Duration::from_secs(self.connect)
    }

    pub(super) fn for_command(self) -> Duration {
        Duration::from_secs(self.command)
    }

    pub(super) fn for_final_reply(self) -> Duration {
        Duration::from_secs(self.final_reply)
    }
}

fn submission_port() -> u16 {
    587
}

fn one_connection() -> u32 {
    1
}

fn twenty_megabytes() -> u64 {
    20_000_000
}
