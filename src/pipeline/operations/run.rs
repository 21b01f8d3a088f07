//! Run: the whole path once, and the balance at its end.

use std::path::Path;

use crate::{
    actor::Actor,
    pipeline::{
        Delivered, HeldInstallation, ImportReport, Prepared, Progress, RunReport, Standing, Stop,
        balance::{Promised, ensure_complete},
        operations::Operations,
        wakeup::Queueing,
    },
    store::{OpenDispatch, RunKind},
};

/// Facts may change while a run works; what they change is rendered anew, but not for ever.
const MOST_ROUNDS: usize = 5;

/// A run that has begun.
struct Begun {
    run_id: String,
    open_before: Vec<OpenDispatch>,
    held: HeldInstallation,
    import: Option<ImportReport>,
}

impl Operations {
    /// Imports (where a caseload is given), prepares what is due, delivers it, and accounts for all of it.
    ///
    /// # Errors
    /// When the caseload cannot be read at all, or the database or disk refuses. A balance that does not hold is an
    /// error too, and so is something due that is in no delivery at the end: it is named.
    pub async fn run(
        &self,
        caseload: Option<&Path>,
        progress: &dyn Progress,
        stop: &Stop,
        by: &Actor,
    ) -> anyhow::Result<RunReport> {
        let begun = self.begin(caseload, progress, by).await?;
        let (mut delivered, mut promised) = (Delivered::default(), Promised::default());
        for round in 0..MOST_ROUNDS {
            let (prepared, sent) = self.prepare_and_deliver(&begun, progress, stop).await?;
            delivered.attempts += sent.attempts;
            delivered.paused.extend(sent.paused);
            let papers = prepared.papers;
            promised.add_round(prepared.due, prepared.missing);
            let again = !self.pipeline.store.outbox().to_render().await?.is_empty();
            if !again || stop.is_set() {
                tracing::debug!(round, papers, "nothing is left to be rendered anew");
                break;
            }
        }
        self.end(begun, &promised, delivered).await
    }

    /// What is ready leaves while the papers of others are made: a relay's answers take no time from rendering. What
    /// waits from before leaves when everything has been looked at: today it may have to be divided, or not go at all.
    async fn prepare_and_deliver(
        &self,
        begun: &Begun,
        progress: &dyn Progress,
        stop: &Stop,
    ) -> anyhow::Result<(Prepared, Delivered)> {
        let (queueing, waits) = (Queueing::new(), self.pipeline.store.monitoring().something_waits().await?);
        let coming = queueing.coming();
        let prepare = async move {
            let prepared = self.pipeline.preparation().prepare_and_tell(&begun.run_id, progress, &queueing).await;
            progress.stage("deliver", 0);
            prepared
        };
        let deliver = async {
            if begun.held.0 != Standing::Same {
                return Ok(Delivered::default());
            }
            if waits {
                coming.clone().until_over().await;
            }
            self.pipeline.delivery().deliver_what_comes(coming, progress, stop).await
        };
        let (prepared, delivered) = tokio::join!(prepare, deliver);
        Ok((prepared?, delivered?))
    }

    /// The part of a run that plans: imports, works out what is due, asks the gate and queues what may go. Whoever
    /// renders makes the papers, and whoever delivers sends them; the run accounts for what it queued.
    ///
    /// # Errors
    /// See [`Pipeline::run`].
    pub async fn run_for_others(
        &self,
        caseload: Option<&Path>,
        progress: &dyn Progress,
        by: &Actor,
    ) -> anyhow::Result<RunReport> {
        let begun = self.begin(caseload, progress, by).await?;
        let mut promised = Promised::default();
        let prepared = self.pipeline.preparation().queue_all(&begun.run_id, progress).await?;
        promised.add_round(prepared.due, prepared.missing);
        self.end(begun, &promised, Delivered::default()).await
    }

    async fn begin(&self, caseload: Option<&Path>, progress: &dyn Progress, by: &Actor) -> anyhow::Result<Begun> {
        self.pipeline.authority().may_operate(by)?;
        let run_id =
            self.pipeline.store.service().start_run(RunKind::All, self.pipeline.day(), self.pipeline.now()).await?;
        let open_before = self.pipeline.store.monitoring().open_dispatches().await?;
        let held = HeldInstallation(self.pipeline.standing().await?);
        let import = match caseload {
            Some(folder) => Some(self.pipeline.intake().import(folder, progress, by).await?),
            None => None,
        };
        self.pipeline.delivery().recover().await?;
        self.pipeline.planning().settle_mailed().await?;
        Ok(Begun { run_id, open_before, held, import })
    }

    async fn end(&self, begun: Begun, promised: &Promised, delivered: Delivered) -> anyhow::Result<RunReport> {
        let Begun { run_id, open_before, held, import } = begun;
        self.pipeline.print_room().review_printed().await?;
        self.pipeline.planning().settle_mailed().await?;
        self.pipeline.access_record().record_prevented().await?;
        let (balance, dispatches) = self.account_for(&open_before, promised, &run_id).await?;
        self.pipeline.store.service().end_run(&run_id, &serde_json::to_string(&balance)?, self.pipeline.now()).await?;
        self.pipeline.renew_mark().await?;
        if held.0 == Standing::Same {
            self.pipeline.access_record().checkpoint_if_due(false).await?;
        }
        ensure_complete(&balance, promised.missing())?;
        Ok(RunReport {
            as_of: self.pipeline.day().to_string(),
            balance,
            dispatches,
            import,
            paused: delivered.paused,
            waiting: self.waiting(&Actor::service("run")).await?,
            attempts: delivered.attempts,
            held_because: (held.0 != Standing::Same).then(|| held.to_string()),
        })
    }
}
