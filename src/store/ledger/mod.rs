//! The record of access in the database: appended, never changed.

pub(super) mod append;
pub(super) mod checkpoints;
pub(super) mod requests;

use super::Store;

/// The record of access: appended, never changed.
#[derive(Clone, Copy)]
pub struct LedgerTable<'a> {
    store: &'a Store,
}

impl Store {
    /// The record of access: appended, never changed.
    #[must_use]
    pub fn ledger(&self) -> LedgerTable<'_> {
        LedgerTable { store: self }
    }
}
