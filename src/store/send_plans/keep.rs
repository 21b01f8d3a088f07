//! Writing plans: each page of children in one transaction.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};

use super::lines::{COLUMNS, Key, LINES, LOOKS, Look, NUMBERS, PlannedLine, PlannedVerdict, key_of, read_line};
use crate::{
    clock::instant_text,
    dispatch::Envelope,
    store::{
        Doing, StoreError, Write,
        database::{bulk_query::Many, locks::Order},
        new_id,
        send_plans::SendPlans,
    },
};

impl SendPlans<'_> {
    /// Opens a plan and gives its number.
    pub async fn start_plan(
        self,
        scope: &str,
        as_of: NaiveDate,
        until: NaiveDate,
        by: &str,
        now: DateTime<Utc>,
    ) -> Result<i64, StoreError> {
        let mut write = self.store.write().await?;
        write.wait_for(Order::Plans, false).await?;
        let (last,): (i64,) = sqlx::query_as("SELECT COALESCE(MAX(plan_id), 0) FROM plan")
            .fetch_one(&mut *write.tx)
            .await
            .doing("starting a plan")?;
        sqlx::query(
            "INSERT INTO plan (plan_id, scope, as_of, until, made_at, made_by) VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(last + 1)
        .bind(scope)
        .bind(as_of.to_string())
        .bind(until.to_string())
        .bind(instant_text(now))
        .bind(by)
        .execute(&mut *write.tx)
        .await
        .doing("starting a plan")?;
        write.commit().await?;
        Ok(last + 1)
    }

    /// Ends a plan.
    pub async fn end_plan(self, plan_id: i64, looked: i64, now: DateTime<Utc>) -> Result<(), StoreError> {
        let mut write = self.store.write().await?;
        sqlx::query("UPDATE plan SET looked = $1, finished_at = $2 WHERE plan_id = $3")
            .bind(looked)
            .bind(instant_text(now))
            .bind(plan_id)
            .execute(&mut *write.tx)
            .await
            .doing("ending a plan")?;
        write.commit().await
    }

    /// Keeps what a plan found out about these children, in one transaction: lines that are not so any more are
    /// closed, new ones are added. With `world` the look itself is remembered.
    pub async fn keep_looks(
        self,
        plan_id: i64,
        scope: &str,
        looks: &[Look],
        remember: Option<(&str, NaiveDate)>,
    ) -> Result<(), StoreError> {
        let mut write = self.store.write().await?;
        let ids: Vec<&str> = looks.iter().map(|look| look.child_id.as_str()).collect();
        let mut standing = standing_lines(&mut write, scope, &ids).await?;
        let mut fresh = Vec::new();
        for line in looks.iter().flat_map(|look| &look.lines) {
            let key = (line.envelope.child_id.to_string(), key_of(&line.envelope));
            match standing.get(&key) {
                Some((_, same)) if same == line => {
                    standing.remove(&key);
                }
                _ => fresh.push(line),
            }
        }
        let gone: Vec<i64> = standing.values().map(|(line, _)| *line).collect();
        close_lines(&mut write, plan_id, &gone).await?;
        add_lines(&mut write, plan_id, scope, &fresh).await?;
        if let Some((world, day)) = remember {
            remember_looks(&mut write, looks, world, day).await?;
        }
        write.commit().await
    }

    /// Keeps a person's release of these envelopes, each on the facts that were shown.
    pub async fn approve(
        self,
        envelopes: &[(&Envelope, &str)],
        plan_id: Option<i64>,
        by: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let mut write = self.store.write().await?;
        for (envelope, facts_hash) in envelopes {
            sqlx::query(
                "INSERT INTO approval (approval_id, child_id, obligation, anchor, revision, recipient, facts_hash, plan_id, approved_at, approved_by)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            )
            .bind(new_id(now))
            .bind(envelope.child_id.as_str())
            .bind(envelope.obligation.as_str())
            .bind(&envelope.anchor)
            .bind(i64::from(envelope.revision))
            .bind(envelope.recipient.to_string())
            .bind(*facts_hash)
            .bind(plan_id)
            .bind(instant_text(now))
            .bind(by)
            .execute(&mut *write.tx)
            .await
            .doing("keeping a release")?;
        }
        write.commit().await
    }

    /// Notes that a plan sends these envelopes.
    pub async fn plan_sends(self, plan_id: i64, dispatch_ids: &[String]) -> Result<(), StoreError> {
        let mut write = self.store.write().await?;
        for some in dispatch_ids.chunks(NUMBERS) {
            let mut query = Many::new(write.dialect, "INSERT INTO plan_dispatch (plan_id, dispatch_id) ");
            query.push_values(some, |values, id| {
                values.push_bind(plan_id).push_bind(id.clone());
            });
            query.push(" ON CONFLICT (plan_id, dispatch_id) DO NOTHING");
            query.build().execute(&mut *write.tx).await.doing("noting what a plan sends")?;
        }
        write.commit().await
    }
}

/// The present lines of these children in a scope, each with its number. A line that cannot be read any more is
/// closed like one that changed.
async fn standing_lines(
    write: &mut Write,
    scope: &str,
    ids: &[&str],
) -> Result<HashMap<(String, Key), (i64, PlannedLine)>, StoreError> {
    let mut query = Many::new(
        write.dialect,
        format!(
            "SELECT {COLUMNS}, CAST(NULL AS TEXT) AS state, CAST(NULL AS TEXT) AS approved_by FROM plan_line l
         WHERE l.gone_in IS NULL AND l.scope = "
        ),
    );
    query.push_bind(scope.to_owned()).push(" AND l.child_id IN (");
    let mut list = query.separated();
    for id in ids {
        list.push_bind((*id).to_owned());
    }
    query.push(")");
    let rows = query.build().fetch_all(&mut *write.tx).await.doing("reading a plan")?;
    rows.iter()
        .map(|row| {
            let line = read_line(row)?;
            let key = (line.planned.envelope.child_id.to_string(), key_of(&line.planned.envelope));
            Ok((key, (line.line, line.planned)))
        })
        .collect()
}

async fn close_lines(write: &mut Write, plan_id: i64, gone: &[i64]) -> Result<(), StoreError> {
    for some in gone.chunks(NUMBERS) {
        let mut query = Many::new(write.dialect, "UPDATE plan_line SET gone_in = ");
        query.push_bind(plan_id).push(" WHERE line IN (");
        let mut list = query.separated();
        for line in some {
            list.push_bind(*line);
        }
        query.push(")");
        query.build().execute(&mut *write.tx).await.doing("closing lines of a plan")?;
    }
    Ok(())
}

async fn add_lines(write: &mut Write, plan_id: i64, scope: &str, fresh: &[&PlannedLine]) -> Result<(), StoreError> {
    if fresh.is_empty() {
        return Ok(());
    }
    write.wait_for(Order::Plans, false).await?;
    let (last,): (i64,) = sqlx::query_as("SELECT COALESCE(MAX(line), 0) FROM plan_line")
        .fetch_one(&mut *write.tx)
        .await
        .doing("keeping a plan")?;
    let mut number = last;
    for some in fresh.chunks(LINES) {
        let mut query = Many::new(
            write.dialect, "INSERT INTO plan_line (line, scope, from_plan, child_id, obligation, anchor, revision, recipient, envelope, opens_on,
                due_on, verdict, channel, basis, reason, detail, release_rule, facts_hash) ",
        );
        query.push_values(some, |values, line| {
            number += 1;
            let envelope = &line.envelope;
            let (verdict, channel, basis, reason, detail) = match &line.verdict {
                PlannedVerdict::Goes { channel, basis } => {
                    ("goes", Some(channel.clone()), Some(basis.clone()), None, None)
                }
                PlannedVerdict::Waits { reason, detail } => {
                    ("waits", None, None, Some(reason.code().to_owned()), detail.clone())
                }
                PlannedVerdict::HasIt(since) => ("has-it", None, Some(since.to_string()), None, None),
            };
            values
                .push_bind(number)
                .push_bind(scope.to_owned())
                .push_bind(plan_id)
                .push_bind(envelope.child_id.to_string())
                .push_bind(envelope.obligation.to_string())
                .push_bind(envelope.anchor.clone())
                .push_bind(i64::from(envelope.revision))
                .push_bind(envelope.recipient.to_string())
                .push_bind(serde_json::to_string(envelope).expect("an envelope is plain data"))
                .push_bind(line.opens_on.to_string())
                .push_bind(line.due_on.to_string())
                .push_bind(verdict)
                .push_bind(channel)
                .push_bind(basis)
                .push_bind(reason)
                .push_bind(detail)
                .push_bind(line.rule.as_str())
                .push_bind(line.facts_hash.clone());
        });
        query.build().execute(&mut *write.tx).await.doing("keeping a plan")?;
    }
    Ok(())
}

async fn remember_looks(write: &mut Write, looks: &[Look], world: &str, day: NaiveDate) -> Result<(), StoreError> {
    let mut seen = HashSet::new();
    let looks: Vec<&Look> = looks.iter().filter(|look| seen.insert(&look.child_id)).collect();
    for some in looks.chunks(LOOKS) {
        let mut query = Many::new(
            write.dialect,
            "INSERT INTO child_look (child_id, record_hash, last_fact, world_hash, looked_on, next_change_on) ",
        );
        query.push_values(some, |values, look| {
            values
                .push_bind(look.child_id.to_string())
                .push_bind(look.record_hash.clone())
                .push_bind(look.last_fact.clone())
                .push_bind(world.to_owned())
                .push_bind(day.to_string())
                .push_bind(look.next_change_on.to_string());
        });
        query.push(
            " ON CONFLICT (child_id) DO UPDATE SET record_hash = excluded.record_hash, last_fact = excluded.last_fact,
                world_hash = excluded.world_hash, looked_on = excluded.looked_on, next_change_on = excluded.next_change_on",
        );
        query.build().execute(&mut *write.tx).await.doing("remembering a look")?;
    }
    Ok(())
}
