//! Papers made elsewhere in an envelope: their copies as they were taken in, looked through anew each time.

use crate::{
    case::FiledPaper,
    disclosure::{NamedChild, Refusal, Roster},
    dispatch::{Envelope, RenderedItem},
    document::{Private, external::FiledWords, view::Enclosure},
    due::PaperKind,
    pipeline::{child_facts::ChildFacts, preparation::Preparation, siblings::Siblings},
};

/// What lies behind the papers of an envelope.
pub(super) struct Enclosed {
    pub(super) items: Vec<RenderedItem>,
    /// What the covering paper says of them.
    pub(super) titles: Vec<Enclosure>,
    pub(super) other_children: Vec<NamedChild>,
    pub(super) protected: Vec<String>,
}

impl Preparation {
    /// The words of a paper that was taken in.
    pub(super) async fn words_of(&self, facts: &ChildFacts, paper: &FiledPaper) -> anyhow::Result<FiledWords> {
        let bytes = self.pipeline.store.bodies().get_body(&facts.record.child_id, &paper.words).await?;
        Ok(serde_json::from_slice(&bytes)?)
    }

    /// The state's own files, and after them the enclosures of an envelope.
    pub(super) async fn behind(
        &self,
        facts: &ChildFacts,
        envelope: &Envelope,
        private: &Private,
        roster: &Roster,
    ) -> anyhow::Result<Result<Enclosed, Refusal>> {
        let states_own = match self.states_own(facts, envelope).await? {
            Ok(states_own) => states_own,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let (items, titles): (Vec<_>, Vec<_>) = states_own.into_iter().unzip();
        Ok(self.enclosed(facts, envelope, private, roster).await?.map(|mut enclosed| {
            enclosed.items.splice(0..0, items);
            enclosed.titles.splice(0..0, titles);
            enclosed
        }))
    }

    /// The enclosures of an envelope that the gate lets go. The children of today are looked for, and what is kept
    /// private today, whatever was known when the paper was taken in.
    async fn enclosed(
        &self,
        facts: &ChildFacts,
        envelope: &Envelope,
        private: &Private,
        roster: &Roster,
    ) -> anyhow::Result<Result<Enclosed, Refusal>> {
        let mut out =
            Enclosed { items: Vec::new(), titles: Vec::new(), other_children: Vec::new(), protected: Vec::new() };
        let on_file = envelope.enclosed.iter().filter_map(|id| facts.recorded.filed.get(id));
        let siblings = Siblings::of(&self.pipeline, facts, Some(&envelope.recipient)).await?;
        for (i, paper) in on_file.enumerate() {
            let place = envelope.papers.len() + i + 1;
            let document = PaperKind::Enclosed(paper.kind);
            let words = self.words_of(facts, paper).await?;
            let texts = words.texts();
            let hits = siblings.hits(roster, facts, &texts);
            out.other_children.extend(hits.into_iter().map(|hit| NamedChild { paper: place, document, hit }));
            out.protected.extend(private.pages(&texts).into_iter().map(|page| format!("paper {place}, page {page}")));
            if !private.is_empty() {
                // Nobody can look through a scan for what is kept private: it does not go to this recipient.
                let unread = paper.unread.iter();
                out.protected
                    .extend(unread.map(|page| format!("paper {place}, page {page}, which no machine can read")));
            }
            let pages = usize::try_from(paper.pages).unwrap_or(usize::MAX);
            out.titles.push(Enclosure {
                title: format!("{} of {}", paper.kind.title(), facts.languages().english().long(*paper.on)),
                pages,
            });
            if self.pipeline.trial.on().is_some() {
                let copy = self.pipeline.store.bodies().get_body(&envelope.child_id, &paper.copy.body).await?;
                match self.as_it_goes(&envelope.child_id, document, paper.pages, &copy).await? {
                    Ok(item) => out.items.push(item),
                    Err(refusal) => return Ok(Err(refusal)),
                }
                continue;
            }
            out.items.push(RenderedItem {
                document,
                sha256: paper.copy.sha256.clone(),
                body: paper.copy.body.clone(),
                pages: paper.pages,
                bytes: paper.copy.bytes,
                language: None,
                waits_for: None,
                text: None,
            });
        }
        Ok(Ok(out))
    }
}
