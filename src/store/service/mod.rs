//! What the service itself keeps: schedules, runs, tasks, holds, pauses, staff sheets.

pub(super) mod tasks;
pub(super) mod runs;
pub(super) mod schedules;
pub(super) mod holds;
pub(super) mod pauses;
pub(super) mod staff_sheets;
pub(super) mod passphrases;

use super::Store;

/// What the service itself keeps: tasks, runs, schedules, holds, pauses.
#[derive(Clone, Copy)]
pub struct ServiceState<'a> {
    store: &'a Store,
}

impl Store {
    /// What the service itself keeps: tasks, runs, schedules, holds, pauses.
    #[must_use]
    pub fn service(&self) -> ServiceState<'_> {
        ServiceState { store: self }
    }
}
