//! One look at what came in: what it did so far, and what it will still read.

use std::collections::{BTreeMap, BTreeSet};

use crate::dispatch::email::incoming::Sort;

/// What a look at the mailboxes did.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Received {
    /// Messages that were read.
    pub messages: u64,
    /// Envelopes that came back.
    pub returned: u64,
    /// Envelopes for which a receipt came.
    pub confirmed: u64,
    /// Messages that belong to an envelope and change nothing.
    pub noted: u64,
    /// Messages that wait for a person.
    pub for_a_person: u64,
    /// Those that wait for a person, by what kind of mail they are.
    pub sorts: BTreeMap<&'static str, u64>,
    /// Messages about an attempt that is not settled yet.
    pub later: u64,
    /// Messages that were known already.
    pub known: u64,
    /// What could not be read, one sentence a place. Nothing of it is passed over: the next look tries it again.
    pub not_read: Vec<String>,
}

impl Received {
    pub(super) fn waits(&mut self, sort: Sort) {
        self.for_a_person += 1;
        *self.sorts.entry(sort.word()).or_default() += 1;
    }
}

/// A look at the mailboxes while it goes on.
#[derive(Debug, Default)]
pub(super) struct Look {
    pub(super) done: Received,
    /// The sender of the message that is being taken.
    pub(super) from: String,
    /// Dispatches that failure notices of this look speak of, by channel and code: those that are still to come count in a
    /// burst like those that were taken, so that the first of them puts no address out of use.
    pub(super) coming: BTreeMap<(String, String), BTreeSet<String>>,
}

impl Look {
    /// Whether the message comes from this address.
    pub(super) fn is_from(&self, address: &str) -> bool {
        self.from.eq_ignore_ascii_case(address.trim())
    }
}
