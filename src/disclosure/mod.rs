//! May it go? [`decide`] is a pure function of facts handed to it; nothing here sends or reads a store.

mod agency;
mod authorization;
mod caseworker;
mod decide;
mod endpoint;
mod exception;
mod facts;
mod language;
mod parent;
mod reason;
mod recipient;
mod release;
mod scan;
mod school;
mod surrogate;
pub(crate) mod enclosures;
mod legal_basis;
mod inspection;
mod other_childs_name;
mod protected_address;

pub use authorization::{Authorization, Basis, LIFETIME_SECONDS, ReleaseSnapshot};
pub use decide::{Packet, Point, Verdict, decide};
pub use endpoint::confirmed_lately;
pub use facts::{Facts, Holds, Question, Shared};
pub use inspection::may_inspect;
pub use other_childs_name::NamedChild;
pub use reason::{Reason, Refusal};
pub use scan::{NameHit, Roster, RosterEntry};
