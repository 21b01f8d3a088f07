//! The record of access (34 CFR 303.406): what went to whom, when, on what authority. It is only ever added to.

mod chain;
pub mod checkpoint;
pub mod destroyed;
mod entry;
mod event;
mod exempt;
pub mod mark;
pub mod report;
mod row;

pub use chain::{ChainError, GENESIS, Head, Link, Verifier, detail_digest, link_hash};
pub use checkpoint::{Checkpoint, NoteError, PublicKey};
pub use entry::{
    Detail, ENTRY_VERSION, Entry, EntryDestroyed, EntryItem, EntryMatter, EntryPlan, EntryRelease, RECORD_CLASS,
    StatementIncluded,
};
pub use event::Event;
pub use exempt::Exempt;
pub use row::LedgerRow;
