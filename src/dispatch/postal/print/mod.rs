//! Letters for the program's own printer: a folder a batch, one PDF a letter, and a manifest to count by.

pub mod envelopes;
mod manifest;
pub(crate) mod count_sheet;
mod print_job;
mod lp;

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    time::Instant,
};

use sha2::{Digest, Sha256};

use crate::{
    case::Address,
    dispatch::{
        channel::{Answer, Channel, Trace},
        folder::{look_into, refused},
        outcome::{Evidence, Outcome},
        parcel::Parcel,
    },
    document::output::print_copy::{PrintCopy, sheets_of},
    files::{flush, on_disk, write_whole},
};
use envelopes::{Envelopes, remark};
use manifest::letters_in;

pub use count_sheet::count_sheet;
pub use lp::LpPrinter;
pub use manifest::{Letter, letters};
pub use print_job::{Job, Printer, Stack, StackTrouble, batches};

/// Writes letters to `<folder>/<batch>/<place>-<dispatch id>.pdf`.
#[derive(Debug)]
pub struct PrintChannel(Arc<Batches>);

/// The folder, and this process's batch in it: for the threads that work on it.
#[derive(Debug)]
struct Batches {
    folder: PathBuf,
    wanted: String,
    both_sides: bool,
    pile: Mutex<Pile>,
}

/// The letters of this process's batch.
#[derive(Debug, Default)]
struct Pile {
    /// The name of the batch, once its folder is made.
    batch: Option<String>,
    /// Place of the last letter.
    last: u32,
}

/// A letter as it is printed.
struct Printed {
    pdf: Vec<u8>,
    letter: Letter,
}

impl PrintChannel {
    /// A channel that writes batches to `folder`, for a printer that prints on both sides or not. The batch's own
    /// folder is made with its first letter; where another process has begun one of this name, `-2` or the next free
    /// number is added.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn open(folder: PathBuf, batch: String, both_sides: bool) -> io::Result<Self> {
        fs::create_dir_all(&folder)?;
        Ok(Self(Arc::new(Batches { folder, wanted: batch, both_sides, pile: Mutex::default() })))
    }
}

impl Batches {
    fn deliver_now(&self, parcel: &Parcel) -> Outcome {
        let started = Instant::now();
        let mut pile = self.pile.lock().expect("no holder of the pile panics");
        let printed = match print_copy(parcel, pile.last + 1, self.both_sides) {
            Ok(printed) => printed,
            Err(says) => return Outcome::Permanent(Evidence::of(says).took(started.elapsed())),
        };
        match self.write(&printed, &mut pile) {
            Ok(says) => Outcome::Printed(Evidence::of(says).took(started.elapsed())),
            Err(error) => Outcome::Misconfigured(Evidence::of(refused(&error)).took(started.elapsed())),
        }
    }

    /// The batch of this process, with a folder that nobody else has: no place of a stack is given twice.
    fn batch(&self, pile: &mut Pile) -> io::Result<String> {
        if let Some(batch) = &pile.batch {
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
        pile.batch = Some(name.clone());
        Ok(name)
    }

    /// The letter is staged, the line in the manifest makes it a letter of the stack, and then it is moved there. A crash
    /// in between leaves either nothing in the stack, or a line by which the rest is done.
    fn write(&self, printed: &Printed, pile: &mut Pile) -> io::Result<String> {
        let name = self.batch(pile)?;
        let batch = self.folder.join(&name);
        fs::create_dir_all(&batch)?;
        fs::create_dir_all(self.folder.join(STAGED))?;
        write_whole(&self.staged(&printed.letter.dispatch_id), &printed.pdf)?;
        manifest::add(&batch, &printed.letter)?;
        pile.last = printed.letter.place;
        self.put_in_stack(&batch, &printed.letter)?;
        Ok(where_it_lies(&name, &printed.letter))
    }

    fn staged(&self, dispatch_id: &str) -> PathBuf {
        self.folder.join(STAGED).join(format!("{dispatch_id}.pdf"))
    }

    /// Moves what is staged for a letter to its place in the stack; nothing is left to do where it is there.
    fn put_in_stack(&self, batch: &Path, letter: &Letter) -> io::Result<()> {
        let staged = self.staged(&letter.dispatch_id);
        if staged.is_file() {
            fs::rename(&staged, batch.join(letter.file()))?;
            flush(&fs::File::open(batch)?)?;
        }
        Ok(())
    }

    /// A letter counts as printed only with its line in the manifest: the line is written before it is moved.
    fn find(&self, dispatch_id: &str) -> io::Result<Option<String>> {
        // A letter that is being written, though nobody waits for it any more, is in the stack before it is looked for.
        let _written = self.pile.lock().expect("no holder of the pile panics");
        for entry in fs::read_dir(&self.folder)? {
            let path = entry?.path();
            let Some(letters) = letters_in(&path)? else { continue };
            if let Some(letter) = letters.iter().find(|letter| letter.dispatch_id == dispatch_id) {
                let batch = path.file_name().and_then(|n| n.to_str()).unwrap_or_default().to_owned();
                self.put_in_stack(&path, letter)?;
                return Ok(Some(where_it_lies(&batch, letter)));
            }
        }
        Ok(None)
    }
}

/// Where letters lie until their line stands in the manifest.
const STAGED: &str = ".staged";

/// For the record of access: what lies where, and the hash of the very file that is printed.
fn where_it_lies(batch: &str, letter: &Letter) -> String {
    format!(
        "in print batch {batch} at place {}; {} sheets, envelope {}, SHA-256 of the printed file {}",
        letter.place, letter.sheets, letter.envelope, letter.sha256
    )
}

/// Puts a letter together for the printer and chooses its envelope.
fn print_copy(parcel: &Parcel, place: u32, both_sides: bool) -> Result<Printed, String> {
    let papers: Vec<(Arc<[u8]>, u32)> =
        parcel.papers().iter().map(|paper| (Arc::clone(&paper.pdf), paper.pages)).collect();
    let pages: u32 = papers.iter().map(|(_, pages)| *pages).sum();
    let own_sheets = sheets_of(papers.iter().map(|(_, pages)| *pages), both_sides);
    let envelopes = Envelopes::built_in();
    let posted = match parcel.address() {
        Address::Postal { lines } => Some((envelopes.for_sheets(own_sheets), lines)),
        _ => None,
    };
    // Through the window of a letter to whom discretion was promised nothing of the paper may ever show.
    let address = posted.filter(|(size, _)| size.address_page || parcel.is_discreet()).and(parcel.postal().cloned());
    let key = posted.map_or("hand", |(size, _)| size.key.as_str());
    let shown = posted.map_or("given by hand", |(size, _)| size.name.as_str());
    let mut copy = PrintCopy { dispatch_id: parcel.dispatch_id(), note: String::new(), papers, address, both_sides };
    let sheets = copy.sheets();
    copy.note = format!("{place} · {shown} · {sheets} {}", if sheets == 1 { "sheet" } else { "sheets" });
    let rendered = copy
        .render(parcel.templates())
        .map_err(|_| "the papers could not be put together for the printer; have them made anew".to_owned())?;
    Ok(Printed {
        letter: Letter {
            place,
            dispatch_id: parcel.dispatch_id().to_owned(),
            papers: parcel.papers().len(),
            pages,
            sheets,
            envelope: key.to_owned(),
            postage: posted.map(|(size, _)| envelopes.postage(size, sheets)).unwrap_or_default(),
            remark: posted.and_then(|(_, lines)| remark(lines)).unwrap_or_default().to_owned(),
            sha256: hex::encode(Sha256::digest(&rendered.pdf)),
        },
        pdf: rendered.pdf,
    })
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
        let (batches, parcel) = (Arc::clone(&self.0), parcel.clone());
        Box::pin(on_disk(move || batches.deliver_now(&parcel)))
    }

    fn look(&self) -> Answer<'_, Result<String, String>> {
        Box::pin(look_into(&self.0.folder))
    }

    fn look_for<'a>(&'a self, dispatch_id: &'a str) -> Answer<'a, Trace> {
        let (batches, id) = (Arc::clone(&self.0), dispatch_id.to_owned());
        Box::pin(on_disk(move || match batches.find(&id) {
            Ok(Some(place)) => Trace::Found(Evidence::of(place)),
            Ok(None) => Trace::Absent,
            Err(_) => Trace::CannotTell,
        }))
    }
}
