//! Settling: the outcome of an attempt, the new state and the entry in the record of access, in one transaction.

use chrono::{DateTime, NaiveDate, Utc};

use crate::{
    case::{ChildId, EndpointId},
    clock::instant_text,
    dispatch::{AttemptOutcome, Evidence, StateName},
    hint::unmarked,
    ledger::{Detail, Entry},
    store::{
        DispatchRow, Doing, IncidentToOpen, StoreError,
        database::{batch::Several, locks::Order},
        keys::encryption::seal,
        outbox::{
            replaced_packets::{left, take_another_way},
            state::{add_note, change_state},
        },
        outcomes::{Outcomes, pull_list::drop_from_list},
        service::{pauses::take_from_volume, tasks::open_task_in},
    },
};

/// What became of an attempt.
#[derive(Debug, Clone)]
pub struct Settlement<'a> {
    pub dispatch_id: &'a str,
    /// Whose it is.
    pub child_id: &'a ChildId,
    /// The attempt: the fence against a worker that lost its lease.
    pub attempt: i64,
    /// The new state.
    pub state: StateName,
    /// How the attempt ended.
    pub outcome: AttemptOutcome,
    /// What the next hand said.
    pub evidence: &'a Evidence,
    /// When it may be tried again, for a state that goes back into the queue.
    pub not_before: Option<DateTime<Utc>>,
    /// Whether it was a refusal for now that counts towards the endpoint's budget.
    pub counts: bool,
    /// Endpoints that were tried in vain, where the next one is to be tried now.
    pub exhausted: Option<Vec<EndpointId>>,
    /// A kind of task and what to do, where a person has to.
    pub opens: Option<(&'a str, &'a str)>,
    /// SHA-256 of the message that was offered, where one was.
    pub message_sha256: Option<&'a str>,
    /// The entry, where bytes left or may have left.
    pub entry: Option<(Entry, Detail)>,
    /// Its channel and the day on which it was counted as one that leaves: without an entry it is counted no more.
    pub counted: Option<(&'a str, NaiveDate)>,
}

/// What settling did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settled {
    /// The entry's place in the record of access, where one was made.
    pub entry: Option<i64>,
}

impl Outcomes<'_> {
    /// Settles an attempt. A worker that lost its lease settles nothing.
    ///
    /// # Errors
    /// When the lease was lost, or the database refuses.
    pub async fn settle(self, s: &Settlement<'_>, now: DateTime<Utc>) -> Result<Settled, StoreError> {
        let key = self.store.bodies().child_key(s.child_id).await?;
        let reply = unmarked(&s.evidence.reply).into_owned();
        let evidence = serde_json::to_vec(&Evidence { reply, ..s.evidence.clone() }).expect("evidence is plain data");
        let sealed = seal(&key, &format!("attempt/{}/{}", s.dispatch_id, s.attempt), &evidence);
        let mut write = self.store.write().await?;
        let standing = "SELECT attempt FROM dispatch WHERE dispatch_id = $1 AND state = 'sending' AND attempt = $2";
        let fenced = write
            .find_to_change(standing, s.entry.is_some().then_some(Order::Ledger))
            .bind(s.dispatch_id)
            .bind(s.attempt)
            .fetch_optional(&mut *write.tx)
            .await
            .doing("settling an attempt")?;
        if fenced.is_none() {
            return Err(StoreError::LeaseLost(s.dispatch_id.to_owned()));
        }
        if !s.state.may_follow(StateName::Sending) {
            return Err(StoreError::WrongState { id: s.dispatch_id.to_owned(), state: StateName::Sending.as_str() });
        }
        let mut several = Several::new(&write);
        several
            .add("UPDATE attempt SET settled_at = $1, outcome = $2, sealed_evidence = $3 WHERE dispatch_id = $4 AND attempt = $5")
            .bind(instant_text(now))
            .bind(s.outcome.code())
            .bind(sealed)
            .bind(s.dispatch_id.to_owned())
            .bind(s.attempt);
        several
            .add(
                "UPDATE dispatch SET state = $1, reason = NULL, detail = NULL, lease_until = NULL, worker = NULL, updated_at = $2,
                    not_before = COALESCE($3, not_before), refusals = refusals + $4,
                    trying_since = COALESCE(trying_since, $5), message_sha256 = COALESCE(message_sha256, $6),
                    has_left = CASE WHEN $7 = 1 THEN 1 ELSE has_left END WHERE dispatch_id = $8",
            )
            .bind(s.state.as_str())
            .bind(instant_text(now))
            .bind(s.not_before.map(instant_text))
            .bind(i64::from(s.counts))
            .bind(s.counts.then(|| instant_text(now)))
            .bind(s.message_sha256.map(ToOwned::to_owned))
            .bind(i64::from(s.entry.is_some()))
            .bind(s.dispatch_id.to_owned());
        add_note(&mut several, s.dispatch_id, s.state, s.outcome.words(), now);
        let entry = match &s.entry {
            Some((entry, detail)) => {
                Some(self.store.ledger().add_entry(&mut write, &mut several, entry, Some((detail, &key)), now).await?)
            }
            None => None,
        };
        several.run(&mut write, "settling an attempt").await?;
        if let Some(exhausted) = &s.exhausted {
            take_another_way(&mut write, s.dispatch_id, exhausted, now).await?;
        }
        if let Some((kind, says)) = s.opens {
            open_task_in(&mut write, Some(s.child_id), kind, s.dispatch_id, says, now).await?;
        }
        if let (Some((channel, day)), None) = (s.counted, &s.entry) {
            take_from_volume(&mut write, channel, day).await?;
        }
        write.commit().await?;
        Ok(Settled { entry })
    }

    /// A person or a sweeper moves a dispatch on, with the entry in the record of access where there is one to make.
    ///
    /// # Errors
    /// When its state does not allow it, or the database refuses.
    pub async fn move_on(
        self,
        dispatch_id: &str,
        child_id: &ChildId,
        state: StateName,
        why: &str,
        entry: Option<(Entry, Detail)>,
        now: DateTime<Utc>,
    ) -> Result<Settled, StoreError> {
        let key = self.store.bodies().child_key(child_id).await?;
        let mut write = self.store.write().await?;
        change_state(&mut write, dispatch_id, state.as_str(), None, None, why, now).await?;
        let entry = match &entry {
            Some((entry, detail)) => {
                left(&mut write, dispatch_id).await?;
                Some(self.store.ledger().append_in(&mut write, entry, Some((detail, &key)), now).await?)
            }
            None => None,
        };
        write.commit().await?;
        Ok(Settled { entry })
    }

    /// A printed letter was in the mail, with its entry; where it went without authority, with its incident. Gives the
    /// incident's id.
    ///
    /// # Errors
    /// When it is not printed any more, or the database refuses.
    pub async fn mailed(
        self,
        row: &DispatchRow,
        (entry, detail): (Entry, Detail),
        incident: Option<&IncidentToOpen>,
        now: DateTime<Utc>,
    ) -> Result<Option<String>, StoreError> {
        let key = self.store.bodies().child_key(&row.envelope.child_id).await?;
        let mut write = self.store.write().await?;
        change_state(&mut write, &row.dispatch_id, StateName::Confirmed.as_str(), None, None, "mailed", now).await?;
        left(&mut write, &row.dispatch_id).await?;
        drop_from_list(&mut write, &row.dispatch_id).await?;
        let ledger = self.store.ledger();
        let seq = ledger.append_in(&mut write, &entry, Some((&detail, &key)), now).await?;
        let mut opened = None;
        if let Some(IncidentToOpen { matter, entry, detail, says }) = incident {
            let entry = Entry { about_seq: Some(seq), ..entry.clone() };
            opened = Some(ledger.open_matter_in(&mut write, *matter, entry, (detail, &key), says, now).await?);
        }
        write.commit().await?;
        Ok(opened)
    }

    /// E-mail whose outcome is unknown goes once more, with the same bytes, after its wait.
    pub async fn requeue_unknown(
        self,
        channel: &str,
        unknown_since_before: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<u64, StoreError> {
        let mut write = self.store.write().await?;
        let waiting: Vec<(String,)> = sqlx::query_as(sqlx::AssertSqlSafe(format!(
            "SELECT dispatch_id FROM dispatch WHERE state = 'unknown' AND channel = $1 AND resent_unknown = 0 AND updated_at < $2{}",
            write.not_taken()
        )))
        .bind(channel)
        .bind(instant_text(unknown_since_before))
        .fetch_all(&mut *write.tx)
        .await
        .doing("looking for unknown outcomes")?;
        for (id,) in &waiting {
            change_state(
                &mut write,
                id,
                "queued",
                None,
                None,
                "goes once more with the same Message-ID and bytes",
                now,
            )
            .await?;
            sqlx::query("UPDATE dispatch SET resent_unknown = 1, not_before = $1 WHERE dispatch_id = $2")
                .bind(instant_text(now))
                .bind(id)
                .execute(&mut *write.tx)
                .await
                .doing("queueing an unknown outcome once more")?;
        }
        write.commit().await?;
        Ok(waiting.len() as u64)
    }
}
