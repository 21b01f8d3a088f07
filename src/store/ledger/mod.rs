//! The record of access in the database: appended, never changed.

pub(super) mod append;
pub(super) mod checkpoints;
pub(super) mod requests;
