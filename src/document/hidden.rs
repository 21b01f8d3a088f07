//! Which values of a person a copy must not hold; the values themselves stand in `private_values`.

use serde::{Deserialize, Serialize};

use crate::case::Protected;

/// Which values of a person a copy must not hold.
#[expect(clippy::struct_excessive_bools, reason = "each is its own wish, and any of them may be joined")]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Hidden {
    /// Every postal address.
    pub address: bool,
    /// Telephone and fax numbers.
    pub telephone: bool,
    pub email: bool,
    /// Places by name.
    pub places: bool,
    /// A foster or kin home: the names of its people too, and where services are given.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub home: bool,
}

impl Hidden {
    /// Each of these values alone.
    pub fn each(self) -> impl Iterator<Item = Self> {
        let none = Self::default();
        [
            Self { address: self.address, ..none },
            Self { telephone: self.telephone, ..none },
            Self { email: self.email, ..none },
            Self { places: self.places, ..none },
            Self { home: self.home, ..none },
        ]
        .into_iter()
        .filter(move |one| *one != none)
    }

    /// These values and those.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            address: self.address || other.address,
            telephone: self.telephone || other.telephone,
            email: self.email || other.email,
            places: self.places || other.places,
            home: self.home || other.home,
        }
    }

    /// What a person asked to keep private.
    #[must_use]
    pub fn of(protected: &Protected) -> Self {
        Self {
            address: protected.address,
            telephone: protected.telephone,
            email: protected.email,
            places: !protected.places.is_empty(),
            home: false,
        }
    }

    /// Everything about a foster or kin home.
    #[must_use]
    pub fn whole_home() -> Self {
        Self { address: true, telephone: true, email: true, places: true, home: true }
    }
}
