//! Children's records: taken whole, found, read as they count, destroyed.

pub(super) mod cache;
pub(super) mod facts;
mod directory;
pub(super) mod records;
mod ifsp_versions;
pub(super) mod snapshot;
pub(super) mod search;
pub(super) mod destroy;
pub(super) mod import;
