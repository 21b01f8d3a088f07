//! Where stored papers stand: a folder of this machine, or a bucket that many machines share. What stands here is
//! sealed already; the shelf knows names and bytes and nothing else.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::s3::Bucket;
use crate::{
    files::{on_disk, write_whole},
    store::BodyError,
};

/// Where papers are to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BodyPlace {
    Folder(PathBuf),
    /// A bucket of an S3-compatible service, `s3://bucket/folder`. Region, address and credentials come from the
    /// usual variables (`AWS_REGION`, `AWS_ENDPOINT`, `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`).
    Bucket(String),
}

impl From<PathBuf> for BodyPlace {
    fn from(folder: PathBuf) -> Self {
        Self::Folder(folder)
    }
}

/// The shelf itself.
pub(in crate::store) enum Shelf {
    Folder(PathBuf),
    Bucket(Box<Bucket>),
}

impl Shelf {
    /// Opens the shelf and looks whether it can be used.
    pub(in crate::store) async fn open(place: &BodyPlace) -> Result<Self, BodyError> {
        match place {
            BodyPlace::Folder(folder) => {
                let path = folder.clone();
                let made = on_disk(move || fs::create_dir_all(path)).await;
                made.map_err(|source| BodyError::Disk { doing: "written", source })?;
                Ok(Self::Folder(folder.clone()))
            }
            BodyPlace::Bucket(url) => Ok(Self::Bucket(Box::new(Bucket::open(url).await?))),
        }
    }

    /// Whether something stands under a name. The same name means the same paper.
    pub(super) async fn has(&self, name: &str) -> Result<bool, BodyError> {
        match self {
            Self::Folder(folder) => {
                let path = place_in(folder, name);
                match on_disk(move || fs::metadata(path)).await {
                    Ok(found) => Ok(found.is_file()),
                    Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
                    Err(source) => Err(BodyError::Disk { doing: "read", source }),
                }
            }
            Self::Bucket(bucket) => bucket.has(&key(name)).await,
        }
    }

    /// Keeps bytes under a name.
    pub(super) async fn put(&self, name: &str, bytes: Vec<u8>) -> Result<(), BodyError> {
        match self {
            Self::Folder(folder) => {
                let path = place_in(folder, name);
                let written = on_disk(move || {
                    path.parent().map_or(Ok(()), fs::create_dir_all)?;
                    write_whole(&path, &bytes)
                });
                written.await.map_err(|source| BodyError::Disk { doing: "written", source })
            }
            Self::Bucket(bucket) => bucket.put(&key(name), bytes).await,
        }
    }

    /// The bytes under a name.
    pub(super) async fn get(&self, name: &str) -> Result<Vec<u8>, BodyError> {
        match self {
            Self::Folder(folder) => {
                let path = place_in(folder, name);
                on_disk(move || fs::read(path)).await.map_err(|source| BodyError::Disk { doing: "read", source })
            }
            Self::Bucket(bucket) => {
                let bytes = bucket.get(&key(name)).await?;
                bytes.ok_or_else(|| BodyError::Disk { doing: "read", source: io::ErrorKind::NotFound.into() })
            }
        }
    }

    /// Removes what retention lets go.
    pub(in crate::store) async fn remove(&self, name: &str) -> Result<(), BodyError> {
        match self {
            Self::Folder(folder) => {
                let path = place_in(folder, name);
                match on_disk(move || fs::remove_file(path)).await {
                    Err(error) if error.kind() != io::ErrorKind::NotFound => {
                        Err(BodyError::Disk { doing: "removed", source: error })
                    }
                    _ => Ok(()),
                }
            }
            Self::Bucket(bucket) => bucket.remove(&key(name)).await,
        }
    }

    /// The folder, where it is one.
    pub(super) fn folder(&self) -> Option<&Path> {
        match self {
            Self::Folder(folder) => Some(folder),
            Self::Bucket(_) => None,
        }
    }

    /// The bucket, where it is one: what all machines have to see stands there and not in a file of one of them.
    pub(super) fn bucket(&self) -> Option<&Bucket> {
        match self {
            Self::Folder(_) => None,
            Self::Bucket(bucket) => Some(bucket),
        }
    }
}

fn place_in(folder: &Path, name: &str) -> PathBuf {
    folder.join(name.get(..2).unwrap_or("xx")).join(name)
}

/// As in a data folder, so that one can be copied into a bucket as it is.
fn key(name: &str) -> String {
    format!("papers/{}/{name}", name.get(..2).unwrap_or("xx"))
}
