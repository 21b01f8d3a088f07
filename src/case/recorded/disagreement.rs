//! Where an imported record says less than what was recorded here.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::Recorded;
use crate::case::{CaseRecord, ExitReason, Placement};

/// Where an import says less than what was recorded here, the stricter stands and a person is told.
#[must_use]
pub fn disagreements(recorded: &Recorded, record: &CaseRecord, day: NaiveDate) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    for release in &record.releases {
        if recorded.revoked.contains(&release.release_id) && release.revoked_on.is_none() {
            out.insert(
                format!("release {}", release.release_id),
                "revoked here, but the imported record shows it as valid; correct the source system".to_owned(),
            );
        }
    }
    let endpoints = record.family.iter().flat_map(|m| &m.endpoints);
    for endpoint in endpoints {
        if recorded.disabled.contains(&endpoint.endpoint_id) && endpoint.disabled_on.is_none_or(|d| *d > day) {
            out.insert(
                format!("endpoint {}", endpoint.endpoint_id),
                "disabled here, but the imported record shows it in use; correct the source system".to_owned(),
            );
        }
    }
    if recorded.died && record.exit.as_ref().is_none_or(|e| e.reason != ExitReason::Deceased) {
        out.insert(
            "exit".to_owned(),
            "a death is recorded here, but the imported record shows none; correct the source system".to_owned(),
        );
    }
    for (person, ended) in &recorded.placements_ended {
        let there = |p: &&Placement| &p.person_id == person && p.from <= *ended && p.holds_on(day);
        if record.placements.iter().any(|p| there(&p)) {
            out.insert(
                format!("placement with {person}"),
                "ended here, but the imported record shows that the child lives there; correct the source system"
                    .to_owned(),
            );
        }
    }
    for order in recorded.orders.values().filter(|order| order.effect.is_some()) {
        if !record.court_orders.iter().any(|theirs| theirs.order_id == order.order_id) {
            out.insert(
                format!("order {}", order.order_id),
                "recorded here, but the imported record does not have it; enter it in the source system".to_owned(),
            );
        }
    }
    let written = recorded.objections.iter().any(|objection| objection.written);
    if written && record.transition.as_ref().is_none_or(|t| t.notice_objection_on.is_none()) {
        out.insert(
            "objection to the limited notice".to_owned(),
            "recorded here, but the imported record does not have it; enter it in the source system".to_owned(),
        );
    }
    out
}
