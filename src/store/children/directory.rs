//! The directory of offices and professionals, with history.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use sqlx::{Any, Executor};

use crate::{
    case::Directory,
    clock::instant_text,
    store::{
        Doing, StoreError,
        children::Children,
        database::{hash_column::sha256_hex, locks::Order},
    },
};

impl Children<'_> {
    /// Takes a directory; tells whether it changed.
    pub async fn import_directory(self, directory: &Directory, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let text = serde_json::to_string(directory).expect("a directory is plain data");
        let hash = sha256_hex(text.as_bytes());
        let mut write = self.store.write().await?;
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
    pub async fn directory(self) -> Result<(Arc<Directory>, String), StoreError> {
        let hash: Option<(String,)> =
            sqlx::query_as(HASH).fetch_optional(&self.store.pool).await.doing("reading the directory")?;
        let (hash,) = hash.ok_or_else(none_yet)?;
        Ok((self.directory_of(&self.store.pool, Some(&hash)).await?, hash))
    }

    /// The directory of a hash: most often the one that was read last.
    pub(super) async fn directory_of<'c>(
        self,
        by: impl Executor<'c, Database = Any>,
        hash: Option<&str>,
    ) -> Result<Arc<Directory>, StoreError> {
        let hash = hash.ok_or_else(none_yet)?;
        let last = || self.store.directory.lock().expect("no holder of the directory panics");
        if let Some((_, directory)) = last().as_ref().filter(|(known, _)| known == hash) {
            return Ok(Arc::clone(directory));
        }
        let (text,): (String,) = sqlx::query_as(BODY).bind(hash).fetch_one(by).await.doing("reading the directory")?;
        let wrong = |_| StoreError::Inconsistent { table: "directory", column: "body", id: hash.to_owned() };
        let directory: Arc<Directory> = Arc::new(serde_json::from_str(&text).map_err(wrong)?);
        *last() = Some((hash.to_owned(), Arc::clone(&directory)));
        Ok(directory)
    }
}

const HASH: &str = "SELECT body_hash FROM directory ORDER BY revision DESC LIMIT 1";
const BODY: &str = "SELECT body FROM directory WHERE body_hash = $1 ORDER BY revision DESC LIMIT 1";

fn none_yet() -> StoreError {
    StoreError::NotFound { what: "directory: import a caseload first", id: String::new() }
}
