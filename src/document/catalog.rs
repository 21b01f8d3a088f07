//! For whom each kind of paper is written, and which classes of the record it is made of.

use crate::{
    case::RecordClass::{self, ContactNotes, EvaluationAndEligibility, FamilyInformation, Health, Plan, Transition},
    due::DocumentKind,
};

/// The record classes that a kind of paper draws on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Classes {
    /// Without these the paper makes no sense and is withheld.
    pub needs: &'static [RecordClass],
    /// Without these it goes with the part left out.
    pub may_show: &'static [RecordClass],
}

/// For whom a kind of paper is written. A paper for parents draws on everything and is refused to anybody else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WrittenFor {
    Parents,
    Offices,
    /// Both, each in their own words and under their own mask.
    Both,
}

/// For whom each paper is written.
#[must_use]
pub fn written_for(kind: DocumentKind) -> WrittenFor {
    made_of(kind).0
}

/// What each paper is made of.
#[must_use]
pub fn classes_of(kind: DocumentKind) -> Classes {
    let (_, needs, may_show) = made_of(kind);
    Classes { needs, may_show }
}

/// For whom, what it needs, what it may show besides.
fn made_of(kind: DocumentKind) -> (WrittenFor, &'static [RecordClass], &'static [RecordClass]) {
    use WrittenFor::{Both, Offices, Parents};
    match kind {
        DocumentKind::Ifsp => (Both, &[Plan], &[EvaluationAndEligibility, Health, FamilyInformation, Transition]),
        DocumentKind::IfspReviewSummary => (Both, &[Plan], &[FamilyInformation]),
        DocumentKind::ContactSummary => (Both, &[ContactNotes], &[Plan, FamilyInformation]),
        // The invitation says who meets, when and where.
        DocumentKind::MeetingNotice => (Both, &[], &[]),
        DocumentKind::PhysicianLetter | DocumentKind::PhysicianCertification => {
            (Offices, &[Plan], &[EvaluationAndEligibility])
        }
        DocumentKind::ServiceAuthorization | DocumentKind::ProgressReportReminder => (Offices, &[Plan], &[]),
        DocumentKind::DistrictPacket => {
            (Offices, &[Transition], &[Plan, EvaluationAndEligibility, Health, FamilyInformation])
        }
        // The limited notices draw on no record class.
        DocumentKind::StopNotice
        | DocumentKind::LeaNotice
        | DocumentKind::SeaNotice
        | DocumentKind::ReferralAcknowledgement => (Offices, &[], &[]),
        DocumentKind::TransitionPacket => (Parents, &[Transition], &[Plan]),
        // Papers for parents draw on what the parents' own copy holds.
        DocumentKind::MonthlyReminder
        | DocumentKind::PriorWrittenNotice
        | DocumentKind::ConsentToRelease
        | DocumentKind::OptOutInformation
        | DocumentKind::ProceduralSafeguards
        | DocumentKind::IntakeLetter
        | DocumentKind::ConfidentialityRights
        | DocumentKind::RightsAndAdvocacy
        | DocumentKind::ProviderChoices
        | DocumentKind::ResourceList
        | DocumentKind::EvaluationConsent
        | DocumentKind::InsuranceConsent
        | DocumentKind::EligibleNotice
        | DocumentKind::NotEligibleNotice
        | DocumentKind::CouldNotReachYou
        | DocumentKind::NewCoordinator
        | DocumentKind::ExitLetter
        | DocumentKind::RecordLocations
        | DocumentKind::FamilyPacket
        | DocumentKind::VisitPacket => (Parents, &[], &[]),
    }
}
