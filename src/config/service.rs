//! When the service works, and on what.

use chrono::{DateTime, Utc};
use croner::Cron;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::case::{OrganisationId, Zone};

/// The service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ServiceSettings {
    /// Seconds between two looks at the outbox, 1 to 60.
    #[schemars(range(min = 1, max = 60))]
    pub poll_seconds: u64,
    /// A service that was away for longer than this asks before it works again: so does one whose clock has jumped
    /// ahead. Calendar days, 1 to 366.
    #[schemars(range(min = 1, max = 366))]
    pub ask_after_calendar_days: u16,
    /// What this machine's service does, where several services share a database: each does its part. All of it
    /// where nothing is set; `earlypost serve --roles` says it for one process.
    #[schemars(length(min = 1))]
    pub roles: Vec<Role>,
}

/// A part of the service's work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Does what the schedules say: imports, works out what is due, asks the gate, proves, signs.
    Plan,
    /// Makes the papers that wait to be made.
    Render,
    /// Delivers, each channel by itself, and takes over what a lost service had in its hands.
    Deliver,
    /// Takes in what came back.
    Receive,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Plan, Self::Render, Self::Deliver, Self::Receive];
}

impl Default for ServiceSettings {
    fn default() -> Self {
        Self { poll_seconds: 5, ask_after_calendar_days: 14, roles: Role::ALL.to_vec() }
    }
}

/// Something that the service does by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScheduleEntry {
    /// Its name, such as `nightly-run`. An entry with the name of a built-in one takes its place.
    pub name: OrganisationId,
    /// What it does.
    pub work: Work,
    /// When: a cron expression (`30 5 * * MON-FRI`) in the zone below.
    pub at: String,
    /// Time zone; the program's own where none is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<Zone>,
    /// What becomes of a time that went by while no service ran.
    #[serde(default)]
    pub missed: Missed,
}

/// What a schedule does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Work {
    /// Import the caseload, prepare what is due, deliver it.
    Run,
    /// Make each coordinator's week and keep it for seven calendar days.
    Week,
    /// Prove that no duty is without an owner and that every run happened; else tell the operator.
    Proof,
    /// Sign the head of the record of access and keep it outside the database.
    Checkpoint,
}

impl Work {
    /// The word in settings and in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Run => "run",
            Self::Week => "week",
            Self::Proof => "proof",
            Self::Checkpoint => "checkpoint",
        }
    }
}

/// What becomes of a time that went by while no service ran.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Missed {
    /// Once, now, however many times went by.
    #[default]
    RunOnceNow,
    /// A person decides: `earlypost schedule run NAME` or `earlypost schedule skip NAME`.
    Ask,
    /// It is left out, and that is recorded.
    SkipAndRecord,
}

impl Missed {
    /// The word in settings and in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::RunOnceNow => "run-once-now",
            Self::Ask => "ask",
            Self::SkipAndRecord => "skip-and-record",
        }
    }
}

impl ScheduleEntry {
    /// What is wrong with its expression: no cron expression, or one that never comes after `now`.
    pub(super) fn mistake(&self, now: DateTime<Utc>) -> Option<String> {
        match self.at.parse::<Cron>() {
            Err(error) => Some(format!("is no cron expression: {error}")),
            Ok(cron) => cron
                .find_next_occurrence(&now, false)
                .is_err()
                .then(|| "can never come: there is no such day; write a day that exists".to_owned()),
        }
    }
}

/// The schedules that an installation has where its settings name none.
fn built_in() -> Vec<ScheduleEntry> {
    let entry = |name: &str, work, at: &str| ScheduleEntry {
        name: OrganisationId::parse(name).expect("our own names are ids"),
        work,
        at: at.to_owned(),
        zone: None,
        missed: Missed::RunOnceNow,
    };
    vec![
        entry("run", Work::Run, "*/15 * * * *"),
        entry("proof", Work::Proof, "0 6 * * *"),
        entry("week", Work::Week, "30 5 * * 1"),
        entry("checkpoint", Work::Checkpoint, "0 5 * * *"),
    ]
}

/// The built-in schedules, each replaced by an entry of its name, and the others.
pub(super) fn with_built_in(own: &[ScheduleEntry]) -> Vec<ScheduleEntry> {
    let mut all: Vec<ScheduleEntry> =
        built_in().into_iter().filter(|entry| own.iter().all(|o| o.name != entry.name)).collect();
    all.extend(own.iter().cloned());
    all
}
