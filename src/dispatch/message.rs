//! The text around the papers: handlebars templates, and lettre to build the message.
//!
//! A subject, a sender, a body or a file name never identifies a child: they say only that a paper is
//! attached and whom to call.

use std::sync::OnceLock;

use chrono::{DateTime, Utc};
use handlebars::Handlebars;
use lettre::message::{
    Attachment, Mailbox, MessageBuilder, MultiPart, SinglePart,
    header::{ContentTransferEncoding, ContentType, Date},
};
use serde::{Deserialize, Serialize};

use super::parcel::Paper;
use crate::due::DocumentKind;

/// What a message may say. It has no field that could name a child.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MessageView {
    /// Name of the program.
    pub program: String,
    /// The program's telephone.
    pub program_telephone: String,
    /// Whom to call.
    pub caller: String,
    /// The caller's telephone.
    pub telephone: String,
    /// When to call.
    pub hours: Option<String>,
    /// How many papers are attached.
    pub papers: usize,
    /// Whether there is one paper only.
    pub one_paper: bool,
}

/// For whom the words are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageKind {
    /// A parent, in English.
    Family,
    /// A parent who reads Spanish.
    FamilyEs,
    /// A parent who reads Haitian Creole.
    FamilyHt,
    /// A physician's or agency's office.
    Office,
}

impl MessageKind {
    /// A parent's message in the language of this tag, or in English where there is none in it.
    #[must_use]
    pub fn family(tag: &str) -> Self {
        match tag {
            "es" => Self::FamilyEs,
            "ht" => Self::FamilyHt,
            _ => Self::Family,
        }
    }

    fn folder(self) -> &'static str {
        match self {
            Self::Family => "family",
            Self::FamilyEs => "family-es",
            Self::FamilyHt => "family-ht",
            Self::Office => "office",
        }
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
}

/// Why a message could not be made.
#[derive(Debug, thiserror::Error)]
pub enum MessageError {
    /// A template lacks a field or is wrong.
    #[error("message template {name}: {source}")]
    Template {
        /// Which.
        name: String,
        /// Handlebars' words.
        source: Box<handlebars::RenderError>,
    },
    /// lettre refused.
    #[error("the message could not be built: {0}")]
    Build(#[from] lettre::error::Error),
}

macro_rules! built_in {
    ($($name:literal),* $(,)?) => {
        [$(($name, include_str!(concat!("../../templates/messages/", $name, ".hbs"))),)*]
    };
}

/// Plain text is not HTML: each of the two has its own registry, so that neither escapes for the other.
struct Templates {
    text: Handlebars<'static>,
    html: Handlebars<'static>,
}

fn templates() -> &'static Templates {
    static TEMPLATES: OnceLock<Templates> = OnceLock::new();
    TEMPLATES.get_or_init(|| {
        let mut text = Handlebars::new();
        text.set_strict_mode(true);
        text.register_escape_fn(handlebars::no_escape);
        let mut html = Handlebars::new();
        html.set_strict_mode(true);
        for (name, source) in built_in![
            "family/subject.txt",
            "family/body.txt",
            "family/body.html",
            "family-es/subject.txt",
            "family-es/body.txt",
            "family-es/body.html",
            "family-ht/subject.txt",
            "family-ht/body.txt",
            "family-ht/body.html",
            "office/subject.txt",
            "office/body.txt",
            "office/body.html",
        ] {
            let registry = if name.ends_with(".html") { &mut html } else { &mut text };
            registry.register_template_string(name, source).expect("the built-in message templates parse");
        }
        Templates { text, html }
    })
}

fn text_of(kind: MessageKind, part: &str, view: &MessageView) -> Result<String, MessageError> {
    let name = format!("{}/{part}", kind.folder());
    let set = templates();
    let registry = if part.ends_with(".html") { &set.html } else { &set.text };
    registry.render(&name, view).map_err(|source| MessageError::Template { name, source: Box::new(source) })
}

/// The name of an attachment: what it is, never whose.
fn file_name(place: usize, document: DocumentKind) -> String {
    let what = match document {
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
    };
    format!("{place}-{what}.pdf")
}

/// Builds the message. The same arguments give the same bytes: Message-ID, Date and boundaries are fixed.
///
/// # Errors
/// When a template or lettre refuses.
pub fn compose(
    kind: MessageKind,
    head: &MessageHead,
    view: &MessageView,
    papers: &[Paper],
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
        whole =
            whole.singlepart(Attachment::new(file_name(i + 1, paper.document)).body(paper.pdf.to_vec(), pdf.clone()));
    }
    let mut message = MessageBuilder::new()
        .header(Date::from(std::time::SystemTime::from(head.date)))
        .from(head.from.clone())
        .to(Mailbox::new(None, head.to.clone()))
        .message_id(Some(format!("<{}@{}>", head.dispatch_id, head.from.email.domain())))
        .subject(subject.trim());
    if let Some(reply_to) = &head.reply_to {
        message = message.reply_to(Mailbox::new(None, reply_to.clone()));
    }
    Ok(message.multipart(whole)?.formatted())
}
