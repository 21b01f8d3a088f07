//! Final versions of plans: their text never changes.

use crate::{
    case::{CaseRecord, IfspId, IfspStatus, IfspVersion, ServiceConsent},
    store::{StoreError, database::hash_column::sha256_hex},
};

/// The part of a final version that never changes. Its life goes on around it: status, signature, consents,
/// first sessions, progress and copies are recorded later under the same version.
fn frozen_hash(version: &IfspVersion) -> String {
    let mut frozen = version.clone();
    frozen.status = IfspStatus::InEffect;
    frozen.signature = None;
    frozen.explained_on = None;
    frozen.copies_given.clear();
    for line in &mut frozen.services {
        line.consent = ServiceConsent::Open;
        line.actual_first_date = None;
    }
    for outcome in &mut frozen.outcomes {
        outcome.reviews.clear();
    }
    for step in &mut frozen.transition_steps {
        step.done_on = None;
    }
    sha256_hex(&serde_json::to_vec(&frozen).expect("a plan is plain data"))
}

/// A final version that is known here.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct KnownVersion {
    pub(super) ifsp_id: String,
    pub(super) version: i64,
    /// Of its text.
    pub(super) hash: String,
}

/// The final versions of a record that are not known yet.
///
/// # Errors
/// When one that is known comes with another text, or without what every plan has: that is another text too.
pub(super) fn new_versions(record: &CaseRecord, known: &[KnownVersion]) -> Result<Vec<KnownVersion>, StoreError> {
    let known_hash = |ifsp_id: &IfspId, version: u32| {
        let same = |v: &&KnownVersion| v.ifsp_id == ifsp_id.as_str() && v.version == i64::from(version);
        known.iter().find(same).map(|v| v.hash.as_str())
    };
    let changed = |ifsp_id: &IfspId, version| StoreError::VersionChanged { ifsp_id: ifsp_id.to_string(), version };
    let mut new = Vec::new();
    for plan in record.ifsps.iter().filter(|plan| plan.status.is_final()) {
        let hash = frozen_hash(plan);
        match known_hash(&plan.ifsp_id, plan.version) {
            Some(known) if known == hash => {}
            Some(_) => return Err(changed(&plan.ifsp_id, plan.version)),
            None => {
                new.push(KnownVersion { ifsp_id: plan.ifsp_id.to_string(), version: i64::from(plan.version), hash });
            }
        }
    }
    match record.unfinished.iter().find(|plan| known_hash(&plan.ifsp_id, plan.version).is_some()) {
        Some(plan) => Err(changed(&plan.ifsp_id, plan.version)),
        None => Ok(new),
    }
}
