//! What a paper that somebody asks for by hand is about.

use chrono::NaiveDate;

use crate::{
    case::CaseRecord,
    due::{DocumentKind, Subject},
};

/// The newest thing in the record that a paper of this kind can be about; `None` where there is none.
#[must_use]
pub fn newest_subject(kind: DocumentKind, record: &CaseRecord, day: NaiveDate) -> Option<Subject> {
    match kind {
        DocumentKind::Ifsp
        | DocumentKind::PhysicianLetter
        | DocumentKind::PhysicianCertification
        | DocumentKind::IfspReviewSummary
        | DocumentKind::ServiceAuthorization => record
            .ifsps
            .iter()
            .filter(|v| v.status.is_final())
            .max_by_key(|v| (v.meeting_on, v.version))
            .map(|v| Subject::Plan { ifsp_id: v.ifsp_id.clone(), version: v.version }),
        DocumentKind::ContactSummary => record
            .contacts
            .iter()
            .filter(|c| c.signed_on.is_some())
            .max_by_key(|c| c.on)
            .map(|c| Subject::Contact { event_id: c.event_id.clone() }),
        DocumentKind::MonthlyReminder => Some(Subject::Month { month: day.format("%Y-%m").to_string() }),
        DocumentKind::MeetingNotice => next_meeting(record, day),
        DocumentKind::PriorWrittenNotice => record
            .proposals
            .iter()
            .filter(|p| p.withdrawn_on.is_none())
            .max_by_key(|p| p.decided_on)
            .map(|p| Subject::Event { event_id: p.event_id.clone() }),
        DocumentKind::EligibleNotice => decided(record, true),
        DocumentKind::NotEligibleNotice => decided(record, false),
        DocumentKind::IntakeLetter
        | DocumentKind::ReferralAcknowledgement
        | DocumentKind::ConfidentialityRights
        | DocumentKind::RightsAndAdvocacy
        | DocumentKind::ProviderChoices
        | DocumentKind::ResourceList
        | DocumentKind::EvaluationConsent
        | DocumentKind::InsuranceConsent
        | DocumentKind::CouldNotReachYou
        | DocumentKind::NewCoordinator
        | DocumentKind::ExitLetter
        | DocumentKind::RecordLocations
        | DocumentKind::ProgressReportReminder
        | DocumentKind::TransitionPacket
        | DocumentKind::FamilyPacket
        | DocumentKind::VisitPacket
        | DocumentKind::DistrictPacket
        | DocumentKind::ConsentToRelease
        | DocumentKind::LeaNotice
        | DocumentKind::SeaNotice
        | DocumentKind::OptOutInformation
        | DocumentKind::ProceduralSafeguards => Some(Subject::Child),
        DocumentKind::StopNotice => None,
    }
}

/// The newest evaluation that decided so.
fn decided(record: &CaseRecord, eligible: bool) -> Option<Subject> {
    let decided = record.evaluations.iter().filter(|e| e.eligible == Some(eligible));
    decided.max_by_key(|e| e.on).map(|e| Subject::Event { event_id: e.event_id.clone() })
}

/// The next meeting that asks for a written notice, or else the next thing in the calendar.
fn next_meeting(record: &CaseRecord, day: NaiveDate) -> Option<Subject> {
    record
        .appointments
        .iter()
        .filter(|a| *a.on >= day && a.cancelled_on.is_none() && !a.held)
        .min_by_key(|a| (!a.kind.needs_notice(), a.on, a.at))
        .map(|a| Subject::Event { event_id: a.event_id.clone() })
}
