//! What the settings point at, read once: the trusted certificates, the password, our own name.

use std::{fs, path::Path};

use lettre::transport::smtp::{
    authentication::Credentials,
    client::{Certificate, CertificateStore, TlsParameters},
    extension::ClientId,
};

use super::{
    settings::{Security, SmtpSettings},
    token::Tokens,
};
use crate::dispatch::secret;

/// The settings of a relay cannot be used; each problem is a sentence that names its setting.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", .problems.join("; "))]
pub struct ConfigurationError {
    /// What is wrong, one sentence a problem.
    pub problems: Vec<String>,
}

impl From<String> for ConfigurationError {
    fn from(problem: String) -> Self {
        Self { problems: vec![problem] }
    }
}

/// How to log in.
pub(super) enum Login {
    /// Not at all.
    None,
    /// With a password.
    Password(Credentials),
    /// With an access token for this mailbox.
    Token(String, Box<Tokens>),
}

/// What it takes to open a connection.
///
/// There is deliberately no `Debug`: the credentials are in here.
pub(super) struct Means {
    /// `None` for plain text only.
    pub tls: Option<TlsParameters>,
    pub login: Login,
    pub hello: ClientId,
}

impl Means {
    pub(super) fn gather(settings: &SmtpSettings) -> Result<Self, ConfigurationError> {
        let problems = settings.check();
        if !problems.is_empty() {
            return Err(ConfigurationError { problems });
        }
        Ok(Self {
            tls: match settings.security {
                Security::Starttls | Security::ImplicitTls => Some(trust(settings)?),
                Security::Plaintext => None,
            },
            login: login(settings)?,
            hello: settings.hello_name.clone().map_or_else(ClientId::default, ClientId::Domain),
        })
    }
}

fn trust(settings: &SmtpSettings) -> Result<TlsParameters, ConfigurationError> {
    let mut builder = TlsParameters::builder(settings.host.clone());
    if let Some(path) = &settings.ca_file {
        builder = builder.certificate_store(CertificateStore::None).add_root_certificate(authority(path)?);
    }
    builder.build().map_err(|error| format!("ca_file: the certificates cannot be trusted: {error}").into())
}

fn authority(path: &Path) -> Result<Certificate, ConfigurationError> {
    let pem = fs::read(path).map_err(|error| format!("ca_file: {} cannot be read: {error}", path.display()))?;
    // A PEM file without any certificate parses well and would make a relay that trusts nobody.
    if !String::from_utf8_lossy(&pem).contains("-----BEGIN CERTIFICATE-----") {
        return Err(format!("ca_file: {} holds no PEM certificate", path.display()).into());
    }
    Certificate::from_pem(&pem)
        .map_err(|_| format!("ca_file: {} holds a PEM certificate that cannot be read", path.display()).into())
}

fn login(settings: &SmtpSettings) -> Result<Login, ConfigurationError> {
    let Some(username) = &settings.username else {
        return Ok(Login::None);
    };
    if let Some(oauth) = &settings.oauth {
        return Ok(Login::Token(username.clone(), Box::new(Tokens::new(oauth.clone())?)));
    }
    let password = secret::read("password", settings.password_file.as_deref(), settings.password_env.as_deref())?;
    Ok(Login::Password(Credentials::new(username.clone(), password)))
}
