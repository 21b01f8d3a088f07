//! Words that stand in a PDF but on none of its pages.

use lopdf::{Document, Object, decode_text_string};

/// Keys whose texts a reader shows somewhere: titles, subjects, notes, the fields of a form, alternative text.
const SHOWN: [&[u8]; 15] = [
    b"Title",
    b"Author",
    b"Subject",
    b"Keywords",
    b"Contents",
    b"RC",
    b"T",
    b"TU",
    b"V",
    b"DV",
    b"Alt",
    b"ActualText",
    b"E",
    b"Subj",
    b"Desc",
];

pub(super) fn words(document: &Document) -> String {
    let mut out = Vec::new();
    for object in document.objects.values() {
        gather(object, &mut out);
        if let Object::Stream(stream) = object
            && stream.dict.get(b"Type").and_then(Object::as_name).is_ok_and(|name| name == b"Metadata")
            && let Ok(bytes) = stream.get_plain_content_with_limit(1024 * 1024)
        {
            out.push(without_tags(&String::from_utf8_lossy(&bytes)));
        }
    }
    out.retain(|text| !text.trim().is_empty());
    out.dedup();
    out.join("\n")
}

fn gather(object: &Object, out: &mut Vec<String>) {
    match object {
        Object::Array(items) => items.iter().for_each(|item| gather(item, out)),
        Object::Dictionary(dict) => of_dict(dict, out),
        Object::Stream(stream) => of_dict(&stream.dict, out),
        _ => {}
    }
}

fn of_dict(dict: &lopdf::Dictionary, out: &mut Vec<String>) {
    for (key, value) in dict {
        if let Object::String(..) = value {
            if SHOWN.contains(&key.as_slice()) {
                out.extend(decode_text_string(value).ok());
            }
        } else {
            gather(value, out);
        }
    }
}

fn without_tags(xml: &str) -> String {
    let mut text = String::new();
    let mut inside = false;
    for c in xml.chars() {
        match c {
            '<' => inside = true,
            '>' => {
                inside = false;
                text.push(' ');
            }
            c if !inside => text.push(c),
            _ => {}
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
