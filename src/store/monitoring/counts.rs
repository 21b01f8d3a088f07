//! Counts and lists for screens and for the balance.

use crate::store::{
    DispatchRow, Doing, StoreError,
    monitoring::Monitoring,
    outbox::dispatches::{COLUMNS, read_row},
};

/// How many envelopes are in a state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateCount {
    pub state: String,
    pub count: i64,
}

/// A dispatch that is open, and how many duties it answers for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenDispatch {
    pub dispatch_id: String,
    /// Duties, 1 or more.
    pub duties: u64,
}

impl Monitoring<'_> {
    /// The dispatches that are open: the run that begins now accounts for each of them.
    pub async fn open_dispatches(self) -> Result<Vec<OpenDispatch>, StoreError> {
        let rows: Vec<(String, i64)> = sqlx::query_as(
            "SELECT d.dispatch_id, COUNT(*) FROM dispatch d JOIN dispatch_part p ON p.dispatch_id = d.dispatch_id
             WHERE d.state IN ('queued', 'held', 'withheld', 'sending', 'unknown') GROUP BY d.dispatch_id ORDER BY d.dispatch_id",
        )
        .fetch_all(&self.store.pool)
        .await
        .doing("counting open envelopes")?;
        Ok(rows
            .into_iter()
            .map(|(dispatch_id, duties)| OpenDispatch { dispatch_id, duties: duties.unsigned_abs() })
            .collect())
    }

    /// What was taken out of a dispatch that several duties shared, each now a dispatch of its own.
    pub async fn taken_from(self, dispatch_id: &str) -> Result<Vec<DispatchRow>, StoreError> {
        self.store.outbox().select("apart_of = $1 ORDER BY dispatch_id", dispatch_id).await
    }

    /// A page of the envelopes made by a run, after an id.
    pub async fn made_by_run(self, run_id: &str, after: &str, limit: i64) -> Result<Vec<DispatchRow>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM dispatch WHERE run_id = $1 AND dispatch_id > $2 ORDER BY dispatch_id LIMIT $3"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(run_id)
            .bind(after)
            .bind(limit)
            .fetch_all(&self.store.pool)
            .await
            .doing("reading a run's envelopes")?;
        rows.iter().map(read_row).collect()
    }

    /// Envelopes in each state.
    pub async fn state_counts(self) -> Result<Vec<StateCount>, StoreError> {
        let rows: Vec<(String, i64)> =
            sqlx::query_as("SELECT state, COUNT(*) FROM dispatch GROUP BY state ORDER BY state")
                .fetch_all(&self.store.pool)
                .await
                .doing("counting envelopes")?;
        Ok(rows.into_iter().map(|(state, count)| StateCount { state, count }).collect())
    }

    /// Envelopes that wait for a person: held, withheld, unknown, failed, and printed but not mailed.
    /// Their papers are left out: a list of what waits may be long and needs none of them.
    pub async fn waiting(self) -> Result<Vec<DispatchRow>, StoreError> {
        let columns = COLUMNS.replace(" packet,", " CAST(NULL AS TEXT) AS packet,");
        let sql = format!(
            "SELECT {columns} FROM dispatch WHERE state IN ('held', 'withheld', 'unknown', 'failed', 'printed')
             ORDER BY due_on, dispatch_id"
        );
        let rows =
            sqlx::query(sqlx::AssertSqlSafe(sql)).fetch_all(&self.store.pool).await.doing("reading what waits")?;
        rows.iter().map(read_row).collect()
    }

    /// Envelopes on paper that nobody has marked as mailed.
    pub async fn printed(self) -> Result<Vec<DispatchRow>, StoreError> {
        self.store.outbox().select("state = 'printed' AND $1 = $1 ORDER BY dispatch_id", "").await
    }

    /// How many children there are.
    pub async fn child_count(self) -> Result<i64, StoreError> {
        let (count,): (i64,) = sqlx::query_as("SELECT COUNT(*) FROM child")
            .fetch_one(&self.store.pool)
            .await
            .doing("counting children")?;
        Ok(count)
    }

    /// When the earliest waiting envelope may be tried, if one waits for its time.
    pub async fn next_not_before(self) -> Result<Option<String>, StoreError> {
        let row: (Option<String>,) = sqlx::query_as("SELECT MIN(not_before) FROM dispatch WHERE state = 'queued'")
            .fetch_one(&self.store.pool)
            .await
            .doing("reading the queue")?;
        Ok(row.0)
    }

    /// Open duties that a person does, due until a day, in order.
    pub async fn duties_until(self, day: chrono::NaiveDate) -> Result<Vec<DutyRow>, StoreError> {
        let rows: Vec<(String, String, String, String, String)> = sqlx::query_as(
            "SELECT child_id, kind, due_on, work_on, citation FROM obligation WHERE status = 'open' AND due_on <= $1
             AND owed = 0 ORDER BY due_on, child_id",
        )
        .bind(day.to_string())
        .fetch_all(&self.store.pool)
        .await
        .doing("reading duties")?;
        Ok(rows
            .into_iter()
            .map(|(child_id, kind, due_on, work_on, citation)| DutyRow { child_id, kind, due_on, work_on, citation })
            .collect())
    }
}

/// A duty that a person does.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct DutyRow {
    pub child_id: String,
    /// Kind of duty.
    pub kind: String,
    /// Last day in time.
    pub due_on: String,
    /// Last business day before.
    pub work_on: String,
    pub citation: String,
}
