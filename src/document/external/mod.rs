//! A paper made elsewhere, looked at once when it is taken in: what it is, what its pages say, and a copy of it that
//! holds nothing but pages.
//!
//! It runs in a rendering process ([`super::typst::worker`]): a file from outside is nothing to read in the process that holds
//! the database.

mod picture;
mod short_values;
mod sanitize;
mod trial_mark;
mod media_type;
mod page_text;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use media_type::Media;
pub use trial_mark::mark;

/// How large a paper may be that is taken in; a larger one is taken in by parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct FiledLimits {
    /// Pages, 1 to 2000.
    #[schemars(range(min = 1, max = 2000))]
    pub pages: usize,
    /// Megabytes, 1 to 200.
    #[schemars(range(min = 1, max = 200))]
    pub megabytes: usize,
}

impl Default for FiledLimits {
    fn default() -> Self {
        Self { pages: 200, megabytes: 25 }
    }
}

impl FiledLimits {
    /// The size in bytes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.megabytes * 1024 * 1024
    }
}

/// What was found in a paper made elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Examined {
    /// What came in.
    pub media: Media,
    /// The words of the copy: those of its pages, and those that stand on none (title, bookmarks, notes, form fields).
    pub words: FiledWords,
    /// What was taken out of the copy, in words.
    pub taken_out: Vec<String>,
    /// Words of the file that are not in the copy: its properties, what was taken out.
    pub left_out: String,
    /// The copy that may go out: a PDF.
    pub copy: Vec<u8>,
}

/// One page as a machine reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FiledPage {
    /// Its words.
    pub text: String,
    /// Whether that is all of it: a scan without a layer of text is not read by a machine.
    pub read: bool,
}

/// The words of a paper, as they are kept beside it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FiledWords {
    /// Page by page.
    pub pages: Vec<FiledPage>,
    /// What stands on no page.
    pub beside: String,
}

impl FiledWords {
    /// Every text in it: a page each, and at last what stands on no page.
    #[must_use]
    pub fn texts(&self) -> Vec<String> {
        self.pages.iter().map(|page| page.text.clone()).chain([self.beside.clone()]).collect()
    }

    /// Pages that no machine reads, from 1.
    #[must_use]
    pub fn unread(&self) -> Vec<u32> {
        (1..).zip(&self.pages).filter(|(_, page)| !page.read).map(|(number, _)| number).collect()
    }
}

/// Why a paper cannot be taken in. Each says what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(tag = "fault", rename_all = "snake_case")]
pub enum FiledFault {
    /// Nothing in it.
    #[error("the file is empty; scan or save it again")]
    Empty,
    /// Too large.
    #[error("the file is larger than {most} MB; scan it in black and white at 200 dpi, or take it in by parts")]
    TooLarge {
        /// How many megabytes may be.
        most: usize,
    },
    /// A word processor's or another program's file.
    #[error("it is {what}, which looks different on every machine; open it, save it as PDF, and take the PDF in")]
    OtherProgram {
        /// Such as `a Word file`.
        what: String,
    },
    /// A picture of a kind that is not taken.
    #[error("it is {what}; save it as PDF, JPEG or PNG and take that in")]
    OtherPicture {
        /// Such as `a TIFF picture`.
        what: String,
    },
    /// Neither a PDF nor a picture.
    #[error("it is neither a PDF nor a JPEG or PNG picture; scan the paper, or save it as PDF")]
    NoPaper,
    /// Locked with a password.
    #[error(
        "the PDF is locked (encrypted) and opens only with a password; ask the sender for one that opens without, or print it \
         and scan it"
    )]
    Encrypted,
    /// A form that is a program.
    #[error("this form shows only in Adobe Reader: print it to PDF there and take that in")]
    DynamicForm,
    /// Files in an envelope.
    #[error(
        "it is a portfolio, a cover with other files inside; open it in Adobe Reader, save the files out of it, and take each in \
         by itself"
    )]
    Portfolio,
    /// Too long.
    #[error("it has {pages} pages, and at most {most} are taken; take it in by parts, each with what belongs together")]
    TooManyPages {
        /// How many.
        pages: usize,
        /// How many may be.
        most: usize,
    },
    /// Not whole.
    #[error("the file is damaged and its pages cannot be read; scan or save it again")]
    Broken,
    /// Too large a picture.
    #[error("the picture has {megapixels} million points, and at most {most} million are taken; scan it at 200 dpi")]
    TooManyPoints {
        /// How many.
        megapixels: u64,
        /// How many may be.
        most: u64,
    },
    /// Scripts or files that could not be taken out.
    #[error("it holds {what} that cannot be taken out of it; print it and scan it")]
    NotCleanable {
        /// What.
        what: String,
    },
    /// The process that looked at it stopped.
    #[error(
        "looking at it was stopped: {why}. The file may be made to do harm; print it on another machine and scan it"
    )]
    Stopped {
        /// Time or memory.
        why: String,
    },
}

/// Looks at a file from elsewhere and makes the copy that may go out.
///
/// # Errors
/// When it is no paper that is taken in, with what to do.
pub fn examine(bytes: &[u8], limits: &FiledLimits) -> Result<Examined, FiledFault> {
    if bytes.is_empty() {
        return Err(FiledFault::Empty);
    }
    if bytes.len() > limits.bytes() {
        return Err(FiledFault::TooLarge { most: limits.megabytes });
    }
    let media = media_type::of(bytes)?;
    let (pdf, mut taken_out) = match media {
        Media::Pdf => (bytes.to_vec(), Vec::new()),
        Media::Jpeg => picture::of_jpeg(bytes)?,
        Media::Png => picture::of_png(bytes)?,
    };
    let cleaned = sanitize::clean(&pdf, limits.pages)?;
    taken_out.extend(cleaned.taken_out);
    // What is read is the copy, word for word what would go out.
    let pages = page_text::pages(&pdf, &cleaned.bytes, cleaned.document)?;
    let words = FiledWords { pages, beside: cleaned.beside };
    Ok(Examined { media, words, taken_out, left_out: cleaned.left_out, copy: cleaned.bytes })
}
