//! What a fact recorded here stops, in the transaction that records it; and the letters to be taken out of the stack.

use chrono::{DateTime, Utc};
use sqlx::{Row, any::AnyRow};

use super::after_death::follow_death_in;
use crate::{
    actor::RecordedActor,
    case::{ChildId, Fact, FiledId},
    clock::instant_text,
    disclosure::{Reason, Refusal},
    dispatch::{DispatchState, StateName},
    ledger::{Detail, Entry},
    store::{
        AfterDeath, Asked, DispatchRow, Doing, NewTask, StoreError, StoredFacts, Write,
        children::facts::{add_fact, settle_tasks},
        database::{bulk_query::Many, locks::Order},
        outbox::{
            dispatches::{COLUMNS, read_row},
            enclosures::enclose_in,
            state::{change_state, note},
        },
        outcomes::Outcomes,
        service::tasks::{keep_tasks_in, open_task_in},
    },
};

/// An envelope that does not go because of what is recorded.
#[derive(Debug, Clone)]
pub struct Stopped {
    /// The envelope as it stood before.
    pub row: DispatchRow,
    /// Why it does not go now.
    pub refusal: Refusal,
}

/// A letter on paper that the gate refuses now.
#[derive(Debug, Clone)]
pub struct PullRow {
    pub dispatch: DispatchRow,
    /// Why it may not be mailed.
    pub refusal: Refusal,
    /// Since when it is to be taken out.
    pub since: String,
}

/// A letter in the print folder.
#[derive(Debug, Clone)]
pub struct Letter {
    pub row: DispatchRow,
    /// Whether it is on the pull list.
    pub listed: bool,
}

/// What follows from recorded facts, asked with all facts as the transaction sees them, and what else belongs to the act.
pub struct Follows<'a> {
    /// What the gate says to an envelope that has not left.
    pub refusing: &'a (dyn Fn(&DispatchRow, &StoredFacts) -> Option<Refusal> + Send + Sync),
    /// What the child's facts ask of a person now.
    pub asking: &'a (dyn Fn(&StoredFacts) -> Asked + Send + Sync),
    /// Tasks that these facts open.
    pub opens: &'a [NewTask],
    /// What stands behind the papers of an envelope from now on.
    pub encloses: Option<(&'a str, &'a [FiledId])>,
    /// The entries that the act has in the record of access.
    pub enters: &'a [(Entry, Detail)],
    /// What follows where the child died.
    pub after_death: Option<&'a AfterDeath>,
}

const STANDING: &str = "state IN ('queued', 'held', 'withheld', 'printed')";

impl Outcomes<'_> {
    /// Records facts about a child, with everything that belongs to the same act, and asks the gate again for every
    /// envelope of that child that has not left: what waits gets its new reason, what is printed and now refused goes on
    /// the pull list. One transaction, so that nothing leaves in between and no act is half done.
    ///
    /// # Errors
    /// When there is no such child, or the database refuses.
    pub async fn record_facts(
        self,
        child_id: &ChildId,
        facts: &[Fact],
        by: &str,
        now: DateTime<Utc>,
        follows: &Follows<'_>,
    ) -> Result<Vec<Stopped>, StoreError> {
        let key = match follows.enters {
            [] => None,
            _ => Some(self.store.bodies().child_key(child_id).await?),
        };
        let mut write = self.store.write().await?;
        write.change_child(child_id).await?;
        for fact in facts {
            add_fact(&mut write, child_id, fact, by, now).await?;
            settle_tasks(&mut write, child_id, fact, now).await?;
        }
        if let Some((dispatch_id, enclosed)) = follows.encloses {
            enclose_in(&mut write, dispatch_id, enclosed, now).await?;
        }
        let sql = format!(
            "SELECT {COLUMNS} FROM dispatch WHERE child_id = $1 AND {STANDING} ORDER BY dispatch_id{}",
            write.to_change()
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(child_id.as_str())
            .fetch_all(&mut *write.tx)
            .await
            .doing("reading a child's envelopes")?;
        let rows: Vec<DispatchRow> = rows.iter().map(read_row).collect::<Result<_, _>>()?;
        write.wait_for(Order::Directory, true).await?;
        let stored = self.store.children().known_in(&mut write, child_id).await?;
        for task in follows.opens {
            open_task_in(&mut write, Some(child_id), task.kind, &task.subject, &task.says, now).await?;
        }
        keep_tasks_in(&mut write, child_id, &(follows.asking)(&stored), now).await?;
        let mut stopped = Vec::new();
        for row in rows {
            let refusal = (follows.refusing)(&row, &stored);
            note_refusal(&mut write, &row, refusal.as_ref(), now).await?;
            stopped.extend(refusal.map(|refusal| Stopped { row, refusal }));
        }
        if let Some(after) = follows.after_death {
            follow_death_in(&mut write, child_id, after, by, now).await?;
        }
        // Last: whoever has the turn in the record of access waits for nobody.
        for (entry, detail) in follows.enters {
            let detail = key.as_ref().map(|key| (detail, key));
            self.store.ledger().append_in(&mut write, entry, detail, now).await?;
        }
        write.commit().await?;
        Ok(stopped)
    }

    /// Letters to be taken out of the stack, in the order of their printing.
    pub async fn pull_list(self) -> Result<Vec<PullRow>, StoreError> {
        let rows: Vec<(String, String, Option<String>, String)> = sqlx::query_as(
            "SELECT pull.dispatch_id, pull.reason, pull.detail, pull.since FROM pull
             JOIN dispatch ON dispatch.dispatch_id = pull.dispatch_id WHERE dispatch.state = 'printed'
             ORDER BY pull.dispatch_id",
        )
        .fetch_all(&self.store.pool)
        .await
        .doing("reading the pull list")?;
        let mut list = Vec::with_capacity(rows.len());
        for (dispatch_id, reason, detail, since) in rows {
            let reason = Reason::from_code(&reason).ok_or_else(|| StoreError::Inconsistent {
                table: "pull",
                column: "reason",
                id: dispatch_id.clone(),
            })?;
            let dispatch = self.store.outbox().dispatch(&dispatch_id).await?;
            list.push(PullRow { dispatch, refusal: Refusal { reason, detail }, since });
        }
        Ok(list)
    }

    /// A page of the children who have letters in the print folder, after an id.
    pub async fn children_with_letters(self, after: &str, limit: i64) -> Result<Vec<ChildId>, StoreError> {
        let rows: Vec<(String,)> = sqlx::query_as(
            "SELECT DISTINCT child_id FROM dispatch WHERE state = 'printed' AND child_id > $1 ORDER BY child_id LIMIT $2",
        )
        .bind(after)
        .bind(limit)
        .fetch_all(&self.store.pool)
        .await
        .doing("looking for printed letters")?;
        rows.into_iter()
            .map(|(id,)| {
                ChildId::parse(&*id).map_err(|_| StoreError::Inconsistent { table: "dispatch", column: "child_id", id })
            })
            .collect()
    }

    /// The letters of these children in the print folder, child by child.
    pub async fn letters_of(self, children: &[ChildId]) -> Result<Vec<Letter>, StoreError> {
        let mut many = Many::new(
            self.store.dialect,
            format!(
                "SELECT {COLUMNS}, CAST((SELECT COUNT(*) FROM pull p WHERE p.dispatch_id = dispatch.dispatch_id) AS BIGINT)
                    AS listed FROM dispatch WHERE state = 'printed' AND child_id IN ("
            ),
        );
        let mut ids = many.separated();
        for child_id in children {
            ids.push_bind(child_id.as_str());
        }
        many.push(") ORDER BY child_id, dispatch_id");
        let rows = many.build().fetch_all(&self.store.pool).await.doing("reading printed letters")?;
        let letter = |row: &AnyRow| {
            let listed: i64 = row.try_get("listed").doing("reading printed letters")?;
            Ok(Letter { row: read_row(row)?, listed: listed > 0 })
        };
        rows.iter().map(letter).collect()
    }

    /// Puts a printed letter on the pull list, or takes it off where it may go after all. Tells whether that changed.
    pub async fn put_on_pull_list(
        self,
        row: &DispatchRow,
        refusal: Option<&Refusal>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let mut write = self.store.write().await?;
        note_refusal(&mut write, row, refusal, now).await?;
        write.commit().await
    }

    /// The reason for which a printed letter is on the pull list, where it is.
    pub async fn pulled(self, dispatch_id: &str) -> Result<Option<Refusal>, StoreError> {
        let row: Option<(String, Option<String>)> =
            sqlx::query_as("SELECT reason, detail FROM pull WHERE dispatch_id = $1")
                .bind(dispatch_id)
                .fetch_optional(&self.store.pool)
                .await
                .doing("reading the pull list")?;
        row.map(|(code, detail)| {
            let reason = Reason::from_code(&code).ok_or_else(|| StoreError::Inconsistent {
                table: "pull",
                column: "reason",
                id: dispatch_id.to_owned(),
            })?;
            Ok(Refusal { reason, detail })
        })
        .transpose()
    }

    /// A person has taken a letter out of the stack: it is withheld for the reason on the list, and made anew by a
    /// later run if it becomes permitted.
    ///
    /// # Errors
    /// When it is not on the list, or the database refuses.
    pub async fn take_out(self, dispatch_id: &str, by: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
        let refusal = self
            .pulled(dispatch_id)
            .await?
            .ok_or_else(|| StoreError::NotFound { what: "letter on the pull list", id: dispatch_id.to_owned() })?;
        let mut write = self.store.write().await?;
        let (code, detail) = (refusal.reason.code(), refusal.detail.as_deref());
        let why = format!("taken out of the stack, says {}", RecordedActor::parse(by).shown());
        change_state(&mut write, dispatch_id, "withheld", Some(code), detail, &why, now).await?;
        note(&mut write, dispatch_id, "withheld", &why, now).await?;
        // Papers that left once before stay: the record of access names them.
        sqlx::query("UPDATE dispatch SET packet = NULL WHERE dispatch_id = $1 AND has_left = 0")
            .bind(dispatch_id)
            .execute(&mut *write.tx)
            .await
            .doing("taking a letter out of the stack")?;
        drop_from_list(&mut write, dispatch_id).await?;
        write.commit().await
    }
}

/// What a refusal, or none, does to an envelope that has not left.
async fn note_refusal(
    write: &mut Write,
    row: &DispatchRow,
    refusal: Option<&Refusal>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let id = &row.dispatch_id;
    match (row.state, refusal) {
        (StateName::Printed, None) => drop_from_list(write, id).await,
        (StateName::Printed, Some(refusal)) => {
            // The first reason stays until the letter may go: since when matters to whoever looks for it.
            sqlx::query(
                "INSERT INTO pull (dispatch_id, reason, detail, since) VALUES ($1, $2, $3, $4)
                 ON CONFLICT (dispatch_id) DO NOTHING",
            )
            .bind(id)
            .bind(refusal.reason.code())
            .bind(refusal.detail.as_deref())
            .bind(instant_text(now))
            .execute(&mut *write.tx)
            .await
            .doing("putting a letter on the pull list")?;
            Ok(())
        }
        // What may go now is made by the next run, from the facts of that moment.
        (_, None) => Ok(()),
        (_, Some(refusal)) => {
            let (reason, detail) = (refusal.reason.code(), refusal.detail.as_deref());
            if row.reason == Some(refusal.reason) && row.detail.as_deref() == detail {
                return Ok(());
            }
            let state = DispatchState::refused(refusal).name().as_str();
            change_state(write, id, state, Some(reason), detail, "decided again", now).await
        }
    }
}

pub(super) async fn drop_from_list(write: &mut Write, dispatch_id: &str) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM pull WHERE dispatch_id = $1")
        .bind(dispatch_id)
        .execute(&mut *write.tx)
        .await
        .doing("clearing the pull list")?;
    Ok(())
}
