//! One envelope: one recipient, one child, one or more papers.

use serde::{Deserialize, Serialize};

use crate::{
    case::{ChildId, FiledId, Recipient},
    document::Mask,
    due::{DocumentKind, ObligationKind, PaperKind, Subject},
};

/// The id of a dispatch: a `UUIDv7`, safe in file names and logs.
pub type DispatchId = String;

/// What makes an item the same item: unique in the database. A PDF's hash stands beside it, never in it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ItemKey {
    /// The child.
    pub child_id: ChildId,
    /// The duty.
    pub obligation: ObligationKind,
    /// The event or period that it hangs on.
    pub anchor: String,
    /// The paper: its kind, or for one made elsewhere `filed:` and its id.
    pub document: String,
    /// To whom.
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
    /// The child.
    pub child_id: ChildId,
    /// The duty.
    pub obligation: ObligationKind,
    /// Its anchor.
    pub anchor: String,
    /// Its revision.
    pub revision: u32,
    /// Its edition: 0 for the first; see [`ItemKey`].
    #[serde(default, skip_serializing_if = "is_first")]
    pub edition: u32,
    /// What it is about.
    pub subject: Subject,
    /// To whom.
    pub recipient: Recipient,
    /// Which papers, the covering one first.
    pub papers: Vec<DocumentKind>,
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

    /// The keys of everything in it, in order.
    #[must_use]
    pub fn item_keys(&self) -> Vec<ItemKey> {
        let enclosed = self.enclosed.iter().map(|id| self.key(format!("filed:{id}")));
        self.papers.iter().map(|kind| self.item_key(*kind)).chain(enclosed).collect()
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

    /// Whether a person asked for it.
    #[must_use]
    pub fn by_hand(&self) -> bool {
        self.obligation == ObligationKind::OnRequest
    }
}

/// A paper as it was rendered, without its bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RenderedItem {
    /// Which paper.
    pub document: PaperKind,
    /// SHA-256 of the PDF, in hex.
    pub sha256: String,
    /// Name of the stored body.
    pub body: String,
    /// Pages.
    pub pages: u32,
    /// Size of the PDF in bytes.
    pub bytes: u64,
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
