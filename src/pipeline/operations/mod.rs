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
mod archive;
pub(super) mod backup;
