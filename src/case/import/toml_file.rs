//! TOML files, every mistake named at once with its line.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{
    problem::{Problem, Problems},
    structure::{field_of, read_value},
};

/// Reads a TOML text into `T`.
///
/// # Errors
/// Every violation of the type's schema, each with the line where it stands, or the first syntax error.
pub fn read_toml<T: DeserializeOwned + JsonSchema>(file: &str, text: &str) -> Result<T, Problems> {
    let (value, lines) = parse_toml(file, text)?;
    from_value(file, &value, &lines)
}

/// The lines of the fields of a TOML document, by JSON pointer.
pub type Lines = BTreeMap<String, usize>;

/// Parses TOML into a JSON value and remembers on which line each field stands.
///
/// # Errors
/// A syntax error, with its line.
pub fn parse_toml(file: &str, text: &str) -> Result<(Value, Lines), Problems> {
    let line_at = |offset: usize| text[..offset.min(text.len())].matches('\n').count() + 1;
    let table = DeTable::parse(text).map_err(|error| Problem {
        file: file.to_owned(),
        row: error.span().map(|span| line_at(span.start)),
        field: String::new(),
        says: format!("is not TOML: {}", error.message().lines().next().unwrap_or("it does not parse")),
    })?;
    let mut lines = Lines::new();
    let value = table_value(table.get_ref(), "", &line_at, &mut lines);
    Ok((value, lines))
}

/// Reads a parsed document into `T`.
///
/// # Errors
/// Every violation, with its line.
pub fn from_value<T: DeserializeOwned + JsonSchema>(file: &str, value: &Value, lines: &Lines) -> Result<T, Problems> {
    read_value(value).map_err(|violations| {
        Problems(
            violations
                .into_iter()
                .map(|(pointer, says)| Problem {
                    file: file.to_owned(),
                    row: line_of(&pointer, lines),
                    field: field_of(&pointer),
                    says,
                })
                .collect(),
        )
    })
}

/// The line of a field, or of the nearest table above it that stands in the file.
fn line_of(pointer: &str, lines: &Lines) -> Option<usize> {
    let mut at = pointer;
    loop {
        if let Some(line) = lines.get(at) {
            return Some(*line);
        }
        at = &at[..at.rfind('/')?];
    }
}

fn table_value(table: &DeTable<'_>, at: &str, line_at: &dyn Fn(usize) -> usize, lines: &mut Lines) -> Value {
    let mut object = Map::new();
    for (key, value) in table {
        let pointer = format!("{at}/{}", key.get_ref());
        lines.insert(pointer.clone(), line_at(key.span().start));
        object.insert(key.get_ref().to_string(), one_value(value, &pointer, line_at, lines));
    }
    Value::Object(object)
}

fn one_value(value: &Spanned<DeValue<'_>>, at: &str, line_at: &dyn Fn(usize) -> usize, lines: &mut Lines) -> Value {
    match value.get_ref() {
        DeValue::String(text) => Value::String(text.to_string()),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
            .map_or_else(|_| Value::String(number.to_string()), Value::from),
        DeValue::Float(number) => number.as_str().parse::<f64>().map_or(Value::Null, Value::from),
        DeValue::Boolean(yes) => Value::Bool(*yes),
        DeValue::Datetime(date) => Value::String(date.to_string()),
        DeValue::Array(items) => Value::Array(
            items
                .iter()
                .enumerate()
                .map(|(i, item)| {
                    let pointer = format!("{at}/{i}");
                    lines.insert(pointer.clone(), line_at(item.span().start));
                    one_value(item, &pointer, line_at, lines)
                })
                .collect(),
        ),
        DeValue::Table(table) => table_value(table, at, line_at, lines),
    }
}
