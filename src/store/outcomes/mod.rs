//! What became of a dispatch: settled, reported, returned, changed by a person, stopped by a fact.

pub(super) mod returned;
pub(super) mod settle;
pub(super) mod receipts;
pub(super) mod inbox;
pub(super) mod bursts;
pub(super) mod after_death;
pub(super) mod pull_list;
pub(super) mod operations;

use super::Store;

/// What became of a dispatch.
#[derive(Clone, Copy)]
pub struct Outcomes<'a> {
    store: &'a Store,
}

impl Store {
    /// What became of a dispatch.
    #[must_use]
    pub fn outcomes(&self) -> Outcomes<'_> {
        Outcomes { store: self }
    }
}
