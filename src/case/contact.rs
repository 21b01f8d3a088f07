//! Contacts with the family, as the coordinator writes them down.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Date, EventId, Line, PersonId, Prose};

/// A note of one contact or attempt (fields after 12VAC35-225-180).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// The event.
    pub event_id: EventId,
    /// Who wrote the note, a professional of the directory.
    pub author: PersonId,
    /// The day of the contact.
    pub on: Date,
    /// How.
    pub method: ContactMethod,
    /// What came of it; attempts count as documentation, not as contact.
    pub outcome: ContactOutcome,
    /// With whom.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub present: Vec<Line>,
    /// Minutes, of one day at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(max = 1440))]
    pub minutes: Option<u16>,
    /// What it was about, in one plain line.
    pub topic: Line,
    /// The note itself. It never goes outside by itself.
    pub narrative: Prose,
    /// What was decided, for the summary.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub decisions: Vec<Line>,
    /// What is to be done, by whom and when.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub follow_ups: Vec<FollowUp>,
    /// Resources that the family asked for, such as food pantries. They go to the parent only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resources: Vec<Resource>,
    /// The day on which the note was signed; unsigned notes stay inside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed_on: Option<Date>,
    /// Numbers of the outcomes of the plan that it was about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(inner(range(min = 1, max = 99)))]
    pub outcomes: Vec<u8>,
    /// Who may see it in a summary, as its author chose; empty is internal.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub share_with: Vec<Audience>,
    /// To whom a summary goes because of this contact, as promised in it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub send_summary_to: Vec<Audience>,
}

/// How a contact was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ContactMethod {
    /// Face to face.
    InPerson,
    /// Telephone.
    Phone,
    /// Video.
    Video,
    /// Text message.
    Text,
    /// E-mail.
    Email,
    /// Letter.
    Letter,
}

impl ContactMethod {
    /// The words printed for it.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::InPerson => "Visit",
            Self::Phone => "Telephone",
            Self::Video => "Video",
            Self::Text => "Text message",
            Self::Email => "E-mail",
            Self::Letter => "Letter",
        }
    }
}

/// What came of a contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ContactOutcome {
    /// The family was reached.
    Reached,
    /// A message was left.
    LeftMessage,
    /// Nobody answered.
    NoAnswer,
    /// Mail came back.
    Returned,
    /// A wrong number.
    WrongNumber,
    /// The family did not want to speak.
    Declined,
}

/// Who may see a note in a summary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// The parents.
    Family,
    /// The agencies that deliver services.
    Team,
    /// The physician.
    Physician,
}

/// Something promised in a contact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FollowUp {
    /// What.
    pub text: Line,
    /// By whom.
    pub owner: Line,
    /// By when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<Date>,
    /// When it was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done_on: Option<Date>,
}

/// A local resource that a family asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Resource {
    /// Name.
    pub name: Line,
    /// What it offers.
    pub offers: Line,
    /// Address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<Line>,
    /// Telephone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub telephone: Option<Line>,
    /// Hours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<Line>,
    /// What to bring or know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Line>,
}
