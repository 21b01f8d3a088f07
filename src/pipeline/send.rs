//! Send: the plan of this morning, now.

use std::sync::Arc;

use super::{Pipeline, PlanVerdict, RunReport, Silent, Standing, Stop, preview::subject_of, recover::HeldInstallation};
use crate::{
    case::{ChildId, Recipient},
    dispatch::{Envelope, StateName},
    due::{DocumentKind, ObligationKind, due_items},
    store::new_id,
};

/// What a person is asked to confirm, one recipient a line. For the screen only: it names people.
#[derive(Debug, Clone)]
pub struct SendLine {
    /// The envelope.
    pub envelope: Envelope,
    /// Recipient in words.
    pub to: String,
    /// The exact address, where the gate lets it go.
    pub address: Option<String>,
    /// What the gate says now.
    pub verdict: PlanVerdict,
}

/// What `send` is about to do. For the screen only.
#[derive(Debug, Clone)]
pub struct SendPlan {
    /// The child's full name.
    pub child: String,
    /// Birth date.
    pub birth_date: String,
    /// Program number.
    pub program_number: String,
    /// The plan's version and day, where the paper is about one.
    pub version: Option<String>,
    /// One line a recipient.
    pub lines: Vec<SendLine>,
}

impl Pipeline {
    /// Works out what `send` would do: the owed envelopes of this kind, or new ones to those named.
    /// An envelope that is owed keeps its key, so that the night's run does not send it twice.
    ///
    /// # Errors
    /// When there is no such child, nothing that the paper could be about, or nobody to send it to.
    pub async fn plan_send(
        &self,
        kind: DocumentKind,
        child_id: &ChildId,
        to: &[Recipient],
    ) -> anyhow::Result<SendPlan> {
        let facts = self.child_facts(child_id).await?;
        let due = due_items(&facts.record, &self.rules(), self.day());
        let mut envelopes: Vec<Envelope> = Vec::new();
        for obligation in &due {
            for owed in obligation.owed.iter().filter(|o| o.papers.contains(&kind)) {
                if to.is_empty() || to.contains(&owed.recipient) {
                    envelopes.push(Envelope {
                        child_id: child_id.clone(),
                        obligation: obligation.kind,
                        anchor: obligation.anchor.clone(),
                        revision: obligation.revision,
                        edition: 0,
                        subject: obligation.subject.clone(),
                        recipient: owed.recipient.clone(),
                        papers: owed.papers.clone(),
                    });
                }
            }
        }
        let owed: Vec<Recipient> = envelopes.iter().map(|e| e.recipient.clone()).collect();
        for recipient in to.iter().filter(|r| !owed.contains(r)) {
            let subject = subject_of(self, &facts, kind, None)
                .ok_or_else(|| anyhow::anyhow!("child {child_id} has nothing that a {kind} could be about"))?;
            envelopes.push(Envelope {
                child_id: child_id.clone(),
                obligation: ObligationKind::OnRequest,
                anchor: new_id(self.now()),
                revision: 1,
                edition: 0,
                subject,
                recipient: recipient.clone(),
                papers: vec![kind],
            });
        }
        anyhow::ensure!(
            !envelopes.is_empty(),
            "nobody is owed a {kind} for child {child_id}; name the recipient with --to"
        );
        let standing = self.store.dispatches_of(child_id).await?;
        let lines = envelopes
            .into_iter()
            .map(|envelope| {
                let row = standing.iter().rfind(|row| {
                    row.envelope.obligation == envelope.obligation
                        && row.envelope.anchor == envelope.anchor
                        && row.envelope.revision == envelope.revision
                        && row.envelope.recipient == envelope.recipient
                });
                let waits = |state| matches!(state, StateName::Held | StateName::Withheld | StateName::Queued);
                let verdict = match row {
                    Some(row) if !waits(row.state) => PlanVerdict::Stands(row.state),
                    _ => self.would(&facts, &envelope),
                };
                SendLine {
                    to: recipient_words(&facts, &envelope.recipient),
                    address: self.address_words(&facts, &envelope),
                    envelope,
                    verdict,
                }
            })
            .collect();
        let version = facts.record.in_effect().map(|v| format!("version {} of {}", v.version, v.meeting_on));
        Ok(SendPlan {
            child: facts.record.child.legal_name.full(),
            birth_date: facts.record.child.birth_date.to_string(),
            program_number: facts.record.program_number.to_string(),
            version,
            lines,
        })
    }

    fn address_words(&self, facts: &super::facts::ChildFacts, envelope: &Envelope) -> Option<String> {
        use crate::disclosure::{Point, Verdict, decide};
        match decide(&super::prepare::question(envelope), &facts.facts(self, self.now()), Point::BeforeRender) {
            Verdict::Authorized(a) => Some(format!("{}: {}", a.address().kind().word(), a.address().in_one_line())),
            _ => None,
        }
    }

    /// Sends what was planned, and accounts for it.
    ///
    /// # Errors
    /// When the installation is held, or the database or disk refuses.
    pub async fn send(self: &Arc<Self>, plan: &SendPlan, stop: &Stop) -> anyhow::Result<RunReport> {
        let held = HeldInstallation(self.standing().await?);
        if held.0 != Standing::Same {
            return Err(held.into());
        }
        let run_id = self.store.start_run(self.day(), self.now()).await?;
        let mut ids = Vec::new();
        for line in &plan.lines {
            let obligation =
                due_items(&self.store.child(&line.envelope.child_id).await?.record, &self.rules(), self.day());
            let due_on = obligation
                .iter()
                .find(|o| o.kind == line.envelope.obligation && o.anchor == line.envelope.anchor)
                .map_or(self.day(), |o| o.due_on);
            if let Some(id) = self.prepare_one(line.envelope.clone(), due_on, &run_id).await? {
                ids.push(id);
            }
        }
        ids.sort();
        ids.dedup();
        let delivered = self.deliver_all(&Silent, stop).await?;
        let mut rows = Vec::new();
        for id in &ids {
            rows.push(self.store.dispatch(id).await?);
        }
        let balance = super::Balance::of(&rows, ids.len());
        self.store.end_run(&run_id, &serde_json::to_string(&balance)?, self.now()).await?;
        self.renew_mark().await?;
        Ok(RunReport {
            as_of: self.day().to_string(),
            balance,
            dispatches: rows.iter().map(super::DispatchLine::from).collect(),
            import: None,
            paused: delivered.paused,
            waiting: Vec::new(),
            attempts: delivered.attempts,
            held_because: None,
        })
    }
}

fn recipient_words(facts: &super::facts::ChildFacts, recipient: &Recipient) -> String {
    match recipient {
        Recipient::FamilyMember { person_id } => {
            facts.record.member(person_id).map(|m| format!("{} ({})", m.name.full(), m.relationship))
        }
        Recipient::Office { organisation_id, person_id } => {
            facts.directory.organisation(organisation_id).map(|office| {
                match person_id.as_ref().and_then(|id| facts.directory.professional(id)) {
                    Some(person) => format!("{}, {}", person.name.full(), office.name),
                    None => office.name.to_string(),
                }
            })
        }
    }
    .unwrap_or_else(|| recipient.to_string())
}
