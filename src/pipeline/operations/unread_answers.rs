//! What could not be read: a refusal is no empty mailbox. It is tried again at every look, and after a few in a row a
//! person is told.

use std::collections::BTreeSet;

use super::{Operations, nightly_check::Finding};
use crate::{dispatch::email::mailbox::MailboxError, hint::Hint, store::StoreError};

/// Where answers come in, as a task names it.
pub(in crate::pipeline) const MAILDIR: &str = "the Maildir";
pub(in crate::pipeline) const IMAP: &str = "the mailbox behind IMAP";
pub(in crate::pipeline) const FAX_SERVER: &str = "the fax server";

/// Looks in a row that may fail before somebody is told: a server that is started anew is nobody's work.
const LOOKS: u32 = 3;

const TASK: &str = "answers-not-read";

fn says() -> String {
    format!(
        "Answers that come in here could not be read at several looks: failure notices wait there, and papers that came back \
         count as accepted. Run {} to see why, and mend it or move the message that cannot be read; this closes by itself when \
         all is read.",
        Hint::Receive
    )
}

/// What a mailbox says is a trouble to note; what the database says ends the look.
pub(in crate::pipeline) fn of_mailbox(read: anyhow::Result<()>) -> anyhow::Result<Option<String>> {
    match read {
        Ok(()) => Ok(None),
        Err(error) => error.downcast::<MailboxError>().map(|error| Some(error.to_string())),
    }
}

impl Operations {
    /// Notes whether a place could be read, and tells somebody where it could not be for some looks. Gives the line that
    /// says so.
    pub(in crate::pipeline) async fn note_reading(
        &self,
        place: &str,
        trouble: Option<String>,
    ) -> Result<Option<String>, StoreError> {
        let failed = self.looks_failed(place).await?;
        let Some(trouble) = trouble else {
            if failed > 0 {
                self.pipeline.store.service().keep_note(&note(place), None).await?;
                self.pipeline.store.service().close_task_about(TASK, place, self.pipeline.now()).await?;
            }
            return Ok(None);
        };
        tracing::error!(place, trouble, "answers could not be read; the next look tries again");
        self.pipeline.store.service().keep_note(&note(place), Some(&failed.saturating_add(1).to_string())).await?;
        if failed + 1 >= LOOKS {
            self.pipeline.store.service().open_task(None, TASK, place, &says(), self.pipeline.now()).await?;
        }
        Ok(Some(format!("{place}: {trouble}")))
    }

    async fn looks_failed(&self, place: &str) -> Result<u32, StoreError> {
        let kept = self.pipeline.store.service().note_of_installation(&note(place)).await?;
        Ok(kept.and_then(|text| text.parse().ok()).unwrap_or(0))
    }

    /// For the nightly proof: places that could not be read for some looks.
    pub(super) async fn answers_not_read(&self) -> Result<Vec<Finding>, StoreError> {
        let mut findings = Vec::new();
        for place in [MAILDIR, IMAP, FAX_SERVER] {
            let failed = self.looks_failed(place).await?;
            if failed >= LOOKS {
                findings.push(Finding::fault(
                    "answers",
                    format!("Answers could not be read at the last {failed} looks: {place}."),
                    "Papers that came back count as accepted until their notices are read.",
                    format!("Run {} to see why.", Hint::Receive),
                ));
            }
        }
        Ok(findings)
    }

    /// Messages beyond a mailbox's mark that were read, because one before them could not be.
    pub(in crate::pipeline) async fn read_beyond_mark(
        &self,
        mailbox: &str,
        validity: u32,
    ) -> Result<BTreeSet<u32>, StoreError> {
        let kept = self.pipeline.store.service().note_of_installation(&beyond(mailbox)).await?.unwrap_or_default();
        let mut numbers = kept.split(' ').filter_map(|number| number.parse().ok());
        Ok(if numbers.next() == Some(validity) { numbers.collect() } else { BTreeSet::new() })
    }

    pub(in crate::pipeline) async fn keep_read_beyond_mark(
        &self,
        mailbox: &str,
        validity: u32,
        mark: u32,
        read: &BTreeSet<u32>,
    ) -> Result<(), StoreError> {
        let beyond_it: Vec<String> = read.iter().filter(|uid| **uid > mark).map(ToString::to_string).collect();
        let text = (!beyond_it.is_empty()).then(|| format!("{validity} {}", beyond_it.join(" ")));
        self.pipeline.store.service().keep_note(&beyond(mailbox), text.as_deref()).await
    }
}

fn note(place: &str) -> String {
    format!("looks in vain: {place}")
}

fn beyond(mailbox: &str) -> String {
    format!("read beyond the mark: {mailbox}")
}
