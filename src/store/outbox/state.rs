//! The state of an envelope, with its history.

use chrono::{DateTime, Utc};

use crate::{
    clock::instant_text,
    dispatch::StateName,
    store::{Doing, StoreError, Write, database::batch::Several, new_id},
};

/// Changes a dispatch's state if the states allow it, and notes it in its history.
pub(in crate::store) async fn change_state(
    write: &mut Write,
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

pub(in crate::store) async fn state_of(write: &mut Write, dispatch_id: &str) -> Result<StateName, StoreError> {
    Ok(standing(write, dispatch_id).await?.0)
}

/// The state of a dispatch, and whose it is. The transaction is about to change it.
pub(super) async fn standing(write: &mut Write, dispatch_id: &str) -> Result<(StateName, String), StoreError> {
    let sql = format!("SELECT state, child_id FROM dispatch WHERE dispatch_id = $1{}", write.to_change());
    let (word, child_id): (String, String) = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(dispatch_id)
        .fetch_optional(&mut *write.tx)
        .await
        .doing("looking an envelope up")?
        .ok_or_else(|| StoreError::NotFound { what: "dispatch", id: dispatch_id.to_owned() })?;
    let state = StateName::from_word(&word).ok_or_else(|| StoreError::Inconsistent {
        table: "dispatch",
        column: "state",
        id: dispatch_id.to_owned(),
    })?;
    Ok((state, child_id))
}

/// Writes a state that the caller knows to be allowed, and notes it in the dispatch's history.
pub(in crate::store) fn add_state(
    several: &mut Several,
    dispatch_id: &str,
    after: StateName,
    reason: Option<&str>,
    detail: Option<&str>,
    why: &str,
    now: DateTime<Utc>,
) {
    // A lease belongs to `sending` alone, and only a claim sends.
    several
        .add("UPDATE dispatch SET state = $1, reason = $2, detail = $3, lease_until = NULL, worker = NULL, updated_at = $4 WHERE dispatch_id = $5")
        .bind(after.as_str())
        .bind(reason.map(ToOwned::to_owned))
        .bind(detail.map(ToOwned::to_owned))
        .bind(instant_text(now))
        .bind(dispatch_id.to_owned());
    add_note(several, dispatch_id, after, reason.unwrap_or(why), now);
}

/// Notes a state in the dispatch's history, where the caller writes the state itself.
pub(in crate::store) fn add_note(
    several: &mut Several,
    dispatch_id: &str,
    after: StateName,
    why: &str,
    now: DateTime<Utc>,
) {
    several
        .add(NOTE)
        .bind(new_id(now))
        .bind(dispatch_id.to_owned())
        .bind(instant_text(now))
        .bind(after.as_str())
        .bind(why.to_owned());
}

const NOTE: &str = "INSERT INTO dispatch_history (history_id, dispatch_id, at, state, why) VALUES ($1, $2, $3, $4, $5)";

pub(in crate::store) async fn note(
    write: &mut Write,
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
