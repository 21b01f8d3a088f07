//! Turns: how writers wait for each other. On SQLite one writes at a time; on PostgreSQL rows are locked, and what
//! has one order for the whole database waits for an advisory lock.

use std::{
    sync::{Arc, PoisonError},
    time::Instant,
};

use chrono::{DateTime, Duration, Utc};
use sqlx::{
    Any, AssertSqlSafe,
    any::{AnyArguments, AnyRow},
    query::Query,
};

use super::pool::Change;
use crate::{
    case::ChildId,
    clock::parse_instant,
    store::{Dialect, Doing, Store, StoreError},
};

/// Advisory locks of this program in a PostgreSQL database, held to the end of their transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    /// Entries of the record of access are in one order.
    Ledger = 7301,
    /// The directory is not changed while an envelope is claimed on it.
    Directory = 7302,
    /// Plans and their lines are numbered one after the other.
    Plans = 7304,
}

/// Whose clock leases are measured by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum LeaseClock {
    /// The database's, where it has one that all machines share (PostgreSQL).
    #[default]
    Database,
    /// The caller's: for tests that move their own clock.
    Caller,
}

/// What the database's clock said a moment ago, beside the two clocks of this machine.
#[derive(Debug, Clone, Copy)]
pub(in crate::store) struct Reading {
    asked: Instant,
    ours: DateTime<Utc>,
    theirs: DateTime<Utc>,
}

impl Reading {
    /// What it says now; nothing after a second, or where this machine slept or its clock was set: then one asks anew.
    fn at(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let since = Duration::from_std(self.asked.elapsed()).ok()?;
        let apart = (now - self.ours - since).abs();
        (since < Duration::seconds(1) && apart < Duration::milliseconds(100)).then(|| self.theirs + since)
    }
}

/// A write transaction: on SQLite the only one of this process.
pub(crate) struct Write {
    pub(crate) tx: Change,
    pub(in crate::store) dialect: Dialect,
}

impl Write {
    pub(crate) async fn commit(self) -> Result<(), StoreError> {
        self.tx.commit().await.doing("finishing a change")
    }

    /// Ends a `SELECT` whose row this transaction is about to change.
    pub(crate) fn to_change(&self) -> &'static str {
        match self.dialect {
            Dialect::Sqlite => "",
            Dialect::Postgres => " FOR UPDATE",
        }
    }

    /// A `SELECT` for the one row that this transaction is about to change, and then, where it is there, the wait for a
    /// turn in an order, which others who hold such a row wait for too.
    pub(crate) fn find_to_change(&self, sql: &str, then: Option<Order>) -> Query<'static, Any, AnyArguments> {
        let sql = match (self.dialect, then) {
            (Dialect::Postgres, Some(order)) => format!(
                "WITH found AS MATERIALIZED ({sql} FOR UPDATE)
                 SELECT CAST(pg_advisory_xact_lock({}) AS TEXT) FROM found",
                order as i64
            ),
            _ => format!("{sql}{}", self.to_change()),
        };
        sqlx::query(AssertSqlSafe(sql))
    }

    /// Ends a `SELECT` that takes rows which nobody else is taking.
    pub(crate) fn not_taken(&self) -> &'static str {
        self.dialect.not_taken()
    }

    /// Waits for its turn in an order, until the transaction ends. Claims share the directory.
    pub(crate) async fn wait_for(&mut self, order: Order, shared: bool) -> Result<(), StoreError> {
        if self.dialect == Dialect::Sqlite {
            return Ok(());
        }
        let sql = if shared {
            "SELECT CAST(pg_advisory_xact_lock_shared($1) AS TEXT)"
        } else {
            "SELECT CAST(pg_advisory_xact_lock($1) AS TEXT)"
        };
        sqlx::query(sql).bind(order as i64).execute(&mut *self.tx).await.doing("waiting for a turn")?;
        Ok(())
    }

    /// Waits for others who change this child's facts, and does not change them yet: whoever finds that there is nothing to
    /// change has written nothing, so that the database need not wait for its disk.
    pub(crate) async fn turn_of_child(&mut self, child_id: &ChildId) -> Result<(), StoreError> {
        self.lock_child("SELECT CAST(pg_advisory_xact_lock(7303, hashtext($1)) AS TEXT)", child_id).await
    }

    /// Whatever changes a child's facts waits until no envelope of the child is being claimed, and the other way
    /// round. The lock is a number of the child's id and not its row, so that a new child's can be taken too.
    pub(crate) async fn change_child(&mut self, child_id: &ChildId) -> Result<(), StoreError> {
        self.lock_child(
            "WITH turn AS MATERIALIZED (SELECT CAST(pg_advisory_xact_lock(7303, hashtext($1)) AS TEXT) AS came),
             held AS MATERIALIZED (SELECT child_id FROM child WHERE child_id = $1 FOR UPDATE)
             SELECT came, (SELECT child_id FROM held) FROM turn",
            child_id,
        )
        .await
    }

    /// Keeps a child's facts and the directory as they are until this transaction ends. Tells whether it could: where
    /// somebody is changing the child's, a transaction that holds an envelope does not wait, because that change may want
    /// the envelope.
    pub(crate) async fn hold_facts(&mut self, child_id: &ChildId) -> Result<bool, StoreError> {
        if self.dialect == Dialect::Sqlite {
            return Ok(true);
        }
        let held = sqlx::query(
            "WITH held AS MATERIALIZED (SELECT child_id FROM child WHERE child_id = $1 FOR SHARE SKIP LOCKED)
             SELECT CAST(pg_advisory_xact_lock_shared($2) AS TEXT) FROM held",
        )
        .bind(child_id.as_str())
        .bind(Order::Directory as i64)
        .fetch_optional(&mut *self.tx)
        .await
        .doing("holding a child's record")?;
        Ok(held.is_some())
    }

    async fn lock_child(&mut self, sql: &'static str, child_id: &ChildId) -> Result<(), StoreError> {
        if self.dialect == Dialect::Postgres {
            sqlx::query(sql)
                .bind(child_id.as_str())
                .execute(&mut *self.tx)
                .await
                .doing("waiting for a child's record")?;
        }
        Ok(())
    }
}

impl Dialect {
    /// Ends a `SELECT` that takes rows which nobody else is taking.
    pub(in crate::store) fn not_taken(self) -> &'static str {
        match self {
            Self::Sqlite => "",
            Self::Postgres => " FOR UPDATE SKIP LOCKED",
        }
    }
}

impl Store {
    pub(crate) async fn write(&self) -> Result<Write, StoreError> {
        let (turn, begin) = match self.dialect {
            Dialect::Sqlite => (Some(Arc::clone(&self.writer).lock_owned().await), "BEGIN IMMEDIATE"),
            Dialect::Postgres => (None, "BEGIN"),
        };
        let tx = self.pool.begin(begin, turn).await.doing("starting a change")?;
        Ok(Write { tx, dialect: self.dialect })
    }

    /// A change of one statement, which is a transaction by itself; gives the row that it returns.
    pub(crate) async fn write_one(
        &self,
        change: Query<'_, Any, AnyArguments>,
        doing: &'static str,
    ) -> Result<Option<AnyRow>, StoreError> {
        let _turn = match self.dialect {
            Dialect::Sqlite => Some(self.writer.lock().await),
            Dialect::Postgres => None,
        };
        Ok(change.fetch_all(&self.pool).await.doing(doing)?.pop())
    }

    /// Waits until nobody is changing a child's facts.
    pub(crate) async fn until_child_is_free(&self, child_id: &ChildId) -> Result<(), StoreError> {
        let mut write = self.write().await?;
        write.lock_child("SELECT child_id FROM child WHERE child_id = $1 FOR SHARE", child_id).await?;
        write.commit().await
    }

    /// Measures leases by the caller's clock, for tests that move it.
    #[must_use]
    pub fn with_lease_clock(mut self, clock: LeaseClock) -> Self {
        self.lease_clock = clock;
        self
    }

    /// The instant by which leases are measured: the database's where several machines share it, so that a
    /// machine whose clock is wrong neither keeps a lease too long nor takes one too early.
    pub async fn lease_now(&self, now: DateTime<Utc>) -> Result<DateTime<Utc>, StoreError> {
        if self.dialect == Dialect::Sqlite || self.lease_clock == LeaseClock::Caller {
            return Ok(now);
        }
        let known = || self.reading.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(theirs) = known().as_ref().and_then(|reading| reading.at(now)) {
            return Ok(theirs);
        }
        let asked = Instant::now();
        let (text,): (String,) =
            sqlx::query_as("SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')")
                .fetch_one(&self.pool)
                .await
                .doing("reading the database's clock")?;
        let theirs =
            parse_instant(&text).map_err(|_| StoreError::Inconsistent { table: "clock", column: "now", id: text })?;
        *known() = Some(Reading { asked, ours: now, theirs });
        Ok(theirs)
    }

    /// How far the caller's clock is from the database's.
    pub async fn clock_apart(&self, now: DateTime<Utc>) -> Result<Duration, StoreError> {
        Ok((self.lease_now(now).await? - now).abs())
    }
}
