//! Stored documents and messages: encrypted under the child's key, in a folder or a bucket.

pub(super) mod sealed_bodies;
mod s3;
pub(super) mod backend;
