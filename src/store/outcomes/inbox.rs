//! What came in, as a person reads it: lists, one message whole, and closing.

use chrono::{DateTime, Utc};

use super::receipts::bound;
use crate::{
    clock::instant_text,
    dispatch::email::incoming::Sort,
    store::{Doing, StoreError, Write, keys::encryption::open, outcomes::Outcomes},
};

/// A message that came in, as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptRow {
    pub receipt_id: String,
    /// Where it was found.
    pub source: String,
    pub received_at: String,
    pub says: String,
    /// What kind of mail it is: `failure`, `complaint`, `person`, ...
    pub sort: String,
    /// The code of a failure.
    pub code: Option<String>,
    /// By what its dispatch was found.
    pub matched_by: Option<String>,
    pub dispatch_id: Option<String>,
    /// The child of that dispatch.
    pub child_id: Option<String>,
    pub attempt: Option<i64>,
    /// Where it stands.
    pub standing: String,
    /// Why it stands there.
    pub why: String,
}

/// Messages that a person closes.
#[derive(Debug, Clone, Copy)]
pub enum Closes<'a> {
    /// These.
    These(&'a [String]),
    /// All of a kind that wait now.
    All(Sort),
}

const COLUMNS: &str =
    "r.receipt_id, r.source, r.received_at, r.says, r.sort, r.code, r.matched_by, r.dispatch_id, d.child_id,
    r.attempt, r.standing, r.why FROM receipt r LEFT JOIN dispatch d ON d.dispatch_id = r.dispatch_id";

#[derive(sqlx::FromRow)]
struct Columns {
    receipt_id: String,
    source: String,
    received_at: String,
    says: String,
    sort: String,
    code: Option<String>,
    matched_by: Option<String>,
    dispatch_id: Option<String>,
    child_id: Option<String>,
    attempt: Option<i64>,
    standing: String,
    why: String,
}

impl From<Columns> for ReceiptRow {
    fn from(c: Columns) -> Self {
        Self {
            receipt_id: c.receipt_id,
            source: c.source,
            received_at: c.received_at,
            says: c.says,
            sort: c.sort,
            code: c.code,
            matched_by: c.matched_by,
            dispatch_id: c.dispatch_id,
            child_id: c.child_id,
            attempt: c.attempt,
            standing: c.standing,
            why: c.why,
        }
    }
}

impl Outcomes<'_> {
    /// Messages that wait for a person, oldest first; with `all` every message.
    pub async fn receipts(self, all: bool) -> Result<Vec<ReceiptRow>, StoreError> {
        let condition = if all { "1 = 1" } else { "r.standing IN ('later', 'person')" };
        let sql = format!("SELECT {COLUMNS} WHERE {condition} ORDER BY r.receipt_id");
        let rows: Vec<Columns> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
            .fetch_all(&self.store.pool)
            .await
            .doing("reading what came back")?;
        Ok(rows.into_iter().map(ReceiptRow::from).collect())
    }

    /// What came back for one dispatch, oldest first.
    pub async fn receipts_of(self, dispatch_id: &str) -> Result<Vec<ReceiptRow>, StoreError> {
        let sql = format!("SELECT {COLUMNS} WHERE r.dispatch_id = $1 ORDER BY r.receipt_id");
        let rows: Vec<Columns> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
            .bind(dispatch_id)
            .fetch_all(&self.store.pool)
            .await
            .doing("reading what came back")?;
        Ok(rows.into_iter().map(ReceiptRow::from).collect())
    }

    /// One message, whole, with what is known about it. For a person's eyes.
    ///
    /// # Errors
    /// When there is none, it does not open, or the database refuses.
    pub async fn receipt(self, receipt_id: &str) -> Result<(ReceiptRow, Vec<u8>), StoreError> {
        let sql = format!("SELECT {COLUMNS} WHERE r.receipt_id = $1");
        let found: Option<Columns> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
            .bind(receipt_id)
            .fetch_optional(&self.store.pool)
            .await
            .doing("reading what came back")?;
        let row: ReceiptRow =
            found.ok_or_else(|| StoreError::NotFound { what: "message", id: receipt_id.to_owned() })?.into();
        let (sealed,): (Vec<u8>,) = sqlx::query_as("SELECT sealed FROM receipt WHERE receipt_id = $1")
            .bind(receipt_id)
            .fetch_one(&self.store.pool)
            .await
            .doing("reading what came back")?;
        let key = match &row.dispatch_id {
            Some(dispatch) => {
                self.store.bodies().child_key(&self.store.outbox().dispatch(dispatch).await?.envelope.child_id).await?
            }
            None => self.store.key.0,
        };
        let wrong = || StoreError::Inconsistent { table: "receipt", column: "sealed", id: receipt_id.to_owned() };
        Ok((row, open(&key, &bound(receipt_id), &sealed).map_err(|_| wrong())?))
    }

    /// A person has looked at messages: all of those that are named, or none. Gives how many were closed.
    ///
    /// # Errors
    /// When one that is named does not wait for a person, or the database refuses.
    pub async fn close_receipts(
        self,
        closes: Closes<'_>,
        by: &str,
        because: &str,
        now: DateTime<Utc>,
    ) -> Result<u64, StoreError> {
        let mut write = self.store.write().await?;
        let mut count = 0;
        match closes {
            Closes::All(sort) => count += close(&mut write, "sort", sort.word(), by, because, now).await?,
            Closes::These(ids) => {
                for id in ids {
                    let one = close(&mut write, "receipt_id", id, by, because, now).await?;
                    if one == 0 {
                        return Err(StoreError::NotFound { what: "message that waits for a person:", id: id.clone() });
                    }
                    count += one;
                }
            }
        }
        sqlx::query(
            "UPDATE task SET closed_at = $1 WHERE kind = 'mail-to-read' AND closed_at IS NULL
             AND NOT EXISTS (SELECT 1 FROM receipt WHERE standing = 'person')",
        )
        .bind(instant_text(now))
        .execute(&mut *write.tx)
        .await
        .doing("closing a task")?;
        write.commit().await?;
        Ok(count)
    }
}

async fn close(
    write: &mut Write,
    column: &'static str,
    value: &str,
    by: &str,
    because: &str,
    now: DateTime<Utc>,
) -> Result<u64, StoreError> {
    let sql = format!(
        "UPDATE receipt SET standing = 'closed', why = $1, closed_at = $2, closed_by = $3
         WHERE {column} = $4 AND standing = 'person'"
    );
    let closed = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(because)
        .bind(instant_text(now))
        .bind(by)
        .bind(value)
        .execute(&mut *write.tx)
        .await
        .doing("closing a message")?;
    Ok(closed.rows_affected())
}
