//! What a program states about its own certificate.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The program's certificate for signing, and whose certificates it takes for encrypting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SmimeSettings {
    /// PEM file with the program's own certificate (RSA).
    pub certificate_file: PathBuf,
    /// PEM file with its private key (PKCS #8, not locked); only the service's own user may read it.
    pub key_file: PathBuf,
    /// PEM file with the authorities that issue the recipients' certificates. Without it a recipient's certificate is
    /// trusted because a person has recorded it.
    #[serde(default)]
    pub ca_file: Option<PathBuf>,
}

impl SmimeSettings {
    /// The files that they name, with the names of their settings.
    pub(in crate::dispatch) fn files(&mut self) -> impl Iterator<Item = (&'static str, &mut PathBuf)> {
        [
            ("smime.certificate_file", Some(&mut self.certificate_file)),
            ("smime.key_file", Some(&mut self.key_file)),
            ("smime.ca_file", self.ca_file.as_mut()),
        ]
        .into_iter()
        .filter_map(|(name, path)| Some((name, path?)))
    }
}
