//! What waits for its papers, shared by services: a child at a time, under a lease, as no transaction is open while
//! papers are made.

use chrono::{DateTime, Duration, Utc};
use sqlx::{AssertSqlSafe, Row};

use crate::{
    case::ChildId,
    clock::instant_text,
    store::{DispatchRow, Doing, StoreError, outbox::Outbox},
};

impl Outbox<'_> {
    /// Queued envelopes that wait to be rendered.
    pub async fn to_render(self) -> Result<Vec<DispatchRow>, StoreError> {
        self.select("state = 'queued' AND packet IS NULL AND $1 = $1 ORDER BY dispatch_id", "").await
    }

    /// Takes the child whose papers are due first and are made by nobody, for this worker alone. `None`: there is none.
    pub async fn take_to_render(
        self,
        worker: &str,
        now: DateTime<Utc>,
        lease_seconds: i64,
    ) -> Result<Option<ChildId>, StoreError> {
        let now = self.store.lease_now(now).await?;
        let next = format!(
            "SELECT child_id FROM dispatch WHERE state = 'queued' AND packet IS NULL
             AND child_id NOT IN (SELECT r.child_id FROM rendering r WHERE r.lease_until >= $1)
             ORDER BY due_on, dispatch_id LIMIT 1{}",
            self.store.dialect.not_taken()
        );
        let take = format!(
            "INSERT INTO rendering (child_id, worker, lease_until) SELECT child_id, $2, $3 FROM ({next}) next WHERE 1 = 1
             ON CONFLICT (child_id) DO UPDATE SET worker = excluded.worker, lease_until = excluded.lease_until
             WHERE rendering.lease_until < $1 RETURNING child_id"
        );
        let until = now + Duration::seconds(lease_seconds);
        loop {
            let take =
                sqlx::query(AssertSqlSafe(&*take)).bind(instant_text(now)).bind(worker).bind(instant_text(until));
            if let Some(row) = self.store.write_one(take, "taking a child's papers to make").await? {
                let child_id: String = row.try_get("child_id").doing("taking a child's papers to make")?;
                let wrong =
                    |_| StoreError::Inconsistent { table: "dispatch", column: "child_id", id: child_id.clone() };
                return ChildId::parse(&*child_id).map(Some).map_err(wrong);
            }
            // Another one took the same child by another of its envelopes: the next look passes it by.
            let left =
                sqlx::query(AssertSqlSafe(&*next)).bind(instant_text(now)).fetch_optional(&self.store.pool).await;
            if left.doing("looking for papers to make")?.is_none() {
                return Ok(None);
            }
        }
    }

    /// Keeps a child whose papers are still being made.
    pub async fn keep_rendering(
        self,
        child_id: &ChildId,
        worker: &str,
        now: DateTime<Utc>,
        lease_seconds: i64,
    ) -> Result<(), StoreError> {
        let until = self.store.lease_now(now).await? + Duration::seconds(lease_seconds);
        let kept = sqlx::query("UPDATE rendering SET lease_until = $1 WHERE child_id = $2 AND worker = $3")
            .bind(instant_text(until))
            .bind(child_id.as_str())
            .bind(worker);
        self.store.write_one(kept, "keeping a child's papers to make").await?;
        Ok(())
    }

    /// A child's papers are made. Where one could not be, the lease runs out by itself, and it is tried again then.
    pub async fn rendered(self, child_id: &ChildId, worker: &str) -> Result<(), StoreError> {
        let made = sqlx::query(
            "DELETE FROM rendering WHERE child_id = $1 AND worker = $2 AND NOT EXISTS
                (SELECT 1 FROM dispatch d WHERE d.child_id = $1 AND d.state = 'queued' AND d.packet IS NULL)",
        )
        .bind(child_id.as_str())
        .bind(worker);
        self.store.write_one(made, "noting that papers are made").await?;
        Ok(())
    }
}
