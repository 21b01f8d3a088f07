//! Children's records: taken whole, found, read as they count, destroyed.

pub(super) mod cache;
pub(super) mod facts;
mod directory;
pub(super) mod records;
mod caseload;
mod ifsp_versions;
pub(super) mod snapshot;
mod known_at;
pub(super) mod search;
pub(super) mod destroy;
pub(super) mod import;

use super::Store;

#[derive(Clone, Copy)]
pub struct Children<'a> {
    store: &'a Store,
}

impl Store {
    #[must_use]
    pub fn children(&self) -> Children<'_> {
        Children { store: self }
    }
}
