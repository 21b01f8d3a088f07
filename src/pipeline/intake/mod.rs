//! How facts come in: imports, what people record here, documents made elsewhere.

mod standing_tasks;
mod records_to_check;
mod after_death;
mod kept_back;
mod emergencies;
mod fact_checks;
pub(super) mod record_facts;
pub(super) mod on_its_way;
pub(super) mod import;
mod duty_decisions;
pub(super) mod external_documents;
mod language_accommodation;

use std::sync::Arc;

use super::Pipeline;

pub use duty_decisions::DutyDecisions;
pub use emergencies::{ExceptionAsked, Exceptions};
pub use kept_back::Revocation;

/// Imports, and what people record here.
#[derive(Debug, Clone)]
pub struct Intake {
    pipeline: Arc<Pipeline>,
}

/// Documents made elsewhere.
#[derive(Debug, Clone)]
pub struct ExternalDocuments {
    pipeline: Arc<Pipeline>,
}

impl Pipeline {
    /// Imports, and what people record here.
    #[must_use]
    pub fn intake(self: &Arc<Self>) -> Intake {
        Intake { pipeline: Arc::clone(self) }
    }

    /// Documents made elsewhere.
    #[must_use]
    pub fn external_documents(self: &Arc<Self>) -> ExternalDocuments {
        ExternalDocuments { pipeline: Arc::clone(self) }
    }
}
