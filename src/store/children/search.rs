//! Finding children: by file, in pages, by name, and all of them for the scan of finished papers.

use super::records::{folded, parse_record};
use crate::{
    case::{CaseRecord, ChildId},
    disclosure::RosterEntry,
    store::{Doing, StoreError, children::Children},
};

/// A child found by name. For the screen only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub child_id: String,
    pub full_name: String,
    pub program_number: String,
    pub birth_date: String,
}

impl Children<'_> {
    /// The child whose record this file held when it was last taken.
    pub async fn child_of_source(self, source: &str) -> Result<Option<ChildId>, StoreError> {
        let row: Option<(String,)> = sqlx::query_as(
            "SELECT child_id FROM (
                SELECT child_id, imported_at FROM child WHERE source = $1
                UNION ALL SELECT child_id, imported_at FROM child_history WHERE source = $1
             ) held ORDER BY imported_at DESC LIMIT 1",
        )
        .bind(source)
        .fetch_optional(&self.store.pool)
        .await
        .doing("looking for a file's child")?;
        row.map(|(id,)| {
            ChildId::parse(&*id).map_err(|_| StoreError::Inconsistent { table: "child", column: "child_id", id })
        })
        .transpose()
    }

    /// Ids of children after `after`, in order: a page of all children.
    pub async fn child_ids_after(self, after: &str, limit: i64) -> Result<Vec<ChildId>, StoreError> {
        let rows: Vec<(String,)> =
            sqlx::query_as("SELECT child_id FROM child WHERE child_id > $1 ORDER BY child_id LIMIT $2")
                .bind(after)
                .bind(limit)
                .fetch_all(&self.store.pool)
                .await
                .doing("listing children")?;
        rows.into_iter()
            .map(|(id,)| {
                ChildId::parse(&*id).map_err(|_| StoreError::Inconsistent { table: "child", column: "child_id", id })
            })
            .collect()
    }

    /// Other children with the name and the birth date of this one.
    pub async fn namesakes(self, record: &CaseRecord) -> Result<Vec<ChildId>, StoreError> {
        let rows: Vec<(String, String)> =
            sqlx::query_as("SELECT child_id, record FROM child WHERE folded_name = $1 AND child_id <> $2")
                .bind(folded(&record.child.legal_name.full()))
                .bind(record.child_id.as_str())
                .fetch_all(&self.store.pool)
                .await
                .doing("looking for a name")?;
        let mut same = Vec::new();
        for (id, text) in rows {
            let other = parse_record(&text, &id)?;
            if other.child.birth_date == record.child.birth_date {
                same.push(other.child_id.clone());
            }
        }
        Ok(same)
    }

    /// Every child's id, full name and program number, for the scan of finished texts.
    pub async fn roster(self) -> Result<Vec<RosterEntry>, StoreError> {
        let rows: Vec<(String, String, String)> =
            sqlx::query_as("SELECT child_id, full_name, program_number FROM child ORDER BY child_id")
                .fetch_all(&self.store.pool)
                .await
                .doing("reading the roster")?;
        rows.into_iter()
            .map(|(id, full_name, program_number)| {
                let child_id = ChildId::parse(&*id).map_err(|_| StoreError::Inconsistent {
                    table: "child",
                    column: "child_id",
                    id,
                })?;
                Ok(RosterEntry { child_id, full_name, program_number })
            })
            .collect()
    }

    /// Children whose name contains `name`. For the screen only.
    pub async fn find(self, name: &str) -> Result<Vec<Found>, StoreError> {
        let pattern = format!("%{}%", folded(name).replace(['%', '_', '\\'], ""));
        let rows: Vec<(String, String, String, String)> = sqlx::query_as(
            "SELECT child_id, full_name, program_number, record FROM child WHERE folded_name LIKE $1 OR LOWER(program_number) LIKE $1 ORDER BY folded_name LIMIT 50",
        )
        .bind(pattern)
        .fetch_all(&self.store.pool)
        .await
        .doing("looking for a name")?;
        rows.into_iter()
            .map(|(child_id, full_name, program_number, text)| {
                let birth_date = parse_record(&text, &child_id)?.child.birth_date.to_string();
                Ok(Found { child_id, full_name, program_number, birth_date })
            })
            .collect()
    }
}
