//! What people say about the record of access: corrections.

use anyhow::Context;

use crate::{
    actor::{Actor, Permission},
    ledger::{Detail, Entry, Event},
    pipeline::access_record::AccessRecord,
};

impl AccessRecord {
    /// Says that an entry is wrong. The entry stays; a new one stands beside it.
    ///
    /// # Errors
    /// When there is no such entry, or the database refuses.
    pub async fn correct_entry(&self, seq: i64, says: &str, by: &Actor) -> anyhow::Result<i64> {
        anyhow::ensure!(!says.trim().is_empty(), "say what is wrong and what is right");
        let wrong =
            self.pipeline.store.ledger().entry_at(seq).await?.with_context(|| format!("there is no entry {seq}"))?;
        self.pipeline.authority().allow_for(by, Permission::CorrectAccessRecord, &wrong.child).await?;
        let entry = Entry {
            about_seq: Some(seq),
            dispatch: wrong.dispatch,
            recipient: wrong.recipient,
            ..Entry::new(Event::Correction, &wrong.child, "corrected", &by.recorded())
        };
        let detail = Detail::said(by.name(), says.trim(), format!("Entry {seq} of the record of access"));
        Ok(self.pipeline.store.ledger().append(&entry, &detail, self.pipeline.now()).await?)
    }
}
