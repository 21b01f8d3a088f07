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

type Attempt = (String, String, i64);

/// Attempts that this process has out: worker, dispatch, number.
static OUT: Mutex<BTreeSet<Attempt>> = Mutex::new(BTreeSet::new());

fn all_out() -> MutexGuard<'static, BTreeSet<Attempt>> {
    OUT.lock().expect("no holder of the list panics")
}

/// An attempt that is out for as long as this stands. It is not lost, however long the machine slept meanwhile: after
/// a lid was closed for a day its lease has run out, and its worker is still there.
pub(super) struct Out(Attempt);

impl Out {
    pub(super) fn now(worker: &str, dispatch_id: &str, attempt: i64) -> Self {
        let out = (worker.to_owned(), dispatch_id.to_owned(), attempt);
        all_out().insert(out.clone());
        Self(out)
    }

    /// Whether this worker still has the attempt out.
    pub(super) fn is(worker: &str, dispatch_id: &str, attempt: i64) -> bool {
        all_out().contains(&(worker.to_owned(), dispatch_id.to_owned(), attempt))
    }
}

impl Drop for Out {
    fn drop(&mut self) {
        all_out().remove(&self.0);
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
            self.store.renew(dispatch_id, attempt, now, lease)
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
            match self.store.settle(settlement, self.now()).await {
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
