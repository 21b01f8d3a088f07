//! Schedules as rows: claimed like any work, so that two services run each tick once.

use chrono::{DateTime, Utc};

use crate::{
    clock::{instant_text, parse_instant},
    store::{Doing, StoreError, Write, new_id, service::ServiceState},
};

/// A schedule as the settings name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSchedule {
    pub name: String,
    /// What it does.
    pub work: &'static str,
    pub expression: String,
    pub zone: String,
    /// What becomes of a time that went by.
    pub missed: &'static str,
    /// The first time, where it is new or its times have changed.
    pub next_due: DateTime<Utc>,
}

/// A schedule as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScheduleRow {
    pub name: String,
    /// What it does.
    pub work: String,
    pub expression: String,
    pub zone: String,
    /// What becomes of a time that went by.
    pub missed: String,
    /// When it is due next.
    pub next_due: DateTime<Utc>,
    /// When it last began.
    pub last_run: Option<DateTime<Utc>>,
    /// Why it waits for a person, where it does.
    pub asks: Option<String>,
}

/// One time of a schedule.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ScheduleRunRow {
    pub schedule_run_id: String,
    /// Of which schedule.
    pub name: String,
    /// When it was due.
    pub due_at: String,
    /// When it began, was skipped, or was put to a person.
    pub started_at: String,
    /// When it ended.
    pub ended_at: Option<String>,
    /// `done`, `failed`, `skipped`, `asked`; none while it runs, or after a crash.
    pub outcome: Option<String>,
    /// In a sentence.
    pub says: Option<String>,
    /// By which process.
    pub worker: String,
}

type Columns = (String, String, String, String, String, String, Option<String>, Option<String>);

fn read(columns: Columns) -> Result<ScheduleRow, StoreError> {
    let (name, work, expression, zone, missed, next_due, last_run, asks) = columns;
    let wrong = |column| StoreError::Inconsistent { table: "schedule", column, id: name.clone() };
    Ok(ScheduleRow {
        next_due: parse_instant(&next_due).map_err(|_| wrong("next_due"))?,
        last_run: last_run.map(|at| parse_instant(&at).map_err(|_| wrong("last_run"))).transpose()?,
        name,
        work,
        expression,
        zone,
        missed,
        asks,
    })
}

impl ServiceState<'_> {
    /// Brings the rows in line with the settings: new ones are added, one with other times is due anew, one that is
    /// no longer named is removed. What has run stays in the history.
    pub async fn sync_schedules(self, wanted: &[NewSchedule]) -> Result<(), StoreError> {
        let standing = self.schedules().await?;
        let same = |new: &NewSchedule| {
            standing.iter().any(|row| {
                (&row.name, row.work.as_str(), &row.expression, &row.zone, row.missed.as_str())
                    == (&new.name, new.work, &new.expression, &new.zone, new.missed)
            })
        };
        if standing.len() == wanted.len() && wanted.iter().all(same) {
            return Ok(());
        }
        let mut write = self.store.write().await?;
        for row in standing.iter().filter(|row| wanted.iter().all(|new| new.name != row.name)) {
            sqlx::query("DELETE FROM schedule WHERE name = $1")
                .bind(&row.name)
                .execute(&mut *write.tx)
                .await
                .doing("removing a schedule")?;
        }
        for new in wanted.iter().filter(|new| !same(new)) {
            sqlx::query(
                "INSERT INTO schedule (name, work, expression, zone, missed, next_due) VALUES ($1, $2, $3, $4, $5, $6)
                 ON CONFLICT (name) DO UPDATE SET work = excluded.work, missed = excluded.missed,
                    next_due = CASE WHEN schedule.expression = excluded.expression AND schedule.zone = excluded.zone
                        THEN schedule.next_due ELSE excluded.next_due END,
                    expression = excluded.expression, zone = excluded.zone",
            )
            .bind(&new.name)
            .bind(new.work)
            .bind(&new.expression)
            .bind(&new.zone)
            .bind(new.missed)
            .bind(instant_text(new.next_due))
            .execute(&mut *write.tx)
            .await
            .doing("keeping a schedule")?;
        }
        write.commit().await
    }

    /// All schedules, the earliest first.
    pub async fn schedules(self) -> Result<Vec<ScheduleRow>, StoreError> {
        let rows: Vec<Columns> = sqlx::query_as(
            "SELECT name, work, expression, zone, missed, next_due, last_run, asks FROM schedule ORDER BY next_due, name",
        )
        .fetch_all(&self.store.pool)
        .await
        .doing("reading the schedules")?;
        rows.into_iter().map(read).collect()
    }

    /// Takes a tick for this caller: at most one service gets it. Gives the id under which it ends.
    pub async fn take_tick(
        self,
        row: &ScheduleRow,
        next_due: DateTime<Utc>,
        worker: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<String>, StoreError> {
        let mut write = self.store.write().await?;
        if !move_on(&mut write, row, next_due, Some(now)).await? {
            return Ok(None);
        }
        let id = note_run(&mut write, row, None, None, worker, now).await?;
        write.commit().await?;
        Ok(Some(id))
    }

    /// Leaves a time out (`skipped`), with the reason; the schedule goes on with `next_due`.
    pub async fn skip_tick(
        self,
        row: &ScheduleRow,
        next_due: DateTime<Utc>,
        says: &str,
        worker: &str,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let mut write = self.store.write().await?;
        if !move_on(&mut write, row, next_due, None).await? {
            return Ok(false);
        }
        note_run(&mut write, row, Some("skipped"), Some(says), worker, now).await?;
        write.commit().await?;
        Ok(true)
    }

    /// Puts a time to a person: the schedule waits until it is run or skipped.
    pub async fn ask_about_tick(
        self,
        row: &ScheduleRow,
        says: &str,
        worker: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let mut write = self.store.write().await?;
        let asked = sqlx::query("UPDATE schedule SET asks = $1 WHERE name = $2 AND asks IS NULL AND next_due = $3")
            .bind(says)
            .bind(&row.name)
            .bind(instant_text(row.next_due))
            .execute(&mut *write.tx)
            .await
            .doing("putting a schedule to a person")?;
        if asked.rows_affected() == 1 {
            note_run(&mut write, row, Some("asked"), Some(says), worker, now).await?;
            write.commit().await?;
        }
        Ok(())
    }

    /// Ends a tick that was taken.
    pub async fn end_tick(
        self,
        schedule_run_id: &str,
        outcome: &str,
        says: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let mut write = self.store.write().await?;
        sqlx::query("UPDATE schedule_run SET ended_at = $1, outcome = $2, says = $3 WHERE schedule_run_id = $4")
            .bind(instant_text(now))
            .bind(outcome)
            .bind(says)
            .bind(schedule_run_id)
            .execute(&mut *write.tx)
            .await
            .doing("ending a tick")?;
        write.commit().await
    }

    /// Schedules whose last time that ended has failed, by name.
    pub async fn failed_schedules(self) -> Result<Vec<String>, StoreError> {
        let rows: Vec<(String,)> = sqlx::query_as(
            "SELECT r.name FROM schedule_run r JOIN (
                SELECT name, MAX(schedule_run_id) AS last FROM schedule_run WHERE ended_at IS NOT NULL GROUP BY name
             ) l ON l.last = r.schedule_run_id WHERE r.outcome = 'failed' ORDER BY r.name",
        )
        .fetch_all(&self.store.pool)
        .await
        .doing("looking for schedules that failed")?;
        Ok(rows.into_iter().map(|(name,)| name).collect())
    }

    /// The last times of a schedule, the latest first.
    pub async fn schedule_runs(self, name: &str, limit: i64) -> Result<Vec<ScheduleRunRow>, StoreError> {
        let rows: Vec<(String, String, String, String, Option<String>, Option<String>, Option<String>, String)> =
            sqlx::query_as(
                "SELECT schedule_run_id, name, due_at, started_at, ended_at, outcome, says, worker FROM schedule_run
                 WHERE name = $1 ORDER BY schedule_run_id DESC LIMIT $2",
            )
            .bind(name)
            .bind(limit)
            .fetch_all(&self.store.pool)
            .await
            .doing("reading what a schedule did")?;
        Ok(rows
            .into_iter()
            .map(|(schedule_run_id, name, due_at, started_at, ended_at, outcome, says, worker)| ScheduleRunRow {
                schedule_run_id,
                name,
                due_at,
                started_at,
                ended_at,
                outcome,
                says,
                worker,
            })
            .collect())
    }
}

/// Moves a schedule on if nobody else has.
async fn move_on(
    write: &mut Write,
    row: &ScheduleRow,
    next_due: DateTime<Utc>,
    ran: Option<DateTime<Utc>>,
) -> Result<bool, StoreError> {
    let moved = sqlx::query(
        "UPDATE schedule SET next_due = $1, last_run = COALESCE($2, last_run), asks = NULL WHERE name = $3 AND next_due = $4",
    )
    .bind(instant_text(next_due))
    .bind(ran.map(instant_text))
    .bind(&row.name)
    .bind(instant_text(row.next_due))
    .execute(&mut *write.tx)
    .await
    .doing("taking a tick")?;
    Ok(moved.rows_affected() == 1)
}

async fn note_run(
    write: &mut Write,
    row: &ScheduleRow,
    outcome: Option<&str>,
    says: Option<&str>,
    worker: &str,
    now: DateTime<Utc>,
) -> Result<String, StoreError> {
    let id = new_id(now);
    sqlx::query(
        "INSERT INTO schedule_run (schedule_run_id, name, due_at, started_at, ended_at, outcome, says, worker)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(&id)
    .bind(&row.name)
    .bind(instant_text(row.next_due))
    .bind(instant_text(now))
    .bind(outcome.map(|_| instant_text(now)))
    .bind(outcome)
    .bind(says)
    .bind(worker)
    .execute(&mut *write.tx)
    .await
    .doing("noting a tick")?;
    Ok(id)
}
