//! Entries of the record of access as they stand: all of them by ids, or one child's with names.

use crate::{
    actor::{Actor, Permission},
    case::ChildId,
    ledger::{Entry, LedgerRow, Link},
    pipeline::{AccessRecord, Sight},
    store::MatterRow,
};

/// Entries in one look at the database.
const PAGE: i64 = 500;

/// Every entry by its ids, a page at a time.
pub struct Entries<'a> {
    access: &'a AccessRecord,
    sight: Sight,
    after: i64,
}

impl Entries<'_> {
    /// The next entries that this person sees; `None` after the last.
    pub async fn next(&mut self) -> anyhow::Result<Option<Vec<(Link, Entry)>>> {
        loop {
            let links = self.access.pipeline.store.ledger().ledger_links(self.after, PAGE).await?;
            let Some(last) = links.last() else { return Ok(None) };
            self.after = last.seq;
            let mut page = Vec::with_capacity(links.len());
            for link in links {
                let entry: Entry = serde_json::from_str(&link.body)?;
                if self.sight.sees(entry.child.as_str()) {
                    page.push((link, entry));
                }
            }
            if !page.is_empty() {
                return Ok(Some(page));
            }
        }
    }
}

impl AccessRecord {
    /// All entries by ids.
    pub async fn entries(&self, by: &Actor) -> anyhow::Result<Entries<'_>> {
        Ok(Entries { access: self, sight: self.pipeline.authority().sight(by, Permission::SeeBoards).await?, after: 0 })
    }

    /// One child's entries, with names and addresses. That somebody read them is recorded.
    pub async fn entries_of(&self, child: &ChildId, by: &Actor) -> anyhow::Result<Vec<LedgerRow>> {
        self.pipeline.authority().allow_for(by, Permission::ReadAccessRecord, child).await?;
        let rows = self.pipeline.store.ledger().ledger_of(child).await?;
        self.record_reading(&[child.clone()].into(), "The record of access", by).await?;
        Ok(rows)
    }

    /// Requests or incidents by their last day: the open ones, or all.
    pub async fn matters(&self, what: &'static str, all: bool, by: &Actor) -> anyhow::Result<Vec<MatterRow>> {
        let sight = self.pipeline.authority().sight(by, Permission::ReadAccessRecord).await?;
        let mut rows = self.pipeline.store.ledger().matters(what, all).await?;
        rows.retain(|row| sight.sees(&row.child_id));
        Ok(rows)
    }
}
