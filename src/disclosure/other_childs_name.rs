//! Another child's name in a paper: which hits a person is asked about, and which were answered.

use serde::{Deserialize, Serialize};

use super::{
    facts::{Facts, Question},
    scan::NameHit,
};
use crate::{
    case::{NameAnswer, Recipient},
    due::{DocumentKind, PaperKind},
};

/// Another child's name or number in one paper of a packet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedChild {
    /// Place of the paper in the envelope, from 1.
    pub paper: usize,
    pub document: PaperKind,
    /// Page, line, and the form in which an answer is remembered.
    pub hit: NameHit,
}

impl NamedChild {
    /// The answer that would account for it.
    #[must_use]
    pub fn answer(&self, recipient: &Recipient) -> NameAnswer {
        NameAnswer {
            document: self.document.to_string(),
            recipient: recipient.to_string(),
            name_sha256: self.hit.name_sha256.clone(),
        }
    }
}

/// The hits that wait for an answer, as `paper 1, page 3, line 12`.
pub(super) fn to_be_asked(question: &Question<'_>, facts: &Facts<'_>, named: &[NamedChild]) -> Vec<String> {
    let waits = |n: &&NamedChild| !accounted_for(n, question, facts);
    named.iter().filter(waits).map(|n| format!("paper {}, page {}, line {}", n.paper, n.hit.page, n.hit.line)).collect()
}

/// An answer holds for that kind of paper and that recipient. About a twin or a namesake the family is asked once,
/// and a notice that the law requires is never delayed by one.
fn accounted_for(named: &NamedChild, question: &Question<'_>, facts: &Facts<'_>) -> bool {
    let answers = &facts.recorded.names_accounted_for;
    if answers.contains(&named.answer(question.recipient)) {
        return true;
    }
    let family = matches!(question.recipient, Recipient::FamilyMember { .. });
    let answered_once = || answers.iter().any(|answer| answer.name_sha256 == named.hit.name_sha256);
    named.hit.near && (question.all_papers().any(|kind| required(kind, family)) || (family && answered_once()))
}

/// Notices and copies that the law requires, to the family or to an office.
fn required(kind: DocumentKind, family: bool) -> bool {
    if family {
        matches!(
            kind,
            DocumentKind::Ifsp
                | DocumentKind::MeetingNotice
                | DocumentKind::PriorWrittenNotice
                | DocumentKind::ProceduralSafeguards
                | DocumentKind::OptOutInformation
        )
    } else {
        matches!(kind, DocumentKind::StopNotice | DocumentKind::LeaNotice | DocumentKind::SeaNotice)
    }
}
