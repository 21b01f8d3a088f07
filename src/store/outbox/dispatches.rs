//! Envelopes: put into the outbox, decided again, looked up.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::{Row, any::AnyRow};

use super::state::{add_note, standing};
use crate::{
    case::{ChildId, EndpointId},
    clock::{instant_text, parse_instant},
    disclosure::Reason,
    dispatch::{AttemptOutcome, DispatchState, Envelope, ItemKey, RenderedPacket, StateName},
    store::{
        Doing, StoreError, Write, bodies::sealed_bodies::add_body, database::batch::Several, new_id, outbox::Outbox,
    },
};

/// An envelope to be kept.
#[derive(Debug, Clone)]
pub struct NewDispatch<'a> {
    /// What it is.
    pub envelope: &'a Envelope,
    /// Queued, held or withheld.
    pub state: DispatchState,
    /// What was rendered; nothing for what may not go.
    pub packet: Option<&'a RenderedPacket>,
    /// The channel that will take it.
    pub channel: Option<&'a str>,
    /// The last day on which it is in time.
    pub due_on: NaiveDate,
    /// The run that made it; empty where a person did.
    pub run_id: &'a str,
    /// It is not offered to its channel before this instant; `None`: as soon as a worker is free.
    pub not_before: Option<DateTime<Utc>>,
}

/// An envelope as it stands in the outbox.
#[derive(Debug, Clone)]
pub struct DispatchRow {
    pub dispatch_id: String,
    /// What it is.
    pub envelope: Envelope,
    pub state: StateName,
    /// Why it is held or withheld.
    pub reason: Option<Reason>,
    /// A detail of the reason, without names.
    pub detail: Option<String>,
    pub channel: Option<String>,
    /// What was rendered.
    pub packet: Option<RenderedPacket>,
    /// SHA-256 of the message at its first attempt.
    pub message_sha256: Option<String>,
    /// Last day in time.
    pub due_on: NaiveDate,
    /// Number of the last attempt; 0 before the first.
    pub attempt: i64,
    /// How often its present endpoint refused it for now.
    pub refusals: i64,
    /// Since when its present endpoint has been refusing it for now.
    pub trying_since: Option<DateTime<Utc>>,
    /// Endpoints of its recipient that were tried in vain.
    pub exhausted: Vec<EndpointId>,
    /// Whether bytes of it left or may have left: then no other papers take their place by themselves.
    pub has_left: bool,
    /// Whether it went once more by itself after an unknown outcome.
    pub resent_unknown: bool,
    /// What the message says around the papers, sealed; fixed by its first attempt.
    pub sealed_message: Option<Vec<u8>>,
    /// Before this instant it is not offered to its channel.
    pub not_before: DateTime<Utc>,
    /// When it was put into the outbox; the message bears this date at every retry.
    pub created_at: DateTime<Utc>,
    /// The run that made it; empty where a person did.
    pub run_id: String,
}

impl DispatchRow {
    /// Whether it answers for what it was made for. One that was superseded before anything of it left answers for
    /// nothing: where that is owed again, it is made again, as a newer edition.
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.state != StateName::Superseded || self.has_left
    }
}

/// [`DispatchRow::is_live`] for statements, of a dispatch `d`.
pub(in crate::store) const IS_LIVE: &str = "NOT (d.state = 'superseded' AND d.has_left = 0)";

/// One step in a dispatch's life.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryRow {
    pub at: String,
    /// Into which state.
    pub state: String,
    pub why: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttemptRow {
    pub attempt: i64,
    /// By which channel.
    pub channel: String,
    /// To which endpoint.
    pub endpoint_id: String,
    /// By which worker.
    pub worker: String,
    /// What the gate decided for it, as JSON: basis, release, mask, instant.
    pub decision: String,
    /// When it began.
    pub started_at: String,
    /// When it was settled.
    pub settled_at: Option<String>,
    /// How it ended; none before it was settled.
    pub outcome: Option<AttemptOutcome>,
}

pub(in crate::store) const COLUMNS: &str = "dispatch_id, envelope, state, reason, detail, channel, packet, message_sha256, due_on, attempt, refusals, trying_since, exhausted, has_left, resent_unknown, sealed_message, not_before, created_at, run_id";

pub(in crate::store) fn read_row(row: &AnyRow) -> Result<DispatchRow, StoreError> {
    let dispatch_id: String = row.try_get("dispatch_id").doing("reading an envelope")?;
    let wrong = |column| StoreError::Inconsistent { table: "dispatch", column, id: dispatch_id.clone() };
    let text = |column: &'static str| row.try_get::<String, _>(column).doing("reading an envelope");
    let maybe = |column: &'static str| row.try_get::<Option<String>, _>(column).doing("reading an envelope");
    let number = |column: &'static str| row.try_get::<i64, _>(column).doing("reading an envelope");
    let packet = maybe("packet")?.map(|p| serde_json::from_str(&p)).transpose().map_err(|_| wrong("packet"))?;
    let reason = maybe("reason")?.map(|code| Reason::from_code(&code).ok_or_else(|| wrong("reason"))).transpose()?;
    Ok(DispatchRow {
        envelope: serde_json::from_str(&text("envelope")?).map_err(|_| wrong("envelope"))?,
        state: StateName::from_word(&text("state")?).ok_or_else(|| wrong("state"))?,
        reason,
        detail: maybe("detail")?,
        channel: maybe("channel")?,
        packet,
        message_sha256: maybe("message_sha256")?,
        due_on: text("due_on")?.parse().map_err(|_| wrong("due_on"))?,
        attempt: number("attempt")?,
        refusals: number("refusals")?,
        trying_since: maybe("trying_since")?
            .map(|at| parse_instant(&at))
            .transpose()
            .map_err(|_| wrong("trying_since"))?,
        exhausted: serde_json::from_str(&text("exhausted")?).map_err(|_| wrong("exhausted"))?,
        has_left: number("has_left")? != 0,
        resent_unknown: number("resent_unknown")? != 0,
        sealed_message: row.try_get("sealed_message").doing("reading an envelope")?,
        not_before: parse_instant(&text("not_before")?).map_err(|_| wrong("not_before"))?,
        created_at: parse_instant(&text("created_at")?).map_err(|_| wrong("created_at"))?,
        run_id: maybe("run_id")?.unwrap_or_default(),
        dispatch_id,
    })
}

fn state_parts(state: &DispatchState) -> (&'static str, Option<&'static str>, Option<&str>) {
    match state {
        DispatchState::Held { reason, detail } | DispatchState::Withheld { reason, detail } => {
            (state.name().as_str(), Some(reason.code()), detail.as_deref())
        }
        other => (other.name().as_str(), None, None),
    }
}

impl Outbox<'_> {
    /// Puts an envelope into the outbox, in one transaction with its items. An item that is there already
    /// is the same paper: nothing is added, and `None` comes back.
    pub async fn enqueue(self, new: &NewDispatch<'_>, now: DateTime<Utc>) -> Result<Option<String>, StoreError> {
        let mut write = self.store.write().await?;
        let id = enqueue_in(&mut write, new, now).await?;
        if id.is_some() {
            write.commit().await?;
        }
        Ok(id)
    }

    /// Gives an envelope that waited its rendered papers, or a new reason to wait.
    ///
    /// # Errors
    /// When it does not wait any more, or the database refuses.
    pub async fn decide_again(
        self,
        dispatch_id: &str,
        state: &DispatchState,
        packet: Option<&RenderedPacket>,
        channel: Option<&str>,
        why: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.decide_again_for(dispatch_id, state, packet, channel, None, why, now).await
    }

    /// The same, and it is not offered to its channel before an instant.
    ///
    /// # Errors
    /// When it does not wait any more, or the database refuses.
    #[expect(clippy::too_many_arguments, reason = "each is one column of the row")]
    pub async fn decide_again_for(
        self,
        dispatch_id: &str,
        state: &DispatchState,
        packet: Option<&RenderedPacket>,
        channel: Option<&str>,
        not_before: Option<DateTime<Utc>>,
        why: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let (name, reason, detail) = state_parts(state);
        let mut write = self.store.write().await?;
        let (before, child_id) = standing(&mut write, dispatch_id).await?;
        // Only its own worker takes an envelope back from `sending`; bytes may be leaving at this moment.
        if before == StateName::Sending || !state.name().may_follow(before) {
            return Err(StoreError::WrongState { id: dispatch_id.to_owned(), state: before.as_str() });
        }
        let mut several = Several::new(&write);
        // Papers that left stay, whatever is decided about sending them again.
        several
            .add(
                "UPDATE dispatch SET packet = CASE WHEN has_left = 1 AND CAST($1 AS TEXT) IS NULL THEN packet ELSE $1 END,
                    channel = COALESCE($2, channel), endpoint_id = COALESCE($3, endpoint_id),
                    not_before = COALESCE($4, not_before), state = $5, reason = $6, detail = $7, lease_until = NULL,
                    worker = NULL, updated_at = $8 WHERE dispatch_id = $9",
            )
            .bind(packet.map(|p| serde_json::to_string(p).expect("a packet is plain data")))
            .bind(channel.map(ToOwned::to_owned))
            .bind(packet.map(|p| p.endpoint_id.to_string()))
            .bind(not_before.map(instant_text))
            .bind(name)
            .bind(reason)
            .bind(detail.map(ToOwned::to_owned))
            .bind(instant_text(now))
            .bind(dispatch_id.to_owned());
        add_note(&mut several, dispatch_id, state.name(), reason.unwrap_or(why), now);
        add_bodies(&mut several, &child_id, packet, now);
        several.run(&mut write, "keeping what was decided").await?;
        write.commit().await
    }

    /// All envelopes of a child.
    pub async fn dispatches_of(self, child_id: &ChildId) -> Result<Vec<DispatchRow>, StoreError> {
        let rows = sqlx::query(sqlx::AssertSqlSafe(format!(
            "SELECT {COLUMNS} FROM dispatch WHERE child_id = $1 ORDER BY dispatch_id"
        )))
        .bind(child_id.as_str())
        .fetch_all(&self.store.pool)
        .await
        .doing("reading a child's envelopes")?;
        rows.iter().map(read_row).collect()
    }

    /// A child's envelopes in one of these states: a child has many that left long ago, and most looks want none of them.
    pub async fn dispatches_of_in(
        self,
        child_id: &ChildId,
        states: &[StateName],
    ) -> Result<Vec<DispatchRow>, StoreError> {
        // The words are this program's own.
        let words: Vec<String> = states.iter().map(|state| format!("'{state}'")).collect();
        let rows = sqlx::query(sqlx::AssertSqlSafe(format!(
            "SELECT {COLUMNS} FROM dispatch WHERE child_id = $1 AND state IN ({}) ORDER BY dispatch_id",
            words.join(", ")
        )))
        .bind(child_id.as_str())
        .fetch_all(&self.store.pool)
        .await
        .doing("reading a child's envelopes")?;
        rows.iter().map(read_row).collect()
    }

    /// One envelope.
    ///
    /// # Errors
    /// When there is none, or the database refuses.
    pub async fn dispatch(self, dispatch_id: &str) -> Result<DispatchRow, StoreError> {
        let row = sqlx::query(sqlx::AssertSqlSafe(format!("SELECT {COLUMNS} FROM dispatch WHERE dispatch_id = $1")))
            .bind(dispatch_id)
            .fetch_optional(&self.store.pool)
            .await
            .doing("reading an envelope")?
            .ok_or_else(|| StoreError::NotFound { what: "dispatch", id: dispatch_id.to_owned() })?;
        read_row(&row)
    }

    /// A dispatch's life, oldest first.
    pub async fn history(self, dispatch_id: &str) -> Result<Vec<HistoryRow>, StoreError> {
        let rows: Vec<(String, String, String)> =
            sqlx::query_as("SELECT at, state, why FROM dispatch_history WHERE dispatch_id = $1 ORDER BY history_id")
                .bind(dispatch_id)
                .fetch_all(&self.store.pool)
                .await
                .doing("reading an envelope's history")?;
        Ok(rows.into_iter().map(|(at, state, why)| HistoryRow { at, state, why }).collect())
    }

    /// A dispatch's attempts.
    pub async fn attempts(self, dispatch_id: &str) -> Result<Vec<AttemptRow>, StoreError> {
        let rows: Vec<StoredAttempt> = sqlx::query_as(
            "SELECT attempt, channel, endpoint_id, worker, decision, started_at, settled_at, outcome, outcome_text FROM attempt
             WHERE dispatch_id = $1 ORDER BY attempt",
        )
        .bind(dispatch_id)
        .fetch_all(&self.store.pool)
        .await
        .doing("reading attempts")?;
        rows.into_iter().map(|row| row.read(dispatch_id)).collect()
    }
}

/// An attempt as its row holds it.
#[derive(sqlx::FromRow)]
struct StoredAttempt {
    attempt: i64,
    channel: String,
    endpoint_id: String,
    worker: String,
    decision: String,
    started_at: String,
    settled_at: Option<String>,
    outcome: Option<String>,
    outcome_text: Option<String>,
}

impl StoredAttempt {
    fn read(self, dispatch_id: &str) -> Result<AttemptRow, StoreError> {
        let Self { attempt, channel, endpoint_id, worker, decision, started_at, settled_at, outcome, outcome_text } =
            self;
        let unknown = || StoreError::Inconsistent {
            table: "attempt",
            column: "outcome",
            id: format!("{dispatch_id}, attempt {attempt}"),
        };
        let outcome =
            outcome.map(|code| AttemptOutcome::from_code(&code, outcome_text).ok_or_else(unknown)).transpose()?;
        Ok(AttemptRow { attempt, channel, endpoint_id, worker, decision, started_at, settled_at, outcome })
    }
}

pub(in crate::store) async fn enqueue_in(
    write: &mut Write,
    new: &NewDispatch<'_>,
    now: DateTime<Utc>,
) -> Result<Option<String>, StoreError> {
    let id = new_id(now);
    let envelope = new.envelope;
    let (state, reason, detail) = state_parts(&new.state);
    let mut several = Several::new(write);
    several
        .add(
            "INSERT INTO dispatch (dispatch_id, child_id, envelope, obligation, anchor, revision, recipient, state, reason, detail,
                channel, packet, due_on, created_at, updated_at, not_before, run_id, endpoint_id)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
        )
        .bind(id.clone())
        .bind(envelope.child_id.to_string())
        .bind(serde_json::to_string(envelope).expect("an envelope is plain data"))
        .bind(envelope.obligation.as_str())
        .bind(envelope.anchor.clone())
        .bind(i64::from(envelope.revision))
        .bind(envelope.recipient.to_string())
        .bind(state)
        .bind(reason)
        .bind(detail.map(ToOwned::to_owned))
        .bind(new.channel.map(ToOwned::to_owned))
        .bind(new.packet.map(|p| serde_json::to_string(p).expect("a packet is plain data")))
        .bind(new.due_on.to_string())
        .bind(instant_text(now))
        .bind(instant_text(now))
        .bind(instant_text(new.not_before.unwrap_or(now)))
        .bind(new.run_id.to_owned())
        .bind(new.packet.map(|p| p.endpoint_id.to_string()));
    for (place, part) in envelope.apart().iter().enumerate() {
        super::shared_envelopes::add_part(&mut several, &id, place, part);
    }
    add_bodies(&mut several, envelope.child_id.as_str(), new.packet, now);
    add_note(&mut several, &id, new.state.name(), reason.unwrap_or("made"), now);
    let keys = envelope.item_keys();
    if !keys.is_empty() {
        add_items(&mut several, &id, &keys);
    }
    let added = several.run_and_read(write, "putting an envelope into the outbox").await?.len();
    // An item that is there already is the same paper: dropping the transaction takes the whole envelope back.
    Ok((added == keys.len()).then_some(id))
}

/// Lists what an envelope holds; returns what was not listed yet.
fn add_items(several: &mut Several, dispatch_id: &str, keys: &[ItemKey]) {
    let rows: Vec<String> =
        (0..keys.len()).map(|n| 4 * n).map(|n| format!("(${}, ${}, ${}, ${})", n + 1, n + 2, n + 3, n + 4)).collect();
    several.add(&format!(
        "INSERT INTO dispatch_item (item_key, dispatch_id, place, document) VALUES {}
         ON CONFLICT (item_key) DO NOTHING RETURNING item_key",
        rows.join(", ")
    ));
    for (place, key) in keys.iter().enumerate() {
        several
            .bind(key.to_string())
            .bind(dispatch_id.to_owned())
            .bind(i64::try_from(place).unwrap_or(i64::MAX))
            .bind(key.document.as_str());
    }
}

fn add_bodies(several: &mut Several, child_id: &str, packet: Option<&RenderedPacket>, now: DateTime<Utc>) {
    for item in packet.iter().flat_map(|packet| &packet.items) {
        add_body(several, child_id, &item.body, i64::try_from(item.bytes).unwrap_or(i64::MAX), now);
    }
}
