//! Receive: what comes back is read, matched with the attempt of which it speaks, kept, and followed.
//!
//! Nothing is ever answered. What cannot be matched, or bears a mark that is not ours, is kept for a person and
//! changes nothing.

use std::{collections::BTreeSet, sync::Arc};

use super::apply_report::{follow, keep};
use crate::{
    dispatch::{
        ChannelSettings, Named, ReturnPath,
        email::{
            incoming::{Fate, Incoming, read},
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

/// What a look at the mailboxes did.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
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
    /// What could not be read, one sentence a place. Nothing of it is passed over: the next look tries it again.
    pub not_read: Vec<String>,
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
        let mut done = Received::default();
        self.look_again(pipeline, &mut done).await?;
        if let Some(maildir) = &self.maildir {
            let read = self.receive_from_maildir(pipeline, maildir, &mut done).await;
            done.not_read.extend(pipeline.operations().note_reading(MAILDIR, of_mailbox(read)?).await?);
        }
        if let Some(imap) = &self.imap {
            let read = self.receive_by_imap(pipeline, imap, &mut done).await;
            done.not_read.extend(pipeline.operations().note_reading(IMAP, of_mailbox(read)?).await?);
        }
        if self.hylafax.is_some() {
            let trouble = self.ask_the_fax_server(pipeline, &mut done).await?;
            done.not_read.extend(pipeline.operations().note_reading(FAX_SERVER, trouble).await?);
        }
        self.notice_silence(pipeline).await?;
        if done.for_a_person > 0 {
            let read = Hint::ListReceived;
            let says = format!("Mail came in that nobody could match with certainty. Read it with {read}.");
            pipeline.store.service().open_task(None, "mail-to-read", "incoming mail", &says, pipeline.now()).await?;
        }
        pipeline.renew_mark().await?;
        Ok(done)
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
        done: &mut Received,
    ) -> anyhow::Result<()> {
        let mut trouble = None;
        for file in maildir.waiting()? {
            match maildir.read(&file) {
                Ok(bytes) => {
                    self.take(pipeline, "maildir", &bytes, done).await?;
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
    async fn receive_by_imap(&self, pipeline: &Arc<Pipeline>, imap: &Imap, done: &mut Received) -> anyhow::Result<()> {
        let mut session = imap.open().await?;
        let (name, validity) = (imap.name(), session.validity);
        let mark = pipeline.store.outcomes().mailbox_mark(&name).await?;
        let mut last = mark.filter(|(marked, _)| *marked == validity).map_or(0, |(_, last)| last);
        let beyond = pipeline.operations().read_beyond_mark(&name, validity).await?;
        let (mut read, mut trouble) = (beyond.clone(), None);
        for uid in session.after(last).await? {
            if !read.contains(&uid) {
                match self.take_by_imap(pipeline, &mut session, uid, done).await? {
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

    /// One message of a mailbox; inside, why the server did not give it.
    async fn take_by_imap(
        &self,
        pipeline: &Arc<Pipeline>,
        session: &mut ImapSession,
        uid: u32,
        done: &mut Received,
    ) -> anyhow::Result<Result<(), MailboxError>> {
        let bytes = match session.read(uid).await {
            Ok(Some(bytes)) => bytes,
            Ok(None) => return Ok(Ok(())),
            Err(error @ MailboxError::Refused { .. }) => return Ok(Err(error)),
            Err(error) => return Err(error.into()),
        };
        self.take(pipeline, "imap", &bytes, done).await?;
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
    async fn look_again(&self, pipeline: &Arc<Pipeline>, done: &mut Received) -> anyhow::Result<()> {
        for row in pipeline.store.outcomes().receipts(false).await?.into_iter().filter(|r| r.standing == "later") {
            let (row, bytes) = pipeline.store.outcomes().receipt(&row.receipt_id).await?;
            self.take(pipeline, &row.source, &bytes, done).await?;
        }
        Ok(())
    }

    /// Takes one message.
    async fn take(
        &self,
        pipeline: &Arc<Pipeline>,
        source: &str,
        bytes: &[u8],
        done: &mut Received,
    ) -> anyhow::Result<()> {
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
        if failure && self.return_path.is_some() {
            return Ok(Subject::Unknown(
                "a failure notice that names a Message-ID of ours but did not come to its return path; nothing was changed",
            ));
        }
        let number = row.attempt;
        Ok(attempt(row, number, "message-id"))
    }
}

fn attempt(row: DispatchRow, attempt: i64, by: &'static str) -> Subject {
    let matched =
        Matched { dispatch_id: row.dispatch_id.clone(), child_id: row.envelope.child_id.clone(), attempt, by };
    Subject::Attempt(Box::new(row), matched)
}
