//! From the queue to the next hand: claimed, sent, settled, and found again after a crash.

pub(super) mod pdf_encryption;
mod message;
mod parcel;
mod fax_cover;
mod outcome;
mod attempt;
pub(super) mod workers;
pub(super) mod recover;
