//! Gathers the facts that the gate decides on, and the hash by which a change is noticed.

use std::{borrow::Cow, collections::BTreeSet, sync::Arc};

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

use super::Pipeline;
use crate::{
    case::{CaseRecord, Directory, EndpointKind, Recipient, Recorded},
    disclosure::{Facts, Holds},
    document::{Language, Languages, Mask, TemplateSet, assemble::Sheet},
    store::{ChildRow, DispatchRow, StoredFacts},
};

/// A child's facts, owned.
#[derive(Clone)]
pub(super) struct ChildFacts {
    pub(super) record: Arc<CaseRecord>,
    pub(super) recorded: Recorded,
    pub(super) directory: Arc<Directory>,
    pub(super) holds: Arc<Holds>,
    /// Hash of everything that a paper is made from.
    pub(super) hash: String,
    pub(super) channels: BTreeSet<EndpointKind>,
    /// The templates in use when they were read: what began with them is finished with them.
    pub(super) templates: Arc<TemplateSet>,
}

impl ChildFacts {
    pub(super) fn of_row(pipeline: &Pipeline, row: ChildRow, directory: Arc<Directory>, directory_hash: &str) -> Self {
        let templates = pipeline.templates.now();
        let hash = pipeline.facts_hash(&row.record_hash, directory_hash, &templates);
        Self {
            record: row.record,
            recorded: row.recorded,
            directory,
            holds: Arc::default(),
            hash,
            channels: pipeline.kinds(),
            templates,
        }
    }

    pub(super) fn of_stored(pipeline: &Pipeline, stored: StoredFacts) -> Self {
        let templates = pipeline.templates.now();
        Self {
            hash: pipeline.facts_hash(&stored.record_hash, &stored.directory_hash, &templates),
            record: stored.record,
            recorded: stored.recorded,
            directory: stored.directory,
            holds: stored.holds,
            channels: pipeline.kinds(),
            templates,
        }
    }

    /// The languages of the templates that were in use.
    pub(super) fn languages(&self) -> &Languages {
        self.templates.languages()
    }

    /// Whether a death is recorded, here or in the record: then nothing is made by itself any more.
    pub(super) fn have_a_death(&self) -> bool {
        let deceased = |exit: &crate::case::Exit| exit.reason == crate::case::ExitReason::Deceased;
        self.recorded.died || self.record.exit.as_ref().is_some_and(deceased)
    }

    /// The same facts for one dispatch: endpoints that it tried in vain are out of use for it.
    pub(super) fn for_row(mut self, row: &DispatchRow) -> Self {
        self.recorded.disabled.extend(row.exhausted.iter().cloned());
        self
    }

    /// The same, where the facts are those of several dispatches.
    pub(super) fn seen_by(&self, row: &DispatchRow) -> Cow<'_, Self> {
        if row.exhausted.is_empty() { Cow::Borrowed(self) } else { Cow::Owned(self.clone().for_row(row)) }
    }

    pub(super) fn facts<'a>(&'a self, pipeline: &'a Pipeline, now: DateTime<Utc>) -> Facts<'a> {
        Facts {
            record: &self.record,
            recorded: &self.recorded,
            directory: &self.directory,
            holds: &self.holds,
            rules: pipeline.rules(),
            languages: self.languages(),
            channels: &self.channels,
            day: pipeline.day(),
            now,
        }
    }
}

impl Pipeline {
    /// From what a paper of a child for one recipient is made; the address in a window, a release and what lies behind are
    /// added by who knows of them.
    pub(super) fn sheet<'a>(
        &'a self,
        facts: &'a ChildFacts,
        said: &'a Language,
        mask: &'a Mask,
        recipient: &'a Recipient,
    ) -> Sheet<'a> {
        Sheet {
            record: &facts.record,
            directory: &facts.directory,
            rules: self.rules(),
            day: self.day(),
            languages: facts.languages(),
            said,
            mask,
            recipient,
            postal: None,
            release: None,
            enclosures: &[],
            filed: &[],
        }
    }

    /// Record, directory, program and templates: a paper made from others is made anew.
    pub(super) fn facts_hash(&self, record_hash: &str, directory_hash: &str, templates: &TemplateSet) -> String {
        let mut hash = Sha256::new();
        let trial = if self.trial.on().is_some() { "trial" } else { "" };
        for part in [record_hash, directory_hash, &self.program_hash, templates.version(), trial] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        hex::encode(hash.finalize())
    }

    pub(super) fn kinds(&self) -> BTreeSet<EndpointKind> {
        self.channels.keys().copied().collect()
    }

    pub(super) async fn child_facts(&self, child_id: &crate::case::ChildId) -> anyhow::Result<ChildFacts> {
        Ok(ChildFacts::of_stored(self, self.store.children().known(child_id).await?))
    }
}

/// Full names that the record accounts for: family, team and recipient. They are no alarm in its papers.
pub(super) fn accounted(facts: &ChildFacts) -> Vec<String> {
    let family = facts.record.family.iter().map(|m| m.name.full());
    let team = facts.record.ifsps.iter().flat_map(|v| &v.participants).map(|p| p.name.to_string());
    let directory = facts.directory.professionals.iter().map(|p| p.name.full());
    let agencies = facts.directory.organisations.iter().map(|o| o.name.to_string());
    family.chain(team).chain(directory).chain(agencies).collect()
}
