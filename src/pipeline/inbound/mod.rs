//! What comes back: failure notices, receipts, a fax server's answers.

pub(super) mod look;
pub(super) mod receive;
mod apply_report;
mod bursts;
mod fax_status;
pub(super) mod inbox;
