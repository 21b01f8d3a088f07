//! What a file is, by its first bytes: its name proves nothing.

use serde::{Deserialize, Serialize};

use super::FiledFault;

/// What is taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Media {
    Pdf,
    /// A photograph or scan.
    Jpeg,
    /// A picture or scan.
    Png,
}

/// A PDF may have a few bytes before its head.
const HEAD: usize = 1024;

pub(super) fn of(bytes: &[u8]) -> Result<Media, FiledFault> {
    let program = |what: &str| Err(FiledFault::OtherProgram { what: what.to_owned() });
    let picture = |what: &str| Err(FiledFault::OtherPicture { what: what.to_owned() });
    if holds(&bytes[..bytes.len().min(HEAD)], b"%PDF-") {
        return Ok(Media::Pdf);
    }
    if bytes.starts_with(b"\xff\xd8\xff") {
        return Ok(Media::Jpeg);
    }
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        return Ok(Media::Png);
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return if holds(bytes, b"word/") {
            program("a Word file")
        } else if holds(bytes, b"xl/") {
            program("an Excel file")
        } else if holds(bytes, b"opendocument.text") {
            program("an OpenDocument file")
        } else {
            Err(FiledFault::OtherProgram { what: "an archive or an office program's file".to_owned() })
        };
    }
    if bytes.starts_with(b"\xd0\xcf\x11\xe0") {
        return program("an older Word or Excel file");
    }
    if bytes.starts_with(b"{\\rtf") {
        return program("an RTF file");
    }
    if bytes.starts_with(b"II*\0") || bytes.starts_with(b"MM\0*") {
        return picture("a TIFF picture");
    }
    if bytes.get(4..8) == Some(b"ftyp") {
        return picture("a telephone's picture (HEIC)");
    }
    if bytes.starts_with(b"GIF8") || bytes.starts_with(b"BM") || bytes.starts_with(b"RIFF") {
        return picture("a picture of another kind");
    }
    Err(FiledFault::NoPaper)
}

fn holds(bytes: &[u8], what: &[u8]) -> bool {
    bytes.windows(what.len()).any(|window| window == what)
}
