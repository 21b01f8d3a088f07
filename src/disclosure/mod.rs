//! May it go? [`decide`] is a pure function of facts handed to it; nothing here sends or reads a store.

mod agency;
mod authorization;
mod caseworker;
mod decide;
mod enclosed;
mod endpoint;
mod exception;
mod facts;
mod ground;
mod language;
mod names;
mod parent;
mod inspect;
mod protected;
mod reason;
mod recipient;
mod release;
mod scan;
mod school;
mod surrogate;

pub use authorization::{Authorization, Basis, LIFETIME_SECONDS, ReleaseSnapshot};
pub use decide::{Packet, Point, Verdict, decide};
pub use endpoint::confirmed_lately;
pub use facts::{Facts, Holds, Question, Shared};
pub use inspect::may_inspect;
pub use names::NamedChild;
pub use reason::{Reason, Refusal};
pub use scan::{NameHit, Roster, RosterEntry};
