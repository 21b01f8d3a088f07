//! A look at what the service would do. Nothing is written and nothing is sent: not even an import is made.

use std::collections::BTreeMap;

use crate::{
    case::{ChildId, Recipient},
    dispatch::{Envelope, StateName},
    due::{Obligation, due_items},
    pipeline::{PlanVerdict, operations::Operations, owed_envelopes::envelopes_of},
    store::DispatchRow,
};

/// An envelope that would go now.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct WouldGo {
    /// The child's id.
    pub child: String,
    /// The duties that it meets, in words.
    pub what: String,
    /// The recipient's id.
    pub recipient: String,
    /// By which channel.
    pub channel: String,
    /// The dispatch, where it stands in the outbox already; otherwise its papers would be made first.
    pub dispatch: Option<String>,
}

/// `child c-0417: Plan to the parents to family:0417-mother by folder (papers would be made first)`
impl std::fmt::Display for WouldGo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { child, what, recipient, channel, dispatch } = self;
        write!(f, "child {child}: {what} to {recipient} by {channel} ")?;
        match dispatch {
            Some(id) => write!(f, "(dispatch {id}, queued)"),
            None => f.write_str("(its papers would be made first)"),
        }
    }
}

impl Operations {
    /// Everything that an active service would offer to a channel now, by the records as they stand.
    pub async fn would_go(&self) -> anyhow::Result<Vec<WouldGo>> {
        let paused = self.pipeline.store.service().paused_channels().await?;
        let (mut found, mut after) = (Vec::new(), String::new());
        loop {
            let page = self.pipeline.store.children().child_ids_after(&after, 200).await?;
            let Some(last) = page.last() else { break };
            after = last.to_string();
            for child in &page {
                self.would_go_for(child, &mut found).await?;
            }
        }
        found.retain(|line: &WouldGo| !paused.iter().any(|pause| pause.name == line.channel));
        found.sort();
        Ok(found)
    }

    async fn would_go_for(&self, child: &ChildId, found: &mut Vec<WouldGo>) -> anyhow::Result<()> {
        let line = |envelope: &Envelope, channel: &str, dispatch: Option<String>| WouldGo {
            child: envelope.child_id.to_string(),
            what: envelope.duties().map(|(kind, ..)| kind.title()).collect::<Vec<_>>().join("; "),
            recipient: envelope.recipient.to_string(),
            channel: channel.to_owned(),
            dispatch,
        };
        for row in self.pipeline.store.outbox().dispatches_of_in(child, &[StateName::Queued]).await? {
            if row.not_before <= self.pipeline.now() && self.pipeline.preparation().refusal_now(&row).await?.is_none() {
                let channel = row.channel.clone().unwrap_or_default();
                found.push(line(&row.envelope, &channel, Some(row.dispatch_id.clone())));
            }
        }
        let facts = self.pipeline.child_facts(child).await?;
        let due = due_items(&facts.record, &self.pipeline.rules(), self.pipeline.day());
        let duties: Vec<_> = due.iter().map(Obligation::duty).collect();
        let outbox = self.pipeline.preparation().live_dispatches(child, &duties).await?;
        // What is new for a parent shares one envelope: where its line stands.
        let mut shared: BTreeMap<Recipient, usize> = BTreeMap::new();
        for obligation in due.iter().filter(|o| o.is_open_on(self.pipeline.day())) {
            for (envelope, has_it) in envelopes_of(child, obligation) {
                let stands = outbox.get(&envelope);
                let waits = |row: &DispatchRow| matches!(row.state, StateName::Held | StateName::Withheld);
                if has_it.is_none()
                    && stands.is_none_or(waits)
                    && self.pipeline.is_released(&envelope, &facts.hash).await?
                    && let PlanVerdict::Goes { channel, .. } = self.pipeline.preparation().would(&facts, &envelope)
                {
                    let joins = stands.is_none() && envelope.may_share();
                    if let Some(at) = shared.get(&envelope.recipient).filter(|_| joins) {
                        found[*at].what += &format!("; {}", envelope.obligation.title());
                        continue;
                    }
                    if joins {
                        shared.insert(envelope.recipient.clone(), found.len());
                    }
                    found.push(line(&envelope, channel, None));
                }
            }
        }
        Ok(())
    }
}
