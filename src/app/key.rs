//! Where the program's key comes from, and how it is changed for a new one.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use anyhow::Context;

use crate::{
    config::Config,
    files::{flush, on_disk},
    hint::Field,
    store::{KeyError, ProgramKey, Store},
};

/// The name of the credential that systemd hands over (`LoadCredential=earlypost.key:...`).
const CREDENTIAL: &str = "earlypost.key";

/// Where the key came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeySource {
    /// A systemd credential.
    Credential(PathBuf),
    /// The variable `EARLYPOST_KEY`.
    Environment,
    File(PathBuf),
}

/// A key with its source.
#[derive(Debug)]
pub struct FoundKey {
    pub key: ProgramKey,
    /// Where it came from.
    pub source: KeySource,
    /// Its file, where it was made just now.
    pub made: Option<PathBuf>,
}

/// From systemd's credential, the environment, or a file, which is made in the data folder at the first start.
///
/// # Errors
/// When it cannot be read or made, or holds no key.
pub async fn program_key(config: &Config) -> anyhow::Result<FoundKey> {
    let config = config.clone();
    on_disk(move || found_key(&config)).await
}

fn found_key(config: &Config) -> anyhow::Result<FoundKey> {
    let credential = std::env::var_os("CREDENTIALS_DIRECTORY").map(|folder| Path::new(&folder).join(CREDENTIAL));
    if let Some(path) = credential.filter(|path| path.is_file()) {
        // systemd guards the folder itself; a mask of its access list may show as the group's.
        let text = fs::read_to_string(&path).with_context(|| format!("the credential {CREDENTIAL} cannot be read"))?;
        let key = ProgramKey::parse(&text).with_context(|| format!("the credential {CREDENTIAL}"))?;
        return Ok(FoundKey { key, source: KeySource::Credential(path), made: None });
    }
    if let Ok(text) = std::env::var("EARLYPOST_KEY") {
        let key = ProgramKey::parse(&text).context("EARLYPOST_KEY")?;
        return Ok(FoundKey { key, source: KeySource::Environment, made: None });
    }
    let path = config.key_path();
    if config.key_file.is_some() {
        return Ok(FoundKey { key: ProgramKey::read(&path)?, source: KeySource::File(path), made: None });
    }
    let (key, made) = ProgramKey::read_or_create(&path)?;
    let made = made.then(|| path.clone());
    Ok(FoundKey { key, source: KeySource::File(path), made })
}

/// Whether there is a key already; without one a restored data folder could not be opened.
///
/// # Errors
/// Where it has to be put.
pub fn key_is_there(config: &Config) -> anyhow::Result<()> {
    let handed = std::env::var_os("EARLYPOST_KEY").is_some() || std::env::var_os("CREDENTIALS_DIRECTORY").is_some();
    let path = config.key_path();
    anyhow::ensure!(
        handed || path.is_file(),
        "the key of the backup is missing: put your copy of it at {} first (the folder may hold it and nothing else)",
        path.display()
    );
    Ok(())
}

/// The file of a new key until every child's key is wrapped with it.
fn coming(path: &Path) -> PathBuf {
    path.with_extension("key.new")
}

/// A key that was being changed when the power went: the new one fits, and takes its place.
pub(super) async fn finish_rotation(source: &KeySource) -> Option<ProgramKey> {
    let KeySource::File(path) = source.clone() else { return None };
    on_disk(move || {
        let key = ProgramKey::read(&coming(&path)).ok()?;
        replace(&path).ok()?;
        Some(key)
    })
    .await
}

fn replace(path: &Path) -> io::Result<()> {
    fs::rename(path, path.with_extension("key.old"))?;
    fs::rename(coming(path), path)?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    flush(&fs::File::open(folder)?)
}

/// What changing the key did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rotated {
    /// Children's keys that were wrapped anew.
    pub children: u64,
    /// The file with the new key.
    pub new_key: PathBuf,
    /// The file with the old key, which opens backups made before; none where the key is handed over by others.
    pub old_key: Option<PathBuf>,
}

/// Makes a new program key and wraps every child's key with it in one transaction; no stored paper is written.
///
/// The new key is on the disk before the transaction, and takes the old one's place after it: at every moment the
/// key that fits is there.
///
/// # Errors
/// When `out` is missing for a key that others hand over, a file cannot be written, or the database refuses.
pub async fn rotate_key(store: &Store, source: &KeySource, out: Option<&Path>) -> anyhow::Result<Rotated> {
    let (file, in_place) = match (source, out) {
        (KeySource::File(path), None) => (coming(path), Some(path)),
        (_, Some(out)) => (out.to_path_buf(), None),
        (KeySource::Credential(_) | KeySource::Environment, None) => anyhow::bail!(
            "the key is handed over by systemd or the environment, so its new one needs a file: give {}, and put it where \
             the old one came from",
            Field::Out
        ),
    };
    anyhow::ensure!(!file.exists(), "{} is there already; move it away first", file.display());
    let path = file.clone();
    let (new, _) = on_disk(move || ProgramKey::read_or_create(&path)).await?;
    let children = match store.rewrap_keys(&new).await {
        Ok(children) => children,
        Err(error) => {
            // Nothing was changed: a key that opens nothing must not lie about.
            drop(fs::remove_file(&file));
            return Err(error.into());
        }
    };
    let Some(path) = in_place else { return Ok(Rotated { children, new_key: file, old_key: None }) };
    let old = path.clone();
    on_disk(move || replace(&old)).await.map_err(|source| KeyError::File { doing: "written", source })?;
    Ok(Rotated { children, new_key: path.clone(), old_key: Some(path.with_extension("key.old")) })
}
