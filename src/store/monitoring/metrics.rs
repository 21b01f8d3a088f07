//! Counts and ages for those who watch the service.

use chrono::NaiveDate;

use crate::store::{Doing, StoreError, monitoring::Monitoring};

/// A lane of the outbox: the envelopes that wait for one channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lane {
    /// The channel, or `to-render` for envelopes whose papers are to be made anew first.
    pub lane: String,
    /// Envelopes that wait.
    pub waiting: i64,
    /// Since when the first of them could have gone.
    pub oldest: Option<String>,
}

impl Monitoring<'_> {
    /// The lanes of the outbox that hold something.
    pub async fn lanes(self) -> Result<Vec<Lane>, StoreError> {
        let rows: Vec<(String, i64, Option<String>)> = sqlx::query_as(
            "SELECT CASE WHEN packet IS NULL THEN 'to-render' ELSE COALESCE(channel, 'none') END AS lane, COUNT(*), MIN(not_before)
             FROM dispatch WHERE state = 'queued' GROUP BY 1 ORDER BY 1",
        )
        .fetch_all(&self.store.pool)
        .await
        .doing("looking at the outbox")?;
        Ok(rows.into_iter().map(|(lane, waiting, oldest)| Lane { lane, waiting, oldest }).collect())
    }

    /// Whether an envelope with its papers waits to be sent.
    pub async fn something_waits(self) -> Result<bool, StoreError> {
        let row: Option<(String,)> =
            sqlx::query_as("SELECT dispatch_id FROM dispatch WHERE state = 'queued' AND packet IS NOT NULL LIMIT 1")
                .fetch_optional(&self.store.pool)
                .await
                .doing("looking at the outbox")?;
        Ok(row.is_some())
    }

    /// Open duties whose last day lies before this day.
    pub async fn late_obligations(self, day: NaiveDate) -> Result<i64, StoreError> {
        let (late,): (i64,) = sqlx::query_as("SELECT COUNT(*) FROM obligation WHERE status = 'open' AND due_on < $1")
            .bind(day.to_string())
            .fetch_one(&self.store.pool)
            .await
            .doing("counting late duties")?;
        Ok(late)
    }

    /// When the newest checkpoint of the record of access was signed.
    pub async fn newest_checkpoint(self) -> Result<Option<String>, StoreError> {
        let (at,): (Option<String>,) = sqlx::query_as("SELECT MAX(at) FROM checkpoint")
            .fetch_one(&self.store.pool)
            .await
            .doing("looking for the newest checkpoint")?;
        Ok(at)
    }
}
