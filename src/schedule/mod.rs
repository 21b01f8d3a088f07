//! The heartbeat and what it wakes. The heartbeat only wakes: when something is due is worked out in its zone from
//! rows, so that a missed tick, a restart or a change of the clock is repaired by the next.

mod systemd;
mod tick;
mod time;

use std::{sync::Arc, time::Duration};

use anyhow::Context;
use sd_notify::NotifyState;
use tokio::sync::Notify;
use tokio_cron_scheduler::{Job, JobScheduler};

use crate::pipeline::{HeldInstallation, Pipeline, Receiver, Silent, Standing, Stop, WouldGo};

pub use tick::{Service, Ticked, clock_doubt_seen};
pub use time::next_due;

/// Where answers come in, and how often the service looks.
#[derive(Debug)]
pub struct Answers {
    /// The mailboxes.
    pub receiver: Receiver,
    /// Minutes between two looks.
    pub every_minutes: u32,
}

/// Runs the service until `stop`: ticks wake it, what is due is done once however many services share the database,
/// the outbox is delivered in between.
///
/// # Errors
/// When no channel is set up, the installation is held, the schedule cannot be used, or the database refuses.
pub async fn serve(service: &Service, answers: &Answers, stop: Stop, woken: Arc<Notify>) -> anyhow::Result<()> {
    let pipeline = &service.pipeline;
    anyhow::ensure!(
        !pipeline.channels.is_empty(),
        "no channel is set up, so nothing could ever be sent; add [channels.email] or [channels.postal]"
    );
    let standing = pipeline.standing().await?;
    if standing != Standing::Same {
        return Err(HeldInstallation(standing).into());
    }
    service.sync().await?;
    let mut heartbeat = heartbeat(Arc::clone(&woken)).await?;
    let pulse = systemd::Pulse::default();
    let watch = systemd::watch(&pulse);
    systemd::tell(NotifyState::Ready);
    tracing::info!(worker = pipeline.worker, "the service is up");
    let mut next_look = pipeline.now();
    while !stop.is_set() {
        pulse.beat();
        if answers.receiver.looks_anywhere() && pipeline.now() >= next_look {
            next_look = pipeline.now() + chrono::Duration::minutes(i64::from(answers.every_minutes));
            look(pipeline, &answers.receiver).await;
        }
        if let Err(error) = beat(service, &pulse, &stop).await {
            // One failed beat must not end the service: the next one repairs what it can.
            tracing::error!(error = format!("{error:#}"), "this beat failed");
        }
        if stop.is_set() {
            break;
        }
        tokio::select! {
            () = woken.notified() => {}
            () = tokio::time::sleep(Duration::from_secs(service.settings.poll_seconds)) => {}
        }
    }
    systemd::tell(NotifyState::Stopping);
    if let Some(watch) = watch {
        watch.abort();
    }
    heartbeat.shutdown().await.context("stopping the heartbeat")?;
    pipeline.renew_mark().await?;
    pipeline.checkpoint_if_due(true).await?;
    tracing::info!("the service has stopped; nothing is held by it");
    Ok(())
}

/// Says what the service would send, each envelope once, until `stop`; it writes nothing and sends nothing.
///
/// # Errors
/// When the database refuses.
pub async fn look_only(
    service: &Service,
    stop: &Stop,
    woken: &Notify,
    say: &(dyn Fn(&WouldGo) + Send + Sync),
) -> anyhow::Result<()> {
    let mut said = std::collections::BTreeSet::new();
    while !stop.is_set() {
        for line in service.pipeline.would_go().await? {
            if !said.contains(&line) {
                say(&line);
                said.insert(line);
            }
        }
        tokio::select! {
            () = woken.notified() => {}
            () = tokio::time::sleep(Duration::from_secs(service.settings.poll_seconds)) => {}
        }
    }
    Ok(())
}

/// A look at what came back. A mailbox that does not answer must not keep papers from going out.
async fn look(pipeline: &Pipeline, receiver: &Receiver) {
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
        Err(error) => tracing::error!(error = format!("{error:#}"), "the mailbox of answers could not be read"),
    }
}

async fn heartbeat(woken: Arc<Notify>) -> anyhow::Result<JobScheduler> {
    let heartbeat = JobScheduler::new().await.context("starting the heartbeat")?;
    let job = Job::new("0 * * * * *", move |_, _| woken.notify_one()).context("starting the heartbeat")?;
    heartbeat.add(job).await.context("starting the heartbeat")?;
    heartbeat.start().await.context("starting the heartbeat")?;
    Ok(heartbeat)
}

/// One beat: what is due, then whatever the outbox holds. While the clock is not believed nothing leaves.
async fn beat(service: &Service, pulse: &systemd::Pulse, stop: &Stop) -> anyhow::Result<()> {
    service.look_at_templates().await?;
    service.tick(pulse, stop).await?;
    if service.clock_doubt().await?.is_some() {
        return Ok(());
    }
    let pipeline = &service.pipeline;
    pipeline.recover().await?;
    pipeline.deliver_all(&Silent, stop).await?;
    pipeline.review_printed().await?;
    pipeline.renew_mark().await?;
    pipeline.checkpoint_if_due(false).await?;
    Ok(())
}
