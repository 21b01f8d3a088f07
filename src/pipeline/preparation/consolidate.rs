//! One envelope a parent, child and day: what may go to the same parent by the same way leaves together. A paper that
//! may not go yet waits alone, and a required one never waits for another.

use std::collections::BTreeMap;

use super::decide_and_render::Papers;
use crate::{
    case::Recipient,
    disclosure::{Point, Verdict, decide},
    dispatch::{DispatchState, Envelope, StateName},
    due::Obligation,
    pipeline::{
        Prepared,
        child_facts::ChildFacts,
        live_dispatches::line_key,
        owed_envelopes::{Work, envelopes_of, question, waits_for_papers},
        preparation::Preparation,
    },
    store::DispatchRow,
};

impl Preparation {
    /// Takes out of the work what goes together, and prepares it: everything new for one parent that the gate and the
    /// program let go now. Where one of the papers cannot be made, nothing is put together and each is tried alone.
    pub(in crate::pipeline) async fn prepare_together(
        &self,
        facts: &ChildFacts,
        work: &mut Vec<Work>,
        papers: Papers<'_>,
        run_id: &str,
    ) -> anyhow::Result<Prepared> {
        let mut prepared = Prepared::default();
        let mut by_parent: BTreeMap<Recipient, Vec<Work>> = BTreeMap::new();
        let mut alone = Vec::new();
        for one in work.drain(..) {
            let new_to_parent = one.row.is_none() && one.envelope.may_share();
            if new_to_parent && self.goes_now(facts, &one.envelope).await? {
                by_parent.entry(one.envelope.recipient.clone()).or_default().push(one);
            } else {
                alone.push(one);
            }
        }
        for mut parts in by_parent.into_values() {
            // What is required leads; the window of the envelope shows its first page.
            parts.sort_by_key(|one| (one.envelope.obligation.is_optional(), one.due_on));
            match parts.iter().map(|one| one.due_on).min() {
                Some(due_on) if parts.len() > 1 => {
                    let envelopes = parts.iter().map(|one| one.envelope.clone()).collect();
                    let Some(envelope) = Envelope::together(envelopes) else { continue };
                    let made = self.decide_and_render(facts, &envelope, papers).await?;
                    prepared.papers += made.papers;
                    if made.state != DispatchState::Queued {
                        alone.append(&mut parts);
                        continue;
                    }
                    let one = Work { envelope, due_on, row: None };
                    self.keep(&one, &made.state, made.packet.as_ref(), made.channel, run_id).await?;
                    prepared.envelopes += 1;
                }
                _ => alone.append(&mut parts),
            }
        }
        *work = alone;
        Ok(prepared)
    }

    /// Whether nothing keeps an envelope from being made and queued now.
    async fn goes_now(&self, facts: &ChildFacts, envelope: &Envelope) -> anyhow::Result<bool> {
        let verdict =
            decide(&question(envelope), &facts.facts(&self.pipeline, self.pipeline.now()), Point::BeforeRender);
        let Verdict::Authorized(authorization) = verdict else { return Ok(false) };
        Ok(self.pipeline.trial_refusal(&authorization).is_none()
            && self.pipeline.is_released(envelope, &facts.hash).await?)
    }

    /// Shared envelopes, of these, that have not left and have no papers, or that something stops: they are made anew
    /// together, or taken apart, so that what stops one of them does not stop the rest. Tells whether there were any.
    pub(super) async fn try_shared_again(
        &self,
        facts: &ChildFacts,
        due: &[Obligation],
        standing: &[DispatchRow],
        papers: Papers<'_>,
        run_id: &str,
    ) -> anyhow::Result<bool> {
        let mut any = false;
        for row in standing {
            let stopped = matches!(row.state, StateName::Held | StateName::Withheld);
            let anew = waits_for_papers(row) && matches!(papers, Papers::Now(_));
            if row.envelope.shares.is_empty() || row.has_left || !(stopped || anew) {
                continue;
            }
            any = true;
            if anew && let Some(envelope) = as_owed_now(&row.envelope, facts, due) {
                let narrower = facts.clone().for_row(row);
                let made = self.decide_and_render(&narrower, &envelope, papers).await?;
                if made.state == DispatchState::Queued {
                    let one = Work { envelope, due_on: row.due_on, row: Some(row.clone()) };
                    self.keep(&one, &made.state, made.packet.as_ref(), made.channel, run_id).await?;
                    continue;
                }
            }
            self.pipeline.store.outbox().take_apart(&row.dispatch_id, self.pipeline.now()).await?;
        }
        Ok(any)
    }
}

/// The same envelope as its duties owe it now; nothing where one of them owes it no more.
fn as_owed_now(envelope: &Envelope, facts: &ChildFacts, due: &[Obligation]) -> Option<Envelope> {
    let mut owed: BTreeMap<_, Envelope> = due
        .iter()
        .flat_map(|duty| envelopes_of(&facts.record.child_id, duty))
        .filter(|(_, has_it)| has_it.is_none())
        .map(|(envelope, _)| (line_key(&envelope), envelope))
        .collect();
    let parts: Option<Vec<Envelope>> = envelope.apart().iter().map(|part| owed.remove(&line_key(part))).collect();
    Envelope::together(parts?).map(|fresh| Envelope {
        edition: envelope.edition,
        enclosed: envelope.enclosed.clone(),
        ..fresh
    })
}
