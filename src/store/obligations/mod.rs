//! Obligations as rows: reconciled with what is computed, met by what left.

pub(super) mod queries;
pub(super) mod fulfilment;
pub(super) mod reconcile;

use super::Store;

/// Obligations as rows.
#[derive(Clone, Copy)]
pub struct Obligations<'a> {
    store: &'a Store,
}

impl Store {
    /// Obligations as rows.
    #[must_use]
    pub fn obligations(&self) -> Obligations<'_> {
        Obligations { store: self }
    }
}
