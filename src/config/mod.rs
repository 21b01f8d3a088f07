//! Reading settings: one commented TOML file, then the environment. It hands settings out and decides nothing.

mod environment;
mod file;
mod service;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    case::{EndpointKind, PersonId},
    dispatch::{ChannelSettings, DeliverySettings, TrialSettings, email::mailbox::ReceiveSettings},
    document::{external::FiledLimits, typst::worker::RenderSettings},
    observe::ObserveSettings,
    pipeline::ReleasePolicy,
    store::BodyPlace,
    telemetry::LogFormat,
};

pub use file::{ConfigError, load};
pub use service::{Missed, Role, ScheduleEntry, ServiceSettings, Work};

/// The settings of an installation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The caseload folder: program.toml, directory.json, children/. Relative to this file.
    pub caseload: PathBuf,
    /// Where everything is kept: database, papers, key, outgoing files. Relative to this file.
    pub data_dir: PathBuf,
    /// `sqlite:///path/to/file.db` or `postgres://...`; without it, a database file in the data folder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub store: Option<String>,
    /// Where stored papers stand: `s3://bucket/folder`, which many machines can share; without it, `papers` in the data
    /// folder. Credentials come from `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_REGION` and `AWS_ENDPOINT`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = r"^s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/.*)?$"))]
    pub papers: Option<String>,
    /// The program's key; without it, `program.key` in the data folder, made at the first start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_file: Option<PathBuf>,
    /// A folder of the program's own templates, labels, state texts and letterhead; its files stand before ours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub templates_dir: Option<PathBuf>,
    /// How logs are written.
    #[serde(default)]
    pub log_format: LogFormat,
    /// Ways out. At least one, or nothing could ever be sent.
    pub channels: ChannelsConfig,
    /// Where failure notices and receipts come in.
    #[serde(default)]
    pub receive: ReceiveSettings,
    /// Rendering.
    #[serde(default)]
    pub render: RenderSettings,
    /// How large a paper may be that is taken in.
    #[serde(default)]
    pub file_in: FiledLimits,
    /// Which papers go by themselves, and which when a person has released them.
    #[serde(default)]
    pub release: ReleasePolicy,
    /// Delivery.
    #[serde(default)]
    pub delivery: DeliverySettings,
    /// The service.
    #[serde(default)]
    pub service: ServiceSettings,
    /// Who may watch the service.
    #[serde(default)]
    pub observe: ObserveSettings,
    /// What the service does by itself, and when. Each entry adds to the built-in ones or takes the place of one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub schedule: Vec<ScheduleEntry>,
    /// Who is told by e-mail when the nightly proof finds something; the message names no person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operator_email: Option<String>,
    /// Trial mode: until it is finished, papers go to test addresses only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trial: Option<TrialSettings>,
    /// Who of the program's people works with the commands, by system account. An account that is not here may run, back
    /// up, hold and stop; it sees no record and approves nothing.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub people: BTreeMap<String, PersonSettings>,
}

/// A person of the program and what he or she is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonSettings {
    /// The person's id in directory.json.
    pub person: PersonId,
    /// What the person is: at least one role.
    #[schemars(length(min = 1))]
    pub roles: Vec<crate::actor::Role>,
}

/// A channel for each kind of endpoint. A kind without one is not reachable.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ChannelsConfig {
    /// For e-mail addresses: `folder` or `smtp`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<ChannelSettings>,
    /// For postal addresses: `print` or `ipp`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postal: Option<ChannelSettings>,
    /// For fax numbers: `fax_gateway` or `hylafax`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fax: Option<ChannelSettings>,
    /// For partners' folders: `sftp`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sftp: Option<ChannelSettings>,
}

impl ChannelsConfig {
    /// The channels that are set up.
    pub fn iter(&self) -> impl Iterator<Item = (EndpointKind, &ChannelSettings)> {
        [
            (EndpointKind::Email, &self.email),
            (EndpointKind::Postal, &self.postal),
            (EndpointKind::Fax, &self.fax),
            (EndpointKind::Sftp, &self.sftp),
        ]
        .into_iter()
        .filter_map(|(kind, settings)| settings.as_ref().map(|s| (kind, s)))
    }
}

impl Config {
    /// Every schedule: the built-in ones as the settings change them, and the settings' own.
    #[must_use]
    pub fn schedules(&self) -> Vec<ScheduleEntry> {
        service::with_built_in(&self.schedule)
    }

    /// Whether the database lies in the data folder, so that a backup of that folder is all there is.
    #[must_use]
    pub fn keeps_database_in_its_folder(&self) -> bool {
        self.store.is_none()
    }

    /// The database's URL.
    #[must_use]
    pub fn store_url(&self) -> String {
        self.store.clone().unwrap_or_else(|| crate::store::sqlite_url(&self.data_dir))
    }

    /// Where stored papers stand.
    #[must_use]
    pub fn papers_place(&self) -> BodyPlace {
        self.papers.clone().map_or_else(|| BodyPlace::Folder(self.data_dir.join("papers")), BodyPlace::Bucket)
    }

    /// The key's file.
    #[must_use]
    pub fn key_path(&self) -> PathBuf {
        self.key_file.clone().unwrap_or_else(|| self.data_dir.join("program.key"))
    }

    /// The file that bears the mark of the record of access.
    #[must_use]
    pub fn mark_path(&self) -> PathBuf {
        self.data_dir.join("ledger.mark")
    }

    /// The folder of a channel that writes files.
    #[must_use]
    pub fn outgoing(&self, path: Option<&Path>, name: &str) -> PathBuf {
        path.map_or_else(|| self.data_dir.join("outgoing").join(name), Path::to_path_buf)
    }
}
