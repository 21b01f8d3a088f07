//! Plans: lines that stand until a later plan closes them, what a person released, and what was looked at last.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sqlx::{Row, any::AnyRow};

use crate::{
    case::{ChildId, Recorded},
    disclosure::Reason,
    dispatch::{Envelope, StateName},
    store::{
        ChildRow, Doing, StoreError,
        children::{
            facts::read_facts,
            records::{completed, parse_record},
        },
        outbox::dispatches::IS_LIVE,
    },
};

/// Whether an envelope goes by itself, or when a person has released it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ReleaseRule {
    /// By itself.
    Auto,
    /// When a person has released it.
    Approve,
}

impl ReleaseRule {
    /// The word in the database and in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Approve => "approve",
        }
    }
}

/// What the gate said when the plan was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlannedVerdict {
    /// It would go.
    Goes {
        /// By which channel.
        channel: String,
        /// On what it rests, in words.
        basis: String,
    },
    /// It would not.
    Waits {
        /// Why.
        reason: Reason,
        /// A detail without names.
        detail: Option<String>,
    },
    /// The recipient has it from elsewhere since this day.
    HasIt(NaiveDate),
}

/// A line of a plan before it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedLine {
    /// The envelope.
    pub envelope: Envelope,
    /// The first day on which it may go.
    pub opens_on: NaiveDate,
    /// The last day in time.
    pub due_on: NaiveDate,
    /// What the gate says.
    pub verdict: PlannedVerdict,
    /// Whether a person must release it.
    pub rule: ReleaseRule,
    /// Hash of the facts that it would be made from.
    pub facts_hash: String,
}

/// What a plan found out about one child.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// The child.
    pub child_id: ChildId,
    /// Hash of its record.
    pub record_hash: String,
    /// Id of the last fact recorded here; empty where there is none.
    pub last_fact: String,
    /// The next day on which something changes by itself, or on which it is time to look again.
    pub next_change_on: NaiveDate,
    /// Its lines.
    pub lines: Vec<PlannedLine>,
}

/// A child that has to be looked at, not read yet: reading is the larger part of the work.
#[derive(Debug)]
pub struct ToLook {
    /// The child.
    pub child_id: ChildId,
    /// Id of the last fact recorded here; empty where there is none.
    pub last_fact: String,
    /// Hash of the record as it was received.
    pub record_hash: String,
    pub(super) text: String,
    pub(super) facts: Vec<(String, String, String)>,
}

impl ToLook {
    /// Reads the record and what was recorded.
    ///
    /// # Errors
    /// When a row does not hold what this program writes.
    pub fn open(self) -> Result<ChildRow, StoreError> {
        let recorded = Recorded::of(&read_facts(self.facts, &self.child_id)?);
        let record = parse_record(&self.text, self.child_id.as_str())?;
        let (record, record_hash) = completed(record, self.record_hash, &recorded);
        Ok(ChildRow { record, record_hash, recorded })
    }
}

/// A plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanRow {
    /// Its number.
    pub plan_id: i64,
    /// Its series.
    pub scope: String,
    /// The day that counted.
    pub as_of: String,
    /// The day up to which it looks.
    pub until: String,
    /// When it was made.
    pub made_at: String,
    /// By whom.
    pub made_by: String,
    /// Children that had to be looked at.
    pub looked: i64,
}

/// A line as it stands: the plan's words, and what has become of the envelope since.
#[derive(Debug, Clone)]
pub struct PlanLineRow {
    /// Its number, the same as long as nothing about it changes.
    pub line: i64,
    /// The plan.
    pub planned: PlannedLine,
    /// The envelope's state, where it is in the outbox.
    pub state: Option<StateName>,
    /// Who released it on these facts.
    pub approved_by: Option<String>,
}

/// What changed between two plans of a scope.
#[derive(Debug, Clone, Default)]
pub struct PlanChanges {
    /// Lines that were not there, or not so.
    pub came: Vec<PlanLineRow>,
    /// Lines that are not there any more, or not so.
    pub went: Vec<PlanLineRow>,
}

/// How many lines there are of a kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanCount {
    /// The gate's word: `goes`, `waits`, `has-it`.
    pub verdict: String,
    /// Whether a person has to release it and has not.
    pub unreleased: bool,
    /// The envelope's state, where it is in the outbox.
    pub state: Option<String>,
    /// Lines.
    pub count: i64,
}

/// Lines of a plan, looks and numbers in one statement: about ten kilobytes of each, because to PostgreSQL one of more than
/// 16 KB waits 40 ms (see `store::children::import`).
pub(super) const LINES: usize = 16;
pub(super) const LOOKS: usize = 40;
pub(super) const NUMBERS: usize = 200;

pub(super) const COLUMNS: &str = "l.line, l.child_id, l.envelope, l.opens_on, l.due_on, l.verdict, l.channel, l.basis, l.reason, l.detail, \
     l.release_rule, l.facts_hash";

/// Who released exactly these facts.
pub(super) const APPROVED: &str = "(SELECT MIN(a.approved_by) FROM approval a WHERE a.child_id = l.child_id AND a.obligation = l.obligation \
     AND a.anchor = l.anchor AND a.revision = l.revision AND a.recipient = l.recipient AND a.facts_hash = l.facts_hash)";

/// What answers for the line in the outbox: its newest live dispatch.
pub(super) fn outbox() -> String {
    format!(
        "LEFT JOIN dispatch d ON d.dispatch_id = (SELECT MAX(i.dispatch_id) FROM dispatch_part i
            JOIN dispatch d ON d.dispatch_id = i.dispatch_id WHERE i.child_id = l.child_id AND i.obligation = l.obligation
            AND i.anchor = l.anchor AND i.revision = l.revision AND i.recipient = l.recipient AND {IS_LIVE})"
    )
}

pub(super) type Key = (String, String, i64, String);

pub(super) fn key_of(envelope: &Envelope) -> Key {
    (
        envelope.obligation.to_string(),
        envelope.anchor.clone(),
        i64::from(envelope.revision),
        envelope.recipient.to_string(),
    )
}

pub(super) fn read_line(row: &AnyRow) -> Result<PlanLineRow, StoreError> {
    let line: i64 = row.try_get("line").doing("reading a plan")?;
    let wrong = |column| StoreError::Inconsistent { table: "plan_line", column, id: line.to_string() };
    let text = |column: &'static str| row.try_get::<String, _>(column).doing("reading a plan");
    let maybe = |column: &'static str| row.try_get::<Option<String>, _>(column).doing("reading a plan");
    let verdict = match text("verdict")?.as_str() {
        "goes" => PlannedVerdict::Goes {
            channel: maybe("channel")?.ok_or_else(|| wrong("channel"))?,
            basis: maybe("basis")?.ok_or_else(|| wrong("basis"))?,
        },
        "waits" => PlannedVerdict::Waits {
            reason: maybe("reason")?.and_then(|code| Reason::from_code(&code)).ok_or_else(|| wrong("reason"))?,
            detail: maybe("detail")?,
        },
        "has-it" => {
            PlannedVerdict::HasIt(maybe("basis")?.and_then(|day| day.parse().ok()).ok_or_else(|| wrong("basis"))?)
        }
        _ => return Err(wrong("verdict")),
    };
    Ok(PlanLineRow {
        line,
        planned: PlannedLine {
            envelope: serde_json::from_str(&text("envelope")?).map_err(|_| wrong("envelope"))?,
            opens_on: text("opens_on")?.parse().map_err(|_| wrong("opens_on"))?,
            due_on: text("due_on")?.parse().map_err(|_| wrong("due_on"))?,
            verdict,
            rule: if text("release_rule")? == "auto" { ReleaseRule::Auto } else { ReleaseRule::Approve },
            facts_hash: text("facts_hash")?,
        },
        state: maybe("state")?.map(|state| StateName::from_word(&state).ok_or_else(|| wrong("state"))).transpose()?,
        approved_by: maybe("approved_by")?,
    })
}
