//! What is known about a child, and decides what may go: its record, what was recorded here, the present directory, and
//! what is held; and the key of its papers. One statement reads it all, since every look at a child begins with it.

use std::sync::Arc;

use sqlx::{Any, AssertSqlSafe, Executor};

use super::{
    facts::read_facts,
    records::{completed, parse_record},
};
use crate::{
    case::{CaseRecord, ChildId, Directory, Recorded},
    disclosure::Holds,
    store::{
        Dialect, Doing, StoreError, Write,
        children::Children,
        service::holds::{as_gate, read_hold},
    },
};

/// The facts that the gate decides on, as one statement saw them.
#[derive(Debug, Clone)]
pub struct StoredFacts {
    /// The child's record.
    pub record: Arc<CaseRecord>,
    pub record_hash: String,
    /// What was recorded here.
    pub recorded: Recorded,
    /// Offices and professionals.
    pub directory: Arc<Directory>,
    pub directory_hash: String,
    /// Holds beside those on the child.
    pub holds: Arc<Holds>,
}

/// Of what sort a row is, its place among these, and what its sort says. `$2` is the hash of a record that is at hand: its
/// text is long, and comes only where it is another one. The directory's hash comes from an index, which an inequality
/// makes SQLite use: in the row it stands behind the whole directory.
fn known_sql(dialect: Dialect) -> String {
    let key = match dialect {
        Dialect::Sqlite => "hex(wrapped)",
        Dialect::Postgres => "encode(wrapped, 'hex')",
    };
    format!(
        "SELECT sort, place, a, b, c, d, e FROM (
         SELECT 'child' AS sort, '' AS place, CASE WHEN record_hash = $2 THEN '' ELSE record END AS a, record_hash AS b,
            '' AS c, '' AS d, '' AS e FROM child WHERE child_id = $1
         UNION ALL SELECT 'key', '', {key}, '', '', '', '' FROM child_key WHERE child_id = $1
         UNION ALL SELECT 'directory', '', body_hash, '', '', '', ''
            FROM directory WHERE revision >= (SELECT MAX(revision) FROM directory)
         UNION ALL SELECT 'fact', fact_id, body, recorded_at, recorded_by, '', '' FROM fact WHERE child_id = $1
         UNION ALL SELECT 'fact', fact_id, body, recorded_at, recorded_by, '', '' FROM office_fact
         UNION ALL SELECT 'hold', hold_id, scope, subject, reason, held_at, held_by FROM hold WHERE released_at IS NULL
         ) known ORDER BY sort, place"
    )
}

type Row = (String, String, String, String, String, String, String);

/// The same, sorted out.
#[derive(Default)]
struct Known {
    child: Option<(String, String)>,
    key: Option<String>,
    directory_hash: Option<String>,
    facts: Vec<(String, String, String)>,
    holds: Vec<(String, String, String, String, String)>,
}

impl Known {
    async fn read<'c>(
        dialect: Dialect,
        by: impl Executor<'c, Database = Any>,
        child_id: &ChildId,
        at_hand: Option<&AtHand>,
    ) -> Result<Self, StoreError> {
        let rows: Vec<Row> = sqlx::query_as(AssertSqlSafe(known_sql(dialect)))
            .bind(child_id.as_str())
            .bind(at_hand.map_or("", |(hash, _)| hash))
            .fetch_all(by)
            .await
            .doing("reading what is known about a child")?;
        let mut known = Self::default();
        for (sort, _, a, b, c, d, e) in rows {
            match sort.as_str() {
                "child" => known.child = Some((a, b)),
                "key" => known.key = Some(a),
                "directory" => known.directory_hash = Some(a),
                "fact" => known.facts.push((a, b, c)),
                _ => known.holds.push((a, b, c, d, e)),
            }
        }
        Ok(known)
    }
}

/// A record that was just read, and its hash as received.
type AtHand = (String, Arc<CaseRecord>);

impl Children<'_> {
    /// What is known about a child.
    ///
    /// # Errors
    /// When there is no such child or no directory yet, or the database refuses.
    pub async fn known(self, child_id: &ChildId) -> Result<StoredFacts, StoreError> {
        let at_hand = self.store.records.get(child_id);
        let known = Known::read(self.store.dialect, &self.store.pool, child_id, at_hand.as_ref()).await?;
        let directory = self.directory_of(&self.store.pool, known.directory_hash.as_deref()).await?;
        self.facts_from(known, child_id, directory, at_hand)
    }

    /// The same, as a transaction sees it. It stays so until that transaction ends: the caller holds the child's row and
    /// the directory against a change; on SQLite no other writer runs.
    pub(in crate::store) async fn known_in(
        self,
        write: &mut Write,
        child_id: &ChildId,
    ) -> Result<StoredFacts, StoreError> {
        let at_hand = self.store.records.get(child_id);
        let known = Known::read(self.store.dialect, &mut *write.tx, child_id, at_hand.as_ref()).await?;
        let directory = self.directory_of(&mut *write.tx, known.directory_hash.as_deref()).await?;
        self.facts_from(known, child_id, directory, at_hand)
    }

    fn facts_from(
        self,
        known: Known,
        child_id: &ChildId,
        directory: Arc<Directory>,
        at_hand: Option<AtHand>,
    ) -> Result<StoredFacts, StoreError> {
        let (text, hash) =
            known.child.ok_or_else(|| StoreError::NotFound { what: "child", id: child_id.to_string() })?;
        let received = match at_hand {
            Some((at_hand, record)) if at_hand == hash => record,
            _ => {
                let record = parse_record(&text, child_id.as_str())?;
                self.store.records.put(child_id, (hash.clone(), Arc::clone(&record)));
                record
            }
        };
        // Whoever asks for a key that does not open is told so then.
        if self.store.keys.get(child_id).is_none()
            && let Some(wrapped) = known.key.and_then(|hex| hex::decode(hex).ok())
        {
            let _ = self.store.bodies().unwrap_key(child_id, &wrapped).map(|key| self.store.keys.put(child_id, key));
        }
        let recorded = Recorded::of(&read_facts(known.facts, child_id)?);
        let (record, record_hash) = completed(received, hash, &recorded);
        let holds = known.holds.into_iter().map(read_hold).collect::<Result<Vec<_>, _>>()?;
        let directory_hash = known.directory_hash.unwrap_or_default();
        Ok(StoredFacts { record, record_hash, recorded, directory, directory_hash, holds: Arc::new(as_gate(holds)?) })
    }
}
