//! A copy of a PDF that shows the same pages and does nothing: what is known to show a page is copied, and nothing else.
//! No scripts, no actions but links, no files inside it, no properties, no earlier versions of itself, no encryption.

mod may_stay;
mod opening;
mod every_string;
mod copying;

use std::collections::BTreeSet;

use lopdf::{Dictionary, Document, Object};

use self::{
    copying::Copying,
    opening::{Opened, open},
};
use crate::document::external::FiledFault;

pub(super) struct Cleaned {
    pub(super) document: Document,
    pub(super) bytes: Vec<u8>,
    pub(super) taken_out: Vec<String>,
    /// Texts of the copy that stand on no page.
    pub(super) beside: String,
    /// Texts of the file that are not in the copy.
    pub(super) left_out: String,
}

pub(super) fn clean(bytes: &[u8], most_pages: usize) -> Result<Cleaned, FiledFault> {
    let opened = open(bytes)?;
    let pages = opened.pages.len();
    if pages > most_pages {
        return Err(FiledFault::TooManyPages { pages, most: most_pages });
    }
    shows_without_help(&opened)?;
    let (mut document, mut found) = copy_of(&opened)?;
    if opened.locked {
        found.insert(may_stay::LOCK);
    }
    let kept = every_string::of(&document);
    let left_out: Vec<String> = every_string::of(&opened.document).difference(&kept).cloned().collect();
    let bytes = written(&mut document)?;
    look_again(&bytes, pages)?;
    Ok(Cleaned {
        document,
        bytes,
        taken_out: found.into_iter().map(str::to_owned).collect(),
        beside: texts(kept),
        left_out: texts(left_out),
    })
}

/// Texts one below the other, each by itself.
fn texts(all: impl IntoIterator<Item = String>) -> String {
    all.into_iter().collect::<Vec<_>>().join(";\n")
}

/// The document of a copy that was made here.
pub(super) fn reopened(copy: &[u8]) -> Result<Document, FiledFault> {
    open(copy).map(|opened| opened.document)
}

pub(super) fn written(document: &mut Document) -> Result<Vec<u8>, FiledFault> {
    let mut out = Vec::new();
    document.save_to(&mut out).map_err(|_| FiledFault::Broken)?;
    Ok(out)
}

fn copy_of(opened: &Opened) -> Result<(Document, BTreeSet<&'static str>), FiledFault> {
    let mut copying = Copying::of(&opened.document, &opened.pages);
    copying.all()?;
    Ok((copying.copy, copying.found))
}

/// A form or a set of files that only Adobe's own reader shows: any other shows a page that says so, and that page would go
/// out in place of what was filled in.
fn shows_without_help(opened: &Opened) -> Result<(), FiledFault> {
    let document = &opened.document;
    let Ok(catalog) = document.catalog() else { return Ok(()) };
    let form = catalog.get_deref(b"AcroForm", document).and_then(Object::as_dict).ok();
    if let Some(form) = form.filter(|form| form.has(b"XFA")) {
        let renders = catalog.get_deref(b"NeedsRendering", document).and_then(Object::as_bool).unwrap_or(false);
        let fields = form.get_deref(b"Fields", document).and_then(Object::as_array).is_ok_and(|f| !f.is_empty());
        if renders || !fields || !opened.pages.iter().any(|page| has_fields(document, &page.dict)) {
            return Err(FiledFault::DynamicForm);
        }
    }
    if catalog.has(b"Collection") {
        return Err(FiledFault::Portfolio);
    }
    Ok(())
}

fn has_fields(document: &Document, page: &Dictionary) -> bool {
    let is_field = |note: &Object| {
        let note = document.dereference(note).ok().and_then(|(_, note)| note.as_dict().ok());
        note.and_then(|note| note.get_deref(b"Subtype", document).ok())
            .is_some_and(|kind| kind.as_name().is_ok_and(|name| name == b"Widget"))
    };
    page.get_deref(b"Annots", document).and_then(Object::as_array).is_ok_and(|notes| notes.iter().any(is_field))
}

/// The finished copy is read anew: it has the same pages, and nothing is in it that cleaning it once more would take out.
fn look_again(bytes: &[u8], pages: usize) -> Result<(), FiledFault> {
    let again = open(bytes)?;
    let counted = again.document.get_pages().len();
    if again.pages.len() != pages || counted != pages {
        return Err(FiledFault::Broken);
    }
    match copy_of(&again)?.1.first() {
        Some(what) => Err(FiledFault::NotCleanable { what: (*what).to_owned() }),
        None => Ok(()),
    }
}
