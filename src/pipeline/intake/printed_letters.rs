//! Printed is not sent: until a person says that a letter was mailed or given, the gate looks again, with each import and
//! at each tick.

use crate::{pipeline::intake::Intake, store::Letter};

/// Children looked at together.
const PAGE: i64 = 200;

impl Intake {
    /// Asks the gate again for every letter that lies in the print folder. What it refuses now goes on the pull
    /// list, what it lets go again comes off. Gives the length of the list.
    pub(in crate::pipeline) async fn review_printed(&self) -> anyhow::Result<usize> {
        let mut after = String::new();
        loop {
            let page = self.pipeline.store.outcomes().children_with_letters(&after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = last.to_string();
            let letters = self.pipeline.store.outcomes().letters_of(&page).await?;
            for letters in letters.chunk_by(|a, b| a.row.envelope.child_id == b.row.envelope.child_id) {
                let Some(first) = letters.first() else { continue };
                let facts = self.pipeline.child_facts(&first.row.envelope.child_id).await?;
                for Letter { row, listed } in letters {
                    let refusal = self.refused(row, &facts);
                    // Nothing is written where nothing changed: this runs every minute.
                    if refusal.is_some() != *listed {
                        self.pipeline
                            .store
                            .outcomes()
                            .put_on_pull_list(row, refusal.as_ref(), self.pipeline.now())
                            .await?;
                    }
                }
            }
        }
        let list = self.pipeline.store.outcomes().pull_list().await?;
        if !list.is_empty() {
            tracing::warn!(
                letters = list.len(),
                "printed letters are to be taken out of the stack before it is mailed"
            );
        }
        Ok(list.len())
    }
}
