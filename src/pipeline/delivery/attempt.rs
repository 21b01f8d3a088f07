//! Deliver one envelope: the gate in the claim, the attempt, what became of it.

use std::sync::Arc;

use anyhow::Context;
use chrono::NaiveDate;

use super::{before_first_byte::AsksAgain, outcome::Attempted, workers::Round};
use crate::{
    case::Recipient,
    disclosure::{Authorization, Point, Reason, Refusal, Verdict, decide},
    dispatch::{AttemptOutcome, Channel, Evidence, Outcome, Parcel, StateName, Turn},
    hint::Hint,
    pipeline::{
        child_facts::ChildFacts,
        delivery::Delivery,
        owed_envelopes::{packet_of, question},
    },
    store::{Claimed, DispatchRow, EndpointUse, Go, Judgement, Settlement, StoreError, StoredFacts},
};

/// An address that is used here for less than this is new.
const NEW_ADDRESS_CALENDAR_DAYS: i64 = 30;

fn cannot_go_again(id: &str) -> String {
    let (show, regenerate) =
        (Hint::ShowDispatch { dispatch: Some(id.to_owned()) }, Hint::Regenerate { dispatch: Some(id.to_owned()) });
    format!("It cannot go again as the bytes that it was (see {show}). Make papers of today with {regenerate}.")
}

fn cannot_be_made(id: &str) -> String {
    let dispatch = || Some(id.to_owned());
    format!(
        "It could not be put together for its address (see {}), and nothing left. Correct the address or the record, then run \
         {}; or try another address of theirs with {}.",
        Hint::ShowDispatch { dispatch: dispatch() },
        Hint::Regenerate { dispatch: dispatch() },
        Hint::Resend { dispatch: dispatch(), another_way: true }
    )
}

/// Why an attempt could not even begin.
pub(super) enum NotMade {
    /// The same can go later.
    Later(Evidence),
    /// The stored papers cannot be reached; the same can go when they can.
    Away(Evidence),
    /// It cannot be made as it was.
    Otherwise(Evidence),
    /// It cannot be made at all: an address, a name or what is stored of it does not allow it.
    Never(Evidence),
}

/// What is wrong with one envelope keeps no other from going. A bucket that cannot be reached is no fault of the envelope,
/// and no reason to leave it in this worker's hands; only what the database refuses ends the delivery.
fn not_made<T>(error: anyhow::Error) -> anyhow::Result<Result<T, NotMade>> {
    let why = match error.downcast::<StoreError>() {
        Ok(StoreError::Body(body)) if !body.is_about_the_paper() => {
            tracing::error!(error = %body, "an envelope waits for its stored papers");
            return Ok(Err(NotMade::Away(Evidence::of(body.to_string()))));
        }
        Ok(error) if error.is_about_one_envelope() => error.to_string(),
        Ok(error) => return Err(error.into()),
        Err(error) => innermost_last(&error),
    };
    Ok(Err(NotMade::Never(Evidence::of(format!("not sent: {why}")))))
}

/// An error with its causes, each said once.
fn innermost_last(error: &anyhow::Error) -> String {
    let mut says = String::new();
    for cause in error.chain().map(ToString::to_string) {
        if !says.contains(&cause) {
            let divider = if says.is_empty() { "" } else { ": " };
            says = format!("{says}{divider}{cause}");
        }
    }
    says
}

/// Fetching the stored documents may have taken its time: the permission is asked for again before the channel has them.
async fn begin(channel: &dyn Channel, turn: Option<Box<dyn Turn + '_>>, parcel: &Parcel) -> Outcome {
    if let Err(stopped) = parcel.may_begin().await {
        return stopped;
    }
    match turn {
        Some(turn) => turn.deliver(parcel).await,
        None => channel.deliver(parcel).await,
    }
}

impl Delivery {
    /// The gate, inside the claiming transaction, on the facts as that transaction sees them.
    pub(super) fn judge(&self, row: &DispatchRow, stored: &StoredFacts) -> Judgement {
        let Some(packet) = &row.packet else { return Judgement::RenderAnew };
        let facts = ChildFacts::of_stored(&self.pipeline, stored.clone()).for_row(row);
        // What left once may leave again as it was, or not at all: newer papers are another edition.
        let facts_now = if row.has_left { &packet.made_from } else { &facts.hash };
        let packet = packet_of(&row.envelope, packet, facts_now);
        match decide(
            &question(&row.envelope),
            &facts.facts(&self.pipeline, self.pipeline.now()),
            Point::Release(&packet),
        ) {
            Verdict::Authorized(authorization) => match self.pipeline.trial_refusal(&authorization) {
                Some(refusal) => Judgement::Refuse(refusal),
                None => self.go(row, &facts, *authorization),
            },
            Verdict::Refused(refusal) => Judgement::Refuse(refusal),
            Verdict::RenderAnew if row.has_left => Judgement::Refuse(Refusal::of(Reason::ChangedSince)),
            Verdict::RenderAnew => Judgement::RenderAnew,
        }
    }

    fn go(&self, row: &DispatchRow, facts: &ChildFacts, authorization: Authorization) -> Judgement {
        let channel = self.pipeline.channels.get(&authorization.address().kind());
        let leaves = channel.is_some_and(|c| c.leaves_this_machine());
        let wording = if row.sealed_message.is_none() && channel.is_some_and(|c| c.takes_messages()) {
            self.wording(facts, row, &authorization)
        } else {
            None
        };
        let office = matches!(row.envelope.recipient, Recipient::Office { .. });
        Judgement::Send(Box::new(Go {
            authorization,
            wording: wording.map(|words| serde_json::to_vec(&words).expect("words are plain data")),
            counts_on: (leaves && !row.has_left).then(|| self.pipeline.clock_day()),
            watches_address: Some(self.pipeline.delivery.new_address_children)
                .filter(|most| leaves && office && *most > 0),
        }))
    }

    /// One attempt, in the turn that was waited for. Gives the channel and its words where the channel is paused by it.
    pub(super) async fn attempt(
        &self,
        claimed: Claimed,
        turn: Option<Box<dyn Turn + '_>>,
        round: &Round,
    ) -> anyhow::Result<Option<(&'static str, String)>> {
        let Claimed { row, authorization, facts, attempt, counted_on, today, address } = claimed;
        let _out = self.pipeline.out.now(&row.dispatch_id, attempt);
        let facts = ChildFacts::of_stored(&self.pipeline, facts).for_row(&row);
        let channel = self
            .pipeline
            .channels
            .get(&authorization.address().kind())
            .context("the gate chose an endpoint whose channel is gone")?;
        if let Some(asked) = self.asks_first(&row, &authorization, channel.name(), today, address, round).await? {
            let why = NotMade::Later(Evidence::of("a person is asked first"));
            self.put_back(&row, attempt, counted_on, &why).await?;
            return Ok(asked);
        }
        let made = self.parcel(&facts, &row, &authorization, channel.takes_messages()).await;
        let (parcel, message_sha256) = match made.or_else(not_made)? {
            Ok(made) => made,
            Err(why) => {
                self.put_back(&row, attempt, counted_on, &why).await?;
                return Ok(None);
            }
        };
        let asks = AsksAgain { delivery: self.clone(), row: row.clone(), attempt };
        let parcel = parcel.numbered(attempt).asking(Arc::new(asks));
        let outcome = match self.with_cover(channel.as_ref(), &facts, &row, parcel).await {
            Ok(parcel) => {
                let turn = turn.filter(|_| row.channel.as_deref() == Some(channel.name()));
                let delivering = begin(channel.as_ref(), turn, &parcel);
                self.pipeline.with_lease(&row.dispatch_id, attempt, delivering).await
            }
            Err(outcome) => outcome,
        };
        if let Outcome::Permanent(_) | Outcome::Unknown(_) = &outcome {
            tracing::warn!(dispatch = row.dispatch_id, channel = channel.name(), "an envelope was not accepted");
        }
        let made = Attempted {
            facts: &facts,
            row: &row,
            authorization: &authorization,
            attempt,
            message_sha256: message_sha256.as_deref(),
            counted_on,
        };
        self.settle(&made, &outcome).await?;
        if let Some(says) = self.rests(channel.as_ref(), &outcome, round).await? {
            return Ok(Some((channel.name(), says)));
        }
        Ok(self
            .look_after(channel.as_ref(), Some(authorization.endpoint_id()), &outcome)
            .await?
            .map(|says| (channel.name(), says)))
    }

    /// An unusual number of envelopes, or many children's papers to an address that is new here, wait until a
    /// person has looked. Gives the channel, where it is the channel that waits.
    async fn asks_first(
        &self,
        row: &DispatchRow,
        authorization: &Authorization,
        channel: &'static str,
        today: i64,
        address: Option<EndpointUse>,
        round: &Round,
    ) -> Result<Option<Option<(&'static str, String)>>, StoreError> {
        let now = self.pipeline.now();
        let limit = round.limits.get(channel).copied().unwrap_or(i64::MAX);
        if today > limit && self.pipeline.trial.on().is_some() {
            let why = format!("trial mode: the {limit} messages of today are used up");
            return Ok(Some(Some((channel, why))));
        }
        if today > limit {
            let why = format!("more than {limit} envelopes in a day are unusual here");
            self.pipeline.store.service().pause_channel(channel, &why, now).await?;
            return Ok(Some(Some((channel, why))));
        }
        let Some(used) = address else { return Ok(None) };
        let new =
            (self.pipeline.clock_day() - self.pipeline.day_of(used.first_at)).num_days() < NEW_ADDRESS_CALENDAR_DAYS;
        if used.looked_at || !new || used.children <= self.pipeline.delivery.new_address_children {
            return Ok(None);
        }
        tracing::warn!(dispatch = row.dispatch_id, "many children's papers to a new address: a person is asked first");
        let why = format!("papers of {} children would go to an address that is new here", used.children);
        self.pipeline.store.service().pause_endpoint(authorization.endpoint_id(), &why, now).await?;
        Ok(Some(None))
    }

    /// An attempt that could not even begin: nothing left, and it costs no retry. Papers that had left before are
    /// not made anew; where they cannot go again as they were, a person has to look.
    async fn put_back(
        &self,
        row: &DispatchRow,
        attempt: i64,
        counted_on: Option<NaiveDate>,
        why: &NotMade,
    ) -> anyhow::Result<()> {
        let (evidence, state) = match why {
            NotMade::Later(evidence) | NotMade::Away(evidence) => (evidence, StateName::Queued),
            NotMade::Otherwise(evidence) if !row.has_left => (evidence, StateName::Queued),
            NotMade::Never(evidence) if !row.has_left => {
                tracing::warn!(dispatch = row.dispatch_id, "an envelope cannot be made");
                (evidence, StateName::Failed)
            }
            NotMade::Otherwise(evidence) | NotMade::Never(evidence) => {
                let attempts = self.pipeline.store.outbox().attempts(&row.dispatch_id).await?;
                let unknown = attempts.iter().any(|a| a.outcome == Some(AttemptOutcome::Unknown));
                (evidence, if unknown { StateName::Unknown } else { StateName::Failed })
            }
        };
        let task = if matches!(why, NotMade::Never(_)) { cannot_be_made } else { cannot_go_again };
        let task = task(&row.dispatch_id);
        let settlement = Settlement {
            dispatch_id: &row.dispatch_id,
            child_id: &row.envelope.child_id,
            attempt,
            state,
            outcome: AttemptOutcome::NotTried,
            evidence,
            not_before: matches!(why, NotMade::Away(_))
                .then(|| self.pipeline.now() + self.pipeline.delivery.wait_after(1)),
            counts: false,
            exhausted: None,
            opens: (state == StateName::Failed).then_some(("dispatch-failed", task.as_str())),
            message_sha256: None,
            entry: None,
            counted: row.channel.as_deref().zip(counted_on),
        };
        if self.pipeline.settle_ours(&settlement).await?
            && state == StateName::Queued
            && matches!(why, NotMade::Otherwise(_))
        {
            self.pipeline.store.outbox().drop_packet(&row.dispatch_id, self.pipeline.now()).await?;
        }
        Ok(())
    }
}
