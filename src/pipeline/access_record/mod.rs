//! What enters the record of access, and the reports, requests and destruction that rest on it.

pub(super) mod entries;
pub(super) mod checkpoint;
mod corrections;
pub(super) mod report;
mod evidence;
pub(super) mod requests_and_incidents;
pub(super) mod retention;
