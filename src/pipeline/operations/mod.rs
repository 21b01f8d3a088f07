//! The whole path and its parts as people and schedules ask for them.

pub(super) mod run_report;
mod accounts;
pub(super) mod worklist;
pub(super) mod dispatch_operations;
pub(super) mod dry_run;
mod run;
pub(super) mod run_plan;
pub(super) mod send;
pub(super) mod nightly_check;
pub(super) mod unread_answers;
pub(super) mod stops;
mod tasks;
pub(super) mod overview;
pub(super) mod dispatch_life;
mod archive;
pub(super) mod backup;

use std::sync::Arc;

use super::Pipeline;

/// The whole path, as people and schedules ask for it.
#[derive(Debug, Clone)]
pub struct Operations {
    pipeline: Arc<Pipeline>,
}

/// Holds and pauses that stop more than one child's mail.
#[derive(Debug, Clone)]
pub struct Stops {
    pipeline: Arc<Pipeline>,
}

/// What a person does to one delivery.
#[derive(Debug, Clone)]
pub struct DispatchOperations {
    pipeline: Arc<Pipeline>,
}

/// One checked archive, and a copy that sends nothing.
#[derive(Debug, Clone)]
pub struct Backups {
    pipeline: Arc<Pipeline>,
}

impl Pipeline {
    /// The whole path, as people and schedules ask for it.
    #[must_use]
    pub fn operations(self: &Arc<Self>) -> Operations {
        Operations { pipeline: Arc::clone(self) }
    }

    /// Holds and pauses that stop more than one child's mail.
    #[must_use]
    pub fn stops(self: &Arc<Self>) -> Stops {
        Stops { pipeline: Arc::clone(self) }
    }

    /// What a person does to one delivery.
    #[must_use]
    pub fn dispatch_operations(self: &Arc<Self>) -> DispatchOperations {
        DispatchOperations { pipeline: Arc::clone(self) }
    }

    /// One checked archive, and a copy that sends nothing.
    #[must_use]
    pub fn backups(self: &Arc<Self>) -> Backups {
        Backups { pipeline: Arc::clone(self) }
    }
}
