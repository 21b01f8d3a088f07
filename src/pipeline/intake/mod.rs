//! How facts come in: imports, what people record here, documents made elsewhere.

mod standing_tasks;
mod after_death;
pub(super) mod record_facts;
pub(super) mod import;
mod duty_decisions;
pub(super) mod external_documents;
mod language_accommodation;
