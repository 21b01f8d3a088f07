//! What waits for a person.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::{
    case::ChildId,
    clock::instant_text,
    store::{Doing, StoreError, Write, new_id, service::ServiceState},
};

/// Kinds of task that stand as long as a child's facts ask for them.
pub const STANDING_TASKS: [&str; 8] = [
    "import-disagrees",
    "order-unread",
    "objection",
    "plan-not-final",
    "language-not-served",
    "protected-not-searchable",
    "tell-parent-of-emergency",
    "who-decides",
];

/// What a child's facts ask for: by kind and subject, what to do.
pub type Asked = BTreeMap<&'static str, BTreeMap<String, String>>;

/// A task that a fact opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTask {
    pub kind: &'static str,
    /// What it is about, without names.
    pub subject: String,
    /// What to do.
    pub says: String,
}

/// An open task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskRow {
    pub task_id: String,
    /// The child, where it is about one.
    pub child_id: Option<String>,
    pub kind: String,
    /// What it is about, without names.
    pub subject: String,
    /// What to do.
    pub says: String,
    pub opened_at: String,
}

/// Kinds of tasks that only a person can say are done; the others end by what they ask for.
pub const DONE_BY_WORD: [&str; 14] = [
    "opened-with-reason",
    "telephone-office",
    "death-in-family",
    "order-claimed",
    "placement-changed",
    "new-address",
    "objection",
    "office-address",
    "came-back",
    "fax-not-confirmed",
    "direct-not-answered",
    "complaint",
    "record-to-check",
    "siblings-to-check",
];

impl ServiceState<'_> {
    /// Opens a task unless the same one is open already.
    pub async fn open_task(
        self,
        child_id: Option<&ChildId>,
        kind: &str,
        subject: &str,
        says: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let mut write = self.store.write().await?;
        open_task_in(&mut write, child_id, kind, subject, says, now).await?;
        write.commit().await
    }

    /// Leaves exactly these open tasks of each kind to a child: missing ones are opened, the others are closed; one that
    /// a person has ended stays ended. Nothing is written where they are open already.
    pub async fn keep_tasks(self, child_id: &ChildId, asked: &Asked, now: DateTime<Utc>) -> Result<(), StoreError> {
        let known: Vec<Known> = sqlx::query_as(KNOWN)
            .bind(child_id.as_str())
            .fetch_all(&self.store.pool)
            .await
            .doing("looking for a task")?;
        let (opens, ends) = changes(&known, asked);
        if opens.is_empty() && ends.is_empty() {
            return Ok(());
        }
        let mut write = self.store.write().await?;
        keep_tasks_in(&mut write, child_id, asked, now).await?;
        write.commit().await
    }

    /// Closes the task of a kind about something, where what it asked for is done.
    pub async fn close_task_about(self, kind: &str, subject: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
        let mut write = self.store.write().await?;
        close_tasks_in(&mut write, Which { child_id: None, kinds: &[kind], subject: Some(subject) }, now).await?;
        write.commit().await
    }

    /// Whether an envelope of a child waits for a person, or a task of a kind is open for the child: most looks at a
    /// child find neither, and there is nothing more to ask.
    pub async fn waits_or_has_task(self, child_id: &ChildId, kind: &str) -> Result<bool, StoreError> {
        let found: Option<(String,)> = sqlx::query_as(
            "SELECT dispatch_id FROM dispatch WHERE child_id = $1 AND state IN ('held', 'withheld')
             UNION ALL SELECT task_id FROM task WHERE child_id = $1 AND kind = $2 AND closed_at IS NULL LIMIT 1",
        )
        .bind(child_id.as_str())
        .bind(kind)
        .fetch_optional(&self.store.pool)
        .await
        .doing("looking for what waits")?;
        Ok(found.is_some())
    }

    /// Closes an open task, because a person has done it; tells whether it was open.
    pub async fn close_task(self, task_id: &str, by: &str, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let mut write = self.store.write().await?;
        let done =
            sqlx::query("UPDATE task SET closed_at = $1, closed_by = $2 WHERE task_id = $3 AND closed_at IS NULL")
                .bind(instant_text(now))
                .bind(by)
                .bind(task_id)
                .execute(&mut *write.tx)
                .await
                .doing("closing a task")?;
        write.commit().await?;
        Ok(done.rows_affected() > 0)
    }

    /// Opens a task unless the same one was ever opened; tells whether it is new.
    pub async fn open_task_once(
        self,
        child_id: &ChildId,
        kind: &str,
        subject: &str,
        says: &str,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let known: Option<(String,)> =
            sqlx::query_as("SELECT task_id FROM task WHERE child_id = $1 AND kind = $2 AND subject = $3")
                .bind(child_id.as_str())
                .bind(kind)
                .bind(subject)
                .fetch_optional(&self.store.pool)
                .await
                .doing("looking for a task")?;
        if known.is_some() {
            return Ok(false);
        }
        self.open_task(Some(child_id), kind, subject, says, now).await?;
        Ok(true)
    }

    /// Open tasks, oldest first.
    pub async fn tasks(self) -> Result<Vec<TaskRow>, StoreError> {
        let rows: Vec<(String, Option<String>, String, String, String, String)> =
            sqlx::query_as("SELECT task_id, child_id, kind, subject, says, opened_at FROM task WHERE closed_at IS NULL ORDER BY task_id")
                .fetch_all(&self.store.pool)
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
pub(in crate::store) async fn open_task_in(
    write: &mut Write,
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

/// A task of a child: kind, subject, when it was closed, by which person.
type Known = (String, String, Option<String>, Option<String>);

const KNOWN: &str = "SELECT kind, subject, closed_at, closed_by FROM task WHERE child_id = $1";

/// What to open (kind, subject, what to do) and what to close (kind, subject).
fn changes<'a>(
    known: &'a [Known],
    asked: &'a Asked,
) -> (Vec<(&'static str, &'a str, &'a str)>, Vec<(&'static str, &'a str)>) {
    let (mut opens, mut ends) = (Vec::new(), Vec::new());
    for (kind, subjects) in asked {
        let of_kind = || known.iter().filter(|(k, ..)| k == kind);
        let stands =
            |subject: &str| of_kind().any(|(_, s, closed, by)| s == subject && (closed.is_none() || by.is_some()));
        opens.extend(subjects.iter().filter(|(s, _)| !stands(s)).map(|(s, says)| (*kind, s.as_str(), says.as_str())));
        let over = of_kind().filter(|(_, s, closed, _)| closed.is_none() && !subjects.contains_key(s));
        ends.extend(over.map(|(_, s, ..)| (*kind, s.as_str())));
    }
    (opens, ends)
}

/// The same as [`Store::keep_tasks`] within a transaction.
pub(in crate::store) async fn keep_tasks_in(
    write: &mut Write,
    child_id: &ChildId,
    asked: &Asked,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let known: Vec<Known> =
        sqlx::query_as(KNOWN).bind(child_id.as_str()).fetch_all(&mut *write.tx).await.doing("looking for a task")?;
    let (opens, ends) = changes(&known, asked);
    for (kind, subject) in ends {
        let which = Which { child_id: Some(child_id), kinds: &[kind], subject: Some(subject) };
        close_tasks_in(write, which, now).await?;
    }
    for (kind, subject, says) in opens {
        open_task_in(write, Some(child_id), kind, subject, says, now).await?;
    }
    Ok(())
}

/// Which open tasks.
#[derive(Debug, Clone, Copy)]
pub(in crate::store) struct Which<'a> {
    /// About this child; `None`: about any, or about none.
    pub(in crate::store) child_id: Option<&'a ChildId>,
    /// Of one of these kinds.
    pub(in crate::store) kinds: &'a [&'a str],
    /// About this; `None`: about anything.
    pub(in crate::store) subject: Option<&'a str>,
}

/// Closes open tasks within a transaction.
pub(in crate::store) async fn close_tasks_in(
    write: &mut Write,
    which: Which<'_>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let mut sql = "UPDATE task SET closed_at = $1 WHERE closed_at IS NULL".to_owned();
    let mut values = vec![instant_text(now)];
    if let Some(child_id) = which.child_id {
        values.push(child_id.to_string());
        sql += &format!(" AND child_id = ${}", values.len());
    }
    if let Some(subject) = which.subject {
        values.push(subject.to_owned());
        sql += &format!(" AND subject = ${}", values.len());
    }
    let first = values.len() + 1;
    values.extend(which.kinds.iter().map(|kind| (*kind).to_owned()));
    let kinds: Vec<String> = (first..=values.len()).map(|n| format!("${n}")).collect();
    sql += &format!(" AND kind IN ({})", kinds.join(", "));
    let query = values.into_iter().fold(sqlx::query(sqlx::AssertSqlSafe(sql)), sqlx::query::Query::bind);
    query.execute(&mut *write.tx).await.doing("closing a task")?;
    Ok(())
}
