//! Final versions of plans: their text never changes.

use crate::{
    case::{CaseRecord, IfspId, IfspStatus, IfspVersion, ServiceConsent, import::reread},
    document::can_print,
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

/// The known versions as their texts would be read today: an import folds more characters than an earlier release did,
/// and nobody changed the plan for that. `None` where nothing is read differently.
pub(super) fn as_read_today(mut known: Vec<KnownVersion>, received: &[String]) -> Option<Vec<KnownVersion>> {
    let mut differs = false;
    for text in received {
        let (Ok(then), Some(today)) = (serde_json::from_str::<CaseRecord>(text), reread(text, can_print)) else {
            continue;
        };
        for version in &then.ifsps {
            let hash = frozen_hash(version);
            let (id, number) = (version.ifsp_id.as_str(), i64::from(version.version));
            let same = known.iter_mut().find(|v| v.ifsp_id == id && v.version == number && v.hash == hash);
            if let (Some(known), Some(today)) = (same, today.version(id, version.version)) {
                known.hash = frozen_hash(today);
                differs |= known.hash != hash;
            }
        }
    }
    differs.then_some(known)
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

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const SAMPLE: &str = include_str!("../../../samples/caseload/children/c-0417.json");

    fn record(statement: &str) -> (String, CaseRecord) {
        let mut value: Value = serde_json::from_str(SAMPLE).unwrap();
        value["ifsps"][0]["outcomes"][0]["statement"] = json!(statement);
        let text = value.to_string();
        let record = serde_json::from_str(&text).unwrap();
        (text, record)
    }

    #[test]
    fn a_plan_that_was_kept_with_a_character_that_is_left_out_today_is_the_same_plan() {
        let (kept, then) = record("\u{feff}She says what she wants.");
        let known = || new_versions(&then, &[]).unwrap();
        let (_, today) = record("She says what she wants.");
        assert!(new_versions(&today, &known()).is_err());
        let reread = as_read_today(known(), std::slice::from_ref(&kept)).unwrap();
        assert_eq!(new_versions(&today, &reread).unwrap(), []);

        let (_, another) = record("She says something else.");
        assert!(new_versions(&another, &reread).is_err());
        let (plain, then) = record("She says what she wants.");
        assert_eq!(as_read_today(new_versions(&then, &[]).unwrap(), &[plain]), None);
    }
}
