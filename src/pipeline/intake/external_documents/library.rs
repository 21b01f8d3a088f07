//! Papers on file: listed, shown, withdrawn.

use anyhow::Context;

use crate::{
    actor::{Actor, Permission},
    case::{ChildId, Fact, FiledId, FiledPaper, Line},
    due::PaperKind,
    hint::Hint,
    ledger::EntryItem,
    pipeline::{StoppedLine, intake::ExternalDocuments},
};

impl ExternalDocuments {
    /// Papers made elsewhere that are on file for a child, oldest first.
    ///
    /// # Errors
    /// When there is no such child, or the database refuses.
    pub async fn filed_papers(&self, child_id: &ChildId, by: &Actor) -> anyhow::Result<Vec<FiledPaper>> {
        self.pipeline.authority().allow_for(by, Permission::FileDocument, child_id).await?;
        self.on_file(child_id).await
    }

    async fn on_file(&self, child_id: &ChildId) -> anyhow::Result<Vec<FiledPaper>> {
        let filed = self.pipeline.store.children().child(child_id).await?.recorded.filed;
        let mut papers: Vec<FiledPaper> = filed.into_values().collect();
        papers.sort_by(|a, b| (a.on, &a.paper_id).cmp(&(b.on, &b.paper_id)));
        Ok(papers)
    }

    /// The bytes of a paper: the copy that goes out, or the file as it came. Looking is recorded (34 CFR 303.406).
    ///
    /// # Errors
    /// When there is no such paper, its bytes are not those that were kept, or the database refuses.
    pub async fn filed_bytes(
        &self,
        child_id: &ChildId,
        paper_id: &FiledId,
        original: bool,
        by: &Actor,
    ) -> anyhow::Result<Vec<u8>> {
        self.pipeline.authority().allow_for(by, Permission::SeeChild, child_id).await?;
        let paper = self.filed_paper(child_id, paper_id).await?;
        let kept = if original { &paper.original } else { &paper.copy };
        let bytes = self.pipeline.store.bodies().get_body(child_id, &kept.body).await?;
        let item = EntryItem {
            document: PaperKind::Enclosed(paper.kind),
            sha256: kept.sha256.clone(),
            pages: paper.pages,
            language: None,
            body: Some(kept.body.clone()),
        };
        self.pipeline.access_record().record_access(child_id, None, vec![item], by).await?;
        Ok(bytes)
    }

    /// A paper was taken in by mistake: it goes nowhere any more, and what it settled is open again.
    ///
    /// # Errors
    /// When there is no such paper, or the database refuses.
    pub async fn withdraw_paper(
        &self,
        child_id: &ChildId,
        paper_id: &FiledId,
        reason: Line,
        by: &Actor,
    ) -> anyhow::Result<Vec<StoppedLine>> {
        self.filed_paper(child_id, paper_id).await?;
        self.pipeline.intake().record(child_id, &Fact::PaperWithdrawn { paper_id: paper_id.clone(), reason }, by).await
    }

    async fn filed_paper(&self, child_id: &ChildId, paper_id: &FiledId) -> anyhow::Result<FiledPaper> {
        let papers = self.on_file(child_id).await?;
        papers.into_iter().find(|paper| &paper.paper_id == paper_id).with_context(|| {
            format!(
                "child {child_id} has no paper {paper_id} on file; {} shows those that there are",
                Hint::ListFiled { child: Some(child_id.to_string()) }
            )
        })
    }
}
