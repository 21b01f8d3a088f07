//! From the queue to the next hand: claimed, sent, settled, and found again after a crash.

pub(super) mod pdf_encryption;
mod message;
mod fax_cover;
mod outcome;
pub(super) mod workers;
mod attempt;
mod parcel;
pub(super) mod recover;
