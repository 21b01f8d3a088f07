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
