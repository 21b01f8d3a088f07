//! The lease of an attempt: renewed while it runs, and settled once, by whoever holds it.

use std::{
    collections::BTreeSet,
    sync::{Mutex, MutexGuard},
    time::{Duration, Instant},
};

use super::Pipeline;
use crate::{
    dispatch::Outcome,
    store::{Settlement, StoreError},
};

/// Between two tries to record an outcome.
const TRY_AGAIN: Duration = Duration::from_millis(500);

/// A dispatch and the number of an attempt.
type Attempt = (String, i64);

/// The attempts that a pipeline has out.
#[derive(Debug, Default)]
pub struct AllOut(Mutex<BTreeSet<Attempt>>);

impl AllOut {
    fn list(&self) -> MutexGuard<'_, BTreeSet<Attempt>> {
        self.0.lock().expect("no holder of the list panics")
    }

    /// The attempt is out until what this gives is dropped.
    pub(super) fn now(&self, dispatch_id: &str, attempt: i64) -> Out<'_> {
        let out = (dispatch_id.to_owned(), attempt);
        self.list().insert(out.clone());
        Out { all: self, out }
    }

    /// Whether the attempt is still out.
    pub(super) fn has(&self, dispatch_id: &str, attempt: i64) -> bool {
        self.list().contains(&(dispatch_id.to_owned(), attempt))
    }
}

/// An attempt that is out for as long as this stands. It is not lost, however long the machine slept meanwhile: after
/// a lid was closed for a day its lease has run out, and its worker is still there.
pub(super) struct Out<'a> {
    all: &'a AllOut,
    out: Attempt,
}

impl Drop for Out<'_> {
    fn drop(&mut self) {
        self.all.list().remove(&self.out);
    }
}

impl Pipeline {
    /// Runs an attempt and renews its lease as long as it runs.
    pub(super) async fn with_lease(
        &self,
        dispatch_id: &str,
        attempt: i64,
        work: impl Future<Output = Outcome>,
    ) -> Outcome {
        let renewed = || {
            let now = self.now();
            let lease = now + chrono::Duration::seconds(self.delivery.lease_seconds);
            self.store.outbox().renew(dispatch_id, attempt, now, lease)
        };
        // A lease that cannot be renewed is found at settling, which is fenced.
        self.while_renewing(work, renewed, "of an attempt").await
    }

    /// Runs work and renews its lease beside it: a database that does not answer must not hold up what is on the wire.
    pub(super) async fn while_renewing<T, R: Future<Output = Result<(), StoreError>>>(
        &self,
        work: impl Future<Output = T>,
        renew: impl Fn() -> R,
        what: &'static str,
    ) -> T {
        let third = u64::try_from(self.delivery.lease_seconds.max(3) / 3).unwrap_or(1);
        let renewing = async {
            loop {
                tokio::time::sleep(Duration::from_secs(third)).await;
                if let Err(error) = renew().await {
                    tracing::warn!(%error, "the lease {what} could not be renewed");
                }
            }
        };
        tokio::select! {
            done = work => done,
            () = renewing => unreachable!("leases are renewed until the work is done"),
        }
    }

    /// Settles an attempt that is still ours. `false`: another worker took it over and has written what is known;
    /// writing it again would count it twice.
    ///
    /// What was learned is not given up because the database is busy or away for a moment: it is tried again until the
    /// lease would have run out.
    pub(super) async fn settle_ours(&self, settlement: &Settlement<'_>) -> Result<bool, StoreError> {
        let patience = Duration::from_secs(self.delivery.lease_seconds.unsigned_abs());
        let started = Instant::now();
        loop {
            match self.store.outcomes().settle(settlement, self.now()).await {
                Ok(_) => return Ok(true),
                Err(StoreError::LeaseLost(id)) => {
                    tracing::warn!(dispatch = id, "another worker has settled this attempt");
                    return Ok(false);
                }
                Err(error @ StoreError::Database { .. }) if started.elapsed() < patience => {
                    tracing::warn!(dispatch = settlement.dispatch_id, %error, "an outcome could not be recorded yet");
                    tokio::time::sleep(TRY_AGAIN).await;
                }
                Err(error) => return Err(error),
            }
        }
    }
}
