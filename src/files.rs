//! Files that are whole or not there: temporary name, flush to disk, rename, flush the folder. And the one place where a
//! disk is waited for, which is never a thread that runs tasks.

use std::{
    cell::Cell,
    collections::BTreeSet,
    fs, io,
    io::{Read, Write},
    path::{Path, PathBuf},
    sync::{Mutex, OnceLock},
};

thread_local! {
    /// Whether this thread does work of [`on_disk`]. Threads share nothing here: each has its own.
    static WAITS_FOR_DISKS: Cell<bool> = const { Cell::new(false) };
}

/// Does work on files on a thread of its own, so that a slow disk holds up nobody but who asked.
///
/// Work that has begun goes on to its end, also when whoever asked is there no more. So callers keep to the order that
/// a crash asks of them too: what says that it begins is written before, and what came of it after.
///
/// # Panics
/// When the work does.
pub async fn on_disk<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let done = tokio::task::spawn_blocking(|| {
        WAITS_FOR_DISKS.set(true);
        let _until_its_end = EndOfWork;
        work()
    });
    match done.await.map_err(tokio::task::JoinError::try_into_panic) {
        Ok(done) => done,
        Err(Ok(panic)) => std::panic::resume_unwind(panic),
        // It never began, because the runtime ends: and the task that waits here with it.
        Err(Err(_)) => std::future::pending().await,
    }
}

struct EndOfWork;

impl Drop for EndOfWork {
    fn drop(&mut self) {
        WAITS_FOR_DISKS.set(false);
    }
}

/// Waits until a file, or a folder's list of names, is on the disk. All such waiting is here; builds with debug assertions
/// refuse it on a thread that runs tasks.
///
/// # Errors
/// When the disk refuses.
pub fn flush(file: &fs::File) -> io::Result<()> {
    debug_assert!(
        WAITS_FOR_DISKS.get() || tokio::runtime::Handle::try_current().is_err(),
        "a disk is waited for on a thread that runs tasks; do it within `on_disk`"
    );
    file.sync_all()
}

/// Why a file that somebody put there was not read; reads on after the file's name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotRead {
    #[error("cannot be read ({0})")]
    Refused(io::ErrorKind),
    /// Nobody knows when a pipe or a device ends, or whether it begins.
    #[error("is no file but a folder, a pipe or a device; put a file in its place")]
    NoFile,
    #[error("is larger than {0} MB; is it the right file?")]
    TooLarge(u64),
}

impl From<io::Error> for NotRead {
    fn from(error: io::Error) -> Self {
        Self::Refused(error.kind())
    }
}

/// Opens a file that somebody put there, to be read to its end. A pipe would keep its reader waiting for ever.
///
/// # Errors
/// When it is no file, or may not be read.
pub fn open_plain(path: &Path) -> Result<fs::File, NotRead> {
    // Looked at before, since opening a pipe waits, and after, since another may stand there now.
    if !fs::metadata(path)?.is_file() {
        return Err(NotRead::NoFile);
    }
    let file = fs::File::open(path)?;
    if file.metadata()?.is_file() { Ok(file) } else { Err(NotRead::NoFile) }
}

/// Reads a file that somebody put there, where it has at most so many megabytes.
///
/// # Errors
/// When it is no file, is too large, or may not be read.
pub fn read_plain(path: &Path, most_megabytes: u64) -> Result<Vec<u8>, NotRead> {
    let most = most_megabytes * 1024 * 1024;
    let mut bytes = Vec::new();
    open_plain(path)?.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most { Err(NotRead::TooLarge(most_megabytes)) } else { Ok(bytes) }
}

/// The same as [`write_whole`], for a task.
///
/// # Errors
/// When the disk or the folder refuses.
pub async fn write(path: &Path, bytes: impl Into<Vec<u8>>) -> io::Result<()> {
    let (path, bytes) = (path.to_owned(), bytes.into());
    on_disk(move || write_whole(&path, &bytes)).await
}

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
    flush(&fs::File::open(folder)?)
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
    flush(&file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_file_is_written_to_its_end_when_nobody_waits_for_it_any_more() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("letter.pdf");
        let (begun, begins) = tokio::sync::oneshot::channel();
        let (go_on, goes_on) = std::sync::mpsc::channel();
        let (ended, ends) = tokio::sync::oneshot::channel();
        let to = path.clone();
        let writing = tokio::spawn(on_disk(move || {
            begun.send(()).unwrap();
            goes_on.recv().unwrap();
            write_whole(&to, b"whole").unwrap();
            ended.send(()).unwrap();
        }));
        begins.await.unwrap();
        writing.abort();
        assert!(writing.await.unwrap_err().is_cancelled());
        go_on.send(()).unwrap();
        ends.await.unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"whole");
    }

    #[tokio::test]
    #[should_panic(expected = "a disk is waited for on a thread that runs tasks")]
    async fn a_disk_that_is_waited_for_among_tasks_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        drop(write_whole(&folder.path().join("letter.pdf"), b"whole"));
    }

    #[tokio::test]
    async fn what_work_on_a_disk_panics_with_reaches_who_asked() {
        let asked = tokio::spawn(on_disk(|| panic!("the disk is upside down")));
        assert!(asked.await.unwrap_err().is_panic());
        // The thread that did it may be used again, and for other work.
        let among_others = tokio::task::spawn_blocking(|| WAITS_FOR_DISKS.get()).await.unwrap();
        assert!(!among_others);
    }

    #[test]
    fn where_there_are_no_tasks_a_disk_may_be_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        write_whole(&folder.path().join("letter.pdf"), b"whole").unwrap();
    }
}
