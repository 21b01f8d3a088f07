//! The heartbeat and what it wakes. The heartbeat only wakes: when something is due is worked out in the
//! program's zone from rows, so that a missed tick, a restart or a change of the clock is repaired by the next.

use std::{path::PathBuf, sync::Arc, time::Duration};

use anyhow::Context;
use chrono::{DateTime, Utc};
use croner::Cron;
use tokio::sync::Notify;
use tokio_cron_scheduler::{Job, JobScheduler};

use crate::{
    config::ServiceSettings,
    pipeline::{HeldInstallation, Pipeline, Receiver, Silent, Standing, Stop},
};

/// The next time of a cron expression after `now`, in a zone.
#[must_use]
pub fn next_due(cron: &Cron, zone: chrono_tz::Tz, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    cron.find_next_occurrence(&now.with_timezone(&zone), false).ok().map(|at| at.with_timezone(&Utc))
}

/// Where answers come in, and how often the service looks.
#[derive(Debug)]
pub struct Answers {
    /// The mailboxes.
    pub receiver: Receiver,
    /// Minutes between two looks.
    pub every_minutes: u32,
}

/// Runs the service until `stop`: ticks wake it, due runs are made once however many services share the
/// database, the outbox is delivered in between.
///
/// # Errors
/// When no channel is set up, the installation is held, the schedule cannot be used, or the database refuses.
pub async fn serve(
    pipeline: Arc<Pipeline>,
    caseload: PathBuf,
    answers: Answers,
    settings: &ServiceSettings,
    stop: Stop,
    woken: Arc<Notify>,
) -> anyhow::Result<()> {
    anyhow::ensure!(
        !pipeline.channels.is_empty(),
        "no channel is set up, so nothing could ever be sent; add [channels.email] or [channels.postal]"
    );
    let standing = pipeline.standing().await?;
    if standing != Standing::Same {
        return Err(HeldInstallation(standing).into());
    }
    let cron: Cron = settings.run.parse().context("service.run")?;
    let mut heartbeat = heartbeat(Arc::clone(&woken)).await?;
    tracing::info!(worker = pipeline.worker, "the service is up");
    let mut next_look = pipeline.now();
    while !stop.is_set() {
        if answers.receiver.looks_anywhere() && pipeline.now() >= next_look {
            next_look = pipeline.now() + chrono::Duration::minutes(i64::from(answers.every_minutes));
            look(&pipeline, &answers.receiver).await;
        }
        if let Err(error) = beat(&pipeline, &caseload, &cron, &stop).await {
            // One failed beat must not end the service: the next one repairs what it can.
            tracing::error!(error = format!("{error:#}"), "this beat failed");
        }
        tokio::select! {
            () = woken.notified() => {}
            () = tokio::time::sleep(Duration::from_secs(settings.poll_seconds)) => {}
        }
    }
    heartbeat.shutdown().await.context("stopping the heartbeat")?;
    pipeline.renew_mark().await?;
    pipeline.checkpoint_if_due(true).await?;
    tracing::info!("the service has stopped; nothing is held by it");
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

/// One beat: the due run if it is time, then whatever the outbox holds.
async fn beat(pipeline: &Arc<Pipeline>, caseload: &std::path::Path, cron: &Cron, stop: &Stop) -> anyhow::Result<()> {
    let zone = pipeline.program.time_zone.0;
    let due = pipeline.store.take_tick("run", pipeline.now(), |now| next_due(cron, zone, now)).await?;
    if due {
        let report = pipeline.run(Some(caseload), &Silent, stop).await?;
        tracing::info!(balance = %report.balance, attempts = report.attempts, "a run has ended");
    } else {
        pipeline.recover().await?;
        pipeline.deliver_all(&Silent, stop).await?;
        pipeline.review_printed().await?;
        pipeline.renew_mark().await?;
        pipeline.checkpoint_if_due(false).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_time_that_the_spring_day_skips_still_comes_once() {
        let cron: Cron = "30 2 * * *".parse().unwrap();
        let zone = chrono_tz::America::New_York;
        let first = next_due(&cron, zone, at("2026-03-08T05:00:00Z")).unwrap();
        let second = next_due(&cron, zone, first).unwrap();
        assert_eq!(first, at("2026-03-08T07:00:00Z"));
        assert_eq!(second, at("2026-03-09T06:30:00Z"));
    }

    #[test]
    fn a_time_that_the_autumn_day_repeats_comes_once() {
        let cron: Cron = "30 1 * * *".parse().unwrap();
        let zone = chrono_tz::America::New_York;
        let first = next_due(&cron, zone, at("2026-11-01T04:00:00Z")).unwrap();
        let second = next_due(&cron, zone, first).unwrap();
        assert_eq!(second.with_timezone(&zone).date_naive(), "2026-11-02".parse().unwrap());
    }
}
