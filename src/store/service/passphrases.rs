//! Passphrases of addresses, and the encrypted copies that went: both under the child's key.

use chrono::{DateTime, Utc};

use crate::{
    case::{ChildId, EndpointId},
    clock::instant_text,
    store::{
        Doing, StoreError,
        keys::encryption::{open, seal},
        service::{ServiceState, tasks::open_task_in},
    },
};

/// A passphrase, for a person's eyes.
#[derive(Clone, PartialEq, Eq)]
pub struct PassphraseRow {
    pub words: String,
    /// When the recipient was told, and how.
    pub told: Option<(String, String)>,
}

/// Never shows the words.
impl std::fmt::Debug for PassphraseRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PassphraseRow").field("told", &self.told).finish_non_exhaustive()
    }
}

impl ServiceState<'_> {
    /// The passphrase by which a child's papers to an address open.
    ///
    /// # Errors
    /// When it does not open, or the database refuses.
    pub async fn passphrase(
        self,
        child_id: &ChildId,
        endpoint_id: &EndpointId,
    ) -> Result<Option<PassphraseRow>, StoreError> {
        let row: Option<(Vec<u8>, Option<String>, Option<String>)> =
            sqlx::query_as("SELECT sealed, told_at, told_how FROM passphrase WHERE child_id = $1 AND endpoint_id = $2")
                .bind(child_id.as_str())
                .bind(endpoint_id.as_str())
                .fetch_optional(&self.store.pool)
                .await
                .doing("reading a passphrase")?;
        let Some((sealed, told_at, told_how)) = row else { return Ok(None) };
        let wrong = || StoreError::Inconsistent { table: "passphrase", column: "sealed", id: endpoint_id.to_string() };
        let key = self.store.bodies().child_key(child_id).await?;
        let words = open(&key, &bound(child_id, endpoint_id), &sealed).map_err(|_| wrong())?;
        let words = String::from_utf8(words).map_err(|_| wrong())?;
        Ok(Some(PassphraseRow { words, told: told_at.zip(told_how) }))
    }

    /// Keeps a new passphrase, with the task to tell it; where there is one already, that one stays.
    pub async fn keep_passphrase(
        self,
        child_id: &ChildId,
        endpoint_id: &EndpointId,
        words: &str,
        tell: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let key = self.store.bodies().child_key(child_id).await?;
        let sealed = seal(&key, &bound(child_id, endpoint_id), words.as_bytes());
        let mut write = self.store.write().await?;
        let kept = sqlx::query(
            "INSERT INTO passphrase (child_id, endpoint_id, sealed, made_at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (child_id, endpoint_id) DO NOTHING",
        )
        .bind(child_id.as_str())
        .bind(endpoint_id.as_str())
        .bind(sealed)
        .bind(instant_text(now))
        .execute(&mut *write.tx)
        .await
        .doing("keeping a passphrase")?;
        if kept.rows_affected() > 0 {
            open_task_in(&mut write, Some(child_id), "passphrase-to-tell", endpoint_id.as_str(), tell, now).await?;
        }
        write.commit().await
    }

    /// A person has told the recipient the passphrase; the task is done.
    ///
    /// # Errors
    /// When there is none, or the database refuses.
    pub async fn passphrase_told(
        self,
        child_id: &ChildId,
        endpoint_id: &EndpointId,
        how: &str,
        by: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let mut write = self.store.write().await?;
        let told = sqlx::query(
            "UPDATE passphrase SET told_at = $1, told_how = $2, told_by = $3 WHERE child_id = $4 AND endpoint_id = $5",
        )
        .bind(instant_text(now))
        .bind(how)
        .bind(by)
        .bind(child_id.as_str())
        .bind(endpoint_id.as_str())
        .execute(&mut *write.tx)
        .await
        .doing("noting that a passphrase was told")?;
        if told.rows_affected() == 0 {
            return Err(StoreError::NotFound { what: "passphrase of endpoint", id: endpoint_id.to_string() });
        }
        sqlx::query(
            "UPDATE task SET closed_at = $1 WHERE kind = 'passphrase-to-tell' AND child_id = $2 AND subject = $3 AND closed_at IS NULL",
        )
        .bind(instant_text(now))
        .bind(child_id.as_str())
        .bind(endpoint_id.as_str())
        .execute(&mut *write.tx)
        .await
        .doing("closing a task")?;
        write.commit().await
    }

    /// The name of the stored encrypted copy of a paper of a dispatch.
    pub async fn protected_copy(self, dispatch_id: &str, plain_sha256: &str) -> Result<Option<String>, StoreError> {
        let row: Option<(String,)> =
            sqlx::query_as("SELECT body FROM protected_copy WHERE dispatch_id = $1 AND plain_sha256 = $2")
                .bind(dispatch_id)
                .bind(plain_sha256)
                .fetch_optional(&self.store.pool)
                .await
                .doing("looking for an encrypted copy")?;
        Ok(row.map(|(body,)| body))
    }

    /// Lists a stored encrypted copy. The first one of a paper stays: a retry sends the same bytes.
    pub async fn list_protected_copy(
        self,
        child_id: &ChildId,
        dispatch_id: &str,
        (plain_sha256, sha256): (&str, &str),
        (body, bytes): (&str, usize),
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let mut write = self.store.write().await?;
        sqlx::query(
            "INSERT INTO protected_copy (dispatch_id, plain_sha256, sha256, body, made_at) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (dispatch_id, plain_sha256) DO NOTHING",
        )
        .bind(dispatch_id)
        .bind(plain_sha256)
        .bind(sha256)
        .bind(body)
        .bind(instant_text(now))
        .execute(&mut *write.tx)
        .await
        .doing("listing an encrypted copy")?;
        sqlx::query(
            "INSERT INTO body (name, child_id, bytes, stored_at) VALUES ($1, $2, $3, $4) ON CONFLICT (name) DO NOTHING",
        )
        .bind(body)
        .bind(child_id.as_str())
        .bind(i64::try_from(bytes).unwrap_or(i64::MAX))
        .bind(instant_text(now))
        .execute(&mut *write.tx)
        .await
        .doing("listing a stored paper")?;
        write.commit().await
    }
}

fn bound(child_id: &ChildId, endpoint_id: &EndpointId) -> String {
    format!("passphrase/{child_id}/{endpoint_id}")
}
