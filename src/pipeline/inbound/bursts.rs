//! Many returns for one reason: the channel rests, and no address goes out of use for it.

use std::{collections::BTreeSet, sync::Arc};

use super::{apply_report::Attempted, look::Look};
use crate::{
    dispatch::email::incoming::{NO_CODE, Report},
    pipeline::Pipeline,
    store::{Matched, StoreError},
};

/// Many returns of one channel with one code.
pub(super) struct Burst {
    code: String,
    /// The dispatches that came back so far, this one included.
    dispatches: BTreeSet<String>,
}

/// The burst that a return belongs to, where it belongs to one. What came back before a person looked at the channel counts
/// no more.
pub(super) async fn burst_of(
    pipeline: &Arc<Pipeline>,
    attempted: &Attempted,
    matched: &Matched,
    report: &Report,
    look: &Look,
) -> Result<Option<Burst>, StoreError> {
    let (Some(channel), most) = (&attempted.channel, pipeline.delivery.burst_failures) else { return Ok(None) };
    let code = report.code();
    // Failures without a code are not alike.
    if most <= 0 || code == NO_CODE {
        return Ok(None);
    }
    let start = pipeline.now() - chrono::Duration::minutes(pipeline.delivery.burst_minutes);
    let since = pipeline.store.service().channel_resumed_at(channel).await?.map_or(start, |at| at.max(start));
    let before = pipeline.store.outcomes().returned_since(channel, &code, since).await?;
    let mut dispatches: BTreeSet<String> = before.into_iter().collect();
    dispatches.insert(matched.dispatch_id.clone());
    dispatches.extend(look.coming.get(&(channel.clone(), code.clone())).into_iter().flatten().cloned());
    let many = i64::try_from(dispatches.len()).unwrap_or(i64::MAX) >= most;
    Ok(many.then_some(Burst { code, dispatches }))
}

/// Pauses the channel, and puts back into use what the first returns of the burst had put out.
pub(super) async fn rest_after_burst(
    pipeline: &Arc<Pipeline>,
    attempted: &Attempted,
    burst: &Burst,
) -> Result<(), StoreError> {
    let Some(channel) = &attempted.channel else { return Ok(()) };
    let why = format!(
        "{} deliveries came back within {} minutes, all for the same reason ({}); no address was put out of use for it",
        burst.dispatches.len(),
        pipeline.delivery.burst_minutes,
        burst.code
    );
    pipeline.store.service().pause_channel(channel, &why, pipeline.now()).await?;
    for dispatch_id in &burst.dispatches {
        let child_id = pipeline.store.outbox().dispatch(dispatch_id).await?.envelope.child_id;
        let outcomes = pipeline.store.outcomes();
        outcomes.set_return_aside(&child_id, dispatch_id, "a failure notice", pipeline.now()).await?;
    }
    Ok(())
}

/// Pauses the channel after a notice that speaks of us, unless a person has looked at it since that attempt.
pub(super) async fn rest_after_refusal(
    pipeline: &Arc<Pipeline>,
    attempted: &Attempted,
    code: &str,
) -> Result<(), StoreError> {
    let Some(channel) = &attempted.channel else { return Ok(()) };
    let resumed = pipeline.store.service().channel_resumed_at(channel).await?;
    if resumed.zip(attempted.started_at).is_some_and(|(resumed, started)| started <= resumed) {
        return Ok(());
    }
    let why = format!(
        "a delivery came back for a reason that is ours ({code}): our sender, our domain, our limits, or a block list; \
         the notice stands among what was received"
    );
    pipeline.store.service().pause_channel(channel, &why, pipeline.now()).await
}
