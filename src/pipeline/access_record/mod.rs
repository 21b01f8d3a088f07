//! What enters the record of access, and the reports, requests and destruction that rest on it.

pub(super) mod entries;
pub(super) mod checkpoint;
mod views;
pub(super) mod entry_lists;
mod corrections;
pub(super) mod report;
mod evidence;
mod gone_before;
pub(super) mod requests_and_incidents;
pub(super) mod retention;

use std::sync::Arc;

use super::Pipeline;

pub use gone_before::{GoneBefore, GoneLine};

/// Entries, reports, requests and checkpoints of the record of access.
#[derive(Debug, Clone)]
pub struct AccessRecord {
    pipeline: Arc<Pipeline>,
}

/// How long records are kept, and their destruction.
#[derive(Debug, Clone)]
pub struct Retention {
    pipeline: Arc<Pipeline>,
}

impl Pipeline {
    /// Entries, reports, requests and checkpoints of the record of access.
    #[must_use]
    pub fn access_record(self: &Arc<Self>) -> AccessRecord {
        AccessRecord { pipeline: Arc::clone(self) }
    }

    /// How long records are kept, and their destruction.
    #[must_use]
    pub fn retention(self: &Arc<Self>) -> Retention {
        Retention { pipeline: Arc::clone(self) }
    }
}
