//! Meetings and visits that lie ahead, and who is invited to them.

use std::{borrow::Cow, fmt, str::FromStr};

use chrono::NaiveTime;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use super::{Date, EventId, Line, Recipient};

/// A meeting or visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Appointment {
    /// The event.
    pub event_id: EventId,
    /// Which sort; meetings about the plan ask for a written notice (34 CFR 303.342(d)).
    #[serde(default)]
    pub kind: AppointmentKind,
    /// The day.
    pub on: Date,
    /// The hour in the program's zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<TimeOfDay>,
    /// How long, in minutes, of one day at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(max = 1440))]
    pub minutes: Option<u16>,
    /// Where: an address, or `by video`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Line>,
    /// What: `six-month review`, `home visit`.
    pub what: Line,
    /// Who is invited, the family left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub invited: Vec<Invitee>,
    /// What the family may bring.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bring: Vec<Line>,
    /// The day on which an interpreter was booked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interpreter_booked_on: Option<Date>,
    /// The day on which the written notice was given by another way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice_given_on: Option<Date>,
    /// The day on which it was called off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancelled_on: Option<Date>,
    /// Whether it took place.
    #[serde(default)]
    pub held: bool,
}

/// A sort of meeting or visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AppointmentKind {
    /// First visit after a referral.
    Intake,
    /// Evaluation or assessment.
    Evaluation,
    /// Initial meeting about the plan (303.342(a)).
    InitialMeeting,
    /// Periodic review (303.342(b)).
    PeriodicReview,
    /// Annual meeting (303.342(c)).
    AnnualMeeting,
    /// Transition conference (303.209(c)).
    TransitionConference,
    /// A visit or anything else; it needs no written notice.
    #[default]
    Visit,
}

impl AppointmentKind {
    /// Whether the family must have a written notice early enough to attend (303.342(d)(2)).
    #[must_use]
    pub fn needs_notice(self) -> bool {
        matches!(self, Self::InitialMeeting | Self::PeriodicReview | Self::AnnualMeeting | Self::TransitionConference)
    }
}

/// Somebody invited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Invitee {
    /// Name as printed.
    pub name: Line,
    /// In what role: `speech-language pathologist`, `school district`.
    pub role: Line,
    /// Where the invitation goes; absent: told by the coordinator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recipient: Option<Recipient>,
}

/// An hour of the day as files write it: `09:30`, 24 hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TimeOfDay(NaiveTime);

/// A text that is no hour of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a time is written HH:MM in 24 hours, such as 09:30 or 14:00")]
pub struct TimeError;

impl TimeOfDay {
    /// The time itself.
    #[must_use]
    pub fn time(self) -> NaiveTime {
        self.0
    }
}

impl FromStr for TimeOfDay {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        if text.len() != 5 {
            return Err(TimeError);
        }
        NaiveTime::parse_from_str(text, "%H:%M").map(Self).map_err(|_| TimeError)
    }
}

impl TryFrom<String> for TimeOfDay {
    type Error = TimeError;

    fn try_from(text: String) -> Result<Self, TimeError> {
        text.parse()
    }
}

impl From<TimeOfDay> for String {
    fn from(time: TimeOfDay) -> Self {
        time.to_string()
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.format("%H:%M"))
    }
}

impl JsonSchema for TimeOfDay {
    fn schema_name() -> Cow<'static, str> {
        "TimeOfDay".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$",
            "description": "An hour of the day written HH:MM in 24 hours."
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hour_is_read_in_one_way_only() {
        assert_eq!("14:05".parse::<TimeOfDay>().unwrap().to_string(), "14:05");
        for wrong in ["9:30", "2 pm", "24:00", "09:60", "09:30:00"] {
            assert_eq!(wrong.parse::<TimeOfDay>(), Err(TimeError), "{wrong}");
        }
    }
}
