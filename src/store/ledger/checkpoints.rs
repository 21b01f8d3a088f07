//! Which checkpoints were written: a missing file is noticed.

use chrono::{DateTime, Utc};

use crate::{
    clock::instant_text,
    store::{Doing, StoreError, ledger::LedgerTable},
};

/// A checkpoint that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckpointRow {
    pub number: i64,
    /// Entries of the record when it was made.
    pub entries: i64,
    /// SHA-256 of its text.
    pub note_hash: String,
    pub at: String,
}

impl LedgerTable<'_> {
    /// Checkpoints signed with a key, oldest first.
    pub async fn checkpoints(self, key_id: &str) -> Result<Vec<CheckpointRow>, StoreError> {
        let rows: Vec<(i64, i64, String, String)> =
            sqlx::query_as("SELECT number, entries, note_hash, at FROM checkpoint WHERE key_id = $1 ORDER BY number")
                .bind(key_id)
                .fetch_all(&self.store.pool)
                .await
                .doing("reading the list of checkpoints")?;
        Ok(rows
            .into_iter()
            .map(|(number, entries, note_hash, at)| CheckpointRow { number, entries, note_hash, at })
            .collect())
    }

    /// The newest checkpoint signed with a key.
    pub async fn last_checkpoint(self, key_id: &str) -> Result<Option<CheckpointRow>, StoreError> {
        let row: Option<(i64, i64, String, String)> = sqlx::query_as(
            "SELECT number, entries, note_hash, at FROM checkpoint WHERE key_id = $1 ORDER BY number DESC LIMIT 1",
        )
        .bind(key_id)
        .fetch_optional(&self.store.pool)
        .await
        .doing("reading the list of checkpoints")?;
        Ok(row.map(|(number, entries, note_hash, at)| CheckpointRow { number, entries, note_hash, at }))
    }

    /// Notes that a checkpoint was written.
    pub async fn note_checkpoint(
        self,
        key_id: &str,
        number: i64,
        entries: i64,
        note_hash: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let mut write = self.store.write().await?;
        sqlx::query(
            "INSERT INTO checkpoint (key_id, number, entries, note_hash, at) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (key_id, number) DO NOTHING",
        )
        .bind(key_id)
        .bind(number)
        .bind(entries)
        .bind(note_hash)
        .bind(instant_text(now))
        .execute(&mut *write.tx)
        .await
        .doing("noting a checkpoint")?;
        write.commit().await
    }
}
