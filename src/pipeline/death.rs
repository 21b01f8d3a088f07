//! After a recorded death: every paper stops (the gate sees to that), each office is told by telephone and by nothing
//! else, and the mail of the household about its other children waits until a person has looked at it.

use std::collections::BTreeSet;

use super::{Pipeline, facts::ChildFacts};
use crate::{
    case::{CaseRecord, ChildId, Recipient},
    store::{HoldScope, StoreError},
};

/// Call an office.
const CALL: &str = "telephone-office";

/// Look at the household's mail.
const HOUSEHOLD: &str = "death-in-family";

impl Pipeline {
    /// Opens what a person does after a death, once: a call to each office that serves or knows the child, and a look
    /// at the mail to the household about its other children. Does nothing while no death is recorded.
    pub(super) async fn after_a_death(&self, facts: &ChildFacts, by: &str) -> anyhow::Result<()> {
        if !facts.have_a_death() {
            return Ok(());
        }
        let child = &facts.record.child_id;
        for office in self.offices_of(&facts.record) {
            let says = format!(
                "A death is recorded. Call {office} today; nothing is mailed to it. Then run `earlypost tasks done`."
            );
            self.store.open_task_once(child, CALL, &office, &says, self.now()).await?;
        }
        for sibling in &facts.record.child.siblings_in_program {
            self.hold_household(child, sibling, by).await?;
        }
        Ok(())
    }

    /// The same, seen from a child whose brother or sister has died: its record may come later, or name them alone.
    pub(super) async fn after_a_siblings_death(&self, record: &CaseRecord, by: &str) -> anyhow::Result<()> {
        for sibling in &record.child.siblings_in_program {
            match self.child_facts(sibling).await {
                Ok(facts) if facts.have_a_death() => {
                    self.hold_household(sibling, &record.child_id, by).await?;
                }
                Ok(_) => {}
                Err(error) if is_not_here(&error) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    async fn hold_household(&self, died: &ChildId, sibling: &ChildId, by: &str) -> anyhow::Result<()> {
        let record = match self.store.child(sibling).await {
            Ok(row) => row.record,
            // A sibling that is not in this caseload gets no mail from it.
            Err(StoreError::NotFound { .. }) => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        let says = "A death in this family is recorded. What goes to the household about this child is held: look at it, \
                    then lift each hold with `earlypost release --recipient`, and run `earlypost tasks done`.";
        let subject = format!("child {died}");
        // Once: a person who lifted the hold does not find it back the next day.
        if !self.store.open_task_once(sibling, HOUSEHOLD, &subject, says, self.now()).await? {
            return Ok(());
        }
        for member in &record.family {
            let scope = HoldScope::Recipient(Recipient::family(&member.person_id).to_string());
            self.store.hold(&scope, "a death in the family is recorded", by, self.now()).await?;
        }
        Ok(())
    }

    /// The offices that serve or know the child, in their written form; the program itself is none of them.
    fn offices_of(&self, record: &CaseRecord) -> BTreeSet<String> {
        let assigned = record.assignments.iter().map(|a| &a.organisation_id);
        let physicians = record.physicians.iter().map(|p| &p.organisation_id);
        let lines = record.in_effect().into_iter().flat_map(|v| &v.services);
        let agencies = lines.filter(|l| l.consent.stands()).filter_map(|l| l.provider_organisation.as_ref());
        let all = assigned.chain(physicians).chain(agencies).chain(&record.child.residence_lea);
        all.filter(|id| **id != self.program.program_id).map(|id| Recipient::office(id, None).to_string()).collect()
    }
}

fn is_not_here(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref::<StoreError>(), Some(StoreError::NotFound { .. }))
}
