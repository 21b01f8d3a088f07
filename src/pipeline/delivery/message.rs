//! The message around the papers. Its words are fixed by the first attempt, in the claiming transaction: a retry,
//! weeks later and under another coordinator, is the same bytes.

use anyhow::Context;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{
    case::{Address, Recipient, mail_address},
    disclosure::Authorization,
    dispatch::{
        AttemptOutcome, Message, Paper,
        email::message::{MessageHead, MessageKind, MessageView, compose},
        pdf_encryption::wants_encrypted,
    },
    document::assemble::language_of,
    pipeline::{child_facts::ChildFacts, delivery::Delivery},
    store::{DispatchRow, StoreError},
};

/// Everything that a message says besides its papers, its date and its Message-ID.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Wording {
    kind: MessageKind,
    from: String,
    reply_to: Option<String>,
    to: String,
    view: MessageView,
    /// The calendar file that goes with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    calendar: Option<String>,
    /// Whether it goes by itself; words that were fixed before this was said stay as they are.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    by_itself: bool,
}

impl Delivery {
    /// The words of today; `None` where the permission leads to no e-mail address.
    pub(super) fn wording(
        &self,
        facts: &ChildFacts,
        row: &DispatchRow,
        authorization: &Authorization,
    ) -> Option<Wording> {
        let Address::Email { to, .. } = authorization.address() else { return None };
        let coordinator =
            facts.record.coordinator_on(self.pipeline.day()).and_then(|id| facts.directory.professional(id));
        let papers = row.envelope.contents().count();
        let (kind, discreet) = match &row.envelope.recipient {
            Recipient::FamilyMember { person_id } => (
                MessageKind::family(language_of(facts.languages(), &facts.record, &row.envelope.recipient).tag()),
                facts.record.member(person_id).is_some_and(|m| m.safe_at(authorization.endpoint_id()).discreet),
            ),
            Recipient::Office { .. } => (MessageKind::OFFICE, false),
        };
        // It was looked through when the papers were made; what would tell too much since then stays out.
        let calendar = row.packet.as_ref().and_then(|packet| packet.calendar);
        let calendar = calendar
            .and_then(|_| self.pipeline.preparation().calendar_of(facts, &row.envelope, authorization, row.created_at));
        let calendar = calendar.filter(|file| !file.tells_too_much).map(|file| file.text);
        // Where there is nobody to name, the words say the number only.
        let nobody = if discreet { "" } else { self.pipeline.program.name.as_str() };
        Some(Wording {
            kind,
            from: self.pipeline.program.email.to_string(),
            reply_to: coordinator.and_then(|c| c.email.as_ref()).map(ToString::to_string),
            to: to.to_string(),
            view: MessageView {
                program: self.pipeline.program.name.to_string(),
                program_telephone: self.pipeline.program.telephone.to_string(),
                caller: coordinator.map_or_else(|| nobody.to_owned(), |c| c.name.full()),
                telephone: coordinator
                    .and_then(|c| c.telephone.as_ref())
                    .unwrap_or(&self.pipeline.program.telephone)
                    .to_string(),
                hours: coordinator.and_then(|c| c.hours.as_ref()).map(ToString::to_string),
                papers,
                one_paper: papers == 1,
                discreet,
                encrypted: wants_encrypted(authorization.address()),
            },
            calendar,
            by_itself: true,
        })
    }

    /// The message of a dispatch, with its SHA-256.
    pub(super) async fn message(
        &self,
        facts: &ChildFacts,
        row: &DispatchRow,
        authorization: &Authorization,
        papers: &[Paper],
    ) -> anyhow::Result<(Message, String)> {
        let fixed =
            self.pipeline.store.outbox().wording_of(row).await?.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let wording: Wording =
            fixed.or_else(|| self.wording(facts, row, authorization)).context("a message needs an e-mail address")?;
        let from: lettre::Address = mail_address(&wording.from).context("program.toml: email")?;
        let head = MessageHead {
            dispatch_id: row.dispatch_id.clone(),
            from: lettre::message::Mailbox::new(
                (!wording.view.discreet).then(|| wording.view.program.clone()),
                from.clone(),
            ),
            reply_to: wording.reply_to.and_then(|e| mail_address(&e).ok()),
            to: mail_address(&wording.to).context("the endpoint's address")?,
            date: row.created_at,
            by_itself: wording.by_itself,
        };
        let bytes = compose(wording.kind, &head, &wording.view, papers, wording.calendar.as_deref())?;
        let sha256 = hex::encode(Sha256::digest(&bytes));
        Ok((Message { from, bytes: bytes.into() }, sha256))
    }

    /// After an unknown outcome at this endpoint only identical bytes under the same Message-ID may go again.
    pub(super) async fn same_bytes_as_before(
        &self,
        row: &DispatchRow,
        authorization: &Authorization,
        sha256: &str,
    ) -> Result<bool, StoreError> {
        if row.message_sha256.as_deref().is_none_or(|before| before == sha256) {
            return Ok(true);
        }
        let attempts = self.pipeline.store.outbox().attempts(&row.dispatch_id).await?;
        let endpoint = authorization.endpoint_id().as_str();
        Ok(!attempts.iter().any(|a| a.endpoint_id == endpoint && a.outcome == Some(AttemptOutcome::Unknown)))
    }
}
