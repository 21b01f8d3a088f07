//! Every text in a PDF, wherever it stands but on its pages: titles and properties, links, labels, layers, notes, fields and
//! their choices, alternate text, names of files inside it.

use std::{borrow::Cow, collections::BTreeSet};

use lopdf::{Dictionary, Document, Object, Stream, content::Content, decode_text_string};

use crate::document::external::short_values::side_by_side;

/// No text of one stream is larger.
const MOST_TEXT: usize = 4 * 1024 * 1024;
/// Names of keys and kinds are shorter.
const SHORTEST_NAME: usize = 5;
/// So deep are objects nested in any real file.
const DEEPEST: usize = 64;

/// Each text once.
pub(super) fn of(document: &Document) -> BTreeSet<String> {
    let mut texts = BTreeSet::new();
    let mut filled_in = Vec::new();
    let values = document.objects.values().chain(document.trailer.iter().map(|(_, value)| value));
    for object in values {
        gather(object, &mut texts, 0);
        match object {
            Object::Stream(stream) => of_stream(stream, &mut texts),
            Object::Dictionary(field) => {
                filled_in.extend(field.get(b"V").ok().map(|value| text_of(value).into_owned()));
            }
            _ => {}
        }
    }
    // First and last name may be two fields of a form.
    texts.extend(side_by_side(filled_in.iter().map(String::as_str)));
    texts
}

fn gather(object: &Object, texts: &mut BTreeSet<String>, depth: usize) {
    if depth > DEEPEST {
        return;
    }
    match object {
        Object::String(..) => add(&text_of(object), texts),
        Object::Name(name) => of_name(name, texts),
        Object::Array(items) => items.iter().for_each(|item| gather(item, texts, depth + 1)),
        Object::Dictionary(dict) => of_dict(dict, texts, depth),
        Object::Stream(stream) => of_dict(&stream.dict, texts, depth),
        _ => {}
    }
}

fn of_dict(dict: &Dictionary, texts: &mut BTreeSet<String>, depth: usize) {
    for (key, value) in dict {
        of_name(key, texts);
        gather(value, texts, depth + 1);
    }
}

/// A layer, a choice, a place of the file may bear a name of its own.
fn of_name(name: &[u8], texts: &mut BTreeSet<String>) {
    if name.len() >= SHORTEST_NAME {
        add(&String::from_utf8_lossy(name), texts);
    }
}

fn text_of(string: &Object) -> Cow<'_, str> {
    match (decode_text_string(string), string.as_str()) {
        (Ok(text), _) => text.into(),
        (Err(_), Ok(bytes)) => String::from_utf8_lossy(bytes),
        _ => "".into(),
    }
}

fn add(text: &str, texts: &mut BTreeSet<String>) {
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\0');
    if text.chars().any(char::is_alphanumeric) && !texts.contains(text) {
        // As the address of a link has it.
        if text.contains('%') || text.contains('+') {
            texts.insert(unescaped(text));
        }
        texts.insert(text.to_owned());
    }
}

/// An address with its signs in clear.
fn unescaped(address: &str) -> String {
    let mut bytes = Vec::with_capacity(address.len());
    let mut rest = address.as_bytes();
    while let [first, after @ ..] = rest {
        let sign = match (first, after) {
            (b'%', [high, low, ..]) => {
                std::str::from_utf8(&[*high, *low]).ok().and_then(|hex| u8::from_str_radix(hex, 16).ok())
            }
            _ => None,
        };
        if let Some(sign) = sign {
            bytes.push(sign);
            rest = &after[2..];
        } else {
            bytes.push(if *first == b'+' { b' ' } else { *first });
            rest = after;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn of_stream(stream: &Stream, texts: &mut BTreeSet<String>) {
    let kind = |key: &[u8]| stream.dict.get(key).and_then(Object::as_name).unwrap_or_default();
    // Pictures, fonts and tables of objects hold no words.
    let silent = kind(b"Subtype") == b"Image" || matches!(kind(b"Type"), b"ObjStm" | b"XRef");
    if silent || stream.dict.has(b"Length1") || stream.dict.has(b"FunctionType") {
        return;
    }
    let Ok(bytes) = stream.get_plain_content_with_limit(MOST_TEXT) else { return };
    let begins = bytes.iter().copied().find(|b| !b.is_ascii_whitespace() && !matches!(b, 0xef | 0xbb | 0xbf));
    if begins == Some(b'<') {
        add(&without_tags(&String::from_utf8_lossy(&bytes)), texts);
    } else if bytes.windows(3).any(|word| word == b"BDC" || word == b" DP")
        && let Ok(drawing) = Content::decode(&bytes)
    {
        // What is to be read in place of what is drawn.
        let marks = drawing.operations.iter().filter(|operation| matches!(&*operation.operator, "BDC" | "DP"));
        marks.flat_map(|operation| &operation.operands).for_each(|operand| gather(operand, texts, 0));
    }
}

/// The words of XML: what stands between tags, and the values in them.
fn without_tags(xml: &str) -> String {
    let (mut text, mut tag, mut quote) = (String::new(), false, None);
    for c in xml.chars() {
        match (tag, quote, c) {
            (false, _, '<') => tag = true,
            (true, None, '>') => {
                tag = false;
                text.push('\n');
            }
            (true, None, '"' | '\'') => {
                quote = Some(c);
                text.push('\n');
            }
            (true, Some(open), c) if c == open => {
                quote = None;
                text.push('\n');
            }
            (true, None, _) => {}
            _ => text.push(c),
        }
    }
    let plain = text.replace("&apos;", "'").replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&");
    let lines = plain.lines().map(str::trim).filter(|line| line.chars().any(char::is_alphanumeric));
    lines.collect::<Vec<_>>().join("\n")
}
