//! Dispatches as rows: put in, decided again, shared, looked up.

pub(super) mod state;
pub(super) mod replaced_packets;
pub(super) mod shared_envelopes;
pub(super) mod dispatches;
pub(super) mod queue;
pub(super) mod claim;
pub(super) mod by_obligation;
pub(super) mod enclosures;
mod render_queue;

use super::Store;

/// Dispatches as rows.
#[derive(Clone, Copy)]
pub struct Outbox<'a> {
    store: &'a Store,
}

impl Store {
    /// Dispatches as rows.
    #[must_use]
    pub fn outbox(&self) -> Outbox<'_> {
        Outbox { store: self }
    }
}
