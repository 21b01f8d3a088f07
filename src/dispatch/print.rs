//! Letters for the program's own printer: a folder a batch, a PDF a paper, and a manifest to count by.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    sync::Mutex,
    time::Instant,
};

use super::{
    channel::{Answer, Channel, Trace},
    file::write_whole,
    folder::{look_into, refused},
    outcome::{Evidence, Outcome},
    parcel::Parcel,
};

/// Writes papers to `<folder>/<batch>/<place>-<dispatch id>-<n>-<paper>.pdf`.
#[derive(Debug)]
pub struct PrintChannel {
    folder: PathBuf,
    wanted: String,
    stack: Mutex<Stack>,
}

/// The letters of one batch.
#[derive(Debug, Default)]
struct Stack {
    /// The name of the batch, once its folder is made.
    batch: Option<String>,
    /// Place of the last letter.
    last: u32,
}

const MANIFEST: &str = "manifest.csv";
const MANIFEST_HEAD: &str = "place,dispatch,papers,pages,sheets_duplex\n";

impl PrintChannel {
    /// A channel that writes batches to `folder`. The batch's own folder is made with its first letter; where another
    /// process has begun one of this name, `-2` or the next free number is added.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn open(folder: PathBuf, batch: String) -> io::Result<Self> {
        fs::create_dir_all(&folder)?;
        Ok(Self { folder, wanted: batch, stack: Mutex::default() })
    }

    fn deliver_now(&self, parcel: &Parcel) -> Outcome {
        let started = Instant::now();
        let mut stack = self.stack.lock().expect("no holder of the stack panics");
        let evidence = match self.write(parcel, &mut stack) {
            Ok(says) => return Outcome::Printed(Evidence::of(says).took(started.elapsed())),
            Err(error) => Evidence::of(refused(&error)),
        };
        Outcome::Misconfigured(evidence.took(started.elapsed()))
    }

    /// The batch of this process, with a folder that nobody else has: no place of a stack is given twice.
    fn batch(&self, stack: &mut Stack) -> io::Result<String> {
        if let Some(batch) = &stack.batch {
            return Ok(batch.clone());
        }
        fs::create_dir_all(&self.folder)?;
        let mut name = self.wanted.clone();
        for number in 2.. {
            match fs::create_dir(self.folder.join(&name)) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                    name = format!("{}-{number}", self.wanted);
                }
                made => {
                    made?;
                    break;
                }
            }
        }
        stack.batch = Some(name.clone());
        Ok(name)
    }

    /// The papers are staged, the line in the manifest makes them a letter of the stack, and then they are
    /// moved there. A crash in between leaves either nothing in the stack, or a line by which the rest is done.
    fn write(&self, parcel: &Parcel, stack: &mut Stack) -> io::Result<String> {
        let (name, place) = (self.batch(stack)?, stack.last + 1);
        let batch = self.folder.join(&name);
        fs::create_dir_all(&batch)?;
        let id = parcel.dispatch_id();
        let staged = self.staged(id);
        fs::create_dir_all(&staged)?;
        for (n, paper) in parcel.papers().iter().enumerate() {
            write_whole(&staged.join(format!("{}-{}.pdf", n + 1, paper.document)), &paper.pdf)?;
        }
        let pages: u32 = parcel.papers().iter().map(|paper| paper.pages).sum();
        let sheets: u32 = parcel.papers().iter().map(|paper| paper.pages.div_ceil(2)).sum();
        let line = format!("{place},{id},{},{pages},{sheets}\n", parcel.papers().len());
        append_line(&batch.join(MANIFEST), &line)?;
        stack.last = place;
        self.put_in_stack(&batch, place, id)?;
        Ok(format!("in print batch {name} at place {place}"))
    }

    fn staged(&self, dispatch_id: &str) -> PathBuf {
        self.folder.join(".staged").join(dispatch_id)
    }

    /// Moves what is staged for a letter to its place in the stack; nothing is left to do where it is there.
    fn put_in_stack(&self, batch: &Path, place: u32, dispatch_id: &str) -> io::Result<()> {
        let staged = self.staged(dispatch_id);
        if !staged.is_dir() {
            return Ok(());
        }
        for entry in fs::read_dir(&staged)? {
            let path = entry?.path();
            let name = path.file_name().and_then(|n| n.to_str()).unwrap_or_default();
            if !name.starts_with('.') {
                fs::rename(&path, batch.join(format!("{place:04}-{dispatch_id}-{name}")))?;
            }
        }
        fs::File::open(batch)?.sync_all()?;
        fs::remove_dir_all(&staged)
    }

    /// A letter counts as printed only with its line in the manifest: the line is written last.
    fn find(&self, dispatch_id: &str) -> io::Result<Option<String>> {
        for entry in fs::read_dir(&self.folder)? {
            let path = entry?.path();
            let Ok(manifest) = fs::read_to_string(path.join(MANIFEST)) else { continue };
            // A line without its end was cut off by a crash, and its letter never came into the stack.
            let mut lines = manifest.split_inclusive('\n').filter(|line| line.ends_with('\n'));
            if let Some(line) = lines.find(|line| line.split(',').nth(1) == Some(dispatch_id)) {
                let batch = path.file_name().and_then(|n| n.to_str()).unwrap_or_default().to_owned();
                let place = line.split(',').next().and_then(|p| p.parse().ok()).ok_or(io::ErrorKind::InvalidData)?;
                self.put_in_stack(&path, place, dispatch_id)?;
                return Ok(Some(format!("in print batch {batch} at place {place}")));
            }
        }
        Ok(None)
    }
}

/// Adds a line. Where it cannot be written whole, nothing of it stays.
fn append_line(path: &Path, line: &str) -> io::Result<()> {
    let mut file = fs::OpenOptions::new().create(true).append(true).open(path)?;
    let before = file.metadata()?.len();
    let head = if before == 0 { MANIFEST_HEAD } else { "" };
    let written = file.write_all(format!("{head}{line}").as_bytes()).and_then(|()| file.sync_all());
    if written.is_err() {
        // What cannot be cut off stands without its end, and is not read.
        drop(file.set_len(before));
    }
    written
}

impl Channel for PrintChannel {
    fn name(&self) -> &'static str {
        "print"
    }

    fn takes_messages(&self) -> bool {
        false
    }

    fn leaves_this_machine(&self) -> bool {
        false
    }

    fn deliver<'a>(&'a self, parcel: &'a Parcel) -> Answer<'a, Outcome> {
        Box::pin(async move { self.deliver_now(parcel) })
    }

    fn look(&self) -> Answer<'_, Result<String, String>> {
        Box::pin(async { look_into(&self.folder) })
    }

    fn look_for<'a>(&'a self, dispatch_id: &'a str) -> Answer<'a, Trace> {
        let trace = match self.find(dispatch_id) {
            Ok(Some(place)) => Trace::Found(Evidence::of(place)),
            Ok(None) => Trace::Absent,
            Err(_) => Trace::CannotTell,
        };
        Box::pin(async move { trace })
    }
}
