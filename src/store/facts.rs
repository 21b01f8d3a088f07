//! What was recorded here about a child: only ever added to.

use chrono::{DateTime, Utc};

use super::{
    Doing, Store, StoreError, Write, new_id,
    tasks::{Which, close_tasks_in},
};
use crate::{
    case::{ChildId, Fact, RecordedFact},
    clock::{instant_text, parse_instant},
};

impl Store {
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

/// Closes the tasks that a fact answers.
pub(super) async fn settle_tasks(
    write: &mut Write<'_>,
    child_id: &ChildId,
    fact: &Fact,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let (kind, subject) = match fact {
        Fact::RecordSettled => ("record-refused", None),
        Fact::OrderReceived { order } if order.effect.is_some() => {
            ("order-unread", Some(format!("order {}", order.order_id)))
        }
        Fact::ReleaseRevoked { release_id } | Fact::ReleaseKept { release_id, .. } => {
            ("written-revocation", Some(format!("release {release_id}")))
        }
        Fact::Objection { written: true, .. } => ("written-objection", Some("limited notice".to_owned())),
        _ => return Ok(()),
    };
    let which = Which { child_id: Some(child_id), kinds: &[kind], subject: subject.as_deref() };
    close_tasks_in(write, which, now).await
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
