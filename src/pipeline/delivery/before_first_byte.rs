//! The permission of a parcel, asked for again right before its first byte.

use crate::{
    dispatch::{BeforeFirstByte, Evidence, StillAllowed},
    pipeline::delivery::Delivery,
    store::{DispatchRow, Judgement, StoreError},
};

/// The gate once more, on the facts as they are then, for an attempt that must still be ours.
pub(super) struct AsksAgain {
    pub(super) delivery: Delivery,
    pub(super) row: DispatchRow,
    pub(super) attempt: i64,
}

impl AsksAgain {
    /// Why nothing may leave, where something speaks against it.
    async fn stopped_by(&self) -> Result<Option<String>, StoreError> {
        let (pipeline, row) = (&self.delivery.pipeline, &self.row);
        if !pipeline.store.outbox().is_held_by(&row.dispatch_id, self.attempt).await? {
            return Ok(Some("another worker has taken it over".to_owned()));
        }
        let facts = pipeline.store.children().known(&row.envelope.child_id).await?;
        Ok(match self.delivery.judge(row, &facts) {
            // The machine may have slept between the decision and this line.
            Judgement::Send(go) if go.authorization.allows_sending_at(pipeline.now()) => None,
            Judgement::Send(_) => Some("the decision is older than it may be".to_owned()),
            Judgement::Refuse(refusal) => Some(refusal.to_string()),
            Judgement::RenderAnew => Some("what its documents rest on has changed".to_owned()),
        })
    }
}

impl BeforeFirstByte for AsksAgain {
    fn ask(&self) -> StillAllowed<'_> {
        Box::pin(async {
            let why = match self.stopped_by().await {
                Ok(None) => return Ok(()),
                Ok(Some(why)) => why,
                // What cannot be asked is not allowed.
                Err(error) => format!("the permission could not be asked for again ({error})"),
            };
            tracing::info!(dispatch = self.row.dispatch_id, "an envelope was stopped right before its first byte");
            Err(Evidence::of(format!("stopped right before the first byte: {why}")))
        })
    }
}
