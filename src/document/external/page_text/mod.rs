//! The words on the pages of a PDF from elsewhere, read as they are drawn: along each letter's own baseline, words of layers
//! that are switched off and of a scan's hidden layer too.

mod signs;
mod lines;
mod reader;

use std::panic::AssertUnwindSafe;

use hayro_interpret::{
    Context, InterpreterCache, InterpreterSettings,
    hayro_syntax::{Pdf, page::Page},
    interpret_page,
};
use kurbo::{Affine, Rect};
use lopdf::{Dictionary, Document, Object};

use self::reader::{Endless, Reader};
use super::{FiledFault, FiledPage, sanitize::written};

/// Reads the pages of a copy that was made of this file; the document is the copy's own.
pub(super) fn pages(file: &[u8], copy: &[u8], document: Document) -> Result<Vec<FiledPage>, FiledFault> {
    let looked = std::panic::catch_unwind(AssertUnwindSafe(|| {
        if same_letters(file, copy) { read_all(copy, document) } else { Err(FiledFault::Broken) }
    }));
    looked.unwrap_or_else(|stopped| match stopped.downcast::<Endless>() {
        Ok(_) => Err(FiledFault::Stopped { why: "one of its pages draws without end".to_owned() }),
        Err(_) => Err(FiledFault::Broken),
    })
}

fn read_all(copy: &[u8], mut document: Document) -> Result<Vec<FiledPage>, FiledFault> {
    let fonts = fonts_with_names(&document);
    let layers = show_all(&mut document);
    let shown = if layers { written(&mut document)? } else { copy.to_vec() };
    // The second look takes a letter by the name of its shape, and not by the map that says what it is.
    let by_name = if fonts.is_empty() {
        None
    } else {
        for font in fonts {
            if let Ok(font) = document.get_dictionary_mut(font) {
                font.remove(b"ToUnicode");
            }
        }
        Some(Pdf::new(written(&mut document)?).map_err(|_| FiledFault::Broken)?)
    };
    drop(document);
    let pdf = Pdf::new(shown).map_err(|_| FiledFault::Broken)?;
    let cache = InterpreterCache::new();
    let cache_by_name = InterpreterCache::new();
    let pages = pdf.pages().iter().enumerate().map(|(i, page)| {
        let (area, drawn) = read(page, &cache);
        let named = by_name.as_ref().and_then(|pdf| pdf.pages().get(i)).map(|page| read(page, &cache_by_name).1);
        drawn.page(area, named.as_ref())
    });
    Ok(pages.collect())
}

/// A second reader, which opens a file by itself, draws as many letters on each page of the copy as of the file; the notes
/// beside them.
fn same_letters(file: &[u8], copy: &[u8]) -> bool {
    let letters = |pdf: &Pdf| -> Vec<usize> {
        let cache = InterpreterCache::new();
        let settings = || InterpreterSettings { render_annotations: false, ..InterpreterSettings::default() };
        pdf.pages().iter().map(|page| read_with(page, &cache, settings()).1.letters()).collect()
    };
    match (Pdf::new(file.to_vec()), Pdf::new(copy.to_vec())) {
        // What it cannot open, or counts otherwise, it says nothing about.
        (Err(_), Ok(_)) => true,
        (Ok(file), Ok(copy)) => {
            let (before, after) = (letters(&file), letters(&copy));
            before.len() != after.len() || before.iter().zip(&after).all(|(before, after)| before <= after)
        }
        (_, Err(_)) => false,
    }
}

fn read<'a>(page: &Page<'a>, cache: &InterpreterCache<'a>) -> (Rect, Reader) {
    read_with(page, cache, InterpreterSettings::default())
}

fn read_with<'a>(page: &Page<'a>, cache: &InterpreterCache<'a>, settings: InterpreterSettings) -> (Rect, Reader) {
    let visible = page.intersected_crop_box();
    let area = Rect::new(visible.x0, visible.y0, visible.x1, visible.y1);
    let mut context = Context::new(Affine::IDENTITY, area, cache, page.xref(), settings);
    let mut reader = Reader::within(area);
    interpret_page(page, &mut context, &mut reader);
    (area, reader)
}

/// Fonts whose letters have names of their own beside the map that says what each is.
fn fonts_with_names(document: &Document) -> Vec<lopdf::ObjectId> {
    let named = |dict: &Dictionary, key: &[u8]| {
        dict.get_deref(key, document).and_then(Object::as_name).ok().map(<[u8]>::to_vec)
    };
    let has_names = |font: &Dictionary| match named(font, b"Subtype").as_deref() {
        Some(b"Type1" | b"MMType1") => true,
        // The letters of a symbolic one are numbered as its maker liked.
        Some(b"TrueType") => {
            let flags = font.get_deref(b"FontDescriptor", document).and_then(Object::as_dict);
            let flags = flags.and_then(|descriptor| descriptor.get_deref(b"Flags", document)).and_then(Object::as_i64);
            font.has(b"Encoding") && flags.is_ok_and(|flags| flags & 4 == 0)
        }
        _ => false,
    };
    let of_font = |(id, object): (&lopdf::ObjectId, &Object)| match object {
        Object::Dictionary(font) if font.has(b"ToUnicode") && has_names(font) => Some(*id),
        _ => None,
    };
    document.objects.iter().filter_map(of_font).collect()
}

/// Switches every layer on, and shows every hidden note. Whether there was anything to do.
fn show_all(document: &mut Document) -> bool {
    let mut shown = document.catalog_mut().is_ok_and(|catalog| catalog.remove(b"OCProperties").is_some());
    for object in document.objects.values_mut() {
        match object {
            Object::Array(notes) => shown |= show_each(notes),
            Object::Dictionary(page) if page.has(b"Annots") => {
                if let Ok(notes) = page.get_mut(b"Annots").and_then(Object::as_array_mut) {
                    shown |= show_each(notes);
                }
            }
            note => shown |= show(note),
        }
    }
    shown
}

/// Shows every note; whether any was hidden.
fn show_each(notes: &mut [Object]) -> bool {
    notes.iter_mut().filter_map(|note| show(note).then_some(())).count() > 0
}

/// Shows a note that is hidden; whether it was.
fn show(note: &mut Object) -> bool {
    let Object::Dictionary(note) = note else { return false };
    let hidden = note.has(b"Rect") && note.get(b"F").and_then(Object::as_i64).is_ok_and(|flags| flags & 2 != 0);
    hidden && note.remove(b"F").is_some()
}
