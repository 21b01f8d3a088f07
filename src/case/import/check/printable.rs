//! Letters that no font has.

use serde_json::Value;

use super::Findings;
use crate::case::import::structure::field_of;

/// A letter that no font has would print as an empty box: name it instead.
pub(super) fn letters(value: &Value, printable: fn(char) -> bool, f: &mut Findings) {
    fn walk(value: &Value, pointer: &mut String, printable: fn(char) -> bool, f: &mut Findings) {
        match value {
            Value::String(text) => {
                if let Some(c) = text.chars().find(|c| !matches!(c, '\n' | '\r' | '\t') && !printable(*c)) {
                    f.add(
                        field_of(pointer),
                        format!("has the letter '{c}' (U+{:04X}), which the fonts cannot print; write it in Latin letters or add a font", u32::from(c)),
                    );
                }
            }
            Value::Array(items) => {
                for (i, item) in items.iter().enumerate() {
                    let length = pointer.len();
                    pointer.push_str(&format!("/{i}"));
                    walk(item, pointer, printable, f);
                    pointer.truncate(length);
                }
            }
            Value::Object(fields) => {
                for (key, item) in fields {
                    let length = pointer.len();
                    pointer.push('/');
                    pointer.push_str(key);
                    walk(item, pointer, printable, f);
                    pointer.truncate(length);
                }
            }
            _ => {}
        }
    }
    walk(value, &mut String::new(), printable, f);
}
