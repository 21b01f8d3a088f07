//! The typesetter: templates, fonts, the world they live in, rendering and its processes.

pub(super) mod fonts;
pub(super) mod line_breaking;
pub(super) mod render;
pub(super) mod own_templates;
mod page_text;
pub mod worker;
pub(super) mod world;
