//! All that is known of one delivery: its documents, its steps, each attempt with the answer.

use crate::{
    actor::{Actor, Permission},
    dispatch::Evidence,
    ledger::EntryItem,
    pipeline::{DispatchOperations, Refusal},
    store::{AttemptRow, DispatchRow, HistoryRow},
};

/// A delivery with its life.
#[derive(Debug, Clone)]
pub struct DispatchLife {
    pub row: DispatchRow,
    pub history: Vec<HistoryRow>,
    /// Each attempt, with what the other side answered.
    pub attempts: Vec<(AttemptRow, Evidence)>,
}

impl DispatchOperations {
    /// A delivery with its life and the answers.
    pub async fn life_of(&self, dispatch_id: &str, by: &Actor) -> anyhow::Result<DispatchLife> {
        let row = self.pipeline.authority().dispatch_for(by, Permission::SeeDelivery, dispatch_id).await?;
        let store = &self.pipeline.store;
        let history = store.outbox().history(dispatch_id).await?;
        let mut attempts = Vec::new();
        for attempt in store.outbox().attempts(dispatch_id).await? {
            let evidence = store.ledger().evidence(&row.envelope.child_id, dispatch_id, attempt.attempt).await?;
            attempts.push((attempt, evidence.unwrap_or_default()));
        }
        Ok(DispatchLife { row, history, attempts })
    }

    /// The documents of a delivery, the exact bytes with their titles. That somebody looked is recorded.
    ///
    /// # Errors
    /// [`Refusal`] when nothing was made for it, or this person may not read the child's record.
    pub async fn documents_of(&self, dispatch_id: &str, by: &Actor) -> anyhow::Result<Vec<(&'static str, Vec<u8>)>> {
        let row = self.pipeline.authority().dispatch_for(by, Permission::SeeChild, dispatch_id).await?;
        let Some(packet) = &row.packet else {
            return Err(Refusal::not_found("nothing was rendered for this dispatch").into());
        };
        let mut documents = Vec::with_capacity(packet.items.len());
        for item in &packet.items {
            let bytes = self.pipeline.store.bodies().get_body(&row.envelope.child_id, &item.body).await?;
            documents.push((item.document.title(), bytes));
        }
        let items = packet.items.iter().map(EntryItem::from).collect();
        self.pipeline.access_record().record_access(&row.envelope.child_id, Some(dispatch_id), items, by).await?;
        Ok(documents)
    }
}
