//! The seam to the outside: a channel takes a parcel and tells what became of it.

use std::{future::Future, path::PathBuf, pin::Pin};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    email::smtp::SmtpSettings,
    fax::{GatewaySettings, HylafaxSettings},
    outcome::{Evidence, Outcome},
    parcel::Parcel,
    postal::ipp::IppSettings,
    sftp::SftpSettings,
};

/// A boxed future, so that channels can be held as `Arc<dyn Channel>`.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// What may be known about a parcel after a crash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trace {
    /// It is there: the effect had happened.
    Found(Evidence),
    /// It is not there: nothing had happened.
    Absent,
    /// This channel cannot tell; a person or a policy decides.
    CannotTell,
}

/// A way out.
pub trait Channel: Send + Sync {
    /// Its name in the table and in the record: `folder`, `print`, `smtp`.
    fn name(&self) -> &'static str;

    /// Whether it takes whole e-mail messages (and not bare papers).
    fn takes_messages(&self) -> bool;

    /// Whether it puts a cover sheet before the papers.
    fn needs_cover(&self) -> bool {
        false
    }

    /// Whether each address is a partner with settings of its own: one that is wrong says nothing about the others.
    fn has_partners(&self) -> bool {
        false
    }

    /// Whether anything leaves this machine by it.
    fn leaves_this_machine(&self) -> bool;

    /// Tries once.
    fn deliver<'a>(&'a self, parcel: &'a Parcel) -> Answer<'a, Outcome>;

    /// Looks whether it could take something now, without giving it anything: what it found, or what is wrong.
    fn look(&self) -> Answer<'_, Result<String, String>> {
        Box::pin(async { Ok("set up; it has no look of its own".to_owned()) })
    }

    /// Looks for a dispatch whose attempt ended without an answer.
    fn look_for<'a>(&'a self, dispatch_id: &'a str) -> Answer<'a, Trace>;
}

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
