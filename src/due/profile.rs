//! State profiles: deadlines as data, each value with its source and whether a person has confirmed it.

use std::path::Path;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::calendar::LeapBirthday;
use crate::case::{
    Line,
    import::{Problem, Problems, read_toml},
};

/// A value that a state sets, with where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rule<T> {
    /// The value.
    pub value: T,
    /// Regulation, guide or form that says so; never empty.
    pub source: Line,
    /// Whether the text of the source was seen and still holds.
    pub confirmed: bool,
}

/// What a state adds to the federal rules. Counts are of calendar days unless their name says otherwise; none is
/// negative: "before" and "after" stand in the names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Name of the profile, as `program.toml` gives it.
    pub name: String,
    /// Calendar days from referral to the initial meeting.
    pub initial_meeting_calendar_days: Rule<u16>,
    /// The most calendar days that remain for the initial meeting once a reason that stopped the clock has ended.
    #[serde(default)]
    pub after_excuse_calendar_days: Option<Rule<u16>>,
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
    /// Calendar days of prior written notice before an action.
    #[serde(default)]
    pub prior_notice_calendar_days: Option<Rule<u16>>,
    /// Calendar days of written notice before a meeting.
    #[serde(default)]
    pub meeting_notice_calendar_days: Option<Rule<u16>>,
    /// Calendar days before the transition conference on which the school district is invited.
    #[serde(default)]
    pub district_invitation_calendar_days: Option<Rule<u16>>,
    /// Calendar days that parents have to object to the notice to the district after they were told (303.401(e)).
    #[serde(default)]
    pub opt_out_calendar_days: Option<Rule<u16>>,
    /// Business days from a contact to its signed note.
    #[serde(default)]
    pub contact_note_business_days: Option<Rule<u16>>,
    /// Months in each of which a contact reaches the family.
    #[serde(default)]
    pub contact_every_months: Option<Rule<u8>>,
    /// Calendar days before a review on which providers' progress reports are due.
    #[serde(default)]
    pub progress_report_calendar_days: Option<Rule<u16>>,
    /// Calendar days from a parent's request to the record shown.
    pub record_inspection_calendar_days: Rule<u16>,
    /// Whether the record is also shown before any IFSP meeting or hearing.
    pub record_inspection_before_meeting: Rule<bool>,
    /// Age in months at which all children with a plan are reported to the state education agency.
    #[serde(default)]
    pub state_list_months: Option<Rule<u8>>,
    /// Age in months at which the notice to the district goes by the state's practice; never later than the rule's day.
    #[serde(default)]
    pub district_notice_months: Option<Rule<u8>>,
    /// Whether the notice may go before 1 April of the year in which the child is two by 30 September.
    #[serde(default)]
    pub notice_by_first_of_april: Option<Rule<bool>>,
    /// Whether a conference is owed for a child that was referred fewer than 90 days before three.
    #[serde(default)]
    pub conference_for_late_referral: Option<Rule<bool>>,
    /// Calendar days before the third birthday by which families hear of preschool services.
    pub preschool_information_calendar_days: Rule<u16>,
    /// Months before exit within which the child outcomes rating is made, for a child served that long.
    #[serde(default)]
    pub outcomes_rating_months: Option<Rule<u8>>,
    /// Age in months until which the adjusted age of a premature child is printed.
    #[serde(default)]
    pub adjusted_age_months: Option<Rule<u8>>,
    /// When a child born on 29 February turns three.
    pub leap_birthday: Rule<LeapBirthday>,
    /// Years after the last day of services for which a record is kept (34 CFR 303.416).
    pub retention_calendar_years: Rule<u8>,
    /// Calendar days from the discovery of an incident within which the parents are told.
    pub incident_notice_calendar_days: Rule<u16>,
    /// Whether parents may object to the notice to the school district (303.401(e)).
    pub parents_may_opt_out_of_notice: Rule<bool>,
}

const BUILT_IN: [(&str, &str); 7] = [
    ("federal", include_str!("profiles/federal.toml")),
    ("virginia", include_str!("profiles/virginia.toml")),
    ("florida", include_str!("profiles/florida.toml")),
    ("texas", include_str!("profiles/texas.toml")),
    ("illinois", include_str!("profiles/illinois.toml")),
    ("new-york", include_str!("profiles/new-york.toml")),
    ("maryland", include_str!("profiles/maryland.toml")),
];

/// Why a profile could not be used.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    /// No profile has this name.
    #[error(
        "program.toml: state_profile: no such profile; there are {}, and any file of the caseload's folder `profiles`",
        names()
    )]
    Unknown,
    /// The file could not be read.
    #[error("profiles/{name}.toml: cannot be read ({source})")]
    Unreadable {
        /// The profile.
        name: String,
        /// Why.
        source: std::io::Error,
    },
    /// A profile is wrong.
    #[error(transparent)]
    Wrong(#[from] Problems),
}

fn names() -> String {
    BUILT_IN.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
}

/// A value that nobody has confirmed yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unconfirmed {
    /// The profile's field.
    pub rule: String,
    /// The value in use, as the file writes it.
    pub value: String,
    /// Where it is said to stand.
    pub source: String,
}

impl Profile {
    /// The built-in profile with this name.
    ///
    /// # Errors
    /// When there is none.
    pub fn named(name: &str) -> Result<Self, ProfileError> {
        let (file, text) = BUILT_IN.iter().find(|(built_in, _)| *built_in == name).ok_or(ProfileError::Unknown)?;
        Ok(Self::read(&format!("{file}.toml"), text)?)
    }

    /// The profile of a caseload: its own file `profiles/NAME.toml`, or else the built-in one.
    ///
    /// # Errors
    /// When there is none, or its file is wrong: every mistake with its line.
    pub fn of_caseload(caseload: &Path, name: &str) -> Result<Self, ProfileError> {
        // The name comes from a file: it must not lead out of the folder.
        let plain = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        let path = caseload.join("profiles").join(format!("{name}.toml"));
        if !plain || !path.is_file() {
            return Self::named(name);
        }
        let text = std::fs::read_to_string(&path)
            .map_err(|source| ProfileError::Unreadable { name: name.to_owned(), source })?;
        Ok(Self::read(&format!("profiles/{name}.toml"), &text)?)
    }

    /// Reads a profile: a negative count, a missing source or an unknown key is refused with its line.
    ///
    /// # Errors
    /// Every mistake, with file and line.
    pub fn read(file: &str, text: &str) -> Result<Self, Problems> {
        let profile: Self = read_toml(file, text)?;
        let named = Path::new(file).file_stem().is_some_and(|stem| stem.to_string_lossy() == profile.name);
        if !named {
            let says = "must be the name of the file, so that nobody takes one state's rules for another's";
            return Err(Problem { field: "name".into(), ..Problem::of_file(file, says) }.into());
        }
        Ok(profile)
    }

    /// The values in use that nobody has confirmed: `doctor` reports them, and no paper prints them as law.
    #[must_use]
    pub fn unconfirmed(&self) -> Vec<Unconfirmed> {
        let value = serde_json::to_value(self).expect("a profile is plain data");
        let rules = value.as_object().into_iter().flatten();
        rules
            .filter(|(_, rule)| rule.get("confirmed") == Some(&Value::Bool(false)))
            .map(|(name, rule)| Unconfirmed {
                rule: name.clone(),
                value: rule["value"].as_str().map_or_else(|| rule["value"].to_string(), ToOwned::to_owned),
                source: rule["source"].as_str().unwrap_or_default().to_owned(),
            })
            .collect()
    }
}
