//! The queue and its lanes: which envelope a worker takes next.

use chrono::{DateTime, Utc};

use super::dispatches::{COLUMNS, read_row};
use crate::{
    clock::{instant_text, parse_instant},
    dispatch::StateName,
    store::{DispatchRow, Doing, StoreError, Write, outbox::Outbox},
};

/// The envelopes among which a worker takes the next one: first attempts before retries, the earliest due first.
#[derive(Debug, Clone, Default)]
pub struct Among<'a> {
    /// Only those that this plan sends.
    pub plan: Option<i64>,
    /// Only those of one lane.
    pub way: Way,
    /// Not those of these channels.
    pub paused: &'a [&'static str],
}

/// A lane of the queue.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Way {
    /// All of them.
    #[default]
    Any,
    By(&'static str),
    /// What belongs to none of these channels: it was queued when others were set up.
    ByNoneOf(Vec<&'static str>),
}

impl Way {
    // Channel names are this program's own words, never input.
    fn condition(&self) -> String {
        match self {
            Self::Any => String::new(),
            Self::By(channel) => format!(" AND channel = '{channel}'"),
            Self::ByNoneOf(channels) => {
                let names: Vec<String> = channels.iter().map(|name| format!("'{name}'")).collect();
                format!(" AND (channel IS NULL OR channel NOT IN ({}))", names.join(", "))
            }
        }
    }
}

impl Outbox<'_> {
    /// Whether a worker would find an envelope, which may be taken by another one meanwhile.
    pub async fn has_next(self, among: &Among<'_>, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let found = sqlx::query(sqlx::AssertSqlSafe(next_queued_sql("dispatch_id", among, "")))
            .bind(instant_text(now))
            .fetch_optional(&self.store.pool)
            .await
            .doing("looking whether an envelope waits")?;
        Ok(found.is_some())
    }

    /// The envelopes that a worker has in its hands at this moment, on whatever machine.
    pub async fn sending(self) -> Result<Vec<DispatchRow>, StoreError> {
        self.select("state = $1 ORDER BY dispatch_id", StateName::Sending.as_str()).await
    }

    /// What is failed since an instant or later, and when it failed.
    pub async fn failed_since(self, since: DateTime<Utc>) -> Result<Vec<(String, String, DateTime<Utc>)>, StoreError> {
        let rows: Vec<(String, String, String)> = sqlx::query_as(
            "SELECT dispatch_id, child_id, updated_at FROM dispatch WHERE state = 'failed' AND updated_at >= $1 ORDER BY dispatch_id",
        )
        .bind(instant_text(since))
        .fetch_all(&self.store.pool)
        .await
        .doing("looking what failed")?;
        let read = |(id, child, at): (String, String, String)| match parse_instant(&at) {
            Ok(at) => Ok((id, child, at)),
            Err(_) => Err(StoreError::Inconsistent { table: "dispatch", column: "updated_at", id }),
        };
        rows.into_iter().map(read).collect()
    }

    /// A channel gives no answer: what waits for it and could go now is waiting for it since this instant, where it was not
    /// before.
    pub async fn note_unreached(self, channel: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
        let mut write = self.store.write().await?;
        sqlx::query(
            "UPDATE dispatch SET trying_since = $1
             WHERE state = 'queued' AND channel = $2 AND packet IS NOT NULL AND not_before <= $1 AND trying_since IS NULL",
        )
        .bind(instant_text(now))
        .bind(channel)
        .execute(&mut *write.tx)
        .await
        .doing("noting that a channel gives no answer")?;
        write.commit().await
    }

    /// What waits for a channel since an instant or longer.
    pub async fn unreached_since(self, channel: &str, since: DateTime<Utc>) -> Result<Vec<DispatchRow>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM dispatch
             WHERE state = 'queued' AND channel = $1 AND packet IS NOT NULL AND trying_since <= $2
             ORDER BY due_on, dispatch_id"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(channel)
            .bind(instant_text(since))
            .fetch_all(&self.store.pool)
            .await
            .doing("looking what waits for a channel")?;
        rows.iter().map(read_row).collect()
    }

    /// Whether an attempt is still its worker's: nobody has settled it or taken it over.
    pub async fn is_held_by(self, dispatch_id: &str, attempt: i64) -> Result<bool, StoreError> {
        let held: Option<(i64,)> = sqlx::query_as(
            "SELECT attempt FROM dispatch WHERE dispatch_id = $1 AND state = 'sending' AND attempt = $2",
        )
        .bind(dispatch_id)
        .bind(attempt)
        .fetch_optional(&self.store.pool)
        .await
        .doing("looking whether an attempt is still ours")?;
        Ok(held.is_some())
    }
}

/// The statement that finds the next envelope. `$1`: the present instant.
pub(super) fn next_queued_sql(columns: &str, among: &Among<'_>, lock: &str) -> String {
    let not_paused: String = among.paused.iter().map(|name| format!(" AND channel <> '{name}'")).collect();
    let of_plan = among.plan.map_or_else(String::new, |id| {
        format!(" AND dispatch_id IN (SELECT p.dispatch_id FROM plan_dispatch p WHERE p.plan_id = {id})")
    });
    let of_way = among.way.condition();
    format!(
        "SELECT {columns} FROM dispatch
         WHERE state = 'queued' AND packet IS NOT NULL AND not_before <= $1{of_way}{not_paused}{of_plan}
         AND (channel IS NULL OR channel NOT IN (SELECT channel FROM channel_pause))
         AND (endpoint_id IS NULL OR endpoint_id NOT IN (SELECT endpoint_id FROM endpoint_pause WHERE resumed_at IS NULL))
         ORDER BY refusals, due_on, dispatch_id LIMIT 1{lock}"
    )
}

pub(super) async fn next_queued(
    write: &mut Write,
    among: &Among<'_>,
    now: DateTime<Utc>,
) -> Result<Option<DispatchRow>, StoreError> {
    let sql = next_queued_sql(COLUMNS, among, write.not_taken());
    let row = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(instant_text(now))
        .fetch_optional(&mut *write.tx)
        .await
        .doing("claiming an envelope")?;
    row.as_ref().map(read_row).transpose()
}
