//! Reading obligations: boards, one child's duties, and what became of them.

use chrono::NaiveDate;
use sqlx::{Row, any::AnyRow};

use crate::{
    case::ChildId,
    due::{Closed, Known, ObligationKind},
    store::{Doing, StoreError, obligations::Obligations},
};

/// An obligation as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObligationRow {
    pub child_id: String,
    pub kind: ObligationKind,
    pub anchor: String,
    pub revision: i64,
    /// The first day.
    pub opens_on: NaiveDate,
    /// The last day in time.
    pub due_on: NaiveDate,
    /// The last business day before.
    pub work_on: NaiveDate,
    pub citation: String,
    /// `open`, `met`, `waived`, `not-applicable` or `superseded`.
    pub status: String,
    /// The day on which it was done.
    pub met_on: Option<NaiveDate>,
    /// What met it.
    pub met_by: Option<String>,
    /// How many recipients a paper is still owed to.
    pub owed: i64,
    /// The coordinator whose work it is.
    pub owner: Option<String>,
    /// Since when its clock stands still.
    pub stands_still_since: Option<NaiveDate>,
    /// `family` or `system`.
    pub late_because: Option<String>,
    /// The note that documents it.
    pub late_note: Option<String>,
}

impl ObligationRow {
    /// What its status is worked out from.
    #[must_use]
    pub fn known(&self) -> Known {
        Known {
            due_on: self.due_on,
            met_on: self.met_on.filter(|_| self.status == "met"),
            stands_still: self.stands_still_since.is_some(),
            family_reason: self.late_because.as_deref() == Some("family"),
            closed: match self.status.as_str() {
                "waived" => Closed::Waived,
                "not-applicable" => Closed::NotApplicable,
                "superseded" => Closed::Superseded,
                _ => Closed::No,
            },
        }
    }
}

/// A line of an obligation's history.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct DutyHistoryRow {
    /// When, RFC 3339.
    pub at: String,
    /// Kind of duty.
    pub kind: String,
    pub anchor: String,
    pub revision: i64,
    /// The status that it then got, or left: `superseded` is about the due date beside it.
    pub status: String,
    /// The due date that it is about.
    pub due_on: String,
    /// What happened, in words.
    pub what: String,
}

const COLUMNS: &str = "child_id, kind, anchor, revision, opens_on, due_on, work_on, citation, status, met_on, met_by, owed, \
                       owner, stands_still_since, late_because, late_note";

fn read(row: &AnyRow) -> Result<ObligationRow, StoreError> {
    let text = |column: &'static str| row.try_get::<Option<String>, _>(column).doing("reading an obligation");
    let child_id = text("child_id")?.unwrap_or_default();
    let wrong = |column| StoreError::Inconsistent { table: "obligation", column, id: child_id.clone() };
    let needed = |column: &'static str| text(column)?.ok_or_else(|| wrong(column));
    let date =
        |column: &'static str| text(column)?.map(|day| day.parse::<NaiveDate>().map_err(|_| wrong(column))).transpose();
    let needed_date = |column: &'static str| date(column)?.ok_or_else(|| wrong(column));
    let number = |column: &'static str| row.try_get::<i64, _>(column).doing("reading an obligation");
    Ok(ObligationRow {
        kind: needed("kind")?.parse().map_err(|_| wrong("kind"))?,
        anchor: needed("anchor")?,
        revision: number("revision")?,
        opens_on: needed_date("opens_on")?,
        due_on: needed_date("due_on")?,
        work_on: needed_date("work_on")?,
        citation: needed("citation")?,
        status: needed("status")?,
        met_on: date("met_on")?,
        met_by: text("met_by")?,
        owed: number("owed")?,
        owner: text("owner")?,
        stands_still_since: date("stands_still_since")?,
        late_because: text("late_because")?,
        late_note: text("late_note")?,
        child_id,
    })
}

impl Obligations<'_> {
    /// Open obligations due until a day, in order of due dates.
    pub async fn open_obligations(self, until: NaiveDate) -> Result<Vec<ObligationRow>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM obligation WHERE status = 'open' AND due_on <= $1 ORDER BY due_on, child_id, kind, anchor"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(until.to_string())
            .fetch_all(&self.store.pool)
            .await
            .doing("reading what is due")?;
        rows.iter().map(read).collect()
    }

    /// All obligations of a child, in order of due dates, what was superseded among them.
    pub async fn obligations_of(self, child_id: &ChildId) -> Result<Vec<ObligationRow>, StoreError> {
        let sql =
            format!("SELECT {COLUMNS} FROM obligation WHERE child_id = $1 ORDER BY due_on, kind, anchor, revision");
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(child_id.as_str())
            .fetch_all(&self.store.pool)
            .await
            .doing("reading a child's duties")?;
        rows.iter().map(read).collect()
    }

    /// What became of a child's obligations, oldest first.
    pub async fn duty_history(self, child_id: &ChildId) -> Result<Vec<DutyHistoryRow>, StoreError> {
        let rows: Vec<(String, String, String, i64, String, String, String)> = sqlx::query_as(
            "SELECT at, kind, anchor, revision, status, due_on, what FROM obligation_history WHERE child_id = $1
             ORDER BY history_id",
        )
        .bind(child_id.as_str())
        .fetch_all(&self.store.pool)
        .await
        .doing("reading the history of duties")?;
        Ok(rows
            .into_iter()
            .map(|(at, kind, anchor, revision, status, due_on, what)| DutyHistoryRow {
                at,
                kind,
                anchor,
                revision,
                status,
                due_on,
                what,
            })
            .collect())
    }
}
