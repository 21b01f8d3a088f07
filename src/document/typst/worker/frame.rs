//! What goes through the pipe: a length, a JSON header, a length, bytes.

use std::io::{self, Read, Write};

use serde::{Deserialize, Serialize};

use crate::{
    document::{
        OwnFile, RenderError, Rendered,
        external::{Examined, FiledFault, FiledLimits, FiledWords, Media},
    },
    due::DocumentKind,
};

/// The header of a request.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "snake_case")]
pub(super) enum Request {
    /// A program's own template files, which stand before ours from now on: paths and lengths; their bytes follow. It has
    /// no answer.
    Templates { files: Vec<(String, usize)> },
    /// A paper; the view follows.
    Render { kind: DocumentKind },
    /// A file from elsewhere, to be looked at; its bytes follow.
    Examine { limits: FiledLimits },
    /// The copy of such a file, to be marked on every page; its bytes follow.
    Mark,
}

/// Takes the files of a request apart.
pub(super) fn files_of(files: Vec<(String, usize)>, body: &[u8]) -> io::Result<Vec<OwnFile>> {
    let mut rest = body;
    files
        .into_iter()
        .map(|(path, length)| {
            let (bytes, more) = rest.split_at_checked(length).ok_or(io::ErrorKind::UnexpectedEof)?;
            rest = more;
            Ok(OwnFile { path, bytes: bytes.to_vec() })
        })
        .collect()
}

/// The header of an answer; the PDF follows, empty where it failed.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub(super) enum Answer {
    Rendered {
        pages: Vec<String>,
        text: Option<String>,
    },
    Failed {
        place: String,
        says: String,
    },
    TooLong,
    /// A file from elsewhere; the copy follows.
    Examined {
        media: Media,
        words: FiledWords,
        taken_out: Vec<String>,
        left_out: String,
    },
    /// A copy with its marks; it follows.
    Marked,
    /// A file from elsewhere that is not taken in.
    NotTaken {
        fault: FiledFault,
    },
}

impl Answer {
    pub(super) fn into_result(self, kind: DocumentKind, pdf: Vec<u8>) -> Result<Rendered, RenderError> {
        match self {
            Self::Rendered { pages, text } => Ok(Rendered { pdf, pages, text }),
            Self::Failed { place, says } => Err(RenderError::Template { place, says }),
            Self::TooLong => Err(RenderError::TooLong { kind }),
            Self::Examined { .. } | Self::Marked | Self::NotTaken { .. } => {
                Err(RenderError::Stopped { kind, why: "its process answered another question".to_owned() })
            }
        }
    }

    pub(super) fn into_marked(self, copy: Vec<u8>) -> Result<Vec<u8>, FiledFault> {
        match self {
            Self::Marked => Ok(copy),
            Self::NotTaken { fault } => Err(fault),
            _ => Err(FiledFault::Stopped { why: "its process answered another question".to_owned() }),
        }
    }

    pub(super) fn into_examined(self, copy: Vec<u8>) -> Result<Examined, FiledFault> {
        match self {
            Self::Examined { media, words, taken_out, left_out } => {
                Ok(Examined { media, words, taken_out, left_out, copy })
            }
            Self::NotTaken { fault } => Err(fault),
            _ => Err(FiledFault::Stopped { why: "its process answered another question".to_owned() }),
        }
    }
}

/// Both parts in one buffer, so that one write carries them.
pub(super) fn encode<H: Serialize>(header: &H, body: &[u8]) -> Vec<u8> {
    let header = serde_json::to_vec(header).expect("headers are plain data");
    let mut out = Vec::with_capacity(header.len() + body.len() + 8);
    for part in [header.as_slice(), body] {
        let length = u32::try_from(part.len()).expect("papers are far smaller than four gigabytes");
        out.extend_from_slice(&length.to_be_bytes());
        out.extend_from_slice(part);
    }
    out
}

/// Reads one frame; `None` at a clean end of the pipe.
pub(super) fn read<H: for<'de> Deserialize<'de>>(input: &mut impl Read) -> io::Result<Option<(H, Vec<u8>)>> {
    let Some(header) = part(input)? else { return Ok(None) };
    let body = part(input)?.ok_or(io::ErrorKind::UnexpectedEof)?;
    let header = serde_json::from_slice(&header).map_err(|_| io::ErrorKind::InvalidData)?;
    Ok(Some((header, body)))
}

fn part(input: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut length = [0; 4];
    match input.read_exact(&mut length) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        other => other?,
    }
    let mut bytes = vec![0; u32::from_be_bytes(length) as usize];
    input.read_exact(&mut bytes)?;
    Ok(Some(bytes))
}

/// Writes one frame and flushes it.
pub(super) fn write<H: Serialize>(output: &mut impl Write, header: &H, body: &[u8]) -> io::Result<()> {
    output.write_all(&encode(header, body))?;
    output.flush()
}
