//! What is known about a child, and decides what may go: its record, what was recorded here, the present directory, and
//! what is held. One statement reads it all, since every look at a child begins with it.

use std::sync::Arc;

use sqlx::{Any, Executor};

use super::{
    Doing, Store, StoreError, Write,
    children::{completed, parse_record},
    facts::read_facts,
    holds::{as_gate, read_hold},
    turn::Order,
};
use crate::{
    case::{CaseRecord, ChildId, Directory, Recorded},
    disclosure::Holds,
};

/// The facts that the gate decides on, as one statement saw them.
#[derive(Debug, Clone)]
pub struct StoredFacts {
    /// The child's record.
    pub record: CaseRecord,
    /// Its hash.
    pub record_hash: String,
    /// What was recorded here.
    pub recorded: Recorded,
    /// Offices and professionals.
    pub directory: Arc<Directory>,
    /// Its hash.
    pub directory_hash: String,
    /// Holds beside those on the child.
    pub holds: Arc<Holds>,
}

/// Of what sort a row is, its place among these, and what its sort says.
pub(super) const KNOWN: &str = "SELECT sort, place, a, b, c, d, e FROM (
    SELECT 'child' AS sort, '' AS place, record AS a, record_hash AS b, '' AS c, '' AS d, '' AS e
        FROM child WHERE child_id = $1
    UNION ALL SELECT 'directory', '', body_hash, '', '', '', ''
        FROM directory WHERE revision = (SELECT MAX(revision) FROM directory)
    UNION ALL SELECT 'fact', fact_id, body, recorded_at, recorded_by, '', '' FROM fact WHERE child_id = $1
    UNION ALL SELECT 'fact', fact_id, body, recorded_at, recorded_by, '', '' FROM office_fact
    UNION ALL SELECT 'hold', hold_id, scope, subject, reason, held_at, held_by FROM hold WHERE released_at IS NULL
    ) known ORDER BY sort, place";

type Row = (String, String, String, String, String, String, String);

/// The same, sorted out.
#[derive(Default)]
struct Known {
    child: Option<(String, String)>,
    directory_hash: Option<String>,
    facts: Vec<(String, String, String)>,
    holds: Vec<(String, String, String, String, String)>,
}

impl Known {
    async fn read<'c>(by: impl Executor<'c, Database = Any>, child_id: &ChildId) -> Result<Self, StoreError> {
        let rows: Vec<Row> = sqlx::query_as(KNOWN)
            .bind(child_id.as_str())
            .fetch_all(by)
            .await
            .doing("reading what is known about a child")?;
        let mut known = Self::default();
        for (sort, _, a, b, c, d, e) in rows {
            match sort.as_str() {
                "child" => known.child = Some((a, b)),
                "directory" => known.directory_hash = Some(a),
                "fact" => known.facts.push((a, b, c)),
                _ => known.holds.push((a, b, c, d, e)),
            }
        }
        Ok(known)
    }

    fn with(self, child_id: &ChildId, directory: Arc<Directory>) -> Result<StoredFacts, StoreError> {
        let (text, hash) =
            self.child.ok_or_else(|| StoreError::NotFound { what: "child", id: child_id.to_string() })?;
        let recorded = Recorded::of(&read_facts(self.facts, child_id)?);
        let (record, record_hash) = completed(parse_record(&text, child_id.as_str())?, hash, &recorded);
        let holds = self.holds.into_iter().map(read_hold).collect::<Result<Vec<_>, _>>()?;
        let directory_hash = self.directory_hash.unwrap_or_default();
        Ok(StoredFacts { record, record_hash, recorded, directory, directory_hash, holds: Arc::new(as_gate(holds)?) })
    }
}

impl Store {
    /// What is known about a child.
    ///
    /// # Errors
    /// When there is no such child or no directory yet, or the database refuses.
    pub async fn known(&self, child_id: &ChildId) -> Result<StoredFacts, StoreError> {
        let known = Known::read(&self.pool, child_id).await?;
        let directory = self.directory_of(&self.pool, known.directory_hash.as_deref()).await?;
        known.with(child_id, directory)
    }

    /// The same, as a transaction sees it. It stays so until that transaction ends: the child's row is held against a
    /// change by the caller, the directory here; on SQLite no other writer runs.
    pub(super) async fn known_in(&self, write: &mut Write<'_>, child_id: &ChildId) -> Result<StoredFacts, StoreError> {
        write.wait_for(Order::Directory, true).await?;
        let known = Known::read(&mut *write.tx, child_id).await?;
        let directory = self.directory_of(&mut *write.tx, known.directory_hash.as_deref()).await?;
        known.with(child_id, directory)
    }
}
