//! Channels and addresses that wait for a person, and the counters by which the program notices that it should ask.

use chrono::{DateTime, Days, NaiveDate, Utc};

use super::tasks::{Which, close_tasks_in, open_task_in};
use crate::{
    case::EndpointId,
    clock::{instant_text, parse_instant},
    hint::{Hint, unmarked},
    store::{Doing, StoreError, Write, database::batch::Several, service::ServiceState},
};

/// A channel that waits for a person.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct PauseRow {
    /// The channel's name, or the endpoint's id.
    pub name: String,
    pub paused_at: String,
    /// Why, in a sentence.
    pub why: String,
}

/// How many envelopes left by a channel on a day, each counted once. One that is on its way counts until it is known that
/// nothing of it left.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ChannelDay {
    pub channel: String,
    /// The program's day.
    pub day: NaiveDate,
    pub attempts: i64,
}

/// Whose papers went to an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EndpointUse {
    /// How many children's, counted to one more than may be without a question.
    pub children: i64,
    /// Since when, at the earliest.
    pub first_at: DateTime<Utc>,
    /// Whether a person has looked at it.
    pub looked_at: bool,
}

impl ServiceState<'_> {
    /// Pauses a channel until a person resumes it, and opens the task that says so. One that is paused already
    /// keeps its first reason.
    pub async fn pause_channel(self, channel: &str, why: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
        let mut write = self.store.write().await?;
        sqlx::query(
            "INSERT INTO channel_pause (channel, paused_at, why) VALUES ($1, $2, $3) ON CONFLICT (channel) DO NOTHING",
        )
        .bind(channel)
        .bind(instant_text(now))
        .bind(why)
        .execute(&mut *write.tx)
        .await
        .doing("pausing a channel")?;
        let says = format!(
            "Channel {channel} sends nothing: {}. Mend it or make sure that all is well, then run {}.",
            unmarked(why),
            Hint::ResumeChannel { channel: Some(channel.to_owned()) }
        );
        open_task_in(&mut write, None, "channel-paused", channel, &says, now).await?;
        write.commit().await
    }

    /// Pauses an endpoint until a person has looked at it. One that is paused already keeps its first reason.
    pub async fn pause_endpoint(self, endpoint: &EndpointId, why: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
        let mut write = self.store.write().await?;
        sqlx::query(
            "INSERT INTO endpoint_pause (endpoint_id, paused_at, why) VALUES ($1, $2, $3)
             ON CONFLICT (endpoint_id) DO UPDATE SET paused_at = excluded.paused_at, why = excluded.why,
                resumed_at = NULL, resumed_by = NULL WHERE endpoint_pause.resumed_at IS NOT NULL",
        )
        .bind(endpoint.as_str())
        .bind(instant_text(now))
        .bind(why)
        .execute(&mut *write.tx)
        .await
        .doing("pausing an address")?;
        let says = format!(
            "Nothing goes to address {endpoint}: {}. Make sure that it is right, then run {}.",
            unmarked(why),
            Hint::ResumeAddress { endpoint: Some(endpoint.to_string()) }
        );
        open_task_in(&mut write, None, "address-paused", endpoint.as_str(), &says, now).await?;
        write.commit().await
    }

    /// A person has looked at a channel: it sends again, and what happened before counts no more against it.
    /// Tells whether it was paused.
    pub async fn resume_channel(self, channel: &str, by: &str, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let mut write = self.store.write().await?;
        let paused = sqlx::query("DELETE FROM channel_pause WHERE channel = $1")
            .bind(channel)
            .execute(&mut *write.tx)
            .await
            .doing("resuming a channel")?
            .rows_affected();
        sqlx::query(
            "INSERT INTO channel_resumed (channel, resumed_at, resumed_by) VALUES ($1, $2, $3)
             ON CONFLICT (channel) DO UPDATE SET resumed_at = excluded.resumed_at, resumed_by = excluded.resumed_by",
        )
        .bind(channel)
        .bind(instant_text(now))
        .bind(by)
        .execute(&mut *write.tx)
        .await
        .doing("resuming a channel")?;
        close_tasks_in(&mut write, Which { child_id: None, kinds: &["channel-paused"], subject: Some(channel) }, now)
            .await?;
        write.commit().await?;
        Ok(paused > 0)
    }

    /// A person has looked at an endpoint: it is used again. Tells whether it was paused.
    pub async fn resume_endpoint(self, endpoint: &str, by: &str, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let mut write = self.store.write().await?;
        let paused = sqlx::query(
            "UPDATE endpoint_pause SET resumed_at = $1, resumed_by = $2 WHERE endpoint_id = $3 AND resumed_at IS NULL",
        )
        .bind(instant_text(now))
        .bind(by)
        .bind(endpoint)
        .execute(&mut *write.tx)
        .await
        .doing("resuming an address")?
        .rows_affected();
        close_tasks_in(&mut write, Which { child_id: None, kinds: &["address-paused"], subject: Some(endpoint) }, now)
            .await?;
        write.commit().await?;
        Ok(paused > 0)
    }

    /// Channels that are paused.
    pub async fn paused_channels(self) -> Result<Vec<PauseRow>, StoreError> {
        let rows: Vec<(String, String, String)> =
            sqlx::query_as("SELECT channel, paused_at, why FROM channel_pause ORDER BY channel")
                .fetch_all(&self.store.pool)
                .await
                .doing("reading paused channels")?;
        Ok(rows.into_iter().map(|(name, paused_at, why)| PauseRow { name, paused_at, why }).collect())
    }

    /// Endpoints that are paused.
    pub async fn paused_endpoints(self) -> Result<Vec<PauseRow>, StoreError> {
        let rows: Vec<(String, String, String)> = sqlx::query_as(
            "SELECT endpoint_id, paused_at, why FROM endpoint_pause WHERE resumed_at IS NULL ORDER BY endpoint_id",
        )
        .fetch_all(&self.store.pool)
        .await
        .doing("reading paused addresses")?;
        Ok(rows.into_iter().map(|(name, paused_at, why)| PauseRow { name, paused_at, why }).collect())
    }

    /// What each channel did on each of the last 28 days to `today`, newest first.
    ///
    /// # Errors
    /// When the database refuses or holds no day.
    pub async fn channel_days(self, today: NaiveDate) -> Result<Vec<ChannelDay>, StoreError> {
        let rows: Vec<(String, String, i64)> =
            sqlx::query_as("SELECT channel, day, attempts FROM channel_day WHERE day >= $1 ORDER BY day DESC, channel")
                .bind((today - Days::new(28)).to_string())
                .fetch_all(&self.store.pool)
                .await
                .doing("reading what channels did")?;
        rows.into_iter()
            .map(|(channel, day, attempts)| match day.parse() {
                Ok(day) => Ok(ChannelDay { channel, day, attempts }),
                Err(_) => Err(StoreError::Inconsistent { table: "channel_day", column: "day", id: channel }),
            })
            .collect()
    }

    /// When a person last looked at a channel.
    pub async fn channel_resumed_at(self, channel: &str) -> Result<Option<DateTime<Utc>>, StoreError> {
        let row: Option<(String,)> = sqlx::query_as("SELECT resumed_at FROM channel_resumed WHERE channel = $1")
            .bind(channel)
            .fetch_optional(&self.store.pool)
            .await
            .doing("reading when a channel was looked at")?;
        row.map(|(at,)| parse_instant(&at)).transpose().map_err(|_| StoreError::Inconsistent {
            table: "channel_resumed",
            column: "resumed_at",
            id: channel.to_owned(),
        })
    }

    /// How many attempts by a channel ended refused for good or unknown since an instant.
    pub async fn failures_since(self, channel: &str, since: DateTime<Utc>) -> Result<i64, StoreError> {
        let (count,): (i64,) = sqlx::query_as(
            "SELECT COUNT(*) FROM attempt WHERE channel = $1 AND settled_at > $2 AND outcome IN ('refused-for-good', 'unknown')",
        )
        .bind(channel)
        .bind(instant_text(since))
        .fetch_one(&self.store.pool)
        .await
        .doing("counting failures")?;
        Ok(count)
    }
}

/// Counts an envelope of a channel, as the last of several statements: it returns how many there are on that day.
pub(in crate::store) fn add_to_volume(several: &mut Several, channel: &str, day: NaiveDate) {
    several
        .add(
            "INSERT INTO channel_day (channel, day, attempts) VALUES ($1, $2, 1)
             ON CONFLICT (channel, day) DO UPDATE SET attempts = channel_day.attempts + 1 RETURNING attempts",
        )
        .bind(channel.to_owned())
        .bind(day.to_string());
}

/// Takes an envelope of which nothing left out of its day's count again, right before the end of a transaction: the counter
/// is one row for all workers.
pub(in crate::store) async fn take_from_volume(
    write: &mut Write,
    channel: &str,
    day: NaiveDate,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE channel_day SET attempts = attempts - 1 WHERE channel = $1 AND day = $2 AND attempts > 0")
        .bind(channel)
        .bind(day.to_string())
        .execute(&mut *write.tx)
        .await
        .doing("counting what left")?;
    Ok(())
}

/// Notes that a child's papers go to an endpoint; tells whose went there so far, this child's included. An office has
/// thousands of children: no more are counted than tell whether there are more than `most`.
pub(in crate::store) async fn note_use(
    write: &mut Write,
    several: &mut Several,
    endpoint: &EndpointId,
    child_id: &str,
    most: i64,
    now: DateTime<Utc>,
) -> Result<EndpointUse, StoreError> {
    let others: Vec<(String, i64)> = sqlx::query_as(USED_BY_OTHERS)
        .bind(endpoint.as_str())
        .bind(child_id)
        .bind(most.max(1))
        .fetch_all(&mut *write.tx)
        .await
        .doing("noting the use of an address")?;
    several
        .add("INSERT INTO endpoint_use (endpoint_id, child_id, first_at) VALUES ($1, $2, $3) ON CONFLICT (endpoint_id, child_id) DO NOTHING")
        .bind(endpoint.to_string())
        .bind(child_id.to_owned())
        .bind(instant_text(now));
    let children = 1 + i64::try_from(others.len()).unwrap_or(i64::MAX);
    let Some((first, looked_at)) = others.first() else {
        return Ok(EndpointUse { children, first_at: now, looked_at: false });
    };
    let first_at = parse_instant(first).map_err(|_| StoreError::Inconsistent {
        table: "endpoint_use",
        column: "first_at",
        id: endpoint.to_string(),
    })?;
    Ok(EndpointUse { children, first_at, looked_at: *looked_at > 0 })
}

/// Since when, the first of them first, and whether a person has looked at the address.
const USED_BY_OTHERS: &str = "SELECT first_at,
    (SELECT COUNT(*) FROM endpoint_pause p WHERE p.endpoint_id = $1 AND p.resumed_at IS NOT NULL)
    FROM endpoint_use WHERE endpoint_id = $1 AND child_id <> $2 ORDER BY first_at LIMIT $3";
