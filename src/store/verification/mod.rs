//! The check of the whole record of access.

mod pages;
mod entries;
mod dispatches;
mod bodies;
pub(super) mod verify;

use super::Store;

/// The check of the whole record of access.
#[derive(Clone, Copy)]
pub struct Verification<'a> {
    store: &'a Store,
}

impl Store {
    /// The check of the whole record of access.
    #[must_use]
    pub fn verification(&self) -> Verification<'_> {
        Verification { store: self }
    }
}
