//! Which papers go by themselves, and which when a person has released them.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Pipeline;
use crate::{case::Recipient, dispatch::Envelope, due::DocumentKind, store::ReleaseRule};

/// Who releases a paper: it goes by itself (`auto`), or when a person has released it (`approve`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ReleasePolicy {
    /// Papers to the family.
    pub family: ReleaseRule,
    /// Papers to offices: physicians, agencies, schools.
    pub outside: ReleaseRule,
    /// Kinds of paper that are treated otherwise, whoever has them.
    pub kinds: BTreeMap<DocumentKind, ReleaseRule>,
}

impl Default for ReleasePolicy {
    fn default() -> Self {
        Self { family: ReleaseRule::Auto, outside: ReleaseRule::Approve, kinds: BTreeMap::new() }
    }
}

impl ReleasePolicy {
    /// The rule for an envelope: the strictest of its papers counts.
    #[must_use]
    pub fn rule(&self, envelope: &Envelope) -> ReleaseRule {
        let by_recipient = match envelope.recipient {
            Recipient::FamilyMember { .. } => self.family,
            Recipient::Office { .. } => self.outside,
        };
        let approve =
            envelope.papers.iter().any(|kind| *self.kinds.get(kind).unwrap_or(&by_recipient) == ReleaseRule::Approve);
        if approve { ReleaseRule::Approve } else { ReleaseRule::Auto }
    }
}

impl Pipeline {
    /// The rule for an envelope here. What a person asked for is released by asking; a synthetic program has nobody
    /// to protect, and its run shows the whole path.
    pub(super) fn release_rule(&self, envelope: &Envelope) -> ReleaseRule {
        if self.program.synthetic || envelope.by_hand() { ReleaseRule::Auto } else { self.release.rule(envelope) }
    }

    /// Whether an envelope may go as far as people are concerned: it goes by itself, or somebody released it on
    /// exactly these facts.
    pub(super) async fn is_released(&self, envelope: &Envelope, facts_hash: &str) -> anyhow::Result<bool> {
        Ok(self.release_rule(envelope) == ReleaseRule::Auto
            || self.store.send_plans().approved_by(envelope, facts_hash).await?.is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        case::{ChildId, OrganisationId, PersonId},
        due::{ObligationKind, Subject},
    };

    fn envelope(recipient: Recipient, papers: Vec<DocumentKind>) -> Envelope {
        Envelope {
            child_id: ChildId::parse("c-1").unwrap(),
            obligation: ObligationKind::PlanToAgency,
            anchor: "meeting".to_owned(),
            revision: 1,
            edition: 0,
            subject: Subject::Child,
            recipient,
            papers,
            shares: Vec::new(),
            enclosed: Vec::new(),
        }
    }

    #[test]
    fn the_family_has_its_papers_at_once_and_an_office_when_somebody_has_looked() {
        let policy = ReleasePolicy::default();
        let mother = Recipient::family(&PersonId::parse("mother").unwrap());
        let office = Recipient::office(&OrganisationId::parse("agency").unwrap(), None);
        assert_eq!(policy.rule(&envelope(mother, vec![DocumentKind::Ifsp])), ReleaseRule::Auto);
        assert_eq!(policy.rule(&envelope(office, vec![DocumentKind::Ifsp])), ReleaseRule::Approve);
    }

    #[test]
    fn the_strictest_paper_of_an_envelope_counts() {
        let office = Recipient::office(&OrganisationId::parse("agency").unwrap(), None);
        let kinds = [(DocumentKind::ServiceAuthorization, ReleaseRule::Auto)].into();
        let policy = ReleasePolicy { kinds, ..ReleasePolicy::default() };
        let both = vec![DocumentKind::ServiceAuthorization, DocumentKind::Ifsp];
        assert_eq!(policy.rule(&envelope(office.clone(), both)), ReleaseRule::Approve);
        assert_eq!(policy.rule(&envelope(office, vec![DocumentKind::ServiceAuthorization])), ReleaseRule::Auto);
    }
}
