//! The state of an envelope, with its history.

use chrono::{DateTime, Utc};

use super::{Doing, StoreError, Write, new_id, several::Several};
use crate::{clock::instant_text, dispatch::StateName};

/// Changes a dispatch's state if the states allow it, and notes it in its history.
pub(super) async fn change_state(
    write: &mut Write<'_>,
    dispatch_id: &str,
    state: &'static str,
    reason: Option<&str>,
    detail: Option<&str>,
    why: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let before = state_of(write, dispatch_id).await?;
    let after = StateName::from_word(state).ok_or_else(|| StoreError::Inconsistent {
        table: "dispatch",
        column: "state",
        id: dispatch_id.to_owned(),
    })?;
    if !after.may_follow(before) {
        return Err(StoreError::WrongState { id: dispatch_id.to_owned(), state: before.as_str() });
    }
    let mut several = Several::new(write);
    add_state(&mut several, dispatch_id, after, reason, detail, why, now);
    several.run(write, "changing an envelope's state").await
}

pub(super) async fn state_of(write: &mut Write<'_>, dispatch_id: &str) -> Result<StateName, StoreError> {
    let sql = format!("SELECT state FROM dispatch WHERE dispatch_id = $1{}", write.to_change());
    let (word,): (String,) = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(dispatch_id)
        .fetch_optional(&mut *write.tx)
        .await
        .doing("looking an envelope up")?
        .ok_or_else(|| StoreError::NotFound { what: "dispatch", id: dispatch_id.to_owned() })?;
    StateName::from_word(&word).ok_or_else(|| StoreError::Inconsistent {
        table: "dispatch",
        column: "state",
        id: dispatch_id.to_owned(),
    })
}

/// Writes a state that the caller knows to be allowed, and notes it in the dispatch's history.
pub(super) fn add_state(
    several: &mut Several,
    dispatch_id: &str,
    after: StateName,
    reason: Option<&str>,
    detail: Option<&str>,
    why: &str,
    now: DateTime<Utc>,
) {
    let (state, at) = (after.as_str(), instant_text(now));
    // A lease belongs to `sending` alone; the claim sets it right after.
    let lease = (after == StateName::Sending).then(|| at.clone());
    several
        .add("UPDATE dispatch SET state = $1, reason = $2, detail = $3, lease_until = $4, worker = NULL, updated_at = $5 WHERE dispatch_id = $6")
        .bind(state)
        .bind(reason.map(ToOwned::to_owned))
        .bind(detail.map(ToOwned::to_owned))
        .bind(lease)
        .bind(at.clone())
        .bind(dispatch_id.to_owned())
        .add(NOTE)
        .bind(new_id(now))
        .bind(dispatch_id.to_owned())
        .bind(at)
        .bind(state)
        .bind(reason.unwrap_or(why).to_owned());
}

const NOTE: &str = "INSERT INTO dispatch_history (history_id, dispatch_id, at, state, why) VALUES ($1, $2, $3, $4, $5)";

pub(super) async fn note(
    write: &mut Write<'_>,
    dispatch_id: &str,
    state: &str,
    why: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query(NOTE)
        .bind(new_id(now))
        .bind(dispatch_id)
        .bind(instant_text(now))
        .bind(state)
        .bind(why)
        .execute(&mut *write.tx)
        .await
        .doing("keeping an envelope's history")?;
    Ok(())
}
