//! Run a plan: exactly what it says. What has changed since is left out and named.

use std::path::Path;

use crate::{
    actor::Actor,
    disclosure::{Refusal, Roster},
    dispatch::StateName,
    hint::Hint,
    pipeline::{
        HeldInstallation, Progress, RunReport, Standing, Stop,
        balance::{Asked, ensure_complete},
        child_facts::ChildFacts,
        operations::Operations,
        owed_envelopes::Work,
        preparation::decide_and_render::Papers,
    },
    store::{PlanLineRow, PlannedLine, PlannedVerdict, ReleaseRule, RunKind},
};

/// A line of a plan that was not carried out.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct LeftOut {
    /// The line's number.
    pub line: i64,
    /// The child's id.
    pub child: String,
    pub recipient: String,
    /// Why, in a sentence.
    pub why: String,
}

const PAGE: i64 = 500;

impl Operations {
    /// Carries out a plan: its lines that go, that a person released where that is needed, and whose facts are the
    /// same as when the plan was made. Nothing else leaves by this run.
    ///
    /// # Errors
    /// When there is no such plan, it was made for another day, the installation is held, or the database or disk
    /// refuses.
    pub async fn run_plan(
        &self,
        plan_id: i64,
        caseload: Option<&Path>,
        progress: &dyn Progress,
        stop: &Stop,
        by: &Actor,
    ) -> anyhow::Result<(RunReport, Vec<LeftOut>)> {
        self.pipeline.authority().may_operate(by)?;
        let held = HeldInstallation(self.pipeline.standing().await?);
        if held.0 != Standing::Same {
            return Err(held.into());
        }
        let plan = self.pipeline.store.send_plans().plan(plan_id).await?;
        // What a plan looks ahead to may change until its day comes; it is released then.
        anyhow::ensure!(
            plan.until == plan.as_of,
            "plan {plan_id} looks ahead until {}; only a plan of one day can be run",
            plan.until
        );
        let import = match caseload {
            Some(folder) => Some(self.pipeline.intake().import(folder, progress, by).await?),
            None => None,
        };
        self.pipeline.delivery().recover().await?;
        let run_id =
            self.pipeline.store.service().start_run(RunKind::Plan, self.pipeline.day(), self.pipeline.now()).await?;
        let roster = Roster::new(self.pipeline.store.children().roster().await?);
        let (mut asked, mut left_out) = (Asked::default(), Vec::new());
        let mut last: Option<PlanLineRow> = None;
        let mut child: Option<(ChildFacts, Vec<PlannedLine>)> = None;
        progress.stage("prepare", 0);
        loop {
            let page = self.pipeline.store.send_plans().plan_lines(&plan, last.as_ref(), PAGE).await?;
            let Some(end) = page.last() else { break };
            last = Some(end.clone());
            for row in page {
                let child_id = &row.planned.envelope.child_id;
                if child.as_ref().is_none_or(|(facts, _)| &facts.record.child_id != child_id) {
                    if let Some((facts, lines)) = child.take() {
                        self.prepare_planned(&facts, &lines, &roster, &run_id, &mut asked).await?;
                    }
                    child = Some((self.pipeline.child_facts(child_id).await?, Vec::new()));
                }
                let Some((facts, lines)) = &mut child else { continue };
                match self.still_so(facts, &row) {
                    None => {}
                    Some(Err(why)) => left_out.push(LeftOut {
                        line: row.line,
                        child: row.planned.envelope.child_id.to_string(),
                        recipient: row.planned.envelope.recipient.to_string(),
                        why,
                    }),
                    Some(Ok(now)) => {
                        lines.push(now);
                        progress.step();
                    }
                }
            }
        }
        if let Some((facts, lines)) = child.take() {
            self.prepare_planned(&facts, &lines, &roster, &run_id, &mut asked).await?;
        }
        let ids = asked.ids();
        self.pipeline.store.send_plans().plan_sends(plan_id, &ids).await?;
        progress.stage("deliver", ids.len() as u64);
        let delivered = self.pipeline.delivery().deliver_plan(plan_id, progress, stop).await?;
        let (balance, dispatches) = self.account_for_asked(&asked).await?;
        self.pipeline.store.service().end_run(&run_id, &serde_json::to_string(&balance)?, self.pipeline.now()).await?;
        self.pipeline.renew_mark().await?;
        ensure_complete(&balance, asked.missing())?;
        let report = RunReport {
            as_of: self.pipeline.day().to_string(),
            balance,
            dispatches,
            import,
            paused: delivered.paused,
            waiting: self.waiting(&Actor::service("run")).await?,
            attempts: delivered.attempts,
            held_because: None,
        };
        Ok((report, left_out))
    }

    /// Prepares lines of a plan about one child. Lines of one parent share an envelope.
    async fn prepare_planned(
        &self,
        facts: &ChildFacts,
        lines: &[PlannedLine],
        roster: &Roster,
        run_id: &str,
        asked: &mut Asked,
    ) -> anyhow::Result<()> {
        let child_id = &facts.record.child_id;
        asked.add_due(lines.len());
        let duties: Vec<_> = lines.iter().flat_map(|line| line.envelope.duties()).collect();
        let mut live = self.pipeline.preparation().live_dispatches(child_id, &duties).await?;
        // What is shared stays as it is: it answers for this line already.
        let mut work: Vec<Work> = lines
            .iter()
            .map(|line| live.take(line.envelope.clone(), line.due_on))
            .filter(|work| work.row.as_ref().is_none_or(|row| row.envelope.shares.is_empty()))
            .collect();
        self.pipeline.preparation().prepare_together(facts, &mut work, Papers::Now(roster), run_id).await?;
        for work in &work {
            self.pipeline.preparation().prepare_envelope(facts, work, Papers::Now(roster), run_id).await?;
        }
        let live = self.pipeline.preparation().live_dispatches(child_id, &duties).await?;
        for line in lines {
            asked.place(&line.envelope, live.get(&line.envelope).map(|row| row.dispatch_id.clone()));
        }
        Ok(())
    }

    /// Whether a line is still as it was planned: nothing for one that has gone or never was to go, the line as it is
    /// now, or why it is left out.
    fn still_so(&self, facts: &ChildFacts, row: &PlanLineRow) -> Option<Result<PlannedLine, String>> {
        let planned = &row.planned;
        if !matches!(planned.verdict, PlannedVerdict::Goes { .. }) {
            return None;
        }
        if row.state.is_some_and(|s| !matches!(s, StateName::Held | StateName::Withheld | StateName::Queued)) {
            return None;
        }
        if facts.hash != planned.facts_hash {
            return Some(Err("The record, the directory, the settings or the templates changed since.".to_owned()));
        }
        let now = self
            .pipeline
            .planning()
            .lines_on(facts, self.pipeline.day())
            .into_iter()
            .find(|line| line.envelope == planned.envelope);
        let why = match now {
            None => "It is no longer owed.".to_owned(),
            Some(now) if now == *planned => {
                if now.rule == ReleaseRule::Auto || row.approved_by.is_some() {
                    return Some(Ok(now));
                }
                {
                    let approve = Hint::ApprovePlan { plan: None, line: None };
                    format!("Nobody has released it; {approve} does, with line {}.", row.line)
                }
            }
            Some(PlannedLine { verdict: PlannedVerdict::Waits { reason, detail }, .. }) => {
                Refusal { reason, detail }.to_string()
            }
            Some(_) => "It would go another way now.".to_owned(),
        };
        Some(Err(why))
    }
}
