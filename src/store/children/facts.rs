//! What was recorded here about a child: only ever added to.

use chrono::{DateTime, Utc};

use crate::{
    case::{ChildId, EndpointId, Fact, RecordedFact},
    clock::{instant_text, parse_instant},
    hint::Hint,
    store::{
        Doing, StoreError, Write,
        children::Children,
        database::locks::Order,
        new_id,
        service::tasks::{Which, close_tasks_in, open_task_in},
    },
};

/// What was recorded about a child and about offices' addresses, in the order in which it was recorded.
pub(super) const FACTS: &str = "SELECT body, recorded_at, recorded_by FROM
    (SELECT fact_id, body, recorded_at, recorded_by FROM fact WHERE child_id = $1
     UNION ALL SELECT fact_id, body, recorded_at, recorded_by FROM office_fact) facts ORDER BY fact_id";

impl Children<'_> {
    /// Records what was found out about an office's address: it counts for every child. Whatever is being claimed at
    /// this moment is decided first; everything that is claimed later sees it.
    pub async fn record_office_fact(
        self,
        endpoint: &EndpointId,
        fact: &Fact,
        by: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let mut write = self.store.write().await?;
        write.wait_for(Order::Directory, false).await?;
        add_office_fact(&mut write, endpoint, fact, by, now).await?;
        write.commit().await
    }

    /// The children with an envelope to this address that has not left.
    pub async fn children_waiting_for(self, endpoint: &EndpointId) -> Result<Vec<ChildId>, StoreError> {
        let rows: Vec<(String,)> = sqlx::query_as(
            "SELECT DISTINCT child_id FROM dispatch WHERE endpoint_id = $1
             AND state IN ('queued', 'held', 'withheld', 'printed') ORDER BY child_id",
        )
        .bind(endpoint.as_str())
        .fetch_all(&self.store.pool)
        .await
        .doing("looking for envelopes to an address")?;
        rows.into_iter()
            .map(|(id,)| {
                ChildId::parse(&*id).map_err(|_| StoreError::Inconsistent { table: "dispatch", column: "child_id", id })
            })
            .collect()
    }

    /// Records a fact about a child, by a person or by the program.
    pub async fn record_fact(
        self,
        child_id: &ChildId,
        fact: &Fact,
        by: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.record_facts_of_each(std::slice::from_ref(child_id), std::slice::from_ref(fact), by, now).await
    }

    /// Records the same facts about each of these children, by one act: about all or none.
    pub async fn record_facts_of_each(
        self,
        children: &[ChildId],
        facts: &[Fact],
        by: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        // In one order, so that two who change the same children wait one for the other and not both.
        let mut children: Vec<&ChildId> = children.iter().collect();
        children.sort();
        let mut write = self.store.write().await?;
        for child_id in children {
            write.change_child(child_id).await?;
            for fact in facts {
                add_fact(&mut write, child_id, fact, by, now).await?;
                settle_tasks(&mut write, child_id, fact, now).await?;
            }
        }
        write.commit().await
    }
}

impl Children<'_> {
    /// Children about whom something was recorded that holds this word: a hash, an id.
    pub async fn children_with_fact_about(self, word: &str) -> Result<Vec<ChildId>, StoreError> {
        let rows: Vec<(String,)> =
            sqlx::query_as("SELECT DISTINCT child_id FROM fact WHERE body LIKE $1 ORDER BY child_id")
                .bind(format!("%{}%", word.replace(['%', '_', '\\'], "")))
                .fetch_all(&self.store.pool)
                .await
                .doing("looking for what was recorded")?;
        rows.into_iter()
            .map(|(id,)| {
                ChildId::parse(&*id).map_err(|_| StoreError::Inconsistent { table: "fact", column: "child_id", id })
            })
            .collect()
    }
}

/// Closes the tasks that a fact answers.
pub(in crate::store) async fn settle_tasks(
    write: &mut Write,
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

/// A fact about an office's address, with the task that it opens or closes. The caller has waited for the directory with
/// [`Write::wait_for`] first.
pub(in crate::store) async fn add_office_fact(
    write: &mut Write,
    endpoint: &EndpointId,
    fact: &Fact,
    by: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO office_fact (fact_id, endpoint_id, body, recorded_at, recorded_by) VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(new_id(now))
    .bind(endpoint.as_str())
    .bind(serde_json::to_string(fact).expect("a fact is plain data"))
    .bind(instant_text(now))
    .bind(by)
    .execute(&mut *write.tx)
    .await
    .doing("recording a fact")?;
    if matches!(fact, Fact::EndpointVerified { .. } | Fact::ReturnSetAside { .. }) {
        let which = Which { child_id: None, kinds: &["office-address"], subject: Some(endpoint.as_str()) };
        return close_tasks_in(write, which, now).await;
    }
    let says = format!(
        "Nothing goes to address {endpoint} of an office, for any child. Find out where the office is to be reached, and \
         enter it in the directory; or make sure of this address with {}.",
        Hint::VerifyAddress { child: None, endpoint: Some(endpoint.to_string()) }
    );
    open_task_in(write, None, "office-address", endpoint.as_str(), &says, now).await
}

pub(in crate::store) async fn add_fact(
    write: &mut Write,
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

pub(in crate::store) fn read_facts(
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
