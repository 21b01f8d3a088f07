//! Papers on file behind the papers of an envelope that has not been made.

use chrono::{DateTime, Utc};

use super::{
    dispatches::{COLUMNS, read_row},
    state::note,
};
use crate::{
    case::FiledId,
    clock::instant_text,
    dispatch::StateName,
    store::{Doing, StoreError, Write},
};

/// Puts exactly these papers on file behind an envelope that has no papers of its own yet. The caller has taken the
/// child's row with [`Write::change_child`] first.
///
/// # Errors
/// When the envelope is made or has left, there is none, or the database refuses.
pub(in crate::store) async fn enclose_in(
    write: &mut Write,
    dispatch_id: &str,
    enclosed: &[FiledId],
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM dispatch WHERE dispatch_id = $1{}", write.to_change());
    let row = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(dispatch_id)
        .fetch_optional(&mut *write.tx)
        .await
        .doing("enclosing a paper")?
        .ok_or_else(|| StoreError::NotFound { what: "dispatch", id: dispatch_id.to_owned() })?;
    let row = read_row(&row)?;
    let waits = matches!(row.state, StateName::Held | StateName::Withheld | StateName::Queued);
    if !waits || row.packet.is_some() {
        return Err(StoreError::WrongState { id: dispatch_id.to_owned(), state: row.state.as_str() });
    }
    let mut envelope = row.envelope;
    envelope.enclosed = enclosed.to_vec();
    sqlx::query("UPDATE dispatch SET envelope = $1, updated_at = $2 WHERE dispatch_id = $3")
        .bind(serde_json::to_string(&envelope).expect("an envelope is plain data"))
        .bind(instant_text(now))
        .bind(dispatch_id)
        .execute(&mut *write.tx)
        .await
        .doing("enclosing a paper")?;
    sqlx::query("DELETE FROM dispatch_item WHERE dispatch_id = $1 AND document LIKE 'filed:%'")
        .bind(dispatch_id)
        .execute(&mut *write.tx)
        .await
        .doing("enclosing a paper")?;
    let keys = envelope.item_keys();
    let first = keys.len() - envelope.enclosed.len();
    for (place, key) in keys.iter().enumerate().skip(first) {
        sqlx::query("INSERT INTO dispatch_item (item_key, dispatch_id, place, document) VALUES ($1, $2, $3, $4)")
            .bind(key.to_string())
            .bind(dispatch_id)
            .bind(i64::try_from(place).unwrap_or(i64::MAX))
            .bind(&key.document)
            .execute(&mut *write.tx)
            .await
            .doing("enclosing a paper")?;
    }
    note(write, dispatch_id, row.state.as_str(), "what lies behind the papers was changed", now).await
}
