//! What waits for a person.

use chrono::{DateTime, Utc};

use super::{Doing, Store, StoreError, Write, new_id};
use crate::{case::ChildId, clock::instant_text};

/// An open task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskRow {
    /// Id.
    pub task_id: String,
    /// The child, where it is about one.
    pub child_id: Option<String>,
    /// Kind.
    pub kind: String,
    /// What it is about, without names.
    pub subject: String,
    /// What to do.
    pub says: String,
    /// Since when.
    pub opened_at: String,
}

impl Store {
    /// Opens a task unless the same one is open already.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn open_task(
        &self,
        child_id: Option<&ChildId>,
        kind: &str,
        subject: &str,
        says: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let mut write = self.write().await?;
        open_task_in(&mut write, child_id, kind, subject, says, now).await?;
        write.commit().await
    }

    /// Closes a child's open tasks of a kind whose subject is none of these any more.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn close_other_tasks(
        &self,
        child_id: &ChildId,
        kind: &str,
        subjects: &[&str],
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let open: Vec<(String, String)> =
            sqlx::query_as("SELECT task_id, subject FROM task WHERE child_id = $1 AND kind = $2 AND closed_at IS NULL")
                .bind(child_id.as_str())
                .bind(kind)
                .fetch_all(&self.pool)
                .await
                .doing("looking for a task")?;
        for (task_id, _) in open.iter().filter(|(_, subject)| !subjects.contains(&subject.as_str())) {
            let mut write = self.write().await?;
            sqlx::query("UPDATE task SET closed_at = $1 WHERE task_id = $2")
                .bind(instant_text(now))
                .bind(task_id)
                .execute(&mut *write.tx)
                .await
                .doing("closing a task")?;
            write.commit().await?;
        }
        Ok(())
    }

    /// Open tasks, oldest first.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn tasks(&self) -> Result<Vec<TaskRow>, StoreError> {
        let rows: Vec<(String, Option<String>, String, String, String, String)> =
            sqlx::query_as("SELECT task_id, child_id, kind, subject, says, opened_at FROM task WHERE closed_at IS NULL ORDER BY task_id")
                .fetch_all(&self.pool)
                .await
                .doing("reading tasks")?;
        Ok(rows
            .into_iter()
            .map(|(task_id, child_id, kind, subject, says, opened_at)| TaskRow {
                task_id,
                child_id,
                kind,
                subject,
                says,
                opened_at,
            })
            .collect())
    }
}

/// Opens a task within a transaction, unless the same one is open already.
pub(super) async fn open_task_in(
    write: &mut Write<'_>,
    child_id: Option<&ChildId>,
    kind: &str,
    subject: &str,
    says: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let sql = if child_id.is_some() {
        "SELECT task_id FROM task WHERE child_id = $1 AND kind = $2 AND subject = $3 AND closed_at IS NULL"
    } else {
        "SELECT task_id FROM task WHERE child_id IS NULL AND COALESCE($1, '') = '' AND kind = $2 AND subject = $3 AND closed_at IS NULL"
    };
    let open: Option<(String,)> = sqlx::query_as(sql)
        .bind(child_id.map(ChildId::as_str))
        .bind(kind)
        .bind(subject)
        .fetch_optional(&mut *write.tx)
        .await
        .doing("looking for a task")?;
    if open.is_some() {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO task (task_id, child_id, kind, subject, says, opened_at) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT DO NOTHING",
    )
    .bind(new_id(now))
    .bind(child_id.map(ChildId::as_str))
    .bind(kind)
    .bind(subject)
    .bind(says)
    .bind(instant_text(now))
    .execute(&mut *write.tx)
    .await
    .doing("opening a task")?;
    Ok(())
}
