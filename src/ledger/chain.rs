//! The hash chain over the stored bytes of the entries.

use std::collections::BTreeMap;

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

/// The hash before the first entry.
pub const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// A stored entry with its place in the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Place, from 1, without gaps.
    pub seq: i64,
    /// Instant, as stored.
    pub at: String,
    /// The entry's bytes, as stored; they are hashed as they stand and never written anew.
    pub body: String,
    /// Hash of the link before.
    pub prev: String,
    /// Hash of this link.
    pub hash: String,
}

/// The hash of a link: every part with its length before it, so that no two links share an encoding.
#[must_use]
pub fn link_hash(seq: i64, at: &str, body: &str, prev: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(b"earlypost-ledger/v1\n");
    hash.update(seq.to_be_bytes());
    for part in [at, body, prev] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    HEXLOWER.encode(&hash.finalize())
}

/// The last link known: count and hash.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Head {
    /// Entries so far.
    pub count: i64,
    /// Hash of the last one; [`GENESIS`] before the first.
    pub hash: String,
}

impl Default for Head {
    fn default() -> Self {
        Self { count: 0, hash: GENESIS.to_owned() }
    }
}

/// What is wrong with a chain, at its first bad entry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChainError {
    /// An entry is missing or was put in.
    #[error("entry {expected} is missing; the next one found is {found}")]
    Gap {
        /// The number that should come.
        expected: i64,
        /// The number that came.
        found: i64,
    },
    /// An entry does not follow the one before it.
    #[error("entry {0} does not follow the one before it: an entry was put in, taken out or changed")]
    Broken(i64),
    /// An entry's bytes were changed.
    #[error("entry {0} was changed after it was written")]
    Changed(i64),
    /// The detail of an entry is gone or was changed.
    #[error("the detail of entry {0} is missing or was changed")]
    Detail(i64),
    /// A stored paper is gone or was changed.
    #[error("a paper of entry {0} is missing or was changed")]
    Paper(i64),
    /// A column beside the hashed bytes says something else than they do.
    #[error("entry {seq} was changed after it was written: its row says another child in {table}")]
    Moved { seq: i64, table: &'static str },
    /// A personal part without its entry.
    #[error("a personal part stands at entry {0}, which has none or does not exist: it was put in")]
    Stray(i64),
    /// A child's key was changed or put in from elsewhere.
    #[error("the key of child {0} was changed: its papers and the details of its entries cannot be opened")]
    Key(String),
    /// A dispatch says that bytes left, and no entry does.
    #[error("dispatch {0} is {1}, but the record of access has no entry for it")]
    NoEntry(String, String),
    /// An entry says that bytes left, and its dispatch or attempt is gone.
    #[error("entry {seq} is about dispatch {dispatch}, which {says}")]
    NoDispatch {
        seq: i64,
        dispatch: String,
        /// What is wrong with it.
        says: &'static str,
    },
    /// The answer kept with an attempt does not open.
    #[error("the answer kept with attempt {attempt} of dispatch {dispatch} was changed")]
    Answer { dispatch: String, attempt: i64 },
    /// A stored paper that the database lists is gone.
    #[error("stored paper {0} is listed, but its file is missing or was changed")]
    Body(String),
    /// A checkpoint is missing, forged, swapped or from another time.
    #[error("checkpoint {number}: {says}")]
    Checkpoint {
        number: i64,
        /// What is wrong with it.
        says: String,
    },
    /// A row about a request or an incident does not agree with the entries.
    #[error("{table} {id} does not agree with entry {seq}")]
    Matter { table: &'static str, id: String, seq: i64 },
    /// The tail was cut off.
    #[error(
        "the record ends at entry {count}, but entry {marked} was seen before: the end is missing or the database is an older copy"
    )]
    Truncated {
        count: i64,
        /// Entries seen before.
        marked: i64,
    },
    /// The entry at the mark is another one.
    #[error("entry {0} is not the one that was seen before: the record was rewritten")]
    Rewritten(i64),
}

impl ChainError {
    /// The entry at which the fault was found, where it is about one.
    #[must_use]
    pub fn first_bad(&self) -> Option<i64> {
        match self {
            Self::Gap { expected, .. } => Some(*expected),
            Self::Broken(seq)
            | Self::Changed(seq)
            | Self::Detail(seq)
            | Self::Paper(seq)
            | Self::Stray(seq)
            | Self::Rewritten(seq)
            | Self::Moved { seq, .. }
            | Self::NoDispatch { seq, .. }
            | Self::Matter { seq, .. } => Some(*seq),
            Self::Truncated { count, .. } => Some(count + 1),
            Self::Key(_) | Self::NoEntry(..) | Self::Answer { .. } | Self::Body(_) | Self::Checkpoint { .. } => None,
        }
    }
}

/// Checks links one after another.
#[derive(Debug, Clone, Default)]
pub struct Verifier {
    head: Head,
    seen: BTreeMap<i64, String>,
}

impl Verifier {
    /// A verifier that knows heads seen before, from the mark and from checkpoints.
    #[must_use]
    pub fn expecting(heads: impl IntoIterator<Item = Head>) -> Self {
        let seen = heads.into_iter().filter(|head| head.count > 0).map(|head| (head.count, head.hash)).collect();
        Self { head: Head::default(), seen }
    }

    /// Ends the check: nothing that was seen before may be missing.
    ///
    /// # Errors
    /// When the record ends before an entry that was seen.
    pub fn end(self) -> Result<Head, ChainError> {
        match self.seen.keys().next_back() {
            Some(marked) if *marked > self.head.count => {
                Err(ChainError::Truncated { count: self.head.count, marked: *marked })
            }
            _ => Ok(self.head),
        }
    }

    /// Takes the next link.
    ///
    /// # Errors
    /// When it is out of place or changed.
    pub fn take(&mut self, link: &Link) -> Result<(), ChainError> {
        self.take_parts(link.seq, &link.at, &link.body, &link.prev, &link.hash)
    }

    /// The same for a link that stands in parts.
    ///
    /// # Errors
    /// When it is out of place or changed.
    pub fn take_parts(&mut self, seq: i64, at: &str, body: &str, prev: &str, hash: &str) -> Result<(), ChainError> {
        let expected = self.head.count + 1;
        if seq != expected {
            return Err(ChainError::Gap { expected, found: seq });
        }
        if prev != self.head.hash {
            return Err(ChainError::Broken(seq));
        }
        if link_hash(seq, at, body, prev) != hash {
            return Err(ChainError::Changed(seq));
        }
        if self.seen.get(&seq).is_some_and(|seen| seen != hash) {
            return Err(ChainError::Rewritten(seq));
        }
        self.head.count = seq;
        hash.clone_into(&mut self.head.hash);
        Ok(())
    }

    /// The head so far.
    #[must_use]
    pub fn head(&self) -> &Head {
        &self.head
    }
}

/// The digest that binds a detail: SHA-256 over 32 random bytes kept with it, and its stored bytes.
#[must_use]
pub fn detail_digest(salt: &[u8; 32], plain: &[u8]) -> String {
    HEXLOWER.encode(&Sha256::new().chain_update(salt).chain_update(plain).finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chain(length: i64) -> Vec<Link> {
        let mut prev = GENESIS.to_owned();
        (1..=length)
            .map(|seq| {
                let (at, body) = ("2026-11-20T12:00:00.000Z".to_owned(), format!("{{\"n\":{seq}}}"));
                let hash = link_hash(seq, &at, &body, &prev);

                Link { seq, at, body, prev: std::mem::replace(&mut prev, hash.clone()), hash }
            })
            .collect()
    }

    fn verdict(links: &[Link]) -> Result<Head, ChainError> {
        let mut verifier = Verifier::default();
        links.iter().try_for_each(|link| verifier.take(link))?;
        Ok(verifier.head().clone())
    }

    #[test]
    fn a_whole_chain_is_clean() {
        assert_eq!(verdict(&chain(5)).unwrap().count, 5);
    }

    #[test]
    fn an_edit_a_deletion_and_an_insertion_are_each_named() {
        let mut edited = chain(5);
        edited[2].body = "{\"n\":33}".to_owned();
        assert_eq!(verdict(&edited), Err(ChainError::Changed(3)));
        let mut cut = chain(5);
        cut.remove(2);
        assert_eq!(verdict(&cut), Err(ChainError::Gap { expected: 3, found: 4 }));
        let mut forged = chain(5);
        forged[2].body = "{\"n\":33}".to_owned();
        forged[2].hash = link_hash(3, &forged[2].at, &forged[2].body, &forged[2].prev);
        assert_eq!(verdict(&forged), Err(ChainError::Broken(4)));
    }

    #[test]
    fn parts_cannot_be_shifted_into_each_other() {
        assert_ne!(link_hash(1, "ab", "c", GENESIS), link_hash(1, "a", "bc", GENESIS));
    }
}
