//! Plans of sends: lines that stand until a later plan closes them, and who approved what.

pub(super) mod lines;
mod read;
mod keep;

use super::Store;

/// Plans of sends.
#[derive(Clone, Copy)]
pub struct SendPlans<'a> {
    store: &'a Store,
}

impl Store {
    /// Plans of sends.
    #[must_use]
    pub fn send_plans(&self) -> SendPlans<'_> {
        SendPlans { store: self }
    }
}
