//! From facts to a PDF: views, templates, rendering. No network, no clock.

pub mod assemble;
pub mod barcode;
mod calendar_file;
mod fax_cover;
pub mod filed;
mod fonts;
mod language;
mod long_words;
mod made_of;
mod mask;
pub mod print_copy;
mod private;
mod render;
mod report;
pub mod specimen;
mod subject;
mod templates;
mod statement;
mod text;
pub mod view;
pub mod worker;
mod world;

pub use calendar_file::{appointments_of, calendar_file, shows_places, unfolded};
pub use fax_cover::{FaxCoverView, render_fax_cover};
pub use fonts::can_print;
pub use language::{Language, LanguageProblem, Languages, Status};
pub use made_of::{Classes, WrittenFor, classes_of, written_for};
pub use mask::Mask;
pub use private::{Hidden, Private};
pub use render::{LaidOut, MOST_PAGES, RenderError, Rendered, lay_out, pictures, render};
pub use report::{ReportKind, render_report, render_week};
pub use statement::statements_on;
pub use subject::newest_subject;
pub use templates::{OwnFile, TemplateFault, built_in_templates, read_own_templates};
pub use world::TemplateSet;
