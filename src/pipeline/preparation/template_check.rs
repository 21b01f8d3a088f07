//! Checks the template set: every paper that any record of the caseload can make is rendered twice.

use std::sync::Arc;

use serde::Serialize;

use super::preview::subject_of;
use crate::{
    case::{Audience, ParentRole, Recipient, RecordClass},
    document::{
        Mask, TemplateSet,
        assemble::{AssembleError, Sheet, assemble, language_for},
    },
    due::DocumentKind,
    pipeline::{Pipeline, Progress},
};

/// What was checked.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Checked {
    pub papers: usize,
    pub pages: usize,
    /// What is wrong, by paper and child's id.
    pub faults: Vec<String>,
}

/// Renders every kind of paper for every child as each audience would get it, on paper and by e-mail, twice.
///
/// # Errors
/// When the database refuses. A template that fails is a fault in the answer.
pub async fn check_templates(pipeline: &Pipeline, progress: &dyn Progress) -> anyhow::Result<Checked> {
    let mut checked = Checked::default();
    let mut after = String::new();
    progress.stage("check", u64::try_from(pipeline.store.monitoring().child_count().await?).unwrap_or_default());
    loop {
        let page = pipeline.store.children().child_ids_after(&after, 100).await?;
        let Some(last) = page.last() else { return Ok(checked) };
        after = last.to_string();
        for child_id in &page {
            let facts = pipeline.child_facts(child_id).await?;
            for kind in DocumentKind::ALL {
                for (recipient, mask) in copies(&facts.record) {
                    let Some(subject) = subject_of(pipeline, &facts, *kind, None) else { continue };
                    let address = [
                        crate::case::Line::parse("1 Sample Street").expect("a plain line"),
                        crate::case::Line::parse("Norfolk, VA 23510").expect("a plain line"),
                    ];
                    let sheet = Sheet {
                        postal: mask.whole.then_some(&address[..]),
                        release: facts.record.releases.first(),
                        ..pipeline.sheet(
                            &facts,
                            language_for(facts.languages(), *kind, &facts.record, &recipient, pipeline.rules().program),
                            &mask,
                            &recipient,
                        )
                    };
                    match assemble(*kind, &subject, &sheet) {
                        Ok(assembled) => {
                            let name = format!("{kind} for child {child_id} to {recipient}");
                            one(pipeline, &facts.templates, *kind, &name, assembled.view, &mut checked).await;
                        }
                        // Not every record holds what every paper is about.
                        Err(AssembleError::NothingToShow | AssembleError::NoSubject | AssembleError::NoRecipient) => {}
                        Err(error) => checked.faults.push(format!("{kind} for child {child_id}: {error}")),
                    }
                }
            }
            progress.step();
        }
    }
}

/// A parent's copy, a physician's and an agency's, as far as the record has such recipients.
fn copies(record: &crate::case::CaseRecord) -> Vec<(Recipient, Mask)> {
    let mut copies = Vec::new();
    if let Some(parent) = record.family.iter().find(|m| m.parent_role != ParentRole::None && m.may_receive_records) {
        copies.push((Recipient::family(&parent.person_id), Mask::parent()));
    }
    if let Some(physician) = record.physicians.first() {
        let mask = Mask::office(Audience::Physician, RecordClass::ALL, None);
        copies.push((Recipient::office(&physician.organisation_id, physician.person_id.as_ref()), mask));
    }
    for line in record.in_effect().map(|v| v.services.as_slice()).unwrap_or_default() {
        if let Some(agency) = line.provider_organisation.as_ref().filter(|_| line.consent.stands()) {
            let mask =
                Mask::office(Audience::Team, [RecordClass::Plan, RecordClass::ContactNotes], Some(agency.clone()));
            copies.push((Recipient::office(agency, None), mask));
        }
    }
    copies
}

async fn one(
    pipeline: &Pipeline,
    set: &Arc<TemplateSet>,
    kind: DocumentKind,
    name: &str,
    view: Vec<u8>,
    checked: &mut Checked,
) {
    let first = pipeline.renderer.render(set, kind, view.clone()).await;
    let second = pipeline.renderer.render(set, kind, view).await;
    match (first, second) {
        (Ok(first), Ok(second)) => {
            checked.papers += 1;
            checked.pages += first.pages.len();
            if first.pdf != second.pdf {
                checked.faults.push(format!("{name}: rendered twice to different bytes"));
            }
        }
        (Err(error), _) | (_, Err(error)) => checked.faults.push(format!("{name}: {error}")),
    }
}
