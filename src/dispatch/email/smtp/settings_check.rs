//! What can be wrong with the settings of a relay.

use std::net::IpAddr;

use rustls::pki_types::ServerName;

use super::settings::{Security, SmtpSettings};
use crate::dispatch::ReturnPath;

impl SmtpSettings {
    /// Everything that is wrong with the settings by themselves: one sentence a fault, each
    /// beginning with the name of the setting.
    ///
    /// Files and variables are not looked at; [`Relay::new`](super::Relay::new) does that.
    #[must_use]
    pub fn check(&self) -> Vec<String> {
        let limits = self.limits;
        let faults = [
            (
                !self.host_is_usable(),
                "host: must be the name or the IP address of the relay, without a scheme or a port",
            ),
            (self.port == 0, "port: must not be 0"),
            (
                self.security == Security::Plaintext && !self.host_is_loopback(),
                "security: plaintext is accepted only where host is localhost or a loopback address",
            ),
            (
                self.password_file.is_some() && self.password_env.is_some(),
                "password_file: give either password_file or password_env, not both",
            ),
            (
                self.username.is_some() && !self.names_a_password() && self.oauth.is_none(),
                "username: needs password_file, password_env or oauth",
            ),
            (self.oauth.is_some() && self.names_a_password(), "oauth: give either a password or oauth, not both"),
            (self.oauth.is_some() && self.username.is_none(), "username: is missing although oauth is given"),
            (self.messages_per_minute == Some(0), "messages_per_minute: must be at least 1"),
            (self.username.is_none() && self.names_a_password(), "username: is missing although a password is given"),
            (
                self.username.as_deref().is_some_and(|name| name.is_empty() || name.contains(char::is_control)),
                "username: must not be empty or hold control characters",
            ),
            (
                self.hello_name.as_deref().is_some_and(|name| !is_one_printable_word(name)),
                "hello_name: must be one word of ASCII letters, digits and punctuation",
            ),
            (
                limits.connect == 0 || limits.command == 0 || limits.final_reply == 0,
                "limits: every limit must be at least one second",
            ),
            (
                self.return_path.as_deref().is_some_and(|path| ReturnPath::parse(path, [0; 32]).is_err()),
                "return_path: must be an address that holds {token} once, such as bounces+{token}@example.org, \
                 with at most 22 characters beside it before the @",
            ),
            (!(1..=100).contains(&self.connections), "connections: must be from 1 to 100"),
            (self.max_message_bytes == 0, "max_message_bytes: must be at least 1"),
        ];
        let mut found: Vec<String> =
            faults.into_iter().filter(|(wrong, _)| *wrong).map(|(_, sentence)| sentence.to_owned()).collect();
        found.extend(self.oauth.iter().flat_map(|oauth| oauth.check().into_iter().map(str::to_owned)));
        found
    }

    /// The return paths of these settings, with marks under `key`; none where the setting is missing or wrong.
    #[must_use]
    pub fn return_path(&self, key: [u8; 32]) -> Option<ReturnPath> {
        ReturnPath::parse(self.return_path.as_deref()?, key).ok()
    }

    /// The relay as the record of access names it.
    pub(super) fn peer(&self) -> String {
        if self.host.contains(':') {
            format!("[{}]:{}", self.host, self.port)
        } else {
            format!("{}:{}", self.host, self.port)
        }
    }

    fn names_a_password(&self) -> bool {
        self.password_file.is_some() || self.password_env.is_some()
    }

    fn host_is_usable(&self) -> bool {
        ServerName::try_from(self.host.as_str()).is_ok()
    }

    fn host_is_loopback(&self) -> bool {
        self.host.eq_ignore_ascii_case("localhost")
            || self.host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
    }
}

fn is_one_printable_word(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_graphic())
}
