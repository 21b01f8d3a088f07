//! Identifiers that the source system gave. They are safe in logs and file names; names are not.

use std::{borrow::Cow, fmt, ops::Deref};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

/// Why a text is no identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an id has 1 to 64 letters, digits, dots, hyphens or underscores and begins with a letter or digit")]
pub struct IdError;

fn valid(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'))
}

macro_rules! id_type {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Checks the shape of an id.
            ///
            /// # Errors
            /// When it is empty, longer than 64 characters, or could not stand in a file name.
            pub fn parse(text: impl Into<String>) -> Result<Self, IdError> {
                let text = text.into();
                if valid(&text) { Ok(Self(text)) } else { Err(IdError) }
            }

            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;

            fn try_from(text: String) -> Result<Self, IdError> {
                Self::parse(text)
            }
        }

        impl std::str::FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                Self::parse(text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
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

        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$" })
            }
        }
    )*};
}

id_type! {
    /// A child in the source system.
    ChildId;
    /// A person: a parent, another relative, or a professional of the directory.
    PersonId;
    /// A household of one family.
    HouseholdId;
    /// An organisation of the directory.
    OrganisationId;
    /// A way to reach somebody: an e-mail address, a postal address, a fax number.
    EndpointId;
    /// A plan; its versions share it.
    IfspId;
    /// A service line, kept from version to version of a plan.
    ServiceLineId;
    /// A signed release of information.
    ReleaseId;
    /// A court order or other legally binding paper.
    OrderId;
    /// Something that happened once: a referral, a meeting, a contact, a request, a consent.
    EventId;
    /// A paper made elsewhere that was taken in here.
    FiledId;
}
