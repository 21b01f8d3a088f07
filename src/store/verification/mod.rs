//! The check of the whole record of access.

mod pages;
mod entries;
mod dispatches;
mod bodies;
pub(super) mod verify;
