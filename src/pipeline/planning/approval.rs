//! A person looks at the lines of a plan and approves what waits for it. What may be approved is decided here, for every
//! face.

use crate::{
    actor::{Actor, Permission},
    dispatch::StateName,
    hint::Hint,
    pipeline::{Planning, Refusal, Sight},
    store::{PlanLineRow, PlanRow, PlannedVerdict, ReleaseRule},
};

/// Lines in one look at the database.
const PAGE: i64 = 1000;

/// The lines of a plan, a page at a time: a plan over many children is never held whole.
pub struct PlanLines<'a> {
    planning: &'a Planning,
    plan: &'a PlanRow,
    sight: Sight,
    last: Option<PlanLineRow>,
}

impl PlanLines<'_> {
    /// The next lines that this person sees; `None` after the last.
    pub async fn next(&mut self) -> anyhow::Result<Option<Vec<PlanLineRow>>> {
        loop {
            let plans = self.planning.pipeline.store.send_plans();
            let mut page = plans.plan_lines(self.plan, self.last.as_ref(), PAGE).await?;
            let Some(end) = page.last() else { return Ok(None) };
            self.last = Some(end.clone());
            page.retain(|line| self.sight.sees(line.planned.envelope.child_id.as_str()));
            if !page.is_empty() {
                return Ok(Some(page));
            }
        }
    }
}

/// Whether a line goes only after a person has approved it, and nobody has.
#[must_use]
pub fn waits_for_approval(line: &PlanLineRow) -> bool {
    line.planned.rule == ReleaseRule::Approve && line.approved_by.is_none()
}

/// Approving what the gate refuses now would let it go by itself on the day on which the reason falls away.
fn may_be_approved(line: &PlanLineRow) -> bool {
    waits_for_approval(line)
        && matches!(line.planned.verdict, PlannedVerdict::Goes { .. })
        && line.state.is_none_or(|state| matches!(state, StateName::Held | StateName::Withheld))
}

impl Planning {
    /// The lines of a plan, as far as this person sees them.
    pub async fn lines_of<'a>(&'a self, plan: &'a PlanRow, by: &Actor) -> anyhow::Result<PlanLines<'a>> {
        let sight = self.pipeline.authority().sight(by, Permission::SeeBoards).await?;
        Ok(PlanLines { planning: self, plan, sight, last: None })
    }

    /// Approves lines of a plan, or all of it that waits for approval; gives the numbers of those that waited.
    ///
    /// # Errors
    /// [`Refusal`] when this person may approve no plan, or a line is named that the plan does not have.
    pub async fn approve(&self, plan_id: i64, wanted: &[i64], by: &Actor) -> anyhow::Result<Vec<i64>> {
        self.pipeline.authority().allow_for_all(by, Permission::ApprovePlan)?;
        let plan = self.pipeline.store.send_plans().plan(plan_id).await?;
        let mut approved = Vec::new();
        let mut missing: Vec<i64> = wanted.to_vec();
        let mut lines = self.lines_of(&plan, by).await?;
        while let Some(page) = lines.next().await? {
            missing.retain(|number| !page.iter().any(|line| line.line == *number));
            let chosen = page.into_iter().filter(|line| wanted.is_empty() || wanted.contains(&line.line));
            approved.extend(chosen.filter(may_be_approved));
        }
        if !missing.is_empty() {
            let missing = missing.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
            let refusal = Refusal::not_found(format!("nothing is released: plan {plan_id} has no line {missing}"));
            return Err(refusal.with_hint(Hint::ShowPlan { plan: Some(plan_id.to_string()) }).into());
        }
        let envelopes: Vec<_> =
            approved.iter().map(|line| (&line.planned.envelope, line.planned.facts_hash.as_str())).collect();
        let now = self.pipeline.now();
        self.pipeline.store.send_plans().approve(&envelopes, Some(plan_id), &by.recorded(), now).await?;
        Ok(approved.iter().map(|line| line.line).collect())
    }
}
