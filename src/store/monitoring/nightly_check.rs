//! What a proof asks: runs that did not end, envelopes that do not move, papers that nobody took up.

use chrono::{DateTime, NaiveDate, Utc};

use crate::{
    clock::instant_text,
    store::{Doing, StoreError, monitoring::Monitoring, outbox::dispatches::IS_LIVE},
};

/// Envelopes in a state that should pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StuckRow {
    pub state: String,
    pub count: i64,
    /// The id of the one that has waited longest.
    pub oldest: String,
}

/// A paper that should be in the outbox and is not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForgottenRow {
    pub child_id: String,
    pub obligation: String,
    pub recipient: String,
}

impl Monitoring<'_> {
    /// Envelopes that have not moved since an instant, by state.
    pub async fn unmoved_since(self, since: DateTime<Utc>) -> Result<Vec<StuckRow>, StoreError> {
        let rows: Vec<(String, i64, String)> = sqlx::query_as(
            "SELECT state, COUNT(*), MIN(dispatch_id) FROM dispatch
             WHERE updated_at < $1 AND (state IN ('held', 'unknown', 'sending', 'printed', 'failed') OR (state = 'queued' AND not_before < $1))
             GROUP BY state ORDER BY state",
        )
        .bind(instant_text(since))
        .fetch_all(&self.store.pool)
        .await
        .doing("looking for envelopes that do not move")?;
        Ok(rows.into_iter().map(|(state, count, oldest)| StuckRow { state, count, oldest }).collect())
    }

    /// The last run over everything that is due, of those that ended: when it began and the day that counted.
    pub async fn last_run(self) -> Result<Option<(String, String)>, StoreError> {
        sqlx::query_as("SELECT started_at, as_of FROM run WHERE ended_at IS NOT NULL AND kind = 'all' ORDER BY run_id DESC LIMIT 1")
            .fetch_optional(&self.store.pool)
            .await
            .doing("reading the last run")
    }

    /// Runs that began before an instant and have not ended.
    pub async fn runs_without_end(self, before: DateTime<Utc>) -> Result<Vec<String>, StoreError> {
        // A run that was cut off is repaired by the next one that ends.
        let rows: Vec<(String,)> = sqlx::query_as(
            "SELECT run_id FROM run WHERE ended_at IS NULL AND started_at < $1
             AND run_id > COALESCE((SELECT MAX(r.run_id) FROM run r WHERE r.ended_at IS NOT NULL), '') ORDER BY run_id",
        )
        .bind(instant_text(before))
        .fetch_all(&self.store.pool)
        .await
        .doing("looking for runs without an end")?;
        Ok(rows.into_iter().map(|(id,)| id).collect())
    }

    /// Documents that a plan before the last run showed as due, and that no live dispatch answers for after it. What may
    /// not go counts too: the run writes down why.
    pub async fn forgotten(self, run_started: &str, as_of: &str) -> Result<Vec<ForgottenRow>, StoreError> {
        let rows: Vec<(String, String, String)> = sqlx::query_as(sqlx::AssertSqlSafe(format!(
            "SELECT l.child_id, l.obligation, l.recipient FROM plan_line l JOIN plan p ON p.plan_id = l.from_plan
             WHERE l.scope = 'all' AND l.gone_in IS NULL AND l.verdict <> 'has-it' AND p.finished_at < $1 AND l.opens_on <= $2
             AND NOT EXISTS (SELECT 1 FROM dispatch_part i JOIN dispatch d ON d.dispatch_id = i.dispatch_id
                WHERE i.child_id = l.child_id AND i.obligation = l.obligation AND i.anchor = l.anchor
                AND i.revision = l.revision AND i.recipient = l.recipient AND {IS_LIVE})
             ORDER BY l.child_id, l.line LIMIT 200"
        )))
        .bind(run_started)
        .bind(as_of)
        .fetch_all(&self.store.pool)
        .await
        .doing("looking for papers that nobody took up")?;
        Ok(rows
            .into_iter()
            .map(|(child_id, obligation, recipient)| ForgottenRow { child_id, obligation, recipient })
            .collect())
    }

    /// A page of the children with an open duty on a day, in order.
    pub async fn children_with_open_duties(
        self,
        after: &str,
        day: NaiveDate,
        limit: i64,
    ) -> Result<Vec<String>, StoreError> {
        let rows: Vec<(String,)> = sqlx::query_as(
            "SELECT DISTINCT child_id FROM obligation WHERE status = 'open' AND opens_on <= $1 AND child_id > $2
             ORDER BY child_id LIMIT $3",
        )
        .bind(day.to_string())
        .bind(after)
        .bind(limit)
        .fetch_all(&self.store.pool)
        .await
        .doing("reading open duties")?;
        Ok(rows.into_iter().map(|(id,)| id).collect())
    }
}
