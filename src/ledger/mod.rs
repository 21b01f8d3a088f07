//! The record of access (34 CFR 303.406): what went to whom, when, on what authority. It is only ever added to.

mod chain;
pub mod checkpoint;
mod event;
pub mod destroyed_children;
mod exemptions;
mod entry;
mod row;
pub mod report;
pub mod installation_mark;

pub use chain::{ChainError, GENESIS, Head, Link, Verifier, detail_digest, link_hash};
pub use checkpoint::{Checkpoint, NoteError, PublicKey};
pub use entry::{
    Detail, ENTRY_VERSION, Entry, EntryDestroyed, EntryItem, EntryMatter, EntryPlan, EntryRelease, RECORD_CLASS,
    StatementIncluded,
};
pub use event::Event;
pub use exemptions::Exempt;
pub use row::LedgerRow;
