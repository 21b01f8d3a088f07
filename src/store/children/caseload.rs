//! Records of many children, for the question whose child it is: a page at a time, with what was recorded here.

use std::{collections::BTreeMap, sync::Arc};

use super::{
    facts::read_facts,
    records::{completed, parse_record},
};
use crate::{
    case::{CaseRecord, ChildId, Recorded},
    store::{Doing, StoreError, children::Children},
};

impl Children<'_> {
    /// The records of children after `after`, in the order of their ids, as completed by what was recorded here.
    pub async fn records_after(self, after: &str, limit: i64) -> Result<Vec<Arc<CaseRecord>>, StoreError> {
        let rows: Vec<(String, String)> =
            sqlx::query_as("SELECT child_id, record FROM child WHERE child_id > $1 ORDER BY child_id LIMIT $2")
                .bind(after)
                .bind(limit)
                .fetch_all(&self.store.pool)
                .await
                .doing("reading a page of records")?;
        let Some((last, _)) = rows.last() else { return Ok(Vec::new()) };
        let facts: Vec<(String, String, String, String)> = sqlx::query_as(
            "SELECT child_id, body, recorded_at, recorded_by FROM fact WHERE child_id > $1 AND child_id <= $2 ORDER BY fact_id",
        )
        .bind(after)
        .bind(last)
        .fetch_all(&self.store.pool)
        .await
        .doing("reading what was recorded about a page of children")?;
        let mut of_child: BTreeMap<String, Vec<_>> = BTreeMap::new();
        for (child, body, at, by) in facts {
            of_child.entry(child).or_default().push((body, at, by));
        }
        let whole = |(id, text): (String, String)| {
            let child = ChildId::parse(&*id).map_err(|_| StoreError::Inconsistent {
                table: "child",
                column: "child_id",
                id: id.clone(),
            })?;
            let recorded = Recorded::of(&read_facts(of_child.remove(&id).unwrap_or_default(), &child)?);
            Ok(completed(parse_record(&text, &id)?, String::new(), &recorded).0)
        };
        rows.into_iter().map(whole).collect()
    }

    /// The records that are closed to somebody of the staff. They are few, and every list asks for them.
    pub async fn closed_records(self) -> Result<Vec<Arc<CaseRecord>>, StoreError> {
        let rows: Vec<(String, String)> = sqlx::query_as(
            "SELECT child_id, record FROM child WHERE record LIKE '%\"closed_to\":[%' ORDER BY child_id",
        )
        .fetch_all(&self.store.pool)
        .await
        .doing("reading which records are closed to somebody")?;
        rows.into_iter().map(|(id, text)| parse_record(&text, &id)).collect()
    }
}
