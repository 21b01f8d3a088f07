//! An entry as it is read back.

use super::{
    chain::Link,
    entry::{Detail, Entry},
};

/// An entry with its personal part, for a person's eyes.
#[derive(Debug, Clone)]
pub struct LedgerRow {
    /// The stored link.
    pub link: Link,
    pub entry: Entry,
    /// The personal part, unless it was destroyed.
    pub detail: Option<Detail>,
}
