//! A new program key: the children's keys are wrapped anew, their papers stay as they are.

use super::{
    Doing, KeyError, ProgramKey, Store, StoreError, Write,
    keys::encryption::{open, seal},
    open::{KEY_CHECK, KEY_CHECK_WORD},
    outcomes::receipts::bound,
};
use crate::{case::ChildId, hint::Hint};

impl Store {
    /// Wraps every child's key with `new`, in one transaction; gives how many. This store goes on with its own key and
    /// is to be opened again with the new one.
    ///
    /// # Errors
    /// When a key does not open, or the database refuses; then every key is as it was.
    pub async fn rewrap_keys(&self, new: &ProgramKey) -> Result<u64, StoreError> {
        let mut write = self.write().await?;
        let rows: Vec<(String, Vec<u8>)> = sqlx::query_as("SELECT child_id, wrapped FROM child_key ORDER BY child_id")
            .fetch_all(&mut *write.tx)
            .await
            .doing("reading the children's keys")?;
        let count = rows.len() as u64;
        for (id, wrapped) in rows {
            let child_id = ChildId::parse(&*id).map_err(|_| StoreError::Inconsistent {
                table: "child_key",
                column: "child_id",
                id: id.clone(),
            })?;
            let key = self.bodies().unwrap_key(&child_id, &wrapped)?;
            sqlx::query("UPDATE child_key SET wrapped = $1 WHERE child_id = $2")
                .bind(seal(&new.0, &format!("key/{child_id}"), &key))
                .bind(&id)
                .execute(&mut *write.tx)
                .await
                .doing("wrapping a child's key")?;
        }
        // The note by which a wrong key is known goes with the key.
        sqlx::query("UPDATE installation SET value = $1 WHERE name = $2")
            .bind(hex::encode(seal(&new.0, KEY_CHECK, KEY_CHECK_WORD)))
            .bind(KEY_CHECK)
            .execute(&mut *write.tx)
            .await
            .doing("noting the key")?;
        self.rewrap_unmatched_mail(&mut write, new).await?;
        super::service::staff_sheets::forget_all(&mut write).await?;
        write.commit().await?;
        Ok(count)
    }

    /// Mail that came back and is nobody's yet stands under the program's own key.
    async fn rewrap_unmatched_mail(&self, write: &mut Write, new: &ProgramKey) -> Result<(), StoreError> {
        let mail: Vec<(String, Vec<u8>)> =
            sqlx::query_as("SELECT receipt_id, sealed FROM receipt WHERE dispatch_id IS NULL ORDER BY receipt_id")
                .fetch_all(&mut *write.tx)
                .await
                .doing("reading what came back")?;
        for (id, sealed) in mail {
            let plain = open(&self.key.0, &bound(&id), &sealed).map_err(|_| KeyError::Wrong)?;
            sqlx::query("UPDATE receipt SET sealed = $1 WHERE receipt_id = $2")
                .bind(seal(&new.0, &bound(&id), &plain))
                .bind(&id)
                .execute(&mut *write.tx)
                .await
                .doing("wrapping what came back")?;
        }
        Ok(())
    }

    /// Writes a consistent copy of the database into a new file, while others go on reading and writing.
    ///
    /// # Errors
    /// When it is no SQLite database, or the file cannot be written.
    pub async fn copy_database(&self, to: &std::path::Path) -> Result<(), StoreError> {
        if self.dialect != super::Dialect::Sqlite {
            return Err(StoreError::Open(format!(
                "a PostgreSQL database is backed up with its own tools (pg_dump); {} is for SQLite",
                Hint::BackUp
            )));
        }
        sqlx::query("VACUUM INTO $1")
            .bind(to.to_string_lossy().into_owned())
            .execute(&self.pool)
            .await
            .doing("copying the database")?;
        Ok(())
    }

    /// The head of the record in a copy of the database; the copy is checked as a whole.
    ///
    /// # Errors
    /// When the copy cannot be opened or is damaged.
    pub async fn head_of_copy(&self, path: &std::path::Path) -> Result<crate::ledger::Head, StoreError> {
        use sqlx::Connection;
        let url = format!("sqlite://{}?mode=ro", path.display());
        let mut copy = sqlx::AnyConnection::connect(&url).await.doing("opening a copy of the database")?;
        let (sound,): (String,) = sqlx::query_as("PRAGMA integrity_check(1)")
            .fetch_one(&mut copy)
            .await
            .doing("checking a copy of the database")?;
        if sound != "ok" {
            return Err(StoreError::Open(format!("its copy is damaged; run {}", Hint::VerifyLedger)));
        }
        let last: Option<(i64, String)> = sqlx::query_as("SELECT seq, hash FROM ledger ORDER BY seq DESC LIMIT 1")
            .fetch_optional(&mut copy)
            .await
            .doing("reading a copy of the database")?;
        copy.close().await.doing("closing a copy of the database")?;
        Ok(last.map_or_else(crate::ledger::Head::default, |(count, hash)| crate::ledger::Head { count, hash }))
    }
}
