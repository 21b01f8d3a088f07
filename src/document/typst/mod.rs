//! The typesetter: templates, fonts, the world they live in, rendering and its processes.

pub(super) mod fonts;
pub(super) mod line_breaking;
mod page_text;
pub(super) mod world;
pub(super) mod render;
pub(super) mod own_templates;
pub mod worker;
