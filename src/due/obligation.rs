//! What is owed: by which rule, from which event, by when, and to whom.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

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
    }
}

named_enum! {
    /// A kind of duty.
    ObligationKind {
        /// Parents get each plan, free, as soon as possible after the meeting: 34 CFR 303.409(c).
        PlanToParent => "plan-to-parent", "Copy of the plan to the parents";
        /// The physician gets the plan, as far as a release covers it: 34 CFR 303.7, 303.414.
        PlanToPhysician => "plan-to-physician", "Plan to the physician";
        /// Each agency gets the lines that it delivers: 34 CFR 303.344(d), (f), 303.414(b).
        PlanToAgency => "plan-to-agency", "Authorization to the agency";
        /// A withdrawn consent ends an authorization the same day: 34 CFR 303.420, 303.7(c).
        StopService => "stop-service", "Stop notice to the agency";
        /// A summary that was promised in a contact note.
        SummaryOfContact => "summary-of-contact", "Summary of a contact";
        /// The family's transition packet within the window: 34 CFR 303.209, 303.344(h).
        TransitionPacketToFamily => "transition-packet-to-family", "Transition packet to the family";
        /// The monthly reminder, by the program's own cadence.
        MonthlyReminder => "monthly-reminder", "Monthly reminder";
        /// Evaluation, assessment and initial meeting within 45 days of referral: 34 CFR 303.310(a).
        InitialMeeting => "initial-meeting", "Initial IFSP meeting (45 days)";
        /// Evaluation after an interim plan, still within the 45 days: 34 CFR 303.345(c).
        InterimEvaluation => "interim-evaluation", "Evaluation after the interim plan";
        /// Review every six months: 34 CFR 303.342(b).
        SixMonthReview => "six-month-review", "Six-month review";
        /// Annual meeting: 34 CFR 303.342(c).
        AnnualMeeting => "annual-meeting", "Annual meeting";
        /// Transition conference within the window: 34 CFR 303.209(c).
        TransitionConference => "transition-conference", "Transition conference";
        /// Notice to the school district not fewer than 90 days before the third birthday: 34 CFR 303.209(b).
        LeaNotice => "lea-notice", "Notice to the school district";
        /// A paper that a person asked for by hand.
        OnRequest => "on-request", "Asked for by hand";
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
    /// Papers owed; empty for a duty that a person does.
    pub owed: Vec<Owed>,
}

impl Obligation {
    /// Whether its papers are to be sent on this day.
    #[must_use]
    pub fn is_open_on(&self, day: NaiveDate) -> bool {
        self.opens_on <= day && self.met_on.is_none()
    }
}
