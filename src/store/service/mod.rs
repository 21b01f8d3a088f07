//! What the service itself keeps: schedules, runs, tasks, holds, pauses, staff sheets.

pub(super) mod tasks;
pub(super) mod runs;
pub(super) mod schedules;
pub(super) mod holds;
pub(super) mod pauses;
pub(super) mod staff_sheets;
pub(super) mod passphrases;
