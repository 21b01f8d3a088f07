//! From a view to a PDF: a plain function of its arguments.

use typst::{
    WorldExt,
    diag::{Severity, SourceDiagnostic},
    foundations::Smart,
};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};
use typst_svg::SvgOptions;

use super::{
    page_text::{plain_text_of, text_of},
    world::{DocumentWorld, TemplateSet},
};
use crate::{case::Format, due::DocumentKind, hint::Hint};

/// No paper has more pages; a template that makes more is wrong.
pub const MOST_PAGES: usize = 400;

/// A finished paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// PDF/UA-1 and PDF/A-2a in one file.
    pub pdf: Vec<u8>,
    /// The words of each page.
    pub pages: Vec<String>,
    /// The paper as plain text, in the order in which it is read aloud; for a reader who asked for it.
    pub text: Option<String>,
}

impl Rendered {
    /// Every text that a reader of this paper sees: the pages, and the plain text as one more.
    #[must_use]
    pub fn looked_at(&self) -> Vec<String> {
        self.pages.iter().chain(&self.text).cloned().collect()
    }
}

/// Why a paper could not be rendered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RenderError {
    /// The template refuses the view or is wrong itself.
    #[error("template {place}: {says}")]
    Template {
        /// File and line.
        place: String,
        says: String,
    },
    /// It never ends.
    #[error("template {kind} makes more than {MOST_PAGES} pages")]
    TooLong { kind: DocumentKind },
    /// The process that renders stopped: a template that loops or grows without bound.
    #[error("template {kind} was stopped: {why}")]
    Stopped {
        kind: DocumentKind,
        /// Time or memory.
        why: String,
    },
}

/// Renders one view, given as JSON.
///
/// The same view gives the same bytes. Typst's cache is emptied after every document, failed ones too:
/// kept entries cost more time than they save and grow without bound.
///
/// # Errors
/// When the template refuses the view, with file and line.
pub fn render(set: &TemplateSet, kind: DocumentKind, view: Vec<u8>) -> Result<Rendered, RenderError> {
    render_for(set, kind, view, |made| made)
}

/// The same, given away before the cache is emptied: who waits for the paper goes on in the meantime.
pub(super) fn render_for<T>(
    set: &TemplateSet,
    kind: DocumentKind,
    view: Vec<u8>,
    give: impl FnOnce(Result<Rendered, RenderError>) -> T,
) -> T {
    let given = give(made(set, kind.as_str(), view, || RenderError::TooLong { kind }));
    comemo::evict(0);
    given
}

/// What a reader of plain text gets besides the pages.
#[derive(serde::Deserialize)]
struct Wanted {
    page: Option<WantedPage>,
}

#[derive(serde::Deserialize)]
struct WantedPage {
    #[serde(default)]
    format: Format,
}

/// Renders the template `name`, of whatever kind.
pub(in crate::document) fn render_named(
    set: &TemplateSet,
    name: &str,
    view: Vec<u8>,
    too_long: impl Fn() -> RenderError,
) -> Result<Rendered, RenderError> {
    let made = made(set, name, view, too_long);
    comemo::evict(0);
    made
}

/// The paper, for a reader of plain text made twice, as pages and as text. Whoever calls empties the cache.
fn made(
    set: &TemplateSet,
    name: &str,
    view: Vec<u8>,
    too_long: impl Fn() -> RenderError,
) -> Result<Rendered, RenderError> {
    let format = serde_json::from_slice::<Wanted>(&view).ok().and_then(|view| view.page).map(|page| page.format);
    if format != Some(Format::PlainText) {
        return compile(name, &DocumentWorld::new(set, name, view), too_long);
    }
    let pages = in_format(&view, Format::Standard);
    let result = compile(name, &DocumentWorld::new(set, name, pages), &too_long);
    comemo::evict(0);
    let world = DocumentWorld::new(set, name, view);
    let text = typst::compile::<PagedDocument>(&world)
        .output
        .map_err(|errors| first(&world, name, &errors))
        .map(|document| plain_text_of(&document));
    Ok(Rendered { text: Some(text?), ..result? })
}

/// The same view in another format.
fn in_format(view: &[u8], format: Format) -> Vec<u8> {
    let mut view: serde_json::Value = serde_json::from_slice(view).expect("a view is JSON of our own");
    view["page"]["format"] = serde_json::to_value(format).expect("a format is a word");
    serde_json::to_vec(&view).expect("views are plain data")
}

/// The pages of one view as they were laid out, before a PDF is written from them.
#[derive(Debug)]
pub struct LaidOut(PagedDocument);

impl LaidOut {
    /// The words of each page, as the search of finished papers reads them.
    #[must_use]
    pub fn text(&self) -> Vec<String> {
        text_of(&self.0)
    }

    /// Each page as SVG.
    #[must_use]
    pub fn pictures(&self) -> Vec<String> {
        self.0.pages().iter().map(|page| typst_svg::svg(page, &SvgOptions::default())).collect()
    }
}

/// Lays one view out.
///
/// # Errors
/// As [`render`].
pub fn lay_out(set: &TemplateSet, kind: DocumentKind, view: Vec<u8>) -> Result<LaidOut, RenderError> {
    let name = kind.as_str();
    let world = DocumentWorld::new(set, name, view);
    let document = typst::compile::<PagedDocument>(&world).output.map_err(|errors| first(&world, name, &errors));
    comemo::evict(0);
    document.map(LaidOut)
}

/// Pictures of the pages of one view, as SVG, for looking at two versions side by side.
///
/// # Errors
/// As [`render`].
pub fn pictures(set: &TemplateSet, kind: DocumentKind, view: Vec<u8>) -> Result<Vec<String>, RenderError> {
    lay_out(set, kind, view).map(|document| document.pictures())
}

/// Compiles the template `name` to a file of our standards.
pub(super) fn compile(
    name: &str,
    world: &DocumentWorld<'_>,
    too_long: impl FnOnce() -> RenderError,
) -> Result<Rendered, RenderError> {
    let document = typst::compile::<PagedDocument>(world).output.map_err(|errors| first(world, name, &errors))?;
    if document.pages().len() > MOST_PAGES {
        return Err(too_long());
    }
    let standards = PdfStandards::new(&[PdfStandard::Ua_1, PdfStandard::A_2a]).expect("PDF/UA-1 and PDF/A-2a agree");
    let options = PdfOptions {
        ident: Smart::Auto,
        creator: Smart::Custom(Some("Earlypost".to_owned())),
        standards,
        ..PdfOptions::default()
    };
    let pdf = typst_pdf::pdf(&document, &options).map_err(|errors| first(world, name, &errors))?;
    Ok(Rendered { pdf, pages: text_of(&document), text: None })
}

/// A file for the printer: no standard is claimed, since its pages are pictures of other files' pages.
pub(in crate::document) fn print_file(
    set: &TemplateSet,
    name: &str,
    view: Vec<u8>,
    files: Vec<(String, Vec<u8>)>,
) -> Result<Rendered, RenderError> {
    let world = DocumentWorld::new(set, name, view).with_files(files);
    let made = typst::compile::<PagedDocument>(&world)
        .output
        .and_then(|document| {
            let options = PdfOptions {
                ident: Smart::Auto,
                creator: Smart::Custom(Some("Earlypost".to_owned())),
                tagged: false,
                ..PdfOptions::default()
            };
            let pdf = typst_pdf::pdf(&document, &options)?;
            Ok(Rendered { pdf, pages: text_of(&document), text: None })
        })
        .map_err(|errors| first(&world, name, &errors));
    comemo::evict(0);
    made
}

fn first(world: &DocumentWorld<'_>, kind: &str, errors: &[SourceDiagnostic]) -> RenderError {
    let error = errors.iter().find(|e| e.severity == Severity::Error).or_else(|| errors.first());
    let Some(error) = error else {
        return RenderError::Template {
            place: format!("{kind}/main.typ"),
            says: "failed without a message".to_owned(),
        };
    };
    let mut spans = std::iter::once(error.span).chain(error.trace.iter().map(|point| point.span.into()));
    let place = spans
        .find_map(|span| {
            let id = span.id()?;
            let range = world.range(span)?;
            world.line_of(id, range.start)
        })
        .map_or_else(|| format!("{kind}/main.typ"), |(file, line)| format!("{file}:{line}"));
    RenderError::Template { place, says: in_words(kind, &error.message) }
}

/// The mistakes that a person who edits a template makes most often, in words; the others as Typst says them.
fn in_words(kind: &str, message: &str) -> String {
    let quoted = |text: &str| text.split('"').nth(1).map(ToOwned::to_owned);
    if message.contains("does not contain key")
        && let Some(field) = quoted(message)
    {
        let schema = Hint::ShowViewSchema { kind: Some(kind.to_owned()) };
        return format!("there is no field or label \"{field}\" here; {schema} lists the fields of this paper");
    }
    if message.starts_with("unknown variable")
        && let Some((_, name)) = message.split_once(": ")
    {
        return format!("\"{name}\" is not known here; it must be imported at the head of the file, or is misspelled");
    }
    if message.contains("access denied") || message.contains("file not found") {
        return format!("{message}; a template reads files of the template set only");
    }
    message.to_owned()
}
