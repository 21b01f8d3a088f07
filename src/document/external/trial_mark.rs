//! The mark of trial mode on a paper made elsewhere. It is drawn in lines: a page of another program may lend no type.

use lopdf::{Dictionary, Document, Object, ObjectId, Stream};

use super::{
    FiledFault,
    sanitize::{reopened, written},
};

/// The letters as strokes, each in a field of 60 by 90 points, 80 points apart.
const TRIAL: &str = "0 90 m 60 90 l 30 90 m 30 0 l S \
80 0 m 80 90 l 130 90 l 140 80 l 140 55 l 130 45 l 80 45 l 110 45 m 140 0 l S \
190 0 m 190 90 l S \
240 0 m 270 90 l 300 0 l 252 35 m 288 35 l S \
320 90 m 320 0 l 380 0 l S";

/// The same pages with a mark over each.
///
/// # Errors
/// When the copy cannot be read.
pub fn mark(copy: &[u8]) -> Result<Vec<u8>, FiledFault> {
    let mut document = reopened(copy)?;
    let opens = document.add_object(Stream::new(Dictionary::new(), b"q\n".to_vec()));
    let pages: Vec<ObjectId> = document.page_iter().collect();
    for page in pages {
        let (x, y) = middle(&document, page);
        // What the page's own drawing turned is turned back before the mark.
        let drawing = format!(
            "\nQ q 0.65 G 9 w 1 J 1 j 1 0 0 1 {x} {y} cm 0.766 0.643 -0.643 0.766 0 0 cm 1 0 0 1 -190 -45 cm {TRIAL} Q\n"
        );
        let drawing = document.add_object(Stream::new(Dictionary::new(), drawing.into_bytes()));
        let mut contents = vec![Object::Reference(opens)];
        contents.extend(contents_of(&document, page));
        contents.push(Object::Reference(drawing));
        document.get_dictionary_mut(page).map_err(|_| FiledFault::Broken)?.set("Contents", contents);
    }
    written(&mut document)
}

fn contents_of(document: &Document, page: ObjectId) -> Vec<Object> {
    let contents = document.get_dictionary(page).and_then(|page| page.get(b"Contents")).cloned();
    match contents {
        Ok(Object::Array(parts)) => parts,
        Ok(Object::Reference(id)) => match document.get_object(id) {
            Ok(Object::Array(parts)) => parts.clone(),
            _ => vec![Object::Reference(id)],
        },
        _ => Vec::new(),
    }
}

/// The middle of a page; its measures may stand in what it is part of.
fn middle(document: &Document, page: ObjectId) -> (f32, f32) {
    let mut at = document.get_dictionary(page).ok();
    for _ in 0..16 {
        let Some(dict) = at else { break };
        let numbers = dict.get_deref(b"MediaBox", document).and_then(Object::as_array).map(|sides| {
            sides.iter().filter_map(|side| document.dereference(side).ok()?.1.as_float().ok()).collect::<Vec<f32>>()
        });
        if let Ok(&[left, bottom, right, top]) = numbers.as_deref() {
            return (f32::midpoint(left, right), f32::midpoint(bottom, top));
        }
        at = dict.get_deref(b"Parent", document).and_then(Object::as_dict).ok();
    }
    (306.0, 396.0)
}
