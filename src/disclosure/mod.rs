//! May it go? [`decide`] is a pure function of facts handed to it; nothing here sends or reads a store.

mod authorization;
mod facts;
mod reason;
mod language;
mod name_index;
mod scan;
mod surrogate;
mod legal_basis;
mod exception;
mod parent;
mod protected_address;
mod endpoint;
mod release;
mod agency;
mod caseworker;
mod school;
mod recipient;
pub(crate) mod enclosures;
mod other_childs_name;
mod decide;
mod inspection;
mod strictest_mask;

pub use authorization::{Authorization, Basis, LIFETIME_SECONDS, ReleaseSnapshot};
pub use decide::{Packet, Point, Verdict, decide};
pub use endpoint::confirmed_lately;
pub use facts::{Facts, Holds, Question, Shared};
pub use inspection::may_inspect;
pub use other_childs_name::NamedChild;
pub use reason::{Reason, Refusal};
pub use scan::{Called, NameHit, Roster, RosterEntry, first_names};
pub use strictest_mask::strictest_mask;
