//! Every scalar setting may also come from the environment: `EARLYPOST_DATA_DIR`, `EARLYPOST_DELIVERY_AT_ONCE`.

use serde_json::{Map, Value};

/// A setting that one variable may set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Setting {
    pub(super) variable: String,
    pub(super) path: Vec<String>,
    integer: bool,
    boolean: bool,
}

/// All scalar settings, read off the schema of the settings' own types.
pub(super) fn settings(schema: &Value) -> Vec<Setting> {
    let mut found = Vec::new();
    walk(schema, schema, &mut Vec::new(), &mut found);
    found.sort_by(|a, b| a.variable.cmp(&b.variable));
    found.dedup_by(|a, b| a.variable == b.variable);
    found
}

fn resolve<'a>(root: &'a Value, mut node: &'a Value) -> &'a Value {
    while let Some(pointer) = node.get("$ref").and_then(Value::as_str) {
        node = root.pointer(pointer.trim_start_matches('#')).unwrap_or(&Value::Null);
    }
    node
}

fn walk(root: &Value, node: &Value, path: &mut Vec<String>, found: &mut Vec<Setting>) {
    let node = resolve(root, node);
    for alternatives in ["anyOf", "oneOf", "allOf"] {
        for one in node.get(alternatives).and_then(Value::as_array).into_iter().flatten() {
            walk(root, one, path, found);
        }
    }
    if let Some(fields) = node.get("properties").and_then(Value::as_object) {
        for (name, field) in fields {
            path.push(name.clone());
            walk(root, field, path, found);
            path.pop();
        }
        return;
    }
    let has = |kind: &str| match node.get("type") {
        Some(Value::String(one)) => one == kind,
        Some(Value::Array(kinds)) => kinds.iter().any(|k| k == kind),
        _ => false,
    };
    let text = has("string") || node.get("enum").is_some() || node.get("const").is_some();
    if !path.is_empty() && (text || has("integer") || has("boolean")) {
        found.push(Setting {
            variable: format!("EARLYPOST_{}", path.join("_").to_uppercase()),
            path: path.clone(),
            integer: has("integer"),
            boolean: has("boolean"),
        });
    }
}

/// Puts what the environment sets into the document, over what the file says.
pub(super) fn apply(
    document: &mut Value,
    settings: &[Setting],
    variable: &dyn Fn(&str) -> Option<String>,
) -> Vec<String> {
    let mut applied = Vec::new();
    for setting in settings {
        let Some(text) = variable(&setting.variable) else { continue };
        let value = if setting.integer {
            text.parse::<i64>().map_or(Value::String(text), Value::from)
        } else if setting.boolean {
            text.parse::<bool>().map_or(Value::String(text), Value::from)
        } else {
            Value::String(text)
        };
        let mut node = &mut *document;
        let (last, parents) = setting.path.split_last().expect("a setting has a name");
        for name in parents {
            if !node.is_object() {
                *node = Value::Object(Map::new());
            }
            node = node
                .as_object_mut()
                .expect("made an object above")
                .entry(name.clone())
                .or_insert_with(|| Value::Object(Map::new()));
        }
        if !node.is_object() {
            *node = Value::Object(Map::new());
        }
        node.as_object_mut().expect("made an object above").insert(last.clone(), value);
        applied.push(setting.variable.clone());
    }
    applied
}
