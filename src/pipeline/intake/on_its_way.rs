//! What a worker has in its hands at the moment at which a stop is recorded: it may leave all the same.

use super::record_facts::StoppedLine;
use crate::{
    case::EndpointId, disclosure::Refusal, dispatch::StateName, hint::Hint, pipeline::intake::Intake,
    store::DispatchRow,
};

/// What a hold found.
#[derive(Debug, Clone)]
pub struct HeldNow {
    /// It was not held before.
    pub is_new: bool,
    /// What was being sent at that moment.
    pub on_its_way: Vec<StoppedLine>,
}

impl Intake {
    /// What is being sent at this moment and would be refused on the facts as they are now.
    ///
    /// Whoever records a stop asks after it is recorded: whatever asked the gate before is claimed by then, and whatever
    /// asks from now on is refused. So nothing leaves that neither was stopped nor is named here.
    pub(in crate::pipeline) async fn on_its_way(
        &self,
        concerns: impl Fn(&DispatchRow) -> bool,
    ) -> anyhow::Result<Vec<StoppedLine>> {
        let mut lines = Vec::new();
        for row in self.pipeline.store.outbox().sending().await?.into_iter().filter(concerns) {
            let facts = self.pipeline.child_facts(&row.envelope.child_id).await?.for_row(&row);
            if let Some(refusal) = self.refused(&row, &facts) {
                lines.push(on_its_way(&row, &refusal));
            }
        }
        Ok(lines)
    }

    /// The same for one address.
    pub(super) async fn on_its_way_to(&self, endpoint: &EndpointId) -> anyhow::Result<Vec<StoppedLine>> {
        self.on_its_way(|row| row.packet.as_ref().is_some_and(|packet| &packet.endpoint_id == endpoint)).await
    }
}

fn on_its_way(row: &DispatchRow, refusal: &Refusal) -> StoppedLine {
    StoppedLine {
        dispatch: row.dispatch_id.clone(),
        recipient: row.envelope.recipient.to_string(),
        was: StateName::Sending.to_string(),
        now: StateName::Sending.to_string(),
        place: None,
        why: refusal.to_string(),
        next_step: format!(
            "See in a minute with {} whether it left.",
            Hint::ShowDispatch { dispatch: Some(row.dispatch_id.clone()) }
        ),
    }
}

impl StoppedLine {
    /// Whether it was being sent when the stop was recorded, and may leave all the same.
    #[must_use]
    pub fn is_on_its_way(&self) -> bool {
        self.now == StateName::Sending.as_str()
    }
}
