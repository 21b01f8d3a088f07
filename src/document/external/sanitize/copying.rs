//! Copies a PDF from its pages on, through what may stay ([`super::may_stay`]) and through nothing else.

use std::collections::{BTreeSet, HashMap, VecDeque};

use lopdf::{Dictionary, Document, Object, ObjectId, Stream, dictionary, xref::XrefType};

use super::{
    may_stay::{self, Place, behind, called},
    opening::Leaf,
};
use crate::document::external::FiledFault;

/// Nothing that shows a page is nested deeper within one object.
const DEEPEST: usize = 64;

pub(super) struct Copying<'d> {
    from: &'d Document,
    leaves: &'d [Leaf],
    pub(super) copy: Document,
    /// What was left out, as a person calls it.
    pub(super) found: BTreeSet<&'static str>,
    pages: HashMap<ObjectId, ObjectId>,
    known: HashMap<(ObjectId, Place), ObjectId>,
    waiting: VecDeque<(ObjectId, Place, ObjectId)>,
    outside: bool,
}

impl<'d> Copying<'d> {
    pub(super) fn of(from: &'d Document, leaves: &'d [Leaf]) -> Self {
        let mut copy = Document::with_version(version(from));
        // As every reader of every version knows it.
        copy.reference_table.cross_reference_type = XrefType::CrossReferenceTable;
        Self {
            from,
            leaves,
            copy,
            found: BTreeSet::new(),
            pages: HashMap::new(),
            known: HashMap::new(),
            waiting: VecDeque::new(),
            outside: false,
        }
    }

    pub(super) fn all(&mut self) -> Result<(), FiledFault> {
        let tree = self.copy.new_object_id();
        let ids: Vec<ObjectId> = self.leaves.iter().map(|_| self.copy.new_object_id()).collect();
        for (leaf, new) in self.leaves.iter().zip(&ids) {
            if let Some(old) = leaf.id {
                self.pages.entry(old).or_insert(*new);
            }
        }
        for (leaf, new) in self.leaves.iter().zip(&ids) {
            let mut page = self.dictionary(&leaf.dict, Place::Page, 0);
            page.set("Type", "Page");
            page.set("Parent", tree);
            if !page.has(b"MediaBox") {
                page.set("MediaBox", vec![0.into(), 0.into(), 612.into(), 792.into()]);
            }
            self.copy.objects.insert(*new, page.into());
        }
        let kids: Vec<Object> = ids.iter().map(|id| Object::Reference(*id)).collect();
        let count = i64::try_from(kids.len()).unwrap_or(i64::MAX);
        self.copy.objects.insert(tree, dictionary! { "Type" => "Pages", "Kids" => kids, "Count" => count }.into());
        let mut catalog = Dictionary::new();
        let structure = self.from.catalog().ok().and_then(|old| {
            catalog = self.dictionary(old, Place::Catalog, 0);
            old.get(b"StructTreeRoot").ok()
        });
        catalog.set("Type", "Catalog");
        catalog.set("Pages", tree);
        self.queue();
        // Last: it points to notes and pictures, which stay by what they are.
        if let Some(structure) = structure.and_then(|root| self.value(root, Place::Structure, 0)) {
            catalog.set("StructTreeRoot", structure);
            self.queue();
        }
        let catalog = self.copy.add_object(catalog);
        self.copy.trailer.set("Root", catalog);
        // The properties of the file it was made from stay there: names of people, of folders, of other programs.
        let info = self.copy.add_object(dictionary! { "Producer" => Object::string_literal("Earlypost") });
        self.copy.trailer.set("Info", info);
        if self.outside {
            return Err(FiledFault::NotCleanable { what: "a part that stands in another file".to_owned() });
        }
        Ok(())
    }

    fn queue(&mut self) {
        while let Some((old, place, new)) = self.waiting.pop_front() {
            let Some(object) = self.from.objects.get(&old) else { continue };
            let copied = match object {
                Object::Stream(stream) => self.stream(stream, place).into(),
                other => self.value(other, place, 0).unwrap_or(Object::Null),
            };
            self.copy.objects.insert(new, copied);
        }
    }

    fn value(&mut self, object: &Object, place: Place, depth: usize) -> Option<Object> {
        if depth > DEEPEST {
            return None;
        }
        match object {
            Object::Reference(id) => self.reference(*id, place),
            Object::Array(items) => {
                let copied = items.iter().map(|item| self.value(item, place.of_one(), depth + 1));
                // What is left out of a list leaves no gap; elsewhere each thing has its own place.
                let listed = matches!(place, Place::Notes | Place::Bytes);
                let copied = copied.filter_map(|item| item.or((!listed).then_some(Object::Null)));
                Some(Object::Array(copied.collect()))
            }
            Object::Dictionary(dict) => {
                self.admits_dictionary(dict, place).then(|| self.dictionary(dict, place, depth).into())
            }
            // Only an object of its own can be a stream.
            Object::Stream(_) => None,
            plain => Some(plain.clone()),
        }
    }

    fn dictionary(&mut self, dict: &Dictionary, place: Place, depth: usize) -> Dictionary {
        let mut copy = Dictionary::new();
        for (key, value) in dict {
            let Some(behind) = behind(place, key) else {
                self.leave_out(place, key, value);
                continue;
            };
            match self.value(value, behind, depth + 1) {
                Some(value) => copy.set(key.clone(), value),
                None if place == Place::Note && key == b"V" => {
                    self.found.insert(may_stay::SIGNATURES);
                }
                None => {}
            }
        }
        copy
    }

    fn leave_out(&mut self, place: Place, key: &[u8], value: &Object) {
        let value = self.from.dereference(value).map_or(&Object::Null, |(_, value)| value);
        // Where a file opens is no action.
        let goes_to = |dict: &Dictionary| named(self.from, dict, b"S") == Some(b"GoTo");
        let harmless = match value {
            Object::Null | Object::Name(_) => true,
            Object::Array(_) => key == b"OpenAction",
            Object::Dictionary(dict) => key == b"OpenAction" && goes_to(dict),
            _ => false,
        };
        if !harmless {
            self.found.extend(called(place, key));
        }
    }

    fn reference(&mut self, id: ObjectId, place: Place) -> Option<Object> {
        if matches!(place, Place::Target | Place::ToPage)
            && let Some(page) = self.pages.get(&id)
        {
            return Some(Object::Reference(*page));
        }
        let known = |place| self.known.get(&(id, place)).map(|new| Object::Reference(*new));
        match place {
            Place::ToPage => return None,
            Place::ToKept => return known(Place::Note).or_else(|| known(Place::Picture)),
            Place::Element if self.known.contains_key(&(id, Place::Structure)) => return known(Place::Structure),
            _ => {}
        }
        let from = self.from;
        let (end, object) = from.dereference(from.get_object(id).ok()?).ok()?;
        let id = end.unwrap_or(id);
        let place = match object {
            Object::Stream(_) if place == Place::LookOrPicture => Place::Picture,
            Object::Dictionary(_) => place.of_one(),
            _ => place,
        };
        if let Some(new) = self.known.get(&(id, place)) {
            return Some(Object::Reference(*new));
        }
        let admitted = match object {
            Object::Stream(stream) => self.admits_stream(stream, place),
            Object::Dictionary(dict) => self.admits_dictionary(dict, place),
            Object::Array(_) => true,
            plain => return Some(plain.clone()),
        };
        admitted.then(|| {
            let new = self.copy.new_object_id();
            self.known.insert((id, place), new);
            self.waiting.push_back((id, place, new));
            Object::Reference(new)
        })
    }

    fn admits_dictionary(&mut self, dict: &Dictionary, place: Place) -> bool {
        match place {
            Place::Plain | Place::Bytes | Place::Picture | Place::ToPage | Place::ToKept => false,
            Place::Target => dict.has(b"D"),
            // The look of an element says whose it is; what says what it does is none.
            Place::Attributes => dict.has(b"O") && !dict.has(b"S"),
            Place::Element => named(self.from, dict, b"S").is_none_or(|kind| !may_stay::ACTION_KINDS.contains(&kind)),
            Place::Note => match named(self.from, dict, b"Subtype") {
                None => true,
                Some(kind) if may_stay::NOTES.contains(&kind) => true,
                Some(kind) => {
                    self.found.insert(match kind {
                        b"FileAttachment" => may_stay::FILES,
                        b"RichMedia" | b"Screen" | b"Movie" | b"Sound" | b"3D" => may_stay::MEDIA,
                        _ => may_stay::NOTES_UNKNOWN,
                    });
                    false
                }
            },
            Place::Action => match named(self.from, dict, b"S") {
                Some(b"GoTo") => dict.has(b"D"),
                Some(b"URI") => {
                    let address = dict.get_deref(b"URI", self.from).and_then(Object::as_str);
                    let kept = address.is_ok_and(is_web_or_mail);
                    if !kept {
                        self.found.insert(may_stay::LINKS);
                    }
                    kept
                }
                Some(b"JavaScript") => {
                    self.found.insert(may_stay::SCRIPTS);
                    false
                }
                _ => {
                    self.found.insert(may_stay::ACTIONS);
                    false
                }
            },
            _ => true,
        }
    }

    fn admits_stream(&mut self, stream: &Stream, place: Place) -> bool {
        let admitted = match place {
            Place::Bytes | Place::Paint | Place::Font => true,
            Place::Picture => matches!(named(self.from, &stream.dict, b"Subtype"), None | Some(b"Image" | b"Form")),
            _ => false,
        };
        let file = stream.dict.get_deref(b"F", self.from);
        self.outside |= admitted && matches!(file, Ok(Object::String(..) | Object::Dictionary(_)));
        admitted
    }

    fn stream(&mut self, stream: &Stream, place: Place) -> Stream {
        let mut dict = self.dictionary(&stream.dict, place, 0);
        without_encryption(self.from, &stream.dict, &mut dict);
        let mut copy = Stream::new(dict, stream.content.clone());
        copy.allows_compression = false;
        copy
    }
}

impl Place {
    /// The place of one of a list.
    fn of_one(self) -> Self {
        if self == Self::Notes { Self::Note } else { self }
    }
}

fn named<'o>(document: &'o Document, dict: &'o Dictionary, key: &[u8]) -> Option<&'o [u8]> {
    dict.get_deref(key, document).and_then(Object::as_name).ok()
}

/// Addresses that a click may open. A mail that would take a file along is none.
fn is_web_or_mail(address: &[u8]) -> bool {
    let address = address.to_ascii_lowercase();
    let begins = |scheme: &[u8]| address.starts_with(scheme) && address.len() > scheme.len();
    let plain = !address.iter().any(u8::is_ascii_control);
    let attaches = || address.windows(6).any(|part| part == b"attach");
    plain && (begins(b"http://") || begins(b"https://") || (begins(b"mailto:") && !attaches()))
}

/// What was decrypted says no more that it is encrypted.
fn without_encryption(from: &Document, old: &Dictionary, copy: &mut Dictionary) {
    let list = |key: &[u8]| match old.get_deref(key, from) {
        Ok(Object::Array(items)) => items.clone(),
        Ok(other) => vec![other.clone()],
        Err(_) => Vec::new(),
    };
    let is_crypt = |filter: &Object| filter.as_name().is_ok_and(|name| name == b"Crypt");
    let filters = list(b"Filter");
    if !filters.iter().any(is_crypt) {
        return;
    }
    let (mut kept, mut with) = (Vec::new(), Vec::new());
    let parameters = list(b"DecodeParms");
    for (i, filter) in filters.into_iter().enumerate().filter(|(_, filter)| !is_crypt(filter)) {
        kept.push(filter);
        with.push(parameters.get(i).and_then(|p| plain_parameters(from, p)).unwrap_or(Object::Null));
    }
    copy.set("Filter", kept);
    copy.set("DecodeParms", with);
}

fn plain_parameters(from: &Document, parameters: &Object) -> Option<Object> {
    let dict = from.dereference(parameters).ok()?.1.as_dict().ok()?;
    let plain = |(_, value): &(&Vec<u8>, &Object)| matches!(value, Object::Integer(_) | Object::Boolean(_));
    let kept = dict.iter().filter(plain).map(|(key, value)| (key.clone(), value.clone()));
    Some(Object::Dictionary(kept.collect()))
}

/// The version of the file, where it is one.
fn version(from: &Document) -> String {
    let known = ["1.2", "1.3", "1.4", "1.5", "1.6", "1.7", "2.0"];
    if known.contains(&from.version.as_str()) { from.version.clone() } else { "1.7".to_owned() }
}
