//! Deliver: claim, send, settle, until nothing more can go now.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard},
};

use anyhow::Context;

use super::{
    Pipeline, Progress, Stop,
    facts::ChildFacts,
    lease::Out,
    outcome::Attempted,
    prepare::{packet_of, question},
};
use crate::{
    case::Recipient,
    disclosure::{Authorization, Point, Reason, Refusal, Verdict, decide},
    dispatch::{Evidence, Outcome, StateName},
    store::{Claimed, DispatchRow, EndpointUse, Go, Judged, Judgement, Settlement, StoreError, StoredFacts},
};

/// An address that is used here for less than this is new.
const NEW_ADDRESS_CALENDAR_DAYS: i64 = 30;

const CANNOT_GO_AGAIN: &str = "It cannot go again as the bytes that it was (see `earlypost show`). Make papers of today with \
                               `earlypost regenerate`.";

/// Why an attempt could not even begin.
pub(super) enum NotMade {
    /// The same can go later.
    Later(Evidence),
    /// It cannot be made as it was.
    Otherwise(Evidence),
}

/// What the workers of one delivery share.
struct Round {
    /// The most attempts a day, by channel.
    limits: BTreeMap<String, i64>,
    /// Channels that are paused for the rest of this delivery, with their own words.
    words: Mutex<BTreeMap<&'static str, String>>,
}

impl Round {
    fn words(&self) -> MutexGuard<'_, BTreeMap<&'static str, String>> {
        self.words.lock().expect("no holder of the list panics")
    }

    fn paused(&self) -> Vec<&'static str> {
        self.words().keys().copied().collect()
    }

    fn pause(&self, channel: &'static str, says: String) {
        tracing::error!(channel, "the channel is paused; nothing more is offered to it");
        self.words().entry(channel).or_insert(says);
    }
}

/// A machine whose clock is further from the database's than this sends nothing.
const MOST_CLOCK_APART: chrono::Duration = chrono::Duration::seconds(5);

/// What delivering did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Delivered {
    /// Envelopes that a channel was asked to take.
    pub attempts: u64,
    /// Channels that are wrong, with their own words.
    pub paused: Vec<(&'static str, String)>,
}

impl Pipeline {
    /// Delivers everything that is queued and may go now.
    ///
    /// # Errors
    /// When the database or the disk refuses. What a channel refuses is no error: it is the envelope's state.
    pub async fn deliver_all(self: &Arc<Self>, progress: &dyn Progress, stop: &Stop) -> anyhow::Result<Delivered> {
        self.deliver_of(None, progress, stop).await
    }

    /// Delivers what a plan sends, or everything.
    pub(super) async fn deliver_of(
        self: &Arc<Self>,
        plan: Option<i64>,
        progress: &dyn Progress,
        stop: &Stop,
    ) -> anyhow::Result<Delivered> {
        let apart = self.store.clock_apart(self.now()).await?;
        anyhow::ensure!(
            apart <= MOST_CLOCK_APART,
            "nothing is sent: this machine's clock is {} seconds away from the database's, and leases and the record of \
             access rest on both; set the clock (check the time service) and start again",
            apart.num_seconds()
        );
        self.look_at_trial().await?;
        let (limits, capped) = self.volume_limits().await?;
        let round = Arc::new(Round { limits, words: Mutex::new(capped) });
        let (mut running, halt) = (tokio::task::JoinSet::new(), Stop::default());
        for _ in 0..self.delivery.at_once.max(1) {
            let (pipeline, round, stops) = (Arc::clone(self), Arc::clone(&round), [stop.clone(), halt.clone()]);
            running.spawn(async move { pipeline.deliver_until_empty(plan, &round, &stops).await });
        }
        let (mut attempts, mut failed) = (0, None);
        while let Some(done) = running.join_next().await {
            match done.map_err(anyhow::Error::from).flatten() {
                Ok(done) => {
                    attempts += done;
                    (0..done).for_each(|_| progress.step());
                }
                // The others bring to its end what they hold: an envelope that is cut off is one that nobody knows about.
                Err(error) => {
                    halt.set();
                    failed.get_or_insert(error);
                }
            }
        }
        if let Some(error) = failed {
            return Err(error);
        }
        let mut paused = std::mem::take(&mut *round.words());
        // Those that were paused before stay paused, and are said again.
        for row in self.store.paused_channels().await? {
            if let Some(channel) = self.channel_named(&row.name)
                && !paused.contains_key(channel.name())
            {
                let says = format!("{}; when that is mended, run `earlypost channel resume {}`", row.why, row.name);
                paused.insert(channel.name(), says);
            }
        }
        Ok(Delivered { attempts, paused: paused.into_iter().collect() })
    }

    async fn deliver_until_empty(&self, plan: Option<i64>, round: &Round, stops: &[Stop]) -> anyhow::Result<u64> {
        let mut attempts = 0;
        while !stops.iter().any(Stop::is_set) {
            let now = self.now();
            let lease = now + chrono::Duration::seconds(self.delivery.lease_seconds);
            let judge = |row: &DispatchRow, facts: &StoredFacts| self.judge(row, facts);
            match self.store.claim_of(plan, &self.worker, &round.paused(), now, lease, &judge).await? {
                None => break,
                Some(Judged::PutBack) => {}
                Some(Judged::Claimed(claimed)) => {
                    attempts += 1;
                    if let Some((channel, says)) = self.attempt(*claimed, round).await? {
                        round.pause(channel, says);
                    }
                }
            }
        }
        Ok(attempts)
    }

    /// The gate, inside the claiming transaction, on the facts as that transaction sees them.
    fn judge(&self, row: &DispatchRow, stored: &StoredFacts) -> Judgement {
        let Some(packet) = &row.packet else { return Judgement::RenderAnew };
        let facts = ChildFacts::of_stored(self, stored).for_row(row);
        // What left once may leave again as it was, or not at all: newer papers are another edition.
        let facts_now = if row.has_left { &packet.made_from } else { &facts.hash };
        let packet = packet_of(&row.envelope, packet, facts_now);
        match decide(&question(&row.envelope), &facts.facts(self, self.now()), Point::Release(&packet)) {
            Verdict::Authorized(authorization) => match self.trial_refusal(&authorization) {
                Some(refusal) => Judgement::Refuse(refusal),
                None => self.go(row, &facts, *authorization),
            },
            Verdict::Refused(refusal) => Judgement::Refuse(refusal),
            Verdict::RenderAnew if row.has_left => Judgement::Refuse(Refusal::of(Reason::ChangedSince)),
            Verdict::RenderAnew => Judgement::RenderAnew,
        }
    }

    fn go(&self, row: &DispatchRow, facts: &ChildFacts, authorization: Authorization) -> Judgement {
        let channel = self.channels.get(&authorization.address().kind());
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
            counts: leaves,
            watches_address: leaves && office && self.delivery.new_address_children > 0,
        }))
    }

    /// One attempt. Gives the channel and its words where the channel is paused by it.
    async fn attempt(&self, claimed: Claimed, round: &Round) -> anyhow::Result<Option<(&'static str, String)>> {
        let Claimed { row, authorization, facts, attempt, today, address } = claimed;
        let _out = Out::now(&self.worker, &row.dispatch_id, attempt);
        let facts = ChildFacts::of_stored(self, &facts).for_row(&row);
        let channel = self
            .channels
            .get(&authorization.address().kind())
            .context("the gate chose an endpoint whose channel is gone")?;
        if let Some(asked) = self.asks_first(&row, &authorization, channel.name(), today, address, round).await? {
            let why = NotMade::Later(Evidence::of("a person is asked first"));
            self.put_back(&row, attempt, &why).await?;
            return Ok(asked);
        }
        let (parcel, message_sha256) = match self.parcel(&facts, &row, &authorization, channel.takes_messages()).await?
        {
            Ok(made) => made,
            Err(why) => {
                self.put_back(&row, attempt, &why).await?;
                return Ok(None);
            }
        };
        let outcome = match self.with_cover(channel.as_ref(), &facts, &row, parcel.numbered(attempt)).await {
            Ok(parcel) => self.with_lease(&row.dispatch_id, attempt, channel.deliver(&parcel)).await,
            // Every fax needs one: a template that does not work is a fault of the channel, not of this envelope.
            Err(error) => Outcome::Misconfigured(Evidence::of(format!("not sent: {error:#}"))),
        };
        if let Outcome::Permanent(_) | Outcome::Unknown(_) = &outcome {
            tracing::warn!(
                dispatch = row.dispatch_id,
                channel = channel.name(),
                "an envelope was not accepted; see `earlypost show`"
            );
        }
        let made = Attempted {
            facts: &facts,
            row: &row,
            authorization: &authorization,
            attempt,
            message_sha256: message_sha256.as_deref(),
        };
        self.settle(&made, &outcome).await?;
        Ok(self
            .look_after(channel.as_ref(), authorization.endpoint_id(), &outcome)
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
        let now = self.now();
        let limit = round.limits.get(channel).copied().unwrap_or(i64::MAX);
        if today > limit && self.trial.on().is_some() {
            let why = format!("trial mode: the {limit} messages of today are used up");
            return Ok(Some(Some((channel, why))));
        }
        if today > limit {
            let why = format!("more than {limit} envelopes in a day are unusual here");
            self.store.pause_channel(channel, &why, now).await?;
            return Ok(Some(Some((channel, why))));
        }
        let Some(used) = address else { return Ok(None) };
        let new = now - used.first_at < chrono::Duration::days(NEW_ADDRESS_CALENDAR_DAYS);
        if used.looked_at || !new || used.children <= self.delivery.new_address_children {
            return Ok(None);
        }
        tracing::warn!(dispatch = row.dispatch_id, "many children's papers to a new address: a person is asked first");
        let why = format!("papers of {} children would go to an address that is new here", used.children);
        self.store.pause_endpoint(authorization.endpoint_id(), &why, now).await?;
        Ok(Some(None))
    }

    /// The most attempts that each channel makes on this day without a question; and the channels that have made
    /// all that trial mode allows.
    async fn volume_limits(&self) -> anyhow::Result<(BTreeMap<String, i64>, BTreeMap<&'static str, String>)> {
        let (now, mut limits, mut capped) = (self.now(), BTreeMap::new(), BTreeMap::new());
        let trial = self.trial.on();
        if self.delivery.usual_volume == 0 && trial.is_none() {
            return Ok((limits, capped));
        }
        let today = now.date_naive().to_string();
        let days = self.store.channel_days(now).await?;
        for channel in self.channels.values().filter(|c| c.leaves_this_machine()) {
            let of_channel = || days.iter().filter(|d| d.channel == channel.name());
            if let Some(trial) = trial {
                let made = of_channel().find(|d| d.day == today).map_or(0, |d| d.attempts);
                if made >= trial.cap {
                    capped
                        .insert(channel.name(), format!("trial mode: the {} messages of today are used up", trial.cap));
                }
                limits.insert(channel.name().to_owned(), trial.cap);
                continue;
            }
            let busiest = of_channel().filter(|d| d.day != today).map(|d| d.attempts).max().unwrap_or(0);
            // A person who has looked at the channel today has answered the question for today.
            let looked_at = self.store.channel_resumed_at(channel.name()).await?;
            if looked_at.is_none_or(|at| at[..10] != today) {
                let usual = busiest.saturating_mul(self.delivery.volume_times);
                limits.insert(channel.name().to_owned(), usual.max(self.delivery.usual_volume));
            }
        }
        Ok((limits, capped))
    }
    /// An attempt that could not even begin: nothing left, and it costs no retry. Papers that had left before are
    /// not made anew; where they cannot go again as they were, a person has to look.
    async fn put_back(&self, row: &DispatchRow, attempt: i64, why: &NotMade) -> anyhow::Result<()> {
        let (evidence, state) = match why {
            NotMade::Later(evidence) => (evidence, StateName::Queued),
            NotMade::Otherwise(evidence) if !row.has_left => (evidence, StateName::Queued),
            NotMade::Otherwise(evidence) => {
                let attempts = self.store.attempts(&row.dispatch_id).await?;
                let unknown = attempts.iter().any(|a| a.outcome.as_deref() == Some("unknown"));
                (evidence, if unknown { StateName::Unknown } else { StateName::Failed })
            }
        };
        let settlement = Settlement {
            dispatch_id: &row.dispatch_id,
            child_id: &row.envelope.child_id,
            attempt,
            state,
            outcome: "not tried",
            evidence,
            not_before: None,
            counts: false,
            exhausted: None,
            opens: (state == StateName::Failed).then_some(("dispatch-failed", CANNOT_GO_AGAIN)),
            message_sha256: None,
            entry: None,
        };
        if self.settle_ours(&settlement).await? && state == StateName::Queued && matches!(why, NotMade::Otherwise(_)) {
            self.store.drop_packet(&row.dispatch_id, self.now()).await?;
        }
        Ok(())
    }
}
