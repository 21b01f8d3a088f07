//! Checking the whole record of access: chain, personal parts, dispatches, and on request every stored paper.

use std::{collections::HashMap, sync::Arc};

use super::entries::{Check, Checked, Keys};
use crate::{
    case::ChildId,
    ledger::{ChainError, Head},
    store::{Doing, StoreError, verification::Verification},
};

impl Verification<'_> {
    /// Checks the whole record: the chain, each entry's personal part, and with `papers` every stored paper
    /// and answer. Gives the head of a clean record, or the first bad entry.
    ///
    /// # Errors
    /// When the database refuses; a bad entry is not an error but an answer.
    pub async fn verify_ledger(self, papers: bool) -> Result<Result<Head, ChainError>, StoreError> {
        self.verify_ledger_against(Vec::new(), papers).await
    }

    /// The same against heads that were seen before: the mark's and the checkpoints'.
    pub async fn verify_ledger_against(
        self,
        seen: Vec<Head>,
        papers: bool,
    ) -> Result<Result<Head, ChainError>, StoreError> {
        let keys = match self.all_child_keys().await? {
            Ok(keys) => Arc::new(keys),
            Err(error) => return Ok(Err(error)),
        };
        let mut check = Check::new(Arc::clone(&keys), seen);
        let mut page = self.verify_page(0).await?;
        while let Some(entries) = page {
            let last = entries.last;
            let checked = tokio::task::spawn_blocking(move || {
                let verdict = entries.each(|stored| check.one(stored));
                (check, verdict)
            });
            let (next, checked) = tokio::join!(self.verify_page(last), checked);
            let verdict;
            (check, verdict) = checked.expect("checking a page does not panic");
            if let Err(error) = verdict {
                return Ok(Err(error));
            }
            page = next?;
        }
        let Checked { head, dispatches, destroyed, matters } = match check.end() {
            Ok(checked) => checked,
            Err(error) => return Ok(Err(error)),
        };
        let found = [
            self.stray_detail(&head).await?,
            self.dispatches_agree(dispatches, &destroyed).await?,
            self.store.ledger().matters_agree(matters).await?,
        ];
        if let Some(error) = found.into_iter().flatten().next() {
            return Ok(Err(error));
        }
        if papers && let Some(error) = self.papers_agree(&keys, &destroyed).await? {
            return Ok(Err(error));
        }
        Ok(Ok(head))
    }

    /// Every child's key, opened once.
    async fn all_child_keys(self) -> Result<Result<Keys, ChainError>, StoreError> {
        let rows: Vec<(String, Vec<u8>)> = sqlx::query_as("SELECT child_id, wrapped FROM child_key ORDER BY child_id")
            .fetch_all(&self.store.pool)
            .await
            .doing("reading the children's keys")?;
        let mut keys = HashMap::with_capacity(rows.len());
        for (child_id, wrapped) in rows {
            let opened =
                ChildId::parse(&*child_id).ok().and_then(|id| self.store.bodies().unwrap_key(&id, &wrapped).ok());
            match opened {
                Some(key) => keys.insert(child_id, key),
                None => return Ok(Err(ChainError::Key(child_id))),
            };
        }
        Ok(Ok(keys))
    }
}
