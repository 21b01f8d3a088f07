//! Builds the view of a paper from the facts, under the recipient's mask.

mod passages;
mod words;
mod page;
mod access;
mod meeting;
mod ifsp;
mod rights;
mod family;
mod family_letters;
mod letters;
mod forms;
mod notices;
mod packets;
mod review;
mod summary;

use chrono::NaiveDate;
use serde::Serialize;
use serde_json::Value;

use super::{
    disagreement::statements_on,
    language::{Language, Languages, Status},
    mask::Mask,
    typst::line_breaking::finished,
    view::{Enclosure, StatementLine},
};
use crate::{
    case::{CaseRecord, ChildId, Directory, IfspVersion, Line, Program, Recipient, Release},
    due::{DocumentKind, Rulebook, Subject},
};

pub use access::report_page;
pub use packets::state_forms_of;
pub use page::{REDISCLOSURE_VERSION, discreet_at, name_on_envelope, postal_of};

/// The facts from which one paper for one recipient is made.
#[derive(Debug, Clone, Copy)]
pub struct Sheet<'a> {
    /// The child's record.
    pub record: &'a CaseRecord,
    /// Offices and professionals.
    pub directory: &'a Directory,
    /// Program and state.
    pub rules: Rulebook<'a>,
    /// The day printed on the paper, in the program's zone.
    pub day: NaiveDate,
    /// The languages that there are.
    pub languages: &'a Languages,
    /// The language of the copy.
    pub said: &'a Language,
    /// What the copy may hold.
    pub mask: &'a Mask,
    /// Whose copy it is.
    pub recipient: &'a Recipient,
    /// The address in the envelope's window; `None` where it is not mailed on paper.
    pub postal: Option<&'a [Line]>,
    /// The release that it rests on, where it rests on one.
    pub release: Option<&'a Release>,
    /// What goes with a covering letter.
    pub enclosures: &'a [Enclosure],
    /// Papers made elsewhere that come along, for a paper that has no list of its own.
    pub filed: &'a [Enclosure],
}

/// The language that a recipient reads: a parent's own, as far as there is a file for it; offices read English.
#[must_use]
pub fn language_of<'a>(languages: &'a Languages, record: &CaseRecord, recipient: &Recipient) -> &'a Language {
    let Recipient::FamilyMember { person_id } = recipient else { return languages.english() };
    let own = record.member(person_id).and_then(|member| languages.of(&member.preferred_language));
    own.unwrap_or_else(|| languages.english())
}

/// The language of a paper for a recipient: the one that they read, where there is the paper in it and its translation is
/// as good as the program asks. Else the English copy goes, with a cover in their language: a parent is never served last.
///
/// A text that only a machine has translated is never used for a consent or a prior written notice: these go in English
/// until a person has read the translation (34 CFR 303.7, 303.421(c)).
#[must_use]
pub fn language_for<'a>(
    languages: &'a Languages,
    kind: DocumentKind,
    record: &CaseRecord,
    recipient: &Recipient,
    program: &Program,
) -> &'a Language {
    let own = language_of(languages, record, recipient);
    let good = own.is_at_least(program.policy.translation_at_least);
    let fits = own.has(kind) && good && !(own.status() == Status::Machine && binds(kind));
    if fits { own } else { languages.english() }
}

/// The language that a consent or a prior written notice lacks for this reader: the reader's tag, where the text that they
/// would get is another one. Such a paper waits until somebody says how it reaches the parent; every other paper goes at
/// once in English with a cover (34 CFR 303.7(a), 303.421(c)).
#[must_use]
pub fn lacks_own_text<'a>(
    languages: &Languages,
    kind: DocumentKind,
    record: &'a CaseRecord,
    recipient: &Recipient,
    program: &Program,
) -> Option<&'a str> {
    let Recipient::FamilyMember { person_id } = recipient else { return None };
    let wanted = record.member(person_id)?.preferred_language.as_str();
    let served = language_for(languages, kind, record, recipient, program);
    let same = languages.of(wanted).is_some_and(|own| own.tag() == served.tag());
    // What the state publishes in English only stands in the place of ours, and is English.
    let state_speaks = state_forms_of(kind, record)
        .into_iter()
        .all(|form| languages.of_the_states(form, served).is_none_or(|tag| tag == served.tag()));
    (waits_for_language(kind) && !(same && state_speaks)).then_some(wanted)
}

/// Consents and prior written notices: nothing else is withheld for its language. That a child is not eligible is a refusal
/// to begin (34 CFR 303.421(a)).
fn waits_for_language(kind: DocumentKind) -> bool {
    matches!(
        kind,
        DocumentKind::ConsentToRelease
            | DocumentKind::PriorWrittenNotice
            | DocumentKind::EvaluationConsent
            | DocumentKind::InsuranceConsent
            | DocumentKind::NotEligibleNotice
    )
}

/// Papers whose words bind: what a parent signs, and the notice before a change.
fn binds(kind: DocumentKind) -> bool {
    waits_for_language(kind)
        || matches!(kind, DocumentKind::OptOutInformation | DocumentKind::FamilyPacket | DocumentKind::VisitPacket)
}

/// A view, ready for its template. It belongs to exactly one child.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assembled {
    /// The child whose record it was made from.
    pub child_id: ChildId,
    pub kind: DocumentKind,
    /// The view as JSON.
    pub view: Vec<u8>,
    /// The language of the reader, where the reader has not got the whole paper in it.
    pub waits_for: Option<String>,
}

impl Assembled {
    /// The same view without the cover in the reader's language: for the copy that lies behind one in it.
    #[must_use]
    pub fn without_cover(self) -> Self {
        let Ok(mut view) = serde_json::from_slice::<Value>(&self.view) else { return self };
        if let Some(page) = view.get_mut("page").and_then(Value::as_object_mut) {
            page.insert("cover_language".to_owned(), Value::Null);
        }
        Self { view: finished(&view), ..self }
    }
}

/// Why a paper cannot be made from these facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AssembleError {
    /// The subject is not in the record any more.
    #[error("what the paper is about is not in the record")]
    NoSubject,
    /// The recipient is neither in the family nor in the directory.
    #[error("the recipient is neither in the family nor in the directory")]
    NoRecipient,
    /// The coordinator is not in the directory.
    #[error("the child's service coordinator is not in the directory")]
    NoCoordinator,
    /// Nothing is left that this recipient may have.
    #[error("nothing in the record is for this recipient")]
    NothingToShow,
}

/// The words of a monthly reminder, for somebody who reads them out on the telephone: the same as on the paper.
///
/// # Errors
/// When the subject is no month, or the paper itself could not be made.
pub fn reminder_lines(sheet: &Sheet<'_>, subject: &Subject) -> Result<Vec<String>, AssembleError> {
    match subject {
        Subject::Month { month } => family::reminder_lines(sheet, month),
        _ => Err(AssembleError::NoSubject),
    }
}

fn version<'a>(record: &'a CaseRecord, subject: &Subject) -> Result<&'a IfspVersion, AssembleError> {
    match subject {
        Subject::Plan { ifsp_id, version } | Subject::Lines { ifsp_id, version, .. } => {
            record.version(ifsp_id, *version).ok_or(AssembleError::NoSubject)
        }
        _ => record.in_effect().ok_or(AssembleError::NoSubject),
    }
}

/// Builds the view of one paper.
///
/// # Errors
/// When the record no longer holds what the paper is about, or nothing of it is for this recipient.
pub fn assemble(kind: DocumentKind, subject: &Subject, sheet: &Sheet<'_>) -> Result<Assembled, AssembleError> {
    let mut view = match kind {
        DocumentKind::Ifsp => json(&ifsp::view(sheet, version(sheet.record, subject)?)?),
        DocumentKind::PhysicianLetter => json(&letters::physician(sheet, version(sheet.record, subject)?)?),
        DocumentKind::ServiceAuthorization => json(&letters::authorization(sheet, version(sheet.record, subject)?)?),
        DocumentKind::StopNotice => match subject {
            Subject::Lines { lines, .. } => json(&letters::stop_notice(sheet, version(sheet.record, subject)?, lines)?),
            _ => return Err(AssembleError::NoSubject),
        },
        DocumentKind::ContactSummary => match subject {
            Subject::Contact { event_id } => json(&summary::contact_summary(sheet, event_id)?),
            _ => return Err(AssembleError::NoSubject),
        },
        DocumentKind::TransitionPacket => json(&family::transition(sheet)?),
        DocumentKind::MonthlyReminder => match subject {
            Subject::Month { month } => json(&family::reminder(sheet, month)?),
            _ => return Err(AssembleError::NoSubject),
        },
        DocumentKind::MeetingNotice => json(&meeting::notice(sheet, subject)?),
        DocumentKind::PriorWrittenNotice => json(&notices::prior_written(sheet, subject)?),
        DocumentKind::ConsentToRelease => json(&forms::consent_to_release(sheet)?),
        DocumentKind::LeaNotice | DocumentKind::SeaNotice => json(&notices::limited_notice(sheet, kind)?),
        DocumentKind::OptOutInformation => json(&notices::opt_out(sheet)?),
        DocumentKind::PhysicianCertification => json(&forms::certification(sheet, version(sheet.record, subject)?)?),
        DocumentKind::IfspReviewSummary => json(&review::view(sheet, version(sheet.record, subject)?)?),
        DocumentKind::ProceduralSafeguards => json(&rights::safeguards(sheet)?),
        DocumentKind::ConfidentialityRights => json(&rights::confidentiality(sheet)?),
        DocumentKind::RecordLocations => json(&rights::locations(sheet)?),
        DocumentKind::RightsAndAdvocacy => json(&rights::advocacy(sheet)?),
        DocumentKind::IntakeLetter => json(&family_letters::intake(sheet, subject)?),
        DocumentKind::EligibleNotice => json(&family_letters::eligibility(sheet, subject, true)?),
        DocumentKind::NotEligibleNotice => json(&family_letters::eligibility(sheet, subject, false)?),
        DocumentKind::CouldNotReachYou => json(&family_letters::could_not_reach(sheet)?),
        DocumentKind::NewCoordinator => json(&family_letters::new_coordinator(sheet)?),
        DocumentKind::ExitLetter => json(&family_letters::exit(sheet)?),
        DocumentKind::ResourceList => json(&family_letters::resources(sheet)?),
        DocumentKind::ProviderChoices => json(&family_letters::choices(sheet)?),
        DocumentKind::EvaluationConsent => json(&forms::evaluation_consent(sheet)?),
        DocumentKind::InsuranceConsent => json(&forms::insurance_consent(sheet)?),
        DocumentKind::ReferralAcknowledgement => json(&letters::acknowledgement(sheet)?),
        DocumentKind::FamilyPacket => json(&packets::family(sheet)?),
        DocumentKind::VisitPacket => json(&packets::visit(sheet)?),
        DocumentKind::DistrictPacket => json(&packets::district(sheet)?),
        DocumentKind::ProgressReportReminder => json(&letters::progress_report(sheet)?),
    };
    let waits_for = passages::in_their_language(kind, sheet, &mut view);
    add_statements(kind, sheet, &mut view);
    // What other people of the family keep from this recipient never reaches a template, whatever the field.
    let private = sheet.mask.private(sheet.record, sheet.rules.program, sheet.directory, sheet.recipient);
    if !private.is_empty() {
        private.take_out(&mut view);
    }
    Ok(Assembled { child_id: sheet.record.child_id.clone(), kind, view: finished(&view), waits_for })
}

fn json(view: &impl Serialize) -> Value {
    serde_json::to_value(view).expect("views are plain data")
}

/// Puts the statements of disagreement on the page of a copy that shows what they contest.
fn add_statements(kind: DocumentKind, sheet: &Sheet<'_>, view: &mut Value) {
    let lines: Vec<StatementLine> = statements_on(sheet.record, kind, sheet.mask)
        .map(|statement| StatementLine {
            about: statement.about.to_string(),
            by: sheet.record.member(&statement.by).map(|member| member.name.full()).unwrap_or_default(),
            on: sheet.said.long(*statement.on),
            text: statement.text.to_string(),
        })
        .collect();
    if !lines.is_empty() {
        view["page"]["statements"] = json(&lines);
    }
}
