//! What a supervisor answers for.

pub(in crate::cli) mod excuse;
pub(in crate::cli) mod monitor;
pub(in crate::cli) mod reassign;
pub(in crate::cli) mod waive;
