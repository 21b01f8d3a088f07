//! What follows from a report about an attempt of ours: the state, the entry in the record of access, the duty that is
//! open again.

use std::sync::Arc;

use super::receive::Received;
use crate::{
    actor::Actor,
    case::{ChildId, EndpointId},
    dispatch::{
        Evidence, StateName,
        email::incoming::{Fate, Report},
    },
    ledger::{Detail, Entry},
    pipeline::{Pipeline, access_record::entries::outcome_entry, operations::dispatch_operations::duties_of},
    store::{CameBack, Change, DispatchRow, Matched, NewReceipt, ReceiptStanding, StoreError},
};

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
    done: &mut Received,
) -> anyhow::Result<()> {
    let follows = follows(report.fate, row.state, matched.attempt == row.attempt);
    let wrong_address = speaks_of_the_address(report) && follows.state == Some(StateName::Returned);
    let endpoint = endpoint_of(pipeline, matched).await?.filter(|_| wrong_address);
    let office = match &endpoint {
        Some(endpoint) => pipeline.intake().office_of(endpoint).await?,
        None => None,
    };
    let itself = Actor::service("what came back");
    let change = match follows.state {
        Some(state) => {
            let about = disclosure_of(pipeline, &matched.child_id, matched).await?;
            let came_back = (state == StateName::Returned).then(|| CameBack {
                endpoint: endpoint.as_ref(),
                of_office: office.is_some(),
                duties: duties_of(row),
                by: "a failure notice",
            });
            let entry = outcome_of(row, matched, about, state, report, &itself);
            Some(Change { state: Some(state), why: follows.why, entry, came_back })
        }
        None => None,
    };
    let (source, bytes, says) = (plain.source, plain.bytes, plain.says);
    let new = NewReceipt { standing: follows.standing, why: follows.why, change, ..plain };
    match pipeline.store.outcomes().take_receipt(&new, pipeline.now()).await {
        Ok(taken) => {
            count(done, follows.state, &new, taken.is_some());
            if let Some(endpoint) = endpoint.filter(|_| taken.is_some()) {
                pipeline.intake().office_address_came_back(&endpoint, office.as_ref(), &itself).await?;
                pipeline.dispatch_operations().reopen(row).await?;
            }
            Ok(())
        }
        // Somebody else moved it between our look and the transaction: the next look decides anew.
        Err(StoreError::WrongState { .. }) => {
            let (standing, matched) = (ReceiptStanding::Later, Some(matched));
            keep(pipeline, NewReceipt { source, bytes, says, matched, standing, why: LATER, change: None }, done).await
        }
        Err(error) => Err(error.into()),
    }
}

const LATER: &str = "its attempt is not settled yet; it is looked at again";

/// What follows from a report for a dispatch in this state.
fn follows(fate: Fate, state: StateName, last_attempt: bool) -> Follows {
    use ReceiptStanding::{Applied, Later, Noted};
    let noted = |why| Follows { state: None, standing: Noted, why };
    let applied = |state, why| Follows { state: Some(state), standing: Applied, why };
    if !last_attempt {
        return noted("about an earlier attempt; a later one counts");
    }
    match (fate, state) {
        (_, StateName::Sending) => Follows { state: None, standing: Later, why: LATER },
        (Fate::Failed, StateName::Accepted | StateName::Unknown | StateName::Confirmed) => {
            applied(StateName::Returned, "a failure notice came")
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

/// X.1: the address; X.2.1: the mailbox is closed (RFC 3463). Other failures say nothing about the address.
fn speaks_of_the_address(report: &Report) -> bool {
    report.status.as_deref().is_some_and(|status| status.starts_with("5.1.") || status == "5.2.1")
}

async fn endpoint_of(pipeline: &Arc<Pipeline>, matched: &Matched) -> anyhow::Result<Option<EndpointId>> {
    let attempts = pipeline.store.outbox().attempts(&matched.dispatch_id).await?;
    let attempt = attempts.into_iter().find(|a| a.attempt == matched.attempt);
    Ok(attempt.and_then(|a| EndpointId::parse(&a.endpoint_id).ok()))
}

/// The entry that the attempt left in the record of access.
async fn disclosure_of(pipeline: &Arc<Pipeline>, child: &ChildId, matched: &Matched) -> anyhow::Result<Option<i64>> {
    let entries = pipeline.store.ledger().ledger_of(child).await?;
    let of_the_attempt = entries.iter().rev().find(|row| {
        row.entry.event == crate::ledger::Event::Disclosure
            && row.entry.dispatch.as_deref() == Some(&matched.dispatch_id)
            && row.entry.attempt == Some(matched.attempt)
    });
    Ok(of_the_attempt.map(|row| row.link.seq))
}

fn outcome_of(
    row: &DispatchRow,
    matched: &Matched,
    about: Option<i64>,
    state: StateName,
    report: &Report,
    by: &Actor,
) -> (Entry, Detail) {
    let entry = Entry {
        attempt: Some(matched.attempt),
        recipient: Some(row.envelope.recipient.clone()),
        channel: row.channel.clone(),
        ..outcome_entry(&matched.child_id, &matched.dispatch_id, about, state.as_str(), by)
    };
    let said = report.diagnostic.clone().unwrap_or_else(|| report.fate.word().to_owned());
    let detail = Detail {
        recipient_name: row.envelope.recipient.to_string(),
        address: "the address of the attempt".to_owned(),
        purpose: match state {
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
    let place = match (taken, new.standing, state) {
        (false, _, _) => &mut done.known,
        (true, ReceiptStanding::Applied, Some(StateName::Returned)) => &mut done.returned,
        (true, ReceiptStanding::Applied, Some(StateName::Confirmed)) => &mut done.confirmed,
        (true, ReceiptStanding::Applied | ReceiptStanding::Noted, _) => &mut done.noted,
        (true, ReceiptStanding::Later, _) => &mut done.later,
        (true, ReceiptStanding::Person, _) => &mut done.for_a_person,
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
                let follows = follows(fate, state, true);
                if let Some(after) = follows.state {
                    assert!(after.may_follow(state), "{fate:?} moves {state} to {after}");
                }
                assert_eq!(super::follows(fate, state, false).standing, ReceiptStanding::Noted);
            }
        }
    }

    #[test]
    fn only_a_wrong_or_closed_address_is_used_no_more() {
        let report = |status: &str| Report { fate: Fate::Failed, status: Some(status.to_owned()), diagnostic: None };
        assert!(speaks_of_the_address(&report("5.1.1")));
        assert!(speaks_of_the_address(&report("5.2.1")));
        assert!(!speaks_of_the_address(&report("5.2.2")));
        assert!(!speaks_of_the_address(&report("5.7.1")));
        assert!(!speaks_of_the_address(&report("4.4.7")));
    }
}
