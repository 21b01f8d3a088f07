//! Prepare: what is due becomes envelopes, decided, rendered, looked at again, and queued.

use std::sync::Arc;

use chrono::NaiveDate;

use super::decide_and_render::Papers;
use crate::{
    case::ChildId,
    disclosure::{Point, Reason, Refusal, Roster, Verdict, decide},
    dispatch::{DispatchState, Envelope, RenderedPacket, StateName},
    due::Obligation,
    pipeline::{
        OwedLine, Progress,
        child_facts::ChildFacts,
        live_dispatches::LiveDispatches,
        owed_envelopes::{Work, envelopes_of, question, waits_for_papers},
        preparation::Preparation,
        wakeup::Queueing,
    },
    store::{DispatchRow, DutyOf, NewDispatch, StoreError},
};

/// What the gate would say to an envelope that is due.
#[derive(Debug, Clone)]
pub enum PlanVerdict {
    /// It would go.
    Goes {
        /// On what it rests.
        basis: &'static str,
        /// By which channel.
        channel: &'static str,
    },
    /// It would not.
    Waits(Refusal),
    /// It is in the outbox already.
    Stands(StateName),
    /// The recipient has it from elsewhere.
    HasIt(NaiveDate),
}

/// What preparing did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Prepared {
    /// Envelopes made or decided anew.
    pub envelopes: usize,
    pub papers: usize,
    /// Lines that were due and that nothing answered for, counted before anything was written.
    pub due: usize,
    /// Of these, the lines that nothing answers for afterwards: a fault.
    pub missing: Vec<OwedLine>,
}

impl Prepared {
    fn add(&mut self, one: Self) {
        self.envelopes += one.envelopes;
        self.papers += one.papers;
        self.due += one.due;
        self.missing.extend(one.missing);
    }
}

impl Preparation {
    /// What answers for each of these duties and each recipient, and whatever waits.
    pub(in crate::pipeline) async fn live_dispatches(
        &self,
        child_id: &ChildId,
        duties: &[DutyOf<'_>],
    ) -> anyhow::Result<LiveDispatches> {
        Ok(LiveDispatches::of(self.pipeline.store.outbox().dispatches_for(child_id, duties, false).await?))
    }

    /// What the gate says before rendering.
    pub(in crate::pipeline) fn would(&self, facts: &ChildFacts, envelope: &Envelope) -> PlanVerdict {
        match decide(&question(envelope), &facts.facts(&self.pipeline, self.pipeline.now()), Point::BeforeRender) {
            Verdict::Authorized(authorization) => PlanVerdict::Goes {
                basis: authorization.basis().words(),
                channel: self.pipeline.channels.get(&authorization.address().kind()).map_or("none", |c| c.name()),
            },
            Verdict::Refused(refusal) => PlanVerdict::Waits(refusal),
            Verdict::RenderAnew => PlanVerdict::Waits(Refusal::of(Reason::CannotRender)),
        }
    }

    /// Why an envelope would not go now, if it would not.
    pub async fn refusal_now(&self, row: &DispatchRow) -> anyhow::Result<Option<Refusal>> {
        let facts = self.pipeline.child_facts(&row.envelope.child_id).await?.for_row(row);
        Ok(
            match decide(
                &question(&row.envelope),
                &facts.facts(&self.pipeline, self.pipeline.now()),
                Point::BeforeRender,
            ) {
                Verdict::Refused(refusal) => Some(refusal),
                Verdict::Authorized(_) | Verdict::RenderAnew => None,
            },
        )
    }

    /// Prepares everything that is due for all children: several at a time, each envelope by itself.
    ///
    /// # Errors
    /// When the database or the disk refuses. A paper that cannot be rendered is no error: its envelope is held.
    pub async fn prepare_all(&self, run_id: &str, progress: &dyn Progress) -> anyhow::Result<Prepared> {
        self.prepare_and_tell(run_id, progress, &Queueing::new()).await
    }

    /// The same, telling who delivers of what was queued.
    pub(in crate::pipeline) async fn prepare_and_tell(
        &self,
        run_id: &str,
        progress: &dyn Progress,
        queueing: &Queueing,
    ) -> anyhow::Result<Prepared> {
        let roster = Arc::new(Roster::new(self.pipeline.store.children().roster().await?));
        self.prepare_children(Some(&roster), run_id, progress, queueing).await
    }

    /// The same without making papers: what may go is queued, and whoever renders makes its papers.
    pub async fn queue_all(&self, run_id: &str, progress: &dyn Progress) -> anyhow::Result<Prepared> {
        self.prepare_children(None, run_id, progress, &Queueing::new()).await
    }

    async fn prepare_children(
        &self,
        roster: Option<&Arc<Roster>>,
        run_id: &str,
        progress: &dyn Progress,
        queueing: &Queueing,
    ) -> anyhow::Result<Prepared> {
        self.pipeline.look_at_trial().await?;
        let total = u64::try_from(self.pipeline.store.monitoring().child_count().await?).unwrap_or_default();
        progress.stage("prepare", total);
        // Two children more than there are rendering processes keep these busy while others wait for the database.
        let places = self.pipeline.renderer.size() + 2;
        let mut running = tokio::task::JoinSet::new();
        let mut prepared = Prepared::default();
        let mut after = String::new();
        loop {
            let page = self.pipeline.store.children().child_ids_after(&after, 200).await?;
            let Some(last) = page.last() else { break };
            after = last.to_string();
            for child_id in page {
                if running.len() >= places {
                    join_one(&mut running, &mut prepared, progress, queueing).await?;
                }
                let (pipeline, roster, run_id) = (self.clone(), roster.map(Arc::clone), run_id.to_owned());
                running.spawn(async move {
                    let papers = roster.as_deref().map_or(Papers::Later, Papers::Now);
                    pipeline.prepare_child(&child_id, papers, &run_id).await
                });
            }
        }
        while !running.is_empty() {
            join_one(&mut running, &mut prepared, progress, queueing).await?;
        }
        Ok(prepared)
    }

    async fn prepare_child(&self, child_id: &ChildId, papers: Papers<'_>, run_id: &str) -> anyhow::Result<Prepared> {
        let facts = self.pipeline.child_facts(child_id).await?;
        let due = self.pipeline.planning().look_at(&facts).await?;
        let mut prepared = Prepared::default();
        self.follow_translations(&facts, &due, run_id, &mut prepared).await?;
        let open: Vec<&Obligation> = due.iter().filter(|o| o.is_open_on(self.pipeline.day())).collect();
        let duties: Vec<_> = open.iter().map(|o| o.duty()).collect();
        let owed: Vec<(Envelope, NaiveDate)> = open
            .iter()
            .flat_map(|obligation| envelopes_of(child_id, obligation).map(|(e, has_it)| (e, has_it, obligation.due_on)))
            .filter_map(|(envelope, has_it, due_on)| has_it.is_none().then_some((envelope, due_on)))
            .collect();
        let rows = self.pipeline.store.outbox().dispatches_for(child_id, &duties, false).await?;
        let mut live = LiveDispatches::of(rows.iter().cloned());
        let new: Vec<Envelope> = owed.iter().filter(|(e, _)| !live.has(e)).map(|(e, _)| e.clone()).collect();
        prepared.due += new.len();
        if self.try_shared_again(&facts, &due, &rows, papers, run_id).await? {
            live = self.live_dispatches(child_id, &duties).await?;
        }
        let mut work: Vec<Work> = owed.into_iter().map(|(envelope, due_on)| live.take(envelope, due_on)).collect();
        // What a person asked for by hand and what waits to be rendered anew is due whatever the calendar says.
        let others = live.rest().filter(|row| row.envelope.shares.is_empty());
        work.extend(others.filter(|row| row.envelope.by_hand() || waits_for_papers(row)).map(Work::of_row));
        prepared.add(self.prepare_together(&facts, &mut work, papers, run_id).await?);
        for work in &work {
            prepared.papers += self.prepare_envelope(&facts, work, papers, run_id).await?;
            prepared.envelopes += 1;
        }
        if prepared.envelopes > 0 {
            self.pipeline.previews().look_for_handovers(child_id).await?;
        }
        self.ensure_placed(child_id, &duties, &new, run_id, &mut prepared).await?;
        Ok(prepared)
    }

    /// Looks whether each new line is in a delivery now. One that another run made at the same moment is that run's.
    async fn ensure_placed(
        &self,
        child_id: &ChildId,
        duties: &[DutyOf<'_>],
        new: &[Envelope],
        run_id: &str,
        prepared: &mut Prepared,
    ) -> anyhow::Result<()> {
        if new.is_empty() {
            return Ok(());
        }
        let live = self.live_dispatches(child_id, duties).await?;
        for envelope in new {
            match live.get(envelope) {
                Some(row) if row.run_id == run_id => {}
                Some(_) => prepared.due -= 1,
                None => prepared.missing.extend(OwedLine::of(envelope)),
            }
        }
        Ok(())
    }

    /// Prepares one envelope that a person asked for, or that is due; gives its dispatch.
    pub(in crate::pipeline) async fn prepare_one(
        &self,
        envelope: Envelope,
        due_on: NaiveDate,
        run_id: &str,
    ) -> anyhow::Result<Option<String>> {
        let facts = self.pipeline.child_facts(&envelope.child_id).await?;
        let roster = Roster::new(self.pipeline.store.children().roster().await?);
        let (child_id, anchor) = (envelope.child_id.clone(), envelope.anchor.clone());
        let duty = [(envelope.obligation, anchor.as_str(), envelope.revision)];
        let work = self.live_dispatches(&child_id, &duty).await?.take(envelope.clone(), due_on);
        self.prepare_envelope(&facts, &work, Papers::Now(&roster), run_id).await?;
        Ok(self.live_dispatches(&child_id, &duty).await?.get(&envelope).map(|row| row.dispatch_id.clone()))
    }

    pub(in crate::pipeline) async fn prepare_envelope(
        &self,
        facts: &ChildFacts,
        work: &Work,
        papers: Papers<'_>,
        run_id: &str,
    ) -> anyhow::Result<usize> {
        let needs_papers = work.row.as_ref().is_none_or(|row| match row.state {
            StateName::Held | StateName::Withheld => true,
            StateName::Queued => waits_for_papers(row) && matches!(papers, Papers::Now(_)),
            _ => false,
        });
        if !needs_papers {
            return Ok(0);
        }
        let narrowed = work.row.as_ref().map(|row| facts.seen_by(row));
        let facts = narrowed.as_deref().unwrap_or(facts);
        if let Some((row, packet)) = work.row.as_ref().and_then(|row| Some((row, row.packet.as_ref()?)))
            && row.has_left
        {
            let (state, channel) = self.decide_as_it_left(facts, row, packet);
            self.keep(work, &state, Some(packet).filter(|_| state == DispatchState::Queued), channel, run_id).await?;
            return Ok(0);
        }
        if let Some(refusal) = self.waited_too_long(facts, work)
            && let PlanVerdict::Goes { .. } = self.would(facts, &work.envelope)
        {
            self.keep(work, &DispatchState::refused(&refusal), None, None, run_id).await?;
            return Ok(0);
        }
        let made = self.decide_and_render(facts, &work.envelope, papers).await?;
        self.keep(work, &made.state, made.packet.as_ref(), made.channel, run_id).await?;
        Ok(made.papers)
    }

    /// Not before this instant is anything offered to a channel that is queued now: so long it can be recalled.
    pub(in crate::pipeline) fn first_offer(&self, state: &DispatchState) -> Option<chrono::DateTime<chrono::Utc>> {
        let minutes = if self.pipeline.program.synthetic { 0 } else { self.pipeline.delivery.recall_minutes };
        (*state == DispatchState::Queued && minutes > 0)
            .then(|| self.pipeline.now() + chrono::Duration::minutes(minutes))
    }

    /// What was withheld goes by itself only within the program's time; later a person looks at it first.
    fn waited_too_long(&self, facts: &ChildFacts, work: &Work) -> Option<Refusal> {
        let row = work.row.as_ref().filter(|row| matches!(row.state, StateName::Held | StateName::Withheld))?;
        // Whoever recorded how it reaches the parent has just looked at it.
        let looked_at =
            facts.recorded.let_go.contains(&row.dispatch_id) || row.reason == Some(Reason::NotInTheirLanguage);
        if row.envelope.by_hand() || looked_at {
            return None;
        }
        let made = self.pipeline.day_of(row.created_at);
        let calendar_days = (self.pipeline.clock_day() - made).num_days();
        let most = i64::from(self.pipeline.program.policy.release_within_calendar_days);
        (calendar_days > most).then(|| Refusal::about(Reason::WaitedTooLong, format!("since {made}")))
    }

    /// Keeps the result: a new row, or the old one changed. The same reason again changes nothing.
    pub(super) async fn keep(
        &self,
        work: &Work,
        state: &DispatchState,
        packet: Option<&RenderedPacket>,
        channel: Option<&str>,
        run_id: &str,
    ) -> anyhow::Result<()> {
        let now = self.pipeline.now();
        let Some(row) = &work.row else {
            let new = NewDispatch {
                envelope: &work.envelope,
                state: state.clone(),
                packet,
                channel,
                due_on: work.due_on,
                run_id,
                not_before: self.first_offer(state),
            };
            self.pipeline.store.outbox().enqueue(&new, now).await?;
            return Ok(());
        };
        if let DispatchState::Held { reason, detail } | DispatchState::Withheld { reason, detail } = state
            && row.reason == Some(*reason)
            && &row.detail == detail
        {
            return Ok(());
        }
        let why = if *state == DispatchState::Queued { "decided again: may go" } else { "decided again" };
        let not_before = self.first_offer(state);
        match self
            .pipeline
            .store
            .outbox()
            .decide_again_for(&row.dispatch_id, state, packet, channel, not_before, why, now)
            .await
        {
            // Another worker prepared it at the same time and it is on its way: what stands is the newer truth.
            Ok(()) | Err(StoreError::WrongState { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

async fn join_one(
    running: &mut tokio::task::JoinSet<anyhow::Result<Prepared>>,
    prepared: &mut Prepared,
    progress: &dyn Progress,
    queueing: &Queueing,
) -> anyhow::Result<()> {
    if let Some(done) = running.join_next().await {
        prepared.add(done??);
        progress.step();
        queueing.say();
    }
    Ok(())
}
