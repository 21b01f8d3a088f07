//! Runs, the installation's own notes, and schedules.

use chrono::{DateTime, NaiveDate, Utc};

use super::{Doing, Store, StoreError, new_id};
use crate::clock::{instant_text, parse_instant};

impl Store {
    /// Opens a run.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn start_run(&self, as_of: NaiveDate, now: DateTime<Utc>) -> Result<String, StoreError> {
        let id = new_id(now);
        let mut write = self.write().await?;
        sqlx::query("INSERT INTO run (run_id, started_at, as_of) VALUES ($1, $2, $3)")
            .bind(&id)
            .bind(instant_text(now))
            .bind(as_of.to_string())
            .execute(&mut *write.tx)
            .await
            .doing("starting a run")?;
        write.commit().await?;
        Ok(id)
    }

    /// Closes a run with its balance.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn end_run(&self, run_id: &str, balance: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
        let mut write = self.write().await?;
        sqlx::query("UPDATE run SET ended_at = $1, balance = $2 WHERE run_id = $3")
            .bind(instant_text(now))
            .bind(balance)
            .bind(run_id)
            .execute(&mut *write.tx)
            .await
            .doing("ending a run")?;
        write.commit().await
    }

    /// A note of the installation.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn note_of_installation(&self, name: &str) -> Result<Option<String>, StoreError> {
        let row: Option<(String,)> = sqlx::query_as("SELECT value FROM installation WHERE name = $1")
            .bind(name)
            .fetch_optional(&self.pool)
            .await
            .doing("reading the installation's notes")?;
        Ok(row.map(|(value,)| value))
    }

    /// Keeps a note of the installation; `None` removes it.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn keep_note(&self, name: &str, value: Option<&str>) -> Result<(), StoreError> {
        let mut write = self.write().await?;
        match value {
            Some(value) => {
                sqlx::query("INSERT INTO installation (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value")
                    .bind(name)
                    .bind(value)
                    .execute(&mut *write.tx)
                    .await
                    .doing("keeping a note")?;
            }
            None => {
                sqlx::query("DELETE FROM installation WHERE name = $1")
                    .bind(name)
                    .execute(&mut *write.tx)
                    .await
                    .doing("removing a note")?;
            }
        }
        write.commit().await
    }

    /// Takes a schedule's tick if it is due and nobody has it: at most one service runs each tick.
    /// `next` works out the following due time from `now`. Tells whether this caller runs it.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn take_tick(
        &self,
        name: &str,
        now: DateTime<Utc>,
        next: impl Fn(DateTime<Utc>) -> Option<DateTime<Utc>> + Send,
    ) -> Result<bool, StoreError> {
        let mut write = self.write().await?;
        // A service that starts for the first time runs at once: a missed night is repaired by the next tick. The
        // row is there before it is locked, so that of two first services one waits for the other.
        sqlx::query("INSERT INTO schedule (name, next_due) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING")
            .bind(name)
            .bind(instant_text(now))
            .execute(&mut *write.tx)
            .await
            .doing("setting a schedule up")?;
        let sql = format!("SELECT next_due FROM schedule WHERE name = $1{}", write.to_change());
        let (at,): (String,) = sqlx::query_as(sqlx::AssertSqlSafe(sql))
            .bind(name)
            .fetch_one(&mut *write.tx)
            .await
            .doing("reading a schedule")?;
        let due = parse_instant(&at).map_err(|_| StoreError::Inconsistent {
            table: "schedule",
            column: "next_due",
            id: name.to_owned(),
        })?;
        if due > now {
            return Ok(false);
        }
        let Some(following) = next(now) else { return Ok(false) };
        sqlx::query(
            "INSERT INTO schedule (name, next_due, last_run) VALUES ($1, $2, $3)
             ON CONFLICT (name) DO UPDATE SET next_due = excluded.next_due, last_run = excluded.last_run",
        )
        .bind(name)
        .bind(instant_text(following))
        .bind(instant_text(now))
        .execute(&mut *write.tx)
        .await
        .doing("taking a tick")?;
        write.commit().await?;
        Ok(true)
    }
}
