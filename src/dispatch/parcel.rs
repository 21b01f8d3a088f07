//! What a channel takes. It cannot be made without a fresh authorization of the same child.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::{
    envelope::DispatchId,
    first_byte::{AskedAgain, BeforeFirstByte},
    outcome::Outcome,
};
use crate::{
    case::{Address, ChildId},
    disclosure::Authorization,
    document::{TemplateSet, view::Postal},
    due::PaperKind,
};

/// One paper with its bytes.
#[derive(Debug, Clone)]
pub struct Paper {
    /// Whose record it is from.
    pub child_id: ChildId,
    pub document: PaperKind,
    pub pdf: Arc<[u8]>,
    pub pages: u32,
    /// The paper as plain text, for a reader who asked for it.
    pub text: Option<Arc<[u8]>>,
}

/// A message for e-mail, whole and final.
#[derive(Debug, Clone)]
pub struct Message {
    /// The envelope sender.
    pub from: lettre::Address,
    /// The bytes, identical at every retry.
    pub bytes: Arc<[u8]>,
}

/// A parcel for one recipient, about one child, under one authorization.
#[derive(Debug, Clone)]
pub struct Parcel {
    dispatch_id: DispatchId,
    attempt: i64,
    cover: Option<Arc<[u8]>>,
    authorization: Authorization,
    papers: Vec<Paper>,
    message: Option<Message>,
    templates: Arc<TemplateSet>,
    postal: Option<Postal>,
    discreet: bool,
    asked_again: AskedAgain,
}

/// Why a parcel cannot be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ParcelError {
    /// The authorization was not made for sending, or is too old.
    #[error("the authorization is not fresh; it has to be decided again")]
    Stale,
    /// A paper belongs to another child.
    #[error("a paper belongs to another child than the authorization")]
    OtherChild,
    /// Nothing in it.
    #[error("a parcel holds at least one paper")]
    Empty,
}

impl Parcel {
    /// Puts papers under an authorization. What a channel adds around them, such as an address page, is made with these
    /// templates.
    ///
    /// # Errors
    /// When the authorization is stale at `now`, a paper is another child's, or there is none.
    pub fn new(
        dispatch_id: DispatchId,
        authorization: Authorization,
        papers: Vec<Paper>,
        message: Option<Message>,
        templates: Arc<TemplateSet>,
        now: DateTime<Utc>,
    ) -> Result<Self, ParcelError> {
        if !authorization.allows_sending_at(now) {
            return Err(ParcelError::Stale);
        }
        if papers.is_empty() {
            return Err(ParcelError::Empty);
        }
        if papers.iter().any(|paper| &paper.child_id != authorization.child_id()) {
            return Err(ParcelError::OtherChild);
        }
        Ok(Self {
            dispatch_id,
            attempt: 1,
            cover: None,
            authorization,
            papers,
            message,
            templates,
            postal: None,
            discreet: false,
            asked_again: AskedAgain::default(),
        })
    }

    /// The same parcel as the attempt of this number: notices that come back name it.
    #[must_use]
    pub fn numbered(self, attempt: i64) -> Self {
        Self { attempt, ..self }
    }

    /// The same parcel, which asks for its permission again before its first byte.
    #[must_use]
    pub fn asking(self, asks: Arc<dyn BeforeFirstByte>) -> Self {
        Self { asked_again: AskedAgain::by(asks), ..self }
    }

    /// Whether it may still go. A channel asks when nothing is left to wait for, right before the first byte.
    ///
    /// # Errors
    /// [`Outcome::Stopped`]: nothing may leave.
    pub async fn may_begin(&self) -> Result<(), Outcome> {
        self.asked_again.ask().await
    }

    /// The same parcel with a cover sheet, which names no child.
    #[must_use]
    pub fn with_cover(self, cover: Arc<[u8]>) -> Self {
        Self { cover: Some(cover), ..self }
    }

    /// The cover sheet, for fax.
    #[must_use]
    pub fn cover(&self) -> Option<&[u8]> {
        self.cover.as_deref()
    }

    /// The same parcel with the two addresses of its envelope, for paper.
    #[must_use]
    pub fn with_postal(self, postal: Option<Postal>) -> Self {
        Self { postal, ..self }
    }

    /// The same parcel, to be sent so that nobody can see from outside who sends and why.
    #[must_use]
    pub fn discreet(self, discreet: bool) -> Self {
        Self { discreet, ..self }
    }

    /// The two addresses of the envelope, for paper.
    #[must_use]
    pub fn postal(&self) -> Option<&Postal> {
        self.postal.as_ref()
    }

    /// Whether nobody may see from outside who sends.
    #[must_use]
    pub fn is_discreet(&self) -> bool {
        self.discreet
    }

    /// The attempt, from 1.
    #[must_use]
    pub fn attempt(&self) -> i64 {
        self.attempt
    }

    #[must_use]
    pub fn dispatch_id(&self) -> &str {
        &self.dispatch_id
    }

    /// On what it rests.
    #[must_use]
    pub fn authorization(&self) -> &Authorization {
        &self.authorization
    }

    /// Where it goes: nowhere but where the authorization says.
    #[must_use]
    pub fn address(&self) -> &Address {
        self.authorization.address()
    }

    /// Its papers, in order.
    #[must_use]
    pub fn papers(&self) -> &[Paper] {
        &self.papers
    }

    /// The templates for what a channel adds.
    #[must_use]
    pub fn templates(&self) -> &TemplateSet {
        &self.templates
    }

    /// The message, for e-mail.
    #[must_use]
    pub fn message(&self) -> Option<&Message> {
        self.message.as_ref()
    }
}
