//! Preview: one paper as one recipient would see it. Looking is access, and is recorded (34 CFR 303.406).

use crate::{
    actor::{Actor, Permission},
    case::{Address, ChildId, Recipient},
    disclosure::{Point, Reason, Refusal, Verdict, decide, strictest_mask},
    dispatch::Envelope,
    document::{
        Rendered,
        assemble::{Sheet, assemble, language_for, state_forms_of},
        newest_subject, render,
    },
    due::{DocumentKind, ObligationKind, Subject, due_items},
    pipeline::{Pipeline, child_facts::ChildFacts, owed_envelopes::question, preparation::Previews},
};

/// A previewed paper.
#[derive(Debug, Clone)]
pub struct Preview {
    pub rendered: Rendered,
    /// What the template was given, as JSON.
    pub view: Vec<u8>,
    /// Files of the state's that go with it, in the place of parts of ours.
    pub states_own: Vec<String>,
    /// Whether the gate would let it go now, or why not.
    pub verdict: Result<&'static str, Refusal>,
}

/// A paper that cannot be previewed.
#[derive(Debug, thiserror::Error)]
pub enum PreviewRefused {
    /// It cannot be made at all.
    #[error("{0}")]
    Cannot(String),
}

/// What a paper of this kind is about, for this child on this day: what is due, or else the newest.
pub(in crate::pipeline) fn subject_of(
    pipeline: &Pipeline,
    facts: &ChildFacts,
    kind: DocumentKind,
    recipient: Option<&Recipient>,
) -> Option<Subject> {
    let due = due_items(&facts.record, &pipeline.rules(), pipeline.day());
    let owed = due
        .iter()
        .rev()
        .find(|o| o.owed.iter().any(|w| w.papers.contains(&kind) && recipient.is_none_or(|r| &w.recipient == r)));
    if let Some(obligation) = owed {
        return Some(obligation.subject.clone());
    }
    newest_subject(kind, &facts.record, pipeline.day())
}

impl Previews {
    /// Renders one paper for one recipient and records that somebody looked.
    ///
    /// # Errors
    /// When there is nothing to show, the recipient may have nothing at all, or the database refuses.
    pub async fn preview(
        &self,
        kind: DocumentKind,
        child_id: &ChildId,
        recipient: &Recipient,
        by: &Actor,
    ) -> anyhow::Result<Preview> {
        self.pipeline.authority().allow_for(by, Permission::SeeChild, child_id).await?;
        let facts = self.pipeline.child_facts(child_id).await?;
        let subject = subject_of(&self.pipeline, &facts, kind, Some(recipient)).ok_or_else(|| {
            PreviewRefused::Cannot(format!("child {child_id} has nothing that a {kind} could be about"))
        })?;
        let envelope = Envelope {
            child_id: child_id.clone(),
            obligation: ObligationKind::OnRequest,
            anchor: "preview".to_owned(),
            revision: 1,
            edition: 0,
            subject: subject.clone(),
            recipient: recipient.clone(),
            papers: vec![kind],
            shares: Vec::new(),
            enclosed: Vec::new(),
        };
        let verdict =
            decide(&question(&envelope), &facts.facts(&self.pipeline, self.pipeline.now()), Point::BeforeRender);
        let (mask, address, verdict) = match verdict {
            Verdict::Authorized(a) => (a.mask().clone(), Some(a.address().clone()), Ok(a.basis().words())),
            // The coordinator still sees what it would look like, under a mask that hides what any permitted copy would.
            Verdict::Refused(refusal) => {
                let mask = strictest_mask(recipient, &facts.facts(&self.pipeline, self.pipeline.now()));
                let mask = mask.map_err(|refusal| PreviewRefused::Cannot(refusal.with_next_step()))?;
                (mask, None, Err(refusal))
            }
            Verdict::RenderAnew => anyhow::bail!("the gate asked for a new rendering before there was one"),
        };
        let release = facts
            .record
            .releases
            .iter()
            .find(|r| r.recipients.iter().any(|to| Some(&to.organisation_id) == recipient.organisation_id()));
        let postal = match &address {
            Some(Address::Postal { lines }) => Some(lines.as_slice()),
            _ => None,
        };
        let said = language_for(facts.languages(), kind, &facts.record, recipient, &self.pipeline.program);
        let sheet = Sheet { postal, release, ..self.pipeline.sheet(&facts, said, &mask, recipient) };
        let assembled = assemble(kind, &subject, &sheet).map_err(|e| PreviewRefused::Cannot(e.to_string()))?;
        let rendered = render(&facts.templates, kind, assembled.view.clone())?;
        let private = mask.private(&facts.record, &self.pipeline.program, &facts.directory, recipient);
        if let Some(page) = private.pages(&rendered.looked_at()).first() {
            let refusal = Refusal::about(Reason::ProtectedValue, format!("page {page}"));
            return Err(PreviewRefused::Cannot(refusal.with_next_step()).into());
        }
        self.pipeline.access_record().record_view(child_id, kind, &rendered, by).await?;
        let mut states_own = Vec::new();
        for form in state_forms_of(kind, &facts.record) {
            let Some(language) = facts.languages().of_the_states(form, said) else { continue };
            if self.pipeline.renderer.state_form(&facts.templates, form, language).await?.is_some() {
                states_own.push(form.file(language));
            }
        }
        Ok(Preview { rendered, view: assembled.view, states_own, verdict })
    }
}
