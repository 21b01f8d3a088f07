//! The program's records as staff see them: found by what a caller says, and one of them on a page. A record that is closed to
//! somebody is not there for that person.

pub(super) mod find;
pub(super) mod child_page;

use std::sync::Arc;

use super::Pipeline;

/// The records, as far as one sees them.
#[derive(Debug, Clone)]
pub struct Records {
    pipeline: Arc<Pipeline>,
}

impl Pipeline {
    /// The records, as far as one sees them.
    #[must_use]
    pub fn records(self: &Arc<Self>) -> Records {
        Records { pipeline: Arc::clone(self) }
    }
}
