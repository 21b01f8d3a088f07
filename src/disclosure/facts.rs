//! What the gate is asked, and everything that it looks at.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    case::{CaseRecord, Directory, EndpointKind, FiledId, Recipient, RecordClass, Recorded},
    document::{Languages, classes_of},
    due::{DocumentKind, ObligationKind, Rulebook, Subject},
};

/// Papers of one more duty in an envelope: what goes to one parent about one child on one day shares it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shared {
    pub obligation: ObligationKind,
    pub anchor: String,
    pub revision: u32,
    /// What they are about.
    pub subject: Subject,
    pub papers: Vec<DocumentKind>,
}

/// What is to go to whom.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    pub recipient: &'a Recipient,
    /// The duty that it meets, and its anchor.
    pub duty: (ObligationKind, &'a str),
    /// What it is about.
    pub subject: &'a Subject,
    pub papers: &'a [DocumentKind],
    /// Papers of other duties that share the envelope.
    pub shares: &'a [Shared],
    /// Which papers made elsewhere lie behind them.
    pub enclosed: &'a [FiledId],
    /// Asked for by a person, now: may go after the child has left.
    pub by_hand: bool,
}

impl<'a> Question<'a> {
    /// The record classes without which the papers, shared and enclosed ones too, make no sense or may not go.
    pub(super) fn needs(&self, recorded: &Recorded) -> BTreeSet<RecordClass> {
        let made = self.all_papers().flat_map(|kind| classes_of(kind).needs);
        let filed = self.enclosed.iter().filter_map(|id| recorded.filed.get(id)?.kind.outside()).flatten();
        made.chain(filed).copied().collect()
    }

    /// Every paper of the envelope.
    pub fn all_papers(&self) -> impl Iterator<Item = DocumentKind> + use<'a> {
        self.papers.iter().chain(self.shares.iter().flat_map(|shared| &shared.papers)).copied()
    }

    /// The duties that it meets, each with its anchor and its papers.
    pub fn duties(&self) -> impl Iterator<Item = (ObligationKind, &'a str, &'a [DocumentKind])> + use<'a> {
        let shares = self.shares.iter().map(|s| (s.obligation, s.anchor.as_str(), s.papers.as_slice()));
        std::iter::once((self.duty.0, self.duty.1, self.papers)).chain(shares)
    }

    /// What its papers are about, with the papers.
    pub fn subjects(&self) -> impl Iterator<Item = (&'a Subject, &'a [DocumentKind])> + use<'a> {
        let shares = self.shares.iter().map(|shared| (&shared.subject, shared.papers.as_slice()));
        std::iter::once((self.subject, self.papers)).chain(shares)
    }
}

/// Holds beside those on a child. They stand until a person ends them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Holds {
    /// Everything is held.
    pub everything: bool,
    /// Recipients, by their written form; an office's people are held with it.
    pub recipients: BTreeSet<String>,
    /// Kinds of paper.
    pub documents: BTreeSet<DocumentKind>,
}

impl Holds {
    /// The hold that stops this, in words without names.
    #[must_use]
    pub fn stops(&self, question: &Question<'_>) -> Option<String> {
        if self.everything {
            return Some("a hold on everything".to_owned());
        }
        let recipient = question.recipient.to_string();
        let office = recipient.split('/').next().unwrap_or(&recipient);
        if let Some(held) = [recipient.as_str(), office].into_iter().find(|r| self.recipients.contains(*r)) {
            return Some(format!("a hold on everything to {held}"));
        }
        let held = question.all_papers().find(|kind| self.documents.contains(kind))?;
        Some(format!("a hold on papers of the kind {held}"))
    }
}

/// Everything the gate looks at.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// The child's record as received.
    pub record: &'a CaseRecord,
    /// What was recorded here; where it is stricter it stands.
    pub recorded: &'a Recorded,
    /// Offices and professionals.
    pub directory: &'a Directory,
    /// Holds beside those on the child.
    pub holds: &'a Holds,
    /// Program and state.
    pub rules: Rulebook<'a>,
    /// The languages that papers can be in, and the state's own texts.
    pub languages: &'a Languages,
    /// Kinds of endpoint for which a channel is set up.
    pub channels: &'a BTreeSet<EndpointKind>,
    /// The day that counts, in the program's zone.
    pub day: NaiveDate,
    /// The instant of the decision, by the system's clock.
    pub now: DateTime<Utc>,
}

impl Facts<'_> {
    /// Whether a death is recorded, here or in the record.
    #[must_use]
    pub fn has_died(&self) -> bool {
        let deceased = |exit: &crate::case::Exit| exit.reason == crate::case::ExitReason::Deceased;
        self.recorded.died || self.record.exit.as_ref().is_some_and(deceased)
    }
}
