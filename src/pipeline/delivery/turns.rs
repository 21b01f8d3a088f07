//! Turns: what a channel makes one wait for is waited for while the envelope is still in the queue, where a revocation, an
//! order or a hold finds it. A channel that does not answer rests, and its envelopes pay nothing for it.

use std::time::Duration;

use super::workers::Round;
use crate::{
    dispatch::{Channel, Outcome, Turn},
    pipeline::{Stop, delivery::Delivery},
    store::{Among, Way},
};

/// Whoever waits for a turn looks this often whether it is to stop.
const STOP_EVERY: Duration = Duration::from_millis(250);

/// Between two tries to reach a channel.
const TRIES_APART: Duration = Duration::from_secs(1);

/// What came of waiting for a turn.
pub(super) enum Next<'a> {
    /// Nothing waits in the queue.
    Nothing,
    /// An envelope may be claimed, and goes in this turn where the channel gives turns.
    Claim(Option<Box<dyn Turn + 'a>>),
    /// There was no turn: look again.
    Again,
}

impl Delivery {
    /// Waits for a turn on a lane's channel, where something waits for it.
    pub(super) async fn turn_in(
        &self,
        lane: &Way,
        among: &Among<'_>,
        round: &Round,
        stops: &[Stop],
    ) -> anyhow::Result<Next<'_>> {
        let Way::By(name) = lane else { return Ok(Next::Claim(None)) };
        let Some(channel) = self.pipeline.channel_named(name).filter(|channel| channel.takes_turns()) else {
            return Ok(Next::Claim(None));
        };
        if !self.pipeline.store.outbox().has_next(among, self.pipeline.now()).await? {
            return Ok(Next::Nothing);
        }
        let mut waiting = channel.turn();
        let turn = loop {
            tokio::select! {
                turn = &mut waiting => break turn,
                () = tokio::time::sleep(STOP_EVERY) => {
                    if stops.iter().any(Stop::is_set) {
                        return Ok(Next::Again);
                    }
                }
            }
        };
        match turn {
            Ok(turn) => Ok(Next::Claim(turn)),
            Err(outcome) => {
                if let Some(says) = self.rests(channel.as_ref(), &outcome, round).await? {
                    round.pause(channel.name(), says);
                } else if let Some(says) = self.look_after(channel.as_ref(), None, &outcome).await? {
                    round.pause(channel.name(), says);
                } else {
                    tokio::time::sleep(TRIES_APART).await;
                }
                Ok(Next::Again)
            }
        }
    }

    /// Counts how often in a row a channel gave no answer. Gives the words with which it rests for the remainder of this
    /// delivery.
    pub(super) async fn rests(
        &self,
        channel: &dyn Channel,
        outcome: &Outcome,
        round: &Round,
    ) -> anyhow::Result<Option<String>> {
        // What stopped it was ours: it says nothing about the channel.
        if matches!(outcome, Outcome::Stopped(_)) || channel.has_partners() {
            return Ok(None);
        }
        if !outcome.is_unanswered() {
            round.answered(channel.name());
            return Ok(None);
        }
        let times = round.unanswered(channel.name());
        if times < self.pipeline.delivery.unanswered_tries.max(1) {
            return Ok(None);
        }
        self.give_way(channel.name()).await?;
        let says = outcome.evidence().reply.trim_end_matches('.').to_owned();
        Ok(Some(format!(
            "it gave no answer {times} times in a row ({says}). It rests until the next run; what waits for it stays queued"
        )))
    }

    /// What has waited for a channel for as long as it may takes its recipient's next way. Where there is none it stays in
    /// the queue: nobody else is asked to mend what the relay's return will.
    async fn give_way(&self, channel: &'static str) -> anyhow::Result<()> {
        let (outbox, now) = (self.pipeline.store.outbox(), self.pipeline.now());
        outbox.note_unreached(channel, now).await?;
        let least = self.pipeline.delivery.least_budget_hours.min(self.pipeline.delivery.budget_hours);
        for row in outbox.unreached_since(channel, now - chrono::Duration::hours(least)).await? {
            let (Some(since), Some(packet)) = (row.trying_since, &row.packet) else { continue };
            if now <= self.pipeline.delivery.give_up_at(since, self.due_at(&row)) || row.has_left {
                continue;
            }
            let facts = self.pipeline.child_facts(&row.envelope.child_id).await?.for_row(&row);
            let mut exhausted = row.exhausted.clone();
            exhausted.push(packet.endpoint_id.clone());
            if self.has_another_way(&facts, &row, &exhausted) {
                let why = "its channel gave no answer for as long as it may wait; the next address is tried";
                outbox.give_way(&row.dispatch_id, &exhausted, why, now).await?;
            }
        }
        Ok(())
    }
}
