//! Deliver: claim, send, settle, until nothing more can go now.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
    time::Duration,
};

use anyhow::Context;
use sha2::{Digest, Sha256};

use super::{
    Pipeline, Progress, Stop,
    account::disclosure_entry,
    facts::ChildFacts,
    prepare::{packet_of, question},
};
use crate::{
    case::Recipient,
    disclosure::{Authorization, Point, Verdict, decide},
    dispatch::{
        Evidence, Message, Outcome, Paper, Parcel, ParcelError, StateName,
        message::{MessageHead, MessageKind, MessageView, compose},
    },
    store::{Claimed, DispatchRow, Judged, Judgement, Settlement, StoreError, StoredFacts},
    telemetry::measures,
};

/// Channels that are paused for the rest of this delivery, because they themselves are wrong.
type Paused = Arc<Mutex<BTreeSet<&'static str>>>;

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
        let paused: Paused = Arc::default();
        let words: Arc<Mutex<Vec<(&'static str, String)>>> = Arc::default();
        let mut running = tokio::task::JoinSet::new();
        for _ in 0..self.delivery.at_once.max(1) {
            let (pipeline, paused, words, stop) =
                (Arc::clone(self), Arc::clone(&paused), Arc::clone(&words), stop.clone());
            running.spawn(async move { pipeline.deliver_until_empty(plan, &paused, &words, &stop).await });
        }
        let mut attempts = 0;
        while let Some(done) = running.join_next().await {
            let done = done??;
            attempts += done;
            (0..done).for_each(|_| progress.step());
        }
        let paused = std::mem::take(&mut *words.lock().expect("no holder of the words panics"));
        Ok(Delivered { attempts, paused })
    }

    async fn deliver_until_empty(
        &self,
        plan: Option<i64>,
        paused: &Paused,
        words: &Mutex<Vec<(&'static str, String)>>,
        stop: &Stop,
    ) -> anyhow::Result<u64> {
        let mut attempts = 0;
        while !stop.is_set() {
            let skip: Vec<&'static str> =
                paused.lock().expect("no holder of the list panics").iter().copied().collect();
            let now = self.now();
            let lease = now + chrono::Duration::seconds(self.delivery.lease_seconds);
            let judge = |row: &DispatchRow, facts: &StoredFacts| self.judge(row, facts);
            match self.store.claim_of(plan, &self.worker, &skip, now, lease, &judge).await? {
                None => break,
                Some(Judged::PutBack) => {}
                Some(Judged::Claimed(claimed)) => {
                    attempts += 1;
                    if let Some((channel, says)) = self.attempt(*claimed).await?
                        && paused.lock().expect("no holder of the list panics").insert(channel)
                    {
                        tracing::error!(channel, "the channel is wrong and paused; nothing more is offered to it");
                        words.lock().expect("no holder of the words panics").push((channel, says));
                    }
                }
            }
        }
        Ok(attempts)
    }

    /// The gate, inside the claiming transaction, on the facts as that transaction sees them.
    fn judge(&self, row: &DispatchRow, stored: &StoredFacts) -> Judgement {
        let Some(packet) = &row.packet else { return Judgement::RenderAnew };
        let facts = ChildFacts::of_stored(self, stored);
        let packet = packet_of(&row.envelope, packet, &facts.hash);
        match decide(&question(&row.envelope), &facts.facts(self, self.now()), Point::Release(&packet)) {
            Verdict::Authorized(authorization) => Judgement::Send(authorization),
            Verdict::Refused(refusal) => Judgement::Refuse(refusal),
            Verdict::RenderAnew => Judgement::RenderAnew,
        }
    }

    /// One attempt. Gives the channel and its words where the channel itself is wrong.
    async fn attempt(&self, claimed: Claimed) -> anyhow::Result<Option<(&'static str, String)>> {
        let Claimed { row, authorization, attempt } = claimed;
        let facts = self.child_facts(&row.envelope.child_id).await?;
        let channel = self
            .channels
            .get(&authorization.address().kind())
            .context("the gate chose an endpoint whose channel is gone")?;
        let (parcel, message_sha256) = match self.parcel(&facts, &row, &authorization, channel.takes_messages()).await?
        {
            Ok(made) => made,
            Err(evidence) => {
                self.put_back(&row, attempt, &evidence).await?;
                return Ok(None);
            }
        };
        let outcome = self.with_lease(&row.dispatch_id, attempt, channel.deliver(&parcel.numbered(attempt))).await;
        if let Outcome::Permanent(_) | Outcome::Unknown(_) = &outcome {
            tracing::warn!(
                dispatch = row.dispatch_id,
                channel = channel.name(),
                "an envelope was not accepted; see `earlypost show`"
            );
        }
        let settled = self.settle(&facts, &row, &authorization, attempt, &outcome, message_sha256.as_deref()).await;
        match settled {
            Ok(()) => {}
            // Another worker took it over and has written what is known; writing it again would count it twice.
            Err(StoreError::LeaseLost(id)) => {
                tracing::warn!(dispatch = id, "the lease was lost before the outcome was recorded");
            }
            Err(error) => return Err(error.into()),
        }
        Ok(match outcome {
            Outcome::Misconfigured(evidence) => Some((channel.name(), evidence.reply)),
            _ => None,
        })
    }

    /// The parcel from the stored papers; their hashes must be those that were queued.
    async fn parcel(
        &self,
        facts: &ChildFacts,
        row: &DispatchRow,
        authorization: &Authorization,
        as_message: bool,
    ) -> anyhow::Result<Result<(Parcel, Option<String>), Evidence>> {
        let Some(packet) = &row.packet else { return Ok(Err(Evidence::of("it was not rendered"))) };
        let mut papers = Vec::new();
        for item in &packet.items {
            let pdf = match self.store.get_body(&row.envelope.child_id, &item.body).await {
                Ok(pdf) if hex::encode(Sha256::digest(&pdf)) == item.sha256 => pdf,
                Ok(_) | Err(StoreError::Body(_)) => {
                    return Ok(Err(Evidence::of("a stored paper is missing or was changed; it is rendered anew")));
                }
                Err(error) => return Err(error.into()),
            };
            papers.push(Paper {
                child_id: row.envelope.child_id.clone(),
                document: item.document,
                pdf: pdf.into(),
                pages: item.pages,
            });
        }
        let (message, sha256) = if as_message {
            let (message, sha256) = self.message(facts, row, authorization, &papers)?;
            if !self.same_bytes_as_before(row, &sha256).await? {
                return Ok(Err(Evidence::of(
                    "the message would not be the same bytes as the one whose outcome is unknown",
                )));
            }
            (Some(message), Some(sha256))
        } else {
            (None, None)
        };
        match Parcel::new(row.dispatch_id.clone(), authorization.clone(), papers, message, self.now()) {
            Ok(parcel) => Ok(Ok((parcel, sha256))),
            Err(error @ ParcelError::Stale) => Ok(Err(Evidence::of(error.to_string()))),
            Err(error) => Err(error.into()),
        }
    }

    /// After an unknown outcome only identical bytes under the same Message-ID may go again.
    async fn same_bytes_as_before(&self, row: &DispatchRow, sha256: &str) -> anyhow::Result<bool> {
        if row.message_sha256.as_deref().is_none_or(|before| before == sha256) {
            return Ok(true);
        }
        let attempts = self.store.attempts(&row.dispatch_id).await?;
        Ok(!attempts.iter().any(|a| a.outcome.as_deref() == Some("unknown")))
    }

    fn message(
        &self,
        facts: &ChildFacts,
        row: &DispatchRow,
        authorization: &Authorization,
        papers: &[Paper],
    ) -> anyhow::Result<(Message, String)> {
        let crate::case::Address::Email { to, .. } = authorization.address() else {
            anyhow::bail!("a message needs an e-mail address")
        };
        let from: lettre::Address = self.program.email.parse().context("program.toml: email is no e-mail address")?;
        let coordinator = facts.record.coordinator_on(self.day()).and_then(|id| facts.directory.professional(id));
        let reply_to = coordinator.and_then(|c| c.email.as_ref()).and_then(|e| e.parse().ok());
        let kind = match &row.envelope.recipient {
            Recipient::FamilyMember { .. } => MessageKind::Family,
            Recipient::Office { .. } => MessageKind::Office,
        };
        let head = MessageHead {
            dispatch_id: row.dispatch_id.clone(),
            from: lettre::message::Mailbox::new(Some(self.program.name.to_string()), from.clone()),
            reply_to,
            to: to.parse().context("the endpoint is no e-mail address")?,
            date: row.created_at,
        };
        let view = MessageView {
            program: self.program.name.to_string(),
            program_telephone: self.program.telephone.to_string(),
            caller: coordinator.map_or_else(|| self.program.name.to_string(), |c| c.name.full()),
            telephone: coordinator.and_then(|c| c.telephone.as_ref()).unwrap_or(&self.program.telephone).to_string(),
            hours: coordinator.and_then(|c| c.hours.as_ref()).map(ToString::to_string),
            papers: papers.len(),
            one_paper: papers.len() == 1,
        };
        let bytes = compose(kind, &head, &view, papers)?;
        let sha256 = hex::encode(Sha256::digest(&bytes));
        Ok((Message { from, bytes: bytes.into() }, sha256))
    }

    /// Runs an attempt and renews its lease as long as it runs.
    async fn with_lease(&self, dispatch_id: &str, attempt: i64, work: impl Future<Output = Outcome>) -> Outcome {
        let third = u64::try_from(self.delivery.lease_seconds.max(3) / 3).unwrap_or(1);
        let mut work = std::pin::pin!(work);
        loop {
            tokio::select! {
                outcome = &mut work => return outcome,
                () = tokio::time::sleep(Duration::from_secs(third)) => {
                    let now = self.now();
                    let lease = now + chrono::Duration::seconds(self.delivery.lease_seconds);
                    // A lease that cannot be renewed is found at settling, which is fenced.
                    if let Err(error) = self.store.renew(dispatch_id, attempt, now, lease).await {
                        tracing::warn!(dispatch = dispatch_id, %error, "the lease could not be renewed");
                    }
                }
            }
        }
    }

    async fn settle(
        &self,
        facts: &ChildFacts,
        row: &DispatchRow,
        authorization: &Authorization,
        attempt: i64,
        outcome: &Outcome,
        message_sha256: Option<&str>,
    ) -> Result<(), StoreError> {
        let now = self.now();
        let evidence = outcome.evidence();
        let again = now + self.delivery.wait_after(row.refusals + 1);
        let spent = row.refusals + 1 >= self.delivery.attempts;
        let (state, word, not_before, counts) = match outcome {
            Outcome::Accepted(_) => (StateName::Accepted, "accepted", None, false),
            Outcome::Printed(_) => (StateName::Printed, "printed", None, false),
            Outcome::Transient(_) if spent => (StateName::Failed, "given up after the last retry", None, true),
            Outcome::Transient(_) => (StateName::Queued, "refused for now", Some(again), true),
            Outcome::Permanent(_) => (StateName::Failed, "refused for good", None, true),
            Outcome::Unknown(_) => (StateName::Unknown, "unknown", None, false),
            Outcome::Misconfigured(_) => (StateName::Queued, "the channel is wrong", Some(again), false),
        };
        let recorded = match outcome {
            Outcome::Accepted(_) => Some("accepted"),
            Outcome::Unknown(_) => Some("unknown"),
            other if other.bytes_may_have_left() => Some("refused-after-body"),
            _ => None,
        };
        let entry =
            recorded.map(|word| disclosure_entry(facts, row, authorization, attempt, word, &self.worker, evidence));
        let settlement = Settlement {
            dispatch_id: &row.dispatch_id,
            child_id: &row.envelope.child_id,
            attempt,
            state,
            outcome: word,
            evidence,
            not_before,
            counts,
            message_sha256,
            entry,
        };
        self.store.settle(&settlement, now).await?;
        if let Some(channel) = row.channel.as_deref().and_then(|name| self.channel_named(name)) {
            measures().attempt(channel.name(), word);
        }
        if state == StateName::Failed {
            let says = "An envelope was refused for good. Look at it with `earlypost show`, mend the address or choose another way.";
            self.store.open_task(Some(&row.envelope.child_id), "dispatch-failed", &row.dispatch_id, says, now).await?;
        }
        Ok(())
    }

    /// An attempt that could not even begin: nothing left, and it costs no retry.
    async fn put_back(&self, row: &DispatchRow, attempt: i64, evidence: &Evidence) -> anyhow::Result<()> {
        let unknown_before =
            self.store.attempts(&row.dispatch_id).await?.iter().any(|a| a.outcome.as_deref() == Some("unknown"));
        let state = if unknown_before { StateName::Unknown } else { StateName::Queued };
        let settlement = Settlement {
            dispatch_id: &row.dispatch_id,
            child_id: &row.envelope.child_id,
            attempt,
            state,
            outcome: "not tried",
            evidence,
            not_before: None,
            counts: false,
            message_sha256: None,
            entry: None,
        };
        self.store.settle(&settlement, self.now()).await?;
        if state == StateName::Queued {
            self.store.drop_packet(&row.dispatch_id, self.now()).await?;
        }
        Ok(())
    }
}
