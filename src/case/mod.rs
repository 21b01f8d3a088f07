//! Facts as received. This module decides nothing: it knows what a case record is and refuses what is none.
//!
//! [`import`] is the only door: every record, directory and program file comes in through it.

mod date;
mod id;
mod recipient;
mod text;
mod appointment;
mod consent;
mod contact;
mod email_address;
mod endpoint;
mod evaluation;
mod exception;
mod person;
mod placement;
pub mod folding;
pub mod postal;
mod proposal;
mod referral;
mod request;
mod service;
mod ifsp;
mod statement;
mod summary;
mod transition;
mod incomplete_plan;
mod directory;
mod program;
mod translation;
mod recorded_here;
mod record;
pub mod import;
mod recorded;

pub use appointment::{Appointment, AppointmentKind, Invitee, TimeOfDay};
pub use consent::{
    Assignment, AssignmentRole, CourtOrder, HipaaElements, OrderEffect, Physician, PhysicianRequest, PlanSection,
    RecordClass, Release, ReleaseRecipient,
};
pub use contact::{Audience, Contact, ContactMethod, ContactOutcome, FollowUp, Resource};
pub use date::{Date, DateError};
pub use directory::{Directory, Offers, Organisation, OrganisationKind, Professional, SupervisorTerm};
pub use email_address::{EmailAddressError, addressed, mail_address};
pub use endpoint::{Address, Endpoint, EndpointKind, MailProtection, Safe};
pub use evaluation::{ActAnswer, ActConsent, ConsentAct, Evaluation, EvaluationKind};
pub use exception::{EmergencyAnswer, EmergencyTelling, Exception, ExceptionGround};
pub use id::{
    ChildId, EndpointId, EventId, FiledId, HouseholdId, IdError, IfspId, OrderId, OrganisationId, PersonId, ReleaseId,
    ServiceLineId,
};
pub use ifsp::{
    Attendance, CopyGiven, FamilyInformation, IfspKind, IfspStatus, IfspVersion, Level, OtherService,
    OtherServiceStatus, Outcome, OutcomeFor, OutcomeReview, Participant, PresentLevels, Progress, Signature,
    SignatureMethod, TransitionStep,
};
pub use incomplete_plan::{Lacking, UnfinishedPlan};
pub use person::{Child, FamilyMember, Format, LanguageTag, Name, ParentRole, Protected, Surrogacy, SurrogateNeed};
pub use placement::{AgencyWord, Caseworker, Placement};
pub use program::{
    Closure, Closures, Help, LateObjection, Policy, Program, RecordKept, StaffViews, Translation, chrono_tz_name::Zone,
};
pub use proposal::{Proposal, ProposedAction, ProposedMatter};
pub use recipient::{Recipient, RecipientError};
pub use record::{CaseRecord, ClosedBecause, ClosedTo, CoordinatorTerm, Exit, ExitReason, SchemaOne};
pub use recorded::duty_decision::{LateBecause, Lateness};
pub use recorded::external_document::{FiledBytes, FiledKind, FiledPaper, Settles};
pub use recorded::language_accommodation::{Telling, TellingWay};
pub use recorded::{Fact, Hold, Move, NameAnswer, Recorded, RecordedFact, Verification, disagreements};
pub use recorded_here::RecordedHere;
pub use referral::{ExcuseReason, ExcusedSpan, Referral, overlapping};
pub use request::{Request, RequestKind};
pub use service::{Intensity, Payer, Period, ServiceConsent, ServiceLine, ServiceType, Setting};
pub use statement::Statement;
pub use summary::{OutsidePart, SummaryPart, SummaryParts};
pub use text::{Line, Prose, TextError};
pub use transition::{Conference, Objection, ObjectionTo, Transition, TransitionOption};
pub use translation::{Passage, Translated};
