//! The first sheet of a fax: who, to whom, how many pages, and what to do when it went astray. Nothing about a child.

use serde::Serialize;

use crate::{
    case::{Format, Program},
    document::{
        typst::{
            line_breaking::finished,
            render::{RenderError, Rendered, render_named},
            world::TemplateSet,
        },
        view::{Caller, Copy, Letterhead, Page},
    },
};

/// View of `fax-cover`. It has no field that could name a child.
#[derive(Debug, Clone, Serialize)]
pub struct FaxCoverView {
    page: Page,
    to: Option<String>,
    number: String,
    pages: u32,
    dispatch: String,
}

impl FaxCoverView {
    /// A cover sheet of a program. `to` is an office; a parent is not named, for the sheet lies in an open tray.
    /// `pages` counts the cover too; `day` is the day printed on it.
    #[must_use]
    pub fn new(
        program: &Program,
        to: Option<&str>,
        number: &str,
        pages: u32,
        dispatch_id: &str,
        day: chrono::NaiveDate,
    ) -> Self {
        let name = program.name.to_string();
        let page = Page {
            language: "en".to_owned(),
            cover_language: None,
            format: Format::default(),
            letterhead: Letterhead {
                name: name.clone(),
                tagline: None,
                logo: None,
                address: program.address.iter().map(ToString::to_string).collect(),
                telephone: program.telephone.to_string(),
                fax: program.fax.as_ref().map(ToString::to_string),
                website: program.website.as_ref().map(ToString::to_string),
            },
            stamp: None,
            // The program answers itself: a coordinator's name would stand beside an office that is not hers to name.
            caller: Caller {
                name: name.clone(),
                first_name: name,
                profession: String::new(),
                telephone: program.telephone.to_string(),
                email: None,
                hours: None,
                languages: Vec::new(),
                also_gives: None,
            },
            copy: Copy {
                recipient: to.unwrap_or_default().to_owned(),
                audience: "physician".to_owned(),
                not_yet_signed: false,
                parts: None,
                redisclosure: None,
            },
            postal: None,
            statements: Vec::new(),
            enclosed: Vec::new(),
            in_english: Vec::new(),
            english_note: None,
            translated: Vec::new(),
            printed_on: day.format("%B %-d, %Y").to_string(),
            printed_on_iso: day.to_string(),
            long_words: false,
            wide_words: false,
        };
        Self { page, to: to.map(ToOwned::to_owned), number: number.to_owned(), pages, dispatch: dispatch_id.to_owned() }
    }
}

/// Renders the cover sheet: one page.
///
/// It is rendered by this process and not by a rendering process: its view is six short lines of the program's own,
/// so nothing in a case record can make it long.
///
/// # Errors
/// When the template is wrong.
pub fn render_fax_cover(set: &TemplateSet, view: &FaxCoverView) -> Result<Rendered, RenderError> {
    const NAME: &str = "fax-cover";
    render_named(set, NAME, finished(view), || RenderError::Template {
        place: format!("{NAME}/main.typ"),
        says: "a cover sheet is one page".to_owned(),
    })
}
