//! Requests and incidents: their clock. What was said about them stands in the record of access.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};

use crate::{
    case::ChildId,
    ledger::{ChainError, Detail, Entry, EntryMatter},
    store::{
        Doing, StoreError, Write,
        ledger::LedgerTable,
        new_id,
        service::tasks::{Which, close_tasks_in, open_task_in},
    },
};

/// A matter to be opened.
#[derive(Debug, Clone, Copy)]
pub struct NewMatter<'a> {
    /// `request` or `incident`.
    pub what: &'static str,
    pub kind: &'a str,
    /// The day on which it came or was found out.
    pub began_on: NaiveDate,
    /// The last day for the answer, where a rule sets one.
    pub due_on: Option<NaiveDate>,
}

/// An incident, with everything that its opening writes.
#[derive(Debug, Clone)]
pub struct IncidentToOpen {
    pub matter: NewMatter<'static>,
    pub entry: Entry,
    pub detail: Detail,
    /// What its task says.
    pub says: String,
}

/// A request or an incident.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct MatterRow {
    pub matter_id: String,
    pub child_id: String,
    /// `request` or `incident`.
    pub what: String,
    pub kind: String,
    /// The day on which it came or was found out.
    pub began_on: String,
    /// The last day for the answer.
    pub due_on: Option<String>,
    /// The entry that opened it.
    pub opened_seq: i64,
    /// The entry that closed it.
    pub closed_seq: Option<i64>,
    /// How it ended.
    pub outcome: Option<String>,
}

type Row = (String, String, String, String, String, Option<String>, i64, Option<i64>, Option<String>);

const COLUMNS: &str = "matter_id, child_id, what, kind, began_on, due_on, opened_seq, closed_seq, outcome";

fn read((matter_id, child_id, what, kind, began_on, due_on, opened_seq, closed_seq, outcome): Row) -> MatterRow {
    MatterRow { matter_id, child_id, what, kind, began_on, due_on, opened_seq, closed_seq, outcome }
}

/// A request or an incident as the entries tell it.
pub(in crate::store) struct MatterInEntries {
    pub(in crate::store) child: String,
    pub(in crate::store) matter: EntryMatter,
    pub(in crate::store) opened_seq: i64,
    pub(in crate::store) closed: Option<(i64, String)>,
}

impl LedgerTable<'_> {
    /// Opens a matter with its entry and its task, in one transaction; gives its id.
    ///
    /// # Errors
    /// When there is no such child, or the database refuses.
    pub async fn open_matter(
        self,
        new: NewMatter<'_>,
        entry: Entry,
        detail: &Detail,
        says: &str,
        now: DateTime<Utc>,
    ) -> Result<String, StoreError> {
        let key = self.store.bodies().child_key(&entry.child).await?;
        let mut write = self.store.write().await?;
        let id = self.open_matter_in(&mut write, new, entry, (detail, &key), says, now).await?;
        write.commit().await?;
        Ok(id)
    }

    pub(in crate::store) async fn open_matter_in(
        self,
        write: &mut Write,
        new: NewMatter<'_>,
        entry: Entry,
        personal: (&Detail, &[u8; 32]),
        says: &str,
        now: DateTime<Utc>,
    ) -> Result<String, StoreError> {
        let id = new_id(now);
        let entry = Entry {
            matter: Some(EntryMatter {
                id: id.clone(),
                kind: new.kind.to_owned(),
                on: new.began_on.to_string(),
                due_on: new.due_on.map(|day| day.to_string()),
            }),
            ..entry
        };
        let seq = self.append_in(write, &entry, Some(personal), now).await?;
        sqlx::query(
            "INSERT INTO matter (matter_id, child_id, what, kind, began_on, due_on, opened_seq) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(&id)
        .bind(entry.child.as_str())
        .bind(new.what)
        .bind(new.kind)
        .bind(new.began_on.to_string())
        .bind(new.due_on.map(|day| day.to_string()))
        .bind(seq)
        .execute(&mut *write.tx)
        .await
        .doing("opening a matter")?;
        open_task_in(write, Some(&entry.child), new.what, &id, says, now).await?;
        Ok(id)
    }

    /// Closes a matter with its entry, and its task with it.
    ///
    /// # Errors
    /// When it is closed already, or the database refuses.
    pub async fn close_matter(
        self,
        row: &MatterRow,
        child_id: &ChildId,
        entry: Entry,
        detail: &Detail,
        now: DateTime<Utc>,
    ) -> Result<i64, StoreError> {
        let key = self.store.bodies().child_key(child_id).await?;
        let entry = Entry {
            about_seq: Some(row.opened_seq),
            matter: Some(EntryMatter {
                id: row.matter_id.clone(),
                kind: row.kind.clone(),
                on: row.began_on.clone(),
                due_on: row.due_on.clone(),
            }),
            ..entry
        };
        let mut write = self.store.write().await?;
        let seq = self.append_in(&mut write, &entry, Some((detail, &key)), now).await?;
        let closed =
            sqlx::query("UPDATE matter SET closed_seq = $1, outcome = $2 WHERE matter_id = $3 AND closed_seq IS NULL")
                .bind(seq)
                .bind(&entry.outcome)
                .bind(&row.matter_id)
                .execute(&mut *write.tx)
                .await
                .doing("closing a matter")?;
        if closed.rows_affected() == 0 {
            // Dropping the transaction takes the entry back.
            return Err(StoreError::NotFound { what: "open request or incident", id: row.matter_id.clone() });
        }
        let which = Which { child_id: Some(child_id), kinds: &[&row.what], subject: Some(&row.matter_id) };
        close_tasks_in(&mut write, which, now).await?;
        write.commit().await?;
        Ok(seq)
    }

    /// One matter.
    ///
    /// # Errors
    /// When there is none, or the database refuses.
    pub async fn matter(self, what: &'static str, id: &str) -> Result<MatterRow, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM matter WHERE what = $1 AND matter_id = $2");
        let row: Option<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
            .bind(what)
            .bind(id)
            .fetch_optional(&self.store.pool)
            .await
            .doing("looking a matter up")?;
        row.map(read).ok_or_else(|| StoreError::NotFound { what, id: id.to_owned() })
    }

    /// Requests or incidents, the open ones or all, by their last day.
    pub async fn matters(self, what: &'static str, all: bool) -> Result<Vec<MatterRow>, StoreError> {
        let open = if all { "" } else { " AND closed_seq IS NULL" };
        let sql =
            format!("SELECT {COLUMNS} FROM matter WHERE what = $1{open} ORDER BY COALESCE(due_on, '9999'), matter_id");
        let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
            .bind(what)
            .fetch_all(&self.store.pool)
            .await
            .doing("reading matters")?;
        Ok(rows.into_iter().map(read).collect())
    }

    /// Dispatches about which an incident was opened.
    pub async fn incident_dispatches(self) -> Result<Vec<String>, StoreError> {
        let rows: Vec<(String,)> = sqlx::query_as(
            "SELECT l.body FROM matter m JOIN ledger l ON l.seq = m.opened_seq WHERE m.what = 'incident'",
        )
        .fetch_all(&self.store.pool)
        .await
        .doing("reading incidents")?;
        Ok(rows
            .into_iter()
            .filter_map(|(body,)| serde_json::from_str::<Entry>(&body).ok())
            .filter_map(|entry| entry.dispatch)
            .collect())
    }

    /// The first matter that says something else than its entries.
    pub(in crate::store) async fn matters_agree(
        self,
        mut told: BTreeMap<String, MatterInEntries>,
    ) -> Result<Option<ChainError>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM matter ORDER BY opened_seq");
        let rows: Vec<Row> =
            sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_all(&self.store.pool).await.doing("reading matters")?;
        for row in rows.into_iter().map(read) {
            let agrees = told.remove(&row.matter_id).is_some_and(|told| {
                told.child == row.child_id
                    && told.opened_seq == row.opened_seq
                    && told.matter.kind == row.kind
                    && told.matter.on == row.began_on
                    && told.matter.due_on == row.due_on
                    && told.closed == row.closed_seq.zip(row.outcome.clone())
            });
            if !agrees {
                let table = row_table(&row.what);
                return Ok(Some(ChainError::Matter { table, id: row.matter_id, seq: row.opened_seq }));
            }
        }
        let lost = told.into_values().min_by_key(|told| told.opened_seq);
        Ok(lost.map(|told| ChainError::Matter {
            table: "request or incident",
            id: told.matter.id,
            seq: told.opened_seq,
        }))
    }
}

fn row_table(what: &str) -> &'static str {
    if what == "incident" { "incident" } else { "request" }
}
