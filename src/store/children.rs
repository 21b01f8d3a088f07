//! Children's records: taken whole, with history; and what was recorded here about them.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::{
    Dialect, Doing, Store, StoreError,
    facts::{FACTS, add_fact, facts_of, read_facts, settle_tasks},
    hash::sha256_hex,
    versions::{keep_version, refuse_unfinished},
};
use crate::{
    case::{CaseRecord, ChildId, Fact, Recorded},
    clock::instant_text,
};

/// What an import did with a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportOutcome {
    /// A child that was not known.
    New,
    /// A changed record; the old one is history.
    Changed,
    /// The same record as before.
    Same,
}

/// A child with everything known about it.
#[derive(Debug, Clone)]
pub struct ChildRow {
    /// The record as received.
    pub record: Arc<CaseRecord>,
    /// Its hash.
    pub record_hash: String,
    /// What was recorded here.
    pub recorded: Recorded,
}

/// Folded for search: case only; the database compares the rest.
pub(super) fn folded(name: &str) -> String {
    name.to_lowercase()
}

impl Store {
    /// Takes a record: a new child, an update with history, or nothing new. A good record settles an
    /// earlier refusal of this child.
    ///
    /// # Errors
    /// When a final version of a plan comes with another body, or the database refuses.
    pub async fn import_child(
        &self,
        record: &CaseRecord,
        source: &str,
        now: DateTime<Utc>,
    ) -> Result<ImportOutcome, StoreError> {
        let text = serde_json::to_string(record).expect("a case record is plain data");
        let hash = sha256_hex(text.as_bytes());
        let id = record.child_id.as_str();
        let mut write = self.write().await?;
        write.change_child(&record.child_id).await?;
        let known: Option<(String, i64)> =
            sqlx::query_as("SELECT record_hash, revision FROM child WHERE child_id = $1")
                .bind(id)
                .fetch_optional(&mut *write.tx)
                .await
                .doing("looking a child up")?;
        let recorded = Recorded::of(&facts_of(&mut write, &record.child_id).await?);
        if recorded.record_refused.is_some() {
            add_fact(&mut write, &record.child_id, &Fact::RecordSettled, "import", now).await?;
            settle_tasks(&mut write, &record.child_id, &Fact::RecordSettled, now).await?;
        }
        let outcome = match &known {
            Some((known_hash, _)) if known_hash == &hash => {
                write.commit().await?;
                return Ok(ImportOutcome::Same);
            }
            Some(_) => ImportOutcome::Changed,
            None => ImportOutcome::New,
        };
        let revision = known.map_or(1, |(_, revision)| revision + 1);
        let name = record.child.legal_name.full();
        let mut parts = parts_for(self.dialect, &text);
        sqlx::query(
            "INSERT INTO child (child_id, full_name, folded_name, program_number, record, record_hash, revision, imported_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
             ON CONFLICT (child_id) DO UPDATE SET full_name = excluded.full_name, folded_name = excluded.folded_name,
                program_number = excluded.program_number, record = excluded.record, record_hash = excluded.record_hash,
                revision = excluded.revision, imported_at = excluded.imported_at",
        )
        .bind(id)
        .bind(&name)
        .bind(folded(&name))
        .bind(record.program_number.as_str())
        .bind(parts.next().unwrap_or_default())
        .bind(&hash)
        .bind(revision)
        .bind(instant_text(now))
        .execute(&mut *write.tx)
        .await
        .doing("keeping a record")?;
        for part in parts {
            sqlx::query("UPDATE child SET record = record || $1 WHERE child_id = $2")
                .bind(part)
                .bind(id)
                .execute(&mut *write.tx)
                .await
                .doing("keeping a record")?;
        }
        sqlx::query(
            "INSERT INTO child_history (child_id, revision, record, record_hash, source, imported_at)
             SELECT child_id, revision, record, record_hash, $1, imported_at FROM child WHERE child_id = $2",
        )
        .bind(source)
        .bind(id)
        .execute(&mut *write.tx)
        .await
        .doing("keeping a record's history")?;
        if outcome == ImportOutcome::New {
            sqlx::query("INSERT INTO child_key (child_id, wrapped) VALUES ($1, $2)")
                .bind(id)
                .bind(self.new_wrapped_key(&record.child_id))
                .execute(&mut *write.tx)
                .await
                .doing("making a child's key")?;
        }
        for version in record.ifsps.iter().filter(|v| v.status.is_final()) {
            keep_version(&mut write, &record.child_id, version).await?;
        }
        for plan in &record.unfinished {
            refuse_unfinished(&mut write, &record.child_id, plan).await?;
        }
        write.commit().await?;
        Ok(outcome)
    }

    /// A child's record with what was recorded here.
    ///
    /// # Errors
    /// When there is no such child, or the database refuses.
    pub async fn child(&self, child_id: &ChildId) -> Result<ChildRow, StoreError> {
        let row: Option<(String, String)> = sqlx::query_as("SELECT record, record_hash FROM child WHERE child_id = $1")
            .bind(child_id.as_str())
            .fetch_optional(&self.pool)
            .await
            .doing("reading a record")?;
        let (text, record_hash) =
            row.ok_or_else(|| StoreError::NotFound { what: "child", id: child_id.to_string() })?;
        let facts = read_facts(
            sqlx::query_as(FACTS)
                .bind(child_id.as_str())
                .fetch_all(&self.pool)
                .await
                .doing("reading what was recorded")?,
            child_id,
        )?;
        let recorded = Recorded::of(&facts);
        let (record, record_hash) = completed(parse_record(&text, child_id.as_str())?, record_hash, &recorded);
        Ok(ChildRow { record, record_hash, recorded })
    }

    /// A child's record as it stood at an instant, as it was received; `None` before its first import.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn record_as_of(
        &self,
        child_id: &ChildId,
        at: DateTime<Utc>,
    ) -> Result<Option<serde_json::Value>, StoreError> {
        let row: Option<(String,)> = sqlx::query_as(
            "SELECT record FROM child_history WHERE child_id = $1 AND imported_at <= $2 ORDER BY revision DESC LIMIT 1",
        )
        .bind(child_id.as_str())
        .bind(instant_text(at))
        .fetch_optional(&self.pool)
        .await
        .doing("reading an earlier record")?;
        let wrong = |_| StoreError::Inconsistent { table: "child_history", column: "record", id: child_id.to_string() };
        row.map(|(text,)| serde_json::from_str(&text).map_err(wrong)).transpose()
    }
}

/// The parts in which a long text goes to the database. sqlx 0.9.0 leaves the sockets' delay on (its issue 4335), and what is
/// longer than one TLS record of 16 KB then waits 40 ms for the server's acknowledgement, which waits for more.
fn parts_for(dialect: Dialect, text: &str) -> impl Iterator<Item = &str> {
    const MOST: usize = 12_000;
    let most = if dialect == Dialect::Postgres { MOST } else { usize::MAX };
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let whole = rest?;
        let (part, after) = whole.split_at(whole.floor_char_boundary(most.min(whole.len())));
        rest = (!after.is_empty()).then_some(after);
        Some(part)
    })
}

pub(super) fn parse_record(text: &str, id: &str) -> Result<Arc<CaseRecord>, StoreError> {
    serde_json::from_str(text).map(Arc::new).map_err(|_| StoreError::Inconsistent {
        table: "child",
        column: "record",
        id: id.to_owned(),
    })
}

/// The record with what was recorded here about it. Where that changes it, its hash changes too: papers that were
/// made from the record as received are made anew.
pub(super) fn completed(record: Arc<CaseRecord>, hash: String, recorded: &Recorded) -> (Arc<CaseRecord>, String) {
    if recorded.completes_nothing() {
        return (record, hash);
    }
    let mut complete = (*record).clone();
    if recorded.complete(&mut complete) {
        let hash = sha256_hex(&serde_json::to_vec(&complete).expect("a case record is plain data"));
        (Arc::new(complete), hash)
    } else {
        (record, hash)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_goes_to_postgresql_in_parts_that_cut_no_letter_and_to_sqlite_whole() {
        let text = "caf\u{e9} ".repeat(5000);
        let parts: Vec<&str> = parts_for(Dialect::Postgres, &text).collect();
        assert!(parts.len() > 2 && parts.iter().all(|part| (1..=12_000).contains(&part.len())));
        assert_eq!(parts.concat(), text);
        assert_eq!(parts_for(Dialect::Sqlite, &text).collect::<Vec<_>>(), [text.as_str()]);
        assert_eq!(parts_for(Dialect::Postgres, "").collect::<Vec<_>>(), [""]);
    }
}
