//! Texts and forms that a state publishes as files: they go along in the place of ours.

use sha2::{Digest, Sha256};

use super::{Pipeline, facts::ChildFacts};
use crate::{
    disclosure::{Reason, Refusal},
    dispatch::{Envelope, RenderedItem},
    document::{assemble::state_forms_of, view::Enclosure},
    due::{PaperKind, StateForm},
};

impl Pipeline {
    /// The state's files that go with the papers of an envelope, each once, and what the covering paper says of them.
    pub(super) async fn states_own(
        &self,
        facts: &ChildFacts,
        envelope: &Envelope,
    ) -> anyhow::Result<Result<Vec<(RenderedItem, Enclosure)>, Refusal>> {
        let mut out: Vec<(RenderedItem, Enclosure)> = Vec::new();
        for (kind, _) in envelope.contents() {
            for form in state_forms_of(kind, &facts.record) {
                if out.iter().any(|(item, _)| item.document == PaperKind::State(form)) {
                    continue;
                }
                let found = match self.renderer.state_form(form).await {
                    Ok(Some(found)) => found,
                    Ok(None) => continue,
                    Err(fault) => {
                        let says = format!("{}: {fault}", form.file());
                        return Ok(Err(Refusal::about(Reason::CannotRender, says)));
                    }
                };
                let pages = found.words.pages.len();
                let item = RenderedItem {
                    document: PaperKind::State(form),
                    sha256: hex::encode(Sha256::digest(&found.copy)),
                    body: self.store.put_body(&envelope.child_id, &found.copy).await?,
                    pages: u32::try_from(pages).unwrap_or(u32::MAX),
                    bytes: found.copy.len() as u64,
                    language: None,
                    waits_for: None,
                    text: None,
                };
                out.push((item, Enclosure { title: form.title().to_owned(), pages }));
            }
        }
        Ok(Ok(out))
    }

    /// What is wrong with the state's files in the template folder, a line a fault.
    pub(super) async fn state_form_faults(renderer: &crate::document::worker::Renderer) -> Vec<String> {
        let mut faults = Vec::new();
        for form in StateForm::ALL {
            if let Err(fault) = renderer.state_form(*form).await {
                faults.push(format!("{}: {fault}", form.file()));
            }
        }
        faults
    }
}
