//! Final versions of plans: their text never changes.

use super::{Doing, StoreError, Write, hash::sha256_hex};
use crate::case::{ChildId, IfspId, IfspStatus, IfspVersion, ServiceConsent, UnfinishedPlan};

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

/// Keeps the hash of a final version's text, or refuses another text under the same version.
pub(super) async fn keep_version(
    write: &mut Write,
    child_id: &ChildId,
    version: &IfspVersion,
) -> Result<(), StoreError> {
    let hash = frozen_hash(version);
    match known_hash(write, child_id, &version.ifsp_id, version.version).await? {
        Some(known) if known == hash => Ok(()),
        Some(_) => Err(StoreError::VersionChanged { ifsp_id: version.ifsp_id.to_string(), version: version.version }),
        None => {
            sqlx::query("INSERT INTO ifsp_version (child_id, ifsp_id, version, body_hash) VALUES ($1, $2, $3, $4)")
                .bind(child_id.as_str())
                .bind(version.ifsp_id.as_str())
                .bind(i64::from(version.version))
                .bind(hash)
                .execute(&mut *write.tx)
                .await
                .doing("keeping a plan's version")?;
            Ok(())
        }
    }
}

/// Refuses a version that was final here and comes back without what every plan has: that is another text.
pub(super) async fn refuse_unfinished(
    write: &mut Write,
    child_id: &ChildId,
    plan: &UnfinishedPlan,
) -> Result<(), StoreError> {
    match known_hash(write, child_id, &plan.ifsp_id, plan.version).await? {
        Some(_) => Err(StoreError::VersionChanged { ifsp_id: plan.ifsp_id.to_string(), version: plan.version }),
        None => Ok(()),
    }
}

async fn known_hash(
    write: &mut Write,
    child_id: &ChildId,
    ifsp_id: &IfspId,
    version: u32,
) -> Result<Option<String>, StoreError> {
    let known: Option<(String,)> =
        sqlx::query_as("SELECT body_hash FROM ifsp_version WHERE child_id = $1 AND ifsp_id = $2 AND version = $3")
            .bind(child_id.as_str())
            .bind(ifsp_id.as_str())
            .bind(i64::from(version))
            .fetch_optional(&mut *write.tx)
            .await
            .doing("looking a plan up")?;
    Ok(known.map(|(hash,)| hash))
}
