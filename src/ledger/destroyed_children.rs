//! Children whose records were destroyed, listed beside the checkpoints: a restored backup destroys them again.

use std::{collections::BTreeSet, fs, io, path::Path};

use sha2::{Digest, Sha256};

use crate::{case::ChildId, files::write_whole};

/// The list's file, in the folder of the checkpoints.
pub const FILE: &str = "destroyed.list";

/// A child's id as it stands in the list: hashed, so that the list names nobody.
#[must_use]
pub fn listed_as(child: &ChildId) -> String {
    hex::encode(Sha256::new().chain_update(b"earlypost-destroyed/v1\n").chain_update(child.as_str()).finalize())
}

/// Everybody on the list of a folder.
///
/// # Errors
/// When the list is there but cannot be read.
pub fn listed(folder: &Path) -> io::Result<BTreeSet<String>> {
    match fs::read_to_string(folder.join(FILE)) {
        Ok(text) => Ok(text.lines().map(str::trim).filter(|line| !line.is_empty()).map(ToOwned::to_owned).collect()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(BTreeSet::new()),
        Err(error) => Err(error),
    }
}

/// Adds to the list of a folder.
///
/// # Errors
/// When it cannot be written.
pub fn list(folder: &Path, more: impl IntoIterator<Item = String>) -> io::Result<()> {
    let mut all = listed(folder)?;
    all.extend(more);
    fs::create_dir_all(folder)?;
    write(folder, all)
}

/// Takes one from the list of a folder: nothing was destroyed after all.
///
/// # Errors
/// When it cannot be written.
pub fn unlist(folder: &Path, listed_as: &str) -> io::Result<()> {
    let mut all = listed(folder)?;
    all.remove(listed_as);
    write(folder, all)
}

fn write(folder: &Path, all: BTreeSet<String>) -> io::Result<()> {
    let text: String = all.into_iter().map(|line| line + "\n").collect();
    write_whole(&folder.join(FILE), text.as_bytes())
}
