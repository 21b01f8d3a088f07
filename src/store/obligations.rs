//! Obligations as rows: computed anew at each look, reconciled here, never deleted.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use super::{Doing, Store, StoreError, Write, children::sha256_hex, new_id};
use crate::{case::ChildId, clock::instant_text, due::Obligation};

/// What is stored of an obligation, by kind, anchor and revision.
type Known = HashMap<(String, String, i64), (String, String)>;

impl Store {
    /// Matches computed obligations with their rows, one transaction a child: new ones are added, changes
    /// become history, what is no longer computed is superseded. Envelopes that wait for an obligation
    /// that is no longer computed are superseded with it.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn reconcile(
        &self,
        child_id: &ChildId,
        computed: &[Obligation],
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let known = self.known_obligations(child_id).await?;
        let fresh: Vec<(&Obligation, String, &'static str)> = computed
            .iter()
            .map(|o| {
                let hash = sha256_hex(&serde_json::to_vec(o).expect("an obligation is plain data"));
                let status = if o.met_on.is_some() { "met" } else { "open" };
                (o, hash, status)
            })
            .collect();
        let key = |o: &Obligation| (o.kind.to_string(), o.anchor.clone(), i64::from(o.revision));
        let changed: Vec<_> = fresh
            .iter()
            .filter(|(o, hash, status)| known.get(&key(o)).is_none_or(|(h, s)| h != hash || s != status))
            .collect();
        let current: std::collections::HashSet<_> = computed.iter().map(key).collect();
        let gone: Vec<_> = known
            .iter()
            .filter(|(k, (_, status))| !current.contains(*k) && status == "open")
            .map(|(k, _)| k.clone())
            .collect();
        // Nothing to write is the common case: a look at an unchanged child costs two reads.
        if changed.is_empty() && gone.is_empty() {
            return Ok(());
        }
        let mut write = self.write().await?;
        for (obligation, hash, status) in changed {
            let new = !known.contains_key(&key(obligation));
            upsert(&mut write, child_id, obligation, hash, status).await?;
            let what = if new {
                format!("opened, due {}", obligation.due_on)
            } else {
                format!("changed: {status}, due {}", obligation.due_on)
            };
            history(&mut write, child_id, &key(obligation), &what, now).await?;
        }
        for gone in gone {
            sqlx::query("UPDATE obligation SET status = 'superseded' WHERE child_id = $1 AND kind = $2 AND anchor = $3 AND revision = $4")
                .bind(child_id.as_str())
                .bind(&gone.0)
                .bind(&gone.1)
                .bind(gone.2)
                .execute(&mut *write.tx)
                .await
                .doing("superseding an obligation")?;
            history(&mut write, child_id, &gone, "superseded", now).await?;
            self.supersede_envelopes(&mut write, child_id, &gone, now).await?;
        }
        write.commit().await
    }

    async fn known_obligations(&self, child_id: &ChildId) -> Result<Known, StoreError> {
        let rows: Vec<(String, String, i64, String, String)> =
            sqlx::query_as("SELECT kind, anchor, revision, body_hash, status FROM obligation WHERE child_id = $1")
                .bind(child_id.as_str())
                .fetch_all(&self.pool)
                .await
                .doing("reading obligations")?;
        Ok(rows
            .into_iter()
            .map(|(kind, anchor, revision, hash, status)| ((kind, anchor, revision), (hash, status)))
            .collect())
    }

    async fn supersede_envelopes(
        &self,
        write: &mut Write<'_>,
        child_id: &ChildId,
        (kind, anchor, revision): &(String, String, i64),
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let waiting: Vec<(String,)> = sqlx::query_as(
            "SELECT dispatch_id FROM dispatch WHERE child_id = $1 AND obligation = $2 AND anchor = $3 AND revision = $4
             AND state IN ('queued', 'held', 'withheld', 'failed')",
        )
        .bind(child_id.as_str())
        .bind(kind)
        .bind(anchor)
        .bind(revision)
        .fetch_all(&mut *write.tx)
        .await
        .doing("looking for waiting envelopes")?;
        for (dispatch_id,) in waiting {
            super::settle::change_state(
                write,
                &dispatch_id,
                "superseded",
                None,
                None,
                "what it was for is no longer owed",
                now,
            )
            .await?;
        }
        Ok(())
    }
}

async fn upsert(
    write: &mut Write<'_>,
    child_id: &ChildId,
    o: &Obligation,
    hash: &str,
    status: &str,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO obligation (child_id, kind, anchor, revision, body_hash, opens_on, due_on, work_on, citation, status, met_on)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         ON CONFLICT (child_id, kind, anchor, revision) DO UPDATE SET body_hash = excluded.body_hash, opens_on = excluded.opens_on,
            due_on = excluded.due_on, work_on = excluded.work_on, citation = excluded.citation, status = excluded.status,
            met_on = excluded.met_on",
    )
    .bind(child_id.as_str())
    .bind(o.kind.as_str())
    .bind(&o.anchor)
    .bind(i64::from(o.revision))
    .bind(hash)
    .bind(o.opens_on.to_string())
    .bind(o.due_on.to_string())
    .bind(o.work_on.to_string())
    .bind(&o.citation)
    .bind(status)
    .bind(o.met_on.map(|d| d.to_string()))
    .execute(&mut *write.tx)
    .await
    .doing("keeping an obligation")?;
    Ok(())
}

async fn history(
    write: &mut Write<'_>,
    child_id: &ChildId,
    (kind, anchor, revision): &(String, String, i64),
    what: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO obligation_history (history_id, child_id, kind, anchor, revision, at, what) VALUES ($1, $2, $3, $4, $5, $6, $7)")
        .bind(new_id(now))
        .bind(child_id.as_str())
        .bind(kind)
        .bind(anchor)
        .bind(revision)
        .bind(instant_text(now))
        .bind(what)
        .execute(&mut *write.tx)
        .await
        .doing("keeping an obligation's history")?;
    Ok(())
}
