//! Renders the papers of an envelope under the gate's mask, and looks at what came out.

use anyhow::Context;
use sha2::{Digest, Sha256};

use super::enclosures::Enclosed;
use crate::{
    case::{Address, ChildId},
    disclosure::{Authorization, NamedChild, Reason, Refusal, Roster},
    dispatch::{Envelope, RenderedItem, RenderedPacket, TextCopy},
    document::{
        Mask, Private, RenderError,
        assemble::{AssembleError, Assembled, Sheet, assemble, language_for},
        view::Enclosure,
    },
    due::DocumentKind,
    pipeline::{child_facts::ChildFacts, preparation::Preparation, siblings::Siblings},
};

impl Preparation {
    /// Renders the papers of an envelope, enclosures before the paper that lists them.
    pub(super) async fn render_packet(
        &self,
        facts: &ChildFacts,
        envelope: &Envelope,
        authorization: &Authorization,
        roster: &Roster,
    ) -> anyhow::Result<Result<RenderedPacket, Refusal>> {
        let release = authorization
            .release()
            .and_then(|snapshot| facts.record.releases.iter().find(|r| r.release_id == snapshot.release_id));
        let postal = match authorization.address() {
            Address::Postal { lines } => Some(lines.as_slice()),
            _ => None,
        };
        let mut other_children = Vec::new();
        let mut protected = Vec::new();
        let private =
            authorization.mask().private(&facts.record, &self.pipeline.program, &facts.directory, &envelope.recipient);
        let behind = match self.behind(facts, envelope, &private, roster).await? {
            Ok(behind) => behind,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let Enclosed { mut items, titles: filed, other_children: named, protected: kept } = behind;
        other_children.extend(named);
        protected.extend(kept);
        let mut enclosures: Vec<Enclosure> = filed.clone();
        let contents: Vec<_> = envelope.contents().collect();
        for (place, (kind, subject)) in contents.iter().enumerate().rev() {
            let sheet = Sheet {
                // The window shows the first paper of the envelope.
                postal: postal.filter(|_| place == 0),
                release,
                enclosures: &enclosures,
                filed: if place == 0 && !lists_enclosures(*kind) { &filed } else { &[] },
                ..self.pipeline.sheet(
                    facts,
                    language_for(facts.languages(), *kind, &facts.record, &envelope.recipient, &self.pipeline.program),
                    authorization.mask(),
                    &envelope.recipient,
                )
            };
            let assembled = match assemble(*kind, subject, &sheet) {
                Ok(assembled) => assembled,
                Err(AssembleError::NothingToShow) => return Ok(Err(Refusal::of(Reason::NothingToShow))),
                Err(error) => return Ok(Err(Refusal::about(Reason::CannotRender, error.to_string()))),
            };
            let own = sheet.said.tag() == "en";
            let mut copies = vec![Copied { assembled, language: (!own).then(|| sheet.said.tag().to_owned()) }];
            let both = facts.record.family_member(&envelope.recipient).is_some_and(|member| member.both_languages);
            if both && !own {
                let english = Sheet { said: facts.languages().english(), postal: None, ..sheet };
                if let Ok(assembled) = assemble(*kind, subject, &english).map(Assembled::without_cover) {
                    copies.push(Copied { assembled: Assembled { waits_for: None, ..assembled }, language: None });
                }
            }
            for copied in copies.into_iter().rev() {
                let made = match self.copy(facts, envelope, copied, place, &private, roster).await? {
                    Ok(made) => made,
                    Err(refusal) => return Ok(Err(refusal)),
                };
                other_children.extend(made.other_children);
                protected.extend(made.protected);
                let pages = usize::try_from(made.item.pages).unwrap_or(usize::MAX);
                enclosures.insert(0, Enclosure { title: enclosure_title(*kind, authorization.mask()), pages });
                items.insert(0, made.item);
            }
        }
        let calendar = self.calendar_of(facts, envelope, authorization, self.pipeline.now());
        if calendar.as_ref().is_some_and(|file| file.tells_too_much) {
            protected.push("the calendar file".to_owned());
        }
        Ok(Ok(RenderedPacket {
            items,
            calendar: calendar.map(|file| file.appointments),
            mask: authorization.mask().clone(),
            endpoint_id: authorization.endpoint_id().clone(),
            template_version: facts.templates.version().to_owned(),
            made_from: facts.hash.clone(),
            other_children,
            protected,
            trial: self.pipeline.trial.on().is_some(),
        }))
    }
}

/// A copy to be made, in one language.
struct Copied {
    assembled: Assembled,
    /// Its language, where it is not English.
    language: Option<String>,
}

/// A copy as it was made, and what was found on it.
struct Copy {
    item: RenderedItem,
    other_children: Vec<NamedChild>,
    protected: Vec<String>,
}

impl Preparation {
    /// Renders one copy, looks it through and keeps it.
    async fn copy(
        &self,
        facts: &ChildFacts,
        envelope: &Envelope,
        copied: Copied,
        place: usize,
        private: &Private,
        roster: &Roster,
    ) -> anyhow::Result<Result<Copy, Refusal>> {
        let Copied { assembled, language } = copied;
        let kind = assembled.kind;
        if assembled.child_id != envelope.child_id {
            return Ok(Err(Refusal::about(Reason::OtherChildNamed, "a view belongs to another child")));
        }
        let began = std::time::Instant::now();
        let rendered = self.pipeline.renderer.render(&facts.templates, kind, self.marked(assembled.view)?).await;
        self.pipeline.measures.rendered(rendered.is_ok(), began.elapsed());
        let rendered = match rendered {
            Ok(rendered) => rendered,
            Err(error @ (RenderError::Template { .. } | RenderError::TooLong { .. } | RenderError::Stopped { .. })) => {
                return Ok(Err(Refusal::about(Reason::CannotRender, error.to_string())));
            }
        };
        let siblings = Siblings::of(&self.pipeline, facts, Some(&envelope.recipient)).await?;
        let hits = siblings.hits(roster, facts, &rendered.looked_at());
        let other_children =
            hits.into_iter().map(|hit| NamedChild { paper: place + 1, document: kind.into(), hit }).collect();
        let kept = private.pages(&rendered.looked_at());
        let protected = kept.into_iter().map(|page| format!("paper {}, page {page}", place + 1)).collect();
        let body = self.pipeline.store.bodies().put_body(&envelope.child_id, &rendered.pdf).await?;
        let text = self.text_copy(&envelope.child_id, rendered.text.as_deref()).await?;
        let item = RenderedItem {
            document: kind.into(),
            sha256: hex::encode(Sha256::digest(&rendered.pdf)),
            body,
            pages: u32::try_from(rendered.pages.len()).unwrap_or(u32::MAX),
            bytes: rendered.pdf.len() as u64,
            language,
            waits_for: assembled.waits_for,
            text,
        };
        Ok(Ok(Copy { item, other_children, protected }))
    }
}

/// Papers with an enclosure list of their own.
fn lists_enclosures(kind: DocumentKind) -> bool {
    matches!(kind, DocumentKind::PhysicianLetter | DocumentKind::ServiceAuthorization)
}

impl Preparation {
    async fn text_copy(&self, child_id: &ChildId, text: Option<&str>) -> anyhow::Result<Option<TextCopy>> {
        let Some(text) = text else { return Ok(None) };
        let body = self.pipeline.store.bodies().put_body(child_id, text.as_bytes()).await?;
        Ok(Some(TextCopy { sha256: hex::encode(Sha256::digest(text)), body }))
    }

    /// In trial mode the view says so, and every page is marked.
    fn marked(&self, view: Vec<u8>) -> anyhow::Result<Vec<u8>> {
        if self.pipeline.trial.on().is_none() {
            return Ok(view);
        }
        let mut view: serde_json::Value = serde_json::from_slice(&view).context("a view is JSON")?;
        view.as_object_mut().context("a view is an object")?.insert("trial".to_owned(), true.into());
        Ok(serde_json::to_vec(&view)?)
    }
}

fn enclosure_title(kind: DocumentKind, mask: &Mask) -> String {
    match kind {
        DocumentKind::Ifsp if !mask.whole => "The plan, in the parts that you may have".to_owned(),
        other => other.title().to_owned(),
    }
}
