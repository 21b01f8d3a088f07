//! Words as people typed them, bounded so that one bad file cannot drown the rest.

use std::{borrow::Cow, fmt, ops::Deref};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

/// Why a text is refused. The text itself is never repeated: it may be a name or a narrative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Nothing but blanks.
    #[error("must not be empty")]
    Empty,
    /// Longer than the type's limit, in characters.
    #[error("has {length} characters; at most {limit} are taken")]
    TooLong {
        /// Characters found.
        length: usize,
        /// Characters allowed.
        limit: usize,
    },
    /// A control character, or in a [`Line`] a line break: it could forge a mail header.
    #[error("holds a line break or control character (U+{code:04X} at character {at})")]
    Control {
        /// Its code point.
        code: u32,
        /// Its place, counted from 1.
        at: usize,
    },
}

/// What [`Line`] takes, as the published schema says it.
pub(super) const LINE_PATTERN: &str = r"^[^\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]*$";
/// What [`Prose`] takes: the same, and line breaks and tabs.
pub(super) const PROSE_PATTERN: &str = r"^(?:[^\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]|[\n\r\t])*$";

fn check(text: &str, limit: usize, breaks: bool) -> Result<(), TextError> {
    if text.trim().is_empty() {
        return Err(TextError::Empty);
    }
    // Bytes bound characters from above, so that a five-megabyte field is not walked first.
    if text.len() > limit {
        let length = text.chars().count();
        if length > limit {
            return Err(TextError::TooLong { length, limit });
        }
    }
    // Nearly every text: printable ASCII, in which nothing is forbidden.
    if text.bytes().all(|b| matches!(b, b' '..=b'~') || (breaks && matches!(b, b'\n' | b'\t'))) {
        return Ok(());
    }
    let bad = |c: char| {
        let allowed = breaks && matches!(c, '\n' | '\t');
        // Bidirectional overrides can make a name read as another one.
        !allowed
            && (c.is_control()
                || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}'))
    };
    match text.chars().enumerate().find(|(_, c)| bad(*c)) {
        Some((at, c)) => Err(TextError::Control { code: u32::from(c), at: at + 1 }),
        None => Ok(()),
    }
}

macro_rules! text_type {
    ($(#[$doc:meta])* $name:ident, $limit:expr, $breaks:expr, $pattern:expr) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The most characters that it takes.
            pub const LIMIT: usize = $limit;

            /// Checks `text` and keeps it exactly as typed.
            ///
            /// # Errors
            /// When it is empty, too long, or holds a character that has no place in it.
            pub fn parse(text: impl Into<String>) -> Result<Self, TextError> {
                let mut text = text.into();
                if text.contains('\r') {
                    text = text.replace("\r\n", "\n");
                }
                check(&text, Self::LIMIT, $breaks)?;
                Ok(Self(text))
            }

            /// The text as typed.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = TextError;

            fn try_from(text: String) -> Result<Self, TextError> {
                Self::parse(text)
            }
        }

        impl std::str::FromStr for $name {
            type Err = TextError;

            fn from_str(text: &str) -> Result<Self, TextError> {
                Self::parse(text)
            }
        }

        impl From<$name> for String {
            fn from(text: $name) -> Self {
                text.0
            }
        }

        impl Deref for $name {
            type Target = str;

            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        // Names and narratives must not reach a log by way of a Debug print.
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({} characters)", stringify!($name), self.0.chars().count())
            }
        }

        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "type": "string", "pattern": $pattern, "minLength": 1, "maxLength": $limit })
            }
        }
    };
}

text_type! {
    /// One line: a name, a street, a telephone number, a heading. At most 200 characters.
    Line, 200, false, LINE_PATTERN
}
text_type! {
    /// A narrative, line breaks allowed. At most 20,000 characters (about eight pages).
    Prose, 20_000, true, PROSE_PATTERN
}
