//! The directory of offices and professionals, with history.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::{Doing, Store, StoreError, Write, hash::sha256_hex, turn::Order};
use crate::{case::Directory, clock::instant_text};

impl Store {
    /// Takes a directory; tells whether it changed.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn import_directory(&self, directory: &Directory, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let text = serde_json::to_string(directory).expect("a directory is plain data");
        let hash = sha256_hex(text.as_bytes());
        let mut write = self.write().await?;
        write.wait_for(Order::Directory, false).await?;
        let last: Option<(i64, String)> =
            sqlx::query_as("SELECT revision, body_hash FROM directory ORDER BY revision DESC LIMIT 1")
                .fetch_optional(&mut *write.tx)
                .await
                .doing("looking the directory up")?;
        if last.as_ref().is_some_and(|(_, known)| known == &hash) {
            return Ok(false);
        }
        sqlx::query("INSERT INTO directory (revision, body, body_hash, imported_at) VALUES ($1, $2, $3, $4)")
            .bind(last.map_or(1, |(revision, _)| revision + 1))
            .bind(text)
            .bind(hash)
            .bind(instant_text(now))
            .execute(&mut *write.tx)
            .await
            .doing("keeping the directory")?;
        write.commit().await?;
        Ok(true)
    }

    /// The present directory and its hash.
    ///
    /// # Errors
    /// When none was imported yet, or the database refuses.
    pub async fn directory(&self) -> Result<(Arc<Directory>, String), StoreError> {
        let mut connection = self.pool.acquire().await.doing("reading the directory")?;
        let (hash,): (String,) = sqlx::query_as(HASH)
            .fetch_optional(&mut *connection)
            .await
            .doing("reading the directory")?
            .ok_or_else(none_yet)?;
        if let Some(known) = self.known(&hash) {
            return Ok((known, hash));
        }
        let (text,): (String,) =
            sqlx::query_as(BODY).fetch_one(&mut *connection).await.doing("reading the directory")?;
        self.remember(&text, hash)
    }

    /// The present directory, as this transaction sees it.
    pub(super) async fn directory_in(&self, write: &mut Write<'_>) -> Result<(Arc<Directory>, String), StoreError> {
        let (hash,): (String,) = sqlx::query_as(HASH)
            .fetch_optional(&mut *write.tx)
            .await
            .doing("reading the directory")?
            .ok_or_else(none_yet)?;
        if let Some(known) = self.known(&hash) {
            return Ok((known, hash));
        }
        let (text,): (String,) = sqlx::query_as(BODY).fetch_one(&mut *write.tx).await.doing("reading the directory")?;
        self.remember(&text, hash)
    }

    fn known(&self, hash: &str) -> Option<Arc<Directory>> {
        let known = self.directory.lock().expect("no holder of the directory panics");
        known.as_ref().filter(|(known, _)| known == hash).map(|(_, directory)| Arc::clone(directory))
    }

    fn remember(&self, text: &str, hash: String) -> Result<(Arc<Directory>, String), StoreError> {
        let wrong = |_| StoreError::Inconsistent { table: "directory", column: "body", id: hash.clone() };
        let directory: Arc<Directory> = Arc::new(serde_json::from_str(text).map_err(wrong)?);
        *self.directory.lock().expect("no holder of the directory panics") =
            Some((hash.clone(), Arc::clone(&directory)));
        Ok((directory, hash))
    }
}

const HASH: &str = "SELECT body_hash FROM directory ORDER BY revision DESC LIMIT 1";
const BODY: &str = "SELECT body FROM directory ORDER BY revision DESC LIMIT 1";

fn none_yet() -> StoreError {
    StoreError::NotFound { what: "directory: import a caseload first", id: String::new() }
}
