//! What a service does at the same time, by its roles. Each work goes on by itself: a relay that does not answer keeps
//! neither the printer nor the next run waiting.

use std::sync::Arc;
use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use tokio::sync::{Notify, watch};

use super::{Answers, Service, systemd::Pulse, worker::Reach};
use crate::{
    config::Role,
    pipeline::{Coming, Pipeline, Queueing, Receiver, Stop},
    shown::with_causes,
    store::Way,
};

/// Signs of life of the works that have no limit of time of their own.
pub(super) struct Pulses {
    pub(super) work: Pulse,
    pub(super) kept: Pulse,
}

/// Everybody who works in this process.
struct Crew<'a> {
    service: &'a Service,
    stop: &'a Stop,
    /// Counts up when somebody made work for another, and when it is time to stop.
    wake: watch::Sender<u64>,
    /// While papers are made here: who sends hears of each, and begins anew (its limits, the clock) after a while.
    making: Mutex<Option<(Queueing, Instant)>>,
}

/// Letters on paper are looked at this often: what stops one while it lies there is a day that ends, or a new import.
const LETTERS_EVERY: chrono::Duration = chrono::Duration::minutes(1);

/// Works until `stop`.
pub(super) async fn work(service: &Service, answers: &Answers, pulses: &Pulses, stop: &Stop, woken: &Notify) {
    let crew = Crew { service, stop, wake: watch::Sender::new(0), making: Mutex::default() };
    let lanes = service.pipeline.delivery().lanes();
    let delivered = futures_util::future::join_all(lanes.iter().map(|lane| crew.lane(lane)));
    let works = async {
        tokio::join!(
            crew.plan(&pulses.work),
            crew.render(),
            delivered,
            crew.recover(),
            crew.receive(answers),
            crew.keep(&pulses.kept)
        )
    };
    let waking = async {
        loop {
            woken.notified().await;
            crew.wake();
        }
    };
    tokio::select! {
        _ = works => {}
        () = waking => {}
    }
}

impl Crew<'_> {
    fn wake(&self) {
        self.wake.send_modify(|count| *count += 1);
    }

    /// Does something again and again: when somebody wakes it, and whenever the time between two looks is over.
    async fn repeat(&self, role: Option<Role>, once: impl AsyncFn() -> anyhow::Result<()>) {
        if role.is_some_and(|role| !self.service.does(role)) {
            return;
        }
        let mut woken = self.wake.subscribe();
        while !self.stop.is_set() {
            if let Err(error) = once().await {
                // One failed look must not end the service: the next one repairs what it can.
                tracing::error!(?role, error = with_causes(&error), "this look failed");
            }
            if self.stop.is_set() {
                break;
            }
            tokio::select! {
                _ = woken.changed() => {}
                () = tokio::time::sleep(Duration::from_secs(self.service.settings.poll_seconds)) => {}
            }
        }
    }

    /// What is due by the schedules.
    async fn plan(&self, pulse: &Pulse) {
        self.repeat(Some(Role::Plan), async || {
            pulse.beat();
            if !self.service.tick_reaching(Reach::Queue, pulse, self.stop).await?.is_empty() {
                self.wake();
            }
            Ok(())
        })
        .await;
    }

    /// The papers that wait to be made. Changed templates are taken between two papers and not in the middle of one.
    async fn render(&self) {
        self.repeat(Some(Role::Render), async || {
            self.service.look_at_templates().await?;
            let made = self.service.pipeline.preparation().render_waiting(&|| self.made_more(), self.stop).await;
            drop(self.making().take());
            if made? > 0 {
                self.wake();
            }
            Ok(())
        })
        .await;
    }

    fn making(&self) -> std::sync::MutexGuard<'_, Option<(Queueing, Instant)>> {
        self.making.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Papers were made, and more are being made.
    fn made_more(&self) {
        let mut making = self.making();
        let poll = Duration::from_secs(self.service.settings.poll_seconds);
        if let Some((queueing, _)) = making.as_ref().filter(|(_, since)| since.elapsed() < poll) {
            queueing.say();
        } else {
            *making = Some((Queueing::new(), Instant::now()));
            self.wake();
        }
    }

    fn coming(&self) -> Coming {
        self.making().as_ref().map_or_else(Coming::nothing, |(queueing, _)| queueing.coming())
    }

    /// What one channel may take. While the clock is not believed nothing leaves.
    async fn lane(&self, lane: &Way) {
        self.repeat(Some(Role::Deliver), async || {
            if self.service.clock_doubt().await?.is_none() {
                self.service.pipeline.delivery().deliver_lane(lane, self.coming(), self.stop).await?;
            }
            Ok(())
        })
        .await;
    }

    /// What a lost service had in its hands, and what is on paper.
    async fn recover(&self) {
        let pipeline = &self.service.pipeline;
        let next_look = Mutex::new(pipeline.now());
        let time = || next_look.lock().unwrap_or_else(PoisonError::into_inner);
        self.repeat(Some(Role::Deliver), async || {
            if self.service.clock_doubt().await?.is_none() {
                let settled = pipeline.delivery().recover().await?;
                let now = pipeline.now();
                if now >= *time() {
                    pipeline.print_room().review_printed().await?;
                    *time() = now + LETTERS_EVERY;
                }
                if settled > 0 {
                    self.wake();
                }
            }
            Ok(())
        })
        .await;
    }

    /// What came back. A mailbox that does not answer must not keep papers from going out.
    async fn receive(&self, answers: &Answers) {
        let pipeline = &self.service.pipeline;
        let next_look = Mutex::new(pipeline.now());
        self.repeat(Some(Role::Receive), async || {
            let now = pipeline.now();
            if answers.receiver.looks_anywhere() && now >= *next_look.lock().expect("no holder of it panics") {
                look(pipeline, &answers.receiver).await;
                *next_look.lock().expect("no holder of it panics") =
                    pipeline.now() + chrono::Duration::minutes(i64::from(answers.every_minutes));
            }
            Ok(())
        })
        .await;
    }

    /// What every service keeps, whatever its roles: that it was here, and the mark of the record of access.
    async fn keep(&self, pulse: &Pulse) {
        self.repeat(None, async || {
            pulse.beat();
            // The gate asks with which templates a paper was made, also where none is made.
            if !self.service.does(Role::Render) {
                self.service.look_at_templates().await?;
            }
            self.service.clock_doubt().await?;
            self.service.pipeline.renew_mark().await?;
            self.service.pipeline.access_record().checkpoint_if_due(false).await?;
            Ok(())
        })
        .await;
    }
}

/// A look at what came back.
async fn look(pipeline: &Arc<Pipeline>, receiver: &Receiver) {
    match receiver.receive(pipeline).await {
        Ok(done) if done.messages > 0 => {
            tracing::info!(
                messages = done.messages,
                returned = done.returned,
                confirmed = done.confirmed,
                for_a_person = done.for_a_person,
                "mail that came in was taken"
            );
        }
        Ok(_) => {}
        Err(error) => tracing::error!(error = with_causes(&error), "the mailbox of answers could not be read"),
    }
}
