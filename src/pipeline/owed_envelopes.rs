//! What an obligation owes, as envelopes, and what the gate is asked about one.

use chrono::NaiveDate;

use crate::{
    case::ChildId,
    disclosure::{Packet, Question},
    dispatch::{Envelope, RenderedPacket, StateName},
    due::Obligation,
    store::DispatchRow,
};

/// An envelope that is due, and its row where it has one.
pub(super) struct Work {
    pub(super) envelope: Envelope,
    pub(super) due_on: NaiveDate,
    pub(super) row: Option<DispatchRow>,
}

impl Work {
    /// What was enclosed when the row was made stays enclosed, whatever asks for the same envelope now.
    pub(super) fn new(mut envelope: Envelope, due_on: NaiveDate, row: Option<DispatchRow>) -> Self {
        if let Some(row) = &row {
            envelope.enclosed.clone_from(&row.envelope.enclosed);
        }
        Self { envelope, due_on, row }
    }

    /// An envelope as its row has it.
    pub(super) fn of_row(row: DispatchRow) -> Self {
        Self { envelope: row.envelope.clone(), due_on: row.due_on, row: Some(row) }
    }
}

/// Whether an envelope may go, and its papers are to be made.
pub(super) fn waits_for_papers(row: &DispatchRow) -> bool {
    row.state == StateName::Queued && row.packet.is_none()
}

/// A rendered packet as the gate looks at it.
pub(super) fn packet_of(envelope: &Envelope, packet: &RenderedPacket, facts_now: &str) -> Packet {
    Packet {
        children: packet.items.iter().map(|_| envelope.child_id.clone()).collect(),
        mask: packet.mask.clone(),
        endpoint_id: packet.endpoint_id.clone(),
        made_from: packet.made_from.clone(),
        facts_now: facts_now.to_owned(),
        other_children: packet.other_children.clone(),
        protected: packet.protected.clone(),
    }
}

/// What the gate is asked about an envelope.
pub(super) fn question(envelope: &Envelope) -> Question<'_> {
    Question {
        recipient: &envelope.recipient,
        duty: (envelope.obligation, &envelope.anchor),
        subject: &envelope.subject,
        papers: &envelope.papers,
        enclosed: &envelope.enclosed,
        shares: &envelope.shares,
        by_hand: envelope.by_hand(),
    }
}

/// What an obligation owes, one envelope a recipient, and since when the recipient has it from elsewhere.
pub(super) fn envelopes_of(
    child_id: &ChildId,
    obligation: &Obligation,
) -> impl Iterator<Item = (Envelope, Option<NaiveDate>)> {
    obligation.owed.iter().map(move |owed| {
        let envelope = Envelope {
            child_id: child_id.clone(),
            obligation: obligation.kind,
            anchor: obligation.anchor.clone(),
            revision: obligation.revision,
            edition: 0,
            subject: obligation.subject.clone(),
            recipient: owed.recipient.clone(),
            papers: owed.papers.clone(),
            enclosed: Vec::new(),
            shares: Vec::new(),
        };
        (envelope, owed.has_it_since)
    })
}
