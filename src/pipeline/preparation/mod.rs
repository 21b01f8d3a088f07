//! From what is due to finished documents: decided, rendered, decided again, queued.

pub(super) mod fact_diff;
mod calendar_files;
pub(super) mod templates;
pub(super) mod preview;
pub(super) mod template_check;
mod state_forms;
mod enclosures;
pub(super) mod render;
pub(super) mod handover;
pub(super) mod decide_and_render;
pub(super) mod prepare;
mod consolidate;
mod translation_followup;

use std::sync::Arc;

use super::Pipeline;

/// Makes documents of what is due, and queues them.
#[derive(Debug, Clone)]
pub struct Preparation {
    pipeline: Arc<Pipeline>,
}

/// Documents for a person to look at or to hand over.
#[derive(Debug, Clone)]
pub struct Previews {
    pipeline: Arc<Pipeline>,
}

impl Pipeline {
    /// Makes documents of what is due, and queues them.
    #[must_use]
    pub fn preparation(self: &Arc<Self>) -> Preparation {
        Preparation { pipeline: Arc::clone(self) }
    }

    /// Documents for a person to look at or to hand over.
    #[must_use]
    pub fn previews(self: &Arc<Self>) -> Previews {
        Previews { pipeline: Arc::clone(self) }
    }
}
