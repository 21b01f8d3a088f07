//! A copy of a PDF that shows the same pages and does nothing: no scripts, no actions but links, no files inside it,
//! no earlier versions of itself.

use std::collections::{BTreeSet, HashSet};

use lopdf::{Dictionary, Document, LoadOptions, Object, ObjectId};

use super::{FiledFault, off_page_text};

/// No stream of a PDF that is taken in unfolds to more, in bytes.
const MOST_UNFOLDED: usize = 256 * 1024 * 1024;

pub(super) struct Cleaned {
    pub(super) bytes: Vec<u8>,
    pub(super) taken_out: Vec<String>,
    pub(super) beside: String,
}

/// What is taken out of any dictionary, and how a person calls it.
const NEVER: [(&[u8], &str); 17] = [
    (b"AA", ACTIONS),
    (b"JS", SCRIPTS),
    (b"JavaScript", SCRIPTS),
    (b"XFA", "a form that is a program"),
    (b"EmbeddedFiles", FILES),
    (b"EF", FILES),
    (b"AF", FILES),
    (b"Collection", FILES),
    (b"RichMediaContent", MEDIA),
    (b"RichMediaSettings", MEDIA),
    (b"Movie", MEDIA),
    (b"Rendition", MEDIA),
    (b"Renditions", MEDIA),
    (b"AlternatePresentations", SCRIPTS),
    // What other programs keep in a file for themselves, small pictures of earlier pages among it.
    (b"PieceInfo", ""),
    (b"Thumb", ""),
    (b"SpiderInfo", ""),
];
const SCRIPTS: &str = "scripts";
const ACTIONS: &str = "actions that run by themselves";
const FILES: &str = "files inside the file";
const MEDIA: &str = "sound, film or 3D";

/// A link to a place of the paper or to a web page stays; every other action goes.
const KEPT_ACTIONS: [&[u8]; 2] = [b"GoTo", b"URI"];
const ACTION_TYPES: [&[u8]; 18] = [
    b"GoToR",
    b"GoToE",
    b"Launch",
    b"Thread",
    b"Sound",
    b"Movie",
    b"Hide",
    b"Named",
    b"SubmitForm",
    b"ResetForm",
    b"ImportData",
    b"JavaScript",
    b"SetOCGState",
    b"Rendition",
    b"Trans",
    b"GoTo3DView",
    b"RichMediaExecute",
    b"GoToDp",
];
/// Notes on a page that carry something else than words and marks.
const CARRIERS: [(&[u8], &str); 6] = [
    (b"FileAttachment", FILES),
    (b"RichMedia", MEDIA),
    (b"Screen", MEDIA),
    (b"Movie", MEDIA),
    (b"Sound", MEDIA),
    (b"3D", MEDIA),
];

pub(super) fn clean(bytes: &[u8], most_pages: usize) -> Result<Cleaned, FiledFault> {
    let mut document = open(bytes)?;
    let pages = document.get_pages().len();
    if pages == 0 {
        return Err(FiledFault::Broken);
    }
    if pages > most_pages {
        return Err(FiledFault::TooManyPages { pages, most: most_pages });
    }
    let mut found = BTreeSet::new();
    let carriers: HashSet<ObjectId> =
        document.objects.iter().filter(|(_, object)| carrier(object).is_some()).map(|(id, _)| *id).collect();
    for object in document.objects.values_mut() {
        scrub(object, &carriers, &mut found);
    }
    for id in &carriers {
        found.extend(document.objects.remove(id).as_ref().and_then(carrier));
    }
    if let Ok(catalog) = document.catalog_mut()
        && let Some(opening) = catalog.remove(b"OpenAction")
        && !matches!(opening, Object::Array(_))
    {
        found.insert(ACTIONS);
    }
    document.prune_objects();
    let words = off_page_text::words(&document);
    let mut out = Vec::new();
    document.save_to(&mut out).map_err(|_| FiledFault::Broken)?;
    look_again(&out)?;
    let taken_out = found.into_iter().filter(|what| !what.is_empty()).map(str::to_owned).collect();
    Ok(Cleaned { bytes: out, taken_out, beside: words })
}

pub(super) fn open(bytes: &[u8]) -> Result<Document, FiledFault> {
    let options = LoadOptions { max_decompressed_size: Some(MOST_UNFOLDED), ..LoadOptions::default() };
    match Document::load_mem_with_options(bytes, options) {
        Ok(document) if document.is_encrypted() || document.was_encrypted() => Err(FiledFault::Encrypted),
        Ok(document) => Ok(document),
        Err(
            lopdf::Error::InvalidPassword | lopdf::Error::Decryption(_) | lopdf::Error::UnsupportedSecurityHandler(_),
        ) => Err(FiledFault::Encrypted),
        Err(_) if bytes.windows(8).any(|window| window == b"/Encrypt") => Err(FiledFault::Encrypted),
        Err(_) => Err(FiledFault::Broken),
    }
}

/// The finished copy is read anew: what should be gone must be gone, however it was hidden.
fn look_again(bytes: &[u8]) -> Result<(), FiledFault> {
    let mut copy = open(bytes)?;
    let none = HashSet::new();
    let mut left = BTreeSet::new();
    for object in copy.objects.values_mut() {
        left.extend(carrier(object));
        scrub(object, &none, &mut left);
    }
    left.remove("");
    match left.first() {
        Some(what) => Err(FiledFault::NotCleanable { what: (*what).to_owned() }),
        None => Ok(()),
    }
}

fn carrier(object: &Object) -> Option<&'static str> {
    let subtype = object.as_dict().ok()?.get(b"Subtype").ok()?.as_name().ok()?;
    let rect = object.as_dict().ok()?.has(b"Rect");
    CARRIERS.iter().find(|(name, _)| rect && *name == subtype).map(|(_, what)| *what)
}

fn scrub(object: &mut Object, carriers: &HashSet<ObjectId>, found: &mut BTreeSet<&'static str>) {
    match object {
        Object::Array(items) => {
            items.retain(|item| match item {
                Object::Reference(id) => !carriers.contains(id),
                other => carrier(other).is_none_or(|what| {
                    found.insert(what);
                    false
                }),
            });
            for item in items {
                scrub(item, carriers, found);
            }
        }
        Object::Dictionary(dict) => scrub_dict(dict, carriers, found),
        Object::Stream(stream) => scrub_dict(&mut stream.dict, carriers, found),
        _ => {}
    }
}

fn scrub_dict(dict: &mut Dictionary, carriers: &HashSet<ObjectId>, found: &mut BTreeSet<&'static str>) {
    if let Some(what) = unsafe_action(dict) {
        found.insert(what);
        // Whatever pointed at it points at nothing now.
        *dict = Dictionary::new();
        return;
    }
    for (key, what) in NEVER {
        // `Movie` and the like are also plain values of a name; only what holds something is taken out.
        let holds = dict.get(key).is_ok_and(|value| !matches!(value, Object::Name(_) | Object::Null));
        if holds {
            dict.remove(key);
            found.insert(what);
        }
    }
    let gone: Vec<Vec<u8>> = dict
        .iter()
        .filter(|(_, value)| matches!(value, Object::Reference(id) if carriers.contains(id)))
        .map(|(key, _)| key.clone())
        .collect();
    for key in gone {
        dict.remove(&key);
    }
    for (_, value) in dict.iter_mut() {
        scrub(value, carriers, found);
    }
}

/// Whether a dictionary is an action that does more than follow a link.
fn unsafe_action(dict: &Dictionary) -> Option<&'static str> {
    let kind = dict.get(b"S").ok()?.as_name().ok()?;
    let says_action = dict.get(b"Type").and_then(Object::as_name).is_ok_and(|name| name == b"Action");
    if KEPT_ACTIONS.contains(&kind) {
        return None;
    }
    if kind == b"JavaScript" {
        return Some(SCRIPTS);
    }
    // An element of the reading order has a name of its own under `S` and its parent under `P`.
    let element = dict.has(b"P") && !says_action;
    (says_action || (ACTION_TYPES.contains(&kind) && !element)).then_some(ACTIONS)
}
