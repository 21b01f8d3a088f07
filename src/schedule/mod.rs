//! The heartbeat and what it wakes. The heartbeat only wakes: when something is due is worked out in its zone from
//! rows, so that a missed tick, a restart or a change of the clock is repaired by the next.

mod systemd;
mod next_time;
mod worker;
mod roles;

use std::{sync::Arc, time::Duration};

use anyhow::Context;
use sd_notify::NotifyState;
use tokio::sync::Notify;
use tokio_cron_scheduler::{Job, JobScheduler};

use crate::{
    config::Role,
    pipeline::{HeldInstallation, Receiver, Standing, Stop, WouldGo},
};

pub use next_time::next_due;
pub use worker::{Service, Ticked, clock_doubt_seen};

/// Where answers come in, and how often the service looks.
#[derive(Debug)]
pub struct Answers {
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
    if service.does(Role::Plan) {
        service.sync().await?;
    }
    let mut heartbeat = heartbeat(Arc::clone(&woken)).await?;
    let (work, kept) = (systemd::Pulse::default(), systemd::Pulse::default());
    let pulses = if service.does(Role::Plan) { vec![work.clone(), kept.clone()] } else { vec![kept.clone()] };
    let watch = systemd::watch(pulses);
    systemd::tell(NotifyState::Ready);
    tracing::info!(worker = pipeline.worker, roles = ?service.settings.roles, "the service is up");
    Box::pin(roles::work(service, answers, &roles::Pulses { work, kept }, &stop, &woken)).await;
    systemd::tell(NotifyState::Stopping);
    if let Some(watch) = watch {
        watch.abort();
    }
    heartbeat.shutdown().await.context("stopping the heartbeat")?;
    pipeline.renew_mark().await?;
    pipeline.access_record().checkpoint_if_due(true).await?;
    tracing::info!("the service has stopped; nothing is held by it");
    Ok(())
}

/// Says what the service would send, each envelope once, until `stop`; it writes nothing and sends nothing.
pub async fn look_only(
    service: &Service,
    stop: &Stop,
    woken: &Notify,
    say: &(dyn Fn(&WouldGo) + Send + Sync),
) -> anyhow::Result<()> {
    let mut said = std::collections::BTreeSet::new();
    while !stop.is_set() {
        for line in service.pipeline.operations().would_go().await? {
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

async fn heartbeat(woken: Arc<Notify>) -> anyhow::Result<JobScheduler> {
    let heartbeat = JobScheduler::new().await.context("starting the heartbeat")?;
    let job = Job::new("0 * * * * *", move |_, _| woken.notify_one()).context("starting the heartbeat")?;
    heartbeat.add(job).await.context("starting the heartbeat")?;
    heartbeat.start().await.context("starting the heartbeat")?;
    Ok(heartbeat)
}
