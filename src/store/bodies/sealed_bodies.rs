//! The one door to stored papers and messages: encrypted under the child's key, named by content.

use std::io;

use chrono::{DateTime, Utc};

use crate::{
    case::ChildId,
    clock::instant_text,
    store::{
        Doing, KeyError, StoreError,
        bodies::Bodies,
        database::batch::Several,
        keys::encryption::{SealBroken, keyed_name, open, seal},
    },
};

/// Why a body could not be stored or read.
#[derive(Debug, thiserror::Error)]
pub enum BodyError {
    /// The disk refused.
    #[error("a stored paper cannot be {doing}: {}", plain(.source))]
    Disk {
        /// `written` or `read`.
        doing: &'static str,
        source: io::Error,
    },
    /// The bucket cannot be used: whether the paper is there is not known.
    #[error("the bucket of stored papers cannot be {doing}: {why}")]
    Bucket {
        /// `opened`, `looked at`, `written`, `read` or `removed`.
        doing: &'static str,
        /// Why not, and what to do.
        why: String,
    },
    /// The bytes are not those that were stored.
    #[error("stored paper {name}: {source}")]
    Broken { name: String, source: SealBroken },
}

impl BodyError {
    /// Whether it says something about the paper: that it is gone, or other bytes. What a disk or a bucket refuses says
    /// nothing about what stands there.
    #[must_use]
    pub fn is_about_the_paper(&self) -> bool {
        match self {
            Self::Disk { source, .. } => source.kind() == io::ErrorKind::NotFound,
            Self::Bucket { .. } => false,
            Self::Broken { .. } => true,
        }
    }
}

fn plain(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::StorageFull => "the disk is full; make room and run again".to_owned(),
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            "the data folder may not be written to; check its permissions".to_owned()
        }
        kind => kind.to_string(),
    }
}

/// Lists a stored body as a child's.
pub(in crate::store) fn add_body(several: &mut Several, child_id: &str, name: &str, size: i64, now: DateTime<Utc>) {
    several
        .add(
            "INSERT INTO body (name, child_id, bytes, stored_at) VALUES ($1, $2, $3, $4) ON CONFLICT (name) DO NOTHING",
        )
        .bind(name.to_owned())
        .bind(child_id.to_owned())
        .bind(size)
        .bind(instant_text(now));
}

impl<'a> Bodies<'a> {
    /// The data key of a child; made with the child's first record.
    pub(in crate::store) async fn child_key(self, child_id: &ChildId) -> Result<[u8; 32], StoreError> {
        self.child_key_by(&self.store.pool, child_id).await
    }

    /// The same over a connection that the caller holds: whoever holds one and asked for a second would wait for ever
    /// once all are held by such callers.
    pub(in crate::store) async fn child_key_by(
        self,
        executor: impl sqlx::Executor<'_, Database = sqlx::Any>,
        child_id: &ChildId,
    ) -> Result<[u8; 32], StoreError> {
        if let Some(key) = self.store.keys.get(child_id) {
            return Ok(key);
        }
        let (wrapped,): (Vec<u8>,) = sqlx::query_as("SELECT wrapped FROM child_key WHERE child_id = $1")
            .bind(child_id.as_str())
            .fetch_optional(executor)
            .await
            .doing("reading a child's key")?
            .ok_or_else(|| StoreError::NotFound { what: "key of child", id: child_id.to_string() })?;
        let key = self.unwrap_key(child_id, &wrapped)?;
        self.store.keys.put(child_id, key);
        Ok(key)
    }

    pub(in crate::store) fn unwrap_key(self, child_id: &ChildId, wrapped: &[u8]) -> Result<[u8; 32], StoreError> {
        let key = open(&self.store.key.0, &format!("key/{child_id}"), wrapped).map_err(|_| KeyError::Wrong)?;
        Ok(key.try_into().map_err(|_| KeyError::Wrong)?)
    }

    pub(in crate::store) fn new_wrapped_key(self, child_id: &ChildId) -> Vec<u8> {
        let mut key = [0; 32];
        getrandom::fill(&mut key).expect("the system has randomness");
        seal(&self.store.key.0, &format!("key/{child_id}"), &key)
    }

    /// Stores bytes of a child and gives back their name. Storing the same bytes again changes nothing.
    /// The row that lists the body is written with the envelope that holds it.
    ///
    /// # Errors
    /// When the disk refuses, or the child has no key.
    pub async fn put_body(self, child_id: &ChildId, bytes: &[u8]) -> Result<String, StoreError> {
        let key = self.child_key(child_id).await?;
        let name = keyed_name(&key, bytes);
        if !self.store.shelf.has(&name).await? {
            self.store.shelf.put(&name, seal(&key, &format!("{child_id}/{name}"), bytes)).await?;
        }
        Ok(name)
    }

    /// Stores bytes of a child that belong to no envelope, and lists them: they go when the child's record is destroyed.
    ///
    /// # Errors
    /// When the disk or the database refuses, or the child has no key.
    pub async fn keep_body(self, child_id: &ChildId, bytes: &[u8], now: DateTime<Utc>) -> Result<String, StoreError> {
        let name = self.put_body(child_id, bytes).await?;
        let mut write = self.store.write().await?;
        let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
        let mut several = Several::new(&write);
        add_body(&mut several, child_id.as_str(), &name, size, now);
        several.run(&mut write, "listing a stored paper").await?;
        write.commit().await?;
        Ok(name)
    }

    /// Reads bytes of a child.
    ///
    /// # Errors
    /// When they are missing, or are not those that were stored.
    pub async fn get_body(self, child_id: &ChildId, name: &str) -> Result<Vec<u8>, StoreError> {
        let key = self.child_key(child_id).await?;
        let sealed = self.store.shelf.get(name).await?;
        let broken = |source| StoreError::from(BodyError::Broken { name: name.to_owned(), source });
        let bytes = open(&key, &format!("{child_id}/{name}"), &sealed).map_err(broken)?;
        if keyed_name(&key, &bytes) == name { Ok(bytes) } else { Err(broken(SealBroken)) }
    }

    /// The folder of stored papers; nothing where they stand in a bucket.
    #[must_use]
    pub fn bodies_folder(self) -> Option<&'a std::path::Path> {
        self.store.shelf.folder()
    }

    /// A small text that all machines share, such as the mark of the record of access. `None` where papers stand in a
    /// folder: then such a text is a file of this machine.
    ///
    /// # Errors
    /// When the bucket refuses.
    pub async fn shared_text(self, name: &str) -> Result<Option<SharedText>, StoreError> {
        let Some(bucket) = self.store.shelf.bucket() else { return Ok(None) };
        Ok(Some(SharedText(bucket.get(name).await?)))
    }

    /// Rewrites a text that all machines share; nothing where papers stand in a folder.
    ///
    /// # Errors
    /// When the bucket refuses.
    pub async fn share_text(self, name: &str, text: Vec<u8>) -> Result<(), StoreError> {
        if let Some(bucket) = self.store.shelf.bucket() {
            bucket.put(name, text).await?;
        }
        Ok(())
    }
}

/// A text that all machines share, where there is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharedText(pub Option<Vec<u8>>);
