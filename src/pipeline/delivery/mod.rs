//! From the queue to the next hand: claimed, sent, settled, and found again after a crash.

pub(super) mod pdf_encryption;
mod next_steps;
mod message;
mod fax_cover;
mod outcome;
mod turns;
pub(super) mod workers;
mod attempt;
mod before_first_byte;
mod parcel;
pub(super) mod recover;
mod passphrases;

use std::sync::Arc;

use super::Pipeline;

/// Claims, sends and settles what is queued.
#[derive(Debug, Clone)]
pub struct Delivery {
    pipeline: Arc<Pipeline>,
}

impl Pipeline {
    /// Claims, sends and settles what is queued.
    #[must_use]
    pub fn delivery(self: &Arc<Self>) -> Delivery {
        Delivery { pipeline: Arc::clone(self) }
    }
}
