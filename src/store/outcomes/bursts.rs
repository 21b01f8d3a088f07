//! Many returns at once: what came back lately for one reason, and addresses that go back into use because of it.

use chrono::{DateTime, Utc};

use super::Outcomes;
use crate::{
    case::{ChildId, Fact},
    clock::instant_text,
    store::{
        Doing, StoreError,
        children::facts::{add_fact, add_office_fact},
        database::locks::Order,
    },
};

impl Outcomes<'_> {
    /// The dispatches that came back since an instant by a channel, all with one code.
    pub async fn returned_since(
        self,
        channel: &str,
        code: &str,
        since: DateTime<Utc>,
    ) -> Result<Vec<String>, StoreError> {
        let rows: Vec<(String,)> = sqlx::query_as(
            "SELECT DISTINCT r.dispatch_id FROM receipt r
             JOIN attempt a ON a.dispatch_id = r.dispatch_id AND a.attempt = r.attempt
             WHERE r.sort = 'failure' AND r.standing = 'applied' AND r.code = $1 AND r.received_at > $2 AND a.channel = $3
             ORDER BY r.dispatch_id",
        )
        .bind(code)
        .bind(instant_text(since))
        .bind(channel)
        .fetch_all(&self.store.pool)
        .await
        .doing("counting what came back")?;
        Ok(rows.into_iter().map(|(id,)| id).collect())
    }

    /// Puts the address back into use that the return of a dispatch had put out of use, for the child and, where it is an
    /// office's, for every child. An address that something else speaks against stays out of use.
    pub async fn set_return_aside(
        self,
        child_id: &ChildId,
        dispatch_id: &str,
        by: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let mut write = self.store.write().await?;
        write.change_child(child_id).await?;
        let of_child: Vec<(String,)> =
            sqlx::query_as("SELECT body FROM fact WHERE child_id = $1 AND body LIKE $2 ORDER BY fact_id")
                .bind(child_id.as_str())
                .bind(format!("%{dispatch_id}%"))
                .fetch_all(&mut *write.tx)
                .await
                .doing("looking for what was recorded")?;
        let bodies = of_child.iter().filter_map(|(body,)| serde_json::from_str(body).ok());
        let Some(fact) = set_aside(bodies, dispatch_id) else { return Ok(()) };
        add_fact(&mut write, child_id, &fact, by, now).await?;
        let of_office: Vec<(String,)> =
            sqlx::query_as("SELECT body FROM office_fact WHERE body LIKE $1 ORDER BY fact_id")
                .bind(format!("%{dispatch_id}%"))
                .fetch_all(&mut *write.tx)
                .await
                .doing("looking for what was recorded")?;
        let bodies = of_office.iter().filter_map(|(body,)| serde_json::from_str(body).ok());
        if let Some(fact @ Fact::ReturnSetAside { .. }) = set_aside(bodies, dispatch_id) {
            write.wait_for(Order::Directory, false).await?;
            let Fact::ReturnSetAside { endpoint_id, .. } = &fact else { return write.commit().await };
            add_office_fact(&mut write, endpoint_id, &fact, by, now).await?;
        }
        write.commit().await
    }
}

/// The fact that takes the effect of a return away; none where it had none, or was taken away before.
fn set_aside(recorded: impl Iterator<Item = Fact>, dispatch_id: &str) -> Option<Fact> {
    let mut returned = None;
    for fact in recorded {
        match fact {
            Fact::EndpointReturned { endpoint_id, dispatch_id: of } if of == dispatch_id => {
                returned = Some(endpoint_id);
            }
            Fact::ReturnSetAside { dispatch_id: of, .. } if of == dispatch_id => returned = None,
            _ => {}
        }
    }
    returned.map(|endpoint_id| Fact::ReturnSetAside { endpoint_id, dispatch_id: dispatch_id.to_owned() })
}
