//! Service lines of a plan: 34 CFR 303.344(d) and (f), each with its own consent.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Date, EventId, Line, OrganisationId, PersonId, Prose, ServiceLineId};

/// One early-intervention service on a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ServiceLine {
    /// Id, kept from version to version.
    pub service_line_id: ServiceLineId,
    /// Which service of 303.13(b).
    pub service: ServiceType,
    /// The numbers of the outcomes that it serves: at least one.
    pub outcomes: Vec<u8>,
    /// Length: minutes of one session.
    #[schemars(range(min = 5, max = 480))]
    pub session_minutes: u16,
    /// Frequency: how many sessions in each period.
    #[schemars(range(min = 1, max = 31))]
    pub sessions: u16,
    /// The period in which that many sessions are given.
    pub per: Period,
    /// Intensity: one to one, or in a group.
    pub intensity: Intensity,
    /// Method: how the service is provided, such as `coaching the family in daily routines`.
    pub method: Line,
    /// Where.
    pub setting: Setting,
    /// Location: the actual place.
    pub location: Line,
    /// Why not in the natural environment; required where `setting` is `other` (303.344(d)(1)(ii)).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub justification: Option<Prose>,
    /// Projected start, as soon as possible after consent to this service.
    pub projected_start: Date,
    /// Duration: the projected last day.
    pub duration_end: Date,
    /// First session, once it has happened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actual_first_date: Option<Date>,
    /// The agency that delivers it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider_organisation: Option<OrganisationId>,
    /// The person who delivers it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider_person: Option<PersonId>,
    /// Payment arrangements: at least one; `none` says that there is nothing to pay.
    pub payment: Vec<Payer>,
    /// The parent's consent to this line (303.342(e), 303.420(a)(3)).
    pub consent: ServiceConsent,
}

/// Consent to one service line. The parent may decline any service and keep the others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "status", rename_all = "snake_case", deny_unknown_fields)]
pub enum ServiceConsent {
    /// The parent has not yet decided.
    Open,
    /// Given in writing.
    Given {
        /// The day.
        on: Date,
        /// By whom.
        by: PersonId,
    },
    /// Declined.
    Declined {
        /// The day.
        on: Date,
        /// By whom.
        by: PersonId,
    },
    /// Given once and withdrawn later; services stop.
    Withdrawn {
        /// The day on which it had been given.
        given_on: Date,
        /// The day of the withdrawal.
        on: Date,
        /// By whom.
        by: PersonId,
        /// The event of the withdrawal.
        event_id: EventId,
        /// The last day of service; without one, the day of the withdrawal.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        last_day: Option<Date>,
    },
}

impl ServiceConsent {
    /// Whether the parent's consent stands.
    #[must_use]
    pub fn stands(&self) -> bool {
        matches!(self, Self::Given { .. })
    }
}

macro_rules! worded {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident => $words:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$vdoc])* $variant,)* }

        impl $name {
            /// The words printed for it.
            #[must_use]
            pub fn words(self) -> &'static str {
                match self { $(Self::$variant => $words,)* }
            }
        }
    };
}

worded! {
    /// The services of 34 CFR 303.13(b).
    ServiceType {
        /// Assistive technology device or service.
        AssistiveTechnology => "Assistive technology",
        /// Audiology.
        Audiology => "Audiology",
        /// Family training, counseling and home visits.
        FamilyTraining => "Family training, counseling and home visits",
        /// Health services.
        Health => "Health services",
        /// Medical services, for diagnosis or evaluation only.
        Medical => "Medical services (diagnosis or evaluation)",
        /// Nursing.
        Nursing => "Nursing",
        /// Nutrition.
        Nutrition => "Nutrition",
        /// Occupational therapy.
        OccupationalTherapy => "Occupational therapy",
        /// Physical therapy.
        PhysicalTherapy => "Physical therapy",
        /// Psychological services.
        Psychological => "Psychological services",
        /// Service coordination.
        ServiceCoordination => "Service coordination",
        /// Sign language and cued language.
        SignLanguage => "Sign language and cued language",
        /// Social work.
        SocialWork => "Social work",
        /// Special instruction.
        SpecialInstruction => "Special instruction",
        /// Speech-language pathology.
        SpeechLanguage => "Speech-language therapy",
        /// Transportation and related costs.
        Transportation => "Transportation",
        /// Vision services.
        Vision => "Vision services",
    }
}

worded! {
    /// The period of a frequency.
    Period {
        /// A week.
        Week => "week",
        /// A month.
        Month => "month",
        /// A quarter of a year.
        Quarter => "quarter",
        /// Six months.
        HalfYear => "six months",
        /// A year.
        Year => "year",
    }
}

worded! {
    /// Individual or group (303.344(d)(2)).
    Intensity {
        /// One to one.
        Individual => "one to one",
        /// In a group.
        Group => "in a group",
    }
}

worded! {
    /// Where a service is given. `home` and `community` are natural environments (303.26).
    Setting {
        /// The family's home.
        Home => "Home",
        /// A place where children without disabilities take part.
        Community => "Community",
        /// Any other place; needs a justification.
        Other => "Other setting",
    }
}

worded! {
    /// Who pays (303.344(d)(1)(iv)).
    Payer {
        /// Part C funds.
        PartC => "Part C funds",
        /// Medicaid.
        Medicaid => "Medicaid",
        /// Private insurance.
        PrivateInsurance => "private insurance",
        /// A fee of the family.
        FamilyFee => "family fee",
        /// Nothing to pay.
        None => "nothing to pay",
    }
}
