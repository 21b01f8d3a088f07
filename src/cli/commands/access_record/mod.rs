//! The record of access: read, verified, reported, and what people ask about it.

mod listing;
pub(in crate::cli) mod incident;
pub(crate) mod report;
pub(in crate::cli) mod ledger;
pub(in crate::cli) mod request;
pub(crate) mod retention;
