//! The one file that is printed for a letter: its papers one behind the other, each on a new sheet, behind an address
//! page where the envelope asks for one, with a barcode in the margin.
//!
//! On paper nobody reads tags, so the papers are set in as they are: what is printed is what was decided on and kept.

use std::sync::Arc;

use serde::Serialize;

use super::barcode::code_128;
use crate::document::{
    typst::{
        render::{RenderError, Rendered, print_file},
        world::TemplateSet,
    },
    view::Postal,
};

/// A letter, ready for the printer.
#[derive(Debug)]
pub struct PrintCopy<'a> {
    /// The dispatch; it stands in the margin as a barcode.
    pub dispatch_id: &'a str,
    /// What the clerk reads beside the barcode: `3 · #10 window · 2 sheets`. It names nobody.
    pub note: String,
    /// The papers with their pages.
    pub papers: Vec<(Arc<[u8]>, u32)>,
    /// The two addresses, where they have a page of their own.
    pub address: Option<Postal>,
    /// Whether the printer prints on both sides: then every paper begins on a new sheet.
    pub both_sides: bool,
}

#[derive(Serialize)]
struct View<'a> {
    note: &'a str,
    id: &'a str,
    bars: Vec<u8>,
    papers: Vec<View1>,
    address: Option<&'a Postal>,
    both_sides: bool,
}

#[derive(Serialize)]
struct View1 {
    file: String,
    pages: u32,
}

impl PrintCopy<'_> {
    /// Sheets of paper, the address page with them.
    #[must_use]
    pub fn sheets(&self) -> u32 {
        sheets_of(self.papers.iter().map(|(_, pages)| *pages), self.both_sides) + u32::from(self.address.is_some())
    }

    /// The file.
    ///
    /// # Errors
    /// When a paper is no PDF that can be set in.
    pub fn render(&self, set: &TemplateSet) -> Result<Rendered, RenderError> {
        let papers: Vec<View1> = (1..)
            .zip(&self.papers)
            .map(|(n, (_, pages))| View1 { file: format!("/paper-{n}.pdf"), pages: *pages })
            .collect();
        let files = papers.iter().zip(&self.papers).map(|(paper, (pdf, _))| (paper.file.clone(), pdf.to_vec()));
        let files = files.collect();
        let view = View {
            note: &self.note,
            id: self.dispatch_id,
            bars: code_128(self.dispatch_id).unwrap_or_default(),
            papers,
            address: self.address.as_ref(),
            both_sides: self.both_sides,
        };
        print_file(set, "print-letter", serde_json::to_vec(&view).expect("views are plain data"), files)
    }
}

/// Renders a sheet for people of the program, such as the one on which a batch is counted. It is no child's paper.
///
/// # Errors
/// When the template refuses the view.
pub fn staff_sheet(set: &TemplateSet, template: &str, view: Vec<u8>) -> Result<Rendered, RenderError> {
    print_file(set, template, view, Vec::new())
}

/// Sheets that papers of so many pages take, each begun on a new one.
#[must_use]
pub fn sheets_of(pages: impl Iterator<Item = u32>, both_sides: bool) -> u32 {
    pages.map(|pages| if both_sides { pages.div_ceil(2) } else { pages }).sum()
}
