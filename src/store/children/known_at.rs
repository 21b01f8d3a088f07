//! What was known about a child at an earlier instant: for what a person says later of something that happened then.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::{
    facts::{FACTS, read_facts},
    records::{completed, parse_record},
};
use crate::{
    case::{ChildId, Directory, Recorded},
    clock::instant_text,
    store::{
        Doing, StoreError, StoredFacts,
        children::Children,
        service::holds::{as_gate, read_hold},
    },
};

impl Children<'_> {
    /// The facts on which the gate would have decided at an instant. Facts that came after it do not count, whatever day
    /// they name. Where nothing was known yet, what is known now counts.
    ///
    /// # Errors
    /// When there is no such child, or the database refuses.
    pub async fn known_at(self, child_id: &ChildId, at: DateTime<Utc>) -> Result<StoredFacts, StoreError> {
        let now = self.known(child_id).await?;
        let (pool, instant) = (&self.store.pool, instant_text(at));
        let record: Option<(String, String)> = sqlx::query_as(
            "SELECT record, record_hash FROM (
                SELECT revision, record, record_hash FROM child WHERE child_id = $1 AND imported_at <= $2
                UNION ALL
                SELECT revision, record, record_hash FROM child_history WHERE child_id = $1 AND imported_at <= $2
             ) stood ORDER BY revision DESC LIMIT 1",
        )
        .bind(child_id.as_str())
        .bind(&instant)
        .fetch_optional(pool)
        .await
        .doing("reading an earlier record")?;
        let facts: Vec<(String, String, String)> =
            sqlx::query_as(FACTS).bind(child_id.as_str()).fetch_all(pool).await.doing("reading what was recorded")?;
        let facts = facts.into_iter().filter(|(_, recorded_at, _)| *recorded_at <= instant).collect();
        let recorded = Recorded::of(&read_facts(facts, child_id)?);
        let (record, record_hash) = match record {
            Some((text, hash)) => completed(parse_record(&text, child_id.as_str())?, hash, &recorded),
            None => (Arc::clone(&now.record), now.record_hash.clone()),
        };
        let directory: Option<(String, String)> = sqlx::query_as(
            "SELECT body, body_hash FROM directory WHERE imported_at <= $1 ORDER BY revision DESC LIMIT 1",
        )
        .bind(&instant)
        .fetch_optional(pool)
        .await
        .doing("reading an earlier directory")?;
        let (directory, directory_hash) = match directory {
            Some((text, hash)) => {
                let wrong = |_| StoreError::Inconsistent { table: "directory", column: "body", id: hash.clone() };
                (Arc::new(serde_json::from_str::<Directory>(&text).map_err(wrong)?), hash)
            }
            None => (Arc::clone(&now.directory), now.directory_hash.clone()),
        };
        let holds: Vec<(String, String, String, String, String)> = sqlx::query_as(
            "SELECT scope, subject, reason, held_at, held_by FROM hold
             WHERE held_at <= $1 AND (released_at IS NULL OR released_at > $1) ORDER BY hold_id",
        )
        .bind(&instant)
        .fetch_all(pool)
        .await
        .doing("reading earlier holds")?;
        let holds = as_gate(holds.into_iter().map(read_hold).collect::<Result<Vec<_>, _>>()?)?;
        Ok(StoredFacts { record, record_hash, recorded, directory, directory_hash, holds: Arc::new(holds) })
    }
}
