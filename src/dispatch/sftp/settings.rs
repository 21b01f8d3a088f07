//! What a program states about its partners' SFTP folders.

use std::{collections::BTreeMap, path::PathBuf};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Partners' folders, by the name that an endpoint gives as its `connection`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SftpSettings {
    /// One table a partner: `[channels.sftp.connections.lakeside]`.
    pub connections: BTreeMap<String, SftpConnection>,
}

/// One partner's folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SftpConnection {
    /// Name or IP address of the server.
    pub host: String,
    /// Port of the server.
    #[serde(default = "ssh")]
    #[schemars(range(min = 1))]
    pub port: u16,
    /// Name to log in with.
    pub username: String,
    /// The server's own key, as the partner told it: `SHA256:` and 43 characters. No other key is accepted.
    pub host_key: String,
    /// File with our private key (OpenSSH format, without a passphrase).
    #[serde(default)]
    pub key_file: Option<PathBuf>,
    /// File that holds the password, where the partner gives no other way.
    #[serde(default)]
    pub password_file: Option<PathBuf>,
    /// Name of the environment variable that holds the password.
    #[serde(default)]
    pub password_env: Option<String>,
    /// The folder on the server that takes the papers.
    #[serde(default = "here")]
    pub folder: String,
    /// Seconds that one step may take: connecting, writing, reading back.
    #[serde(default = "half_a_minute")]
    #[schemars(range(min = 1))]
    pub step_seconds: u64,
}

fn ssh() -> u16 {
    22
}

fn here() -> String {
    ".".to_owned()
}

fn half_a_minute() -> u64 {
    30
}

impl SftpSettings {
    /// Everything that is wrong with the settings by themselves: the connection's name and a sentence that begins
    /// with the setting.
    #[must_use]
    pub fn check(&self) -> Vec<(String, String)> {
        self.connections
            .iter()
            .flat_map(|(name, connection)| {
                connection.check().into_iter().map(move |says| (name.clone(), says.to_owned()))
            })
            .collect()
    }
}

impl SftpConnection {
    fn check(&self) -> Vec<&'static str> {
        let ways = [self.key_file.is_some(), self.password_file.is_some(), self.password_env.is_some()];
        let one_line = |text: &str| !text.is_empty() && !text.contains(char::is_control);
        [
            (
                !one_line(&self.host) || self.host.contains('/'),
                "host: must be the name or the IP address of the server",
            ),
            (!one_line(&self.username), "username: must be one line"),
            (!one_line(&self.folder), "folder: must be one line"),
            (
                !self.host_key.strip_prefix("SHA256:").is_some_and(is_digest),
                "host_key: must be SHA256: and 43 characters, as `ssh-keygen -lf` prints it",
            ),
            (
                ways.iter().filter(|way| **way).count() != 1,
                "key_file: give one of key_file, password_file and password_env",
            ),
            (self.step_seconds == 0, "step_seconds: must be at least 1"),
        ]
        .into_iter()
        .filter(|(wrong, _)| *wrong)
        .map(|(_, says)| says)
        .collect()
    }
}

/// SHA-256 in base64 without padding.
fn is_digest(text: &str) -> bool {
    text.len() == 43 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'+' || b == b'/')
}
