//! The database itself: tables, connections, locks, statements for many rows, what an error means.

pub(super) mod error_messages;
pub(super) mod schema;
pub(super) mod hash_column;
pub(super) mod pool;
pub(super) mod locks;
pub(super) mod batch;
pub(super) mod bulk_query;
