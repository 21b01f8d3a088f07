//! Children's records are taken whole, with history.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::{
    facts::{add_fact, read_facts, settle_tasks},
    ifsp_versions::{KnownVersion, as_read_today, new_versions},
    records::folded,
};
use crate::{
    case::{CaseRecord, ChildId, Fact, Recorded},
    clock::instant_text,
    store::{
        Dialect, Doing, StoreError, Write,
        children::Children,
        database::{batch::Several, hash_column::sha256_hex},
    },
};

/// What an import did with a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImportOutcome {
    /// A child that was not known.
    New,
    /// A changed record; the old one is history.
    Changed,
    /// The same record as before.
    Same,
    /// Not taken: this child's record was destroyed here.
    Destroyed,
    /// Not taken: another child has the program number.
    NumberTaken {
        /// Which.
        by: ChildId,
    },
}

/// What an import has to know about a child: of what sort a row is, its place among these, and what its sort says.
const BEFORE: &str = "SELECT sort, a, b, c FROM (
    SELECT 'child' AS sort, '' AS place, record_hash AS a, CAST(revision AS TEXT) AS b, '' AS c
        FROM child WHERE child_id = $1
    UNION ALL SELECT 'destroyed', '', '', '', '' FROM destroyed_child WHERE child_id = $1
    UNION ALL SELECT 'version', '', ifsp_id, CAST(version AS TEXT), body_hash FROM ifsp_version WHERE child_id = $1
    UNION ALL SELECT 'fact', fact_id, body, recorded_at, recorded_by FROM fact WHERE child_id = $1
    UNION ALL SELECT 'fact', fact_id, body, recorded_at, recorded_by FROM office_fact
    ) known ORDER BY sort, place";

/// The same, sorted out.
#[derive(Default)]
struct Before {
    hash: Option<String>,
    revision: i64,
    destroyed: bool,
    versions: Vec<KnownVersion>,
    recorded: Recorded,
}

impl Before {
    async fn read(write: &mut Write, child_id: &ChildId) -> Result<Self, StoreError> {
        let rows: Vec<(String, String, String, String)> = sqlx::query_as(BEFORE)
            .bind(child_id.as_str())
            .fetch_all(&mut *write.tx)
            .await
            .doing("looking a child up")?;
        let number = |text: &str, table, column| {
            text.parse().map_err(|_| StoreError::Inconsistent { table, column, id: child_id.to_string() })
        };
        let (mut before, mut facts) = (Self::default(), Vec::new());
        for (sort, a, b, c) in rows {
            match sort.as_str() {
                "child" => (before.hash, before.revision) = (Some(a), number(&b, "child", "revision")?),
                "destroyed" => before.destroyed = true,
                "version" => {
                    let version = number(&b, "ifsp_version", "version")?;
                    before.versions.push(KnownVersion { ifsp_id: a, version, hash: c });
                }
                _ => facts.push((a, b, c)),
            }
        }
        before.recorded = Recorded::of(&read_facts(facts, child_id)?);
        Ok(before)
    }

    /// Whether a record with this hash changes what is known of a child that there is: its record, or its refusal.
    fn changes_with(&self, hash: &str) -> bool {
        self.recorded.record_refused.is_some() || self.hash.as_deref().is_some_and(|known| known != hash)
    }
}

impl Children<'_> {
    /// Takes a record: a new child, an update with history, or nothing new. A good record settles an
    /// earlier refusal of this child.
    ///
    /// # Errors
    /// When a final version of a plan comes with another body, or the database refuses.
    pub async fn import_child(
        self,
        record: &Arc<CaseRecord>,
        source: &str,
        now: DateTime<Utc>,
    ) -> Result<ImportOutcome, StoreError> {
        let text = serde_json::to_string(&**record).expect("a case record is plain data");
        let hash = sha256_hex(text.as_bytes());
        let id = record.child_id.as_str();
        let mut write = self.store.write().await?;
        write.turn_of_child(&record.child_id).await?;
        let mut before = Before::read(&mut write, &record.child_id).await?;
        // Most records are as they were, and a new child's is nobody's to wait for.
        if before.changes_with(&hash) {
            write.change_child(&record.child_id).await?;
            before = Before::read(&mut write, &record.child_id).await?;
        }
        if before.destroyed {
            return Ok(ImportOutcome::Destroyed);
        }
        if before.hash.as_deref() != Some(&*hash)
            && let Some(by) = other_with_number(&mut write, record).await?
        {
            return Ok(ImportOutcome::NumberTaken { by });
        }
        if before.recorded.record_refused.is_some() {
            add_fact(&mut write, &record.child_id, &Fact::RecordSettled, "import", now).await?;
            settle_tasks(&mut write, &record.child_id, &Fact::RecordSettled, now).await?;
        }
        let outcome = match &before.hash {
            Some(known) if known == &hash => {
                write.commit().await?;
                return Ok(ImportOutcome::Same);
            }
            Some(_) => ImportOutcome::Changed,
            None => ImportOutcome::New,
        };
        let versions = match new_versions(record, &before.versions) {
            Err(changed @ StoreError::VersionChanged { .. }) => {
                let texts = received_so_far(&mut write, &record.child_id).await?;
                let known = as_read_today(before.versions, &texts).ok_or(changed)?;
                new_versions(record, &known)?
            }
            versions => versions?,
        };
        let text = Sent::to(&mut write, &text).await?;
        let mut several = Several::new(&write);
        if outcome == ImportOutcome::Changed {
            keep_replaced(&mut several, id);
        }
        keep_present(&mut several, record, (&text, &hash), source, before.revision + 1, now);
        if outcome == ImportOutcome::New {
            several
                .add("INSERT INTO child_key (child_id, wrapped) VALUES ($1, $2)")
                .bind(id)
                .bind(self.store.bodies().new_wrapped_key(&record.child_id));
        }
        for version in versions {
            several
                .add("INSERT INTO ifsp_version (child_id, ifsp_id, version, body_hash) VALUES ($1, $2, $3, $4)")
                .bind(id)
                .bind(version.ifsp_id)
                .bind(version.version)
                .bind(version.hash);
        }
        several.run(&mut write, "keeping a record").await?;
        write.commit().await?;
        self.store.records.put(&record.child_id, (hash, Arc::clone(record)));
        Ok(outcome)
    }
}

/// Another child with this program number.
async fn other_with_number(write: &mut Write, record: &CaseRecord) -> Result<Option<ChildId>, StoreError> {
    let found: Option<(String,)> =
        sqlx::query_as("SELECT child_id FROM child WHERE program_number = $1 AND child_id <> $2 LIMIT 1")
            .bind(record.program_number.as_str())
            .bind(record.child_id.as_str())
            .fetch_optional(&mut *write.tx)
            .await
            .doing("looking for a program number")?;
    found
        .map(|(id,)| {
            ChildId::parse(&*id).map_err(|_| StoreError::Inconsistent { table: "child", column: "child_id", id })
        })
        .transpose()
}

/// Every text of a child's record, as it was kept.
async fn received_so_far(write: &mut Write, child_id: &ChildId) -> Result<Vec<String>, StoreError> {
    let texts: Vec<(String,)> = sqlx::query_as(
        "SELECT record FROM child WHERE child_id = $1 UNION ALL SELECT record FROM child_history WHERE child_id = $1",
    )
    .bind(child_id.as_str())
    .fetch_all(&mut *write.tx)
    .await
    .doing("reading a record")?;
    Ok(texts.into_iter().map(|(text,)| text).collect())
}

/// The record that is about to be replaced goes where the earlier ones are: not before, since a record is long and most
/// are never replaced.
fn keep_replaced(several: &mut Several, id: &str) {
    several
        .add(
            "INSERT INTO child_history (child_id, revision, record, record_hash, source, imported_at)
             SELECT child_id, revision, record, record_hash, source, imported_at FROM child WHERE child_id = $1",
        )
        .bind(id);
}

fn keep_present(
    several: &mut Several,
    record: &CaseRecord,
    (text, hash): (&Sent<'_>, &str),
    source: &str,
    revision: i64,
    now: DateTime<Utc>,
) {
    let name = record.child.legal_name.full();
    several
        .add(&format!(
            "INSERT INTO child (child_id, full_name, folded_name, program_number, record, record_hash, revision, imported_at,
                source)
             VALUES ($1, $2, $3, $4, {}$5, $6, $7, $8, $9)
             ON CONFLICT (child_id) DO UPDATE SET full_name = excluded.full_name, folded_name = excluded.folded_name,
                program_number = excluded.program_number, record = excluded.record, record_hash = excluded.record_hash,
                revision = excluded.revision, imported_at = excluded.imported_at, source = excluded.source",
            text.there
        ))
        .bind(record.child_id.as_str())
        .bind(&*name)
        .bind(folded(&name))
        .bind(record.program_number.as_str())
        .bind(text.rest)
        .bind(hash)
        .bind(revision)
        .bind(instant_text(now))
        .bind(source);
}

/// A long text on its way into a statement. sqlx 0.9.0 leaves the sockets' delay on (its issue 4335), and what is longer than
/// one TLS record of 16 KB then waits 40 ms for the server's acknowledgement, which waits for more: PostgreSQL has all but
/// the last part of it before, as settings of the transaction.
struct Sent<'t> {
    /// How the statement names what is there already.
    there: String,
    /// What comes with the statement.
    rest: &'t str,
}

impl<'t> Sent<'t> {
    async fn to(write: &mut Write, text: &'t str) -> Result<Self, StoreError> {
        let mut parts = parts_for(write.dialect, text);
        let rest = parts.pop().unwrap_or_default();
        let mut there = String::new();
        for (n, part) in parts.into_iter().enumerate() {
            sqlx::query("SELECT set_config($1, $2, true)")
                .bind(format!("earlypost.part_{n}"))
                .bind(part)
                .execute(&mut *write.tx)
                .await
                .doing("keeping a record")?;
            there.push_str(&format!("current_setting('earlypost.part_{n}') || "));
        }
        Ok(Self { there, rest })
    }
}

/// The parts in which a long text goes to the database.
fn parts_for(dialect: Dialect, text: &str) -> Vec<&str> {
    const MOST: usize = 12_000;
    let most = if dialect == Dialect::Postgres { MOST } else { usize::MAX };
    let (mut parts, mut rest) = (Vec::new(), text);
    while rest.len() > most {
        let (part, after) = rest.split_at(rest.floor_char_boundary(most));
        parts.push(part);
        rest = after;
    }
    parts.push(rest);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_goes_to_postgresql_in_parts_that_cut_no_letter_and_to_sqlite_whole() {
        let text = "caf\u{e9} ".repeat(5000);
        let parts = parts_for(Dialect::Postgres, &text);
        assert!(parts.len() > 2 && parts.iter().all(|part| (1..=12_000).contains(&part.len())));
        assert_eq!(parts.concat(), text);
        assert_eq!(parts_for(Dialect::Sqlite, &text), [text.as_str()]);
        assert_eq!(parts_for(Dialect::Postgres, ""), [""]);
    }
}
