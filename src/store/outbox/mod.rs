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
