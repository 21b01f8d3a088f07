//! The record of access: read, verified, reported, and what people ask about it.

pub(in crate::cli) mod incident;
pub(in crate::cli) mod ledger;
mod listing;
pub(crate) mod report;
pub(in crate::cli) mod request;
pub(crate) mod retention;
