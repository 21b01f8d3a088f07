//! Connections that wait for the next message.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::transaction::Connection;

/// The idle connections of one relay.
///
/// A connection gets in only after a clean final answer, and it is moved out to be used: a
/// submission that is cancelled half-way takes its connection with it.
#[derive(Default)]
pub(super) struct Idle {
    connections: Mutex<Vec<Connection>>,
}

impl Idle {
    /// The connection used last, if one is still fresh.
    pub(super) fn take(&self) -> Option<Connection> {
        let mut connections = self.lock();
        connections.retain(Connection::is_fresh);
        connections.pop()
    }

    pub(super) fn put(&self, connection: Connection) {
        if connection.is_fresh() {
            self.lock().push(connection);
        }
    }

    pub(super) fn take_all(&self) -> Vec<Connection> {
        std::mem::take(&mut *self.lock())
    }

    /// A list of connections cannot be left half-changed, so a poisoned lock is as good as another.
    fn lock(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.connections.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
