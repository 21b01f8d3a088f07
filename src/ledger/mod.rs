//! The record of access (34 CFR 303.406): what went to whom, when, on what authority. It is only ever added to.

mod chain;
mod entry;
pub mod mark;

pub use chain::{ChainError, GENESIS, Head, Link, Verifier, detail_digest, link_hash};
pub use entry::{Detail, Entry, EntryItem, EntryRelease, Event};
