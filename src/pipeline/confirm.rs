//! What a fax server tells by itself, and what nobody told in time.

use super::{Pipeline, Receiver, follow::follow, receive::Received};
use crate::{
    case::{Address, MailProtection},
    dispatch::incoming::{Fate, Report},
    store::{DispatchRow, Matched, NewReceipt, ReceiptStanding},
};

/// A Direct service says within the hour that it has a message (the notice `processed`); silence is a failure.
const DIRECT_MINUTES: i64 = 60;
/// Older silence has its task already.
const LOOK_BACK_DAYS: i64 = 14;

impl Receiver {
    /// Asks the fax server about every fax that it has, and follows what it says.
    pub(super) async fn ask_the_fax_server(&self, pipeline: &Pipeline, done: &mut Received) -> anyhow::Result<()> {
        let Some(server) = &self.hylafax else { return Ok(()) };
        let waiting = pipeline.store.accepted_by("fax", pipeline.now()).await?;
        if waiting.is_empty() {
            return Ok(());
        }
        let jobs = match server.jobs().await {
            Ok(jobs) => jobs,
            // Its silence becomes a task when the time for an answer is over.
            Err(says) => {
                tracing::warn!(says, "the fax server was asked in vain");
                return Ok(());
            }
        };
        for row in waiting {
            let child = &row.envelope.child_id;
            let evidence = pipeline.store.evidence(child, &row.dispatch_id, row.attempt).await?;
            let job = evidence.as_ref().and_then(|e| crate::dispatch::fax::job_of(&e.reply));
            let Some((state, says)) = job.and_then(|job| jobs.state_of(job)) else { continue };
            let fate = match state {
                crate::dispatch::fax::JobState::Done => Fate::Delivered,
                crate::dispatch::fax::JobState::Failed => Fate::Failed,
                crate::dispatch::fax::JobState::Waiting => continue,
            };
            let matched = matched_by(&row, "fax-job");
            let report = Report { fate, status: None, diagnostic: Some(format!("HylaFAX says: {says}")) };
            // The line of the server's list stands for the message that another server would have sent.
            let bytes = format!("dispatch {} attempt {}: {says}", row.dispatch_id, row.attempt);
            let (says, standing) = (fate.word(), ReceiptStanding::Noted);
            let (source, bytes) = ("fax", bytes.as_bytes());
            let plain = NewReceipt { source, bytes, says, matched: Some(&matched), standing, why: "", change: None };
            done.messages += 1;
            follow(pipeline, plain, &row, &matched, &report, done).await?;
        }
        Ok(())
    }

    /// What was handed over and should have been answered by now becomes a task.
    pub(super) async fn notice_silence(&self, pipeline: &Pipeline) -> anyhow::Result<()> {
        let now = pipeline.now();
        if let Some(hours) = self.fax_hours {
            let before = now - chrono::Duration::hours(i64::from(hours));
            let says = "The fax was handed over and nobody says whether it went through. Call the office and ask, then send it again or note that it arrived.";
            for row in pipeline.store.accepted_by("fax", before).await? {
                let child = &row.envelope.child_id;
                pipeline.store.open_task(Some(child), "fax-not-confirmed", &row.dispatch_id, says, now).await?;
            }
        }
        if !self.looks_for_notices() {
            return Ok(());
        }
        let oldest = now - chrono::Duration::days(LOOK_BACK_DAYS);
        for row in pipeline.store.accepted_by("smtp", now - chrono::Duration::minutes(DIRECT_MINUTES)).await? {
            if row.created_at < oldest || !goes_by_direct(pipeline, &row).await? {
                continue;
            }
            if pipeline.store.receipts_of(&row.dispatch_id).await?.is_empty() {
                let says =
                    "A Direct service answers within the hour, and none has. Call the office and ask whether it came.";
                let child = &row.envelope.child_id;
                pipeline.store.open_task(Some(child), "direct-not-answered", &row.dispatch_id, says, now).await?;
            }
        }
        Ok(())
    }
}

fn matched_by(row: &DispatchRow, by: &'static str) -> Matched {
    Matched { dispatch_id: row.dispatch_id.clone(), child_id: row.envelope.child_id.clone(), attempt: row.attempt, by }
}

/// Whether the endpoint for which the papers were made is a Direct address.
async fn goes_by_direct(pipeline: &Pipeline, row: &DispatchRow) -> anyhow::Result<bool> {
    let Some(packet) = &row.packet else { return Ok(false) };
    let facts = pipeline.child_facts(&row.envelope.child_id).await?;
    let mut endpoints = (facts.record.family.iter().flat_map(|m| &m.endpoints))
        .chain(facts.directory.organisations.iter().flat_map(|o| &o.endpoints));
    Ok(endpoints.any(|e| {
        e.endpoint_id == packet.endpoint_id
            && matches!(&e.address, Address::Email { protection: Some(MailProtection::Direct), .. })
    }))
}
