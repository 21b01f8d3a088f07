//! What the server says that it can do.

use lettre::transport::smtp::authentication::Mechanism;

use super::{reply::Reply, submission::Submission};
use crate::dispatch::email::refusal::TOO_LARGE_HERE;

/// The EHLO keywords that matter to a submission.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a keyword that a server offers or not")]
pub(super) struct Offers {
    /// SIZE was offered, with or without a number.
    pub size: bool,
    /// The largest message the server takes, where it gave a number other than 0.
    pub most_bytes: Option<u64>,
    pub eight_bits: bool,
    /// Notices after RFC 3461 may be asked for.
    pub notices: bool,
    pub utf8_addresses: bool,
    pub starttls: bool,
    pub plain: bool,
    pub login: bool,
    pub xoauth2: bool,
}

/// In words, for a person who looks.
impl std::fmt::Display for Offers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.most_bytes {
            Some(most) => write!(f, "it takes messages of up to {} MB", most / 1_000_000)?,
            None => f.write_str("it names no largest message")?,
        }
        if !self.eight_bits {
            f.write_str(", and no text that is not plain ASCII")?;
        }
        Ok(())
    }
}

impl Offers {
    pub(super) fn read(ehlo: &Reply) -> Self {
        let mut offers = Self::default();
        // The first line holds the server's name.
        for line in ehlo.lines().skip(1) {
            let mut words = line.split_ascii_whitespace();
            match words.next().unwrap_or_default().to_ascii_uppercase().as_str() {
                "SIZE" => {
                    offers.size = true;
                    offers.most_bytes = words.next().and_then(|number| number.parse().ok()).filter(|most| *most > 0);
                }
                "8BITMIME" => offers.eight_bits = true,
                "DSN" => offers.notices = true,
                "SMTPUTF8" => offers.utf8_addresses = true,
                "STARTTLS" => offers.starttls = true,
                "AUTH" => {
                    for way in words {
                        match way.to_ascii_uppercase().as_str() {
                            "PLAIN" => offers.plain = true,
                            "LOGIN" => offers.login = true,
                            "XOAUTH2" => offers.xoauth2 = true,
                            _ => {}
                        }
                    }
                }
                _ => {}
            }
        }
        offers
    }

    /// The first of these ways to log in that the server offers.
    pub(super) fn way_to_log_in(self, ways: &[Mechanism]) -> Option<Mechanism> {
        let offered = |way: &&Mechanism| match way {
            Mechanism::Plain => self.plain,
            Mechanism::Login => self.login,
            Mechanism::Xoauth2 => self.xoauth2,
        };
        ways.iter().find(offered).copied()
    }

    /// The reason why this server cannot take the message, if there is one.
    pub(super) fn fault(self, submission: &Submission<'_>) -> Option<String> {
        let size = submission.size();
        if let Some(most) = self.most_bytes.filter(|most| size > *most) {
            return Some(format!("{TOO_LARGE_HERE}{size} bytes and the server takes at most {most}"));
        }
        if submission.needs_utf8_addresses() && !self.utf8_addresses {
            return Some("not sent: an address is not plain ASCII and the server does not offer SMTPUTF8".to_owned());
        }
        // Converting would change bytes that are already on record, so nothing is converted here.
        (submission.needs_eight_bits() && !self.eight_bits)
            .then(|| "not sent: the message is not plain ASCII and the server does not offer 8BITMIME".to_owned())
    }
}
