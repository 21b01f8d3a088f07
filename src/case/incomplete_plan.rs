//! A version of a plan that is not whole: it lacks what the rules ask of every plan.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{IfspId, IfspStatus};

/// A version that was taken in as not final. Nothing is made of it and nothing counts from it, whatever its status
/// says; the versions in [`CaseRecord::ifsps`](super::CaseRecord::ifsps) are whole by their type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnfinishedPlan {
    pub ifsp_id: IfspId,
    /// Version, from 1.
    pub version: u32,
    /// How far it has come, as the source marks it.
    pub marked: IfspStatus,
    /// Its place in the list of the file, from 0.
    pub place: usize,
    /// What it lacks, in the order of the regulation.
    pub lacks: Vec<Lacking>,
    /// The version as it was received.
    pub received: Value,
}

/// A field that every plan has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lacking {
    /// The field within the version, such as `outcomes[0].criteria`.
    pub field: String,
    /// The rule that asks for it, such as `303.344(c)`, a section of 34 CFR.
    pub rule: String,
    /// What is wrong with it, where it is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub says: Option<String>,
}

impl UnfinishedPlan {
    /// The place in the file of the version that stands at `index` of the list without those that were set `aside`.
    pub(super) fn place_beside(aside: &[Self], index: usize) -> usize {
        aside.iter().fold(index, |at, plan| if plan.place <= at { at + 1 } else { at })
    }

    /// A field of each item of one of its lists, as it was received.
    pub(super) fn each_of(&self, list: &str, field: &str) -> impl Iterator<Item = &Value> {
        let items = self.received.get(list).and_then(Value::as_array).into_iter().flatten();
        items.filter_map(move |item| item.get(field))
    }

    /// Whether somebody believes that this version is final: then a person is told what it lacks.
    #[must_use]
    pub fn is_marked_final(&self) -> bool {
        self.marked.is_final()
    }
}
