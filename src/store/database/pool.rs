//! Connections that are at hand. sqlx asks a connection how it is each time that it comes back to the pool: after every
//! read and every change one more way to the database and back. Here one that did what it was asked goes straight to whoever
//! asks next; one that failed, was left in the middle, or grew old goes back through the pool, which looks at it.

use std::{
    ops::{Deref, DerefMut},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use futures_util::{
    TryStreamExt,
    future::{BoxFuture, FutureExt},
    stream::{self, BoxStream, StreamExt},
};
use sqlx::{
    Any, AnyConnection, AnyPool, Connection, Describe, Either, Execute, Executor, SqlStr,
    any::{AnyQueryResult, AnyRow, AnyStatement, AnyTypeInfo},
    pool::PoolConnection,
};
use tokio::sync::{OwnedMutexGuard, OwnedSemaphorePermit, Semaphore};

use crate::store::Dialect;

/// A connection that was in use a moment ago is there still, or breaks as one in use does.
const IDLE_BEFORE_ASKED: Duration = Duration::from_secs(1);
/// After so long the pool looks at it; no longer than the pool itself keeps one.
const OLD: Duration = Duration::from_mins(10);

/// The connections of a store.
pub(in crate::store) struct Connections {
    pool: AnyPool,
    dialect: Dialect,
    free: Arc<Semaphore>,
    at_hand: AtHand,
}

/// Those that nobody uses, the last used last; nothing once all are being closed.
type AtHand = Arc<Mutex<Option<Vec<Idle>>>>;

struct Idle {
    connection: PoolConnection<Any>,
    since: Instant,
    taken: Instant,
}

/// A connection in use.
pub(super) struct Held {
    connection: Option<PoolConnection<Any>>,
    taken: Instant,
    home: AtHand,
    // Given back after the connection is: whoever waits for one finds it at hand.
    _place: OwnedSemaphorePermit,
}

impl Connections {
    pub(in crate::store) fn new(pool: AnyPool, dialect: Dialect) -> Self {
        let most = usize::try_from(pool.options().get_max_connections()).unwrap_or(1);
        Self { pool, dialect, free: Arc::new(Semaphore::new(most)), at_hand: Arc::new(Mutex::new(Some(Vec::new()))) }
    }

    /// A connection, as soon as one is free.
    pub(super) async fn take(&self) -> Result<Held, sqlx::Error> {
        let free = Arc::clone(&self.free).acquire_owned();
        let place = tokio::time::timeout(self.pool.options().get_acquire_timeout(), free).await;
        let place = place.map_err(|_| sqlx::Error::PoolTimedOut)?.map_err(|_| sqlx::Error::PoolClosed)?;
        let home = Arc::clone(&self.at_hand);
        while let Some(Idle { mut connection, since, taken }) = last_of(&home) {
            // A file does not go away; a server may have. One that does not answer is the pool's to close.
            let asked = self.dialect == Dialect::Postgres && since.elapsed() >= IDLE_BEFORE_ASKED;
            if !asked || connection.ping().await.is_ok() {
                return Ok(Held { connection: Some(connection), taken, home, _place: place });
            }
        }
        let connection = self.pool.acquire().await?;
        Ok(Held { connection: Some(connection), taken: Instant::now(), home, _place: place })
    }

    /// Begins a transaction; `turn` is kept until it is over.
    pub(in crate::store) async fn begin(
        &self,
        begin: &'static str,
        turn: Option<OwnedMutexGuard<()>>,
    ) -> Result<Change, sqlx::Error> {
        // Whoever gives up in the middle has begun perhaps: then it is taken back as well.
        let mut change = Change { held: Some(self.take().await?), turn };
        change.execute(begin).await?;
        Ok(change)
    }

    /// Closes all of them, so that SQLite folds its log back into the file.
    pub(in crate::store) async fn close(&self) {
        let idle = self.at_hand.lock().unwrap_or_else(PoisonError::into_inner).take();
        drop(idle);
        self.pool.close().await;
    }
}

fn last_of(at_hand: &AtHand) -> Option<Idle> {
    at_hand.lock().unwrap_or_else(PoisonError::into_inner).as_mut()?.pop()
}

impl Drop for Connections {
    fn drop(&mut self) {
        // The pool wants to look at what comes back, which nothing can do once the runtime is gone.
        let idle = self.at_hand.lock().unwrap_or_else(PoisonError::into_inner).take();
        idle.into_iter().flatten().for_each(|idle| drop(idle.connection.detach()));
    }
}

impl Held {
    /// It did what it was asked, and nothing is open on it: the next may have it.
    pub(super) fn well(mut self) {
        let Some(connection) = self.connection.take() else { return };
        let (taken, since) = (self.taken, Instant::now());
        let mut home = self.home.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(at_hand) = home.as_mut().filter(|_| taken.elapsed() < OLD) {
            at_hand.push(Idle { connection, since, taken });
            at_hand.retain(|idle| idle.since.elapsed() < OLD);
        }
    }
}

impl Deref for Held {
    type Target = AnyConnection;

    fn deref(&self) -> &AnyConnection {
        self.connection.as_ref().expect("a connection is there until it is given back")
    }
}

impl DerefMut for Held {
    fn deref_mut(&mut self) -> &mut AnyConnection {
        self.connection.as_mut().expect("a connection is there until it is given back")
    }
}

/// A transaction. Whoever drops it takes back what it did.
pub(crate) struct Change {
    held: Option<Held>,
    turn: Option<OwnedMutexGuard<()>>,
}

impl Change {
    pub(super) async fn commit(mut self) -> Result<(), sqlx::Error> {
        self.execute("COMMIT").await?;
        if let Some(held) = self.held.take() {
            held.well();
        }
        Ok(())
    }
}

impl Deref for Change {
    type Target = AnyConnection;

    fn deref(&self) -> &AnyConnection {
        self.held.as_ref().expect("a transaction has its connection until it is over")
    }
}

impl DerefMut for Change {
    fn deref_mut(&mut self) -> &mut AnyConnection {
        self.held.as_mut().expect("a transaction has its connection until it is over")
    }
}

impl Drop for Change {
    fn drop(&mut self) {
        let (Some(mut held), turn) = (self.held.take(), self.turn.take()) else { return };
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            // Closing takes it back too.
            drop(held.connection.take().map(PoolConnection::detach));
            return;
        };
        // The next writer waits for this one's turn, and not for SQLite's lock.
        runtime.spawn(async move {
            if held.execute("ROLLBACK").await.is_ok() {
                held.well();
            } else if let Some(connection) = held.connection.as_mut() {
                connection.close_on_drop();
            }
            drop(turn);
        });
    }
}

impl std::fmt::Debug for Connections {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connections").field("dialect", &self.dialect).finish_non_exhaustive()
    }
}

impl<'c> Executor<'c> for &'c Connections {
    type Database = Any;

    fn fetch_many<'e, 'q: 'e, E>(self, query: E) -> BoxStream<'e, Result<Either<AnyQueryResult, AnyRow>, sqlx::Error>>
    where
        'c: 'e,
        E: 'q + Execute<'q, Any>,
    {
        let all = async move {
            let mut held = self.take().await?;
            let all: Vec<_> = held.fetch_many(query).try_collect().await?;
            held.well();
            Ok::<_, sqlx::Error>(stream::iter(all).map(Ok))
        };
        stream::once(all).try_flatten().boxed()
    }

    fn fetch_optional<'e, 'q: 'e, E>(self, query: E) -> BoxFuture<'e, Result<Option<AnyRow>, sqlx::Error>>
    where
        'c: 'e,
        E: 'q + Execute<'q, Any>,
    {
        let one = async move {
            let mut held = self.take().await?;
            let row = held.fetch_optional(query).await?;
            held.well();
            Ok(row)
        };
        one.boxed()
    }

    fn prepare_with<'e>(
        self,
        sql: SqlStr,
        parameters: &'e [AnyTypeInfo],
    ) -> BoxFuture<'e, Result<AnyStatement, sqlx::Error>>
    where
        'c: 'e,
    {
        async move { self.take().await?.prepare_with(sql, parameters).await }.boxed()
    }
    fn describe<'e>(self, sql: SqlStr) -> BoxFuture<'e, Result<Describe<Any>, sqlx::Error>>
    where
        'c: 'e,
    {
        async move { self.take().await?.describe(sql).await }.boxed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sqlx::any::AnyPoolOptions;

    async fn of(folder: &tempfile::TempDir, most: u32) -> Connections {
        let all = opened(folder, most, Duration::from_mins(1)).await;
        sqlx::query("CREATE TABLE kept (word TEXT)").execute(&all).await.unwrap();
        all
    }

    async fn opened(folder: &tempfile::TempDir, most: u32, patience: Duration) -> Connections {
        sqlx::any::install_default_drivers();
        let url = format!("sqlite://{}?mode=rwc", folder.path().join("test.db").display());
        let options = AnyPoolOptions::new().max_connections(most).acquire_timeout(patience);
        Connections::new(options.connect(&url).await.unwrap(), Dialect::Sqlite)
    }

    async fn words(all: &Connections) -> Vec<(String,)> {
        sqlx::query_as("SELECT word FROM kept ORDER BY word").fetch_all(all).await.unwrap()
    }

    #[tokio::test]
    async fn one_that_did_what_it_was_asked_is_the_next_ones() {
        let folder = tempfile::tempdir().unwrap();
        let all = of(&folder, 3).await;
        // A temporary table belongs to the connection that made it.
        sqlx::query("CREATE TEMP TABLE mine (n INTEGER)").execute(&all).await.unwrap();
        for _ in 0..20 {
            sqlx::query("SELECT n FROM mine").fetch_optional(&all).await.unwrap();
        }
        all.close().await;
        assert!(matches!(all.take().await.map(drop), Err(sqlx::Error::PoolClosed)));
    }

    #[tokio::test]
    async fn no_more_are_open_than_may_be_and_who_waits_too_long_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let all = opened(&folder, 2, Duration::from_millis(100)).await;
        let (first, _second) = (all.take().await.unwrap(), all.take().await.unwrap());
        assert!(matches!(all.take().await.map(drop), Err(sqlx::Error::PoolTimedOut)));
        first.well();
        all.take().await.unwrap().well();
    }

    #[tokio::test]
    async fn a_change_that_is_dropped_is_taken_back_before_the_next_one_has_its_turn() {
        let folder = tempfile::tempdir().unwrap();
        let all = of(&folder, 2).await;
        let turn = Arc::new(tokio::sync::Mutex::new(()));
        for round in 0..20 {
            let mut dropped = all.begin("BEGIN IMMEDIATE", Some(Arc::clone(&turn).lock_owned().await)).await.unwrap();
            sqlx::query("INSERT INTO kept VALUES ('dropped')").execute(&mut *dropped).await.unwrap();
            drop(dropped);
            let mut kept = all.begin("BEGIN IMMEDIATE", Some(Arc::clone(&turn).lock_owned().await)).await.unwrap();
            sqlx::query("INSERT INTO kept VALUES ('kept')").execute(&mut *kept).await.unwrap();
            kept.commit().await.unwrap();
            assert_eq!(words(&all).await, vec![("kept".to_owned(),); round + 1]);
        }
    }

    #[tokio::test]
    async fn a_statement_that_fails_or_is_given_up_leaves_nothing_open_for_the_next_one() {
        let folder = tempfile::tempdir().unwrap();
        let all = of(&folder, 1).await;
        // One that nobody vouches for comes back through the pool.
        drop(all.take().await.unwrap());
        assert!(sqlx::query("SELECT word FROM nowhere").fetch_all(&all).await.is_err());
        let long =
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000) SELECT MAX(i) FROM n";
        let given_up = tokio::time::timeout(Duration::from_millis(1), sqlx::query(long).fetch_all(&all)).await;
        assert!(given_up.is_err(), "it was over before it could be given up");
        let mut change = all.begin("BEGIN IMMEDIATE", None).await.unwrap();
        sqlx::query("INSERT INTO kept VALUES ('kept')").execute(&mut *change).await.unwrap();
        change.commit().await.unwrap();
        assert_eq!(words(&all).await.len(), 1);
    }

    #[tokio::test]
    async fn a_change_that_is_given_up_while_it_begins_holds_nobody_up() {
        let folder = tempfile::tempdir().unwrap();
        let all = of(&folder, 2).await;
        let first = all.begin("BEGIN IMMEDIATE", None).await.unwrap();
        // It waits for the first one's lock, and has it after nobody wants it any more.
        let given_up = tokio::time::timeout(Duration::from_millis(20), all.begin("BEGIN IMMEDIATE", None)).await;
        assert!(given_up.is_err());
        first.commit().await.unwrap();
        let back = || all.pool.num_idle() + all.at_hand.lock().unwrap().as_ref().map_or(0, Vec::len);
        while back() < 2 {
            tokio::task::yield_now().await;
        }
        for round in 1..=3 {
            let mut change = all.begin("BEGIN IMMEDIATE", None).await.unwrap();
            sqlx::query("INSERT INTO kept VALUES ('kept')").execute(&mut *change).await.unwrap();
            change.commit().await.unwrap();
            assert_eq!(words(&all).await.len(), round);
        }
    }

    #[test]
    fn they_may_outlive_the_runtime_that_they_were_opened_in() {
        let folder = tempfile::tempdir().unwrap();
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let (all, change) = runtime.block_on(async {
            let all = of(&folder, 3).await;
            let change = all.begin("BEGIN", None).await.unwrap();
            (all, change)
        });
        drop((change, all));
    }
}
