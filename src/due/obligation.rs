//! What is owed: by which rule, from which event, by when, and to whom.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{ObligationKind, Step};
use crate::case::{EventId, IfspId, Recipient, ServiceLineId};

macro_rules! named_enum {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident => $text:literal, $title:literal;)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $text)] $variant,)* }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The name used in keys, on the command line and in files.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            /// The words a person reads.
            #[must_use]
            pub fn title(self) -> &'static str {
                match self { $(Self::$variant => $title,)* }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = String;

            fn from_str(text: &str) -> Result<Self, String> {
                Self::ALL.iter().copied().find(|kind| kind.as_str() == text).ok_or_else(|| {
                    format!("must be one of {}", Self::ALL.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(", "))
                })
            }
        }
    };
}

pub(super) use named_enum;

named_enum! {
    /// A kind of paper.
    DocumentKind {
        /// The plan.
        Ifsp => "ifsp", "Plan (IFSP)";
        /// Half a page for the child's doctor.
        PhysicianLetter => "physician-letter", "Letter to the physician";
        /// One agency's service lines.
        ServiceAuthorization => "service-authorization", "Service authorization";
        /// The end of an authorization.
        StopNotice => "stop-notice", "Stop notice";
        /// Contacts of a period.
        ContactSummary => "contact-summary", "Summary of contacts";
        /// The family's packet for the time after the third birthday.
        TransitionPacket => "transition-packet", "Transition packet";
        /// The family's monthly reminder.
        MonthlyReminder => "monthly-reminder", "Monthly reminder";
        /// Written notice of a meeting, early enough to attend: 34 CFR 303.342(d)(2).
        MeetingNotice => "meeting-notice", "Notice of a meeting";
        /// Notice before a proposal or refusal takes effect, with the safeguards: 34 CFR 303.421.
        PriorWrittenNotice => "prior-written-notice", "Prior written notice";
        /// The form on which a parent names who may have which records: 34 CFR 303.7, 303.414.
        ConsentToRelease => "consent-to-release", "Permission to share records";
        /// The limited notice to the school district: 34 CFR 303.209(b), 303.401(d).
        LeaNotice => "lea-notice", "Notice to the school district";
        /// The limited notice to the state education agency: 34 CFR 303.209(b), 303.401(d).
        SeaNotice => "sea-notice", "Notice to the state education agency";
        /// What the limited notice holds, and the slip to object with: 34 CFR 303.401(e).
        OptOutInformation => "opt-out-information", "About the notice to the school district";
        /// A statement that the physician signs and returns.
        PhysicianCertification => "physician-certification", "Physician certification";
        /// Progress, changes and answers after a review: 34 CFR 303.342(b).
        IfspReviewSummary => "ifsp-review-summary", "Summary of a review";
        /// The parents' rights: 34 CFR 303.404, 303.421.
        ProceduralSafeguards => "procedural-safeguards", "Your rights";
        /// Who we are, and the first visit.
        IntakeLetter => "intake-letter", "Letter before the first visit";
        /// That a referral came, and nothing about what became of it.
        ReferralAcknowledgement => "referral-acknowledgement", "Thank you for a referral";
        /// Notice of confidentiality rights at referral: 34 CFR 303.404.
        ConfidentialityRights => "confidentiality-rights", "Your privacy rights";
        /// Who helps a family, and how to complain.
        RightsAndAdvocacy => "rights-and-advocacy", "Who can help you";
        /// Agencies that a family may choose among.
        ProviderChoices => "provider-choices", "Agencies to choose from";
        /// Places that a family asked for.
        ResourceList => "resource-list", "Places that can help";
        /// Consent to evaluation: 34 CFR 303.420(a)(2).
        EvaluationConsent => "evaluation-consent", "Permission to evaluate";
        /// Consents to use insurance: 34 CFR 303.420(a)(4), 303.520.
        InsuranceConsent => "insurance-consent", "Permission to use insurance";
        /// The child is eligible.
        EligibleNotice => "eligible-notice", "Eligible for early intervention";
        /// The child is not eligible: 34 CFR 303.421.
        NotEligibleNotice => "not-eligible-notice", "Not eligible for early intervention";
        /// Attempts to reach the family did not succeed.
        CouldNotReachYou => "could-not-reach-you", "We could not reach you";
        /// Another service coordinator.
        NewCoordinator => "new-coordinator", "Your new service coordinator";
        /// The end of services.
        ExitLetter => "exit-letter", "Good-bye letter";
        /// Types and locations of records: 34 CFR 303.408.
        RecordLocations => "record-locations", "Our records about your child";
        /// A provider's progress report before a review.
        ProgressReportReminder => "progress-report-reminder", "Reminder of a progress report";
        /// Everything for a family in one file.
        FamilyPacket => "family-packet", "Family packet";
        /// The papers ready before an assessment, with room to write.
        VisitPacket => "visit-packet", "Visit packet";
        /// What a release lets the school district have: 34 CFR 303.344(h)(2)(iii).
        DistrictPacket => "district-packet", "Transition packet for the school district";
    }
}

/// What an obligation is about.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "about", rename_all = "snake_case")]
pub enum Subject {
    /// A version of a plan.
    Plan {
        /// The plan.
        ifsp_id: IfspId,
        /// The version.
        version: u32,
    },
    /// A contact.
    Contact {
        /// Its event.
        event_id: EventId,
    },
    /// Service lines that end.
    Lines {
        /// The plan version that holds them.
        ifsp_id: IfspId,
        /// The version.
        version: u32,
        /// The lines.
        lines: Vec<ServiceLineId>,
    },
    /// A month, as `2026-11`.
    Month {
        /// Year and month.
        month: String,
    },
    /// An event of the record: an appointment, a proposal, an evaluation, a referral.
    Event {
        /// It.
        event_id: EventId,
    },
    /// The child itself: referral, transition.
    Child,
}

/// Papers owed to one recipient: one envelope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owed {
    /// Who.
    pub recipient: Recipient,
    /// Which papers, the covering one first.
    pub papers: Vec<DocumentKind>,
    /// A copy that this recipient already has from elsewhere.
    pub has_it_since: Option<NaiveDate>,
}

/// The fact that met an obligation, for people who ask why it is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MetBy {
    /// What it was, such as `a contact that reached the family`.
    pub what: &'static str,
    /// The event of the record, where it has one.
    pub event: Option<String>,
}

/// One obligation, computed anew at each look.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Obligation {
    /// Kind.
    pub kind: ObligationKind,
    /// The event that it hangs on (and the agency, for a stop notice), or the period; with the kind it is unique for
    /// a child.
    pub anchor: String,
    /// Raised by a new version only.
    pub revision: u32,
    /// What it is about.
    pub subject: Subject,
    /// The first day on which it may be done.
    pub opens_on: NaiveDate,
    /// The last day on which it is done in time.
    pub due_on: NaiveDate,
    /// The last business day on or before `due_on`.
    pub work_on: NaiveDate,
    /// The rule, as a person would look it up.
    pub citation: String,
    /// The day on which the record shows that it was done; only an act meets a duty to act.
    pub met_on: Option<NaiveDate>,
    /// The fact that met it, where the record shows it as done.
    #[serde(skip)]
    pub met_by: Option<MetBy>,
    /// Since when its clock stands still (34 CFR 303.310(b)): it cannot become late while the reason lasts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stands_still_since: Option<NaiveDate>,
    /// The last day on which its papers are still of use; after it nothing goes out by itself, and the duty stays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closes_on: Option<NaiveDate>,
    /// Papers owed; empty for a duty that a person does.
    pub owed: Vec<Owed>,
    /// How the due date came about; only worked out for a person who asks ([`super::explain`]).
    #[serde(skip)]
    pub steps: Vec<Step>,
}

impl Obligation {
    /// Which duty it is: kind, anchor and revision.
    #[must_use]
    pub fn duty(&self) -> (ObligationKind, &str, u32) {
        (self.kind, &self.anchor, self.revision)
    }

    /// A duty of the child itself that nothing has met yet.
    pub(super) fn new(
        kind: ObligationKind,
        anchor: impl Into<String>,
        opens_on: NaiveDate,
        due_on: NaiveDate,
        citation: impl Into<String>,
    ) -> Self {
        Self {
            kind,
            anchor: anchor.into(),
            revision: 1,
            subject: Subject::Child,
            // No duty opens after it was due: a plan or a file that came late moves no deadline.
            opens_on: opens_on.min(due_on),
            due_on,
            work_on: due_on,
            citation: citation.into(),
            met_on: None,
            met_by: None,
            stands_still_since: None,
            closes_on: None,
            owed: Vec::new(),
            steps: Vec::new(),
        }
    }

    pub(super) fn about(self, subject: Subject) -> Self {
        Self { subject, ..self }
    }

    pub(super) fn owes(self, owed: Vec<Owed>) -> Self {
        Self { owed, ..self }
    }

    pub(super) fn met(mut self, on: Option<NaiveDate>, what: &'static str, event: Option<&str>) -> Self {
        self.met_on = on;
        self.met_by = on.map(|_| MetBy { what, event: event.map(ToOwned::to_owned) });
        self
    }

    /// Whether its papers are to be sent on this day.
    #[must_use]
    pub fn is_open_on(&self, day: NaiveDate) -> bool {
        self.opens_on <= day && self.met_on.is_none() && self.closes_on.is_none_or(|last| day <= last)
    }
}
