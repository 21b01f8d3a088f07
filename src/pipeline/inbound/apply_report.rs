//! What follows from a report about an attempt of ours: the state, the entry in the record of access, the duty that is
//! open again.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::{
    bursts::{burst_of, rest_after_burst, rest_after_refusal},
    look::{Look, Received},
};
use crate::{
    actor::Actor,
    case::{EndpointId, mail_address},
    clock::parse_instant,
    dispatch::{
        Evidence, StateName,
        email::incoming::{Cause, Fate, Report},
    },
    ledger::{Detail, Entry, Event},
    pipeline::{Pipeline, access_record::entries::outcome_entry, operations::dispatch_operations::duties_of},
    store::{CameBack, Change, DispatchRow, Matched, NewReceipt, ReceiptStanding, StoreError},
};

/// By what a message was found that bears no mark of ours.
pub(super) const BY_MESSAGE_ID: &str = "message-id";

/// What follows from a report.
#[derive(Debug, PartialEq, Eq)]
struct Follows {
    state: Option<StateName>,
    standing: ReceiptStanding,
    why: &'static str,
}

/// Keeps a message that changes nothing.
pub(super) async fn keep(pipeline: &Arc<Pipeline>, new: NewReceipt<'_>, done: &mut Received) -> anyhow::Result<()> {
    let taken = pipeline.store.outcomes().take_receipt(&new, pipeline.now()).await?;
    count(done, None, &new, taken.is_some());
    Ok(())
}

/// Follows a report about an attempt of ours.
pub(super) async fn follow(
    pipeline: &Arc<Pipeline>,
    plain: NewReceipt<'_>,
    row: &DispatchRow,
    matched: &Matched,
    report: &Report,
    look: &mut Look,
) -> anyhow::Result<()> {
    let attempted = Attempted::of(pipeline, matched).await?;
    let doubt = match &attempted.address {
        Some(address) if report.fate == Fate::Failed && !report.may_speak_of(address) => Some(ANOTHERS),
        Some(address) if proved_by_sender_alone(report, matched) && !look.is_from(address) => Some(BY_NOBODY_KNOWN),
        None if proved_by_sender_alone(report, matched) => Some(BY_NOBODY_KNOWN),
        _ => None,
    };
    if let Some(why) = doubt {
        return keep(pipeline, NewReceipt { why, ..plain }, &mut look.done).await;
    }
    let follows = if matched.attempt == row.attempt {
        follows(report.fate, row.state, matched.by)
    } else {
        Follows { state: None, standing: ReceiptStanding::Noted, why: "about an earlier attempt; a later one counts" }
    };
    let returns = follows.state == Some(StateName::Returned);
    let cause = if returns { report.cause() } else { Cause::Other };
    let burst = if returns { burst_of(pipeline, &attempted, matched, report, look).await? } else { None };
    let names = attempted.address.as_deref().is_some_and(|address| report.names(address));
    let wrong_address = cause == Cause::Address && burst.is_none() && names;
    let endpoint = attempted.endpoint.clone().filter(|_| wrong_address);
    let office = match &endpoint {
        Some(endpoint) => pipeline.intake().office_of(endpoint).await?,
        None => None,
    };
    let itself = Actor::service("what came back");
    let change = follows.state.map(|state| {
        let came_back = returns.then(|| CameBack {
            endpoint: endpoint.as_ref(),
            of_office: office.is_some(),
            duties: duties_of(row),
            by: "a failure notice",
            for_our_reason: cause == Cause::Us || burst.is_some(),
        });
        let entry = outcome_of(row, matched, &attempted, state, report, &itself);
        Change { state: Some(state), why: follows.why, entry, came_back }
    });
    let code = (report.fate == Fate::Failed).then(|| report.code());
    let late = NewReceipt { standing: ReceiptStanding::Later, why: LATER, change: None, code: None, ..plain };
    let new = NewReceipt { standing: follows.standing, why: follows.why, change, code: code.as_deref(), ..plain };
    match pipeline.store.outcomes().take_receipt(&new, pipeline.now()).await {
        Ok(taken) => {
            count(&mut look.done, follows.state, &new, taken.is_some());
            if taken.is_none() {
                return Ok(());
            }
            if let Some(burst) = burst {
                rest_after_burst(pipeline, &attempted, &burst).await?;
            } else if cause == Cause::Us && matched.by != BY_MESSAGE_ID {
                rest_after_refusal(pipeline, &attempted, &report.code()).await?;
            }
            if let Some(endpoint) = endpoint {
                pipeline.intake().office_address_came_back(&endpoint, office.as_ref(), &itself).await?;
                pipeline.dispatch_operations().reopen(row).await?;
            }
            Ok(())
        }
        // Somebody else moved it between our look and the transaction: the next look decides anew.
        Err(StoreError::WrongState { .. }) => keep(pipeline, late, &mut look.done).await,
        Err(error) => Err(error.into()),
    }
}

/// A list or a forwarding stands behind the address, and one of its members did not get it.
const ANOTHERS: &str = "it speaks of another address than the one written to: a member of a list, or where mail is forwarded; \
                        nothing was changed";
const BY_NOBODY_KNOWN: &str = "a receipt that names our Message-ID alone and does not come from the address written to; nothing was \
                               changed";

/// Whether nothing but its sender speaks for a receipt: whoever had the message knows its Message-ID.
fn proved_by_sender_alone(report: &Report, matched: &Matched) -> bool {
    matched.by == BY_MESSAGE_ID
        && matches!(report.fate, Fate::Delivered | Fate::Displayed | Fate::Dispatched | Fate::Relayed | Fate::Processed)
}

const LATER: &str = "its attempt is not settled yet; it is looked at again";

/// What follows from a report for a dispatch in this state.
fn follows(fate: Fate, state: StateName, by: &str) -> Follows {
    use ReceiptStanding::{Applied, Later, Noted};
    let noted = |why| Follows { state: None, standing: Noted, why };
    let applied = |state, why| Follows { state: Some(state), standing: Applied, why };
    let alone = by == BY_MESSAGE_ID;
    match (fate, state) {
        (_, StateName::Sending) => Follows { state: None, standing: Later, why: LATER },
        (Fate::Failed, StateName::Accepted | StateName::Unknown | StateName::Confirmed) => {
            applied(StateName::Returned, "a failure notice came")
        }
        (Fate::Delivered | Fate::Displayed | Fate::Dispatched, StateName::Accepted | StateName::Unknown) if alone => {
            applied(
                StateName::Confirmed,
                "a receipt came from the address written to; it rests on the Message-ID alone",
            )
        }
        (Fate::Delivered, StateName::Accepted | StateName::Unknown) => {
            applied(StateName::Confirmed, "the recipient's mail system says that it is in the mailbox")
        }
        (Fate::Displayed, StateName::Accepted | StateName::Unknown) => {
            applied(StateName::Confirmed, "the recipient's program says that it was shown")
        }
        (Fate::Dispatched, StateName::Accepted | StateName::Unknown) => {
            applied(StateName::Confirmed, "the recipient's Direct service says that it was handed over")
        }
        (Fate::Relayed | Fate::Delayed | Fate::Processed, StateName::Unknown) => {
            applied(StateName::Accepted, "a notice shows that the next hand has it")
        }
        (Fate::Delayed, _) => noted("not yet there; it is still being tried"),
        (Fate::Relayed, _) => noted("handed on to a system that reports nothing"),
        (Fate::Processed, _) => noted("the recipient's Direct service has it"),
        (Fate::Deleted, _) => noted("put away unread"),
        (Fate::Failed | Fate::Delivered | Fate::Displayed | Fate::Dispatched, _) => {
            noted("it changes nothing in the dispatch's present state")
        }
    }
}

/// The attempt of which a report speaks, as it was made.
pub(super) struct Attempted {
    pub(super) channel: Option<String>,
    endpoint: Option<EndpointId>,
    pub(super) started_at: Option<DateTime<Utc>>,
    /// The entry that it left in the record of access.
    entry: Option<i64>,
    /// Where it went, by that entry.
    address: Option<String>,
}

impl Attempted {
    async fn of(pipeline: &Arc<Pipeline>, matched: &Matched) -> anyhow::Result<Self> {
        let attempts = pipeline.store.outbox().attempts(&matched.dispatch_id).await?;
        let attempt = attempts.into_iter().find(|a| a.attempt == matched.attempt);
        let rows = pipeline.store.ledger().ledger_of(&matched.child_id).await?;
        let entry = rows.into_iter().rev().find(|row| {
            row.entry.event == Event::Disclosure
                && row.entry.dispatch.as_deref() == Some(&matched.dispatch_id)
                && row.entry.attempt == Some(matched.attempt)
        });
        let address = entry.as_ref().and_then(|row| row.detail.as_ref()).map(|detail| {
            mail_address(&detail.address).map_or_else(|_| detail.address.clone(), |address| address.to_string())
        });
        Ok(Self {
            channel: attempt.as_ref().map(|a| a.channel.clone()),
            endpoint: attempt.as_ref().and_then(|a| EndpointId::parse(&a.endpoint_id).ok()),
            started_at: attempt.and_then(|a| parse_instant(&a.started_at).ok()),
            entry: entry.map(|row| row.link.seq),
            address,
        })
    }
}

fn outcome_of(
    row: &DispatchRow,
    matched: &Matched,
    attempted: &Attempted,
    state: StateName,
    report: &Report,
    by: &Actor,
) -> (Entry, Detail) {
    let entry = Entry {
        attempt: Some(matched.attempt),
        recipient: Some(row.envelope.recipient.clone()),
        channel: row.channel.clone(),
        ..outcome_entry(&matched.child_id, &matched.dispatch_id, attempted.entry, state.as_str(), by)
    };
    let said = report.diagnostic.clone().unwrap_or_else(|| report.fate.word().to_owned());
    let detail = Detail {
        recipient_name: row.envelope.recipient.to_string(),
        address: "the address of the attempt".to_owned(),
        purpose: match state {
            StateName::Confirmed if matched.by == BY_MESSAGE_ID => {
                "A receipt came. It bears no mark of ours: it rests on the Message-ID alone and on its sender."
            }
            StateName::Returned => "It came back and did not reach the recipient.",
            StateName::Confirmed => "A receipt came.",
            _ => "The next hand has it.",
        }
        .to_owned(),
        records: String::new(),
        legitimate_interest: None,
        emergency_threat: None,
        evidence: Evidence { enhanced_code: report.status.clone(), ..Evidence::of(said) },
    };
    (entry, detail)
}

fn count(done: &mut Received, state: Option<StateName>, new: &NewReceipt<'_>, taken: bool) {
    if taken && new.standing == ReceiptStanding::Person {
        return done.waits(new.sort);
    }
    let place = match (taken, new.standing, state) {
        (false, _, _) => &mut done.known,
        (true, ReceiptStanding::Applied, Some(StateName::Returned)) => &mut done.returned,
        (true, ReceiptStanding::Applied, Some(StateName::Confirmed)) => &mut done.confirmed,
        (true, ReceiptStanding::Later, _) => &mut done.later,
        (true, ..) => &mut done.noted,
    };
    *place += 1;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_moves_a_dispatch_only_where_its_states_allow_it() {
        let fates = [
            Fate::Failed,
            Fate::Delayed,
            Fate::Delivered,
            Fate::Relayed,
            Fate::Displayed,
            Fate::Processed,
            Fate::Dispatched,
            Fate::Deleted,
        ];
        for state in StateName::ALL {
            for fate in fates {
                for by in ["return-path", BY_MESSAGE_ID] {
                    if let Some(after) = follows(fate, state, by).state {
                        assert!(after.may_follow(state), "{fate:?} moves {state} to {after}");
                    }
                }
            }
        }
    }
}
