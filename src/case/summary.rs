//! Which parts a contact summary has, by audience: data of the program, within what the rules let out.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Audience;

/// A part of a contact summary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SummaryPart {
    /// The contacts: day, way, topic.
    Contacts,
    /// The notes themselves, and who was there. The family only: free text never goes outside by itself.
    Notes,
    /// Places that the family asked for. The family only.
    Resources,
    /// What was decided.
    Decisions,
    /// What is still to be done.
    FollowUps,
    /// Dates ahead.
    Dates,
    /// Contacts, decisions and follow-ups under the outcome that they are about.
    ByOutcome,
    /// Services with the parent's consent.
    Services,
    /// The child's outcomes, a line each.
    Outcomes,
    /// The basis of eligibility.
    Eligibility,
    /// What the physician is asked to do.
    Requests,
}

/// A part that an office may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OutsidePart {
    /// The contacts: day, way, topic.
    Contacts,
    /// What was decided.
    Decisions,
    /// What is still to be done.
    FollowUps,
    /// Contacts, decisions and follow-ups under the outcome that they are about.
    ByOutcome,
    /// Services with the parent's consent.
    Services,
    /// The child's outcomes, a line each.
    Outcomes,
    /// The basis of eligibility.
    Eligibility,
    /// What the physician is asked to do.
    Requests,
}

impl From<OutsidePart> for SummaryPart {
    fn from(part: OutsidePart) -> Self {
        match part {
            OutsidePart::Contacts => Self::Contacts,
            OutsidePart::Decisions => Self::Decisions,
            OutsidePart::FollowUps => Self::FollowUps,
            OutsidePart::ByOutcome => Self::ByOutcome,
            OutsidePart::Services => Self::Services,
            OutsidePart::Outcomes => Self::Outcomes,
            OutsidePart::Eligibility => Self::Eligibility,
            OutsidePart::Requests => Self::Requests,
        }
    }
}

/// The parts by audience. What is not among them is never in a copy; what is among them still needs the recipient's
/// own ground and the author's word for each note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SummaryParts {
    /// The family's copy.
    pub family: Vec<SummaryPart>,
    /// The team's copy.
    pub team: Vec<OutsidePart>,
    /// The physician's copy: half a page.
    pub physician: Vec<OutsidePart>,
}

impl Default for SummaryParts {
    fn default() -> Self {
        use OutsidePart as Out;
        use SummaryPart::{Contacts, Dates, Decisions, FollowUps, Notes, Resources};
        Self {
            family: vec![FollowUps, Dates, Resources, Decisions, Contacts, Notes],
            team: vec![Out::Services, Out::ByOutcome],
            physician: vec![Out::Requests, Out::Eligibility, Out::Services, Out::Outcomes, Out::FollowUps],
        }
    }
}

impl SummaryParts {
    /// Whether a copy for this audience has a part.
    #[must_use]
    pub fn holds(&self, audience: Audience, part: SummaryPart) -> bool {
        let outside = |parts: &[OutsidePart]| parts.iter().any(|p| SummaryPart::from(*p) == part);
        match audience {
            Audience::Family => self.family.contains(&part),
            Audience::Team => outside(&self.team),
            Audience::Physician => outside(&self.physician),
        }
    }
}
