//! One connection to a partner's server, each step under its limit.

use std::{sync::Arc, time::Duration};

use russh::{
    client::{self, Handle},
    keys::{HashAlg, PrivateKeyWithHashAlg, PublicKeyOrCertificate, load_secret_key},
};
use russh_sftp::{
    client::{SftpSession, error::Error as SftpError},
    protocol::{OpenFlags, StatusCode},
};
use sha2::{Digest, Sha256};
use tokio::io::AsyncWriteExt;

use super::SftpConnection;
use crate::dispatch::secret;

/// Why a step did not come about.
#[derive(Debug)]
pub(super) enum Trouble {
    /// The settings or the server's key: the channel is wrong.
    Wrong(String),
    /// Trying the same again cannot help.
    Never(String),
    /// The server is away, or refuses for now.
    Away(String),
    /// Its permission no longer stands.
    Stopped(String),
}

/// Accepts one key and no other.
struct Pinned {
    host_key: String,
    shown: Arc<std::sync::Mutex<Option<String>>>,
}

impl client::Handler for Pinned {
    type Error = russh::Error;

    async fn check_server_key(&mut self, key: &PublicKeyOrCertificate) -> Result<bool, Self::Error> {
        let shown = match key {
            PublicKeyOrCertificate::PublicKey { key, .. } => key.fingerprint(HashAlg::Sha256).to_string(),
            PublicKeyOrCertificate::Certificate(_) => "a certificate".to_owned(),
        };
        let pinned = shown == self.host_key;
        *self.shown.lock().expect("no holder of the key panics") = Some(shown);
        Ok(pinned)
    }
}

/// An open folder on a partner's server.
pub(super) struct Session {
    // The connection ends with its handle.
    _ssh: Handle<Pinned>,
    sftp: SftpSession,
    folder: String,
    limit: Duration,
}

impl Session {
    /// Connects, checks the server's key, and logs in.
    pub(super) async fn open(connection: &SftpConnection) -> Result<Self, Trouble> {
        let limit = Duration::from_secs(connection.step_seconds);
        let shown = Arc::default();
        let handler = Pinned { host_key: connection.host_key.clone(), shown: Arc::clone(&shown) };
        let config = client::Config { inactivity_timeout: Some(limit), ..client::Config::default() };
        let address = (connection.host.clone(), connection.port);
        let mut ssh = match within(limit, client::connect(Arc::new(config), address, handler)).await? {
            Ok(ssh) => ssh,
            Err(error) => {
                let shown = shown.lock().expect("no holder of the key panics").clone();
                return Err(match shown.filter(|key| *key != connection.host_key) {
                    Some(key) => Trouble::Wrong(format!(
                        "the server shows another key ({key}) than host_key; nothing was sent. Ask the partner by telephone before you change it"
                    )),
                    None => Trouble::Away(format!("the server cannot be reached: {error}")),
                });
            }
        };
        login(&mut ssh, connection, limit).await?;
        let away = |error: russh::Error| Trouble::Away(format!("the connection was lost: {error}"));
        let channel = within(limit, ssh.channel_open_session()).await?.map_err(away)?;
        within(limit, channel.request_subsystem(true, "sftp")).await?.map_err(away)?;
        let sftp = within(limit, SftpSession::new(channel.into_stream())).await?.map_err(|e| of(&e, "opening SFTP"))?;
        Ok(Self { _ssh: ssh, sftp, folder: connection.folder.clone(), limit })
    }

    fn path(&self, name: &str) -> String {
        format!("{}/{name}", self.folder.trim_end_matches('/'))
    }

    /// SHA-256 of a file on the server, read back; `None` where there is none.
    pub(super) async fn digest(&self, name: &str) -> Result<Option<[u8; 32]>, Trouble> {
        match within(self.limit, self.sftp.read(self.path(name))).await? {
            Ok(bytes) => Ok(Some(Sha256::digest(&bytes).into())),
            Err(SftpError::Status(status)) if status.status_code == StatusCode::NoSuchFile => Ok(None),
            Err(error) => Err(of(&error, "reading a file back")),
        }
    }

    /// Writes a part and flushes it to disk, where the server offers that.
    pub(super) async fn write_part(&self, name: &str, bytes: &[u8]) -> Result<(), Trouble> {
        let writing = async {
            let flags = OpenFlags::CREATE | OpenFlags::TRUNCATE | OpenFlags::WRITE;
            let mut file = self.sftp.open_with_flags(self.path(name), flags).await?;
            file.write_all(bytes).await.map_err(SftpError::from)?;
            file.flush().await.map_err(SftpError::from)?;
            file.sync_all().await?;
            file.close().await.map_err(SftpError::from)
        };
        within(self.limit, writing).await?.map_err(|e| of(&e, "writing"))
    }

    /// Gives a part its name.
    pub(super) async fn rename(&self, part: &str, name: &str) -> Result<(), Trouble> {
        let renaming = self.sftp.rename(self.path(part), self.path(name));
        within(self.limit, renaming).await?.map_err(|e| of(&e, "renaming"))
    }

    /// Removes a part that could not be finished; a failure changes nothing.
    pub(super) async fn remove(&self, name: &str) {
        drop(within(self.limit, self.sftp.remove_file(self.path(name))).await);
    }

    /// Names of the files in the folder.
    pub(super) async fn names(&self) -> Result<Vec<String>, Trouble> {
        let found = within(self.limit, self.sftp.read_dir(self.folder.clone())).await?;
        Ok(found.map_err(|e| of(&e, "reading the folder"))?.map(|entry| entry.file_name()).collect())
    }
}

async fn login(ssh: &mut Handle<Pinned>, connection: &SftpConnection, limit: Duration) -> Result<(), Trouble> {
    let lost = |error: russh::Error| Trouble::Away(format!("the connection was lost: {error}"));
    let answer = if let Some(path) = &connection.key_file {
        // The error is not repeated: it could quote the file.
        let key = load_secret_key(path, None).map_err(|_| {
            Trouble::Wrong(format!("key_file: {} holds no private key that can be read", path.display()))
        })?;
        let hash = within(limit, ssh.best_supported_rsa_hash()).await?.map_err(lost)?.flatten();
        let key = PrivateKeyWithHashAlg::new(Arc::new(key), hash);
        within(limit, ssh.authenticate_publickey(&connection.username, key)).await?
    } else {
        let password =
            secret::read("password", connection.password_file.as_deref(), connection.password_env.as_deref())
                .map_err(Trouble::Wrong)?;
        within(limit, ssh.authenticate_password(&connection.username, password)).await?
    };
    if answer.map_err(lost)?.success() {
        Ok(())
    } else {
        Err(Trouble::Wrong(
            "the server refused the login; ask the partner whether our key or password still holds".into(),
        ))
    }
}

/// What the server says about a file, in words that hold no path.
fn of(error: &SftpError, doing: &str) -> Trouble {
    match error {
        SftpError::Status(status) => match status.status_code {
            StatusCode::NoSuchFile => Trouble::Wrong(format!("the folder is not there ({doing}); look at `folder`")),
            StatusCode::PermissionDenied => {
                Trouble::Wrong(format!("the server does not let us write there ({doing}); ask the partner"))
            }
            StatusCode::Failure => Trouble::Away(format!("the server failed ({doing}); its disk may be full")),
            code => Trouble::Away(format!("the server refused ({doing}): {code}")),
        },
        SftpError::Timeout => Trouble::Away(format!("the server did not answer in time ({doing})")),
        _ => Trouble::Away(format!("the connection was lost ({doing})")),
    }
}

async fn within<T>(limit: Duration, work: impl Future<Output = T>) -> Result<T, Trouble> {
    tokio::time::timeout(limit, work)
        .await
        .map_err(|_| Trouble::Away(format!("the server did not answer within {} seconds", limit.as_secs())))
}
