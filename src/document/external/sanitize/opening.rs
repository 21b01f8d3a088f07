//! Opens a PDF as a reader would: one that anybody may open without a password, and one that is slightly damaged.

use std::collections::HashSet;

use lopdf::{Dictionary, Document, LoadOptions, Object, ObjectId, xref::XrefEntry};

use crate::document::external::FiledFault;

/// No stream of a PDF that is taken in unfolds to more, in bytes.
const MOST_UNFOLDED: usize = 256 * 1024 * 1024;
/// Nothing that shows a page is nested deeper within one object.
const DEEPEST: usize = 64;

pub(super) struct Opened {
    pub(super) document: Document,
    pub(super) pages: Vec<Leaf>,
    /// It was encrypted, and opens without a password.
    pub(super) locked: bool,
}

/// A page with what it inherits from the branches above it.
pub(super) struct Leaf {
    pub(super) id: Option<ObjectId>,
    pub(super) dict: Dictionary,
}

pub(super) fn open(bytes: &[u8]) -> Result<Opened, FiledFault> {
    match load(bytes, false) {
        Ok(document) if !loses_objects(&document) => {
            let pages = leaves(&document);
            if !pages.is_empty() {
                return Ok(opened(document, pages));
            }
        }
        Err(FiledFault::Encrypted) => return Err(FiledFault::Encrypted),
        _ => {}
    }
    // Its table of contents leads nowhere: what the objects themselves say counts.
    let document = load(bytes, true)?;
    let pages = leaves(&document);
    let pages = if pages.is_empty() { stray(&document) } else { pages };
    if pages.is_empty() { Err(FiledFault::Broken) } else { Ok(opened(document, pages)) }
}

/// Whether something that is used is in the table, and not where the table says.
fn loses_objects(document: &Document) -> bool {
    let in_table = |id: &ObjectId| {
        let entry = document.reference_table.entries.get(&id.0);
        matches!(entry, Some(XrefEntry::Normal { .. } | XrefEntry::Compressed { .. }))
    };
    let mut used = Vec::new();
    document.objects.values().for_each(|object| uses(object, &mut used, 0));
    used.iter().any(|id| !document.objects.contains_key(id) && in_table(id))
}

fn uses(object: &Object, used: &mut Vec<ObjectId>, depth: usize) {
    let of_dict = |dict: &Dictionary, used: &mut Vec<ObjectId>| {
        dict.iter().for_each(|(_, value)| uses(value, used, depth + 1));
    };
    match object {
        _ if depth > DEEPEST => {}
        Object::Reference(id) => used.push(*id),
        Object::Array(items) => items.iter().for_each(|item| uses(item, used, depth + 1)),
        Object::Dictionary(dict) => of_dict(dict, used),
        Object::Stream(stream) => of_dict(&stream.dict, used),
        _ => {}
    }
}

fn opened(document: Document, pages: Vec<Leaf>) -> Opened {
    let locked = document.was_encrypted();
    Opened { document, pages, locked }
}

fn load(bytes: &[u8], from_objects: bool) -> Result<Document, FiledFault> {
    let options = LoadOptions {
        max_decompressed_size: Some(MOST_UNFOLDED),
        force_reconstruct: from_objects,
        ..LoadOptions::default()
    };
    match Document::load_mem_with_options(bytes, options) {
        Ok(document) if document.is_encrypted() => Err(FiledFault::Encrypted),
        Ok(document) => Ok(document),
        Err(
            lopdf::Error::InvalidPassword | lopdf::Error::Decryption(_) | lopdf::Error::UnsupportedSecurityHandler(_),
        ) => Err(FiledFault::Encrypted),
        Err(_) if bytes.windows(8).any(|window| window == b"/Encrypt") => Err(FiledFault::Encrypted),
        Err(_) => Err(FiledFault::Broken),
    }
}

/// What a page takes from above where it says nothing itself.
const INHERITED: [&[u8]; 4] = [b"Resources", b"MediaBox", b"CropBox", b"Rotate"];

/// The pages in their order, each branch once: a tree that bites its tail ends.
fn leaves(document: &Document) -> Vec<Leaf> {
    let mut leaves = Vec::new();
    let Some(root) = document.catalog().ok().and_then(|catalog| catalog.get(b"Pages").ok()) else { return leaves };
    let mut seen = HashSet::new();
    let mut waiting = vec![(root, Dictionary::new())];
    while let Some((node, above)) = waiting.pop() {
        let Ok((id, Object::Dictionary(dict))) = document.dereference(node) else { continue };
        let mut inherits = above;
        for key in INHERITED {
            if let Ok(value) = dict.get(key) {
                inherits.set(key, value.clone());
            }
        }
        match dict.get_deref(b"Kids", document).and_then(Object::as_array) {
            Ok(kids) if !dict.has_type(b"Page") => {
                if id.is_none_or(|id| seen.insert(id)) {
                    waiting.extend(kids.iter().rev().map(|kid| (kid, inherits.clone())));
                }
            }
            _ if dict.has_type(b"Pages") => {}
            _ => {
                let mut dict = dict.clone();
                for (key, value) in inherits {
                    dict.set(key, value);
                }
                leaves.push(Leaf { id, dict });
            }
        }
    }
    leaves
}

/// Pages that no tree leads to, in the order in which they were written.
fn stray(document: &Document) -> Vec<Leaf> {
    let of_page = |(id, object): (&ObjectId, &Object)| match object {
        Object::Dictionary(dict) if dict.has_type(b"Page") => Some(Leaf { id: Some(*id), dict: dict.clone() }),
        _ => None,
    };
    document.objects.iter().filter_map(of_page).collect()
}
