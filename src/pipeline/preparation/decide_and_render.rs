//! Make: the gate before rendering, the papers, the gate on the finished packet.

use std::sync::Arc;

use anyhow::Context;
use tokio::sync::{OnceCell, mpsc};

use crate::{
    case::ChildId,
    disclosure::{Point, Reason, Refusal, Roster, Verdict, decide},
    dispatch::{DispatchState, Envelope, RenderedPacket, StateName},
    pipeline::{
        Stop,
        child_facts::ChildFacts,
        owed_envelopes::{Work, packet_of, question, waits_for_papers},
        preparation::Preparation,
    },
    store::DispatchRow,
};

/// Whether papers are made now.
#[derive(Debug, Clone, Copy)]
pub(in crate::pipeline) enum Papers<'a> {
    /// Now; the finished text is looked through for these children.
    Now(&'a Roster),
    /// By whoever renders.
    Later,
}

/// What came of deciding and rendering.
pub(in crate::pipeline) struct Made {
    pub(in crate::pipeline) state: DispatchState,
    pub(in crate::pipeline) packet: Option<RenderedPacket>,
    pub(in crate::pipeline) channel: Option<&'static str>,
    /// Papers that were rendered, whatever became of them.
    pub(super) papers: usize,
}

impl Made {
    fn refused(refusal: &Refusal, papers: usize) -> Self {
        Self { state: DispatchState::refused(refusal), packet: None, channel: None, papers }
    }
}

impl Preparation {
    /// Papers that left once are looked at as they are: they go again so, or wait for a person.
    pub(super) fn decide_as_it_left(
        &self,
        facts: &ChildFacts,
        row: &DispatchRow,
        packet: &RenderedPacket,
    ) -> (DispatchState, Option<&'static str>) {
        let as_it_left = packet_of(&row.envelope, packet, &packet.made_from);
        match decide(
            &question(&row.envelope),
            &facts.facts(&self.pipeline, self.pipeline.now()),
            Point::Finished(&as_it_left),
        ) {
            Verdict::Authorized(authorization) => {
                (DispatchState::Queued, self.pipeline.channels.get(&authorization.address().kind()).map(|c| c.name()))
            }
            Verdict::Refused(refusal) => (DispatchState::refused(&refusal), None),
            Verdict::RenderAnew => (DispatchState::refused(&Refusal::of(Reason::ChangedSince)), None),
        }
    }

    /// The gate before rendering, the papers, and the gate on the finished packet.
    pub(in crate::pipeline) async fn decide_and_render(
        &self,
        facts: &ChildFacts,
        envelope: &Envelope,
        papers: Papers<'_>,
    ) -> anyhow::Result<Made> {
        let first = decide(&question(envelope), &facts.facts(&self.pipeline, self.pipeline.now()), Point::BeforeRender);
        let authorization = match first {
            Verdict::Authorized(authorization) => authorization,
            Verdict::Refused(refusal) => return Ok(Made::refused(&refusal, 0)),
            Verdict::RenderAnew => anyhow::bail!("the gate asked for a new rendering before there was one"),
        };
        if let Some(refusal) = self.pipeline.trial_refusal(&authorization) {
            return Ok(Made::refused(&refusal, 0));
        }
        if !self.pipeline.is_released(envelope, &facts.hash).await? {
            return Ok(Made::refused(&Refusal::of(Reason::NotApproved), 0));
        }
        let Papers::Now(roster) = papers else {
            let channel = self.pipeline.channels.get(&authorization.address().kind()).map(|c| c.name());
            return Ok(Made { state: DispatchState::Queued, packet: None, channel, papers: 0 });
        };
        let packet = match self.render_packet(facts, envelope, &authorization, roster).await? {
            Ok(packet) => packet,
            Err(refusal) => return Ok(Made::refused(&refusal, 0)),
        };
        let papers = packet.items.len();
        let second = decide(
            &question(envelope),
            &facts.facts(&self.pipeline, self.pipeline.now()),
            Point::Finished(&packet_of(envelope, &packet, &facts.hash)),
        );
        Ok(match second {
            Verdict::Authorized(authorization) => Made {
                state: DispatchState::Queued,
                packet: Some(packet),
                channel: self.pipeline.channels.get(&authorization.address().kind()).map(|c| c.name()),
                papers,
            },
            // The packet is kept with its hits, so that a person's answer finds the names it is about.
            Verdict::Refused(refusal) if refusal.reason == Reason::OtherChildNamed => {
                Made { packet: Some(packet), ..Made::refused(&refusal, papers) }
            }
            Verdict::Refused(refusal) => Made::refused(&refusal, papers),
            // Midnight passed between the two looks: the next run makes it from the new facts.
            Verdict::RenderAnew => Made::refused(
                &Refusal::about(Reason::CannotRender, "the day changed while it was made; the next run makes it anew"),
                papers,
            ),
        })
    }

    /// Makes the papers of everything that waits for them, children side by side, together with every other service
    /// that does the same, and tells after each child. Gives how many children it was.
    ///
    /// # Errors
    /// When the database or the disk refuses.
    pub async fn render_waiting(&self, made: &(dyn Fn() + Sync), stop: &Stop) -> anyhow::Result<usize> {
        let roster = Arc::new(OnceCell::new());
        let mut running = tokio::task::JoinSet::new();
        // Two children more than there are rendering processes keep these busy while others wait for the database.
        let (tell, mut told) = mpsc::unbounded_channel();
        for _ in 0..self.pipeline.renderer.size() + 2 {
            let (pipeline, roster, stop, tell) = (self.clone(), Arc::clone(&roster), stop.clone(), tell.clone());
            running.spawn(async move { pipeline.render_until_empty(&roster, &tell, &stop).await });
        }
        drop(tell);
        while told.recv().await.is_some() {
            made();
        }
        let (mut children, mut failed) = (0, None);
        while let Some(done) = running.join_next().await {
            match done.map_err(anyhow::Error::from).flatten() {
                Ok(done) => children += done,
                Err(error) => failed = failed.or(Some(error)),
            }
        }
        failed.map_or(Ok(children), Err)
    }

    async fn render_until_empty(
        &self,
        roster: &OnceCell<Roster>,
        tell: &mpsc::UnboundedSender<()>,
        stop: &Stop,
    ) -> anyhow::Result<usize> {
        let mut children = 0;
        while !stop.is_set() {
            let taken = self
                .pipeline
                .store
                .outbox()
                .take_to_render(&self.pipeline.worker, self.pipeline.now(), self.pipeline.delivery.lease_seconds)
                .await?;
            let Some(child_id) = taken else { break };
            let read = async || anyhow::Ok(Roster::new(self.pipeline.store.children().roster().await?));
            let roster = roster.get_or_try_init(read).await?;
            // Two services that make the same papers make the same bytes: a lease that is lost costs only time.
            let seconds = self.pipeline.delivery.lease_seconds;
            let kept = || {
                self.pipeline.store.outbox().keep_rendering(
                    &child_id,
                    &self.pipeline.worker,
                    self.pipeline.now(),
                    seconds,
                )
            };
            self.pipeline
                .while_renewing(Box::pin(self.render_child(&child_id, roster)), kept, "of a child's papers")
                .await
                .with_context(|| format!("making the papers of child {child_id}"))?;
            self.pipeline.store.outbox().rendered(&child_id, &self.pipeline.worker).await?;
            children += 1;
            // Whoever started this listens until the last of them has ended.
            let _ = tell.send(());
        }
        Ok(children)
    }

    /// Makes the papers that wait, and looks at nothing else: what is owed is for the plan to say.
    async fn render_child(&self, child_id: &ChildId, roster: &Roster) -> anyhow::Result<()> {
        let facts = self.pipeline.child_facts(child_id).await?;
        let due = self.pipeline.planning().look_at(&facts).await?;
        let papers = Papers::Now(roster);
        let not_left = [StateName::Held, StateName::Withheld, StateName::Queued];
        let mut rows = self.pipeline.store.outbox().dispatches_of_in(child_id, &not_left).await?;
        // These belong to the run that queued them; what is taken apart stays with it.
        if self.try_shared_again(&facts, &due, &rows, papers, "").await? {
            rows = self.pipeline.store.outbox().dispatches_of_in(child_id, &[StateName::Queued]).await?;
        }
        for row in rows.into_iter().filter(|row| row.envelope.shares.is_empty() && waits_for_papers(row)) {
            self.prepare_envelope(&facts, &Work::of_row(row), papers, "").await?;
        }
        self.pipeline.previews().look_for_handovers(child_id).await
    }
}
