//! Children's records: taken whole, with history; and what was recorded here about them.

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

use super::{Doing, Store, StoreError, Write, new_id};
use crate::{
    case::{CaseRecord, ChildId, Fact, IfspStatus, IfspVersion, Recorded, RecordedFact, ServiceConsent},
    clock::{instant_text, parse_instant},
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
    pub record: CaseRecord,
    /// Its hash.
    pub record_hash: String,
    /// What was recorded here.
    pub recorded: Recorded,
}

/// A child found by name. For the screen only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Id.
    pub child_id: String,
    /// Full name.
    pub full_name: String,
    /// Program number.
    pub program_number: String,
    /// Birth date.
    pub birth_date: String,
}

pub(super) fn sha256_hex(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// Folded for search: case only; the database compares the rest.
fn folded(name: &str) -> String {
    name.to_lowercase()
}

/// The part of a final version that never changes. Its life goes on around it: status, signature, consents,
/// first sessions, progress and copies are recorded later under the same version.
fn frozen_hash(version: &IfspVersion) -> String {
    let mut frozen = version.clone();
    frozen.status = IfspStatus::InEffect;
    frozen.signature = None;
    frozen.explained_on = None;
    frozen.copies_given.clear();
    for line in &mut frozen.services {
        line.consent = ServiceConsent::Open;
        line.actual_first_date = None;
    }
    for outcome in &mut frozen.outcomes {
        outcome.reviews.clear();
    }
    for step in &mut frozen.transition_steps {
        step.done_on = None;
    }
    sha256_hex(&serde_json::to_vec(&frozen).expect("a plan is plain data"))
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
            close_tasks(&mut write, id, "record-refused", now).await?;
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
        .bind(&text)
        .bind(&hash)
        .bind(revision)
        .bind(instant_text(now))
        .execute(&mut *write.tx)
        .await
        .doing("keeping a record")?;
        sqlx::query("INSERT INTO child_history (child_id, revision, record, record_hash, source, imported_at) VALUES ($1, $2, $3, $4, $5, $6)")
            .bind(id)
            .bind(revision)
            .bind(&text)
            .bind(&hash)
            .bind(source)
            .bind(instant_text(now))
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
            sqlx::query_as("SELECT body, recorded_at, recorded_by FROM fact WHERE child_id = $1 ORDER BY fact_id")
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

    /// The child whose record this file held when it was last taken.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn child_of_source(&self, source: &str) -> Result<Option<ChildId>, StoreError> {
        let row: Option<(String,)> = sqlx::query_as(
            "SELECT child_id FROM child_history WHERE source = $1 ORDER BY imported_at DESC, revision DESC LIMIT 1",
        )
        .bind(source)
        .fetch_optional(&self.pool)
        .await
        .doing("looking for a file's child")?;
        row.map(|(id,)| {
            ChildId::parse(&*id).map_err(|_| StoreError::Inconsistent {
                table: "child_history",
                column: "child_id",
                id,
            })
        })
        .transpose()
    }

    /// Ids of children after `after`, in order: a page of all children.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn child_ids_after(&self, after: &str, limit: i64) -> Result<Vec<ChildId>, StoreError> {
        let rows: Vec<(String,)> =
            sqlx::query_as("SELECT child_id FROM child WHERE child_id > $1 ORDER BY child_id LIMIT $2")
                .bind(after)
                .bind(limit)
                .fetch_all(&self.pool)
                .await
                .doing("listing children")?;
        rows.into_iter()
            .map(|(id,)| {
                ChildId::parse(&*id).map_err(|_| StoreError::Inconsistent { table: "child", column: "child_id", id })
            })
            .collect()
    }

    /// Every child's id, full name and program number, for the scan of finished texts.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn roster(&self) -> Result<Vec<crate::disclosure::RosterEntry>, StoreError> {
        let rows: Vec<(String, String, String)> =
            sqlx::query_as("SELECT child_id, full_name, program_number FROM child ORDER BY child_id")
                .fetch_all(&self.pool)
                .await
                .doing("reading the roster")?;
        rows.into_iter()
            .map(|(id, full_name, program_number)| {
                let child_id = ChildId::parse(&*id).map_err(|_| StoreError::Inconsistent {
                    table: "child",
                    column: "child_id",
                    id,
                })?;
                Ok(crate::disclosure::RosterEntry { child_id, full_name, program_number })
            })
            .collect()
    }

    /// Children whose name contains `name`. For the screen only.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn find(&self, name: &str) -> Result<Vec<Found>, StoreError> {
        let pattern = format!("%{}%", folded(name).replace(['%', '_', '\\'], ""));
        let rows: Vec<(String, String, String, String)> = sqlx::query_as(
            "SELECT child_id, full_name, program_number, record FROM child WHERE folded_name LIKE $1 OR LOWER(program_number) LIKE $1 ORDER BY folded_name LIMIT 50",
        )
        .bind(pattern)
        .fetch_all(&self.pool)
        .await
        .doing("looking for a name")?;
        rows.into_iter()
            .map(|(child_id, full_name, program_number, text)| {
                let birth_date = parse_record(&text, &child_id)?.child.birth_date.to_string();
                Ok(Found { child_id, full_name, program_number, birth_date })
            })
            .collect()
    }

    /// Records a fact about a child, by a person or by the program.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn record_fact(
        &self,
        child_id: &ChildId,
        fact: &Fact,
        by: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let mut write = self.write().await?;
        write.change_child(child_id).await?;
        add_fact(&mut write, child_id, fact, by, now).await?;
        settle_tasks(&mut write, child_id, fact, now).await?;
        write.commit().await
    }
}

pub(super) fn parse_record(text: &str, id: &str) -> Result<CaseRecord, StoreError> {
    serde_json::from_str(text).map_err(|_| StoreError::Inconsistent {
        table: "child",
        column: "record",
        id: id.to_owned(),
    })
}

/// The record with what was recorded here about it. Where that changes it, its hash changes too: papers that were
/// made from the record as received are made anew.
pub(super) fn completed(mut record: CaseRecord, hash: String, recorded: &Recorded) -> (CaseRecord, String) {
    if recorded.complete(&mut record) {
        let hash = sha256_hex(&serde_json::to_vec(&record).expect("a case record is plain data"));
        (record, hash)
    } else {
        (record, hash)
    }
}

/// Closes the tasks that a fact answers.
pub(super) async fn settle_tasks(
    write: &mut Write<'_>,
    child_id: &ChildId,
    fact: &Fact,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let (kind, subject) = match fact {
        Fact::RecordSettled => return close_tasks(write, child_id.as_str(), "record-refused", now).await,
        Fact::OrderReceived { order } if order.effect.is_some() => {
            ("order-unread", format!("order {}", order.order_id))
        }
        Fact::ReleaseRevoked { release_id } | Fact::ReleaseKept { release_id, .. } => {
            ("written-revocation", format!("release {release_id}"))
        }
        Fact::Objection { written: true, .. } => ("written-objection", "limited notice".to_owned()),
        _ => return Ok(()),
    };
    sqlx::query(
        "UPDATE task SET closed_at = $1 WHERE child_id = $2 AND kind = $3 AND subject = $4 AND closed_at IS NULL",
    )
    .bind(instant_text(now))
    .bind(child_id.as_str())
    .bind(kind)
    .bind(subject)
    .execute(&mut *write.tx)
    .await
    .doing("closing a task")?;
    Ok(())
}

pub(super) async fn add_fact(
    write: &mut Write<'_>,
    child_id: &ChildId,
    fact: &Fact,
    by: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO fact (fact_id, child_id, body, recorded_at, recorded_by) VALUES ($1, $2, $3, $4, $5)")
        .bind(new_id(now))
        .bind(child_id.as_str())
        .bind(serde_json::to_string(fact).expect("a fact is plain data"))
        .bind(instant_text(now))
        .bind(by)
        .execute(&mut *write.tx)
        .await
        .doing("recording a fact")?;
    Ok(())
}

async fn close_tasks(write: &mut Write<'_>, child_id: &str, kind: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    sqlx::query("UPDATE task SET closed_at = $1 WHERE child_id = $2 AND kind = $3 AND closed_at IS NULL")
        .bind(instant_text(now))
        .bind(child_id)
        .bind(kind)
        .execute(&mut *write.tx)
        .await
        .doing("closing a task")?;
    Ok(())
}

pub(super) async fn facts_of(write: &mut Write<'_>, child_id: &ChildId) -> Result<Vec<RecordedFact>, StoreError> {
    let rows = sqlx::query_as("SELECT body, recorded_at, recorded_by FROM fact WHERE child_id = $1 ORDER BY fact_id")
        .bind(child_id.as_str())
        .fetch_all(&mut *write.tx)
        .await
        .doing("reading what was recorded")?;
    read_facts(rows, child_id)
}

pub(super) fn read_facts(
    rows: Vec<(String, String, String)>,
    child_id: &ChildId,
) -> Result<Vec<RecordedFact>, StoreError> {
    let wrong = |column| StoreError::Inconsistent { table: "fact", column, id: child_id.to_string() };
    rows.into_iter()
        .map(|(body, at, by)| {
            Ok(RecordedFact {
                fact: serde_json::from_str(&body).map_err(|_| wrong("body"))?,
                at: parse_instant(&at).map_err(|_| wrong("recorded_at"))?,
                by,
            })
        })
        .collect()
}

async fn keep_version(write: &mut Write<'_>, child_id: &ChildId, version: &IfspVersion) -> Result<(), StoreError> {
    let hash = frozen_hash(version);
    let known: Option<(String,)> =
        sqlx::query_as("SELECT body_hash FROM ifsp_version WHERE child_id = $1 AND ifsp_id = $2 AND version = $3")
            .bind(child_id.as_str())
            .bind(version.ifsp_id.as_str())
            .bind(i64::from(version.version))
            .fetch_optional(&mut *write.tx)
            .await
            .doing("looking a plan up")?;
    match known {
        Some((known,)) if known == hash => Ok(()),
        Some(_) => Err(StoreError::VersionChanged { ifsp_id: version.ifsp_id.to_string(), version: version.version }),
        None => {
            sqlx::query("INSERT INTO ifsp_version (child_id, ifsp_id, version, body_hash) VALUES ($1, $2, $3, $4)")
                .bind(child_id.as_str())
                .bind(version.ifsp_id.as_str())
                .bind(i64::from(version.version))
                .bind(hash)
                .execute(&mut *write.tx)
                .await
                .doing("keeping a plan's version")?;
            Ok(())
        }
    }
}
