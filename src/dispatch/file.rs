//! Files that are whole or not there: temporary name, flush to disk, rename, flush the folder.

use std::{
    collections::BTreeSet,
    fs, io,
    io::Write,
    path::{Path, PathBuf},
    sync::{Mutex, OnceLock},
};

/// Writes a file so that a crash leaves either all of it under its name, or nothing.
///
/// # Errors
/// When the disk or the folder refuses.
pub fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let turn = Turn::take(part_of(path).ok_or(io::ErrorKind::InvalidInput)?);
    let part = &turn.0;
    let folder = part.parent().ok_or(io::ErrorKind::InvalidInput)?;
    let written = write_part(part, bytes).and_then(|()| fs::rename(part, path));
    if written.is_err() {
        // What could not be finished is nobody's file; a failure to remove it changes nothing.
        drop(fs::remove_file(part));
    }
    written?;
    fs::File::open(folder)?.sync_all()
}

/// The name under which this process writes a file until it is whole.
///
/// Another process, here or on another machine, may write the same file now: each has its own part, and the last one
/// stands.
#[must_use]
pub fn part_of(path: &Path) -> Option<PathBuf> {
    /// Harmless to share: it is the name of this process, made once.
    static OWN: OnceLock<String> = OnceLock::new();
    let own = OWN.get_or_init(|| {
        let mut own = [0; 8];
        // Without randomness the number of the process still tells two of one machine apart.
        getrandom::fill(&mut own).unwrap_or_else(|_| own[..4].copy_from_slice(&std::process::id().to_be_bytes()));
        hex::encode(own)
    });
    let folder = match path.parent()? {
        // A bare name stands in the present folder.
        parent if parent.as_os_str().is_empty() => Path::new("."),
        parent => parent,
    };
    Some(folder.join(format!(".{}.{own}.part", path.file_name()?.to_str()?)))
}

/// Part files that this process is writing now: two tasks that write the same file have a part each. To be shared by all:
/// the disk is, and a path on it is the same for everybody.
static WRITING: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

struct Turn(PathBuf);

impl Turn {
    fn take(part: PathBuf) -> Self {
        let mut writing = WRITING.lock().expect("no holder of the list panics");
        let mut own = part;
        while !writing.insert(own.clone()) {
            own.as_mut_os_string().push("-");
        }
        Self(own)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        WRITING.lock().expect("no holder of the list panics").remove(&self.0);
    }
}

fn write_part(part: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = fs::File::create(part)?;
    file.write_all(bytes)?;
    file.sync_all()
}
