//! Looking at documents is access, and is recorded (34 CFR 303.406).

use crate::{
    actor::Actor,
    case::ChildId,
    document::Rendered,
    due::DocumentKind,
    ledger::{Detail, Entry, EntryItem, Event},
    pipeline::access_record::AccessRecord,
};

impl AccessRecord {
    /// Records that a person looked at a rendered document.
    pub(in crate::pipeline) async fn record_view(
        &self,
        child_id: &ChildId,
        kind: DocumentKind,
        rendered: &Rendered,
        by: &Actor,
    ) -> anyhow::Result<()> {
        use sha2::{Digest, Sha256};
        let item = EntryItem {
            document: kind.into(),
            sha256: hex::encode(Sha256::digest(&rendered.pdf)),
            pages: u32::try_from(rendered.pages.len()).unwrap_or(u32::MAX),
            language: None,
            body: None,
        };
        self.record_access(child_id, None, vec![item], by).await
    }

    /// Records that a person looked at papers of a child.
    pub async fn record_access(
        &self,
        child_id: &ChildId,
        dispatch: Option<&str>,
        items: Vec<EntryItem>,
        by: &Actor,
    ) -> anyhow::Result<()> {
        let records: Vec<String> = items.iter().map(|i| format!("{}, {} pages", i.document.title(), i.pages)).collect();
        let entry = Entry {
            dispatch: dispatch.map(ToOwned::to_owned),
            items,
            ..Entry::new(Event::AccessView, child_id, "viewed", &by.recorded())
        };
        let detail = Detail {
            address: "this machine".to_owned(),
            ..Detail::said(by.name(), "A person of the program looked at the paper.", records.join("; "))
        };
        self.pipeline.store.ledger().append(&entry, &detail, self.pipeline.now()).await?;
        Ok(())
    }
}
