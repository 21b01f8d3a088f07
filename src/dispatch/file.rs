//! Files that are whole or not there: temporary name, flush to disk, rename, flush the folder.

use std::{fs, io, io::Write, path::Path};

/// Writes a file so that a crash leaves either all of it under its name, or nothing.
///
/// # Errors
/// When the disk or the folder refuses.
pub fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = match path.parent().ok_or(io::ErrorKind::InvalidInput)? {
        // A bare name stands in the present folder.
        parent if parent.as_os_str().is_empty() => Path::new("."),
        parent => parent,
    };
    let name = path.file_name().and_then(|n| n.to_str()).ok_or(io::ErrorKind::InvalidInput)?;
    // Another worker, here or on another machine, may write the same file now: each has its own part, and the last
    // one stands.
    let mut own = [0; 8];
    getrandom::fill(&mut own)?;
    let part = folder.join(format!(".{name}.{}.part", hex::encode(own)));
    let written = write_part(&part, bytes).and_then(|()| fs::rename(&part, path));
    if written.is_err() {
        // What could not be finished is nobody's file; a failure to remove it changes nothing.
        drop(fs::remove_file(&part));
    }
    written?;
    fs::File::open(folder)?.sync_all()
}

fn write_part(part: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = fs::File::create(part)?;
    file.write_all(bytes)?;
    file.sync_all()
}
