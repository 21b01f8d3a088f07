//! The child and the people of the family.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ChildId, Date, Endpoint, EndpointId, EventId, HouseholdId, Line, OrganisationId, PersonId, Safe};

/// A person's legal name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Name {
    /// Given name.
    pub first: Line,
    /// Middle name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub middle: Option<Line>,
    /// Family name.
    pub last: Line,
    /// Such as `Jr.`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suffix: Option<Line>,
}

impl Name {
    /// First and last name with the suffix, as on an envelope.
    #[must_use]
    pub fn full(&self) -> String {
        match &self.suffix {
            Some(suffix) => format!("{} {} {suffix}", self.first, self.last),
            None => format!("{} {}", self.first, self.last),
        }
    }
}

/// The child's own facts (34 CFR 303.344; state additions in 12VAC35-225-120).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Child {
    /// Legal name.
    pub legal_name: Name,
    /// What the family calls the child.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preferred_name: Option<Line>,
    /// Birth date; every deadline counts from the chronological date.
    pub birth_date: Date,
    /// Weeks of gestation, 20 to 45, for the adjusted age of a premature child.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 20, max = 45))]
    pub gestational_age_weeks: Option<u8>,
    /// County or city of residence.
    pub residence_county: Line,
    /// The school district of residence, an organisation of the directory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub residence_lea: Option<OrganisationId>,
    /// Language of the home, a BCP 47 tag such as `en` or `es`.
    pub home_language: LanguageTag,
    /// How the family communicates, such as `spoken` or `ASL`.
    pub mode_of_communication: Line,
    /// Whether an interpreter is needed at meetings.
    #[serde(default)]
    pub interpreter_needed: bool,
    /// Other children of this family in the program, for the wrong-child guard; never printed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub siblings_in_program: Vec<ChildId>,
}

impl FamilyMember {
    /// Whether this person keeps the own postal address private.
    #[must_use]
    pub fn keeps_address_private(&self) -> bool {
        self.protected.as_ref().is_some_and(|protected| protected.address)
    }

    /// Whether this person keeps a postal address or a place by name private.
    #[must_use]
    pub fn keeps_places_private(&self) -> bool {
        self.protected.as_ref().is_some_and(|protected| protected.address || !protected.places.is_empty())
    }

    /// A parent or guardian: at home with this child by right, whoever cares for it.
    #[must_use]
    pub fn is_parent_or_guardian(&self) -> bool {
        matches!(self.parent_role, ParentRole::Parent | ParentRole::Guardian)
    }

    /// Whether both are of one household, or one person.
    #[must_use]
    pub fn shares_home_with(&self, other: &Self) -> bool {
        self.person_id == other.person_id || (self.household.is_some() && self.household == other.household)
    }

    /// What is safe at one of this person's endpoints.
    #[must_use]
    pub fn safe_at(&self, endpoint: &EndpointId) -> Safe {
        self.endpoints.iter().find(|e| &e.endpoint_id == endpoint).map_or_else(Safe::default, |e| e.safe)
    }
}

impl Child {
    /// The name used on family pages: the preferred one, or the first name.
    #[must_use]
    pub fn called(&self) -> &str {
        self.preferred_name.as_ref().unwrap_or(&self.legal_name.first).as_str()
    }
}

/// A BCP 47 language tag such as `en`, `es` or `zh-Hans`.
pub type LanguageTag = Line;

/// A person of the family.
#[expect(clippy::struct_excessive_bools, reason = "independent facts and wishes of a person, each a key of the record")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FamilyMember {
    /// Id, unique in the program.
    pub person_id: PersonId,
    /// Name.
    pub name: Name,
    /// In the family's words: `mother`, `grandfather`, `foster mother`.
    pub relationship: Line,
    /// The role under 34 CFR 303.27.
    pub parent_role: ParentRole,
    /// How this person came to stand in a parent's place, where the role is `surrogate`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub surrogate: Option<Surrogacy>,
    /// May sign consents.
    pub may_consent: bool,
    /// May have the child's records (303.405(c): presumed for a parent unless evidence says otherwise).
    pub may_receive_records: bool,
    /// The evidence, where `may_receive_records` is false for a parent: an order, statute or binding paper.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restriction_basis: Option<Line>,
    /// Language that this person reads.
    pub preferred_language: LanguageTag,
    /// Wants each paper in English too, beside the one in the own language.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub both_languages: bool,
    /// How this person reads: ordinary print, large print, or plain text for a screen reader.
    #[serde(default, skip_serializing_if = "Format::is_standard")]
    pub format: Format,
    /// Household, where the child lives in more than one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub household: Option<HouseholdId>,
    /// Ways to reach this person.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub endpoints: Vec<Endpoint>,
    /// The one that this person asked to be used first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preferred_endpoint: Option<EndpointId>,
    /// What this person asked to keep from the other people of the family. No document is needed for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub protected: Option<Protected>,
    /// Telephone, for people to call; nothing is sent to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub telephone: Option<Line>,
    /// What is safe at that number. What is not said is not safe.
    #[serde(default, skip_serializing_if = "Safe::is_unsaid")]
    pub telephone_safe: Safe,
    /// Whether optional mail (monthly reminders) is wanted. Required notices go in any case.
    #[serde(default = "yes")]
    pub wants_reminders: bool,
    /// The coordinator calls instead of sending the reminder; the call stands on the coordinator's week.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub reminders_by_telephone: bool,
    /// Asked for calendar files with messages about meetings and visits. Absent: no such file is ever attached.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub wants_calendar_files: bool,
}

/// A surrogate parent's appointment, and what 34 CFR 303.422(d)(2) asks: no employee of the lead agency, of another public
/// agency or of a provider that serves the child or the family, and no interest against the child's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Surrogacy {
    /// Who appointed: the lead agency, or a judge for a ward of the state.
    pub appointed_by: Line,
    /// The day.
    pub appointed_on: Date,
    /// The office for which this person works. To be paid only for being the surrogate is no such work (303.422(e)).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub employer: Option<OrganisationId>,
    /// A personal or professional interest that conflicts with the child's, where one is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conflicting_interest: Option<Line>,
}

/// That a child has no parent who can act, or is a ward of the state: a surrogate is to be assigned (34 CFR 303.422(a)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SurrogateNeed {
    /// Id of the event, unique in the record.
    pub event_id: EventId,
    /// The day on which the program learned it.
    pub on: Date,
}

/// How a person reads papers (28 CFR 35.160: communication as effective as with others, at no cost).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Ordinary print.
    #[default]
    Standard,
    /// Print of 18 points, laid out anew for it.
    LargePrint,
    /// By e-mail each paper comes as plain text too, in the order in which it is read aloud. On paper: ordinary print.
    PlainText,
}

impl Format {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
    fn is_standard(&self) -> bool {
        *self == Self::Standard
    }
}

/// What a person keeps private: it stands in no paper that another person of the family receives.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Protected {
    /// Every postal address of this person.
    pub address: bool,
    /// The telephone and fax numbers.
    pub telephone: bool,
    /// The e-mail addresses.
    pub email: bool,
    /// Places by name: a shelter, a workplace, a child care.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<Line>,
}

fn yes() -> bool {
    true
}

/// Who is a parent under 34 CFR 303.27.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ParentRole {
    /// Biological or adoptive parent.
    Parent,
    /// Foster parent, unless state law bars it.
    Foster,
    /// Guardian, not the state.
    Guardian,
    /// A person acting as a parent with whom the child lives.
    ActingAsParent,
    /// Surrogate under 303.422.
    Surrogate,
    /// Not a parent: a relative or friend.
    None,
}
