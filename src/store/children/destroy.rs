//! Destruction of a child's record (34 CFR 303.416): papers, personal fields and key go; the permitted stub and the
//! fact of past disclosures stay.

use chrono::{DateTime, Utc};
use sqlx::AssertSqlSafe;

use crate::{
    case::ChildId,
    clock::instant_text,
    ledger::{Entry, EntryDestroyed, Event},
    store::{Dialect, Doing, StoreError, Write, children::Children},
};

/// Tables that speak of a child and stay: ids, days and hashes only.
const KEPT: [&str; 4] = ["ledger", "matter", "legal_hold", "destroyed_child"];

/// What was destroyed.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Destroyed {
    /// The certificate's entry.
    pub certificate_seq: i64,
    /// Stored papers removed.
    pub papers: i64,
    /// Rows removed, personal parts of entries among them.
    pub rows: i64,
    /// Dispatches whose files may still lie in outgoing folders.
    pub dispatches: Vec<String>,
}

/// What is kept of a destroyed child.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct StubRow {
    pub child_id: String,
    pub destroyed_at: String,
    /// The certificate's entry.
    pub certificate_seq: i64,
    /// What 34 CFR 303.416(c)(2) permits to be kept, as JSON.
    pub stub: String,
}

/// A legal hold.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct LegalHoldRow {
    pub hold_id: String,
    pub child_id: String,
    /// The entry that set it.
    pub set_seq: i64,
}

impl Children<'_> {
    /// Destroys everything of a child but the stub, in one transaction, and removes the papers' files after it.
    /// `entry` gives who did it and on what authority; the destruction and its certificate are made from it.
    ///
    /// # Errors
    /// When there is no such child, a legal hold stands, or the database refuses; then nothing is destroyed.
    pub async fn destroy_child(
        self,
        child_id: &ChildId,
        entry: &Entry,
        stub: &str,
        now: DateTime<Utc>,
    ) -> Result<Destroyed, StoreError> {
        let id = child_id.as_str();
        let mut write = self.store.write().await?;
        let held: Option<(String,)> =
            sqlx::query_as("SELECT hold_id FROM legal_hold WHERE child_id = $1 AND lifted_seq IS NULL")
                .bind(id)
                .fetch_optional(&mut *write.tx)
                .await
                .doing("looking for a legal hold")?;
        if held.is_some() {
            return Err(StoreError::LegalHold(id.to_owned()));
        }
        let destruction = Entry { event: Event::Destruction, ..entry.clone() };
        self.store.ledger().append_in(&mut write, &destruction, None, now).await?;
        let papers: Vec<(String,)> = sqlx::query_as("SELECT name FROM body WHERE child_id = $1")
            .bind(id)
            .fetch_all(&mut *write.tx)
            .await
            .doing("listing stored papers")?;
        let dispatches: Vec<(String,)> = sqlx::query_as("SELECT dispatch_id FROM dispatch WHERE child_id = $1")
            .bind(id)
            .fetch_all(&mut *write.tx)
            .await
            .doing("listing envelopes")?;
        let rows = self.delete_rows(&mut write, id).await?;
        let count = i64::try_from(papers.len()).unwrap_or(i64::MAX);
        let certificate = Entry {
            event: Event::Certificate,
            destroyed: Some(EntryDestroyed { papers: count, rows }),
            ..entry.clone()
        };
        let certificate_seq = self.store.ledger().append_in(&mut write, &certificate, None, now).await?;
        sqlx::query(
            "INSERT INTO destroyed_child (child_id, destroyed_at, certificate_seq, stub) VALUES ($1, $2, $3, $4)",
        )
        .bind(id)
        .bind(instant_text(now))
        .bind(certificate_seq)
        .bind(stub)
        .execute(&mut *write.tx)
        .await
        .doing("keeping what may be kept")?;
        write.commit().await?;
        self.store.keys.forget(child_id);
        self.store.records.forget(child_id);
        // Without the key nobody can read them any more; a file that cannot be removed is no failure of that.
        for (name,) in &papers {
            if let Err(error) = self.store.shelf.remove(name).await {
                tracing::warn!(paper = name, %error, "a destroyed paper without a key could not be removed");
            }
        }
        self.forget_deleted().await?;
        let dispatches = dispatches.into_iter().map(|(id,)| id).collect();
        Ok(Destroyed { certificate_seq, papers: count, rows, dispatches })
    }

    /// Deletes the rows of every table that speaks of the child or of its dispatches, whichever tables there are.
    async fn delete_rows(self, write: &mut Write, child_id: &str) -> Result<i64, StoreError> {
        let mut rows = 0;
        let with_dispatch = self.tables_with(write, "dispatch_id").await?;
        for table in with_dispatch.iter().filter(|table| *table != "dispatch") {
            let sql = format!(
                "DELETE FROM {table} WHERE dispatch_id IN (SELECT dispatch_id FROM dispatch WHERE child_id = $1)"
            );
            rows += delete(write, sql, child_id).await?;
        }
        let with_child = self.tables_with(write, "child_id").await?;
        let last = ["dispatch", "child"];
        let first = with_child.iter().map(String::as_str).filter(|t| !KEPT.contains(t) && !last.contains(t));
        for table in first.chain(last) {
            rows += delete(write, format!("DELETE FROM {table} WHERE child_id = $1"), child_id).await?;
        }
        Ok(rows)
    }

    async fn tables_with(self, write: &mut Write, column: &'static str) -> Result<Vec<String>, StoreError> {
        let sql = match self.store.dialect {
            Dialect::Sqlite => {
                "SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) p WHERE m.type = 'table' AND p.name = $1
                 ORDER BY m.name"
            }
            Dialect::Postgres => {
                "SELECT CAST(c.table_name AS TEXT) FROM information_schema.columns c JOIN information_schema.tables t
                 ON t.table_schema = c.table_schema AND t.table_name = c.table_name
                 WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE' AND c.column_name = $1 ORDER BY 1"
            }
        };
        let rows: Vec<(String,)> =
            sqlx::query_as(sql).bind(column).fetch_all(&mut *write.tx).await.doing("listing tables")?;
        // Names of our own migrations; anything else is not put into a statement.
        Ok(rows
            .into_iter()
            .map(|(name,)| name)
            .filter(|name| name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'))
            .collect())
    }

    /// What was deleted must not linger in free pages or in the log of changes.
    async fn forget_deleted(self) -> Result<(), StoreError> {
        if self.store.dialect == Dialect::Sqlite {
            let _turn = self.store.writer.lock().await;
            for statement in ["VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"] {
                sqlx::query(statement).execute(&self.store.pool).await.doing("clearing what was deleted")?;
            }
        }
        Ok(())
    }

    /// What is kept of a destroyed child, where it is one.
    pub async fn destroyed(self, child_id: &ChildId) -> Result<Option<StubRow>, StoreError> {
        let row: Option<(String, String, i64, String)> = sqlx::query_as(
            "SELECT child_id, destroyed_at, certificate_seq, stub FROM destroyed_child WHERE child_id = $1",
        )
        .bind(child_id.as_str())
        .fetch_optional(&self.store.pool)
        .await
        .doing("looking for a destroyed record")?;
        Ok(row.map(|(child_id, destroyed_at, certificate_seq, stub)| StubRow {
            child_id,
            destroyed_at,
            certificate_seq,
            stub,
        }))
    }

    /// Sets a legal hold with its entry.
    ///
    /// # Errors
    /// When there is no such child, or the database refuses.
    pub async fn set_legal_hold(
        self,
        entry: &Entry,
        detail: &crate::ledger::Detail,
        now: DateTime<Utc>,
    ) -> Result<String, StoreError> {
        let key = self.store.bodies().child_key(&entry.child).await?;
        let id = crate::store::new_id(now);
        let mut write = self.store.write().await?;
        let seq = self.store.ledger().append_in(&mut write, entry, Some((detail, &key)), now).await?;
        sqlx::query("INSERT INTO legal_hold (hold_id, child_id, set_seq) VALUES ($1, $2, $3)")
            .bind(&id)
            .bind(entry.child.as_str())
            .bind(seq)
            .execute(&mut *write.tx)
            .await
            .doing("setting a legal hold")?;
        write.commit().await?;
        Ok(id)
    }

    /// Lifts every legal hold of a child, with its entry; tells how many.
    pub async fn lift_legal_holds(
        self,
        entry: &Entry,
        detail: &crate::ledger::Detail,
        now: DateTime<Utc>,
    ) -> Result<u64, StoreError> {
        let key = self.store.bodies().child_key(&entry.child).await?;
        let mut write = self.store.write().await?;
        let seq = self.store.ledger().append_in(&mut write, entry, Some((detail, &key)), now).await?;
        let lifted = sqlx::query("UPDATE legal_hold SET lifted_seq = $1 WHERE child_id = $2 AND lifted_seq IS NULL")
            .bind(seq)
            .bind(entry.child.as_str())
            .execute(&mut *write.tx)
            .await
            .doing("lifting a legal hold")?;
        if lifted.rows_affected() > 0 {
            // Without a hold to lift the entry is taken back with the transaction.
            write.commit().await?;
        }
        Ok(lifted.rows_affected())
    }

    /// Legal holds that stand.
    pub async fn legal_holds(self) -> Result<Vec<LegalHoldRow>, StoreError> {
        let rows: Vec<(String, String, i64)> = sqlx::query_as(
            "SELECT hold_id, child_id, set_seq FROM legal_hold WHERE lifted_seq IS NULL ORDER BY child_id, hold_id",
        )
        .fetch_all(&self.store.pool)
        .await
        .doing("reading legal holds")?;
        Ok(rows.into_iter().map(|(hold_id, child_id, set_seq)| LegalHoldRow { hold_id, child_id, set_seq }).collect())
    }
}

async fn delete(write: &mut Write, sql: String, child_id: &str) -> Result<i64, StoreError> {
    let done =
        sqlx::query(AssertSqlSafe(sql)).bind(child_id).execute(&mut *write.tx).await.doing("destroying a record")?;
    Ok(i64::try_from(done.rows_affected()).unwrap_or(i64::MAX))
}
