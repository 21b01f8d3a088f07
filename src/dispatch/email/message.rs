//! The text around the papers: handlebars templates, and lettre to build the message.
//!
//! A subject, a sender, a body or a file name never identifies a child: they say only that a paper is
//! attached and whom to call.

use std::sync::OnceLock;

use chrono::{DateTime, Utc};
use handlebars::Handlebars;
use include_dir::{Dir, File, include_dir};
use lettre::message::{
    Attachment, Mailbox, MessageBuilder, MultiPart, SinglePart,
    header::{ContentTransferEncoding, ContentType, Date, HeaderName, HeaderValue},
};
use serde::{Deserialize, Serialize};

use crate::{
    case::{FiledKind, addressed},
    dispatch::parcel::Paper,
    due::{DocumentKind, PaperKind},
};

/// What a message may say. It has no field that could name a child.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MessageView {
    /// Name of the program.
    pub program: String,
    /// The program's telephone.
    pub program_telephone: String,
    /// Whom to call; empty where nobody is named.
    pub caller: String,
    /// The caller's telephone.
    pub telephone: String,
    /// When to call.
    pub hours: Option<String>,
    /// How many papers are attached.
    pub papers: usize,
    /// Whether there is one paper only.
    pub one_paper: bool,
    /// Whether the reader asked that nothing says which program writes.
    #[serde(default)]
    pub discreet: bool,
    /// Whether the papers open with a passphrase only.
    #[serde(default)]
    pub encrypted: bool,
}

/// Whose words a message has: a folder of `templates/messages`, such as `family`, `family-es` or `office`.
///
/// A family's message in a further language is one more folder; nothing here names a language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct MessageKind(&'static str);

impl MessageKind {
    /// A parent, in English.
    pub const FAMILY: Self = Self("family");
    /// A physician's or agency's office.
    pub const OFFICE: Self = Self("office");

    /// A parent's message in the language of this tag, or in English where there is none in it.
    #[must_use]
    pub fn family(tag: &str) -> Self {
        Self::of(&format!("family-{tag}")).unwrap_or(Self::FAMILY)
    }

    /// The words of every kind that there is a folder for, in order of name.
    #[must_use]
    pub fn all() -> Vec<Self> {
        let mut all: Vec<Self> = FILES.dirs().filter_map(|dir| dir.path().to_str()).map(Self).collect();
        all.sort_unstable_by_key(|kind| kind.0);
        all
    }

    fn of(folder: &str) -> Option<Self> {
        FILES.get_dir(folder)?.path().to_str().map(Self)
    }
}

impl<'de> Deserialize<'de> for MessageKind {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let folder = String::deserialize(deserializer)?;
        Self::of(&folder).ok_or_else(|| serde::de::Error::custom("no folder of templates/messages has this name"))
    }
}

/// The envelope and headers of a message.
#[derive(Debug, Clone)]
pub struct MessageHead {
    /// The dispatch; the Message-ID is made of it and stays the same at every retry.
    pub dispatch_id: String,
    /// The sender: the program.
    pub from: Mailbox,
    /// Where answers go: the child's coordinator.
    pub reply_to: Option<lettre::Address>,
    /// The recipient. No display name: it would stand in a header.
    pub to: lettre::Address,
    /// The date header, fixed when the message is queued.
    pub date: DateTime<Utc>,
    /// Whether it goes by itself: then no machine answers it (RFC 3834).
    pub by_itself: bool,
}

/// Why a message could not be made.
#[derive(Debug, thiserror::Error)]
pub enum MessageError {
    /// A template lacks a field or is wrong.
    #[error("message template {name}: {source}")]
    Template { name: String, source: Box<handlebars::RenderError> },
    #[error("the message could not be built: {0}")]
    Build(#[from] lettre::error::Error),
}

/// Harmless to share: bytes of the program.
static FILES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/templates/messages");

/// The parts of a message, as their files are named without `.hbs`.
const PARTS: [&str; 3] = ["subject.txt", "body.txt", "body.html"];

/// Plain text is not HTML: each of the two has its own registry, so that neither escapes for the other.
struct Templates {
    text: Handlebars<'static>,
    html: Handlebars<'static>,
}

fn templates() -> &'static Templates {
    /// Harmless to share: what the program carries, read once; a program has no messages of its own.
    static TEMPLATES: OnceLock<Templates> = OnceLock::new();
    TEMPLATES.get_or_init(|| {
        let mut text = Handlebars::new();
        text.set_strict_mode(true);
        text.register_escape_fn(handlebars::no_escape);
        let mut html = Handlebars::new();
        html.set_strict_mode(true);
        for kind in MessageKind::all() {
            for part in PARTS {
                let name = format!("{}/{part}", kind.0);
                let source = FILES.get_file(format!("{name}.hbs")).and_then(File::contents_utf8);
                let source = source.expect("every folder of messages has the three parts; a test composes each");
                let registry = if part.ends_with(".html") { &mut html } else { &mut text };
                registry.register_template_string(&name, source).expect("the built-in message templates parse");
            }
        }
        Templates { text, html }
    })
}

fn text_of(kind: MessageKind, part: &str, view: &MessageView) -> Result<String, MessageError> {
    let name = format!("{}/{part}", kind.0);
    let set = templates();
    let registry = if part.ends_with(".html") { &set.html } else { &set.text };
    registry.render(&name, view).map_err(|source| MessageError::Template { name, source: Box::new(source) })
}

/// The name of an attachment without its end: what it is, never whose.
fn file_name(place: usize, document: PaperKind) -> String {
    let what = match document {
        PaperKind::Made(kind) => made(kind),
        PaperKind::Enclosed(FiledKind::SignedPlan) => "plan",
        PaperKind::Enclosed(
            FiledKind::EvaluationReport
            | FiledKind::AssessmentReport
            | FiledKind::ProgressReport
            | FiledKind::HealthRecord,
        ) => "report",
        PaperKind::Enclosed(_) => "paper",
        PaperKind::State(form) => made(form.in_place_of()),
    };
    format!("{place}-{what}")
}

fn made(document: DocumentKind) -> &'static str {
    match document {
        DocumentKind::Ifsp => "plan",
        DocumentKind::PhysicianLetter
        | DocumentKind::IntakeLetter
        | DocumentKind::ReferralAcknowledgement
        | DocumentKind::CouldNotReachYou
        | DocumentKind::NewCoordinator
        | DocumentKind::ExitLetter => "letter",
        DocumentKind::ServiceAuthorization => "authorization",
        DocumentKind::StopNotice
        | DocumentKind::MeetingNotice
        | DocumentKind::PriorWrittenNotice
        | DocumentKind::LeaNotice
        | DocumentKind::SeaNotice
        | DocumentKind::EligibleNotice
        | DocumentKind::NotEligibleNotice => "notice",
        DocumentKind::ConsentToRelease
        | DocumentKind::OptOutInformation
        | DocumentKind::PhysicianCertification
        | DocumentKind::EvaluationConsent
        | DocumentKind::InsuranceConsent => "form",
        DocumentKind::ContactSummary | DocumentKind::IfspReviewSummary => "summary",
        DocumentKind::ProceduralSafeguards | DocumentKind::ConfidentialityRights | DocumentKind::RightsAndAdvocacy => {
            "rights"
        }
        DocumentKind::TransitionPacket
        | DocumentKind::FamilyPacket
        | DocumentKind::VisitPacket
        | DocumentKind::DistrictPacket => "packet",
        DocumentKind::MonthlyReminder | DocumentKind::ProgressReportReminder => "reminder",
        DocumentKind::ProviderChoices | DocumentKind::ResourceList | DocumentKind::RecordLocations => "list",
    }
}

/// What tells the machines of its readers that a machine wrote it (RFC 3834).
pub(in crate::dispatch) fn auto_generated() -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned())
}

/// Builds the message, with a calendar file where its reader asked for one. The same arguments give the same bytes:
/// Message-ID, Date and boundaries are fixed.
///
/// # Errors
/// When a template or lettre refuses.
pub fn compose(
    kind: MessageKind,
    head: &MessageHead,
    view: &MessageView,
    papers: &[Paper],
    calendar: Option<&str>,
) -> Result<Vec<u8>, MessageError> {
    let subject = text_of(kind, "subject.txt", view)?;
    // base64 keeps every line short and every byte as it is, whatever the relay does to line ends.
    let part = |content_type: ContentType, text: String| {
        SinglePart::builder().header(content_type).header(ContentTransferEncoding::Base64).body(text)
    };
    let words = MultiPart::alternative()
        .boundary(format!("text-{}", head.dispatch_id))
        .singlepart(part(ContentType::TEXT_PLAIN, text_of(kind, "body.txt", view)?))
        .singlepart(part(ContentType::TEXT_HTML, text_of(kind, "body.html", view)?));
    let pdf = ContentType::parse("application/pdf").expect("application/pdf is a content type");
    let mut whole = MultiPart::mixed().boundary(format!("papers-{}", head.dispatch_id)).multipart(words);
    for (i, paper) in papers.iter().enumerate() {
        let name = file_name(i + 1, paper.document);
        // Who reads by ear opens the text first.
        if let Some(text) = &paper.text {
            let text = String::from_utf8_lossy(text).replace('\n', "\r\n");
            let file = Attachment::new(format!("{name}.txt"));
            let encoded = lettre::message::Body::new_with_encoding(text, ContentTransferEncoding::Base64);
            let body = encoded.expect("base64 takes every text");
            whole = whole.singlepart(file.body(body, ContentType::TEXT_PLAIN));
        }
        whole = whole.singlepart(Attachment::new(format!("{name}.pdf")).body(paper.pdf.to_vec(), pdf.clone()));
    }
    if let Some(calendar) = calendar {
        let kind = ContentType::parse("text/calendar; charset=utf-8; method=PUBLISH").expect("it is a content type");
        whole = whole.singlepart(Attachment::new("appointments.ics".to_owned()).body(calendar.to_owned(), kind));
    }
    let head_of_it =
        MessageBuilder::new().header(Date::from(std::time::SystemTime::from(head.date))).from(head.from.clone());
    let mut message = addressed(head_of_it, head.to.clone())
        .message_id(Some(format!("<{}@{}>", head.dispatch_id, head.from.email.domain())))
        .subject(subject.trim());
    // Only the monthly reminder is optional; what a law asks for is not to be unsubscribed from.
    if papers.iter().all(|paper| paper.document == DocumentKind::MonthlyReminder) {
        let stop = format!("<mailto:{}?subject=No%20more%20reminders>", head.from.email);
        message = message.raw_header(HeaderValue::new(HeaderName::new_from_ascii_str("List-Unsubscribe"), stop));
    }
    if head.by_itself {
        message = message.raw_header(auto_generated());
    }
    if let Some(reply_to) = &head.reply_to {
        message = message.reply_to(Mailbox::new(None, reply_to.clone()));
    }
    Ok(message.multipart(whole)?.formatted())
}
