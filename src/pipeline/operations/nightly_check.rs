//! The nightly proof: every duty has an owner, every expected run happened, nothing stands still unseen. What it
//! finds goes to the operator, into the log, and to `status` and `doctor`: nothing fails in silence.

use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    actor::{Actor, RecordedActor},
    clock::instant_text,
    hint::Hint,
    pipeline::{HeldInstallation, PlanScope, Silent, Standing, operations::Operations},
    store::{HoldScope, ScheduleRow},
};

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// As it should be.
    Good,
    Note,
    /// Somebody has to do something.
    Fault,
}

/// What a check found, in words that hold ids and counts only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    pub check: String,
    /// How much it weighs.
    pub level: Level,
    /// What was found.
    pub what: String,
    /// Why it matters.
    pub why: String,
    /// What to do.
    pub next_step: String,
}

impl Finding {
    /// All is well.
    #[must_use]
    pub fn good(check: &str, what: impl Into<String>) -> Self {
        Self::of(check, Level::Good, what, "", "")
    }

    #[must_use]
    pub fn note(check: &str, what: impl Into<String>, why: &str, next_step: impl Into<String>) -> Self {
        Self::of(check, Level::Note, what, why, next_step)
    }

    /// Somebody has to do something.
    #[must_use]
    pub fn fault(check: &str, what: impl Into<String>, why: &str, next_step: impl Into<String>) -> Self {
        Self::of(check, Level::Fault, what, why, next_step)
    }

    fn of(check: &str, level: Level, what: impl Into<String>, why: &str, next_step: impl Into<String>) -> Self {
        Self { check: check.to_owned(), level, what: what.into(), why: why.to_owned(), next_step: next_step.into() }
    }
}

/// The last proof, as `status` shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastProof {
    /// When it was made.
    pub at: String,
    /// What it found.
    pub faults: Vec<Finding>,
}

/// The note under which the last proof is kept.
const NOTE: &str = "proof";

/// An envelope that has not moved for this long is not on its way.
const UNMOVED: Duration = Duration::hours(24);

/// Something that takes longer than this has not ended.
const UNENDED: Duration = Duration::hours(6);

/// Without a run for this long nobody looked.
const UNRUN: Duration = Duration::hours(48);

/// A schedule whose time went by for longer than this did not run.
const LATE: Duration = Duration::hours(1);

/// Ids named in one finding.
const NAMED: usize = 5;

fn some_of<'a>(ids: impl ExactSizeIterator<Item = &'a str>) -> String {
    let count = ids.len();
    let named = ids.take(NAMED).collect::<Vec<_>>().join(", ");
    if count > NAMED { format!("{named} and {} more", count - NAMED) } else { named }
}

impl Operations {
    /// Proves that nothing was forgotten, and keeps the result for `status`. Gives everything that was found, good
    /// and bad.
    pub async fn prove(&self) -> anyhow::Result<Vec<Finding>> {
        let mut findings = vec![self.installation().await?];
        findings.extend(self.runs().await?);
        findings.extend(self.schedules().await?);
        findings.extend(self.duties().await?);
        findings.extend(self.outbox().await?);
        findings.extend(self.holds_found().await?);
        findings.extend(self.answers_not_read().await?);
        let faults = findings.iter().filter(|f| f.level == Level::Fault).cloned().collect();
        let last = LastProof { at: instant_text(self.pipeline.now()), faults };
        self.pipeline.store.service().keep_note(NOTE, Some(&serde_json::to_string(&last)?)).await?;
        Ok(findings)
    }

    /// What the last proof found.
    pub async fn last_proof(&self) -> anyhow::Result<Option<LastProof>> {
        Ok(self
            .pipeline
            .store
            .service()
            .note_of_installation(NOTE)
            .await?
            .and_then(|text| serde_json::from_str(&text).ok()))
    }

    async fn installation(&self) -> anyhow::Result<Finding> {
        let standing = self.pipeline.standing().await?;
        Ok(if standing == Standing::Same {
            Finding::good("installation", "The database is the one that was seen here last.")
        } else {
            Finding::fault(
                "installation",
                HeldInstallation(standing).to_string(),
                "An older copy would send again what has gone.",
                format!("Find out where the database came from; then {}.", Hint::AcceptInstallation),
            )
        })
    }

    async fn runs(&self) -> anyhow::Result<Vec<Finding>> {
        let mut findings = Vec::new();
        let now = self.pipeline.now();
        let cut = self.pipeline.store.monitoring().runs_without_end(now - UNENDED).await?;
        if !cut.is_empty() {
            findings.push(Finding::fault(
                "runs",
                format!("{} runs began and did not end.", cut.len()),
                "What they were to prepare may not have been prepared.",
                format!("Run {} and read how it ends.", Hint::Run),
            ));
        }
        match self.pipeline.store.monitoring().last_run().await? {
            None => findings.push(Finding::note(
                "runs",
                "Nothing has run here yet.",
                "",
                format!("Run {}, or start the service with {}.", Hint::Run, Hint::Serve),
            )),
            Some((started, _)) if started < instant_text(now - UNRUN) => findings.push(Finding::fault(
                "runs",
                format!("The last run began at {started}."),
                "What became due since then waits unseen.",
                format!("See whether the service runs ({}), or run {}.", Hint::ListSchedules, Hint::Run),
            )),
            Some((started, _)) => findings.push(Finding::good("runs", format!("The last run began at {started}."))),
        }
        Ok(findings)
    }

    async fn schedules(&self) -> anyhow::Result<Vec<Finding>> {
        let held: Vec<_> = self.pipeline.store.service().holds().await?.into_iter().map(|hold| hold.scope).collect();
        let mut findings = Vec::new();
        for row in self.pipeline.store.service().schedules().await? {
            if held.contains(&HoldScope::Schedule(row.name.clone())) {
                continue;
            }
            let last = self.pipeline.store.service().schedule_runs(&row.name, 1).await?.into_iter().next();
            let unended = last.as_ref().is_some_and(|run| {
                run.ended_at.is_none() && run.started_at < instant_text(self.pipeline.now() - UNENDED)
            });
            let failed = last.filter(|run| run.outcome.as_deref() == Some("failed"));
            if let Some(finding) = self.schedule_fault(&row, unended) {
                findings.push(finding);
            } else if let Some(run) = failed {
                findings.push(Finding::fault(
                    "schedules",
                    format!("Schedule {} failed: {}", row.name, run.says.unwrap_or_default()),
                    "Its work is not done.",
                    format!("Correct the cause, then {}.", Hint::RunSchedule { schedule: Some(row.name.clone()) }),
                ));
            }
        }
        if findings.is_empty() {
            findings.push(Finding::good("schedules", "Every schedule ran when it was due."));
        }
        Ok(findings)
    }

    fn schedule_fault(&self, row: &ScheduleRow, unended: bool) -> Option<Finding> {
        let name = &row.name;
        let named = || Some(name.clone());
        if let Some(asks) = &row.asks {
            return Some(Finding::fault(
                "schedules",
                format!("Schedule {name} waits for a person. {asks}"),
                "It does not run until somebody decides.",
                format!(
                    "{}, or {}.",
                    Hint::RunSchedule { schedule: named() },
                    Hint::SkipSchedule { schedule: named() }
                ),
            ));
        }
        let late: DateTime<Utc> = row.next_due + LATE;
        if late < self.pipeline.now() {
            return Some(Finding::fault(
                "schedules",
                format!("Schedule {name} was due at {} and did not run.", row.next_due.format("%Y-%m-%d %H:%M UTC")),
                "No service looks after it.",
                format!("Start the service with {}, or hold the schedule if nobody needs it.", Hint::Serve),
            ));
        }
        unended.then(|| {
            Finding::fault(
                "schedules",
                format!("Schedule {name} began and has not ended."),
                "The service may have been cut off.",
                format!("See {}; run it again.", Hint::ShowSchedule { schedule: named() }),
            )
        })
    }

    /// Every open duty has a present owner, and every paper that should have been taken up was.
    async fn duties(&self) -> anyhow::Result<Vec<Finding>> {
        const PAGE: i64 = 200;
        let mut findings = Vec::new();
        if self.pipeline.store.monitoring().child_count().await? == 0 {
            return Ok(findings);
        }
        let (mut after, mut alone, mut all) = (String::new(), Vec::new(), 0_usize);
        loop {
            let page =
                self.pipeline.store.monitoring().children_with_open_duties(&after, self.pipeline.day(), PAGE).await?;
            let Some(last) = page.last() else { break };
            after.clone_from(last);
            all += page.len();
            for child in self.pipeline.store.send_plans().look_at(&page).await? {
                let row = child.open()?;
                if row.record.assigned_coordinator_on(self.pipeline.day()).is_none() {
                    alone.push(row.record.child_id.to_string());
                }
            }
        }
        if alone.is_empty() {
            findings
                .push(Finding::good("duties", format!("{all} children have open duties, each with a coordinator.")));
        } else {
            findings.push(Finding::fault(
                "duties",
                format!(
                    "{} children have open duties and no coordinator: {}.",
                    alone.len(),
                    some_of(alone.iter().map(String::as_str))
                ),
                "A duty that is nobody's is forgotten.",
                "Name a coordinator in the record; until then they are the supervisor's.",
            ));
        }
        self.pipeline.planning().plan(&PlanScope::default(), &Actor::service("nightly check"), &Silent).await?;
        if let Some((started, as_of)) = self.pipeline.store.monitoring().last_run().await? {
            let forgotten = self.pipeline.store.monitoring().forgotten(&started, &as_of).await?;
            if !forgotten.is_empty() {
                findings.push(Finding::fault(
                    "duties",
                    format!(
                        "{} documents are due and in no delivery, for: {}.",
                        forgotten.len(),
                        some_of(forgotten.iter().map(|row| row.child_id.as_str()))
                    ),
                    "The last run should have taken them up.",
                    format!("Run {}; if they stay, this is a fault of the program: please report it.", Hint::Run),
                ));
            }
        }
        Ok(findings)
    }

    async fn outbox(&self) -> anyhow::Result<Vec<Finding>> {
        let mut findings = Vec::new();
        for row in self.pipeline.store.monitoring().unmoved_since(self.pipeline.now() - UNMOVED).await? {
            let (why, next_step) = match row.state.as_str() {
                "queued" => (
                    "They should have left by now.",
                    "See whether the service runs and its channel takes anything.".to_owned(),
                ),
                "unknown" => (
                    "Nobody knows whether they arrived.",
                    format!("Ask the recipients; {} lists them.", Hint::ShowStatus),
                ),
                "printed" => {
                    ("They lie on a desk.", format!("Mail them, then {}.", Hint::MarkMailed { dispatch: None }))
                }
                "failed" => (
                    "The next hand refused them, and nobody has sent them another way.",
                    format!("{} lists them.", Hint::ShowStatus),
                ),
                "held" => (
                    "A person has to look, and has not.",
                    format!("{} lists them with the one next step.", Hint::ShowStatus),
                ),
                _ => (
                    "A worker was cut off in the middle.",
                    format!("Run {}: it finds out what became of them.", Hint::Run),
                ),
            };
            findings.push(Finding::fault(
                "outbox",
                format!("{} envelopes are {} for more than a day; the oldest is {}.", row.count, row.state, row.oldest),
                why,
                next_step,
            ));
        }
        if findings.is_empty() {
            findings.push(Finding::good("outbox", "No envelope stands still."));
        }
        Ok(findings)
    }

    async fn holds_found(&self) -> anyhow::Result<Vec<Finding>> {
        let holds = self.pipeline.store.service().holds().await?;
        Ok(holds
            .into_iter()
            .map(|hold| {
                Finding::note(
                    "holds",
                    format!(
                        "{} is held since {} by {}: {}",
                        capital(&hold.scope.to_string()),
                        hold.held_at,
                        RecordedActor::parse(&hold.held_by).shown(),
                        hold.reason
                    ),
                    "A hold never ends by itself.",
                    format!("{} ends it.", Hint::LiftHold),
                )
            })
            .collect())
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
