//! Letters on paper: batches, the printer, and the gate's look at what is printed and not mailed.

mod recheck;
pub(crate) mod batches;
