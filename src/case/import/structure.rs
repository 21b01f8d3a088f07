//! The shape of an input: serde reads it, and when serde refuses it our own JSON Schema lists every violation.
//!
//! serde stops at the first mistake and likes to quote the value; the schema names them all and the words
//! are ours, so no name or narrative is repeated.

use std::{collections::BTreeSet, sync::OnceLock};

use jsonschema::{
    Validator,
    error::{TypeKind, ValidationErrorKind},
};
use schemars::{JsonSchema, schema_for};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{
    case::{
        CaseRecord,
        text::{LINE_PATTERN, PROSE_PATTERN},
    },
    hint::Hint,
    shown::shown,
};

/// What is said of a field that nobody reads.
pub(super) fn unknown_field() -> String {
    format!("unknown field; check its spelling against {}", Hint::ShowSchema)
}

/// A violation: JSON pointer of the field, and what was expected.
pub(super) type Violation = (String, String);

/// What our own JSON Schema says of a kind of file.
pub(super) struct Shape {
    schema: Value,
    /// What our types do not look at: how large a number may be. Texts and dates they read themselves.
    ranges: Validator,
}

impl Shape {
    pub(super) fn of<T: JsonSchema>() -> Self {
        let schema = serde_json::to_value(schema_for!(T)).expect("a generated schema is JSON");
        let mut numbers = schema.clone();
        leave_out_texts(&mut numbers);
        Self { ranges: validator(&numbers, false), schema }
    }

    /// A child's record: thousands are read by it.
    pub(super) fn of_record() -> &'static Self {
        /// Harmless to share: the published schema, always the same.
        static RECORD: OnceLock<Shape> = OnceLock::new();
        RECORD.get_or_init(Self::of::<CaseRecord>)
    }

    /// Whether the text at this place may have line breaks.
    pub(super) fn takes_breaks(&self, path: &[String]) -> bool {
        self.any_of(&self.schema, path)
    }

    fn any_of(&self, node: &Value, path: &[String]) -> bool {
        let node = match node.get("$ref").and_then(Value::as_str) {
            Some(to) => self.schema.pointer(to.trim_start_matches('#')).unwrap_or(&Value::Null),
            None => node,
        };
        let here = match path {
            [] => node.get("pattern").is_some_and(|pattern| pattern == PROSE_PATTERN),
            [part, rest @ ..] => {
                let field = node.get("properties").and_then(|fields| fields.get(part));
                field.or_else(|| node.get("items")).is_some_and(|next| self.any_of(next, rest))
            }
        };
        let alternatives = ["anyOf", "oneOf", "allOf"].into_iter().filter_map(|of| node.get(of)?.as_array()).flatten();
        here || alternatives.into_iter().any(|alternative| self.any_of(alternative, path))
    }
}

fn leave_out_texts(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            for word in ["pattern", "format", "minLength", "maxLength"] {
                // A property may bear the name of a rule; a rule is a text or a number.
                if fields.get(word).is_some_and(|rule| rule.is_string() || rule.is_number()) {
                    fields.remove(word);
                }
            }
            fields.values_mut().for_each(leave_out_texts);
        }
        Value::Array(items) => items.iter_mut().for_each(leave_out_texts),
        _ => {}
    }
}

fn validator(schema: &Value, formats: bool) -> Validator {
    jsonschema::options().should_validate_formats(formats).build(schema).expect("a generated schema is a valid schema")
}

/// Reads a value, or lists everything that is wrong with it.
pub(super) fn read_value<T: DeserializeOwned + JsonSchema>(value: &Value) -> Result<T, Vec<Violation>> {
    read_shaped(value, &Shape::of::<T>())
}

/// The same by a shape that is there already.
pub(super) fn read_shaped<T: DeserializeOwned>(value: &Value, shape: &Shape) -> Result<T, Vec<Violation>> {
    let violations = |validator: &Validator| {
        let mut found: BTreeSet<Violation> = BTreeSet::new();
        for error in validator.iter_errors(value) {
            collect(error.instance_path().as_str(), error.kind(), value, &mut found);
        }
        found
    };
    let refused = match serde_path_to_error::deserialize::<_, T>(value) {
        Ok(read) => {
            let beyond = violations(&shape.ranges);
            return if beyond.is_empty() { Ok(read) } else { Err(beyond.into_iter().collect()) };
        }
        Err(refused) => refused,
    };
    let mut found = violations(&validator(&shape.schema, true));
    if found.is_empty() {
        // The schema is content, so the type itself refused; our types' errors hold no values.
        let path = pointer_of(refused.path());
        found.insert((path, own_words(refused.inner())));
    }
    Err(found.into_iter().collect())
}

fn collect(path: &str, kind: &ValidationErrorKind, root: &Value, found: &mut BTreeSet<Violation>) {
    match kind {
        ValidationErrorKind::OneOfNotValid { context } | ValidationErrorKind::AnyOf { context } => {
            alternatives(path, context, root, found);
        }
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            for field in unexpected {
                found.insert((format!("{path}/{field}"), unknown_field()));
            }
        }
        ValidationErrorKind::Required { property } => {
            let field = property.as_str().unwrap_or_default();
            found.insert((format!("{path}/{field}"), "missing; this field is required".into()));
        }
        other => {
            found.insert((path.to_owned(), words(other)));
        }
    }
}

/// Of several alternatives (an optional field, a tagged enum) the one that was meant is the one whose tag
/// matches, or else the one with the fewest violations.
fn alternatives(
    path: &str,
    context: &[Vec<jsonschema::ValidationError<'static>>],
    root: &Value,
    found: &mut BTreeSet<Violation>,
) {
    let is_tag = |e: &jsonschema::ValidationError<'_>| {
        matches!(e.kind(), ValidationErrorKind::Constant { .. }) && e.instance_path().as_str() != path
    };
    let constants: Vec<String> = context
        .iter()
        .flatten()
        .filter_map(|e| match e.kind() {
            ValidationErrorKind::Constant { expected_value } => Some(expected_value.to_string()),
            _ => None,
        })
        .collect();
    let meant = context
        .iter()
        .filter(|errors| !errors.iter().any(is_tag))
        .filter(|errors| !errors.iter().all(|e| matches!(e.kind(), ValidationErrorKind::Type { kind: TypeKind::Single(t) } if t.to_string() == "null")))
        .min_by_key(|errors| errors.len());
    match meant {
        Some(errors)
            if !errors.is_empty()
                && !errors.iter().all(|e| matches!(e.kind(), ValidationErrorKind::Constant { .. })) =>
        {
            for error in errors {
                collect(error.instance_path().as_str(), error.kind(), root, found);
            }
        }
        _ => {
            let says = if constants.is_empty() {
                format!("has none of the forms that it may have; see {}", Hint::ShowSchema)
            } else {
                format!("must be one of {}", constants.join(", "))
            };
            found.insert((path.to_owned(), says));
        }
    }
}

fn words(kind: &ValidationErrorKind) -> String {
    match kind {
        ValidationErrorKind::Format { format } if format == "date" => {
            "is no date of the calendar: write YYYY-MM-DD with a four-digit year, such as 2026-11-20 (other orders are ambiguous)"
                .into()
        }
        ValidationErrorKind::Pattern { pattern } if pattern == LINE_PATTERN => {
            "holds a line break or control character; write it on one line".into()
        }
        ValidationErrorKind::Pattern { pattern } if pattern == PROSE_PATTERN => {
            "holds a control character; remove it".into()
        }
        ValidationErrorKind::Pattern { pattern } if pattern.starts_with("^[0-9]{4}") => {
            "is no date of the calendar: write YYYY-MM-DD with a four-digit year, such as 2026-11-20 (other orders are ambiguous)"
                .into()
        }
        ValidationErrorKind::Pattern { .. } => {
            "is no id: 1 to 64 letters, digits, dots, hyphens or underscores, beginning with a letter or digit".into()
        }
        ValidationErrorKind::MaxLength { limit } => format!("is too long: at most {limit} characters are taken"),
        ValidationErrorKind::MinLength { .. } => "must not be empty; leave an optional field out instead".into(),
        ValidationErrorKind::Minimum { limit } => format!("must be at least {limit}; correct the number"),
        ValidationErrorKind::Maximum { limit } => format!("must be at most {limit}; correct the number"),
        ValidationErrorKind::Enum { options } => format!("must be one of {options}"),
        ValidationErrorKind::Constant { expected_value } => format!("must be {expected_value}"),
        ValidationErrorKind::Type { kind: TypeKind::Single(kind) } => format!("must be of type {kind}"),
        ValidationErrorKind::Type { kind: TypeKind::Multiple(kinds) } => {
            let kinds: Vec<String> = kinds.iter().map(|kind| kind.to_string()).collect();
            format!("must be of type {}", kinds.join(" or "))
        }
        other => format!("breaks the rule `{}` of {}", other.keyword(), Hint::ShowSchema),
    }
}

/// serde's own words may quote a value (`invalid value: string "..."`); ours never do.
fn own_words(error: &serde_json::Error) -> String {
    let text = error.to_string();
    if text.starts_with("invalid ") || text.starts_with("unknown ") || text.starts_with("missing ") {
        format!("is not what this field takes; see {}", Hint::ShowSchema)
    } else {
        text
    }
}

fn pointer_of(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    path.iter().fold(String::new(), |mut pointer, segment| {
        pointer.push('/');
        match segment {
            Segment::Seq { index } => pointer.push_str(&index.to_string()),
            Segment::Map { key } => pointer.push_str(key),
            Segment::Enum { variant } => pointer.push_str(variant),
            Segment::Unknown => pointer.push('?'),
        }
        pointer
    })
}

/// `/family/0/name/last` as a person writes it: `family[0].name.last`.
pub(super) fn field_of(pointer: &str) -> String {
    pointer.split('/').skip(1).fold(String::new(), |mut field, part| {
        if part.bytes().all(|b| b.is_ascii_digit()) && !part.is_empty() {
            field.push_str(&format!("[{part}]"));
        } else {
            if !field.is_empty() {
                field.push('.');
            }
            // The name of an unknown field is the file's own.
            field.push_str(&shown(&part.replace("~1", "/").replace("~0", "~")));
        }
        field
    })
}
