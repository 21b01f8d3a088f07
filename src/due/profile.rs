//! State profiles: deadlines as data, each value with its source and whether a person has confirmed it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::calendar::LeapBirthday;
use crate::case::import::{Problems, read_toml};

/// A value that a state sets, with where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rule<T> {
    /// The value.
    pub value: T,
    /// Regulation, guide or form that says so.
    pub source: String,
    /// Whether the text of the source was seen and still holds.
    pub confirmed: bool,
}

/// What a state adds to the federal rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Name of the profile, as `program.toml` gives it.
    pub name: String,
    /// Calendar days from referral to the initial meeting.
    pub initial_meeting_calendar_days: Rule<u16>,
    /// Calendar days from a meeting to the parents' copy; without one the program's own policy counts.
    #[serde(default)]
    pub parent_copy_calendar_days: Option<Rule<u16>>,
    /// Calendar days from consent to the start of a service; without one it is "as soon as possible".
    #[serde(default)]
    pub service_start_calendar_days: Option<Rule<u16>>,
    /// Months from a plan to its periodic review.
    pub review_months: Rule<u8>,
    /// Months from a plan to the annual meeting.
    pub annual_months: Rule<u8>,
    /// When a child born on 29 February turns three.
    pub leap_birthday: Rule<LeapBirthday>,
    /// Whether parents may object to the notice to the school district (303.401(e)).
    pub parents_may_opt_out_of_notice: Rule<bool>,
}

const BUILT_IN: [(&str, &str); 3] = [
    ("federal", include_str!("profiles/federal.toml")),
    ("virginia", include_str!("profiles/virginia.toml")),
    ("florida", include_str!("profiles/florida.toml")),
];

/// Why a profile could not be used.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    /// No profile has this name.
    #[error("program.toml: state_profile: no such profile; there are {}", names())]
    Unknown,
    /// A built-in profile is wrong.
    #[error(transparent)]
    Wrong(#[from] Problems),
}

fn names() -> String {
    BUILT_IN.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
}

impl Profile {
    /// The profile with this name.
    ///
    /// # Errors
    /// When there is none.
    pub fn named(name: &str) -> Result<Self, ProfileError> {
        let (file, text) = BUILT_IN.iter().find(|(built_in, _)| *built_in == name).ok_or(ProfileError::Unknown)?;
        Ok(read_toml(file, text)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_profile_can_be_read_and_names_itself() {
        for (name, _) in BUILT_IN {
            assert_eq!(Profile::named(name).unwrap().name, name);
        }
    }
}
