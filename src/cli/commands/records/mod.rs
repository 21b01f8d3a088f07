//! What is recorded here, taken in or imported.

pub(in crate::cli) mod child;
pub(in crate::cli) mod file_in;
pub(in crate::cli) mod filed;
pub(in crate::cli) mod import;
pub(in crate::cli) mod stops;
mod language;
mod exception;
pub(in crate::cli) mod record;
