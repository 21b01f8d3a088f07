//! The program's key. It wraps the children's keys and is never in the database.

use std::{fs, io, path::Path};

use hmac::{Hmac, Mac};
use sha2::Sha256;

/// The key of the program: 32 bytes.
#[derive(Clone)]
pub struct ProgramKey(pub(in crate::store) [u8; 32]);

impl std::fmt::Debug for ProgramKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ProgramKey(..)")
    }
}

/// The key that signs checkpoints: it stands beside the program's key and is used for nothing else.
#[derive(Clone)]
pub struct CheckpointKey([u8; 32]);

impl std::fmt::Debug for CheckpointKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CheckpointKey(..)")
    }
}

impl CheckpointKey {
    /// Reads the key, or makes one at its first use.
    ///
    /// # Errors
    /// When the file can be neither read nor made, is too open, or holds no key.
    pub fn read_or_create(path: &Path) -> Result<Self, KeyError> {
        ProgramKey::read_or_create(path).map(|(key, _)| Self(key.0))
    }

    /// The secret seed, to sign with.
    #[must_use]
    pub fn seed(&self) -> &[u8; 32] {
        &self.0
    }
}

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file cannot be read or written.
    #[error("the key file cannot be {doing}: {source}")]
    File {
        /// `read` or `written`.
        doing: &'static str,
        source: io::Error,
    },
    /// Others can read it.
    #[error("the key file can be read by others; run `chmod 600` on it")]
    TooOpen,
    /// It holds no key.
    #[error("the key file holds no key: 64 hexadecimal digits were expected")]
    NoKey,
    /// The key does not fit this data folder.
    #[error("this is not the key that this data folder was written with")]
    Wrong,
}

impl ProgramKey {
    /// Parses 64 hexadecimal digits.
    ///
    /// # Errors
    /// When the text is something else.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let mut key = [0; 32];
        hex::decode_to_slice(text.trim(), &mut key).map_err(|_| KeyError::NoKey)?;
        Ok(Self(key))
    }

    /// A key for another purpose, from which the program's key cannot be worked out.
    #[must_use]
    pub fn derived(&self, purpose: &str) -> [u8; 32] {
        let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(&self.0).expect("HMAC takes a key of any length");
        mac.update(purpose.as_bytes());
        mac.finalize().into_bytes().into()
    }

    /// Reads the key from a file that nobody else may read.
    ///
    /// # Errors
    /// When it is missing, too open, or holds no key.
    pub fn read(path: &Path) -> Result<Self, KeyError> {
        let metadata = fs::metadata(path).map_err(|source| KeyError::File { doing: "read", source })?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            if metadata.permissions().mode() & 0o077 != 0 {
                return Err(KeyError::TooOpen);
            }
        }
        let _ = metadata;
        Self::parse(&fs::read_to_string(path).map_err(|source| KeyError::File { doing: "read", source })?)
    }

    /// Reads the key, or makes one if there is no file yet; tells which.
    ///
    /// # Errors
    /// When the file can be neither read nor made.
    pub fn read_or_create(path: &Path) -> Result<(Self, bool), KeyError> {
        if path.exists() {
            return Self::read(path).map(|key| (key, false));
        }
        let mut key = [0; 32];
        getrandom::fill(&mut key)
            .map_err(|error| KeyError::File { doing: "written", source: io::Error::other(error.to_string()) })?;
        let write = || -> io::Result<()> {
            let mut options = fs::OpenOptions::new();
            options.write(true).create_new(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            let mut file = options.open(path)?;
            io::Write::write_all(&mut file, format!("{}\n", hex::encode(key)).as_bytes())?;
            crate::files::flush(&file)
        };
        write().map_err(|source| KeyError::File { doing: "written", source })?;
        Ok((Self(key), true))
    }
}
