//! What the settings point at, read once: the trusted certificates, the password, our own name.

use lettre::transport::smtp::{authentication::Credentials, extension::ClientId};
use rustls::pki_types::ServerName;
use tokio_rustls::TlsConnector;

use super::{
    settings::{Security, SmtpSettings},
    token::Tokens,
};
use crate::dispatch::{secret, tls_roots};

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
    pub tls: Option<(TlsConnector, ServerName<'static>)>,
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

/// Whom to trust, and the name that the certificate must be made out to.
fn trust(settings: &SmtpSettings) -> Result<(TlsConnector, ServerName<'static>), ConfigurationError> {
    let name =
        ServerName::try_from(settings.host.clone()).map_err(|_| "host: no certificate can bear it".to_owned())?;
    Ok((tls_roots::client(settings.ca_file.as_deref())?.into(), name))
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
