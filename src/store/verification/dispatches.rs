//! What left has its entry, and each entry its dispatch.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use super::entries::number_of;
use crate::{
    ledger::{ChainError, Head},
    store::{Doing, StoreError, verification::Verification},
};

impl Verification<'_> {
    /// A personal part without an entry: the chain before it has no gap, so it can only lie outside of it.
    pub(super) async fn stray_detail(self, head: &Head) -> Result<Option<ChainError>, StoreError> {
        let (seq,): (Option<i64>,) = sqlx::query_as("SELECT MIN(seq) FROM ledger_detail WHERE seq < 1 OR seq > $1")
            .bind(head.count)
            .fetch_one(&self.store.pool)
            .await
            .doing("reading the record of access")?;
        Ok(seq.map(ChainError::Stray))
    }

    /// What left has its entry, and each entry its dispatch.
    pub(super) async fn dispatches_agree(
        self,
        mut named: HashMap<u128, (i64, Arc<str>)>,
        destroyed: &BTreeMap<String, i64>,
    ) -> Result<Option<ChainError>, StoreError> {
        let mut after = String::new();
        loop {
            let rows: Vec<(String, String)> = sqlx::query_as(
                "SELECT dispatch_id, state FROM dispatch WHERE dispatch_id > $1 ORDER BY dispatch_id LIMIT 10000",
            )
            .bind(&after)
            .fetch_all(&self.store.pool)
            .await
            .doing("reading envelopes")?;
            let Some((last, _)) = rows.last() else { break };
            after.clone_from(last);
            for (id, state) in rows {
                let entered = named.remove(&number_of(&id)).is_some();
                if !entered && matches!(state.as_str(), "accepted" | "confirmed" | "returned" | "unknown") {
                    return Ok(Some(ChainError::NoEntry(id, state)));
                }
            }
        }
        let gone = named.into_values().filter(|(_, child)| !destroyed.contains_key(&**child)).map(|(seq, _)| seq).min();
        let Some(seq) = gone else { return Ok(None) };
        let dispatch = self.store.ledger().entry_at(seq).await?.and_then(|entry| entry.dispatch).unwrap_or_default();
        Ok(Some(ChainError::NoDispatch { seq, dispatch, says: "does not exist any more" }))
    }
}
