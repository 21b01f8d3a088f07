//! After a crash: what a lost worker left behind is looked for, and a restored copy is noticed before it sends.

use super::next_steps::goes_once_more;
use crate::{
    actor::{Actor, Permission},
    disclosure::{Point, Verdict, decide},
    dispatch::{AttemptOutcome, Evidence, StateName, Trace, UnknownEmail},
    ledger::{Detail, Entry, EntryItem, Event},
    pipeline::{
        access_record::entries::{disclosure_entry, outcome_entry},
        delivery::Delivery,
        installation::RestoreHold,
        owed_envelopes::{packet_of, question},
    },
    store::{DispatchRow, Settlement},
};

/// The note that a person accepted this database as the installation's own.
const ACCEPTED: &str = "accepted-head";

impl Delivery {
    /// Settles every attempt whose lease ran out. Folders are looked into; e-mail becomes unknown.
    pub async fn recover(&self) -> anyhow::Result<usize> {
        let mut settled = 0;
        let expired = self.pipeline.store.outbox().expired(self.pipeline.now()).await?;
        for row in expired.iter().filter(|row| !self.pipeline.out.has(&row.dispatch_id, row.attempt)) {
            settled += usize::from(self.settle_lost(row).await?);
        }
        if settled > 0 {
            tracing::warn!(envelopes = settled, "attempts of a lost worker were settled");
        }
        let wait = chrono::Duration::seconds(self.pipeline.delivery.unknown_wait_seconds);
        let once_more = self.pipeline.delivery.unknown_email == UnknownEmail::OnceMore;
        for channel in self.pipeline.channels.values().filter(|c| once_more && c.name() == "smtp") {
            self.pipeline
                .store
                .outcomes()
                .requeue_unknown(channel.name(), self.pipeline.now() - wait, self.pipeline.now())
                .await?;
        }
        Ok(settled)
    }

    /// `false`: another service has settled it meanwhile.
    async fn settle_lost(&self, row: &DispatchRow) -> anyhow::Result<bool> {
        let channel = row.channel.as_deref().and_then(|name| self.pipeline.channel_named(name));
        let trace = match channel {
            Some(channel) => channel.look_for(&row.dispatch_id).await,
            None => Trace::CannotTell,
        };
        // A file in a partner's folder has left; one in our own print folder has not.
        let takes_messages = channel.is_some_and(|c| c.takes_messages() || c.leaves_this_machine());
        let (state, outcome, evidence) = match trace {
            Trace::Found(evidence) if takes_messages => (StateName::Accepted, AttemptOutcome::Accepted, evidence),
            Trace::Found(evidence) => (StateName::Printed, AttemptOutcome::Printed, evidence),
            Trace::Absent => (
                StateName::Queued,
                AttemptOutcome::LostBeforeStart,
                Evidence::of("looked for after a crash and not found"),
            ),
            Trace::CannotTell => (
                StateName::Unknown,
                AttemptOutcome::Unknown,
                Evidence::of("the worker was lost; bytes may have left and no answer came"),
            ),
        };
        let facts = self.pipeline.child_facts(&row.envelope.child_id).await?.for_row(row);
        let left = matches!(state, StateName::Accepted | StateName::Unknown);
        // The entry names what the lost attempt rested on. Where that no longer stands the bytes still count.
        let entry = match (&row.packet, left) {
            (Some(packet), true) => {
                let packet = packet_of(&row.envelope, packet, &packet.made_from);
                if let Verdict::Authorized(authorization) = decide(
                    &question(&row.envelope),
                    &facts.facts(&self.pipeline, self.pipeline.now()),
                    Point::Release(&packet),
                ) {
                    Some(disclosure_entry(
                        &facts,
                        row,
                        &authorization,
                        row.attempt,
                        outcome.code(),
                        &Actor::service("delivery").recorded(),
                        &evidence,
                    ))
                } else {
                    let entry = Entry {
                        event: Event::Disclosure,
                        attempt: Some(row.attempt),
                        obligation: Some(row.envelope.obligation),
                        recipient: Some(row.envelope.recipient.clone()),
                        channel: row.channel.clone(),
                        items: row.packet.iter().flat_map(|p| &p.items).map(EntryItem::from).collect(),
                        ..outcome_entry(
                            &row.envelope.child_id,
                            &row.dispatch_id,
                            None,
                            outcome.code(),
                            &Actor::service("delivery"),
                        )
                    };
                    let detail = Detail {
                        recipient_name: row.envelope.recipient.to_string(),
                        address: "the endpoint of the attempt".to_owned(),
                        purpose: "May have been received; the attempt was lost.".to_owned(),
                        legitimate_interest: None,
                        emergency_threat: None,
                        records: format!("{} papers", entry.items.len()),
                        evidence: evidence.clone(),
                    };
                    Some((entry, detail))
                }
            }
            _ => None,
        };
        let says = self.unknown_task(row).unwrap_or_else(|| goes_once_more(&row.dispatch_id));
        let settlement = Settlement {
            dispatch_id: &row.dispatch_id,
            child_id: &row.envelope.child_id,
            attempt: row.attempt,
            state,
            outcome: outcome.clone(),
            evidence: &evidence,
            not_before: None,
            counts: false,
            exhausted: None,
            opens: (state == StateName::Unknown).then_some(("outcome-unknown", says.as_str())),
            message_sha256: None,
            entry,
            // Who counted it is gone; a question too early costs less than one that is not asked.
            counted: None,
        };
        Ok(self.pipeline.settle_ours(&settlement).await?)
    }

    /// A person accepts this database as the installation's own: the mark is set to its head.
    ///
    /// # Errors
    /// When the mark cannot be written.
    pub async fn accept_installation(&self, reason: &str, by: &Actor) -> anyhow::Result<()> {
        self.pipeline.authority().allow_for_all(by, Permission::Operate)?;
        self.pipeline.retention().destroy_listed(by).await?;
        self.pipeline.access_record().set_aside_checkpoints().await?;
        let head = self.pipeline.store.ledger().ledger_head().await?;
        self.pipeline
            .store
            .service()
            .keep_note(ACCEPTED, Some(&format!("{} {} {}: {reason}", head.count, head.hash, by.recorded())))
            .await?;
        self.pipeline.write_mark(&head).await?;
        RestoreHold(&self.pipeline).lift().await
    }
}
