//! What is kept: one set of queries over SQLite (the default) and PostgreSQL. Methods are whole transactions;
//! rules live elsewhere.

mod database;
mod keys;
mod bodies;
mod service;
mod ledger;
mod children;
mod outbox;
mod obligations;
mod outcomes;
mod send_plans;
mod verification;
mod monitoring;
mod open;
mod transfer;
mod key_rotation;

use std::sync::Arc;

use crate::{
    case::{CaseRecord, Directory},
    hint::Hint,
};

pub use crate::ledger::LedgerRow;

pub use bodies::Bodies;
pub use bodies::backend::BodyPlace;
pub use bodies::sealed_bodies::{BodyError, SharedText};
pub use children::Children;
pub use children::destroy::{Destroyed, LegalHoldRow, StubRow};
pub use children::import::ImportOutcome;
pub use children::records::ChildRow;
pub use children::search::Found;
pub use children::snapshot::StoredFacts;
pub use database::locks::LeaseClock;
pub(crate) use database::locks::Write;
pub use keys::program_key::{CheckpointKey, KeyError, ProgramKey};
pub use ledger::LedgerTable;
pub use ledger::checkpoints::CheckpointRow;
pub use ledger::requests::{IncidentToOpen, MatterRow, NewMatter};
pub use monitoring::Monitoring;
pub use monitoring::counts::{DutyRow, OpenDispatch, StateCount};
pub use monitoring::metrics::Lane;
pub use monitoring::nightly_check::{ForgottenRow, StuckRow};
pub use obligations::Obligations;
pub use obligations::fulfilment::Mailing;
pub use obligations::queries::{DutyHistoryRow, ObligationRow};
pub use obligations::reconcile::DutyLook;
pub use open::{StoreSettings, migrate, sqlite_url};
pub use outbox::Outbox;
pub use outbox::by_obligation::DutyOf;
pub use outbox::claim::{Claimed, Go, Judged, Judgement};
pub use outbox::dispatches::{AttemptRow, DispatchRow, HistoryRow, NewDispatch};
pub use outbox::queue::{Among, Way};
pub use outcomes::Outcomes;
pub use outcomes::after_death::{AfterDeath, Household};
pub use outcomes::inbox::{Closes, ReceiptRow};
pub use outcomes::operations::Act;
pub use outcomes::pull_list::{Follows, Letter, PullRow, Stopped};
pub use outcomes::receipts::{Change, Matched, NewReceipt, ReceiptStanding};
pub use outcomes::returned::CameBack;
pub use outcomes::settle::{Settled, Settlement};
pub use send_plans::SendPlans;
pub use send_plans::lines::{
    Look, PlanChanges, PlanCount, PlanLineRow, PlanRow, PlannedLine, PlannedVerdict, ReleaseRule, ToLook,
};
pub use service::ServiceState;
pub use service::holds::{HoldRow, HoldScope};
pub use service::passphrases::PassphraseRow;
pub use service::pauses::{ChannelDay, EndpointUse, PauseRow};
pub use service::runs::RunKind;
pub use service::schedules::{NewSchedule, ScheduleRow, ScheduleRunRow};
pub use service::tasks::{Asked, DONE_BY_WORD, NewTask, STANDING_TASKS, TaskRow};
pub use transfer::{Copied, CopiedTable};
pub use verification::Verification;

/// Which database stands behind the pool; the few statements that differ ask it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// SQLite: one writer at a time.
    Sqlite,
    Postgres,
}

/// The store of one installation.
pub struct Store {
    pool: database::pool::Connections,
    dialect: Dialect,
    key: ProgramKey,
    shelf: bodies::backend::Shelf,
    /// Writers of this process wait here in order, instead of by SQLite's busy handler, which sleeps.
    writer: Arc<tokio::sync::Mutex<()>>,
    /// Whose clock leases are measured by.
    lease_clock: LeaseClock,
    /// The reading of the database's clock that leases are measured by.
    reading: std::sync::Mutex<Option<database::locks::Reading>>,
    /// Children's keys that were just used.
    keys: children::cache::Recent<[u8; 32]>,
    /// Records that were just read, by their hash as received.
    records: children::cache::Recent<(String, Arc<CaseRecord>)>,
    /// The directory as last read, by its hash.
    directory: std::sync::Mutex<Option<(String, Arc<Directory>)>>,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("dialect", &self.dialect).finish_non_exhaustive()
    }
}

/// What the store could not do.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database refused.
    #[error("{doing}: {}", database::error_messages::of_database(.source))]
    Database {
        /// What was being done.
        doing: &'static str,
        source: sqlx::Error,
    },
    /// The database could not be opened.
    #[error("the database cannot be opened: {0}")]
    Open(String),
    /// A copy was not made.
    #[error("nothing was copied: {0}")]
    Copy(String),
    /// A row does not hold what this program writes.
    #[error("the database holds something that this program did not write: {table}.{column} of {id}")]
    Inconsistent { table: &'static str, column: &'static str, id: String },
    /// A body could not be stored or read.
    #[error(transparent)]
    Body(#[from] BodyError),
    /// A key could not be read.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// Somebody else settled it: the lease was lost.
    #[error("dispatch {0} was taken over by another worker; its outcome here is not recorded twice")]
    LeaseLost(String),
    /// A final version of a plan came with another body.
    #[error(
        "plan {ifsp_id} version {version} was imported before with another text; a change to a final plan is a new version"
    )]
    VersionChanged { ifsp_id: String, version: u32 },
    /// A legal hold stands.
    #[error(
        "nothing is destroyed: a legal hold stands for child {0}; lift it first with {lift}",
        lift = Hint::LiftLegalHold { child: Some(.0.clone()) }
    )]
    LegalHold(String),
    /// There is no such row.
    #[error("there is no {what} {id}")]
    NotFound {
        /// What kind of thing.
        what: &'static str,
        id: String,
    },
    /// A person wants something that its present state does not allow.
    #[error("dispatch {id}: {source}")]
    NotPossible { id: String, source: crate::dispatch::NotPossible },
    /// The change is not possible in its present state.
    #[error("dispatch {id} is {state}; that cannot be done to it any more")]
    WrongState { id: String, state: &'static str },
}

impl StoreError {
    /// Whether it says something about one envelope, its child or its papers, and nothing about the database: what all
    /// envelopes share, such as the directory, is no such thing.
    #[must_use]
    pub fn is_about_one_envelope(&self) -> bool {
        match self {
            Self::Body(body) => body.is_about_the_paper(),
            Self::Inconsistent { table, .. } => matches!(*table, "child" | "child_history" | "dispatch" | "fact"),
            Self::NotFound { .. } => true,
            _ => false,
        }
    }
}

pub(crate) trait Doing<T> {
    /// Names what was being done when the database refused.
    fn doing(self, doing: &'static str) -> Result<T, StoreError>;
}

impl<T> Doing<T> for Result<T, sqlx::Error> {
    fn doing(self, doing: &'static str) -> Result<T, StoreError> {
        self.map_err(|source| StoreError::Database { doing, source })
    }
}

impl Store {
    /// Which database it is.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Closes all connections, so that SQLite folds its log back into the file.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

/// A new id: a `UUIDv7`, so that ids sort by time. Ids made by one process sort in the order in which they
/// were made, also within a millisecond and when the clock stands still: histories are read by them.
#[must_use]
pub fn new_id(now: chrono::DateTime<chrono::Utc>) -> String {
    use std::sync::atomic::{AtomicU64, Ordering};
    /// Milliseconds in the upper bits, a counter in the lower twelve. Harmless to share: it only keeps ids apart, and that
    /// of all installations in the process.
    static LAST: AtomicU64 = AtomicU64::new(0);
    let millis = u64::try_from(now.timestamp_millis()).unwrap_or_default();
    let next = |last: u64| (last + 1).max(millis << 12);
    let before = LAST.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |last| Some(next(last)));
    let this = next(before.unwrap_or_else(|last| last));
    let mut random = [0; 10];
    getrandom::fill(&mut random).expect("the system has randomness");
    let counter = u16::try_from(this & 0xfff).expect("twelve bits");
    random[..2].copy_from_slice(&counter.to_be_bytes());
    uuid::Builder::from_unix_timestamp_millis(this >> 12, &random).into_uuid().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_sort_in_the_order_in_which_they_were_made() {
        let now = "2026-11-20T12:00:00Z".parse().unwrap();
        let ids: Vec<String> = (0..5000).map(|_| new_id(now)).collect();
        let mut sorted = ids.clone();
        sorted.sort();
        sorted.dedup();
        assert_eq!(ids, sorted);
    }
}
