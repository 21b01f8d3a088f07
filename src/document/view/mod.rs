//! What each template is given: plain values, already in the words and order of the page.
//!
//! A view is the only thing a template sees. It is written as JSON into the template's virtual world,
//! never as source, so nothing in a case record can act as markup. A part that the recipient may not have
//! is absent from the view, not hidden by the template.

mod letters;
mod meeting;
mod forms;
mod record_of_access;
mod contact_summary;
mod reminder;
mod transition;
mod ifsp;
mod review;
mod rights;
mod family_letters;
mod notices;
mod packets;

use schemars::JsonSchema;
use serde::Serialize;

use crate::case::Format;

pub use contact_summary::{ContactLine, ContactSummaryView, FollowUpLine, OutcomeContacts, ResourceLine};
pub use family_letters::{
    AttemptLine, CouldNotReachYouView, EligibilityNoticeView, ExitLetterView, IntakeLetterView, NewCoordinatorView,
    ProviderChoicesView, ProviderLine, ResourceListView, ServiceChoices,
};
pub use forms::{
    ClassLine, ConsentToReleaseView, EvaluationConsentView, InsuranceConsentView, PhysicianCertificationView,
    ReleaseLine,
};
pub use ifsp::{
    Area, Consent, Family, IfspView, LineOfService, OtherServiceLine, OutcomeBlock, ParticipantLine, ReviewLine,
    SignatureLine, Tile,
};
pub use letters::{
    AskLine, AuthorizationView, Enclosure, OutcomeLine, ParentLine, PhysicianLetterView, ProgressReportReminderView,
    ReferralAcknowledgementView, ServiceShort, StopNoticeView, StoppedService,
};
pub use meeting::{Interpreter, InvitedLine, MeetingLine, MeetingNoticeView};
pub use notices::{LimitedNoticeView, LimitedParent, OptOutView, PriorWrittenNoticeView};
pub use packets::{
    DistrictPacketView, DistrictParts, FamilyPacketView, FamilyParts, ReceiverLine, TeamLine, TermLine,
    VisitPacketView, VisitParts,
};
pub use record_of_access::{
    AccessLine, DestructionNoticeView, EvidenceAttempt, EvidenceEntry, EvidencePaper, EvidenceStep, EvidenceView,
    IncidentLetterView, LookLine, RecordOfAccessView,
};
pub use reminder::{DateLine, MonthlyReminderView};
pub use review::{ChangeLine, IfspReviewSummaryView, ReviewedOutcome};
pub use rights::{ProceduralSafeguardsView, RecordPlace, RecordsView, Rights, RightsAndAdvocacyView};
pub use transition::{HelpLine, NoticeInfo, OptionLine, StepLine, TransitionPacketView};

/// What every page shows around its content.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Page {
    /// Language of labels and boilerplate: a file of `templates/documents/lang/`.
    pub language: String,
    /// The language of the cover before a copy that is not in its reader's language; absent where it is.
    pub cover_language: Option<String>,
    /// `standard`, `large_print` or `plain_text`: the layout of the copy.
    pub format: Format,
    /// Who sends.
    pub letterhead: Letterhead,
    /// Whose paper it is; absent on papers that must not name the child.
    pub stamp: Option<Stamp>,
    /// Whom to call.
    pub caller: Caller,
    /// Whose copy it is and what it leaves out.
    pub copy: Copy,
    /// The address block for a window envelope; absent where nothing is mailed on paper.
    pub postal: Option<Postal>,
    /// Parents' statements of disagreement with what this copy shows (34 CFR 303.412(c)).
    pub statements: Vec<StatementLine>,
    /// Papers made elsewhere that come along as files of their own, named on this one.
    pub enclosed: Vec<Enclosure>,
    /// Lines of this copy that are in English, in a copy in another language: each is tagged with it.
    pub in_english: Vec<String>,
    /// That an interpreter reads what is still in English, where something is: on every page.
    pub english_note: Option<String>,
    /// Who translated the rest, one sentence each.
    pub translated: Vec<String>,
    /// The day printed on the paper.
    pub printed_on: String,
    /// The same day as `YYYY-MM-DD`, for the file's own date.
    pub printed_on_iso: String,
    /// A word of more than 40 letters stands somewhere: lines must be able to break inside it.
    pub long_words: bool,
    /// More than 19 letters stand somewhere without a place to break, too wide for a narrow column.
    pub wide_words: bool,
}

/// A parent's statement of disagreement.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct StatementLine {
    /// What it contests.
    pub about: String,
    /// Who wrote it.
    pub by: String,
    /// The day.
    pub on: String,
    /// The statement, word for word.
    pub text: String,
}

impl Page {
    /// For an address where nobody knows who lives now: nothing on the letter says what the program is for. It comes from
    /// the coordinator, or from `sender`, the first line of the return address; then `our_office` answers.
    pub fn name_no_service(&mut self, sender: &str, our_office: &str) {
        if self.caller.name == self.letterhead.name {
            our_office.clone_into(&mut self.caller.name);
            our_office.clone_into(&mut self.caller.first_name);
            sender.clone_into(&mut self.letterhead.name);
        } else {
            self.letterhead.name.clone_from(&self.caller.name);
        }
        self.letterhead.address.retain(|line| *line != self.letterhead.name);
        self.letterhead.tagline = None;
        self.letterhead.logo = None;
        self.letterhead.website = None;
        self.caller.profession.clear();
        self.caller.email = None;
        self.caller.also_gives = None;
    }
}

/// The program's letterhead.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Letterhead {
    /// Name.
    pub name: String,
    /// A line under the name.
    pub tagline: Option<String>,
    /// The picture of the letterhead, as a path in the template set.
    pub logo: Option<String>,
    /// Address, a line each.
    pub address: Vec<String>,
    /// Telephone.
    pub telephone: String,
    /// Fax, for what comes back signed.
    pub fax: Option<String>,
    /// Web page.
    pub website: Option<String>,
}

/// The child and version that stand on every page.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Stamp {
    /// Full legal name.
    pub name: String,
    /// The name that family pages use.
    pub called: String,
    /// The program's number.
    pub program_number: String,
    /// Birth date.
    pub born: String,
    /// Date of the plan, where the paper is about one.
    pub plan_date: Option<String>,
    /// Its version.
    pub version: Option<u32>,
}

/// The service coordinator, as a family or an office reaches her.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Caller {
    /// Full name.
    pub name: String,
    /// First name, for family pages.
    pub first_name: String,
    /// Profession and credentials.
    pub profession: String,
    /// Telephone.
    pub telephone: String,
    /// E-mail.
    pub email: Option<String>,
    /// Hours.
    pub hours: Option<String>,
    /// Languages spoken besides English, in words.
    pub languages: Vec<String>,
    /// What she gives beside coordination on the plan in effect, in words: her second role, said on every page.
    pub also_gives: Option<String>,
}

/// Whose copy a paper is.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Copy {
    /// Name of the recipient, for the first page only.
    pub recipient: String,
    /// `family`, `physician` or `team`.
    pub audience: String,
    /// True for a finalised plan that no parent has signed yet.
    pub not_yet_signed: bool,
    /// The parts that an outside copy holds ("This copy holds parts A, C and D"); absent on a whole copy.
    pub parts: Option<String>,
    /// The redisclosure notice (34 CFR 99.33(d)); absent for parents.
    pub redisclosure: Option<Notice>,
}

/// A text with its version.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Notice {
    /// Version, kept in the record of access.
    pub version: String,
    /// Text.
    pub text: String,
}

/// The block in an envelope's window.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Postal {
    /// Addressee.
    pub name: String,
    /// Address, one to four lines.
    pub lines: Vec<String>,
    /// What stands in the upper window.
    pub return_lines: Vec<String>,
    /// What the mail must do with it, in the mail's own words, such as not to forward it.
    pub endorsement: Option<String>,
}

/// The JSON Schema of what the template of this kind is given.
#[must_use]
pub fn schema_of(kind: crate::due::DocumentKind) -> schemars::Schema {
    use crate::due::DocumentKind as Kind;
    use schemars::schema_for;
    match kind {
        Kind::Ifsp => schema_for!(IfspView),
        Kind::PhysicianLetter => schema_for!(PhysicianLetterView),
        Kind::ServiceAuthorization => schema_for!(AuthorizationView),
        Kind::StopNotice => schema_for!(StopNoticeView),
        Kind::ContactSummary => schema_for!(ContactSummaryView),
        Kind::TransitionPacket => schema_for!(TransitionPacketView),
        Kind::MonthlyReminder => schema_for!(MonthlyReminderView),
        Kind::MeetingNotice => schema_for!(MeetingNoticeView),
        Kind::PriorWrittenNotice => schema_for!(PriorWrittenNoticeView),
        Kind::ConsentToRelease => schema_for!(ConsentToReleaseView),
        Kind::LeaNotice | Kind::SeaNotice => schema_for!(LimitedNoticeView),
        Kind::OptOutInformation => schema_for!(OptOutView),
        Kind::PhysicianCertification => schema_for!(PhysicianCertificationView),
        Kind::IfspReviewSummary => schema_for!(IfspReviewSummaryView),
        Kind::ProceduralSafeguards => schema_for!(ProceduralSafeguardsView),
        Kind::IntakeLetter => schema_for!(IntakeLetterView),
        Kind::ReferralAcknowledgement => schema_for!(ReferralAcknowledgementView),
        Kind::ConfidentialityRights | Kind::RecordLocations => schema_for!(RecordsView),
        Kind::RightsAndAdvocacy => schema_for!(RightsAndAdvocacyView),
        Kind::ProviderChoices => schema_for!(ProviderChoicesView),
        Kind::ResourceList => schema_for!(ResourceListView),
        Kind::EvaluationConsent => schema_for!(EvaluationConsentView),
        Kind::InsuranceConsent => schema_for!(InsuranceConsentView),
        Kind::EligibleNotice | Kind::NotEligibleNotice => schema_for!(EligibilityNoticeView),
        Kind::CouldNotReachYou => schema_for!(CouldNotReachYouView),
        Kind::NewCoordinator => schema_for!(NewCoordinatorView),
        Kind::ExitLetter => schema_for!(ExitLetterView),
        Kind::ProgressReportReminder => schema_for!(ProgressReportReminderView),
        Kind::FamilyPacket => schema_for!(FamilyPacketView),
        Kind::VisitPacket => schema_for!(VisitPacketView),
        Kind::DistrictPacket => schema_for!(DistrictPacketView),
    }
}
