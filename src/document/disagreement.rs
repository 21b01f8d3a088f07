//! Which statements of disagreement go along with a copy (34 CFR 303.412(c)).

use super::{Mask, catalog::classes_of};
use crate::{
    case::{CaseRecord, Statement},
    due::DocumentKind,
};

/// The statements about what this copy of this paper shows.
pub fn statements_on<'a>(
    record: &'a CaseRecord,
    kind: DocumentKind,
    mask: &'a Mask,
) -> impl Iterator<Item = &'a Statement> {
    let classes = classes_of(kind);
    record.statements.iter().filter(move |statement| {
        let class = statement.contests;
        mask.shows(class) && (classes.needs.contains(&class) || classes.may_show.contains(&class))
    })
}
