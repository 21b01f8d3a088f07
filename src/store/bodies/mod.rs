//! Stored documents and messages: encrypted under the child's key, in a folder or a bucket.

mod s3;
pub(super) mod backend;
pub(super) mod sealed_bodies;
