//! Papers on file behind the papers of an envelope that has not been made.

use chrono::{DateTime, Utc};

use super::{Doing, Store, StoreError, state::note};
use crate::{case::FiledId, clock::instant_text};

impl Store {
    /// Puts exactly these papers on file behind an envelope that has no papers of its own yet.
    ///
    /// # Errors
    /// When the envelope is made or has left, there is none, or the database refuses.
    pub async fn enclose(
        &self,
        dispatch_id: &str,
        enclosed: Vec<FiledId>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let row = self.dispatch(dispatch_id).await?;
        let mut envelope = row.envelope;
        envelope.enclosed = enclosed;
        let mut write = self.write().await?;
        write.change_child(&envelope.child_id).await?;
        let changed = sqlx::query(
            "UPDATE dispatch SET envelope = $1, updated_at = $2
             WHERE dispatch_id = $3 AND packet IS NULL AND state IN ('held', 'withheld', 'queued')",
        )
        .bind(serde_json::to_string(&envelope).expect("an envelope is plain data"))
        .bind(instant_text(now))
        .bind(dispatch_id)
        .execute(&mut *write.tx)
        .await
        .doing("enclosing a paper")?;
        if changed.rows_affected() == 0 {
            return Err(StoreError::WrongState { id: dispatch_id.to_owned(), state: row.state.as_str() });
        }
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
        note(&mut write, dispatch_id, row.state.as_str(), "what lies behind the papers was changed", now).await?;
        write.commit().await
    }
}
