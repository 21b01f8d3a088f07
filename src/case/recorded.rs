//! What was recorded here, by a person or by the program. An import never undoes it: a state's export lags by days.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::{
    CourtOrder, Date, EndpointId, Exception, ExcusedSpan, LateBecause, Lateness, Line, OrderId, PersonId, ReleaseId,
};

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
    /// A paper came back from an endpoint: nothing more of this child goes there until it is looked at.
    EndpointReturned {
        /// Which.
        endpoint_id: EndpointId,
        /// The dispatch that came back.
        dispatch_id: String,
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
    /// An order or other binding paper came, read or not yet read. The same order recorded again is its later reading.
    OrderReceived {
        /// The order.
        order: CourtOrder,
    },
    /// Somebody says that there is an order, and shows none. It blocks nothing; a person asks for the paper.
    OrderClaimed {
        /// Against whom.
        person_id: PersonId,
    },
    /// A person of the family has moved: the addresses known until now reach somebody else.
    Moved {
        /// Who.
        person_id: PersonId,
        /// The day of the move.
        on: Date,
        /// The day on which it was recorded.
        recorded_on: Date,
        /// The person's postal endpoints as they were known then.
        endpoints: BTreeSet<EndpointId>,
    },
    /// The child no longer lives with this foster parent, relative or other caregiver.
    PlacementEnded {
        /// With whom.
        person_id: PersonId,
        /// The last day.
        on: Date,
    },
    /// The child lives with this caregiver again.
    PlacementBegan {
        /// With whom.
        person_id: PersonId,
        /// The first day.
        on: Date,
    },
    /// A parent objects to a disclosure that needs no consent (34 CFR 303.401(e)).
    Objection {
        /// To what.
        to: ObjectionTo,
        /// In writing; said aloud it holds what it is about and the paper is asked for.
        written: bool,
        /// The day.
        on: Date,
    },
    /// Somebody made sure that an endpoint belongs to its owner. It may be used (again).
    EndpointVerified {
        /// Which.
        endpoint_id: EndpointId,
        /// The day.
        on: Date,
        /// By whom.
        by: Line,
        /// How: `called the number on the practice's own web page`.
        how: Line,
    },
    /// A parent said aloud that a release is taken back: an immediate hold on what rests on it.
    ReleaseRevokedOrally {
        /// Which.
        release_id: ReleaseId,
    },
    /// The parent was asked and lets the release stand after all: the hold ends.
    ReleaseKept {
        /// Which.
        release_id: ReleaseId,
        /// What the parent said, in a few words.
        because: Line,
    },
    /// A disclosure without consent that the law allows, looked at by a reviewer.
    ExceptionGranted {
        /// The exception.
        exception: Exception,
    },
    /// A name in a paper that is another child's name was looked at, and belongs there.
    NameAccountedFor {
        /// The name, as an answer is remembered.
        name: NameAnswer,
    },
    /// A person lets an envelope go that had waited too long to go by itself.
    LetGo {
        /// Which.
        dispatch_id: String,
        /// Why, in the person's words.
        reason: String,
    },
    /// Calendar days that the 45 do not count (34 CFR 303.310(b)); they stand beside those of the record.
    Excused {
        /// The span with its reason and the note that documents it.
        span: ExcusedSpan,
    },
    /// A duty will not be done, and a person answers for it.
    Waived {
        /// Kind of duty.
        obligation: String,
        /// Its anchor.
        anchor: String,
        /// Why.
        reason: String,
    },
    /// A waiver was a mistake: the duty stands again.
    WaiverLifted {
        /// Kind of duty.
        obligation: String,
        /// Its anchor.
        anchor: String,
        /// Why.
        reason: String,
    },
    /// Why a duty is or was late.
    LatenessExplained {
        /// Kind of duty.
        obligation: String,
        /// Its anchor.
        anchor: String,
        /// By whom it is late.
        because: LateBecause,
        /// The note that documents it.
        note: String,
    },
    /// Another coordinator from a day on, until an import brings a later term.
    CoordinatorChanged {
        /// Who.
        to: PersonId,
        /// The first day.
        from: Date,
        /// Why.
        reason: String,
    },
}

/// To what a parent objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ObjectionTo {
    /// The limited notice to the school district and the state education agency (34 CFR 303.401(d), (e)).
    LimitedNotice,
}

/// An objection as it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Objection {
    /// To what.
    pub to: ObjectionTo,
    /// In writing.
    pub written: bool,
    /// The day.
    pub on: Date,
}

/// A remembered answer of the wrong-child guard. It holds no name, only a hash bound to the child.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NameAnswer {
    /// The kind of paper in which it was found.
    pub document: String,
    /// The recipient of that paper, in its written form.
    pub recipient: String,
    /// SHA-256 over the child's id and the folded name.
    pub name_sha256: String,
}

/// A move as it was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    /// The day of the move.
    pub on: Date,
    /// The day on which it was recorded.
    pub recorded_on: Date,
    /// The person's postal endpoints as they were known then.
    pub endpoints: BTreeSet<EndpointId>,
}

/// That an endpoint belongs to its owner: when, by whom, how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verification {
    /// The day.
    pub on: Date,
    /// By whom.
    pub by: Line,
    /// How.
    pub how: Line,
}

/// A duty by kind and anchor.
pub(super) type DutyKey = (String, String);

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
    /// Orders recorded here, each as it was last read.
    pub orders: BTreeMap<OrderId, CourtOrder>,
    /// Who has moved.
    pub moved: BTreeMap<PersonId, Move>,
    /// With whom the child no longer lives, and its last day there.
    pub placements_ended: BTreeMap<PersonId, Date>,
    /// Objections, in the order in which they came.
    pub objections: Vec<Objection>,
    /// Endpoints made sure of here.
    pub verified: BTreeMap<EndpointId, Verification>,
    /// Releases taken back by word of mouth.
    pub revoked_orally: BTreeSet<ReleaseId>,
    /// Exceptions granted here.
    pub exceptions: Vec<Exception>,
    /// Names of other children that were looked at and belong where they stand.
    pub names_accounted_for: BTreeSet<NameAnswer>,
    /// Envelopes that a person lets go although they waited long.
    pub let_go: BTreeSet<String>,
    /// Spans that the 45 days do not count, recorded here.
    pub excused: Vec<ExcusedSpan>,
    /// Duties waived here: by whom and why.
    pub waived: BTreeMap<DutyKey, (String, String)>,
    /// Duties whose lateness was explained here.
    pub late: BTreeMap<DutyKey, Lateness>,
    /// The coordinator recorded here, with the first day.
    pub coordinator: Option<(PersonId, Date)>,
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
                Fact::EndpointDisabled { endpoint_id } | Fact::EndpointReturned { endpoint_id, .. } => {
                    now.disabled.insert(endpoint_id.clone());
                    now.verified.remove(endpoint_id);
                }
                Fact::PersonBarred { person_id } => {
                    now.barred.insert(person_id.clone());
                }
                Fact::Died => now.died = true,
                Fact::Held { reason } => now.hold = Some((by.clone(), reason.clone())),
                Fact::HoldLifted { .. } => now.hold = None,
                Fact::RecordRefused => now.record_refused = Some(*at),
                Fact::RecordSettled => now.record_refused = None,
                Fact::Excused { span } => now.excused.push(span.clone()),
                Fact::Waived { obligation, anchor, reason } => {
                    now.waived.insert((obligation.clone(), anchor.clone()), (by.clone(), reason.clone()));
                }
                Fact::WaiverLifted { obligation, anchor, .. } => {
                    now.waived.remove(&(obligation.clone(), anchor.clone()));
                }
                Fact::LatenessExplained { obligation, anchor, because, note } => {
                    let late = Lateness { because: *because, note: note.clone() };
                    now.late.insert((obligation.clone(), anchor.clone()), late);
                }
                Fact::CoordinatorChanged { to, from, .. } => now.coordinator = Some((to.clone(), *from)),
                other => now.fold(other),
            }
        }
        now
    }

    /// People, addresses and papers: the later of two facts about the same thing stands.
    fn fold(&mut self, fact: &Fact) {
        match fact {
            Fact::OrderReceived { order } => {
                self.orders.insert(order.order_id.clone(), order.clone());
            }
            Fact::Moved { person_id, on, recorded_on, endpoints } => {
                let moved = Move { on: *on, recorded_on: *recorded_on, endpoints: endpoints.clone() };
                for id in endpoints {
                    self.verified.remove(id);
                }
                self.moved.insert(person_id.clone(), moved);
            }
            Fact::PlacementEnded { person_id, on } => {
                self.placements_ended.insert(person_id.clone(), *on);
            }
            Fact::PlacementBegan { person_id, .. } => {
                self.placements_ended.remove(person_id);
            }
            Fact::Objection { to, written, on } => {
                self.objections.push(Objection { to: *to, written: *written, on: *on });
            }
            Fact::EndpointVerified { endpoint_id, on, by, how } => {
                self.disabled.remove(endpoint_id);
                let verification = Verification { on: *on, by: by.clone(), how: how.clone() };
                self.verified.insert(endpoint_id.clone(), verification);
            }
            Fact::ReleaseRevokedOrally { release_id } => {
                self.revoked_orally.insert(release_id.clone());
            }
            Fact::ReleaseKept { release_id, .. } => {
                self.revoked_orally.remove(release_id);
            }
            Fact::ExceptionGranted { exception } => self.exceptions.push(exception.clone()),
            Fact::NameAccountedFor { name } => {
                self.names_accounted_for.insert(name.clone());
            }
            Fact::LetGo { dispatch_id, .. } => {
                self.let_go.insert(dispatch_id.clone());
            }
            _ => {}
        }
    }

    /// Orders on file, the record's and those recorded here. Of one order the reading stands, not the unread
    /// copy; where both were read and differ, both stand.
    #[must_use]
    pub fn orders<'a>(&'a self, record: &'a super::CaseRecord) -> Vec<&'a CourtOrder> {
        let here = |order: &CourtOrder| self.orders.get(&order.order_id).is_some_and(|o| o.effect.is_some());
        let in_record =
            |order: &CourtOrder| record.court_orders.iter().any(|o| o.order_id == order.order_id && o.effect.is_some());
        let there = record.court_orders.iter().filter(|o| o.effect.is_some() || !here(o));
        let mut all: Vec<&CourtOrder> = there.collect();
        for order in self.orders.values().filter(|o| o.effect.is_some() || !in_record(o)) {
            if !all.contains(&order) {
                all.push(order);
            }
        }
        all
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
