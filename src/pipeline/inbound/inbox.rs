//! What came back and waits for a person: listed, read, closed.

use std::sync::Arc;

use crate::{
    actor::{Actor, Permission},
    pipeline::{Pipeline, Refusal},
    store::{Closes, ReceiptRow},
};

/// What came back.
#[derive(Debug, Clone)]
pub struct Inbox {
    pipeline: Arc<Pipeline>,
}

impl Pipeline {
    /// What came back.
    #[must_use]
    pub fn inbox(self: &Arc<Self>) -> Inbox {
        Inbox { pipeline: Arc::clone(self) }
    }
}

impl Inbox {
    /// Messages that wait for a person, or all that ever came in.
    pub async fn messages(&self, all: bool, by: &Actor) -> anyhow::Result<Vec<ReceiptRow>> {
        let sight = self.pipeline.authority().sight(by, Permission::SeeDelivery).await?;
        let mut seen = Vec::new();
        for row in self.pipeline.store.outcomes().receipts(all).await? {
            let hidden = match &row.dispatch_id {
                Some(id) => !sight.sees(self.pipeline.store.outbox().dispatch(id).await?.envelope.child_id.as_str()),
                None => false,
            };
            if !hidden {
                seen.push(row);
            }
        }
        Ok(seen)
    }

    /// One message whole. A notice may carry the document back: reading it is reading the child's record, and recorded.
    pub async fn read(&self, message: &str, by: &Actor) -> anyhow::Result<(ReceiptRow, Vec<u8>)> {
        let (row, bytes) = self.pipeline.store.outcomes().receipt(message).await?;
        match &row.dispatch_id {
            Some(dispatch) => {
                let child = self
                    .pipeline
                    .authority()
                    .dispatch_for(by, Permission::HandleMail, dispatch)
                    .await?
                    .envelope
                    .child_id;
                self.pipeline.access_record().record_access(&child, Some(dispatch), Vec::new(), by).await?;
            }
            None => self.pipeline.authority().allow(by, Permission::HandleMail)?,
        }
        Ok((row, bytes))
    }

    /// A person has looked at messages; `because` is kept, and names nobody. Gives how many waited.
    pub async fn close(&self, closes: Closes<'_>, because: &str, by: &Actor) -> anyhow::Result<u64> {
        // All of a kind is everybody's mail; a message by its id is what somebody has read.
        match closes {
            Closes::These(_) => self.pipeline.authority().allow(by, Permission::HandleMail)?,
            Closes::All(_) => self.pipeline.authority().allow_for_all(by, Permission::HandleMail)?,
        }
        if because.trim().is_empty() {
            return Err(Refusal::invalid("say what came of it").into());
        }
        let now = self.pipeline.now();
        Ok(self.pipeline.store.outcomes().close_receipts(closes, &by.recorded(), because, now).await?)
    }
}
