//! Printed is not sent: until a person says that a letter was mailed or given, the gate looks again at each tick, and
//! whenever somebody asks what is to be mailed.

use std::collections::BTreeMap;

use crate::{
    clock::instant_text,
    disclosure::Refusal,
    pipeline::print::PrintRoom,
    store::{Letter, PullRow},
};

/// Children looked at together.
const PAGE: i64 = 200;

impl PrintRoom {
    /// Asks the gate again for every letter that lies in the print folder. What it refuses now goes on the pull
    /// list, what it lets go again comes off. Gives the length of the list.
    pub async fn review_printed(&self) -> anyhow::Result<usize> {
        for (Letter { row, listed }, refusal) in self.not_as_they_were().await? {
            // Nothing is written where nothing changed: this runs every minute.
            if refusal.is_some() != listed {
                self.pipeline.store.outcomes().put_on_pull_list(&row, refusal.as_ref(), self.pipeline.now()).await?;
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

    /// The letters that may not be mailed at this moment, whether or not a tick has listed them; nothing is written.
    pub(in crate::pipeline) async fn not_to_be_mailed(&self) -> anyhow::Result<Vec<PullRow>> {
        let listed = self.pipeline.store.outcomes().pull_list().await?;
        let mut listed: BTreeMap<String, PullRow> =
            listed.into_iter().map(|row| (row.dispatch.dispatch_id.clone(), row)).collect();
        let mut list = Vec::new();
        for (letter, refusal) in self.not_as_they_were().await? {
            let Some(refusal) = refusal else { continue };
            let since = instant_text(self.pipeline.now());
            let known = listed.remove(&letter.row.dispatch_id);
            list.push(known.unwrap_or(PullRow { dispatch: letter.row, refusal, since }));
        }
        list.sort_by(|a, b| a.dispatch.dispatch_id.cmp(&b.dispatch.dispatch_id));
        Ok(list)
    }

    /// Letters that are on the pull list, or ought to be, with what the gate says against them now.
    async fn not_as_they_were(&self) -> anyhow::Result<Vec<(Letter, Option<Refusal>)>> {
        let (mut after, mut found) = (String::new(), Vec::new());
        loop {
            let page = self.pipeline.store.outcomes().children_with_letters(&after, PAGE).await?;
            let Some(last) = page.last() else { return Ok(found) };
            after = last.to_string();
            let letters = self.pipeline.store.outcomes().letters_of(&page).await?;
            for letters in letters.chunk_by(|a, b| a.row.envelope.child_id == b.row.envelope.child_id) {
                let Some(first) = letters.first() else { continue };
                let facts = self.pipeline.child_facts(&first.row.envelope.child_id).await?;
                for letter in letters {
                    let refusal = self.pipeline.intake().refused(&letter.row, &facts);
                    if refusal.is_some() || letter.listed {
                        found.push((letter.clone(), refusal));
                    }
                }
            }
        }
    }
}
