//! Deliver: each channel has a lane of its own, with its own workers, which claim, send and settle until nothing more
//! can go now. A relay that does not answer keeps no letter from the printer.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard},
};

use super::turns::Next;
use crate::{
    actor::Actor,
    hint::Hint,
    pipeline::{Progress, Stop, delivery::Delivery, wakeup::Coming},
    store::{Among, DispatchRow, Judged, StoredFacts, Way},
};

/// What the workers of one delivery share.
pub(super) struct Round {
    /// The most envelopes a day, by channel.
    pub(super) limits: BTreeMap<String, i64>,
    /// Channels that are paused for the rest of this delivery, with their own words.
    words: Mutex<BTreeMap<&'static str, String>>,
    /// How often in a row each channel gave no answer.
    unanswered: Mutex<BTreeMap<&'static str, u32>>,
}

impl Round {
    fn words(&self) -> MutexGuard<'_, BTreeMap<&'static str, String>> {
        self.words.lock().expect("no holder of the list panics")
    }

    fn paused(&self) -> Vec<&'static str> {
        self.words().keys().copied().collect()
    }

    pub(super) fn pause(&self, channel: &'static str, says: String) {
        tracing::error!(channel, "the channel is paused; nothing more is offered to it");
        self.words().entry(channel).or_insert(says);
    }
}

impl Round {
    fn counts(&self) -> MutexGuard<'_, BTreeMap<&'static str, u32>> {
        self.unanswered.lock().expect("no holder of the counts panics")
    }

    /// A channel answered.
    pub(super) fn answered(&self, channel: &'static str) {
        self.counts().remove(channel);
    }

    /// A channel gave no answer; tells how often in a row.
    pub(super) fn unanswered(&self, channel: &'static str) -> u32 {
        let mut counts = self.counts();
        let times = counts.entry(channel).or_default();
        *times += 1;
        *times
    }
}

/// Whether a lane's queue is known to be empty, and to stay so.
struct Empty(bool);

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

impl Delivery {
    /// Delivers everything that is queued and may go now.
    ///
    /// # Errors
    /// When the database or the disk refuses. What a channel refuses is no error: it is the envelope's state.
    pub async fn deliver_all(&self, progress: &dyn Progress, stop: &Stop, by: &Actor) -> anyhow::Result<Delivered> {
        self.pipeline.authority().may_operate(by)?;
        self.deliver_now(progress, stop).await
    }

    /// The same for a verb that has asked whether it may.
    pub(in crate::pipeline) async fn deliver_now(
        &self,
        progress: &dyn Progress,
        stop: &Stop,
    ) -> anyhow::Result<Delivered> {
        self.deliver_what_comes(Coming::nothing(), progress, stop).await
    }

    /// The same while more is being queued, until nothing more comes.
    pub(in crate::pipeline) async fn deliver_what_comes(
        &self,
        coming: Coming,
        progress: &dyn Progress,
        stop: &Stop,
    ) -> anyhow::Result<Delivered> {
        self.deliver_of(None, &self.lanes(), coming, progress, stop).await
    }

    /// Delivers what a plan sends.
    pub(in crate::pipeline) async fn deliver_plan(
        &self,
        plan: i64,
        progress: &dyn Progress,
        stop: &Stop,
    ) -> anyhow::Result<Delivered> {
        self.deliver_of(Some(plan), &self.lanes(), Coming::nothing(), progress, stop).await
    }

    /// Delivers what is queued in one lane and may go now, until nothing more comes. Who delivers lane by lane is kept by
    /// a channel that does not answer from nothing but that channel.
    ///
    /// # Errors
    /// See [`Pipeline::deliver_all`].
    pub async fn deliver_lane(&self, lane: &Way, coming: Coming, stop: &Stop) -> anyhow::Result<Delivered> {
        self.deliver_of(None, std::slice::from_ref(lane), coming, &crate::pipeline::Silent, stop).await
    }

    /// The lanes of the queue: one a channel, and one for what was queued when other channels were set up.
    #[must_use]
    pub fn lanes(&self) -> Vec<Way> {
        let mut names: Vec<&'static str> = self.pipeline.channels.values().map(|channel| channel.name()).collect();
        names.sort_unstable();
        names.dedup();
        let mut lanes: Vec<Way> = names.iter().map(|name| Way::By(name)).collect();
        lanes.push(Way::ByNoneOf(names));
        lanes
    }

    async fn deliver_of(
        &self,
        plan: Option<i64>,
        lanes: &[Way],
        coming: Coming,
        progress: &dyn Progress,
        stop: &Stop,
    ) -> anyhow::Result<Delivered> {
        let apart = self.pipeline.store.clock_apart(self.pipeline.now()).await?;
        anyhow::ensure!(
            apart <= MOST_CLOCK_APART,
            "nothing is sent: this machine's clock is {} seconds away from the database's, and leases and the record of \
             access rest on both; set the clock (check the time service) and start again",
            apart.num_seconds()
        );
        self.pipeline.look_at_trial().await?;
        let (limits, capped) = self.volume_limits().await?;
        let round = Arc::new(Round { limits, words: Mutex::new(capped), unanswered: Mutex::default() });
        let (mut running, halt) = (tokio::task::JoinSet::new(), Stop::default());
        for lane in lanes {
            let turn = Arc::new(tokio::sync::Mutex::new(Empty(false)));
            // One asks for what should not be there.
            let workers = if matches!(lane, Way::ByNoneOf(_)) { 1 } else { self.pipeline.delivery.at_once.max(1) };
            for _ in 0..workers {
                let (pipeline, round, stops) = (self.clone(), Arc::clone(&round), [stop.clone(), halt.clone()]);
                let (lane, turn, mut coming) = (lane.clone(), Arc::clone(&turn), coming.clone());
                running.spawn(async move {
                    pipeline.deliver_until_empty(plan, lane, &round, &stops, (&turn, &mut coming)).await
                });
            }
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
        for row in self.pipeline.store.service().paused_channels().await? {
            if let Some(channel) = self.pipeline.channel_named(&row.name)
                && !paused.contains_key(channel.name())
            {
                let resume = Hint::ResumeChannel { channel: Some(row.name.clone()) };
                let says = format!("{}; when that is mended, run {resume}", row.why);
                paused.insert(channel.name(), says);
            }
        }
        Ok(Delivered { attempts, paused: paused.into_iter().collect() })
    }

    /// Of a lane's workers one looks at the queue, and the next when that one has found something; where it finds
    /// nothing and nothing more comes, none of the others needs to look.
    async fn deliver_until_empty(
        &self,
        plan: Option<i64>,
        way: Way,
        round: &Round,
        stops: &[Stop],
        (turn, coming): (&tokio::sync::Mutex<Empty>, &mut Coming),
    ) -> anyhow::Result<u64> {
        let (mut attempts, mut over) = (0, coming.is_over());
        let mut looking = Some(turn.lock().await);
        while !stops.iter().any(Stop::is_set) {
            if looking.as_ref().is_some_and(|empty| empty.0) {
                break;
            }
            let among = Among { plan, way: way.clone(), paused: &round.paused() };
            let next = match self.turn_in(&way, &among, round, stops).await? {
                Next::Again => continue,
                Next::Nothing => None,
                Next::Claim(turn) => self.claim(&among).await?.map(|judged| (judged, turn)),
            };
            match (next, &mut looking) {
                (None, Some(empty)) if over => empty.0 = true,
                (None, Some(_)) => over = !coming.more().await,
                (None, None) => looking = Some(turn.lock().await),
                (Some((Judged::PutBack, _)), _) => {}
                (Some((Judged::Claimed(claimed), turn)), _) => {
                    looking = None;
                    attempts += 1;
                    if let Some((channel, says)) = self.attempt(*claimed, turn, round).await? {
                        round.pause(channel, says);
                    }
                }
            }
        }
        Ok(attempts)
    }

    async fn claim(&self, among: &Among<'_>) -> anyhow::Result<Option<Judged>> {
        let now = self.pipeline.now();
        let lease = now + chrono::Duration::seconds(self.pipeline.delivery.lease_seconds);
        let judge = |row: &DispatchRow, facts: &StoredFacts| self.judge(row, facts);
        Ok(self.pipeline.store.outbox().claim(among, &self.pipeline.worker, now, lease, &judge).await?)
    }

    /// The envelopes that left by each channel today, each once, where something leaves this machine.
    pub async fn left_today(&self) -> anyhow::Result<BTreeMap<String, i64>> {
        let today = self.pipeline.clock_day();
        let days = self.pipeline.store.service().channel_days(today).await?;
        Ok(days.into_iter().filter(|d| d.day == today).map(|d| (d.channel, d.attempts)).collect())
    }

    /// The most envelopes that each channel takes on this day without a question; and the channels that have made
    /// all that trial mode allows.
    async fn volume_limits(&self) -> anyhow::Result<(BTreeMap<String, i64>, BTreeMap<&'static str, String>)> {
        let (today, mut limits, mut capped) = (self.pipeline.clock_day(), BTreeMap::new(), BTreeMap::new());
        let trial = self.pipeline.trial.on();
        if self.pipeline.delivery.usual_volume == 0 && trial.is_none() {
            return Ok((limits, capped));
        }
        let days = self.pipeline.store.service().channel_days(today).await?;
        for channel in self.pipeline.channels.values().filter(|c| c.leaves_this_machine()) {
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
            let looked_at = self.pipeline.store.service().channel_resumed_at(channel.name()).await?;
            if looked_at.is_none_or(|at| self.pipeline.day_of(at) != today) {
                let usual = busiest.saturating_mul(self.pipeline.delivery.volume_times);
                limits.insert(channel.name().to_owned(), usual.max(self.pipeline.delivery.usual_volume));
            }
        }
        Ok((limits, capped))
    }
}
