//! Facts as received. This module decides nothing: it knows what a case record is and refuses what is none.
//!
//! [`import`] is the only door: every record, directory and program file comes in through it.

mod consent;
mod contact;
mod date;
mod directory;
mod endpoint;
mod id;
mod ifsp;
pub mod import;
mod person;
mod program;
mod recipient;
mod record;
mod recorded;
mod service;
mod text;

pub use consent::{
    Assignment, AssignmentRole, CourtOrder, OrderEffect, Physician, PhysicianRequest, RecordClass, Release,
    ReleaseRecipient,
};
pub use contact::{Audience, Contact, ContactMethod, ContactOutcome, FollowUp, Resource};
pub use date::{Date, DateError};
pub use directory::{Directory, Organisation, OrganisationKind, Professional};
pub use endpoint::{Address, Endpoint, EndpointKind, MailProtection};
pub use id::{
    ChildId, EndpointId, EventId, HouseholdId, IdError, IfspId, OrderId, OrganisationId, PersonId, ReleaseId,
    ServiceLineId,
};
pub use ifsp::{
    Attendance, CopyGiven, FamilyInformation, IfspKind, IfspStatus, IfspVersion, Level, OtherService,
    OtherServiceStatus, Outcome, OutcomeFor, OutcomeReview, Participant, PresentLevels, Progress, Signature,
    SignatureMethod, TransitionStep,
};
pub use person::{Child, FamilyMember, LanguageTag, Name, ParentRole};
pub use program::{Help, Policy, Program, chrono_tz_name::Zone};
pub use recipient::{Recipient, RecipientError};
pub use record::{
    Appointment, CaseRecord, Conference, CoordinatorTerm, Evaluation, EvaluationKind, Exit, ExitReason, Referral,
    SchemaOne, Transition, TransitionOption,
};
pub use recorded::{Fact, Recorded, RecordedFact, disagreements};
pub use service::{Intensity, Payer, Period, ServiceConsent, ServiceLine, ServiceType, Setting};
pub use text::{Line, Prose, TextError};
