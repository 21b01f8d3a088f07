//! Receive: what comes back is read, matched with the attempt of which it speaks, kept, and followed.
//!
//! Nothing is ever answered. What cannot be matched, or bears a mark that is not ours, is kept for a person and
//! changes nothing.

use super::{Pipeline, account::outcome_entry};
use crate::{
    case::{ChildId, EndpointId},
    dispatch::{
        ChannelSettings, Evidence, Named, ReturnPath, StateName,
        fax::{Confirmation, Hylafax, references},
        incoming::{Fate, Incoming, Report, read},
        mailbox::{Imap, MailboxError, Maildir, ReceiveSettings},
    },
    ledger::{Detail, Entry},
    store::{CameBack, Change, DispatchRow, Matched, NewReceipt, ReceiptStanding, StoreError},
};

/// Where answers come in.
#[derive(Debug)]
pub struct Receiver {
    maildir: Option<Maildir>,
    imap: Option<Imap>,
    return_path: Option<ReturnPath>,
    gateway: Option<(Confirmation, ReturnPath)>,
    pub(super) hylafax: Option<Hylafax>,
    pub(super) fax_hours: Option<u32>,
}

/// What a look at the mailboxes did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Received {
    /// Messages that were read.
    pub messages: u64,
    /// Envelopes that came back.
    pub returned: u64,
    /// Envelopes for which a receipt came.
    pub confirmed: u64,
    /// Messages that belong to an envelope and change nothing.
    pub noted: u64,
    /// Messages that wait for a person.
    pub for_a_person: u64,
    /// Messages about an attempt that is not settled yet.
    pub later: u64,
    /// Messages that were known already.
    pub known: u64,
}

/// Of what a message speaks.
enum Subject {
    /// An attempt of ours. By its Message-ID alone nothing is proved: everybody who had the message knows it.
    Attempt(Box<DispatchRow>, Matched),
    /// Nothing of ours, or nobody can tell; why.
    Unknown(&'static str),
}

/// What follows from a report.
#[derive(Debug, PartialEq, Eq)]
struct Follows {
    state: Option<StateName>,
    standing: ReceiptStanding,
    why: &'static str,
}

impl Receiver {
    /// Reads what the settings point at. Connects to nothing.
    ///
    /// # Errors
    /// When a file or variable that they name cannot be read.
    pub fn new(settings: &ReceiveSettings, return_path: Option<ReturnPath>) -> Result<Self, MailboxError> {
        Ok(Self {
            maildir: settings.maildir.clone().map(Maildir::at),
            imap: settings.imap.clone().map(Imap::new).transpose()?,
            return_path,
            gateway: None,
            hylafax: None,
            fax_hours: None,
        })
    }

    /// The same with a fax gateway, whose references bear marks under `key`, or a fax server.
    #[must_use]
    pub fn with_fax(self, settings: &ChannelSettings, key: [u8; 32]) -> Self {
        match settings {
            ChannelSettings::FaxGateway(gateway) => Self {
                gateway: Confirmation::new(&gateway.confirmation).zip(references(key)),
                fax_hours: Some(gateway.confirm_within_hours),
                ..self
            },
            ChannelSettings::Hylafax(server) => {
                let server = Hylafax::new(server.clone());
                Self { fax_hours: Some(server.confirm_within_hours()), hylafax: Some(server), ..self }
            }
            _ => self,
        }
    }

    /// Whether there is anywhere to look.
    #[must_use]
    pub fn looks_anywhere(&self) -> bool {
        self.looks_for_notices() || self.fax_hours.is_some()
    }

    /// Whether there is a mailbox to look into.
    pub(super) fn looks_for_notices(&self) -> bool {
        self.maildir.is_some() || self.imap.is_some()
    }

    /// Takes everything that came in. A message is marked as taken only after it is kept; one that is read twice
    /// is one.
    ///
    /// # Errors
    /// When a mailbox cannot be read, or the database refuses. What was taken before that stays taken.
    pub async fn receive(&self, pipeline: &Pipeline) -> anyhow::Result<Received> {
        let mut done = Received::default();
        self.look_again(pipeline, &mut done).await?;
        if let Some(maildir) = &self.maildir {
            for file in maildir.waiting()? {
                self.take(pipeline, "maildir", &maildir.read(&file)?, &mut done).await?;
                maildir.taken(&file)?;
            }
        }
        if let Some(imap) = &self.imap {
            self.receive_by_imap(pipeline, imap, &mut done).await?;
        }
        self.ask_the_fax_server(pipeline, &mut done).await?;
        self.notice_silence(pipeline).await?;
        if done.for_a_person > 0 {
            let says = "Mail came in that nobody could match with certainty. Read it with `earlypost receive list`.";
            pipeline.store.open_task(None, "mail-to-read", "incoming mail", says, pipeline.now()).await?;
        }
        pipeline.renew_mark().await?;
        Ok(done)
    }

    async fn receive_by_imap(&self, pipeline: &Pipeline, imap: &Imap, done: &mut Received) -> anyhow::Result<()> {
        let mut session = imap.open().await?;
        let mark = pipeline.store.mailbox_mark(&imap.name()).await?;
        let last = mark.filter(|(validity, _)| *validity == session.validity).map_or(0, |(_, last)| last);
        for uid in session.after(last).await? {
            if let Some(bytes) = session.read(uid).await? {
                self.take(pipeline, "imap", &bytes, done).await?;
                session.seen(uid).await?;
            }
            pipeline.store.set_mailbox_mark(&imap.name(), session.validity, uid).await?;
        }
        session.close().await;
        Ok(())
    }

    /// Messages that came before their attempt was settled: a quick server bounces while we still listen to its 250.
    async fn look_again(&self, pipeline: &Pipeline, done: &mut Received) -> anyhow::Result<()> {
        for row in pipeline.store.receipts(false).await?.into_iter().filter(|r| r.standing == "later") {
            let (row, bytes) = pipeline.store.receipt(&row.receipt_id).await?;
            self.take(pipeline, &row.source, &bytes, done).await?;
        }
        Ok(())
    }

    /// Takes one message.
    async fn take(&self, pipeline: &Pipeline, source: &str, bytes: &[u8], done: &mut Received) -> anyhow::Result<()> {
        done.messages += 1;
        let mut incoming = read(bytes);
        if let Some((reference, report)) = self.gateway.as_ref().and_then(|(gateway, _)| gateway.read(&incoming)) {
            incoming.report = Some(report);
            incoming.fax_reference = Some(reference);
        }
        let says = incoming.report.as_ref().map_or("mail", |r| r.fate.word());
        let person = ReceiptStanding::Person;
        let plain = NewReceipt { source, bytes, says, matched: None, standing: person, why: "", change: None };
        let subject = self.subject(pipeline, &incoming).await?;
        match (&subject, &incoming.report) {
            (Subject::Unknown(why), _) => keep(pipeline, NewReceipt { why, ..plain }, done).await,
            (Subject::Attempt(_, matched), None) => {
                let why = "it came to the return path of this dispatch and is no report; read it";
                keep(pipeline, NewReceipt { why, matched: Some(matched), ..plain }, done).await
            }
            (Subject::Attempt(row, matched), Some(report)) => {
                follow(pipeline, NewReceipt { matched: Some(matched), ..plain }, row, matched, report, done).await
            }
        }
    }

    /// Of what it speaks: by the return path at which it came, by the envelope id, or by the Message-ID.
    async fn subject(&self, pipeline: &Pipeline, incoming: &Incoming) -> anyhow::Result<Subject> {
        let mut forged = false;
        if let (Some((_, references)), Some(reference)) = (&self.gateway, &incoming.fax_reference) {
            match references.named_by_token(reference) {
                Named::Attempt(name) => match pipeline.store.dispatch(&name.dispatch_id).await {
                    Ok(row) => return Ok(attempt(row, i64::from(name.attempt), "fax-job")),
                    Err(StoreError::NotFound { .. }) => {}
                    Err(error) => return Err(error.into()),
                },
                Named::Forged | Named::Foreign => forged = true,
            }
        }
        if let Some(path) = &self.return_path {
            let by_address = incoming.arrived_at.iter().map(|address| (path.named_by_address(address), "return-path"));
            let by_envelope = incoming.envelope_id.iter().map(|id| (path.named_by_token(id), "envelope-id"));
            for (named, by) in by_address.chain(by_envelope) {
                match named {
                    Named::Attempt(name) => {
                        return match pipeline.store.dispatch(&name.dispatch_id).await {
                            Ok(row) => Ok(attempt(row, i64::from(name.attempt), by)),
                            Err(StoreError::NotFound { .. }) => Ok(Subject::Unknown(
                                "it speaks of a dispatch that this database does not hold; it may come from an older copy",
                            )),
                            Err(error) => Err(error.into()),
                        };
                    }
                    Named::Forged => forged = true,
                    Named::Foreign => {}
                }
            }
        }
        if forged {
            return Ok(Subject::Unknown(
                "its return path or envelope id bears a mark that is not ours; nothing was changed",
            ));
        }
        let about = incoming.about.as_deref().and_then(|id| id.split_once('@'));
        let ours = about.filter(|(_, domain)| {
            pipeline.program.email.as_str().rsplit('@').next().is_some_and(|own| own.eq_ignore_ascii_case(domain))
        });
        let Some((id, _)) = ours else {
            return Ok(Subject::Unknown(match incoming.report {
                Some(_) => "a report about a message that is not ours",
                None => "it is no report, and names no message of ours",
            }));
        };
        let row = match pipeline.store.dispatch(id).await {
            Ok(row) => row,
            Err(StoreError::NotFound { .. }) => {
                return Ok(Subject::Unknown("it speaks of a dispatch that this database does not hold"));
            }
            Err(error) => return Err(error.into()),
        };
        let failure = incoming.report.as_ref().is_some_and(|r| r.fate == Fate::Failed);
        if failure && self.return_path.is_some() {
            return Ok(Subject::Unknown(
                "a failure notice that names a Message-ID of ours but did not come to its return path; nothing was changed",
            ));
        }
        let number = row.attempt;
        Ok(attempt(row, number, "message-id"))
    }
}

impl Receiver {
    /// Follows what a fax server says about an attempt of ours: where it was found, and its words.
    pub(super) async fn follow_report(
        &self,
        pipeline: &Pipeline,
        (source, bytes): (&str, &[u8]),
        row: &DispatchRow,
        matched: &Matched,
        report: &Report,
        done: &mut Received,
    ) -> anyhow::Result<()> {
        let (says, standing, about) = (report.fate.word(), ReceiptStanding::Noted, Some(matched));
        let plain = NewReceipt { source, bytes, says, matched: about, standing, why: "", change: None };
        follow(pipeline, plain, row, matched, report, done).await
    }
}

/// Keeps a message that changes nothing.
async fn keep(pipeline: &Pipeline, new: NewReceipt<'_>, done: &mut Received) -> anyhow::Result<()> {
    let taken = pipeline.store.take_receipt(&new, pipeline.now()).await?;
    count(done, None, &new, taken.is_some());
    Ok(())
}

/// Follows a report about an attempt of ours.
async fn follow(
    pipeline: &Pipeline,
    plain: NewReceipt<'_>,
    row: &DispatchRow,
    matched: &Matched,
    report: &Report,
    done: &mut Received,
) -> anyhow::Result<()> {
    let follows = follows(report.fate, row.state, matched.attempt == row.attempt);
    let endpoint = endpoint_of(pipeline, matched).await?;
    let change = match follows.state {
        Some(state) => {
            let about = disclosure_of(pipeline, &matched.child_id, matched).await?;
            let of_the_address = speaks_of_the_address(report);
            let came_back = (state == StateName::Returned).then(|| CameBack {
                endpoint: endpoint.as_ref().filter(|_| of_the_address),
                duty: (row.envelope.obligation.as_str(), &row.envelope.anchor, i64::from(row.envelope.revision)),
                says: if of_the_address { WRONG_ADDRESS } else { CAME_BACK },
            });
            let entry = outcome_of(row, matched, about, state, report, &pipeline.worker);
            Some(Change { state: Some(state), why: follows.why, entry, came_back })
        }
        None => None,
    };
    let (source, bytes, says) = (plain.source, plain.bytes, plain.says);
    let new = NewReceipt { standing: follows.standing, why: follows.why, change, ..plain };
    match pipeline.store.take_receipt(&new, pipeline.now()).await {
        Ok(taken) => {
            count(done, follows.state, &new, taken.is_some());
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

const WRONG_ADDRESS: &str =
    "It came back: the address is wrong or closed, and is used no more. Find the right one, record it, and send again.";
const CAME_BACK: &str =
    "It came back. See why with `earlypost show`, call the recipient, and send it again or another way.";
const LATER: &str = "its attempt is not settled yet; it is looked at again";

fn attempt(row: DispatchRow, attempt: i64, by: &'static str) -> Subject {
    let matched =
        Matched { dispatch_id: row.dispatch_id.clone(), child_id: row.envelope.child_id.clone(), attempt, by };
    Subject::Attempt(Box::new(row), matched)
}

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

async fn endpoint_of(pipeline: &Pipeline, matched: &Matched) -> anyhow::Result<Option<EndpointId>> {
    let attempts = pipeline.store.attempts(&matched.dispatch_id).await?;
    let attempt = attempts.into_iter().find(|a| a.attempt == matched.attempt);
    Ok(attempt.and_then(|a| EndpointId::parse(&a.endpoint_id).ok()))
}

/// The entry that the attempt left in the record of access.
async fn disclosure_of(pipeline: &Pipeline, child: &ChildId, matched: &Matched) -> anyhow::Result<Option<i64>> {
    let entries = pipeline.store.ledger_of(child).await?;
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
    by: &str,
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
