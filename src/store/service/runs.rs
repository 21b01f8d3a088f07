//! Runs and the installation's own notes.

use chrono::{DateTime, NaiveDate, Utc};

use crate::{
    clock::instant_text,
    store::{Doing, StoreError, new_id, service::ServiceState},
};

/// What a run is to look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunKind {
    /// Everything that is due.
    All,
    /// The lines of a plan of sends.
    Plan,
    /// What a person sends by hand.
    ByHand,
}

impl RunKind {
    /// The code that is stored.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Plan => "plan",
            Self::ByHand => "by-hand",
        }
    }
}

impl ServiceState<'_> {
    /// Opens a run.
    pub async fn start_run(self, kind: RunKind, as_of: NaiveDate, now: DateTime<Utc>) -> Result<String, StoreError> {
        let id = new_id(now);
        let mut write = self.store.write().await?;
        sqlx::query("INSERT INTO run (run_id, started_at, as_of, kind) VALUES ($1, $2, $3, $4)")
            .bind(&id)
            .bind(instant_text(now))
            .bind(as_of.to_string())
            .bind(kind.as_str())
            .execute(&mut *write.tx)
            .await
            .doing("starting a run")?;
        write.commit().await?;
        Ok(id)
    }

    /// Closes a run with its balance.
    pub async fn end_run(self, run_id: &str, balance: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
        let mut write = self.store.write().await?;
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
    pub async fn note_of_installation(self, name: &str) -> Result<Option<String>, StoreError> {
        let row: Option<(String,)> = sqlx::query_as("SELECT value FROM installation WHERE name = $1")
            .bind(name)
            .fetch_optional(&self.store.pool)
            .await
            .doing("reading the installation's notes")?;
        Ok(row.map(|(value,)| value))
    }

    /// Keeps a note of the installation; `None` removes it.
    pub async fn keep_note(self, name: &str, value: Option<&str>) -> Result<(), StoreError> {
        let mut write = self.store.write().await?;
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
}
