//! What a program states about a channel, whichever it is.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    email::smtp::SmtpSettings,
    fax::{GatewaySettings, HylafaxSettings},
    postal::ipp::IppSettings,
    sftp::SftpSettings,
};

fn yes() -> bool {
    true
}

/// A channel's settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum ChannelSettings {
    /// E-mail messages written as `.eml` files: nothing leaves this machine.
    Folder {
        /// The folder; without one, `outgoing/mail` in the data folder.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        path: Option<PathBuf>,
    },
    /// Letters written as PDF files with a manifest, to be printed and mailed by a person.
    Print {
        /// The folder; without one, `outgoing/print` in the data folder.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        path: Option<PathBuf>,
        /// Whether the printer prints on both sides.
        #[serde(default = "yes")]
        both_sides: bool,
        /// The printer to which `print batch` sends: a queue of CUPS as `lpstat -p` shows it, or the address of a printer that
        /// speaks IPP (`ipps://printer.example.org/ipp/print`).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        printer: Option<String>,
    },
    /// A printer that speaks IPP, or a queue of CUPS.
    Ipp(IppSettings),
    /// A mail relay.
    Smtp(Box<SmtpSettings>),
    /// Partners' folders by SFTP.
    Sftp(SftpSettings),
    /// A fax gateway that takes e-mail.
    FaxGateway(Box<GatewaySettings>),
    /// A `HylaFAX` server.
    Hylafax(HylafaxSettings),
}

impl ChannelSettings {
    /// The word for it in the settings.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Folder { .. } => "folder",
            Self::Print { .. } => "print",
            Self::Ipp(_) => "ipp",
            Self::Smtp(_) => "smtp",
            Self::Sftp(_) => "sftp",
            Self::FaxGateway(_) => "fax_gateway",
            Self::Hylafax(_) => "hylafax",
        }
    }

    /// Whether nothing leaves this machine by it: all that a program with made-up people may use.
    #[must_use]
    pub fn stays_here(&self) -> bool {
        matches!(self, Self::Folder { .. } | Self::Print { .. })
    }

    /// The files that it names, with the names of their settings.
    pub fn files(&mut self) -> Vec<(String, &mut PathBuf)> {
        match self {
            Self::Smtp(settings) => settings.files(""),
            Self::FaxGateway(settings) => settings.relay.files("relay."),
            Self::Sftp(settings) => settings
                .connections
                .iter_mut()
                .flat_map(|(connection, c)| {
                    let names = ["key_file", "password_file"].map(|file| format!("connections.{connection}.{file}"));
                    names.into_iter().zip([&mut c.key_file, &mut c.password_file])
                })
                .filter_map(|(name, path)| path.as_mut().map(|path| (name, path)))
                .collect(),
            Self::Folder { .. } | Self::Print { .. } | Self::Ipp(_) | Self::Hylafax(_) => Vec::new(),
        }
    }

    /// Everything that is wrong with the settings by themselves, one sentence a fault.
    #[must_use]
    pub fn check(&self) -> Vec<String> {
        match self {
            Self::Smtp(settings) => settings.check(),
            Self::Sftp(settings) => {
                settings.check().into_iter().map(|(name, says)| format!("connections.{name}.{says}")).collect()
            }
            Self::FaxGateway(settings) => settings.check(),
            Self::Hylafax(settings) => settings.check(),
            Self::Ipp(settings) => settings.check(),
            Self::Folder { .. } | Self::Print { .. } => Vec::new(),
        }
    }
}
