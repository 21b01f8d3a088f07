//! One envelope: one recipient, one child, one or more papers.

use serde::{Deserialize, Serialize};

use crate::{
    case::{ChildId, FiledId, Recipient},
    disclosure::Shared,
    document::Mask,
    due::{DocumentKind, ObligationKind, PaperKind, Subject},
};

/// The id of a dispatch: a `UUIDv7`, safe in file names and logs.
pub type DispatchId = String;

/// What makes an item the same item: unique in the database. A PDF's hash stands beside it, never in it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ItemKey {
    pub child_id: ChildId,
    pub obligation: ObligationKind,
    /// The event or period that it hangs on.
    pub anchor: String,
    /// The paper: its kind, or for one made elsewhere `filed:` and its id.
    pub document: String,
    pub recipient: Recipient,
    /// Raised by a new version only.
    pub revision: u32,
    /// Raised where a person had the papers of the same version made anew, or they came back: 0 for the first.
    pub edition: u32,
}

/// `child|duty|anchor|paper|recipient|revision`: its form in the database. A later edition adds `.edition`.
impl std::fmt::Display for ItemKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { child_id, obligation, anchor, document, recipient, revision, edition } = self;
        write!(f, "{child_id}|{obligation}|{anchor}|{document}|{recipient}|{revision}")?;
        if *edition > 0 { write!(f, ".{edition}") } else { Ok(()) }
    }
}

/// An envelope that is owed: what it is, before it is rendered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Envelope {
    pub child_id: ChildId,
    pub obligation: ObligationKind,
    pub anchor: String,
    pub revision: u32,
    /// Its edition: 0 for the first; see [`ItemKey`].
    #[serde(default, skip_serializing_if = "is_first")]
    pub edition: u32,
    /// What it is about.
    pub subject: Subject,
    pub recipient: Recipient,
    /// Which papers, the covering one first.
    pub papers: Vec<DocumentKind>,
    /// Papers of other duties that share the envelope; a parent's only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shares: Vec<Shared>,
    /// Papers made elsewhere that lie behind them, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub enclosed: Vec<FiledId>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_first(edition: &u32) -> bool {
    *edition == 0
}

impl Envelope {
    /// The key of one of its papers.
    #[must_use]
    pub fn item_key(&self, document: DocumentKind) -> ItemKey {
        self.key(document.to_string())
    }

    fn key(&self, document: String) -> ItemKey {
        ItemKey {
            child_id: self.child_id.clone(),
            obligation: self.obligation,
            anchor: self.anchor.clone(),
            document,
            recipient: self.recipient.clone(),
            revision: self.revision,
            edition: self.edition,
        }
    }

    /// The keys of everything in it, in order: its papers, those that share it, what is enclosed.
    #[must_use]
    pub fn item_keys(&self) -> Vec<ItemKey> {
        let parts = self.apart();
        let made = parts.iter().flat_map(|part| part.papers.iter().map(|document| part.item_key(*document)));
        made.chain(self.enclosed.iter().map(|id| self.key(format!("filed:{id}")))).collect()
    }

    /// All its papers, each with what it is about.
    #[must_use]
    pub fn contents(&self) -> impl DoubleEndedIterator<Item = (DocumentKind, &Subject)> {
        let own = self.papers.iter().map(|kind| (*kind, &self.subject));
        own.chain(self.shares.iter().flat_map(|shared| shared.papers.iter().map(|kind| (*kind, &shared.subject))))
    }

    /// The duties that it meets: kind, anchor and revision, its own first.
    pub fn duties(&self) -> impl Iterator<Item = (ObligationKind, &str, u32)> {
        let shares = self.shares.iter().map(|shared| (shared.obligation, shared.anchor.as_str(), shared.revision));
        std::iter::once((self.obligation, self.anchor.as_str(), self.revision)).chain(shares)
    }

    /// One envelope for several of the same child and recipient; the first one leads. Nothing comes of nothing.
    #[must_use]
    pub fn together(parts: Vec<Self>) -> Option<Self> {
        let mut parts = parts.into_iter();
        let mut first = parts.next()?;
        for part in parts {
            debug_assert!(part.child_id == first.child_id && part.recipient == first.recipient);
            for alone in part.apart() {
                let Self { obligation, anchor, revision, subject, papers, .. } = alone;
                first.shares.push(Shared { obligation, anchor, revision, subject, papers });
            }
        }
        Some(first)
    }

    /// Its parts, each as an envelope of its own.
    #[must_use]
    pub fn apart(&self) -> Vec<Self> {
        let first = Self { shares: Vec::new(), ..self.clone() };
        let shares = self.shares.iter().cloned().map(|shared| {
            let Shared { obligation, anchor, revision, subject, papers } = shared;
            Self { obligation, anchor, revision, subject, papers, enclosed: Vec::new(), ..first.clone() }
        });
        std::iter::once(first.clone()).chain(shares).collect()
    }

    /// Whether it may leave together with others of the same day: what goes to a parent unasked.
    #[must_use]
    pub fn may_share(&self) -> bool {
        !self.by_hand() && matches!(self.recipient, Recipient::FamilyMember { .. })
    }

    /// Whether a person asked for it.
    #[must_use]
    pub fn by_hand(&self) -> bool {
        self.obligation == ObligationKind::OnRequest
    }
}

/// A paper as it was rendered, without its bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RenderedItem {
    pub document: PaperKind,
    /// SHA-256 of the PDF, in hex.
    pub sha256: String,
    /// Name of the stored body.
    pub body: String,
    pub pages: u32,
    /// Size of the PDF in bytes.
    pub bytes: u64,
    /// The language of the copy, where it is not English.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// The reader's language, where the reader has not got the whole paper in it: the copy in it follows by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waits_for: Option<String>,
    /// The same paper as plain text, for a reader who asked for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<TextCopy>,
}

/// A paper's plain text, as it was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextCopy {
    /// SHA-256 of the text, in hex.
    pub sha256: String,
    /// Name of the stored body.
    pub body: String,
}

/// Everything that was rendered for an envelope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RenderedPacket {
    /// Its papers, in order.
    pub items: Vec<RenderedItem>,
    /// The mask under which they were made.
    pub mask: Mask,
    /// The endpoint for which they were made.
    pub endpoint_id: crate::case::EndpointId,
    /// Version of the template set.
    pub template_version: String,
    /// Hash of the facts that they were made from.
    pub made_from: String,
    /// Where another child is named; what is queued holds only hits that were answered.
    pub other_children: Vec<crate::disclosure::NamedChild>,
    /// Where something stands that another person of the family keeps private; empty on everything that is queued.
    #[serde(default)]
    pub protected: Vec<String>,
    /// How many appointments stand in the calendar file that goes with the message; none: no such file goes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calendar: Option<u32>,
    /// Made in trial mode, with the mark on every page.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub trial: bool,
}
