//! What is due, on which day and whose it is: obligations, plans of sends, the coordinator's week, the monitor's rows.

pub(super) mod obligations;
pub(super) mod send_plan;
pub(super) mod approval;
pub(super) mod staff_week;
pub(super) mod monitor;

use std::sync::Arc;

use super::Pipeline;

/// What is due, and plans of sends.
#[derive(Debug, Clone)]
pub struct Planning {
    pipeline: Arc<Pipeline>,
}

impl Pipeline {
    /// What is due, and plans of sends.
    #[must_use]
    pub fn planning(self: &Arc<Self>) -> Planning {
        Planning { pipeline: Arc::clone(self) }
    }
}
