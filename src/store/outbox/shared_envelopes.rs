//! Envelopes that several duties share, and how they come apart.

use chrono::{DateTime, Utc};

use super::{dispatches::read_row, state::note};
use crate::{
    clock::instant_text,
    dispatch::Envelope,
    store::{Doing, StoreError, Write, database::batch::Several, new_id, outbox::Outbox},
};

/// Notes that a dispatch holds the papers of a duty.
pub(super) fn add_part(several: &mut Several, dispatch_id: &str, place: usize, part: &Envelope) {
    several
        .add(
            "INSERT INTO dispatch_part (dispatch_id, place, child_id, obligation, anchor, revision, recipient)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(dispatch_id.to_owned())
        .bind(i64::try_from(place).unwrap_or(i64::MAX))
        .bind(part.child_id.to_string())
        .bind(part.obligation.as_str())
        .bind(part.anchor.clone())
        .bind(i64::from(part.revision))
        .bind(part.recipient.to_string());
}

impl Outbox<'_> {
    /// Takes a shared envelope apart that has not left: each duty has a dispatch of its own from now on, in the same
    /// state and without papers. An envelope of one duty stays as it is.
    ///
    /// # Errors
    /// When it is on its way or has left, or the database refuses.
    pub async fn take_apart(self, dispatch_id: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
        let mut write = self.store.write().await?;
        apart_in(&mut write, dispatch_id, now).await?;
        write.commit().await
    }
}

/// The same within a transaction; gives the dispatch of each part, in order.
pub(in crate::store) async fn apart_in(
    write: &mut Write,
    dispatch_id: &str,
    now: DateTime<Utc>,
) -> Result<Vec<(Envelope, String)>, StoreError> {
    let sql =
        format!("SELECT {} FROM dispatch WHERE dispatch_id = $1{}", super::dispatches::COLUMNS, write.to_change());
    let row = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(dispatch_id)
        .fetch_optional(&mut *write.tx)
        .await
        .doing("looking an envelope up")?
        .ok_or_else(|| StoreError::NotFound { what: "dispatch", id: dispatch_id.to_owned() })?;
    let row = read_row(&row)?;
    if row.envelope.shares.is_empty() {
        return Ok(vec![(row.envelope, row.dispatch_id)]);
    }
    let state = row.state.as_str();
    if row.has_left || !matches!(state, "queued" | "held" | "withheld" | "failed") {
        return Err(StoreError::WrongState { id: dispatch_id.to_owned(), state });
    }
    let mut parts = Vec::new();
    for (place, part) in row.envelope.apart().into_iter().enumerate() {
        let id = if place == 0 {
            keep_first(write, dispatch_id, &part).await?;
            dispatch_id.to_owned()
        } else {
            move_part(write, dispatch_id, place, &part, now).await?
        };
        note(write, &id, state, "its envelope was taken apart", now).await?;
        parts.push((part, id));
    }
    Ok(parts)
}

async fn keep_first(write: &mut Write, dispatch_id: &str, part: &Envelope) -> Result<(), StoreError> {
    sqlx::query("UPDATE dispatch SET envelope = $1, packet = NULL WHERE dispatch_id = $2")
        .bind(serde_json::to_string(part).expect("an envelope is plain data"))
        .bind(dispatch_id)
        .execute(&mut *write.tx)
        .await
        .doing("taking an envelope apart")?;
    Ok(())
}

/// A dispatch of its own for one part: its row is the old one's, its items move to it.
async fn move_part(
    write: &mut Write,
    dispatch_id: &str,
    place: usize,
    part: &Envelope,
    now: DateTime<Utc>,
) -> Result<String, StoreError> {
    let id = new_id(now);
    // It stays with the run that made the envelope, and a run that found that one open finds this one by `apart_of`.
    sqlx::query(
        "INSERT INTO dispatch (dispatch_id, child_id, envelope, obligation, anchor, revision, recipient, state, reason, detail,
            channel, due_on, created_at, updated_at, not_before, run_id, apart_of)
         SELECT $1, child_id, $2, $3, $4, $5, recipient, state, reason, detail, channel, due_on, created_at, $6, not_before,
            run_id, dispatch_id FROM dispatch WHERE dispatch_id = $7",
    )
    .bind(&id)
    .bind(serde_json::to_string(part).expect("an envelope is plain data"))
    .bind(part.obligation.as_str())
    .bind(&part.anchor)
    .bind(i64::from(part.revision))
    .bind(instant_text(now))
    .bind(dispatch_id)
    .execute(&mut *write.tx)
    .await
    .doing("taking an envelope apart")?;
    for (at, key) in part.item_keys().iter().enumerate() {
        sqlx::query("UPDATE dispatch_item SET dispatch_id = $1, place = $2 WHERE item_key = $3")
            .bind(&id)
            .bind(i64::try_from(at).unwrap_or(i64::MAX))
            .bind(key.to_string())
            .execute(&mut *write.tx)
            .await
            .doing("taking an envelope apart")?;
    }
    sqlx::query("UPDATE dispatch_part SET dispatch_id = $1, place = 0 WHERE dispatch_id = $2 AND place = $3")
        .bind(&id)
        .bind(dispatch_id)
        .bind(i64::try_from(place).unwrap_or(i64::MAX))
        .execute(&mut *write.tx)
        .await
        .doing("taking an envelope apart")?;
    Ok(id)
}
