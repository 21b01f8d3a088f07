//! Backup and restore: one checked archive, and a restored copy that sends nothing until a person says so.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{self, Read, Write},
    path::{Component, Path, PathBuf},
};

use anyhow::Context;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::archive::archive;
use crate::{
    actor::{Actor, Permission},
    case::ChildId,
    clock::instant_text,
    files::{flush, on_disk},
    ledger::{ChainError, Head, checkpoint, installation_mark},
    pipeline::{
        installation::{RESTORED, RestoreHold},
        operations::Backups,
    },
};

/// The manifest's name in an archive; it is the last file.
pub(super) const MANIFEST: &str = "manifest.json";
/// The database's name in an archive and in a data folder.
pub(super) const DATABASE: &str = "earlypost.db";
/// What may stand in a data folder before a restore: keys, and what shows how far the record had come.
const MAY_STAND: [&str; 4] = ["program.key", "checkpoint.key", "ledger.mark", "checkpoints"];

/// A file of an archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArchivedFile {
    pub bytes: u64,
    /// SHA-256 in hex.
    pub sha256: String,
}

/// What an archive holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of the archive's shape.
    pub version: u32,
    /// When it was made.
    pub made_at: String,
    pub program: String,
    /// Head of the record of access in it.
    pub head: Head,
    /// Every file but this one.
    pub files: BTreeMap<String, ArchivedFile>,
}

/// Why an archive cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// It cannot be read.
    #[error("the backup cannot be read ({0}); it may be cut off")]
    Unreadable(io::ErrorKind),
    /// It has no manifest.
    #[error("this is no backup of Earlypost: it has no manifest, or was cut off before its end")]
    NoManifest,
    /// A newer version made it.
    #[error("this backup was made by a newer Earlypost; use that version")]
    Newer,
    /// A file is missing or differs.
    #[error("the backup is damaged: {0} is missing or is not the file that was put in")]
    Damaged(String),
    /// A name leads out of the folder.
    #[error("the backup holds a file whose name leads out of the data folder; it was not made by Earlypost")]
    Outside,
    /// The folder is in use.
    #[error(
        "{0} is not empty; restore into a new data folder (a program.key and a checkpoints folder may stand there)"
    )]
    NotEmpty(String),
    /// The place cannot be written.
    #[error("{0}")]
    Place(String),
}

/// What a backup holds.
#[derive(Debug, Clone, Serialize)]
pub struct BackedUp {
    /// Files in it.
    pub files: usize,
    /// Entries of the record of access in it.
    pub entries: i64,
    /// Size of the archive in bytes.
    pub bytes: u64,
    /// SHA-256 of the archive.
    pub sha256: String,
}

/// What was restored.
#[derive(Debug, Clone, Serialize)]
pub struct Restored {
    /// When the backup was made.
    pub made_at: String,
    /// Entries of the record of access in it.
    pub entries: i64,
    /// The newest entry that a mark or a checkpoint outside the backup has seen.
    pub seen: i64,
}

/// What settling a restored copy did.
#[derive(Debug, Clone, Serialize)]
pub struct SettledCopy {
    /// Children that were destroyed again.
    pub destroyed_again: Vec<ChildId>,
    /// What the check of record and papers found; none where they are clean.
    pub fault: Option<String>,
}

/// Counts and hashes what passes through.
pub(super) struct Hashing<R> {
    inner: R,
    hash: Sha256,
    bytes: u64,
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.hash.update(&buffer[..read]);
        self.bytes += read as u64;
        Ok(read)
    }
}

impl<R> Hashing<R> {
    pub(super) fn new(inner: R) -> Self {
        Self { inner, hash: Sha256::new(), bytes: 0 }
    }

    pub(super) fn file(self) -> ArchivedFile {
        ArchivedFile { bytes: self.bytes, sha256: hex::encode(self.hash.finalize()) }
    }
}

/// Removes a file that must not stay when work on it breaks off.
pub(super) struct Scratch(pub(super) PathBuf);

impl Drop for Scratch {
    fn drop(&mut self) {
        drop(fs::remove_file(&self.0));
    }
}

pub(super) fn private_file(path: &Path) -> io::Result<File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

impl Backups {
    /// Writes a consistent copy of everything that is kept, but for the program's key, into one archive, and reads it
    /// back to check it. Others may go on working.
    ///
    /// # Errors
    /// When the file is there already, the database is PostgreSQL, or the disk refuses.
    pub async fn backup(&self, to: &Path, by: &Actor) -> anyhow::Result<BackedUp> {
        self.pipeline.authority().allow(by, Permission::Operate)?;
        anyhow::ensure!(!to.exists(), "{} is there already; a backup is never written over", to.display());
        let data = self.pipeline.mark.parent().context("the data folder has a name")?.to_path_buf();
        self.pipeline.access_record().checkpoint_if_due(true).await?;
        let copy = Scratch(data.join(format!(".backup-{}.db", std::process::id())));
        let old = copy.0.clone();
        drop(on_disk(move || fs::remove_file(old)).await);
        self.pipeline.store.copy_database(&copy.0).await?;
        let head = self.pipeline.store.head_of_copy(&copy.0).await?;
        let folder = self.pipeline.store.bodies().bodies_folder().map(Path::to_path_buf);
        let manifest = Manifest {
            version: 1,
            made_at: instant_text(self.pipeline.now()),
            program: self.pipeline.program.program_id.to_string(),
            head,
            files: BTreeMap::new(),
        };
        let to = to.to_path_buf();
        let (manifest, bytes, sha256) =
            on_disk(move || archive(&data, folder.as_deref(), &copy, &to, manifest)).await?;
        self.pipeline.store.service().keep_note("last-backup", Some(&instant_text(self.pipeline.now()))).await?;
        Ok(BackedUp { files: manifest.files.len(), entries: manifest.head.count, bytes, sha256 })
    }

    /// Whether the stored documents stand in a bucket, so that no backup of the data folder holds them.
    #[must_use]
    pub fn leaves_documents_out(&self) -> bool {
        self.pipeline.store.bodies().bodies_folder().is_none()
    }

    /// Settles a restored copy: it is held until a person releases it, whoever was destroyed is destroyed again, and
    /// record and papers are checked.
    pub async fn settle_restored(&self, by: &Actor) -> anyhow::Result<SettledCopy> {
        self.pipeline.authority().allow(by, Permission::Operate)?;
        RestoreHold(&self.pipeline).set().await?;
        let destroyed_again = self.pipeline.retention().destroy_listed(by).await?;
        let verdict = self.pipeline.store.verification().verify_ledger(true).await?;
        Ok(SettledCopy { destroyed_again, fault: verdict.err().as_ref().map(ChainError::to_string) })
    }
}

/// A name that stays inside the folder.
fn inside(path: &Path) -> Result<String, ArchiveError> {
    let plain = path.components().all(|part| matches!(part, Component::Normal(_)));
    match path.to_str() {
        Some(name) if plain && !name.is_empty() => Ok(name.to_owned()),
        _ => Err(ArchiveError::Outside),
    }
}

/// Reads an archive to its end and checks every file against the manifest.
///
/// # Errors
/// When it is cut off, damaged, or none of ours.
pub fn check_archive(path: &Path) -> Result<Manifest, ArchiveError> {
    let unreadable = |error: io::Error| ArchiveError::Unreadable(error.kind());
    let mut archive = tar::Archive::new(File::open(path).map_err(unreadable)?);
    let mut found = BTreeMap::new();
    let mut manifest: Option<Manifest> = None;
    for entry in archive.entries().map_err(unreadable)? {
        let mut entry = entry.map_err(unreadable)?;
        let name = inside(&entry.path().map_err(unreadable)?)?;
        if name == MANIFEST {
            let mut text = Vec::new();
            entry.read_to_end(&mut text).map_err(unreadable)?;
            manifest = Some(serde_json::from_slice(&text).map_err(|_| ArchiveError::NoManifest)?);
            continue;
        }
        let mut hashing = Hashing::new(entry);
        io::copy(&mut hashing, &mut io::sink()).map_err(unreadable)?;
        found.insert(name, hashing.file());
    }
    let manifest = manifest.ok_or(ArchiveError::NoManifest)?;
    if manifest.version != 1 {
        return Err(ArchiveError::Newer);
    }
    let names = manifest.files.keys().chain(found.keys());
    if let Some(name) = names.into_iter().find(|name| manifest.files.get(*name) != found.get(*name)) {
        return Err(ArchiveError::Damaged(name.clone()));
    }
    if manifest.files.contains_key(DATABASE) { Ok(manifest) } else { Err(ArchiveError::Damaged(DATABASE.to_owned())) }
}

/// Unpacks a checked archive into a data folder that holds nothing yet but keys and checkpoints. What stands there
/// is newer and stays; the mark of the backup is not taken over, so that the copy starts held.
///
/// # Errors
/// When the archive is damaged, the folder is in use, or the disk refuses.
pub async fn unpack(archive: &Path, data: &Path) -> Result<Restored, ArchiveError> {
    let (archive, data) = (archive.to_path_buf(), data.to_path_buf());
    on_disk(move || unpack_now(&archive, &data)).await
}

fn unpack_now(archive: &Path, data: &Path) -> Result<Restored, ArchiveError> {
    let manifest = check_archive(archive)?;
    let place =
        |error: io::Error| ArchiveError::Place(format!("{} cannot be written ({})", data.display(), error.kind()));
    fs::create_dir_all(data).map_err(place)?;
    for entry in fs::read_dir(data).map_err(place)? {
        let name = entry.map_err(place)?.file_name();
        if !MAY_STAND.iter().any(|may| name.to_str() == Some(may)) {
            return Err(ArchiveError::NotEmpty(data.display().to_string()));
        }
    }
    // First of all: whatever ends the restore half-way, what was unpacked by then is held.
    let mut note = private_file(&data.join(RESTORED)).map_err(place)?;
    note.write_all(manifest.made_at.as_bytes()).and_then(|()| flush(&note)).map_err(place)?;
    let unreadable = |error: io::Error| ArchiveError::Unreadable(error.kind());
    let mut tar = tar::Archive::new(File::open(archive).map_err(unreadable)?);
    for entry in tar.entries().map_err(unreadable)? {
        let mut entry = entry.map_err(unreadable)?;
        let name = inside(&entry.path().map_err(unreadable)?)?;
        let to = data.join(&name);
        if name == MANIFEST || name == "ledger.mark" {
            continue;
        }
        if name == format!("checkpoints/{}", crate::ledger::destroyed_children::FILE) {
            let mut text = String::new();
            entry.read_to_string(&mut text).map_err(unreadable)?;
            let lines = text.lines().map(str::trim).filter(|line| !line.is_empty()).map(ToOwned::to_owned);
            crate::ledger::destroyed_children::list(&data.join("checkpoints"), lines).map_err(place)?;
            continue;
        }
        if to.exists() {
            continue;
        }
        if let Some(folder) = to.parent() {
            fs::create_dir_all(folder).map_err(place)?;
        }
        let mut file = private_file(&to).map_err(place)?;
        io::copy(&mut entry, &mut file).map_err(place)?;
        flush(&file).map_err(place)?;
    }
    let seen = newest_seen(data).map_err(place)?;
    Ok(Restored { made_at: manifest.made_at, entries: manifest.head.count, seen: seen.max(manifest.head.count) })
}

/// The newest entry that the mark or a checkpoint of a folder speaks of. Signatures are checked by `ledger verify`.
fn newest_seen(data: &Path) -> io::Result<i64> {
    let marked = installation_mark::read(&data.join("ledger.mark")).ok().flatten().map_or(0, |head| head.count);
    let notes = checkpoint::kept(&data.join("checkpoints"))?;
    let counts = notes.values().filter_map(|note| note.lines().nth(1)?.parse::<i64>().ok());
    Ok(counts.max().unwrap_or(0).max(marked))
}

/// How old a backup is, in whole days.
#[must_use]
pub fn age_in_days(made_at: DateTime<Utc>, now: DateTime<Utc>) -> i64 {
    (now - made_at).num_days().max(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::operations::archive::write_archive;

    #[test]
    fn a_name_that_leads_out_of_the_folder_is_refused() {
        for name in ["../program.key", "/etc/passwd", "papers/../../x", ""] {
            assert!(matches!(inside(Path::new(name)), Err(ArchiveError::Outside)), "{name}");
        }
        assert_eq!(inside(Path::new("papers/ab/abcd")).unwrap(), "papers/ab/abcd");
    }

    #[test]
    fn an_archive_cut_off_or_changed_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let (source, archive) = (dir.path().join("db"), dir.path().join("x.tar"));
        fs::write(&source, vec![7; 5000]).unwrap();
        let sources = [(DATABASE.to_owned(), source)];
        let manifest = Manifest {
            version: 1,
            made_at: "2026-11-20T12:00:00.000Z".into(),
            program: "p".into(),
            head: Head::default(),
            files: BTreeMap::new(),
        };
        write_archive(&archive, &sources, manifest).unwrap();
        assert_eq!(check_archive(&archive).unwrap().files.len(), 1);
        let whole = fs::read(&archive).unwrap();
        let mut changed = whole.clone();
        changed[1000] ^= 1;
        fs::write(&archive, &changed).unwrap();
        assert!(matches!(check_archive(&archive), Err(ArchiveError::Damaged(_))));
        fs::write(&archive, &whole[..3000]).unwrap();
        assert!(check_archive(&archive).is_err());
        fs::write(&archive, &whole[..5632]).unwrap();
        assert!(matches!(check_archive(&archive), Err(ArchiveError::NoManifest)));
    }
}
