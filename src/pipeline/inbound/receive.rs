//! Receive: what comes back is read, matched with the attempt of which it speaks, kept, and followed.
//!
//! Nothing is ever answered. What cannot be matched, or bears a mark that is not ours, is kept for a person and
//! changes nothing.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::{
    apply_report::{BY_MESSAGE_ID, follow, keep},
    look::{Look, Received},
};
use crate::{
    dispatch::{
        ChannelSettings, Named, ReturnPath,
        email::{
            incoming::{Fate, Incoming, Sort, read},
            mailbox::{Imap, ImapSession, MailboxError, Maildir, ReceiveSettings},
        },
        fax::{Confirmation, Hylafax, references},
    },
    hint::Hint,
    pipeline::{
        Pipeline,
        operations::unread_answers::{FAX_SERVER, IMAP, MAILDIR, of_mailbox},
    },
    store::{DispatchRow, Matched, NewReceipt, ReceiptStanding, StoreError},
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

/// Of what a message speaks.
enum Subject {
    /// An attempt of ours. By its Message-ID alone nothing is proved: everybody who had the message knows it.
    Attempt(Box<DispatchRow>, Matched),
    /// Nothing of ours, or nobody can tell; why.
    Unknown(&'static str),
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
    /// is one. A place that cannot be read keeps none of the others from being read.
    ///
    /// # Errors
    /// When the database refuses. What was taken before that stays taken.
    pub async fn receive(&self, pipeline: &Arc<Pipeline>) -> anyhow::Result<Received> {
        let mut look = Look::default();
        self.look_again(pipeline, &mut look).await?;
        if let Some(maildir) = &self.maildir {
            let read = self.receive_from_maildir(pipeline, maildir, &mut look).await;
            look.done.not_read.extend(pipeline.operations().note_reading(MAILDIR, of_mailbox(read)?).await?);
        }
        if let Some(imap) = &self.imap {
            let read = self.receive_by_imap(pipeline, imap, &mut look).await;
            look.done.not_read.extend(pipeline.operations().note_reading(IMAP, of_mailbox(read)?).await?);
        }
        if self.hylafax.is_some() {
            let trouble = self.ask_the_fax_server(pipeline, &mut look).await?;
            look.done.not_read.extend(pipeline.operations().note_reading(FAX_SERVER, trouble).await?);
        }
        self.notice_silence(pipeline).await?;
        if look.done.for_a_person > 0 {
            let read = Hint::ListReceived;
            let says = format!("Mail came in that nobody could match with certainty. Read it with {read}.");
            pipeline.store.service().open_task(None, "mail-to-read", "incoming mail", &says, pipeline.now()).await?;
        }
        pipeline.renew_mark().await?;
        Ok(look.done)
    }

    /// Whether the mailboxes can be opened now; takes nothing. Each by its name, with what is wrong.
    pub async fn look(&self) -> Vec<(&'static str, Result<(), MailboxError>)> {
        let mut seen = Vec::new();
        if let Some(maildir) = &self.maildir {
            seen.push((MAILDIR, maildir.waiting().map(drop)));
        }
        if let Some(imap) = &self.imap {
            let opened = match imap.open().await {
                Ok(session) => {
                    session.close().await;
                    Ok(())
                }
                Err(error) => Err(error),
            };
            seen.push((IMAP, opened));
        }
        seen
    }

    async fn receive_from_maildir(
        &self,
        pipeline: &Arc<Pipeline>,
        maildir: &Maildir,
        look: &mut Look,
    ) -> anyhow::Result<()> {
        let mut trouble = None;
        let waiting = maildir.waiting()?;
        for file in &waiting {
            // What cannot be read is told below.
            if let Ok(bytes) = maildir.read(file) {
                self.foresee(pipeline, &bytes, look).await?;
            }
        }
        for file in waiting {
            match maildir.read(&file) {
                Ok(bytes) => {
                    self.take(pipeline, "maildir", &bytes, look).await?;
                    maildir.taken(&file)?;
                }
                // Another machine that reads the same folder has taken it.
                Err(MailboxError::Folder { kind: std::io::ErrorKind::NotFound, .. }) => {}
                Err(error) => trouble = Some(error),
            }
        }
        trouble.map_or(Ok(()), |error| Err(error.into()))
    }

    /// The mark moves to the last message before which none is left unread. What was read beyond it is noted, so that one
    /// message that the server does not give keeps no other from being read, and none is read at every look.
    async fn receive_by_imap(&self, pipeline: &Arc<Pipeline>, imap: &Imap, look: &mut Look) -> anyhow::Result<()> {
        let mut session = imap.open().await?;
        let (name, validity) = (imap.name(), session.validity);
        let mark = pipeline.store.outcomes().mailbox_mark(&name).await?;
        let mut last = mark.filter(|(marked, _)| *marked == validity).map_or(0, |(_, last)| last);
        let beyond = pipeline.operations().read_beyond_mark(&name, validity).await?;
        let (mut read, mut trouble) = (beyond.clone(), None);
        let waiting = session.after(last).await?;
        let mut ahead = self.read_ahead(pipeline, &mut session, &waiting, &read, look).await?;
        for uid in waiting {
            if !read.contains(&uid) {
                let got = match ahead.remove(&uid) {
                    Some(got) => got,
                    None => fetch(&mut session, uid).await?,
                };
                match self.take_by_imap(pipeline, &mut session, uid, got, look).await? {
                    Ok(()) => drop(read.insert(uid)),
                    Err(error) => drop(trouble.get_or_insert(error)),
                }
            }
            if trouble.is_none() {
                last = uid;
                pipeline.store.outcomes().set_mailbox_mark(&name, validity, last).await?;
            } else {
                // Kept message by message: what is read stays read, whatever ends this look.
                pipeline.operations().keep_read_beyond_mark(&name, validity, last, &read).await?;
            }
        }
        let left: BTreeSet<u32> = read.into_iter().filter(|uid| *uid > last).collect();
        if left != beyond {
            pipeline.operations().keep_read_beyond_mark(&name, validity, last, &left).await?;
        }
        session.close().await;
        trouble.map_or(Ok(()), |error| Err(error.into()))
    }

    /// Reads the first messages before any is taken: many failures at once are told before the first of them counts. What
    /// ends this reading ends the other too, after what was read is taken.
    async fn read_ahead(
        &self,
        pipeline: &Arc<Pipeline>,
        session: &mut ImapSession,
        waiting: &BTreeSet<u32>,
        read: &BTreeSet<u32>,
        look: &mut Look,
    ) -> anyhow::Result<BTreeMap<u32, Got>> {
        let (mut ahead, mut room) = (BTreeMap::new(), MOST_READ_AHEAD);
        for uid in waiting.iter().filter(|uid| !read.contains(uid)) {
            let Ok(got) = fetch(session, *uid).await else { break };
            if let Ok(Some(bytes)) = &got {
                self.foresee(pipeline, bytes, look).await?;
                room = room.saturating_sub(bytes.len());
            }
            ahead.insert(*uid, got);
            if room == 0 {
                break;
            }
        }
        Ok(ahead)
    }

    /// Takes one message of a mailbox; inside, why the server did not give it.
    async fn take_by_imap(
        &self,
        pipeline: &Arc<Pipeline>,
        session: &mut ImapSession,
        uid: u32,
        got: Got,
        look: &mut Look,
    ) -> anyhow::Result<Result<(), MailboxError>> {
        let bytes = match got {
            Ok(Some(bytes)) => bytes,
            Ok(None) => return Ok(Ok(())),
            Err(error) => return Ok(Err(error)),
        };
        self.take(pipeline, "imap", &bytes, look).await?;
        match session.seen(uid).await {
            // A folder that may only be read: our own mark says how far it was read.
            Err(MailboxError::Refused { says, .. }) => {
                tracing::warn!(says, "a message that was read could not be marked");
            }
            other => other?,
        }
        Ok(Ok(()))
    }

    /// Messages that came before their attempt was settled: a quick server bounces while we still listen to its 250.
    async fn look_again(&self, pipeline: &Arc<Pipeline>, look: &mut Look) -> anyhow::Result<()> {
        for row in pipeline.store.outcomes().receipts(false).await?.into_iter().filter(|r| r.standing == "later") {
            let (row, bytes) = pipeline.store.outcomes().receipt(&row.receipt_id).await?;
            self.take(pipeline, &row.source, &bytes, look).await?;
        }
        Ok(())
    }

    /// Notes of which dispatch a message reports a failure, before any of this look is taken.
    async fn foresee(&self, pipeline: &Arc<Pipeline>, bytes: &[u8], look: &mut Look) -> anyhow::Result<()> {
        let incoming = read(bytes);
        let Some(report) = incoming.report.as_ref().filter(|report| report.fate == Fate::Failed) else { return Ok(()) };
        if let Subject::Attempt(row, matched) = self.subject(pipeline, &incoming).await? {
            let attempts = pipeline.store.outbox().attempts(&row.dispatch_id).await?;
            if let Some(attempt) = attempts.into_iter().find(|a| a.attempt == matched.attempt) {
                let of_one_kind = look.coming.entry((attempt.channel, report.code())).or_default();
                of_one_kind.insert(matched.dispatch_id);
            }
        }
        Ok(())
    }

    /// Takes one message.
    async fn take(&self, pipeline: &Arc<Pipeline>, source: &str, bytes: &[u8], look: &mut Look) -> anyhow::Result<()> {
        look.done.messages += 1;
        let mut incoming = read(bytes);
        look.from.clone_from(&incoming.from);
        if let Some((reference, report)) = self.gateway.as_ref().and_then(|(gateway, _)| gateway.read(&incoming)) {
            incoming.sort = if report.fate == Fate::Failed { Sort::Failure } else { Sort::Receipt };
            incoming.report = Some(report);
            incoming.fax_reference = Some(reference);
        }
        let says = incoming.report.as_ref().map_or("mail", |r| r.fate.word());
        let (person, sort) = (ReceiptStanding::Person, incoming.sort);
        let plain = NewReceipt {
            source,
            bytes,
            says,
            sort,
            code: None,
            matched: None,
            standing: person,
            why: "",
            change: None,
        };
        let subject = self.subject(pipeline, &incoming).await?;
        match (&subject, &incoming.report) {
            (Subject::Unknown(why), _) => keep(pipeline, NewReceipt { why, ..plain }, &mut look.done).await,
            (Subject::Attempt(_, matched), None) => {
                if sort == Sort::Complaint {
                    let (store, child) = (&pipeline.store, &matched.child_id);
                    let now = pipeline.now();
                    store.service().open_task_once(child, "complaint", &matched.dispatch_id, &complaint(), now).await?;
                }
                let why = why_kept(sort);
                keep(pipeline, NewReceipt { why, matched: Some(matched), ..plain }, &mut look.done).await
            }
            (Subject::Attempt(row, matched), Some(report)) => {
                follow(pipeline, NewReceipt { matched: Some(matched), ..plain }, row, matched, report, look).await
            }
        }
    }

    /// Of what it speaks: by the return path at which it came, by the envelope id, or by the Message-ID.
    async fn subject(&self, pipeline: &Arc<Pipeline>, incoming: &Incoming) -> anyhow::Result<Subject> {
        let mut forged = false;
        if let (Some((_, references)), Some(reference)) = (&self.gateway, &incoming.fax_reference) {
            match references.named_by_token(reference) {
                Named::Attempt(name) => match pipeline.store.outbox().dispatch(&name.dispatch_id).await {
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
                        return match pipeline.store.outbox().dispatch(&name.dispatch_id).await {
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
        let row = match pipeline.store.outbox().dispatch(id).await {
            Ok(row) => row,
            Err(StoreError::NotFound { .. }) => {
                return Ok(Subject::Unknown("it speaks of a dispatch that this database does not hold"));
            }
            Err(error) => return Err(error.into()),
        };
        let failure = incoming.report.as_ref().is_some_and(|r| r.fate == Fate::Failed);
        if failure && !incoming.formal {
            return Ok(Subject::Unknown(
                "a failure notice in words alone, without a mark of ours; nothing was changed",
            ));
        }
        if failure && self.return_path.is_some() {
            return Ok(Subject::Unknown(
                "a failure notice that names a Message-ID of ours but did not come to its return path; nothing was changed",
            ));
        }
        let number = row.attempt;
        Ok(attempt(row, number, BY_MESSAGE_ID))
    }
}

/// A message as a mailbox gave it, or why it did not; none where it is gone.
type Got = Result<Option<Vec<u8>>, MailboxError>;

/// Bytes of messages that are held before any is taken.
const MOST_READ_AHEAD: usize = 32_000_000;

/// Asks for a message; a refusal of this one is no end of the session.
async fn fetch(session: &mut ImapSession, uid: u32) -> Result<Got, MailboxError> {
    match session.read(uid).await {
        Err(error @ MailboxError::Refused { .. }) => Ok(Err(error)),
        other => other.map(Ok),
    }
}

/// The task where a reader, or the reader's mail service, complains.
fn complaint() -> String {
    format!(
        "The reader's mail service reports a complaint about this delivery: somebody marked it as unwanted. Call, and ask whether \
         the address is right and whether e-mail is wanted there; nothing was changed. Then close this with {}.",
        Hint::CloseTask
    )
}

/// Why a message about a delivery waits for a person.
fn why_kept(sort: Sort) -> &'static str {
    match sort {
        Sort::Failure => {
            "a machine wrote to the return path of this delivery, and what it says is not understood; read it"
        }
        Sort::Receipt => "a report about this delivery that says nothing of what became of it; read it",
        Sort::Complaint => "a complaint about this delivery; the task says what to do",
        Sort::OutOfOffice => "an automatic reply to this delivery: the reader is away",
        Sort::Person => "it came to the return path of this delivery and is no report; read it",
    }
}

fn attempt(row: DispatchRow, attempt: i64, by: &'static str) -> Subject {
    let matched =
        Matched { dispatch_id: row.dispatch_id.clone(), child_id: row.envelope.child_id.clone(), attempt, by };
    Subject::Attempt(Box::new(row), matched)
}
