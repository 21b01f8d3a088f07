//! Printed is not sent: until a person says that a letter was mailed or given, the gate looks again at each tick.

use super::{Pipeline, facts::ChildFacts};
use crate::dispatch::StateName;

/// Children looked at together.
const PAGE: i64 = 200;

impl Pipeline {
    /// Asks the gate again for every letter that lies in the print folder. What it refuses now goes on the pull
    /// list, what it lets go again comes off. Gives the length of the list.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn review_printed(&self) -> anyhow::Result<usize> {
        let mut after = String::new();
        loop {
            let page = self.store.children_with_letters(&after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = last.to_string();
            for child_id in &page {
                let facts = self.child_facts(child_id).await?;
                self.review_letters_of(&facts).await?;
            }
        }
        let list = self.store.pull_list().await?;
        if !list.is_empty() {
            tracing::warn!(
                letters = list.len(),
                "printed letters are to be taken out of the stack before it is mailed"
            );
        }
        Ok(list.len())
    }

    async fn review_letters_of(&self, facts: &ChildFacts) -> anyhow::Result<()> {
        for row in self.store.dispatches_of_in(&facts.record.child_id, &[StateName::Printed]).await? {
            let refusal = self.refused(&row, facts);
            let listed = self.store.pulled(&row.dispatch_id).await?;
            // Nothing is written where nothing changed: this runs every minute.
            if refusal.is_some() != listed.is_some() {
                self.store.put_on_pull_list(&row, refusal.as_ref(), self.now()).await?;
            }
        }
        Ok(())
    }
}
