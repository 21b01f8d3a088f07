//! Counts for those who watch: states, ages, what stands still.

pub(super) mod counts;
pub(super) mod metrics;
pub(super) mod nightly_check;

use super::Store;

/// Counts for those who watch.
#[derive(Clone, Copy)]
pub struct Monitoring<'a> {
    store: &'a Store,
}

impl Store {
    /// Counts for those who watch.
    #[must_use]
    pub fn monitoring(&self) -> Monitoring<'_> {
        Monitoring { store: self }
    }
}
