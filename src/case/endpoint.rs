//! Ways to reach somebody.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Date, EndpointId, Line, Prose};

/// One way to reach one person or office.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Endpoint {
    /// Its id, unique in the file that holds it.
    pub endpoint_id: EndpointId,
    /// Where it leads.
    pub address: Address,
    /// The last day on which somebody made sure that it belongs to its owner; needed before a first use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verified_on: Option<Date>,
    /// How it was made sure: `read back at intake`, `called the practice's published number`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verified_how: Option<Line>,
    /// Who made sure of it. An office's endpoint needs it before a first use: a wrong fax number is a stranger's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verified_by: Option<Line>,
    /// From this day on nothing goes there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disabled_on: Option<Date>,
    /// What its owner said is safe there. What is not said is not safe.
    #[serde(default, skip_serializing_if = "Safe::is_unsaid")]
    pub safe: Safe,
}

/// What is safe at an address or a number. Each is a wish of its owner; absent means no.
#[expect(clippy::struct_excessive_bools, reason = "each is its own wish, and any of them may be joined")]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Safe {
    /// Nobody else opens, hears or reads it. Absent: it is shared.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub private: bool,
    /// A reminder may name the day and hour of a visit. It never names a place, the child or a diagnosis.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub may_name_visit: bool,
    /// Whoever calls may leave a message.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub may_leave_message: bool,
    /// Nothing around the papers says which program writes: neither subject nor sender nor envelope.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub discreet: bool,
}

impl Safe {
    /// Whether nothing was said.
    #[must_use]
    pub fn is_unsaid(&self) -> bool {
        *self == Self::default()
    }
}

/// Where an endpoint leads, by kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Address {
    /// An e-mail address.
    Email {
        /// The address, such as `clinic@example.org`.
        to: Line,
        /// What protects personal papers on the way. Absent: no personal paper goes there.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        protection: Option<MailProtection>,
    },
    /// A postal address.
    Postal {
        /// The lines of the address as printed, the addressee left out: one to four lines.
        lines: Vec<Line>,
    },
    /// A fax number.
    Fax {
        /// The number, digits with punctuation.
        number: Line,
    },
    /// A partner's SFTP folder.
    Sftp {
        /// The name of the connection in the configuration.
        connection: Line,
    },
    /// Handed over in person.
    Hand {
        /// Where or when, in a few words.
        place: Line,
    },
}

/// What protects a personal paper in e-mail (45 CFR 164.312(e); for parents 78 FR 5634).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum MailProtection {
    /// The relay is stated to enforce TLS onward to this address.
    TlsRequired,
    /// A Direct address, reached through the program's health information service provider.
    Direct,
    /// Each paper is an encrypted copy (AES-256); its passphrase goes by telephone or letter.
    EncryptedPdf,
    /// Signed by the program and encrypted to this address's own certificate.
    Smime {
        /// The certificate, in PEM.
        certificate: Prose,
    },
    /// A parent who was warned of the risk and still prefers ordinary e-mail.
    PlainWithWarning {
        /// The day of the warning.
        warned_on: Date,
        /// Which text of the warning was used.
        warning_version: Line,
    },
}

/// The kind of an endpoint, by which a configuration maps endpoints to channels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EndpointKind {
    /// E-mail.
    Email,
    /// Postal mail.
    Postal,
    /// Fax.
    Fax,
    /// SFTP.
    Sftp,
    /// By hand.
    Hand,
}

impl EndpointKind {
    /// The word a coordinator knows.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Email => "e-mail",
            Self::Postal => "postal mail",
            Self::Fax => "fax",
            Self::Sftp => "SFTP",
            Self::Hand => "by hand",
        }
    }
}

impl Address {
    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> EndpointKind {
        match self {
            Self::Email { .. } => EndpointKind::Email,
            Self::Postal { .. } => EndpointKind::Postal,
            Self::Fax { .. } => EndpointKind::Fax,
            Self::Sftp { .. } => EndpointKind::Sftp,
            Self::Hand { .. } => EndpointKind::Hand,
        }
    }

    /// The exact address in one line, for the record of access and for a person's eyes only.
    #[must_use]
    pub fn in_one_line(&self) -> String {
        match self {
            Self::Email { to, .. } => to.to_string(),
            Self::Postal { lines } => lines.iter().map(Line::as_str).collect::<Vec<_>>().join(", "),
            Self::Fax { number } => number.to_string(),
            Self::Sftp { connection } => connection.to_string(),
            Self::Hand { place } => place.to_string(),
        }
    }
}
