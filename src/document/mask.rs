//! What a copy may hold: the parts of a record that one recipient sees.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::case::{Audience, OrganisationId, RecordClass};
use crate::due::DocumentKind;

/// The parts of the record that a copy may show.
///
/// Only the gate makes one ([`crate::disclosure`]); the views are built under it, so that what is masked
/// never reaches a template.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Mask {
    /// For whom the words are chosen.
    pub audience: Audience,
    /// Classes of the record that it holds.
    pub classes: BTreeSet<RecordClass>,
    /// Whether the family's own pages and answers are shown: the parents' copy.
    pub whole: bool,
    /// The one agency whose authorization this is, for papers that ask it to act.
    pub agency: Option<OrganisationId>,
}

impl Mask {
    /// A parent's copy: everything.
    #[must_use]
    pub fn parent() -> Self {
        Self { audience: Audience::Family, classes: RecordClass::ALL.into(), whole: true, agency: None }
    }

    /// A copy for an office, with these classes.
    #[must_use]
    pub fn office(
        audience: Audience,
        classes: impl IntoIterator<Item = RecordClass>,
        agency: Option<OrganisationId>,
    ) -> Self {
        Self { audience, classes: classes.into_iter().collect(), whole: false, agency }
    }

    /// Whether a class is shown.
    #[must_use]
    pub fn shows(&self, class: RecordClass) -> bool {
        self.classes.contains(&class)
    }
}

/// The record classes that a kind of paper draws on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Classes {
    /// Without these the paper makes no sense and is withheld.
    pub needs: &'static [RecordClass],
    /// Without these it goes with the part left out.
    pub may_show: &'static [RecordClass],
}

/// What each paper is made of.
#[must_use]
pub fn classes_of(kind: DocumentKind) -> Classes {
    use RecordClass::{ContactNotes, EvaluationAndEligibility, FamilyInformation, Health, Plan, Transition};
    match kind {
        DocumentKind::Ifsp => {
            Classes { needs: &[Plan], may_show: &[EvaluationAndEligibility, Health, FamilyInformation, Transition] }
        }
        DocumentKind::PhysicianLetter => Classes { needs: &[Plan], may_show: &[EvaluationAndEligibility] },
        DocumentKind::ServiceAuthorization => Classes { needs: &[Plan], may_show: &[] },
        DocumentKind::ContactSummary => Classes { needs: &[ContactNotes], may_show: &[Plan, FamilyInformation] },
        DocumentKind::TransitionPacket => Classes { needs: &[Transition], may_show: &[Plan] },
        DocumentKind::StopNotice | DocumentKind::MonthlyReminder => Classes { needs: &[], may_show: &[] },
    }
}
