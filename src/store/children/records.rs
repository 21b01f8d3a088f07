//! Children's records as they are and as they were, and what was recorded here about them.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::facts::{FACTS, read_facts};
use crate::{
    case::{CaseRecord, ChildId, Recorded},
    clock::instant_text,
    store::{Doing, StoreError, children::Children, database::hash_column::sha256_hex},
};

/// A child with everything known about it.
#[derive(Debug, Clone)]
pub struct ChildRow {
    /// The record as received.
    pub record: Arc<CaseRecord>,
    pub record_hash: String,
    /// What was recorded here.
    pub recorded: Recorded,
}

/// Folded for search: case only; the database compares the rest.
pub(super) fn folded(name: &str) -> String {
    name.to_lowercase()
}

impl Children<'_> {
    /// A child's record with what was recorded here.
    ///
    /// # Errors
    /// When there is no such child, or the database refuses.
    pub async fn child(self, child_id: &ChildId) -> Result<ChildRow, StoreError> {
        let row: Option<(String, String)> = sqlx::query_as("SELECT record, record_hash FROM child WHERE child_id = $1")
            .bind(child_id.as_str())
            .fetch_optional(&self.store.pool)
            .await
            .doing("reading a record")?;
        let (text, record_hash) =
            row.ok_or_else(|| StoreError::NotFound { what: "child", id: child_id.to_string() })?;
        let facts = read_facts(
            sqlx::query_as(FACTS)
                .bind(child_id.as_str())
                .fetch_all(&self.store.pool)
                .await
                .doing("reading what was recorded")?,
            child_id,
        )?;
        let recorded = Recorded::of(&facts);
        let (record, record_hash) = completed(parse_record(&text, child_id.as_str())?, record_hash, &recorded);
        Ok(ChildRow { record, record_hash, recorded })
    }

    /// A child's record as it stood at an instant, as it was received; `None` before its first import.
    pub async fn record_as_of(
        self,
        child_id: &ChildId,
        at: DateTime<Utc>,
    ) -> Result<Option<serde_json::Value>, StoreError> {
        let row: Option<(String,)> = sqlx::query_as(
            "SELECT record FROM (
                SELECT revision, record FROM child WHERE child_id = $1 AND imported_at <= $2
                UNION ALL SELECT revision, record FROM child_history WHERE child_id = $1 AND imported_at <= $2
             ) stood ORDER BY revision DESC LIMIT 1",
        )
        .bind(child_id.as_str())
        .bind(instant_text(at))
        .fetch_optional(&self.store.pool)
        .await
        .doing("reading an earlier record")?;
        let wrong = |_| StoreError::Inconsistent { table: "child_history", column: "record", id: child_id.to_string() };
        row.map(|(text,)| serde_json::from_str(&text).map_err(wrong)).transpose()
    }
}

pub(in crate::store) fn parse_record(text: &str, id: &str) -> Result<Arc<CaseRecord>, StoreError> {
    serde_json::from_str(text).map(Arc::new).map_err(|_| StoreError::Inconsistent {
        table: "child",
        column: "record",
        id: id.to_owned(),
    })
}

/// The record with what was recorded here about it. Where that changes it, its hash changes too: papers that were
/// made from the record as received are made anew.
pub(in crate::store) fn completed(
    record: Arc<CaseRecord>,
    hash: String,
    recorded: &Recorded,
) -> (Arc<CaseRecord>, String) {
    if recorded.completes_nothing() {
        return (record, hash);
    }
    let mut complete = (*record).clone();
    if !recorded.complete(&mut complete) {
        return (Arc::new(complete), hash);
    }
    let mut hashed = serde_json::to_vec(&complete).expect("a case record is plain data");
    // A record that holds nothing of it hashes as it did before there was such a thing.
    if !complete.here.objections.is_empty() || complete.here.late_objection_counts.is_some() {
        hashed.extend(serde_json::to_vec(&complete.here).expect("what was recorded is plain data"));
    }
    let hash = sha256_hex(&hashed);
    (Arc::new(complete), hash)
}
