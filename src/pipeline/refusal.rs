//! Why a verb did not do what it was asked, for every face: what kind of refusal it is, and a sentence.

use crate::{actor::Permission, case::ChildId, hint::Hint};

/// What kind of refusal it is; each face has one answer for each kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RefusalKind {
    /// There is no such thing.
    NotFound,
    /// It is not in the state in which this can be done.
    Conflict,
    /// What was asked makes no sense.
    Invalid,
    /// Somebody holds it.
    Held,
    /// This person may not.
    Forbidden,
    /// Something outside does not answer.
    Unavailable,
}

/// A refusal: nothing was changed. A face shows the sentence, and makes a command or a link of the hint.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Refusal {
    pub kind: RefusalKind,
    /// What is wrong and what to do, in a sentence. It names ids, never a person.
    pub message: String,
    /// The one thing to do next, where there is one.
    pub hint: Option<Hint>,
    /// Another child of one's own would do.
    not_yours: bool,
}

impl Refusal {
    #[must_use]
    pub fn new(kind: RefusalKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), hint: None, not_yours: false }
    }

    /// The same, with what to do next.
    #[must_use]
    pub fn with_hint(self, hint: Hint) -> Self {
        Self { hint: Some(hint), ..self }
    }

    pub fn not_found(message: impl Into<String>) -> Self {
        Self::new(RefusalKind::NotFound, message)
    }

    pub fn conflict(message: impl Into<String>) -> Self {
        Self::new(RefusalKind::Conflict, message)
    }

    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(RefusalKind::Invalid, message)
    }

    /// Nobody's role of this person lets him or her do it.
    pub(super) fn not_your_role(asked: Permission) -> Self {
        let says = format!("nothing is done: your role does not let you {}", asked.words());
        Self::new(RefusalKind::Forbidden, says)
    }

    /// The role would, but not for this child.
    pub(super) fn not_your_child(asked: Permission, child: &ChildId) -> Self {
        let says = format!(
            "nothing is done: {child} is a child you do not serve, and your role lets you {} for those only. Ask the child's \
             coordinator or your supervisor; to read it in an emergency, give a reason",
            asked.words()
        );
        let hint = Some(Hint::OpenWithReason { child: Some(child.to_string()) });
        Self { not_yours: true, hint, ..Self::new(RefusalKind::Forbidden, says) }
    }

    /// Somebody who does not serve the child may not open this record with a reason alone.
    pub(super) fn guarded(child: &ChildId) -> Self {
        let says = format!(
            "nothing is opened: {child} is a child you do not serve, and its record holds an order, a placement or an address \
             that is kept private. Ask a supervisor to look it up or to give you the child"
        );
        Self::new(RefusalKind::Forbidden, says)
    }

    /// Whether the role would let this person, were it one of his or her children.
    pub(super) fn is_about_reach(&self) -> bool {
        self.not_yours
    }

    /// The record is closed to this person, whatever the role.
    pub(super) fn closed(child: &ChildId) -> Self {
        Self::new(RefusalKind::Forbidden, format!("nothing is done: the record of {child} is not open to you"))
    }
}
