//! What a fax server tells by itself, and what nobody told in time.

use std::sync::Arc;

use super::{apply_report::follow, look::Look};
use crate::{
    case::{Address, Endpoint, MailProtection},
    dispatch::email::incoming::{Fate, Report, Sort},
    hint::Hint,
    pipeline::{Pipeline, Receiver},
    store::{DispatchRow, Matched, NewReceipt, ReceiptStanding},
};

/// A Direct service says within the hour that it has a message (the notice `processed`); silence is a failure.
const DIRECT_MINUTES: i64 = 60;

impl Receiver {
    /// Asks the fax server about every fax that it has, and follows what it says. Inside, why it says nothing.
    pub(super) async fn ask_the_fax_server(
        &self,
        pipeline: &Arc<Pipeline>,
        look: &mut Look,
    ) -> anyhow::Result<Option<String>> {
        let Some(server) = &self.hylafax else { return Ok(None) };
        let waiting = pipeline.store.outcomes().accepted_by("fax", pipeline.now()).await?;
        if waiting.is_empty() {
            return Ok(None);
        }
        let jobs = match server.jobs().await {
            Ok(jobs) => jobs,
            Err(says) => return Ok(Some(says)),
        };
        for row in waiting {
            let child = &row.envelope.child_id;
            let evidence = pipeline.store.ledger().evidence(child, &row.dispatch_id, row.attempt).await?;
            let job = evidence.as_ref().and_then(|e| crate::dispatch::fax::job_of(&e.reply));
            let Some((state, says)) = job.and_then(|job| jobs.state_of(job)) else { continue };
            let fate = match state {
                crate::dispatch::fax::JobState::Done => Fate::Delivered,
                crate::dispatch::fax::JobState::Failed => Fate::Failed,
                crate::dispatch::fax::JobState::Waiting => continue,
            };
            let matched = matched_by(&row, "fax-job");
            let report = Report::of(fate, Some(format!("HylaFAX says: {says}")));
            let sort = if fate == Fate::Failed { Sort::Failure } else { Sort::Receipt };
            // The line of the server's list stands for the message that another server would have sent.
            let bytes = format!("dispatch {} attempt {}: {says}", row.dispatch_id, row.attempt);
            let (says, standing) = (fate.word(), ReceiptStanding::Noted);
            let (source, bytes) = ("fax", bytes.as_bytes());
            let of = Some(&matched);
            let plain =
                NewReceipt { source, bytes, says, sort, code: None, matched: of, standing, why: "", change: None };
            look.done.messages += 1;
            follow(pipeline, plain, &row, &matched, &report, look).await?;
        }
        Ok(None)
    }

    /// What was handed over and should have been answered by now becomes a task, once.
    pub(super) async fn notice_silence(&self, pipeline: &Arc<Pipeline>) -> anyhow::Result<()> {
        let now = pipeline.now();
        if let Some(hours) = self.fax_hours {
            let before = now - chrono::Duration::hours(i64::from(hours));
            for row in pipeline.store.outcomes().silent_since("fax", before, "fax-not-confirmed").await? {
                ask(pipeline, &row, "fax-not-confirmed", &call_about_fax(&row.dispatch_id)).await?;
            }
        }
        if self.looks_for_notices() {
            let before = now - chrono::Duration::minutes(DIRECT_MINUTES);
            for row in pipeline.store.outcomes().silent_since("smtp", before, "direct-not-answered").await? {
                if goes_by_direct(pipeline, &row).await? {
                    ask(pipeline, &row, "direct-not-answered", &call_about_direct(&row.dispatch_id)).await?;
                }
            }
        }
        Ok(())
    }
}

fn call_about_fax(id: &str) -> String {
    format!(
        "The fax was handed over and nobody says whether it went through. Call the office and ask; send it again with {} if it \
         did not come, then close this with {}.",
        Hint::Resend { dispatch: Some(id.to_owned()), another_way: false },
        Hint::CloseTask
    )
}

fn call_about_direct(id: &str) -> String {
    format!(
        "A Direct service answers within the hour, and none has. Call the office and ask whether it came; send it again with {} \
         if it did not, then close this with {}.",
        Hint::Resend { dispatch: Some(id.to_owned()), another_way: false },
        Hint::CloseTask
    )
}

async fn ask(pipeline: &Arc<Pipeline>, row: &DispatchRow, kind: &str, says: &str) -> anyhow::Result<()> {
    pipeline
        .store
        .service()
        .open_task_once(&row.envelope.child_id, kind, &row.dispatch_id, says, pipeline.now())
        .await?;
    Ok(())
}

fn matched_by(row: &DispatchRow, by: &'static str) -> Matched {
    Matched { dispatch_id: row.dispatch_id.clone(), child_id: row.envelope.child_id.clone(), attempt: row.attempt, by }
}

/// Whether the endpoint for which the papers were made is a Direct address.
async fn goes_by_direct(pipeline: &Arc<Pipeline>, row: &DispatchRow) -> anyhow::Result<bool> {
    let Some(packet) = &row.packet else { return Ok(false) };
    let is_direct = |e: &Endpoint| {
        e.endpoint_id == packet.endpoint_id
            && matches!(&e.address, Address::Email { protection: Some(MailProtection::Direct), .. })
    };
    if row.envelope.recipient.organisation_id().is_some() {
        let (directory, _) = pipeline.store.children().directory().await?;
        return Ok(directory.organisations.iter().flat_map(|o| &o.endpoints).any(is_direct));
    }
    let record = pipeline.store.children().child(&row.envelope.child_id).await?.record;
    Ok(record.family.iter().flat_map(|m| &m.endpoints).any(is_direct))
}
