//! What people say about duties: waivers, excused days, reasons of lateness, a new coordinator. Each has a name and a
//! reason, and takes effect at once.

use anyhow::{Context, ensure};
use chrono::NaiveDate;

use crate::{
    actor::{Actor, Permission},
    case::{ChildId, Date, ExcusedSpan, Fact, PersonId, overlapping},
    due::ObligationKind,
    hint::{Field, Hint},
    pipeline::{authority::permission_for, intake::Intake},
};

/// What people say about duties.
#[derive(Debug, Clone)]
pub struct DutyDecisions {
    intake: Intake,
}

impl Intake {
    /// What people say about duties.
    #[must_use]
    pub fn duty_decisions(&self) -> DutyDecisions {
        DutyDecisions { intake: self.clone() }
    }
}

impl DutyDecisions {
    /// The anchor of the duty that a person means: the one named, or the only one of its kind.
    ///
    /// # Errors
    /// When the child has no such duty, or several and none was named.
    pub async fn one_duty(
        &self,
        child_id: &ChildId,
        kind: ObligationKind,
        anchor: Option<&str>,
    ) -> anyhow::Result<String> {
        let facts = self.intake.pipeline.child_facts(child_id).await?;
        self.intake.pipeline.planning().look_at(&facts).await?;
        let rows = self.intake.pipeline.store.obligations().obligations_of(child_id).await?;
        let mut anchors: Vec<String> = rows
            .into_iter()
            .filter(|row| row.kind == kind && row.status != "superseded")
            .map(|row| row.anchor)
            .collect();
        anchors.dedup();
        ensure!(
            !anchors.is_empty(),
            "nothing is recorded: child {child_id} has no duty {kind}; {} lists them",
            Hint::ExplainChild { child: Some(child_id.to_string()) }
        );
        match (anchor, &anchors[..]) {
            (Some(anchor), all) => {
                ensure!(
                    all.iter().any(|known| known == anchor),
                    "nothing is recorded: child {child_id} has no duty {kind} with the anchor {anchor}, but these: {}",
                    all.join(", ")
                );
                Ok(anchor.to_owned())
            }
            (None, [only]) => Ok(only.clone()),
            (None, several) => anyhow::bail!(
                "nothing is recorded: child {child_id} has several duties {kind}; say which with {}: {}",
                Field::Anchor,
                several.join(", ")
            ),
        }
    }

    /// Whether excused days may be recorded: they begin after the referral, not in the future, and overlap no others.
    ///
    /// # Errors
    /// When they may not, in words that say why.
    pub async fn check_excuse(&self, child_id: &ChildId, span: &ExcusedSpan) -> anyhow::Result<()> {
        let record = self.intake.pipeline.child_facts(child_id).await?.record;
        let referral = &record.referral;
        ensure!(
            span.to.is_none_or(|to| span.from <= to),
            "nothing is recorded: the last day {} lies before the first, {}",
            span.to.unwrap_or(span.from),
            span.from
        );
        ensure!(
            span.from >= referral.received_on,
            "nothing is recorded: the days begin before the referral of {}, which is day 0 of the 45",
            referral.received_on
        );
        ensure!(
            *span.from <= self.intake.pipeline.day(),
            "nothing is recorded: the days lie in the future; record them once they are there"
        );
        if let Some(other) = referral.excused.iter().find(|other| overlapping(other, span)) {
            let to = other.to.map_or_else(|| "no last day yet".to_owned(), |to| to.to_string());
            anyhow::bail!(
                "nothing is recorded: the days overlap those from {} ({to}); one day is left out once",
                other.from
            );
        }
        Ok(())
    }

    /// Records what a person said about a duty, and brings the child's duties up to date at once.
    pub async fn record_duty_fact(&self, child_id: &ChildId, fact: &Fact, by: &Actor) -> anyhow::Result<()> {
        self.intake.pipeline.authority().allow_for(by, permission_for(fact), child_id).await?;
        self.intake
            .pipeline
            .store
            .children()
            .record_fact(child_id, fact, &by.recorded(), self.intake.pipeline.now())
            .await?;
        self.look_again(child_id).await
    }

    /// The child's duties, on what is recorded now. This needs no transaction with the fact: the fact is the act, and the
    /// duties are worked out from the facts at every look, so that the next one makes up for a look that was cut off.
    async fn look_again(&self, child_id: &ChildId) -> anyhow::Result<()> {
        let facts = self.intake.pipeline.child_facts(child_id).await?;
        self.intake.pipeline.planning().look_at(&facts).await?;
        Ok(())
    }

    /// Gives one coordinator's children to another from a day on: all of them, or those named. Gives the ids.
    ///
    /// # Errors
    /// When the new coordinator is not in the directory, a named child is not the first one's, or the database refuses.
    pub async fn reassign(
        &self,
        from: &PersonId,
        to: &PersonId,
        on: NaiveDate,
        named: &[ChildId],
        reason: &str,
        by: &Actor,
    ) -> anyhow::Result<Vec<ChildId>> {
        ensure!(from != to, "nothing is recorded: both are {from}");
        let (directory, _) = self.intake.pipeline.store.children().directory().await?;
        ensure!(
            directory.professional(to).is_some(),
            "nothing is recorded: the directory has no professional {to}; add the new coordinator and import"
        );
        let mut mine = Vec::new();
        let mut after = String::new();
        loop {
            let page = self.intake.pipeline.store.children().child_ids_after(&after, 200).await?;
            let Some(last) = page.last() else { break };
            after = last.to_string();
            for child_id in page {
                let record = self.intake.pipeline.child_facts(&child_id).await?.record;
                if !record.has_left(on) && record.assigned_coordinator_on(on) == Some(from) {
                    mine.push(child_id);
                }
            }
        }
        for child_id in named {
            ensure!(mine.contains(child_id), "nothing is recorded: child {child_id} is not with {from} on {on}");
        }
        if !named.is_empty() {
            mine.retain(|child_id| named.contains(child_id));
        }
        for child_id in &mine {
            self.intake.pipeline.authority().allow_for(by, Permission::Reassign, child_id).await?;
        }
        ensure!(!mine.is_empty(), "nothing is recorded: no child is with {from} on {on}");
        let fact = Fact::CoordinatorChanged { to: to.clone(), from: Date::from(on), reason: reason.to_owned() };
        self.intake
            .pipeline
            .store
            .children()
            .record_facts_of_each(&mine, &[fact], &by.recorded(), self.intake.pipeline.now())
            .await?;
        for child_id in &mine {
            self.look_again(child_id).await.with_context(|| format!("child {child_id}"))?;
        }
        Ok(mine)
    }
}
