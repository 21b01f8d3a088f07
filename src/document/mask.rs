//! What a copy may hold: the parts of a record that one recipient sees.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{hidden::Hidden, redaction::Private};
use crate::case::{
    Audience, CaseRecord, Date, Directory, OrganisationId, PersonId, PlanSection, Program, Recipient, RecordClass,
    Release,
};

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
    /// Parts of the plan that a release keeps out.
    #[serde(default)]
    pub without: BTreeSet<PlanSection>,
    /// First and last day of the records that a release covers.
    #[serde(default)]
    pub records: (Option<Date>, Option<Date>),
    /// What is kept from this recipient, and from whoever reads at the same address: whose, and which values.
    #[serde(default)]
    pub hides: BTreeMap<PersonId, Hidden>,
    /// Offices whose place is private and which this reader need not know.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub private_offices: BTreeSet<OrganisationId>,
    /// Whether a reminder may name a visit: its owner said that this is safe at this address.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub names_visits: bool,
}

impl Mask {
    /// A parent's copy: everything.
    #[must_use]
    pub fn parent() -> Self {
        Self {
            audience: Audience::Family,
            classes: RecordClass::ALL.into(),
            whole: true,
            agency: None,
            without: BTreeSet::new(),
            records: (None, None),
            hides: BTreeMap::new(),
            private_offices: BTreeSet::new(),
            names_visits: false,
        }
    }

    /// A copy for an office, with these classes.
    #[must_use]
    pub fn office(
        audience: Audience,
        classes: impl IntoIterator<Item = RecordClass>,
        agency: Option<OrganisationId>,
    ) -> Self {
        Self { audience, classes: classes.into_iter().collect(), whole: false, agency, ..Self::parent() }
    }

    /// The same copy without what other people of the family keep private.
    #[must_use]
    pub fn hiding(self, hides: BTreeMap<PersonId, Hidden>) -> Self {
        Self { hides, ..self }
    }

    /// The same copy without offices whose place is private.
    #[must_use]
    pub fn without_offices(self, private_offices: BTreeSet<OrganisationId>) -> Self {
        Self { private_offices, ..self }
    }

    /// The same copy for an address at which a reminder may, or may not, name a visit.
    #[must_use]
    pub fn naming_visits(self, names_visits: bool) -> Self {
        Self { names_visits, ..self }
    }

    /// What a copy under this mask must not hold, as values that can be looked for.
    #[must_use]
    pub fn private(
        &self,
        record: &CaseRecord,
        program: &Program,
        directory: &Directory,
        recipient: &Recipient,
    ) -> Private {
        let offices = self.private_offices.iter().filter_map(|id| directory.organisation(id));
        Private::of(record, program, recipient, &self.hides).and_offices(offices, record, program)
    }

    /// The same copy within the sections and the period of a release.
    #[must_use]
    pub fn under(self, release: &Release) -> Self {
        Self {
            without: release.excluded_sections.iter().copied().collect(),
            records: (release.records_from, release.records_to),
            ..self
        }
    }

    /// The same copy within the sections and the period of one more release: no more than all of them allow.
    #[must_use]
    pub fn and_under(mut self, release: &Release) -> Self {
        self.without.extend(release.excluded_sections.iter().copied());
        let (from, to) = self.records;
        self.records = (from.max(release.records_from), earlier(to, release.records_to));
        self
    }

    /// Whether records of this day may be shown.
    #[must_use]
    pub fn covers(&self, on: Date) -> bool {
        self.records.0.is_none_or(|from| from <= on) && self.records.1.is_none_or(|to| on <= to)
    }

    /// Whether a class is shown.
    #[must_use]
    pub fn shows(&self, class: RecordClass) -> bool {
        self.classes.contains(&class)
    }
}

/// The earlier of two last days, where there is one.
fn earlier(a: Option<Date>, b: Option<Date>) -> Option<Date> {
    a.into_iter().chain(b).min()
}
