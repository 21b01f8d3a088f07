//! Claiming: lease, decision and attempt row in one transaction, before any effect.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::Row;

use super::{
    dispatches::{COLUMNS, read_row},
    queue::{Among, next_queued},
    state::{add_note, change_state, note},
};
use crate::{
    case::ChildId,
    clock::instant_text,
    disclosure::{Authorization, Reason, Refusal},
    dispatch::StateName,
    store::{
        DispatchRow, Doing, StoreError, Write,
        children::snapshot::StoredFacts,
        database::{batch::Several, error_messages::is_collision},
        keys::encryption::{open as open_sealed, seal},
        outbox::Outbox,
        service::pauses::{EndpointUse, add_to_volume, note_use},
    },
};

/// What the gate says in the claiming transaction.
#[derive(Debug)]
pub enum Judgement {
    /// It may go.
    Send(Box<Go>),
    /// It may not.
    Refuse(Refusal),
    /// It may, but not as it was rendered.
    RenderAnew,
}

/// What goes with a permission.
#[derive(Debug)]
pub struct Go {
    pub authorization: Authorization,
    /// What the message says around the papers, where none was fixed by an earlier attempt.
    pub wording: Option<Vec<u8>>,
    /// The program's day towards whose volume of the channel it counts; none where nothing leaves this machine, or it left
    /// before.
    pub counts_on: Option<NaiveDate>,
    /// How many children's papers may go to the endpoint while it is new, where that is watched.
    pub watches_address: Option<i64>,
}

/// An envelope that a worker holds.
#[derive(Debug)]
pub struct Claimed {
    pub row: DispatchRow,
    /// On what it goes.
    pub authorization: Authorization,
    /// The facts on which that was decided.
    pub facts: StoredFacts,
    /// The attempt that was opened for it.
    pub attempt: i64,
    /// The day on which it was counted towards the volume of its channel, where it was: once, however often it is tried.
    pub counted_on: Option<NaiveDate>,
    /// How many envelopes its channel has on this day, this one included, where it was counted.
    pub today: i64,
    /// Whose papers went to its endpoint, where that is watched.
    pub address: Option<EndpointUse>,
}

/// What came of looking at the next envelope.
#[derive(Debug)]
pub enum Judged {
    /// It is claimed.
    Claimed(Box<Claimed>),
    /// It was refused and waits now, or is to be rendered anew.
    PutBack,
}

/// What came of one look at the queue.
enum Look {
    /// It is decided.
    Done(Option<Judged>),
    /// Somebody is changing this child's facts at this moment.
    BeingChanged(ChildId),
}

impl Outbox<'_> {
    /// Takes the next queued envelope, asks `judge` with the facts as this transaction sees them, and either
    /// opens an attempt under a lease or puts the envelope back with its reason. `None`: nothing is queued there.
    pub async fn claim(
        self,
        among: &Among<'_>,
        worker: &str,
        now: DateTime<Utc>,
        lease_until: DateTime<Utc>,
        judge: &(dyn Fn(&DispatchRow, &StoredFacts) -> Judgement + Send + Sync),
    ) -> Result<Option<Judged>, StoreError> {
        let lease_until = lease_until + (self.store.lease_now(now).await? - now);
        loop {
            match self.claim_once(among, worker, now, lease_until, judge).await {
                Ok(Look::Done(judged)) => return Ok(judged),
                Ok(Look::BeingChanged(child_id)) => self.store.until_child_is_free(&child_id).await?,
                Err(StoreError::Database { source, .. }) if is_collision(&source) => {}
                Err(error) => return Err(error),
            }
        }
    }

    async fn claim_once(
        self,
        among: &Among<'_>,
        worker: &str,
        now: DateTime<Utc>,
        lease_until: DateTime<Utc>,
        judge: &(dyn Fn(&DispatchRow, &StoredFacts) -> Judgement + Send + Sync),
    ) -> Result<Look, StoreError> {
        let mut write = self.store.write().await?;
        let Some(row) = next_queued(&mut write, among, now).await? else { return Ok(Look::Done(None)) };
        if !write.hold_facts(&row.envelope.child_id).await? {
            return Ok(Look::BeingChanged(row.envelope.child_id));
        }
        let facts = match self.store.children().known_in(&mut write, &row.envelope.child_id).await {
            Ok(facts) => facts,
            // What is wrong with one child keeps no other's envelopes from going.
            Err(error) if error.is_about_one_envelope() => {
                let (id, says) = (&row.dispatch_id, error.to_string());
                let reason = Some(Reason::CannotRender.code());
                change_state(&mut write, id, "held", reason, Some(&says), "its record cannot be read", now).await?;
                write.commit().await?;
                return Ok(Look::Done(Some(Judged::PutBack)));
            }
            Err(error) => return Err(error),
        };
        match judge(&row, &facts) {
            Judgement::Send(go) => {
                let claimed = self.open_claim(&mut write, row, facts, *go, worker, now, lease_until).await?;
                write.commit().await?;
                Ok(Look::Done(Some(Judged::Claimed(Box::new(claimed)))))
            }
            Judgement::Refuse(refusal) => {
                let state = if refusal.reason.holds() { "held" } else { "withheld" };
                change_state(
                    &mut write,
                    &row.dispatch_id,
                    state,
                    Some(refusal.reason.code()),
                    refusal.detail.as_deref(),
                    "refused at release",
                    now,
                )
                .await?;
                write.commit().await?;
                Ok(Look::Done(Some(Judged::PutBack)))
            }
            Judgement::RenderAnew => {
                sqlx::query(
                    "UPDATE dispatch SET packet = NULL, sealed_message = NULL, updated_at = $1 WHERE dispatch_id = $2",
                )
                .bind(instant_text(now))
                .bind(&row.dispatch_id)
                .execute(&mut *write.tx)
                .await
                .doing("sending an envelope back to be rendered")?;
                note(&mut write, &row.dispatch_id, "queued", "facts changed since it was rendered; rendered anew", now)
                    .await?;
                write.commit().await?;
                Ok(Look::Done(Some(Judged::PutBack)))
            }
        }
    }

    /// Opens the attempt: its row, the lease, what the message says, and the counters.
    #[expect(clippy::too_many_arguments, reason = "each is one thing that the claim knows")]
    async fn open_claim(
        self,
        write: &mut Write,
        mut row: DispatchRow,
        facts: StoredFacts,
        go: Go,
        worker: &str,
        now: DateTime<Utc>,
        lease_until: DateTime<Utc>,
    ) -> Result<Claimed, StoreError> {
        let Go { authorization, wording, counts_on, watches_address } = go;
        let attempt = row.attempt + 1;
        let mut several = Several::new(write);
        if let Some(wording) = wording {
            let key = self.store.bodies().child_key_by(&mut *write.tx, &row.envelope.child_id).await?;
            row.sealed_message = Some(seal(&key, &format!("message/{}", row.dispatch_id), &wording));
        }
        add_attempt(&mut several, &row, &authorization, attempt, worker, now, lease_until);
        let (endpoint, child_id) = (authorization.endpoint_id(), row.envelope.child_id.as_str());
        let address = match watches_address {
            Some(most) => Some(note_use(write, &mut several, endpoint, child_id, most, now).await?),
            None => None,
        };
        // The counter is one row for all workers: it is taken last, right before the end.
        let counted = row.channel.as_deref().zip(counts_on);
        if let Some((channel, day)) = counted {
            add_to_volume(&mut several, channel, day);
        }
        let read = several.run_and_read(write, "opening an attempt").await?;
        let today = read.last().filter(|_| counted.is_some()).map_or(Ok(0), |row| row.try_get("attempts"));
        let today = today.doing("counting an envelope")?;
        let counted_on = counted.map(|(_, day)| day);
        Ok(Claimed { row, authorization, facts, attempt, counted_on, today, address })
    }

    /// What the message of a dispatch says around its papers, where an attempt has fixed it.
    ///
    /// # Errors
    /// When the database refuses, or what is stored does not open.
    pub async fn wording_of(self, row: &DispatchRow) -> Result<Option<Vec<u8>>, StoreError> {
        let Some(sealed) = &row.sealed_message else { return Ok(None) };
        let key = self.store.bodies().child_key(&row.envelope.child_id).await?;
        let opened = open_sealed(&key, &format!("message/{}", row.dispatch_id), sealed);
        opened.map(Some).map_err(|_| StoreError::Inconsistent {
            table: "dispatch",
            column: "sealed_message",
            id: row.dispatch_id.clone(),
        })
    }

    /// Takes the rendered papers from a queued envelope, so that they are made anew.
    pub async fn drop_packet(self, dispatch_id: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
        let mut write = self.store.write().await?;
        sqlx::query("UPDATE dispatch SET packet = NULL, sealed_message = NULL, updated_at = $1 WHERE dispatch_id = $2 AND state = 'queued' AND has_left = 0")
            .bind(instant_text(now))
            .bind(dispatch_id)
            .execute(&mut *write.tx)
            .await
            .doing("sending an envelope back to be rendered")?;
        note(&mut write, dispatch_id, "queued", "rendered anew", now).await?;
        write.commit().await
    }

    /// Renews the lease of an attempt that is still running.
    ///
    /// # Errors
    /// When the lease was lost, or the database refuses.
    pub async fn renew(
        self,
        dispatch_id: &str,
        attempt: i64,
        now: DateTime<Utc>,
        lease_until: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let lease_until = lease_until + (self.store.lease_now(now).await? - now);
        let mut write = self.store.write().await?;
        let renewed = sqlx::query(
            "UPDATE dispatch SET lease_until = $1 WHERE dispatch_id = $2 AND state = 'sending' AND attempt = $3",
        )
        .bind(instant_text(lease_until))
        .bind(dispatch_id)
        .bind(attempt)
        .execute(&mut *write.tx)
        .await
        .doing("renewing a lease")?;
        if renewed.rows_affected() == 0 {
            return Err(StoreError::LeaseLost(dispatch_id.to_owned()));
        }
        write.commit().await
    }

    /// Envelopes whose lease ran out: their workers are gone and nobody knows what happened.
    pub async fn expired(self, now: DateTime<Utc>) -> Result<Vec<DispatchRow>, StoreError> {
        let now = self.store.lease_now(now).await?;
        self.select("state = 'sending' AND lease_until < $1 ORDER BY dispatch_id", &instant_text(now)).await
    }

    pub(in crate::store) async fn select(
        self,
        condition: &'static str,
        bound: &str,
    ) -> Result<Vec<DispatchRow>, StoreError> {
        let rows = sqlx::query(sqlx::AssertSqlSafe(format!("SELECT {COLUMNS} FROM dispatch WHERE {condition}")))
            .bind(bound)
            .fetch_all(&self.store.pool)
            .await
            .doing("reading envelopes")?;
        rows.iter().map(read_row).collect()
    }
}

/// The state, the lease and the attempt of an envelope that was found queued by this same transaction.
fn add_attempt(
    several: &mut Several,
    row: &DispatchRow,
    authorization: &Authorization,
    attempt: i64,
    worker: &str,
    now: DateTime<Utc>,
    lease_until: DateTime<Utc>,
) {
    let id = &row.dispatch_id;
    several
        .add(
            "UPDATE dispatch SET state = 'sending', reason = NULL, detail = NULL, attempt = $1, lease_until = $2, worker = $3,
                sealed_message = $4, updated_at = $5 WHERE dispatch_id = $6",
        )
        .bind(attempt)
        .bind(instant_text(lease_until))
        .bind(worker.to_owned())
        .bind(row.sealed_message.clone())
        .bind(instant_text(now))
        .bind(id.clone());
    add_note(several, id, StateName::Sending, &format!("attempt {attempt}"), now);
    let release = authorization.release().map(|r| r.release_id.to_string());
    let decision = serde_json::json!({
        "basis": authorization.basis().code(),
        "release": release,
        "mask": authorization.mask(),
        "decided_at": instant_text(authorization.decided_at()),
    });
    several
        .add("INSERT INTO attempt (dispatch_id, attempt, channel, endpoint_id, worker, decision, started_at) VALUES ($1, $2, $3, $4, $5, $6, $7)")
        .bind(id.clone())
        .bind(attempt)
        .bind(row.channel.clone().unwrap_or_default())
        .bind(authorization.endpoint_id().to_string())
        .bind(worker.to_owned())
        .bind(decision.to_string())
        .bind(instant_text(now));
}
