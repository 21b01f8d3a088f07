//! The list of a batch: a line a letter, in the order of the stack. It names nobody.

use std::{
    fs,
    io::{self, Write},
    path::Path,
};

use crate::files::flush;

/// The file's name inside a batch.
pub(super) const MANIFEST: &str = "manifest.csv";

const HEAD: &str = "place,dispatch,papers,pages,sheets,envelope,postage,remark,sha256\n";

/// A letter of a batch.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Letter {
    /// Its place in the stack, from 1.
    pub place: u32,
    pub dispatch_id: String,
    /// Papers in it.
    pub papers: usize,
    /// Printed pages, an address page not counted.
    pub pages: u32,
    /// Sheets of paper, an address page with them.
    pub sheets: u32,
    /// The envelope: `10`, `9x12`, `box`; `hand` where it is handed over.
    pub envelope: String,
    /// How the post takes it.
    pub postage: String,
    /// What else the clerk has to know.
    pub remark: String,
    /// SHA-256 of the printed file, in hex.
    pub sha256: String,
}

impl Letter {
    /// The file in the batch; names sort in the order of the stack.
    #[must_use]
    pub fn file(&self) -> String {
        format!("{:04}-{}.pdf", self.place, self.dispatch_id)
    }

    fn line(&self) -> String {
        // Commas part columns; what we write ourselves has none but in postage and remark.
        let plain = |text: &str| text.replace(',', ";").replace(['\n', '\r'], " ");
        format!(
            "{},{},{},{},{},{},{},{},{}\n",
            self.place,
            self.dispatch_id,
            self.papers,
            self.pages,
            self.sheets,
            self.envelope,
            plain(&self.postage),
            plain(&self.remark),
            self.sha256
        )
    }

    fn parse(line: &str) -> Option<Self> {
        let mut parts = line.split(',');
        let mut next = || parts.next();
        Some(Self {
            place: next()?.parse().ok()?,
            dispatch_id: next()?.to_owned(),
            papers: next()?.parse().ok()?,
            pages: next()?.parse().ok()?,
            sheets: next()?.parse().ok()?,
            envelope: next()?.to_owned(),
            postage: next()?.to_owned(),
            remark: next()?.to_owned(),
            sha256: next()?.to_owned(),
        })
    }
}

/// Adds a letter to a batch's list and flushes it to disk. Where its line cannot be written whole, nothing of it stays.
pub(super) fn add(batch: &Path, letter: &Letter) -> io::Result<()> {
    let mut file = fs::OpenOptions::new().create(true).append(true).open(batch.join(MANIFEST))?;
    let before = file.metadata()?.len();
    let head = if before == 0 { HEAD } else { "" };
    let written = file.write_all(format!("{head}{}", letter.line()).as_bytes()).and_then(|()| flush(&file));
    if written.is_err() {
        // What cannot be cut off stands without its end, and is not read.
        drop(file.set_len(before));
    }
    written
}

/// The letters of a batch, in the order of the stack. A last line that a crash cut off is no letter.
///
/// # Errors
/// When there is no list, or it cannot be read.
pub fn letters(batch: &Path) -> io::Result<Vec<Letter>> {
    let text = fs::read_to_string(batch.join(MANIFEST))?;
    let whole = text.rfind('\n').map_or("", |end| &text[..=end]);
    Ok(whole.lines().skip(1).filter_map(Letter::parse).collect())
}

/// The letters of what may be a batch; `None` where it is none. A list that is there and cannot be read is no missing one.
pub(super) fn letters_in(folder: &Path) -> io::Result<Option<Vec<Letter>>> {
    match letters(folder) {
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(None),
        read => read.map(Some),
    }
}
