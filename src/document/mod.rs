//! From facts to a PDF: views, templates, rendering. No network, no clock.

mod own_file;
mod language;
mod subject;
pub mod view;
pub mod external;
mod catalog;
mod postal_words;
mod hidden;
mod private_values;
mod same_place;
mod redaction;
mod mask;
mod disagreement;
pub mod typst;
pub mod assemble;
pub mod specimen;
mod access_report;
pub mod output;

pub use access_report::{ReportKind, render_report, render_week};
pub use catalog::{Classes, WrittenFor, classes_of, written_for};
pub use disagreement::statements_on;
pub use hidden::Hidden;
pub use language::{Language, LanguageProblem, Languages, Status};
pub use mask::Mask;
pub use output::calendar_file::{appointments_of, calendar_file, shows_places, unfolded};
pub use output::fax_cover::{FaxCoverView, render_fax_cover};
pub use own_file::OwnFile;
pub use redaction::{Private, not_searchable};
pub use same_place::is_same_place;
pub use subject::newest_subject;
pub use typst::fonts::can_print;
pub use typst::own_templates::{TemplateFault, built_in_templates, read_own_templates};
pub use typst::render::{LaidOut, MOST_PAGES, RenderError, Rendered, lay_out, pictures, render};
pub use typst::world::TemplateSet;
