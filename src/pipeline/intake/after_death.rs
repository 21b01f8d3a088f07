//! After a recorded death: every paper stops (the gate sees to that), each office is told by telephone and by nothing
//! else, and the mail of the household about its other children waits until a person has looked at it.

use std::collections::BTreeSet;

use crate::{
    actor::Actor,
    case::{CaseRecord, ChildId, Recipient},
    hint::Hint,
    pipeline::{child_facts::ChildFacts, intake::Intake},
    store::{AfterDeath, HoldScope, Household, NewTask, StoreError},
};

/// Call an office.
const CALL: &str = "telephone-office";

/// Look at the household's mail.
const HOUSEHOLD: &str = "death-in-family";

impl Intake {
    /// Does what follows from a death in an imported record, once. Nothing while no death is recorded.
    pub(super) async fn after_a_death(&self, facts: &ChildFacts, by: &Actor) -> anyhow::Result<()> {
        if !facts.have_a_death() {
            return Ok(());
        }
        let after = self.after_death(&facts.record).await?;
        Ok(self
            .pipeline
            .store
            .outcomes()
            .follow_death(&facts.record.child_id, &after, &by.recorded(), self.pipeline.now())
            .await?)
    }

    /// The same, seen from a child whose brother or sister has died: its record may come later, or name them alone.
    pub(super) async fn after_a_siblings_death(&self, record: &CaseRecord, by: &Actor) -> anyhow::Result<()> {
        for sibling in &record.child.siblings_in_program {
            match self.pipeline.child_facts(sibling).await {
                Ok(facts) if facts.have_a_death() => {
                    let after = AfterDeath { households: vec![household(sibling, record)], ..AfterDeath::default() };
                    self.pipeline
                        .store
                        .outcomes()
                        .follow_death(sibling, &after, &by.recorded(), self.pipeline.now())
                        .await?;
                }
                Ok(_) => {}
                Err(error) if is_not_here(&error) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// What a person does after the death of this child, once: a call to each office that serves or knows the child, and a
    /// look at the mail to the household about its other children.
    pub(super) async fn after_death(&self, record: &CaseRecord) -> anyhow::Result<AfterDeath> {
        let call = |office: String| NewTask {
            kind: CALL,
            says: format!(
                "A death is recorded. Call {office} today; nothing is mailed to it. Then run {}.",
                Hint::CloseTask
            ),
            subject: office,
        };
        let mut after =
            AfterDeath { calls: self.offices_of(record).into_iter().map(call).collect(), households: Vec::new() };
        for sibling in &record.child.siblings_in_program {
            match self.pipeline.store.children().child(sibling).await {
                Ok(row) => after.households.push(household(&record.child_id, &row.record)),
                // A sibling that is not in this caseload gets no mail from it.
                Err(StoreError::NotFound { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(after)
    }

    /// The offices that serve or know the child, in their written form; the program itself is none of them.
    fn offices_of(&self, record: &CaseRecord) -> BTreeSet<String> {
        let assigned = record.assignments.iter().map(|a| &a.organisation_id);
        let physicians = record.physicians.iter().map(|p| &p.organisation_id);
        let lines = record.in_effect().into_iter().flat_map(|v| &v.services);
        let agencies = lines.filter(|l| l.consent.stands()).filter_map(|l| l.provider_organisation.as_ref());
        let all = assigned.chain(physicians).chain(agencies).chain(&record.child.residence_lea);
        all.filter(|id| **id != self.pipeline.program.program_id)
            .map(|id| Recipient::office(id, None).to_string())
            .collect()
    }
}

/// The mail to a household about one of its children, after the death of another.
fn household(died: &ChildId, of: &CaseRecord) -> Household {
    let says = format!(
        "A death in this family is recorded. What goes to the household about this child is held: look at it, then lift each \
         hold with {}, and run {}.",
        Hint::LiftRecipientHold,
        Hint::CloseTask
    );
    let member = |person| HoldScope::Recipient(Recipient::family(person).to_string());
    Household {
        child_id: of.child_id.clone(),
        task: NewTask { kind: HOUSEHOLD, subject: format!("child {died}"), says },
        holds: of.family.iter().map(|person| member(&person.person_id)).collect(),
    }
}

fn is_not_here(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref::<StoreError>(), Some(StoreError::NotFound { .. }))
}
