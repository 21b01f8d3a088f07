//! Letters on paper: batches, the printer, and the gate's look at what is printed and not mailed.

mod recheck;
pub(crate) mod mailed;
pub(crate) mod batches;

use std::sync::Arc;

use super::Pipeline;

/// Letters on paper.
#[derive(Debug, Clone)]
pub struct PrintRoom {
    pipeline: Arc<Pipeline>,
}

impl Pipeline {
    /// Letters on paper.
    #[must_use]
    pub fn print_room(self: &Arc<Self>) -> PrintRoom {
        PrintRoom { pipeline: Arc::clone(self) }
    }
}
