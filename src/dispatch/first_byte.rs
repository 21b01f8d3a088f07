//! The permission, asked for again right before the first byte.
//!
//! Between the claim and the first byte there may be minutes: stored documents are fetched, a server thinks about each
//! command. What a person stops meanwhile must not leave.

use std::{fmt, future::Future, pin::Pin, sync::Arc};

use super::outcome::{Evidence, Outcome};

/// Whether it may still go, or what stopped it.
pub type StillAllowed<'a> = Pin<Box<dyn Future<Output = Result<(), Evidence>> + Send + 'a>>;

/// Decides again about one parcel, on the facts as they are at this moment.
pub trait BeforeFirstByte: Send + Sync {
    fn ask(&self) -> StillAllowed<'_>;
}

/// What a parcel carries to ask with.
#[derive(Clone, Default)]
pub(super) struct AskedAgain(Option<Arc<dyn BeforeFirstByte>>);

impl AskedAgain {
    pub(super) fn by(asks: Arc<dyn BeforeFirstByte>) -> Self {
        Self(Some(asks))
    }

    pub(super) async fn ask(&self) -> Result<(), Outcome> {
        match &self.0 {
            Some(asks) => asks.ask().await.map_err(Outcome::Stopped),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for AskedAgain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("AskedAgain").field(&self.0.is_some()).finish()
    }
}
