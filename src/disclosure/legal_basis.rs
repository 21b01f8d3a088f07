//! On what a disclosure would rest, and what the copy may hold.

use std::collections::BTreeSet;

use super::authorization::Basis;
use crate::case::{Audience, Exception, OrganisationId, RecordClass, Release};

/// On what a disclosure would rest, and what the copy may hold.
pub(super) struct Ground<'a> {
    pub(super) basis: Basis,
    pub(super) audience: Audience,
    pub(super) classes: BTreeSet<RecordClass>,
    pub(super) agency: Option<OrganisationId>,
    pub(super) release: Option<&'a Release>,
    pub(super) exception: Option<&'a Exception>,
}

impl Ground<'_> {
    /// A copy for an office, with these classes, on a ground that is neither a role nor a release.
    pub(super) fn office(basis: Basis, classes: impl IntoIterator<Item = RecordClass>) -> Self {
        Self {
            basis,
            audience: Audience::Team,
            classes: classes.into_iter().collect(),
            agency: None,
            release: None,
            exception: None,
        }
    }
}
