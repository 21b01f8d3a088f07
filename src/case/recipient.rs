//! Who receives a paper: a person of the family, or an office of the directory.

use std::{fmt, str::FromStr};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{IdError, OrganisationId, PersonId};

/// A recipient, for one child.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Recipient {
    /// A person of the child's family.
    FamilyMember {
        /// Who.
        person_id: PersonId,
    },
    /// An office, or one professional in it.
    Office {
        /// Which.
        organisation_id: OrganisationId,
        /// Who, where one person is meant.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        person_id: Option<PersonId>,
    },
}

impl Recipient {
    /// A person of the family.
    #[must_use]
    pub fn family(person_id: &PersonId) -> Self {
        Self::FamilyMember { person_id: person_id.clone() }
    }

    /// An office.
    #[must_use]
    pub fn office(organisation_id: &OrganisationId, person_id: Option<&PersonId>) -> Self {
        Self::Office { organisation_id: organisation_id.clone(), person_id: person_id.cloned() }
    }

    /// The office, where it is one.
    #[must_use]
    pub fn organisation_id(&self) -> Option<&OrganisationId> {
        match self {
            Self::FamilyMember { .. } => None,
            Self::Office { organisation_id, .. } => Some(organisation_id),
        }
    }
}

/// `family:0417-mother`, `office:ghent-pediatrics`, `office:ghent-pediatrics/dr-osei`: safe in logs and keys.
impl fmt::Display for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FamilyMember { person_id } => write!(f, "family:{person_id}"),
            Self::Office { organisation_id, person_id: None } => write!(f, "office:{organisation_id}"),
            Self::Office { organisation_id, person_id: Some(person) } => write!(f, "office:{organisation_id}/{person}"),
        }
    }
}

/// Why a text names no recipient.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RecipientError {
    /// Neither form.
    #[error("a recipient is written family:PERSON, office:OFFICE or office:OFFICE/PERSON")]
    Form,
    /// A part that is no id.
    #[error(transparent)]
    Id(#[from] IdError),
}

impl FromStr for Recipient {
    type Err = RecipientError;

    fn from_str(text: &str) -> Result<Self, RecipientError> {
        match text.split_once(':') {
            Some(("family", person)) => Ok(Self::FamilyMember { person_id: PersonId::parse(person)? }),
            Some(("office", office)) => {
                let (office, person) = match office.split_once('/') {
                    Some((office, person)) => (office, Some(PersonId::parse(person)?)),
                    None => (office, None),
                };
                Ok(Self::Office { organisation_id: OrganisationId::parse(office)?, person_id: person })
            }
            _ => Err(RecipientError::Form),
        }
    }
}
