//! After a crash: what a lost worker left behind is looked for, and a restored copy is noticed before it sends.

use anyhow::Context;

use crate::pipeline::owed_envelopes::{packet_of, question};
use crate::{
    disclosure::{Point, Verdict, decide},
    dispatch::{Evidence, StateName, Trace},
    files::on_disk,
    ledger::{Detail, Entry, EntryItem, Event, Head, installation_mark},
    pipeline::{
        Pipeline,
        access_record::entries::{disclosure_entry, outcome_entry},
    },
    store::{DispatchRow, Settlement, SharedText},
};

pub use crate::ledger::installation_mark::Standing;

const UNKNOWN: &str = "Nobody knows whether this envelope arrived. Ask the recipient, then run `earlypost resolve` with --arrived \
                       or --not-arrived. E-mail goes once more by itself, with the same bytes.";

/// The mark's name in a bucket.
const SHARED_MARK: &str = "ledger.mark";

/// The note that a person accepted this database as the installation's own.
const ACCEPTED: &str = "accepted-head";

impl Pipeline {
    /// Settles every attempt whose lease ran out. Folders are looked into; e-mail becomes unknown.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn recover(&self) -> anyhow::Result<usize> {
        let mut settled = 0;
        let expired = self.store.expired(self.now()).await?;
        for row in expired.iter().filter(|row| !self.out.has(&row.dispatch_id, row.attempt)) {
            settled += usize::from(self.settle_lost(row).await?);
        }
        if settled > 0 {
            tracing::warn!(envelopes = settled, "attempts of a lost worker were settled");
        }
        let wait = chrono::Duration::seconds(self.delivery.unknown_wait_seconds);
        for channel in self.channels.values().filter(|c| c.name() == "smtp") {
            self.store.requeue_unknown(channel.name(), self.now() - wait, self.now()).await?;
        }
        Ok(settled)
    }

    /// `false`: another service has settled it meanwhile.
    async fn settle_lost(&self, row: &DispatchRow) -> anyhow::Result<bool> {
        let channel = row.channel.as_deref().and_then(|name| self.channel_named(name));
        let trace = match channel {
            Some(channel) => channel.look_for(&row.dispatch_id).await,
            None => Trace::CannotTell,
        };
        // A file in a partner's folder has left; one in our own print folder has not.
        let takes_messages = channel.is_some_and(|c| c.takes_messages() || c.leaves_this_machine());
        let (state, word, evidence) = match trace {
            Trace::Found(evidence) if takes_messages => (StateName::Accepted, "accepted", evidence),
            Trace::Found(evidence) => (StateName::Printed, "printed", evidence),
            Trace::Absent => {
                (StateName::Queued, "lost before it began", Evidence::of("looked for after a crash and not found"))
            }
            Trace::CannotTell => (
                StateName::Unknown,
                "unknown",
                Evidence::of("the worker was lost; bytes may have left and no answer came"),
            ),
        };
        let facts = self.child_facts(&row.envelope.child_id).await?.for_row(row);
        let left = matches!(state, StateName::Accepted | StateName::Unknown);
        // The entry names what the lost attempt rested on. Where that no longer stands the bytes still count.
        let entry = match (&row.packet, left) {
            (Some(packet), true) => {
                let packet = packet_of(&row.envelope, packet, &packet.made_from);
                if let Verdict::Authorized(authorization) =
                    decide(&question(&row.envelope), &facts.facts(self, self.now()), Point::Release(&packet))
                {
                    Some(disclosure_entry(&facts, row, &authorization, row.attempt, word, &self.worker, &evidence))
                } else {
                    let entry = Entry {
                        event: Event::Disclosure,
                        attempt: Some(row.attempt),
                        obligation: Some(row.envelope.obligation),
                        recipient: Some(row.envelope.recipient.clone()),
                        channel: row.channel.clone(),
                        items: row.packet.iter().flat_map(|p| &p.items).map(EntryItem::from).collect(),
                        ..outcome_entry(&row.envelope.child_id, &row.dispatch_id, None, word, &self.worker)
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
        let settlement = Settlement {
            dispatch_id: &row.dispatch_id,
            child_id: &row.envelope.child_id,
            attempt: row.attempt,
            state,
            outcome: word,
            evidence: &evidence,
            not_before: None,
            counts: false,
            exhausted: None,
            opens: (state == StateName::Unknown).then_some(("outcome-unknown", UNKNOWN)),
            message_sha256: None,
            entry,
        };
        Ok(self.settle_ours(&settlement).await?)
    }

    /// How the database stands to the mark outside it.
    ///
    /// # Errors
    /// When the mark cannot be read, or the database refuses.
    pub async fn standing(&self) -> anyhow::Result<Standing> {
        // The mark first: another machine may add entries and renew the mark between the two looks, and a head that was
        // read before it would seem to be an older copy.
        let mark = self.read_mark().await?;
        let head = self.store.ledger_head().await?;
        let at_mark = match &mark {
            Some(mark) if mark.count > 0 => self.store.ledger_hash_at(mark.count).await?,
            _ => None,
        };
        Ok(installation_mark::standing(&head, mark.as_ref(), at_mark.as_deref()))
    }

    /// The mark: where papers stand in a bucket it stands there, so that every machine sees the same one.
    pub(in crate::pipeline) async fn read_mark(&self) -> anyhow::Result<Option<Head>> {
        if let Some(SharedText(text)) = self.store.shared_text(SHARED_MARK).await? {
            return text.map(|text| installation_mark::parse(&text)).transpose().context("the mark in the bucket");
        }
        let path = self.mark.clone();
        Ok(on_disk(move || installation_mark::read(&path)).await?)
    }

    async fn write_mark(&self, head: &Head) -> anyhow::Result<()> {
        self.store.share_text(SHARED_MARK, installation_mark::text(head)).await?;
        let (path, head) = (self.mark.clone(), head.clone());
        Ok(on_disk(move || installation_mark::write(&path, &head)).await?)
    }

    /// Rewrites the mark with the present head, unless the database is behind it.
    ///
    /// # Errors
    /// When the mark cannot be written.
    pub async fn renew_mark(&self) -> anyhow::Result<()> {
        if self.standing().await? == Standing::Same {
            self.write_mark(&self.store.ledger_head().await?).await?;
        }
        Ok(())
    }

    /// A person accepts this database as the installation's own: the mark is set to its head.
    ///
    /// # Errors
    /// When the mark cannot be written.
    pub async fn accept_installation(&self, by: &str) -> anyhow::Result<()> {
        self.destroy_listed(by).await?;
        self.set_aside_checkpoints().await?;
        let head = self.store.ledger_head().await?;
        self.store.keep_note(ACCEPTED, Some(&format!("{} {} {by}", head.count, head.hash))).await?;
        self.write_mark(&head).await?;
        Ok(())
    }
}

/// Why a database does not send, in words for a person.
impl std::fmt::Display for HeldInstallation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            Standing::Same => f.write_str("nothing is held"),
            Standing::Behind { count, marked } => write!(
                f,
                "nothing is sent: the record of access ends at entry {count}, but entry {marked} was seen here before. This looks like \
                 an older copy of the database. If you restored it on purpose, run `earlypost release --installation --reason ...`"
            ),
            Standing::Unmarked { count } => write!(
                f,
                "nothing is sent: the database holds {count} entries, but this installation has never seen them. This looks like a copy \
                 from elsewhere. If it is yours, run `earlypost release --installation --reason ...`"
            ),
            Standing::Rewritten { marked } => write!(
                f,
                "nothing is sent: entry {marked} of the record of access is not the one that was seen here before. Run `earlypost ledger \
                 verify` and find out who changed it"
            ),
        }
    }
}

/// An installation that starts held.
#[derive(Debug, Clone, Copy)]
pub struct HeldInstallation(pub Standing);

impl std::error::Error for HeldInstallation {}
