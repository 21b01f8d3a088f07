//! Texts and forms that a state publishes as files: they go along in the place of ours.

use std::borrow::Cow;

use sha2::{Digest, Sha256};

use crate::{
    case::ChildId,
    disclosure::{Reason, Refusal},
    dispatch::{Envelope, RenderedItem},
    document::{
        TemplateSet,
        assemble::{language_for, language_of, state_forms_of},
        view::Enclosure,
    },
    due::PaperKind,
    pipeline::{child_facts::ChildFacts, preparation::Preparation},
};

impl Preparation {
    /// The state's files that go with the papers of an envelope, each once, and what the covering paper says of them.
    pub(super) async fn states_own(
        &self,
        facts: &ChildFacts,
        envelope: &Envelope,
    ) -> anyhow::Result<Result<Vec<(RenderedItem, Enclosure)>, Refusal>> {
        let mut out: Vec<(RenderedItem, Enclosure)> = Vec::new();
        let reads = language_of(facts.languages(), &facts.record, &envelope.recipient).tag();
        for (kind, _) in envelope.contents() {
            let said =
                language_for(facts.languages(), kind, &facts.record, &envelope.recipient, &self.pipeline.program);
            for form in state_forms_of(kind, &facts.record) {
                let document = PaperKind::State(form);
                if out.iter().any(|(item, _)| item.document == document) {
                    continue;
                }
                let Some(language) = facts.languages().of_the_states(form, said) else { continue };
                let found = match self.pipeline.renderer.state_form(&facts.templates, form, language).await {
                    Ok(Some(found)) => found,
                    // The state's text stands on the page itself.
                    Ok(None) => continue,
                    Err(fault) => {
                        let says = format!("{}: {fault}", form.file(language));
                        return Ok(Err(Refusal::about(Reason::CannotRender, says)));
                    }
                };
                let pages = found.words.pages.len();
                let count = u32::try_from(pages).unwrap_or(u32::MAX);
                let mut item = match self.as_it_goes(&envelope.child_id, document, count, &found.copy).await? {
                    Ok(item) => item,
                    Err(refusal) => return Ok(Err(refusal)),
                };
                item.language = (language != "en").then(|| language.to_owned());
                item.waits_for = (language != reads).then(|| reads.to_owned());
                out.push((item, Enclosure { title: form.title().to_owned(), pages }));
            }
        }
        Ok(Ok(out))
    }

    /// A copy of a paper made elsewhere as it lies in an envelope. In trial mode every page of it is marked.
    pub(super) async fn as_it_goes(
        &self,
        child_id: &ChildId,
        document: PaperKind,
        pages: u32,
        copy: &[u8],
    ) -> anyhow::Result<Result<RenderedItem, Refusal>> {
        let copy = if self.pipeline.trial.on().is_some() {
            match self.pipeline.renderer.mark(copy).await {
                Ok(marked) => Cow::Owned(marked),
                Err(fault) => return Ok(Err(Refusal::about(Reason::CannotRender, format!("{document}: {fault}")))),
            }
        } else {
            Cow::Borrowed(copy)
        };
        Ok(Ok(RenderedItem {
            document,
            sha256: hex::encode(Sha256::digest(&copy)),
            body: self.pipeline.store.bodies().put_body(child_id, &copy).await?,
            pages,
            bytes: copy.len() as u64,
            language: None,
            waits_for: None,
            text: None,
        }))
    }

    /// What is wrong with the state's files in the template folder, a line a fault.
    pub(super) async fn state_form_faults(
        renderer: &crate::document::typst::worker::Renderer,
        set: &TemplateSet,
    ) -> Vec<String> {
        let mut faults = Vec::new();
        for (form, language) in set.state_forms() {
            if let Err(fault) = renderer.state_form(set, form, &language).await {
                faults.push(format!("{}: {fault}", form.file(&language)));
            }
        }
        faults
    }
}
