//! What a mailing does to a duty: it meets it on the day on which it left, and what comes back opens it again.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use sqlx::Row;

use super::reconcile::{Key, Told, histories, history, of_duty};
use crate::{
    case::ChildId,
    clock::{day_in, parse_instant},
    store::{
        Doing, DutyOf, StoreError, Write, database::bulk_query::Many, obligations::Obligations,
        outbox::by_obligation::push_is_of,
    },
};

// The joins are written in the order in which SQLite is to take them: from the few duties to what met them. Left to
// itself it begins with everything that was ever accepted.

/// How the instant of a mailing becomes a date.
#[derive(Debug, Clone, Copy)]
pub struct Mailing {
    /// The program's zone: what leaves at 23:30 there belongs to that day.
    pub zone: Tz,
    /// The day that counts for the look; a synthetic program's mailings are not later.
    pub day: NaiveDate,
}

impl Mailing {
    fn date(self, at: &str, id: &str) -> Result<NaiveDate, StoreError> {
        let at = parse_instant(at).map_err(|_| StoreError::Inconsistent {
            table: "dispatch_history",
            column: "at",
            id: id.to_owned(),
        })?;
        Ok(day_in(self.zone, at).min(self.day))
    }
}

impl Obligations<'_> {
    /// The day on which each recipient's envelope of these duties left: the next hand took it, or a person says mailed or given.
    /// What is only printed has not left.
    pub(super) async fn mailed(
        self,
        child_id: &ChildId,
        duties: &[DutyOf<'_>],
        mailing: Mailing,
    ) -> Result<HashMap<(Key, String), NaiveDate>, StoreError> {
        let mut many = Many::new(
            self.store.dialect,
            "SELECT p.obligation, p.anchor, p.revision, p.recipient, MIN(h.at)
             FROM dispatch_part p CROSS JOIN dispatch d CROSS JOIN dispatch_history h
             WHERE d.dispatch_id = p.dispatch_id AND d.state IN ('accepted', 'confirmed')
             AND h.dispatch_id = d.dispatch_id AND h.state IN ('accepted', 'confirmed') AND p.child_id = ",
        );
        many.push_bind(child_id.as_str()).push(" AND ");
        push_is_of(&mut many, duties);
        many.push(" GROUP BY p.obligation, p.anchor, p.revision, p.recipient");
        let rows: Vec<(String, String, i64, String, String)> =
            many.build_query_as().fetch_all(&self.store.pool).await.doing("reading what was mailed")?;
        rows.into_iter()
            .map(|(kind, anchor, revision, recipient, at)| {
                Ok((((kind, anchor, revision), recipient), mailing.date(&at, child_id.as_str())?))
            })
            .collect()
    }

    /// Children whose parents are told of the notice to the district, or not told any more, since that was last noted: the day
    /// on which all letters had left, or none after one came back.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn newly_told_of_notice(self) -> Result<Vec<(ChildId, Option<NaiveDate>)>, StoreError> {
        let letters: Vec<(String, Option<String>)> = sqlx::query_as(
            "SELECT child_id, MAX(CASE WHEN met_by = 'mailed' THEN met_on END) FROM obligation
             WHERE kind = 'opt-out-information' AND owed > 0 GROUP BY child_id ORDER BY child_id",
        )
        .fetch_all(&self.store.pool)
        .await
        .doing("looking for letters about the notice to the district")?;
        let noted: Vec<(String, String)> = sqlx::query_as(
            "SELECT child_id, body FROM fact WHERE body LIKE '{\"fact\":\"told_of_notice\"%' ORDER BY fact_id",
        )
        .fetch_all(&self.store.pool)
        .await
        .doing("reading who was told of the notice to the district")?;
        // The last note of a child stands. The day stands too once it is known: the parents count from it.
        let noted: HashMap<String, bool> =
            noted.into_iter().map(|(child, body)| (child, !body.contains("null"))).collect();
        letters
            .into_iter()
            .filter(|(child, on)| noted.get(child).copied().unwrap_or(false) != on.is_some())
            .map(|(id, on)| {
                let wrong = |column| StoreError::Inconsistent { table: "obligation", column, id: id.clone() };
                let child = ChildId::parse(&*id).map_err(|_| wrong("child_id"))?;
                let on = on.map(|on| on.parse().map_err(|_| wrong("met_on"))).transpose()?;
                Ok((child, on))
            })
            .collect()
    }

    /// Marks the open duties whose papers have all left since the last look at their children.
    pub async fn settle_mailed(self, mailing: Mailing, now: DateTime<Utc>) -> Result<usize, StoreError> {
        let rows: Vec<MailedRow> = sqlx::query_as(
            "SELECT o.child_id, o.kind, o.anchor, o.revision, o.owed, o.due_on, MIN(h.at)
             FROM obligation o CROSS JOIN dispatch_part p CROSS JOIN dispatch d CROSS JOIN dispatch_history h
             WHERE o.status = 'open' AND o.owed > 0
             AND p.child_id = o.child_id AND p.obligation = o.kind AND p.anchor = o.anchor AND p.revision = o.revision
             AND d.dispatch_id = p.dispatch_id AND d.state IN ('accepted', 'confirmed')
             AND h.dispatch_id = d.dispatch_id AND h.state IN ('accepted', 'confirmed')
             GROUP BY o.child_id, o.kind, o.anchor, o.revision, o.owed, o.due_on, d.dispatch_id
             ORDER BY o.child_id, o.kind, o.anchor, o.revision",
        )
        .fetch_all(&self.store.pool)
        .await
        .doing("looking for what was mailed")?;
        let duties: Vec<&[MailedRow]> =
            rows.chunk_by(|a, b| (&a.0, &a.1, &a.2, a.3) == (&b.0, &b.1, &b.2, b.3)).collect();
        let met = duties.into_iter().map(|duty| met_by(duty, mailing)).filter_map(Result::transpose);
        let met = met.collect::<Result<Vec<Met<'_>>, _>>()?;
        for some in met.chunks(DUTIES_AT_ONCE) {
            let mut write = self.store.write().await?;
            settle_duties(&mut write, some, now).await?;
            write.commit().await?;
        }
        Ok(met.len())
    }
}

/// An open duty and one envelope of it that left: child, kind, anchor, revision, how many are owed, due date, when it left.
type MailedRow = (String, String, String, i64, i64, String, String);

/// So many duties are settled in one transaction: few enough that others need not wait.
const DUTIES_AT_ONCE: usize = 100;

/// A duty whose papers have all left.
struct Met<'a> {
    child_id: &'a str,
    key: Key,
    due_on: &'a str,
    on: NaiveDate,
}

impl Met<'_> {
    /// What its history says.
    fn told(&self) -> Told<'_> {
        let late = if self.on.to_string().as_str() > self.due_on { "done late" } else { "met" };
        Told {
            child_id: self.child_id,
            key: &self.key,
            status: "met",
            due_on: self.due_on.to_owned(),
            what: format!("{late} on {}, due {}", self.on, self.due_on),
        }
    }
}

/// The duty of these envelopes, where everything that is owed has left.
fn met_by(left: &[MailedRow], mailing: Mailing) -> Result<Option<Met<'_>>, StoreError> {
    let Some((child_id, kind, anchor, revision, owed, due_on, _)) = left.first() else { return Ok(None) };
    if i64::try_from(left.len()).unwrap_or(i64::MAX) < *owed {
        return Ok(None);
    }
    let days = left.iter().map(|row| mailing.date(&row.6, child_id)).collect::<Result<Vec<_>, _>>()?;
    let key = (kind.clone(), anchor.clone(), *revision);
    Ok(days.into_iter().max().map(|on| Met { child_id, key, due_on, on }))
}

/// Marks duties as met by what was mailed.
async fn settle_duties(write: &mut Write, met: &[Met<'_>], now: DateTime<Utc>) -> Result<(), StoreError> {
    let mut many = Many::new(write.dialect, "WITH met (child_id, kind, anchor, revision, met_on) AS (VALUES ");
    for (n, one) in met.iter().enumerate() {
        let (kind, anchor, revision) = &one.key;
        many.push(if n == 0 { "(" } else { ", (" }).push_bind(one.child_id).push(", ").push_bind(kind.as_str());
        many.push(", ").push_bind(anchor.as_str());
        // Beside no column a place has no type of its own, and PostgreSQL takes it for a text.
        many.push(", CAST(").push_bind(*revision).push(" AS BIGINT), ").push_bind(one.on.to_string()).push(")");
    }
    // The hash is emptied: the next look at the child writes the row as it computes it.
    many.push(
        ") UPDATE obligation SET status = 'met', met_on = met.met_on, met_by = 'mailed', body_hash = '' FROM met
         WHERE obligation.child_id = met.child_id AND obligation.kind = met.kind AND obligation.anchor = met.anchor
         AND obligation.revision = met.revision AND obligation.status = 'open'",
    );
    many.build().execute(&mut *write.tx).await.doing("marking duties as met")?;
    let lines: Vec<Told<'_>> = met.iter().map(Met::told).collect();
    histories(write, &lines, now).await
}

/// A paper came back: the duty that it met is open again.
pub(in crate::store) async fn reopen(
    write: &mut Write,
    child_id: &ChildId,
    key: &Key,
    why: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let due = of_duty(
        "SELECT due_on FROM obligation WHERE child_id = $1 AND kind = $2 AND anchor = $3 AND revision = $4
         AND status IN ('open', 'met')",
        child_id,
        key,
    )
    .fetch_optional(&mut *write.tx)
    .await
    .doing("looking a duty up")?;
    // What was asked for by hand has no duty behind it, and what is no longer owed stays so.
    let Some(due) = due else { return Ok(()) };
    let due_on: String = due.try_get("due_on").doing("looking a duty up")?;
    // The hash is emptied: the next look at the child writes the row as it computes it.
    of_duty(
        "UPDATE obligation SET status = 'open', met_on = NULL, met_by = NULL, body_hash = ''
         WHERE child_id = $1 AND kind = $2 AND anchor = $3 AND revision = $4 AND met_by = 'mailed'",
        child_id,
        key,
    )
    .execute(&mut *write.tx)
    .await
    .doing("opening a duty again")?;
    history(write, child_id, key, "open", &due_on, why, now).await
}
