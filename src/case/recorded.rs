//! What was recorded here, by a person or by the program. An import never undoes it: a state's export lags by days.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::{EndpointId, PersonId, ReleaseId};

/// One thing recorded here about one child. Facts are only ever added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "snake_case", deny_unknown_fields)]
pub enum Fact {
    /// A parent revoked a release (34 CFR 303.7(c)): nothing not yet released may rest on it.
    ReleaseRevoked {
        /// Which.
        release_id: ReleaseId,
    },
    /// An endpoint is wrong, unsafe or came back.
    EndpointDisabled {
        /// Which.
        endpoint_id: EndpointId,
    },
    /// A person may no longer have this child's papers: an order, or the end of a placement.
    PersonBarred {
        /// Who.
        person_id: PersonId,
    },
    /// The child died. All automatic papers stop.
    Died,
    /// A person holds everything for this child.
    Held {
        /// Why, in the person's words.
        reason: String,
    },
    /// A person lifts the hold.
    HoldLifted {
        /// Why.
        reason: String,
    },
    /// An import brought a record of this child that could not be taken; it may hold a revocation.
    RecordRefused,
    /// A good record came, or a person looked at the refused one and released the child.
    RecordSettled,
}

/// A fact with its circumstances.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedFact {
    /// What.
    pub fact: Fact,
    /// When it was recorded.
    pub at: DateTime<Utc>,
    /// By whom: a person's name for the command, or `import`.
    pub by: String,
}

/// Everything recorded here about one child, folded in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recorded {
    /// Releases revoked here.
    pub revoked: BTreeSet<ReleaseId>,
    /// Endpoints disabled here.
    pub disabled: BTreeSet<EndpointId>,
    /// Persons barred here.
    pub barred: BTreeSet<PersonId>,
    /// Whether a death is recorded.
    pub died: bool,
    /// The hold, where one stands: who and why.
    pub hold: Option<(String, String)>,
    /// Since when the last import's record of this child stands refused.
    pub record_refused: Option<DateTime<Utc>>,
}

impl Recorded {
    /// Folds facts in the order in which they were recorded.
    #[must_use]
    pub fn of(facts: &[RecordedFact]) -> Self {
        let mut now = Self::default();
        for RecordedFact { fact, at, by } in facts {
            match fact {
                Fact::ReleaseRevoked { release_id } => {
                    now.revoked.insert(release_id.clone());
                }
                Fact::EndpointDisabled { endpoint_id } => {
                    now.disabled.insert(endpoint_id.clone());
                }
                Fact::PersonBarred { person_id } => {
                    now.barred.insert(person_id.clone());
                }
                Fact::Died => now.died = true,
                Fact::Held { reason } => now.hold = Some((by.clone(), reason.clone())),
                Fact::HoldLifted { .. } => now.hold = None,
                Fact::RecordRefused => now.record_refused = Some(*at),
                Fact::RecordSettled => now.record_refused = None,
            }
        }
        now
    }
}

/// Where an import says less than what was recorded here, the stricter stands and a person is told.
#[must_use]
pub fn disagreements(recorded: &Recorded, record: &super::CaseRecord, day: NaiveDate) -> BTreeMap<String, String> {
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
    if recorded.died && record.exit.as_ref().is_none_or(|e| e.reason != super::ExitReason::Deceased) {
        out.insert(
            "exit".to_owned(),
            "a death is recorded here, but the imported record shows none; correct the source system".to_owned(),
        );
    }
    out
}
