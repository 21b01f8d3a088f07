//! What changed since papers were made, in words without names: which parts of the record, never what they say.

use serde_json::Value;

use crate::{dispatch::RenderedPacket, document::Mask};

/// More places than this are counted, not listed.
const MOST_PLACES: usize = 12;

/// Places in which two records differ: `family[1].endpoints`, `ifsps[0].services[2].intensity`.
pub(in crate::pipeline) fn places(before: &Value, after: &Value) -> Vec<String> {
    let mut found = Vec::new();
    walk(before, after, &mut String::new(), 0, &mut found);
    if found.len() > MOST_PLACES {
        let more = found.len() - MOST_PLACES;
        found.truncate(MOST_PLACES);
        found.push(format!("{more} more places"));
    }
    found
}

fn walk(before: &Value, after: &Value, path: &mut String, depth: usize, found: &mut Vec<String>) {
    /// Deeper than this a place says no more to a reader.
    const DEEPEST: usize = 5;
    if before == after {
        return;
    }
    let length = path.len();
    match (before, after) {
        (Value::Object(a), Value::Object(b)) if depth < DEEPEST => {
            let names: std::collections::BTreeSet<&String> = a.keys().chain(b.keys()).collect();
            for name in names {
                if !path.is_empty() {
                    path.push('.');
                }
                path.push_str(name);
                walk(a.get(name).unwrap_or(&Value::Null), b.get(name).unwrap_or(&Value::Null), path, depth + 1, found);
                path.truncate(length);
            }
        }
        (Value::Array(a), Value::Array(b)) if depth < DEEPEST && a.len() == b.len() => {
            for (i, (one, other)) in a.iter().zip(b).enumerate() {
                path.push_str(&format!("[{i}]"));
                walk(one, other, path, depth + 1, found);
                path.truncate(length);
            }
        }
        _ => found.push(if path.is_empty() { "the whole record".to_owned() } else { path.clone() }),
    }
}

/// What is different between papers as they were made and as they are made now.
pub(in crate::pipeline) fn between(before: &RenderedPacket, after: &RenderedPacket) -> Vec<String> {
    let mut said = Vec::new();
    if before.endpoint_id != after.endpoint_id {
        said.push(format!("they go to endpoint {} instead of {}", after.endpoint_id, before.endpoint_id));
    }
    if before.template_version != after.template_version {
        said.push("the program's templates are newer".to_owned());
    }
    said.extend(masks(&before.mask, &after.mask));
    for item in &after.items {
        match before.items.iter().find(|i| i.document == item.document) {
            None => said.push(format!("{} is new", item.document.title())),
            Some(old) if old.sha256 != item.sha256 => said.push(format!(
                "{} has other words or another layout ({} pages, {} before)",
                item.document.title(),
                item.pages,
                old.pages
            )),
            Some(_) => {}
        }
    }
    said
}

fn masks(before: &Mask, after: &Mask) -> Vec<String> {
    let more = after.classes.iter().filter(|c| !before.classes.contains(c)).map(|c| format!("now holds {}", c.words()));
    let less =
        before.classes.iter().filter(|c| !after.classes.contains(c)).map(|c| format!("no longer holds {}", c.words()));
    more.chain(less).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn places_are_named_and_values_are_not() {
        let before = json!({"child": {"name": "Ana"}, "family": [{"phone": "1"}, {"phone": "2"}], "goals": []});
        let after = json!({"child": {"name": "Ana"}, "family": [{"phone": "1"}, {"phone": "9"}], "goals": ["walk"]});
        assert_eq!(places(&before, &after), ["family[1].phone", "goals"]);
        assert!(places(&before, &before).is_empty());
    }

    #[test]
    fn a_long_list_is_cut_and_says_so() {
        let before: serde_json::Map<String, Value> = (0..20).map(|n| (format!("f{n:02}"), json!(1))).collect();
        let after: serde_json::Map<String, Value> = (0..20).map(|n| (format!("f{n:02}"), json!(2))).collect();
        let said = places(&Value::Object(before), &Value::Object(after));
        assert_eq!(said.len(), 13);
        assert_eq!(said[12], "8 more places");
    }
}
