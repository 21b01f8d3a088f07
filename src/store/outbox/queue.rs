//! The queue and its lanes: which envelope a worker takes next.

use chrono::{DateTime, Utc};

use super::dispatches::{COLUMNS, read_row};
use crate::{
    clock::instant_text,
    store::{DispatchRow, Doing, StoreError, Write},
};

/// The envelopes among which a worker takes the next one, the earliest due first.
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

/// The statement that finds the next envelope. `$1`: the present instant.
pub(super) fn next_queued_sql(among: &Among<'_>, lock: &str) -> String {
    let not_paused: String = among.paused.iter().map(|name| format!(" AND channel <> '{name}'")).collect();
    let of_plan = among.plan.map_or_else(String::new, |id| {
        format!(" AND dispatch_id IN (SELECT p.dispatch_id FROM plan_dispatch p WHERE p.plan_id = {id})")
    });
    let of_way = among.way.condition();
    format!(
        "SELECT {COLUMNS} FROM dispatch
         WHERE state = 'queued' AND packet IS NOT NULL AND not_before <= $1{of_way}{not_paused}{of_plan}
         AND (channel IS NULL OR channel NOT IN (SELECT channel FROM channel_pause))
         AND (endpoint_id IS NULL OR endpoint_id NOT IN (SELECT endpoint_id FROM endpoint_pause WHERE resumed_at IS NULL))
         ORDER BY due_on, dispatch_id LIMIT 1{lock}"
    )
}

pub(super) async fn next_queued(
    write: &mut Write,
    among: &Among<'_>,
    now: DateTime<Utc>,
) -> Result<Option<DispatchRow>, StoreError> {
    let sql = next_queued_sql(among, write.not_taken());
    let row = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(instant_text(now))
        .fetch_optional(&mut *write.tx)
        .await
        .doing("claiming an envelope")?;
    row.as_ref().map(read_row).transpose()
}
