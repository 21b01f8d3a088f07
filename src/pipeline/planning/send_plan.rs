//! Plan: what would go, to whom, by which channel and on what authority, and what waits; what changed since the last
//! one. A child whose facts are as before, and for whom the calendar changes nothing yet, is not looked at again.

use std::{collections::HashSet, sync::Arc};

use anyhow::Context;
use chrono::NaiveDate;
use sha2::{Digest, Sha256};

use crate::{
    actor::{Actor, Permission},
    case::{ChildId, Directory},
    disclosure::{Facts, Holds, Point, Reason, Verdict, decide},
    dispatch::Envelope,
    due::{Obligation, calendar::add_calendar_days, due_items},
    pipeline::{
        Progress,
        child_facts::ChildFacts,
        live_dispatches::line_key,
        owed_envelopes::{envelopes_of, question},
        planning::Planning,
    },
    store::{Look, PlanChanges, PlanCount, PlanRow, PlannedLine, PlannedVerdict, ToLook},
};

/// How far ahead a plan may look, in calendar days.
pub const MOST_CALENDAR_DAYS_AHEAD: i64 = 366;

/// Children in one transaction.
const PAGE: i64 = 200;

/// Pages that are read, looked at and kept at the same time.
const PAGES_AT_ONCE: usize = 3;

/// What a plan is about. Plans of one scope are a series: each is compared with the one before.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlanScope {
    /// One child only.
    pub child: Option<ChildId>,
    /// Up to this day, which must not lie before the day that counts.
    pub until: Option<NaiveDate>,
}

/// `all`, `child c-1`, `all until 2026-12-31`.
impl std::fmt::Display for PlanScope {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.child {
            Some(child) => write!(f, "child {child}")?,
            None => f.write_str("all")?,
        }
        self.until.map_or(Ok(()), |until| write!(f, " until {until}"))
    }
}

/// A finished plan.
#[derive(Debug, Clone)]
pub struct PlanReport {
    pub plan: PlanRow,
    /// Its lines by kind.
    pub counts: Vec<PlanCount>,
    /// The plan of this scope before it.
    pub before: Option<i64>,
    /// What changed since then.
    pub changes: PlanChanges,
}

/// What all looks of a plan share.
struct World {
    directory: Arc<Directory>,
    holds: Arc<Holds>,
    directory_hash: String,
    day: NaiveDate,
    until: NaiveDate,
}

impl Planning {
    /// Works out the plan of a scope and keeps it. Nothing is sent and no duty is touched.
    ///
    /// # Errors
    /// When there is no such child, the last day lies before the first or too far ahead, or the database refuses.
    pub async fn plan(&self, scope: &PlanScope, by: &Actor, progress: &dyn Progress) -> anyhow::Result<PlanReport> {
        match &scope.child {
            Some(child) => self.pipeline.authority().allow_for(by, Permission::SeeBoards, child).await?,
            None => self.pipeline.authority().allow_for_all(by, Permission::SeeBoards)?,
        }
        let day = self.pipeline.day();
        let until = scope.until.unwrap_or(day);
        anyhow::ensure!(until >= day, "{until} lies before {day}, the day that counts; a plan looks ahead");
        anyhow::ensure!(
            until <= add_calendar_days(day, MOST_CALENDAR_DAYS_AHEAD),
            "a plan looks at most {MOST_CALENDAR_DAYS_AHEAD} calendar days ahead"
        );
        if let Some(child) = &scope.child {
            self.pipeline.store.children().child(child).await?;
        }
        let (directory, directory_hash) = self.pipeline.store.children().directory().await?;
        let holds = Arc::new(self.pipeline.store.service().standing_holds().await?);
        let world = Arc::new(World { directory, holds, directory_hash, day, until });
        let name = scope.to_string();
        let plan_id =
            self.pipeline.store.send_plans().start_plan(&name, day, until, &by.recorded(), self.pipeline.now()).await?;
        // Only the plan of today over all children is remembered: it is the one that is made again and again.
        let remember = (scope == &PlanScope::default()).then(|| self.world_hash(&world));
        progress.stage("plan", 0);
        let mut running = tokio::task::JoinSet::new();
        let mut looked = 0;
        let mut after = String::new();
        loop {
            let page = match (&scope.child, &remember) {
                (Some(_), _) if !after.is_empty() => Vec::new(),
                (Some(child), _) => self.pipeline.store.send_plans().look_at(&[child.to_string()]).await?,
                (None, Some(world)) => {
                    self.pipeline.store.send_plans().children_to_look(&after, world, day, PAGE).await?
                }
                (None, None) => {
                    let ids = self.pipeline.store.children().child_ids_after(&after, PAGE).await?;
                    self.pipeline
                        .store
                        .send_plans()
                        .look_at(&ids.iter().map(ToString::to_string).collect::<Vec<_>>())
                        .await?
                }
            };
            let Some(last) = page.last() else { break };
            after = last.child_id.to_string();
            looked += i64::try_from(page.len())?;
            if running.len() >= PAGES_AT_ONCE {
                running.join_next().await.context("a page is running")???;
            }
            for _ in &page {
                progress.step();
            }
            let (pipeline, world, name, remember) = (self.clone(), Arc::clone(&world), name.clone(), remember.clone());
            running.spawn(async move { pipeline.look_and_keep(plan_id, &name, page, world, remember).await });
        }
        while let Some(done) = running.join_next().await {
            done??;
        }
        self.pipeline.store.send_plans().end_plan(plan_id, looked, self.pipeline.now()).await?;
        self.plan_report(plan_id, by).await
    }

    /// A plan that was made, as it stands now.
    ///
    /// # Errors
    /// When there is none with this number, or the database refuses.
    pub async fn plan_report(&self, plan_id: i64, by: &Actor) -> anyhow::Result<PlanReport> {
        self.pipeline.authority().allow(by, Permission::SeeBoards)?;
        let plan = self.pipeline.store.send_plans().plan(plan_id).await?;
        let before = self.pipeline.store.send_plans().plan_before(&plan.scope, plan_id).await?;
        let changes = match before {
            Some(before) => self.pipeline.store.send_plans().plan_changes(&plan, before).await?,
            None => PlanChanges::default(),
        };
        let counts = self.pipeline.store.send_plans().plan_counts(&plan).await?;
        Ok(PlanReport { plan, counts, before, changes })
    }

    async fn look_and_keep(
        self,
        plan_id: i64,
        scope: &str,
        page: Vec<ToLook>,
        world: Arc<World>,
        remember: Option<String>,
    ) -> anyhow::Result<()> {
        let day = world.day;
        let pipeline = self.clone();
        // Reading records and deciding is work for a processor: it must not stand in the way of those who wait.
        let looks = tokio::task::spawn_blocking(move || {
            page.into_iter().map(|child| pipeline.look(child, &world)).collect::<anyhow::Result<Vec<_>>>()
        })
        .await??;
        self.pipeline
            .store
            .send_plans()
            .keep_looks(plan_id, scope, &looks, remember.as_deref().map(|world| (world, day)))
            .await?;
        Ok(())
    }

    fn look(&self, child: ToLook, world: &World) -> anyhow::Result<Look> {
        let (child_id, last_fact) = (child.child_id.clone(), child.last_fact.clone());
        let record_hash = child.record_hash.clone();
        let row = child.open()?;
        let holds = Arc::clone(&world.holds);
        let facts = ChildFacts {
            holds,
            ..ChildFacts::of_row(&self.pipeline, row, Arc::clone(&world.directory), &world.directory_hash)
        };
        let mut lines = self.lines_on(&facts, world.day);
        let next_change_on = if world.until > world.day {
            self.look_ahead(&facts, world, &mut lines);
            world.day
        } else {
            self.next_change(&facts, world.day, &lines)
        };
        Ok(Look { child_id, record_hash, last_fact, next_change_on, lines })
    }

    /// The lines of the days to come, each as it would be on the first day on which it may go.
    fn look_ahead(&self, facts: &ChildFacts, world: &World, lines: &mut Vec<PlannedLine>) {
        let mut seen: HashSet<_> = lines.iter().map(|line| line_key(&line.envelope)).collect();
        for day in world.day.iter_days().skip(1).take_while(|day| *day <= world.until) {
            lines.extend(self.lines_on(facts, day).into_iter().filter(|line| seen.insert(line_key(&line.envelope))));
        }
    }

    /// The next day on which a line changes by itself. It is found by trying the days ahead and not worked out, so
    /// that it is right whatever the rules are; the number of days differs by child, so that not all are looked at
    /// again on the same day.
    fn next_change(&self, facts: &ChildFacts, day: NaiveDate, lines: &[PlannedLine]) -> NaiveDate {
        let spread = facts.record.child_id.as_str().bytes().fold(0_u32, |sum, b| sum.wrapping_mul(31) + u32::from(b));
        let horizon = i64::from(5 + spread % 8);
        (1..horizon)
            .map(|ahead| add_calendar_days(day, ahead))
            .find(|later| self.lines_on(facts, *later) != lines)
            .unwrap_or_else(|| add_calendar_days(day, horizon))
    }

    /// Everything of a child that may go on `day`, and what the gate says to it.
    pub(in crate::pipeline) fn lines_on(&self, facts: &ChildFacts, day: NaiveDate) -> Vec<PlannedLine> {
        let due = if facts.have_a_death() { Vec::new() } else { due_items(&facts.record, &self.pipeline.rules(), day) };
        due.iter()
            .filter(|obligation| obligation.is_open_on(day))
            // A waived duty owes no paper any more.
            .filter(|obligation| facts.recorded.waiver(obligation.kind.as_str(), &obligation.anchor).is_none())
            .flat_map(|obligation| {
                envelopes_of(&facts.record.child_id, obligation)
                    .map(move |(envelope, has_it)| self.line(facts, day, obligation, envelope, has_it))
            })
            .collect()
    }

    fn line(
        &self,
        facts: &ChildFacts,
        day: NaiveDate,
        obligation: &Obligation,
        envelope: Envelope,
        has_it: Option<NaiveDate>,
    ) -> PlannedLine {
        let verdict = match has_it {
            Some(since) => PlannedVerdict::HasIt(since),
            None => self.gate_on(facts, day, &envelope),
        };
        PlannedLine {
            opens_on: obligation.opens_on,
            due_on: obligation.due_on,
            verdict,
            rule: self.pipeline.release_rule(&envelope),
            facts_hash: facts.hash.clone(),
            envelope,
        }
    }

    fn gate_on(&self, facts: &ChildFacts, day: NaiveDate, envelope: &Envelope) -> PlannedVerdict {
        let facts = Facts { day, ..facts.facts(&self.pipeline, self.pipeline.now()) };
        match decide(&question(envelope), &facts, Point::BeforeRender) {
            Verdict::Authorized(authorization) => PlannedVerdict::Goes {
                channel: self
                    .pipeline
                    .channels
                    .get(&authorization.address().kind())
                    .map_or("none", |c| c.name())
                    .to_owned(),
                basis: authorization.basis().words().to_owned(),
            },
            Verdict::Refused(refusal) => PlannedVerdict::Waits { reason: refusal.reason, detail: refusal.detail },
            Verdict::RenderAnew => PlannedVerdict::Waits { reason: Reason::CannotRender, detail: None },
        }
    }

    /// Everything beside the child's own facts that a plan depends on.
    fn world_hash(&self, world: &World) -> String {
        let channels: Vec<_> = self.pipeline.channels.iter().map(|(kind, channel)| (kind, channel.name())).collect();
        let mut hash = Sha256::new();
        hash.update(self.pipeline.facts_hash("", &world.directory_hash, &self.pipeline.templates.now()));
        hash.update(
            serde_json::to_vec(&(channels, &self.pipeline.release, self.pipeline.program.synthetic, &*world.holds))
                .expect("settings are plain"),
        );
        hex::encode(hash.finalize())
    }
}
