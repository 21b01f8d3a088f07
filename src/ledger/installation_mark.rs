//! The last ledger head that this installation saw, kept outside the database.
//!
//! A database that is behind the mark is an older copy; one with entries and no mark was carried here from
//! elsewhere. Either starts held: a restored copy must not send the past. A backup of a record that was still empty can be
//! told by neither, so a restore leaves a note of its own.

use std::{fs, io, path::Path};

use super::chain::Head;
use crate::files::write_whole;

/// What the mark says about a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The same installation, nothing missing.
    Same,
    /// The database is behind the mark.
    Behind {
        /// Entries in the database.
        count: i64,
        /// Entries that were seen.
        marked: i64,
    },
    /// The database has entries, but there is no mark.
    Unmarked {
        /// Entries in the database.
        count: i64,
    },
    /// The entry at the mark is another one.
    Rewritten {
        /// The mark's place.
        marked: i64,
    },
    /// The database came out of a backup, and nobody has released it yet.
    Restored,
}

/// Reads the mark; `None` where there is none.
///
/// # Errors
/// When the file is there but cannot be read.
pub fn read(path: &Path) -> io::Result<Option<Head>> {
    match fs::read(path) {
        Ok(bytes) => parse(&bytes).map(Some),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Rewrites the mark.
///
/// # Errors
/// When it cannot be written.
pub fn write(path: &Path, head: &Head) -> io::Result<()> {
    write_whole(path, &text(head))
}

/// The mark as it is written.
#[must_use]
pub fn text(head: &Head) -> Vec<u8> {
    serde_json::to_vec(head).expect("a head is plain data")
}

/// Reads a mark as it is written.
///
/// # Errors
/// When it is none.
pub fn parse(text: &[u8]) -> io::Result<Head> {
    serde_json::from_slice(text).map_err(|_| io::ErrorKind::InvalidData.into())
}

/// Compares a database's head with the mark. `hash_at_mark` is the hash of the database's entry at the
/// mark's place, where it has one.
#[must_use]
pub fn standing(head: &Head, mark: Option<&Head>, hash_at_mark: Option<&str>) -> Standing {
    match mark {
        None if head.count == 0 => Standing::Same,
        None => Standing::Unmarked { count: head.count },
        Some(mark) if head.count < mark.count => Standing::Behind { count: head.count, marked: mark.count },
        Some(mark) if mark.count > 0 && hash_at_mark != Some(mark.hash.as_str()) => {
            Standing::Rewritten { marked: mark.count }
        }
        Some(_) => Standing::Same,
    }
}
