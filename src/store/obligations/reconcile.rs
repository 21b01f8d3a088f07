//! Obligations as rows: computed anew at each look, reconciled here, never deleted.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::{Any, Executor, Row, any::AnyArguments, query::Query};

use crate::{
    case::{ChildId, PersonId, Recorded},
    clock::instant_text,
    due::{Closed, Obligation, Status, status_on},
    store::{
        Doing, Mailing, StoreError, Write,
        database::{bulk_query::Many, error_messages::is_collision, hash_column::sha256_hex},
        new_id,
        obligations::Obligations,
        outbox::shared_envelopes::apart_in,
    },
};

/// A look at one child: what was computed, and what else is known about its duties.
#[derive(Debug, Clone, Copy)]
pub struct DutyLook<'a> {
    /// What is owed.
    pub computed: &'a [Obligation],
    /// What was recorded here: waivers, reasons of lateness, a death.
    pub recorded: &'a Recorded,
    /// The coordinator on the day; none leaves the duties to the supervisor.
    pub owner: Option<&'a PersonId>,
    /// The dates of mailings.
    pub mailing: Mailing,
}

/// Kind, anchor and revision.
pub(super) type Key = (String, String, i64);

/// What is stored of an obligation.
#[derive(PartialEq, Eq)]
struct Stored {
    hash: String,
    status: String,
    due_on: String,
}

/// What is to be stored of an obligation.
struct Fresh<'a> {
    obligation: &'a Obligation,
    key: Key,
    hash: String,
    status: &'static str,
    met_on: Option<NaiveDate>,
    met_by: Option<String>,
    late: Option<(&'static str, &'a str)>,
    stands: Status,
}

impl<'a> Fresh<'a> {
    fn of(o: &'a Obligation, look: &DutyLook<'a>, mailed: &HashMap<(Key, String), NaiveDate>) -> Self {
        let key = (o.kind.to_string(), o.anchor.clone(), i64::from(o.revision));
        let mut known = o.known(look.recorded);
        let by_fact = o.met_by.as_ref().map(|by| match &by.event {
            Some(event) => format!("{} ({event})", by.what),
            None => by.what.to_owned(),
        });
        let mut met_by = by_fact;
        if known.met_on.is_some() && met_by.is_none() {
            met_by = Some("copies that everybody has from elsewhere".to_owned());
        }
        if known.met_on.is_none() && !o.owed.is_empty() {
            known.met_on = o
                .owed
                .iter()
                .map(|owed| {
                    owed.has_it_since.or_else(|| mailed.get(&(key.clone(), owed.recipient.to_string())).copied())
                })
                .collect::<Option<Vec<NaiveDate>>>()
                .and_then(|days| days.into_iter().max());
            met_by = known.met_on.map(|_| "mailed".to_owned());
        }
        let status = match (known.met_on, known.closed) {
            (Some(_), _) => "met",
            (None, Closed::Waived) => "waived",
            (None, Closed::NotApplicable) => "not-applicable",
            (None, Closed::No | Closed::Superseded) => "open",
        };
        let late =
            look.recorded.lateness(o.kind.as_str(), &o.anchor).map(|late| (late.because.word(), late.note.as_str()));
        let owner = look.owner.map(PersonId::as_str);
        let hash = sha256_hex(
            &serde_json::to_vec(&(o, status, known.met_on, &met_by, owner, late)).expect("an obligation is plain data"),
        );
        let stands = status_on(&known, 0, look.mailing.day);
        Self { obligation: o, key, hash, status, met_on: known.met_on, met_by, late, stands }
    }

    /// What its history says that is new beside the stored row.
    fn told<'b>(&'b self, child_id: &'b ChildId, known: Option<&Stored>, day: NaiveDate) -> Vec<Told<'b>> {
        let due_on = self.obligation.due_on.to_string();
        let child_id = child_id.as_str();
        let told =
            |status, due_on: &str, what| Told { child_id, key: &self.key, status, due_on: due_on.to_owned(), what };
        let Some(stored) = known else { return vec![told("open", &due_on, opened(self))] };
        let mut lines = Vec::new();
        if stored.due_on != due_on {
            let says = format!("superseded{}: its event or rule moved", late_words(stored, day));
            lines.push(told("superseded", &stored.due_on, says));
        }
        if stored.due_on != due_on || stored.status != self.status {
            lines.push(told(self.status, &due_on, self.says()));
        }
        lines
    }

    /// How its history says where it stands now.
    fn says(&self) -> String {
        let due = self.obligation.due_on;
        match (self.stands, self.met_on) {
            (Status::DoneLate { .. }, Some(on)) => format!("{} on {on}, due {due}", self.stands),
            (_, Some(on)) => format!("met on {on}, due {due}"),
            (_, None) => format!("{}, due {due}", self.status),
        }
    }
}

impl Obligations<'_> {
    /// Matches computed obligations with their rows, one transaction a child: new ones are added, changes become
    /// history, what is no longer computed is superseded. Where a due date moved, the history holds both. Envelopes
    /// that wait for an obligation that is no longer computed, or that was waived, are superseded with it.
    pub async fn reconcile(
        self,
        child_id: &ChildId,
        look: &DutyLook<'_>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        loop {
            match self.reconcile_once(child_id, look, now).await {
                Ok(true) => return Ok(()),
                Ok(false) => {}
                Err(StoreError::Database { source, .. }) if is_collision(&source) => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Tells whether it was done, or another worker looked at this child at the same time.
    async fn reconcile_once(
        self,
        child_id: &ChildId,
        look: &DutyLook<'_>,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let known = known_obligations(&self.store.pool, child_id).await?;
        let owed: Vec<_> = look.computed.iter().filter(|o| !o.owed.is_empty()).map(Obligation::duty).collect();
        let mailed = if owed.is_empty() { HashMap::new() } else { self.mailed(child_id, &owed, look.mailing).await? };
        let fresh: Vec<Fresh<'_>> = look.computed.iter().map(|o| Fresh::of(o, look, &mailed)).collect();
        let changed: Vec<&Fresh<'_>> = fresh
            .iter()
            .filter(|f| known.get(&f.key).is_none_or(|k| k.hash != f.hash || k.status != f.status))
            .collect();
        let current: HashSet<&Key> = fresh.iter().map(|f| &f.key).collect();
        let gone: Vec<(&Key, &Stored)> =
            known.iter().filter(|(k, stored)| !current.contains(k) && stored.status == "open").collect();
        // Nothing to write is the common case: a look at an unchanged child costs reads only.
        if changed.is_empty() && gone.is_empty() {
            return Ok(true);
        }
        let mut write = self.store.write().await?;
        write.change_child(child_id).await?;
        if known_obligations(&mut *write.tx, child_id).await? != known {
            return Ok(false);
        }
        upsert(&mut write, child_id, &changed, look.owner).await?;
        let day = look.mailing.day;
        let lines: Vec<Told<'_>> = changed.iter().flat_map(|f| f.told(child_id, known.get(&f.key), day)).collect();
        histories(&mut write, &lines, now).await?;
        for fresh in changed.iter().filter(|fresh| fresh.status == "waived") {
            self.supersede_envelopes(&mut write, child_id, &fresh.key, "it was waived", now).await?;
        }
        for (key, stored) in gone {
            of_duty(
                "UPDATE obligation SET status = 'superseded' WHERE child_id = $1 AND kind = $2 AND anchor = $3 AND revision = $4",
                child_id,
                key,
            )
            .execute(&mut *write.tx)
            .await
            .doing("superseding an obligation")?;
            let says = format!("superseded{}: it is no longer owed", late_words(stored, look.mailing.day));
            history(&mut write, child_id, key, "superseded", &stored.due_on, &says, now).await?;
            self.supersede_envelopes(&mut write, child_id, key, "what it was for is no longer owed", now).await?;
        }
        write.commit().await?;
        Ok(true)
    }

    /// The envelopes that wait for a duty are superseded with it. What shares one with other duties is taken out of it.
    async fn supersede_envelopes(
        self,
        write: &mut Write,
        child_id: &ChildId,
        key: &Key,
        why: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let waiting = of_duty(
            "SELECT d.dispatch_id FROM dispatch_part p JOIN dispatch d ON d.dispatch_id = p.dispatch_id
             WHERE p.child_id = $1 AND p.obligation = $2 AND p.anchor = $3 AND p.revision = $4
             AND d.state IN ('queued', 'held', 'withheld', 'failed')",
            child_id,
            key,
        )
        .fetch_all(&mut *write.tx)
        .await
        .doing("looking for waiting envelopes")?;
        for row in waiting {
            let dispatch_id: String = row.try_get("dispatch_id").doing("looking for waiting envelopes")?;
            for (part, id) in apart_in(write, &dispatch_id, now).await? {
                if (part.obligation.as_str(), part.anchor.as_str(), i64::from(part.revision))
                    == (&*key.0, &*key.1, key.2)
                {
                    crate::store::outbox::state::change_state(write, &id, "superseded", None, None, why, now).await?;
                }
            }
        }
        Ok(())
    }
}

/// A statement about one duty: child, kind, anchor and revision are its first four values.
pub(super) fn of_duty<'q>(
    sql: &'static str,
    child_id: &'q ChildId,
    (kind, anchor, revision): &'q Key,
) -> Query<'q, Any, AnyArguments> {
    sqlx::query(sql).bind(child_id.as_str()).bind(kind.as_str()).bind(anchor.as_str()).bind(*revision)
}

fn opened(fresh: &Fresh<'_>) -> String {
    if fresh.status == "open" { format!("opened, due {}", fresh.obligation.due_on) } else { fresh.says() }
}

/// A late duty that moves or goes leaves its lateness in the history.
fn late_words(stored: &Stored, day: NaiveDate) -> String {
    match stored.due_on.parse::<NaiveDate>() {
        Ok(due) if stored.status == "open" && due < day => {
            format!(" while late by {} calendar days", (day - due).num_days())
        }
        _ => String::new(),
    }
}

async fn known_obligations(
    by: impl Executor<'_, Database = Any>,
    child_id: &ChildId,
) -> Result<HashMap<Key, Stored>, StoreError> {
    let rows: Vec<(String, String, i64, String, String, String)> =
        sqlx::query_as("SELECT kind, anchor, revision, body_hash, status, due_on FROM obligation WHERE child_id = $1")
            .bind(child_id.as_str())
            .fetch_all(by)
            .await
            .doing("reading obligations")?;
    Ok(rows
        .into_iter()
        .map(|(kind, anchor, revision, hash, status, due_on)| {
            ((kind, anchor, revision), Stored { hash, status, due_on })
        })
        .collect())
}

/// Rows of one statement: a few kilobytes, far below the places that SQLite and PostgreSQL take.
const AT_ONCE: usize = 20;

async fn upsert(
    write: &mut Write,
    child_id: &ChildId,
    changed: &[&Fresh<'_>],
    owner: Option<&PersonId>,
) -> Result<(), StoreError> {
    for some in changed.chunks(AT_ONCE) {
        let mut many = Many::new(
            write.dialect,
            "INSERT INTO obligation (child_id, kind, anchor, revision, body_hash, opens_on, due_on, work_on, citation, status,
                met_on, met_by, owed, owner, stands_still_since, late_because, late_note) ",
        );
        many.push_values(some, |row, fresh| {
            let o = fresh.obligation;
            let owed = o.owed.iter().filter(|owed| owed.has_it_since.is_none()).count();
            row.push_bind(child_id.as_str())
                .push_bind(o.kind.as_str())
                .push_bind(o.anchor.as_str())
                .push_bind(i64::from(o.revision))
                .push_bind(fresh.hash.as_str())
                .push_bind(o.opens_on.to_string())
                .push_bind(o.due_on.to_string())
                .push_bind(o.work_on.to_string())
                .push_bind(o.citation.as_str())
                .push_bind(fresh.status)
                .push_bind(fresh.met_on.map(|d| d.to_string()))
                .push_bind(fresh.met_by.as_deref())
                .push_bind(i64::try_from(owed).unwrap_or(i64::MAX))
                .push_bind(owner.map(PersonId::as_str))
                .push_bind(o.stands_still_since.map(|d| d.to_string()))
                .push_bind(fresh.late.map(|(because, _)| because))
                .push_bind(fresh.late.map(|(_, note)| note));
        });
        many.push(
            " ON CONFLICT (child_id, kind, anchor, revision) DO UPDATE SET body_hash = excluded.body_hash,
                opens_on = excluded.opens_on, due_on = excluded.due_on, work_on = excluded.work_on,
                citation = excluded.citation, status = excluded.status, met_on = excluded.met_on, met_by = excluded.met_by,
                owed = excluded.owed, owner = excluded.owner, stands_still_since = excluded.stands_still_since,
                late_because = excluded.late_because, late_note = excluded.late_note",
        );
        many.build().execute(&mut *write.tx).await.doing("keeping obligations")?;
    }
    Ok(())
}

/// A line of a duty's history.
pub(super) struct Told<'a> {
    pub(super) child_id: &'a str,
    pub(super) key: &'a Key,
    pub(super) status: &'static str,
    pub(super) due_on: String,
    pub(super) what: String,
}

/// Keeps lines of duties, in their order.
pub(super) async fn histories(write: &mut Write, lines: &[Told<'_>], now: DateTime<Utc>) -> Result<(), StoreError> {
    for some in lines.chunks(AT_ONCE) {
        let mut many = Many::new(
            write.dialect,
            "INSERT INTO obligation_history (history_id, child_id, kind, anchor, revision, at, status, due_on, what) ",
        );
        many.push_values(some, |row, line| {
            let (kind, anchor, revision) = line.key;
            row.push_bind(new_id(now))
                .push_bind(line.child_id)
                .push_bind(kind.as_str())
                .push_bind(anchor.as_str())
                .push_bind(*revision)
                .push_bind(instant_text(now))
                .push_bind(line.status)
                .push_bind(line.due_on.as_str())
                .push_bind(line.what.as_str());
        });
        many.build().execute(&mut *write.tx).await.doing("keeping the history of obligations")?;
    }
    Ok(())
}

pub(super) async fn history(
    write: &mut Write,
    child_id: &ChildId,
    key: &Key,
    status: &'static str,
    due_on: &str,
    what: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let line = Told { child_id: child_id.as_str(), key, status, due_on: due_on.to_owned(), what: what.to_owned() };
    histories(write, &[line], now).await
}
