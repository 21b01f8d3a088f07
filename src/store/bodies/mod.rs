//! Stored documents and messages: encrypted under the child's key, in a folder or a bucket.

pub(super) mod sealed_bodies;
mod s3;
pub(super) mod backend;

use super::Store;

/// Stored documents and messages.
#[derive(Clone, Copy)]
pub struct Bodies<'a> {
    store: &'a Store,
}

impl Store {
    /// Stored documents and messages.
    #[must_use]
    pub fn bodies(&self) -> Bodies<'_> {
        Bodies { store: self }
    }
}
