//! What is due now: each time of each schedule once, whoever else looks at the same rows.

use std::{path::PathBuf, sync::Arc};

use anyhow::Context;
use chrono::{DateTime, Duration, Utc};
use croner::Cron;

use super::next_time::{doubt, next_due};
use crate::{
    actor::Actor,
    app::Operator,
    clock::{instant_text, parse_instant},
    config::{Config, Missed, Role, ScheduleEntry, ServiceSettings, Work},
    hint::Hint,
    pipeline::{Finding, Level, Pipeline, Progress, Stop, TemplateNews, TemplateWatch},
    shown::with_causes,
    store::{HoldScope, NewSchedule, ScheduleRow, ScheduleRunRow},
};

/// A time that went by for longer than this was missed: no service was there.
const MISSED_AFTER: Duration = Duration::hours(1);

/// The instant at which a service was last at work.
const SEEN: &str = "clock-seen";

/// Why the clock is not believed; stands until a person says that the time is right.
const DOUBT: &str = "clock-doubt";

/// The service's work on one installation.
#[derive(Debug)]
pub struct Service {
    pub pipeline: Arc<Pipeline>,
    /// The caseload folder.
    pub caseload: PathBuf,
    pub settings: ServiceSettings,
    /// What it does and when.
    pub schedules: Vec<ScheduleEntry>,
    /// Who is told when a proof fails.
    pub operator: Option<Operator>,
    /// The folder of the program's own templates, where it has one.
    pub templates: Option<TemplateWatch>,
}

/// How far a scheduled run goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// From the import to the last envelope.
    Whole,
    /// To the queue: services that render and deliver do the rest.
    Queue,
}

/// What became of a schedule's time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ticked {
    /// It ran; in a sentence what it did.
    Ran(String),
    /// It was begun and failed.
    Failed(String),
    /// Its time had gone by and it was left out, as its policy says.
    Skipped,
    /// A person decides.
    Asks(String),
}

impl Service {
    /// The service of an installation.
    #[must_use]
    pub fn new(pipeline: Arc<Pipeline>, operator: Option<Operator>, config: &Config) -> Self {
        Self {
            pipeline,
            caseload: config.caseload.clone(),
            settings: config.service.clone(),
            schedules: config.schedules(),
            operator,
            templates: config.templates_dir.clone().map(TemplateWatch::over),
        }
    }

    /// Every schedule as it stands.
    pub async fn rows(&self) -> anyhow::Result<Vec<ScheduleRow>> {
        Ok(self.pipeline.store.service().schedules().await?)
    }

    /// The last times of a schedule.
    pub async fn last_times(&self, name: &str, limit: i64) -> anyhow::Result<Vec<ScheduleRunRow>> {
        Ok(self.pipeline.store.service().schedule_runs(name, limit).await?)
    }

    /// Whether this work is among its roles.
    #[must_use]
    pub fn does(&self, role: Role) -> bool {
        self.settings.roles.contains(&role)
    }

    /// Brings the rows in line with the settings.
    ///
    /// # Errors
    /// When an expression has no next time, or the database refuses.
    pub async fn sync(&self) -> anyhow::Result<()> {
        let now = self.pipeline.now();
        let mut wanted = Vec::new();
        for entry in &self.schedules {
            let zone = entry.zone.map_or(self.pipeline.program.time_zone.0, |zone| zone.0);
            // A service that starts for the first time runs at once: a missed night is repaired by the next tick.
            let first = match entry.work {
                Work::Run => now,
                _ => following(&entry.at, zone, now)?,
            };
            wanted.push(NewSchedule {
                name: entry.name.to_string(),
                work: entry.work.as_str(),
                expression: entry.at.clone(),
                zone: zone.name().to_owned(),
                missed: entry.missed.as_str(),
                next_due: first,
            });
        }
        self.pipeline.store.service().sync_schedules(&wanted).await?;
        Ok(())
    }

    /// Why the clock is not believed, where it is not. Notes a jump that it finds, and that somebody was here.
    pub async fn clock_doubt(&self) -> anyhow::Result<Option<String>> {
        let (doubt, seen) = self.look_at_clock().await?;
        let (store, now) = (&self.pipeline.store, self.pipeline.now());
        if let Some(says) = &doubt {
            if store.service().note_of_installation(DOUBT).await?.is_none() {
                store.service().keep_note(DOUBT, Some(says)).await?;
            }
        } else if seen.is_none_or(|seen| now - seen >= Duration::minutes(1)) {
            store.service().keep_note(SEEN, Some(&instant_text(now))).await?;
        }
        Ok(doubt)
    }

    async fn look_at_clock(&self) -> anyhow::Result<(Option<String>, Option<DateTime<Utc>>)> {
        look_at_clock(&self.pipeline, &self.settings).await
    }

    /// A person says that the time is right: work goes on from here.
    pub async fn believe_clock(&self, by: &Actor, because: &str) -> anyhow::Result<bool> {
        self.pipeline.authority().may_operate(by)?;
        let (store, now) = (&self.pipeline.store, self.pipeline.now());
        let stood = store.service().note_of_installation(DOUBT).await?.is_some();
        store.service().keep_note(SEEN, Some(&instant_text(now))).await?;
        store.service().keep_note(DOUBT, None).await?;
        if stood {
            tracing::warn!(by = by.who().id(), because, "a person believes the clock; the schedules go on");
        }
        Ok(stood)
    }

    /// Looks at the program's own templates: what was saved and works is used from now on; what does not work is named,
    /// and the last set that worked goes on.
    pub async fn look_at_templates(&self) -> anyhow::Result<TemplateNews> {
        let Some(watch) = &self.templates else { return Ok(TemplateNews::Same) };
        let news = watch.look(&self.pipeline).await?;
        match &news {
            TemplateNews::Same => {}
            TemplateNews::Taken(version) => tracing::info!(version, "the changed templates are in use"),
            TemplateNews::Kept(says) => {
                tracing::error!(says, "the changed templates do not work; the last that did go on");
                let finding = Finding {
                    check: "templates".to_owned(),
                    level: Level::Fault,
                    what: "The program's own templates do not work as they are saved.".to_owned(),
                    why: format!("The service goes on with the last that did. {}", says.replace('\n', " ")),
                    next_step: format!("Correct the file that is named, then run {}.", Hint::CheckTemplates),
                };
                if let Some(operator) = &self.operator
                    && let Err(says) = operator.tell(&[&finding], &self.pipeline).await
                {
                    tracing::error!(says, "the operator could not be told");
                }
            }
        }
        Ok(news)
    }

    /// Does what is due now. Nothing is done while the clock is not believed.
    ///
    /// # Errors
    /// When the database refuses. What a schedule's work runs into is its outcome and no error.
    pub async fn tick(&self, progress: &dyn Progress, stop: &Stop) -> anyhow::Result<Vec<(String, Ticked)>> {
        self.tick_reaching(Reach::Whole, progress, stop).await
    }

    /// The same, and a run goes as far as this.
    pub(super) async fn tick_reaching(
        &self,
        reach: Reach,
        progress: &dyn Progress,
        stop: &Stop,
    ) -> anyhow::Result<Vec<(String, Ticked)>> {
        if let Some(says) = self.clock_doubt().await? {
            tracing::error!(says, "nothing is done until a person says that the time is right");
            return Ok(Vec::new());
        }
        let store = &self.pipeline.store;
        let held: Vec<HoldScope> = store.service().holds().await?.into_iter().map(|hold| hold.scope).collect();
        let mut ticked = Vec::new();
        for row in store.service().schedules().await? {
            let now = self.pipeline.now();
            let waits = row.asks.is_some() || held.contains(&HoldScope::Schedule(row.name.clone()));
            if waits || row.next_due > now || stop.is_set() {
                continue;
            }
            if let Some(one) = self.tick_of(&row, now, reach, progress, stop).await? {
                ticked.push((row.name, one));
            }
        }
        Ok(ticked)
    }

    async fn tick_of(
        &self,
        row: &ScheduleRow,
        now: DateTime<Utc>,
        reach: Reach,
        progress: &dyn Progress,
        stop: &Stop,
    ) -> anyhow::Result<Option<Ticked>> {
        let (store, worker) = (&self.pipeline.store, self.pipeline.worker.as_str());
        let missed = now - row.next_due > MISSED_AFTER && row.last_run.is_some();
        let says = format!("Its time was {}, and no service ran then.", row.next_due.format("%Y-%m-%d %H:%M UTC"));
        if missed && row.missed == Missed::Ask.as_str() {
            store.service().ask_about_tick(row, &says, worker, now).await?;
            tracing::warn!(schedule = row.name, "a time was missed; a person decides");
            return Ok(Some(Ticked::Asks(says)));
        }
        let next = next_of(row, now)?;
        if missed && row.missed == Missed::SkipAndRecord.as_str() {
            let skipped = store.service().skip_tick(row, next, &says, worker, now).await?;
            return Ok(skipped.then_some(Ticked::Skipped));
        }
        self.run_tick(row, next, reach, progress, stop).await
    }

    /// Runs a schedule now, whatever its time; another service that has it already keeps it.
    pub async fn run_now(
        &self,
        row: &ScheduleRow,
        progress: &dyn Progress,
        stop: &Stop,
    ) -> anyhow::Result<Option<Ticked>> {
        self.run_tick(row, next_of(row, self.pipeline.now())?, Reach::Whole, progress, stop).await
    }

    /// Leaves the present time of a schedule out, because a person says so.
    pub async fn skip_now(&self, row: &ScheduleRow, because: &str, by: &Actor) -> anyhow::Result<bool> {
        self.pipeline.authority().may_operate(by)?;
        let because = &format!("{because} ({})", by.name());
        let now = self.pipeline.now();
        Ok(self
            .pipeline
            .store
            .service()
            .skip_tick(row, next_of(row, now)?, because, &self.pipeline.worker, now)
            .await?)
    }

    async fn run_tick(
        &self,
        row: &ScheduleRow,
        next: DateTime<Utc>,
        reach: Reach,
        progress: &dyn Progress,
        stop: &Stop,
    ) -> anyhow::Result<Option<Ticked>> {
        let store = &self.pipeline.store;
        let Some(id) = store.service().take_tick(row, next, &self.pipeline.worker, self.pipeline.now()).await? else {
            return Ok(None);
        };
        let result = self.work(&row.work, reach, progress, stop).await;
        let (outcome, says, ticked) = match result {
            Ok(says) => ("done", says.clone(), Ticked::Ran(says)),
            Err(error) => {
                let says = with_causes(&error);
                // One failed tick must not end the service: the next one repairs what it can.
                tracing::error!(schedule = row.name, error = says, "a schedule's work failed");
                ("failed", says.clone(), Ticked::Failed(says))
            }
        };
        store.service().end_tick(&id, outcome, &says, self.pipeline.now()).await?;
        Ok(Some(ticked))
    }

    async fn work(&self, work: &str, reach: Reach, progress: &dyn Progress, stop: &Stop) -> anyhow::Result<String> {
        match work {
            "run" => {
                let (caseload, by) = (Some(self.caseload.as_path()), Actor::service("schedule"));
                let report = match reach {
                    Reach::Whole => self.pipeline.operations().run(caseload, progress, stop, &by).await?,
                    Reach::Queue => self.pipeline.operations().run_for_others(caseload, progress, &by).await?,
                };
                tracing::info!(balance = %report.balance, attempts = report.attempts, "a run has ended");
                Ok(report.balance.to_string())
            }
            "checkpoint" => Ok(match self.pipeline.access_record().checkpoint_if_due(true).await? {
                Some(_) => "The head of the record of access was signed and kept.".to_owned(),
                None => "The record of access has not grown since the last checkpoint.".to_owned(),
            }),
            "week" => {
                self.pipeline.planning().look_at_all().await?;
                Ok(format!("{} coordinators' weeks were made.", self.pipeline.planning().keep_week().await?))
            }
            "proof" => self.proof().await,
            other => anyhow::bail!("this version does not know the work {other}"),
        }
    }

    /// The nightly proof. What it finds goes into the log and to the operator.
    async fn proof(&self) -> anyhow::Result<String> {
        let findings = self.pipeline.operations().prove().await?;
        let faults: Vec<&Finding> = findings.iter().filter(|f| f.level == Level::Fault).collect();
        if faults.is_empty() {
            return Ok("Nothing was forgotten.".to_owned());
        }
        for fault in &faults {
            tracing::error!(
                check = fault.check,
                what = fault.what,
                next_step = fault.next_step,
                "the proof found a fault"
            );
        }
        let told = match &self.operator {
            None => "nobody was told: no operator_email is set".to_owned(),
            Some(operator) => match operator.tell(&faults, &self.pipeline).await {
                Ok(()) => "the operator was told".to_owned(),
                Err(says) => {
                    tracing::error!(says, "the operator could not be told");
                    format!("the operator could not be told: {says}")
                }
            },
        };
        Ok(format!("{} things need somebody; {told}.", faults.len()))
    }
}

/// Why the clock is not believed, for somebody who only looks: nothing is noted.
pub async fn clock_doubt_seen(pipeline: &Pipeline, settings: &ServiceSettings) -> anyhow::Result<Option<String>> {
    Ok(look_at_clock(pipeline, settings).await?.0)
}

/// The doubt, and when the service was last at work.
async fn look_at_clock(
    pipeline: &Pipeline,
    settings: &ServiceSettings,
) -> anyhow::Result<(Option<String>, Option<DateTime<Utc>>)> {
    let store = &pipeline.store;
    let seen = match store.service().note_of_installation(SEEN).await? {
        Some(text) => Some(parse_instant(&text).context("the note of the last time seen")?),
        None => None,
    };
    if let Some(says) = store.service().note_of_installation(DOUBT).await? {
        return Ok((Some(says), seen));
    }
    Ok((seen.and_then(|seen| doubt(seen, pipeline.now(), settings.ask_after_calendar_days)), seen))
}

fn next_of(row: &ScheduleRow, now: DateTime<Utc>) -> anyhow::Result<DateTime<Utc>> {
    let zone = row.zone.parse().map_err(|_| anyhow::anyhow!("schedule {}: {} is no time zone", row.name, row.zone))?;
    following(&row.expression, zone, now)
}

fn following(expression: &str, zone: chrono_tz::Tz, now: DateTime<Utc>) -> anyhow::Result<DateTime<Utc>> {
    let cron: Cron = expression.parse().with_context(|| format!("`{expression}` is no cron expression"))?;
    next_due(&cron, zone, now).with_context(|| format!("`{expression}` never comes"))
}
