//! What is due and what waits: looked at every day.

pub(in crate::cli) mod due;
pub(in crate::cli) mod explain;
pub(in crate::cli) mod find;
pub(in crate::cli) mod status;
pub(in crate::cli) mod tasks;
pub(in crate::cli) mod week;
