//! What a person does to a dispatch, each in one transaction: the state, the entry in the record of access, the
//! fact that it teaches and the tasks that it opens or closes.

use chrono::{DateTime, Utc};

use super::{
    pull_list::drop_from_list,
    returned::{come_back, wait_to_come_back},
};
use crate::{
    case::{ChildId, EndpointId},
    clock::instant_text,
    dispatch::Operation,
    ledger::{Detail, Entry, Event},
    store::{
        CameBack, DispatchRow, Doing, NewDispatch, Settled, StoreError, Write,
        database::batch::Several,
        outbox::{
            dispatches::enqueue_in,
            replaced_packets::{left, take_another_way},
            state::{add_state, note, state_of},
        },
        outcomes::Outcomes,
        service::tasks::{Which, close_tasks_in},
    },
};

/// Everything that one operation changes.
#[derive(Debug, Clone)]
pub struct Act<'a> {
    pub dispatch_id: &'a str,
    /// Whose it is.
    pub child_id: &'a ChildId,
    /// What is done to it.
    pub operation: Operation,
    /// A few words for its history, without names.
    pub why: &'a str,
    /// Who does it.
    pub by: &'a str,
    /// The entry in the record of access, where there is one to make. An outcome without a place of its own
    /// is about the dispatch's last disclosure.
    pub entry: Option<(Entry, Detail)>,
    /// What follows, where it came back.
    pub came_back: Option<CameBack<'a>>,
}

impl<'a> Act<'a> {
    /// An operation on a dispatch that changes its state and nothing else.
    #[must_use]
    pub fn on(row: &'a DispatchRow, operation: Operation, why: &'a str, by: &'a str) -> Self {
        let (dispatch_id, child_id) = (row.dispatch_id.as_str(), &row.envelope.child_id);
        Self { dispatch_id, child_id, operation, why, by, entry: None, came_back: None }
    }

    /// The same with its entry in the record of access.
    #[must_use]
    pub fn entered(self, entry: (Entry, Detail)) -> Self {
        Self { entry: Some(entry), ..self }
    }
}

impl Outcomes<'_> {
    /// Does it, if the dispatch's state allows it at this instant.
    ///
    /// # Errors
    /// When the state does not allow it, or the database refuses.
    pub async fn operate(self, act: &Act<'_>, now: DateTime<Utc>) -> Result<Settled, StoreError> {
        let key = self.store.bodies().child_key(act.child_id).await?;
        let mut write = self.store.write().await?;
        if let Some(back) = &act.came_back {
            wait_to_come_back(&mut write, act.child_id, back).await?;
        }
        step(&mut write, act, now).await?;
        if act.operation == Operation::Resend {
            send_again(&mut write, act.dispatch_id, now).await?;
        }
        let entry = match &act.entry {
            Some((entry, detail)) => {
                let mut entry = entry.clone();
                if entry.event == Event::Outcome && entry.about_seq.is_none() {
                    entry.about_seq = last_disclosure(&mut write, act.child_id, act.dispatch_id).await?;
                }
                if entry.event == Event::Disclosure {
                    left(&mut write, act.dispatch_id).await?;
                }
                Some(self.store.ledger().append_in(&mut write, &entry, Some((detail, &key)), now).await?)
            }
            None => None,
        };
        close_tasks_about(&mut write, act.dispatch_id, now).await?;
        if let Some(back) = &act.came_back {
            come_back(&mut write, act.child_id, act.dispatch_id, back, now).await?;
        }
        write.commit().await?;
        Ok(Settled { entry })
    }

    /// A newer edition takes the dispatch's place; gives the newer one's id. `None`: the same edition is there
    /// already, and nothing was changed.
    ///
    /// # Errors
    /// When the state does not allow it, or the database refuses.
    pub async fn supersede(
        self,
        act: &Act<'_>,
        new: &NewDispatch<'_>,
        now: DateTime<Utc>,
    ) -> Result<Option<String>, StoreError> {
        let mut write = self.store.write().await?;
        let Some(id) = enqueue_in(&mut write, new, now).await? else { return Ok(None) };
        step(&mut write, act, now).await?;
        close_tasks_about(&mut write, act.dispatch_id, now).await?;
        write.commit().await?;
        Ok(Some(id))
    }

    /// The present endpoint was tried in vain: the papers are made anew for the next one. What had left under the
    /// old papers stays readable.
    ///
    /// # Errors
    /// When the dispatch cannot be queued, or the database refuses.
    pub async fn another_way(
        self,
        act: &Act<'_>,
        exhausted: &[EndpointId],
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let mut write = self.store.write().await?;
        step(&mut write, act, now).await?;
        take_another_way(&mut write, act.dispatch_id, exhausted, now).await?;
        close_tasks_about(&mut write, act.dispatch_id, now).await?;
        write.commit().await
    }
}

/// The state that the operation leads to, written where it is another one.
async fn step(write: &mut Write, act: &Act<'_>, now: DateTime<Utc>) -> Result<(), StoreError> {
    let before = state_of(write, act.dispatch_id).await?;
    let after = act
        .operation
        .leads_to(before)
        .map_err(|source| StoreError::NotPossible { id: act.dispatch_id.to_owned(), source })?;
    if after == before {
        return note(write, act.dispatch_id, after.as_str(), act.why, now).await;
    }
    drop_from_list(write, act.dispatch_id).await?;
    let mut several = Several::new(write);
    add_state(&mut several, act.dispatch_id, after, None, None, act.why, now);
    several.run(write, "changing an envelope's state").await
}

/// A person's word begins the retries anew.
async fn send_again(write: &mut Write, dispatch_id: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    sqlx::query("UPDATE dispatch SET refusals = 0, trying_since = NULL, not_before = $1 WHERE dispatch_id = $2")
        .bind(instant_text(now))
        .bind(dispatch_id)
        .execute(&mut *write.tx)
        .await
        .doing("sending an envelope again")?;
    Ok(())
}

/// The place of the dispatch's last disclosure in the record of access.
async fn last_disclosure(write: &mut Write, child_id: &ChildId, dispatch_id: &str) -> Result<Option<i64>, StoreError> {
    let rows: Vec<(i64, String)> =
        sqlx::query_as("SELECT seq, body FROM ledger WHERE child_id = $1 AND body LIKE $2 ORDER BY seq DESC")
            .bind(child_id.as_str())
            .bind(format!("%\"{dispatch_id}\"%"))
            .fetch_all(&mut *write.tx)
            .await
            .doing("reading the record of access")?;
    Ok(rows.into_iter().find_map(|(seq, body)| {
        let entry: Entry = serde_json::from_str(&body).ok()?;
        (entry.event == Event::Disclosure && entry.dispatch.as_deref() == Some(dispatch_id)).then_some(seq)
    }))
}

async fn close_tasks_about(write: &mut Write, dispatch_id: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    let kinds = &["outcome-unknown", "dispatch-failed", "give-by-hand"];
    close_tasks_in(write, Which { child_id: None, kinds, subject: Some(dispatch_id) }, now).await
}
