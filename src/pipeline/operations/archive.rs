//! A backup's one file: written, read back, and then put in its place.

use std::{
    fs::{self, File},
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

use anyhow::Context;

use super::backup::{ArchivedFile, DATABASE, Hashing, MANIFEST, Manifest, Scratch, check_archive, private_file};
use crate::files::flush;

/// Writes everything that is kept into one file, reads it back and puts it in its place; gives its manifest, size and hash.
pub(super) fn archive(
    data: &Path,
    papers: Option<&Path>,
    copy: &Scratch,
    to: &Path,
    manifest: Manifest,
) -> anyhow::Result<(Manifest, u64, String)> {
    // Papers are written before the rows that list them, and never changed: those of the copy are all there.
    let mut sources = vec![(DATABASE.to_owned(), copy.0.clone())];
    if let Some(folder) = papers {
        collect(folder, "papers", &mut sources).context("listing the stored papers")?;
    }
    collect(&data.join("checkpoints"), "checkpoints", &mut sources).context("listing the checkpoints")?;
    for name in ["ledger.mark", "checkpoint.key"] {
        if data.join(name).is_file() {
            sources.push((name.to_owned(), data.join(name)));
        }
    }
    let part = Scratch(to.with_extension(format!("part-{}", std::process::id())));
    let writing = || format!("writing {}", to.display());
    write_archive(&part.0, &sources, manifest).with_context(writing)?;
    let manifest = check_archive(&part.0)?;
    fs::rename(&part.0, to).with_context(writing)?;
    let mut whole = Hashing::new(File::open(to)?);
    io::copy(&mut whole, &mut io::sink())?;
    let ArchivedFile { bytes, sha256 } = whole.file();
    Ok((manifest, bytes, sha256))
}

/// Every file below a folder, by its name in the archive. A folder that is not there has none.
fn collect(folder: &Path, name: &str, found: &mut Vec<(String, PathBuf)>) -> io::Result<()> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.map(|e| e.path())).collect::<io::Result<_>>()?;
    paths.sort();
    for path in paths {
        let file = path.file_name().and_then(|n| n.to_str()).unwrap_or_default();
        // A part of a file that is being written belongs to nobody yet.
        if file.is_empty() || file.starts_with('.') {
            continue;
        }
        let name = format!("{name}/{file}");
        if path.is_dir() {
            collect(&path, &name, found)?;
        } else {
            found.push((name, path));
        }
    }
    Ok(())
}

fn header(name: &str, bytes: u64) -> io::Result<tar::Header> {
    let mut header = tar::Header::new_ustar();
    header.set_path(name)?;
    header.set_size(bytes);
    header.set_mode(0o600);
    header.set_mtime(0);
    header.set_entry_type(tar::EntryType::Regular);
    header.set_cksum();
    Ok(header)
}

pub(super) fn write_archive(path: &Path, sources: &[(String, PathBuf)], mut manifest: Manifest) -> io::Result<()> {
    let mut archive = tar::Builder::new(private_file(path)?);
    for (name, source) in sources {
        let file = File::open(source)?;
        let bytes = file.metadata()?.len();
        let mut hashing = Hashing::new(file.take(bytes));
        archive.append(&header(name, bytes)?, &mut hashing)?;
        manifest.files.insert(name.clone(), hashing.file());
    }
    let text = serde_json::to_vec_pretty(&manifest)?;
    archive.append(&header(MANIFEST, text.len() as u64)?, text.as_slice())?;
    let mut file = archive.into_inner()?;
    file.flush()?;
    flush(&file)
}
