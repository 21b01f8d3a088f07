//! What was recorded here, by a person or by the program. An import never undoes it: a state's export lags by days.

pub(super) mod duty_decision;
pub(super) mod external_document;
mod disagreement;
pub(super) mod language_accommodation;
mod fact;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    CaseRecord, CourtOrder, Date, EmergencyAnswer, EmergencyTelling, EndpointId, Exception, ExcusedSpan, FiledId,
    FiledPaper, Lateness, Objection, OrderId, OrganisationId, PersonId, ReleaseId, Telling,
};

pub use disagreement::disagreements;
pub use fact::{Fact, Move, NameAnswer, RecordedFact, Verification};

/// A duty by kind and anchor.
pub(super) type DutyKey = (String, String);

/// A hold on everything for a child.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    /// Who holds it.
    pub by: String,
    /// Why, in that person's words.
    pub reason: String,
    /// The last day, where it ends by itself.
    pub until: Option<Date>,
}

impl Hold {
    /// A hold that stands until somebody lifts it.
    #[must_use]
    pub fn by(who: &str, reason: &str) -> Self {
        Self { by: who.to_owned(), reason: reason.to_owned(), until: None }
    }
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
    /// The hold as it was last set, where nobody lifted it. Whether it stands on a day: [`Recorded::hold_on`].
    pub hold: Option<Hold>,
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
    /// Whether an objection that came late counts, where a person decided.
    pub late_objection_counts: Option<bool>,
    /// The day on which our own letter told the parents of the notice to the school district.
    pub told_of_notice_on: Option<Date>,
    /// Endpoints made sure of here.
    pub verified: BTreeMap<EndpointId, Verification>,
    /// Releases taken back by word of mouth.
    pub revoked_orally: BTreeSet<ReleaseId>,
    /// Exceptions granted here.
    pub exceptions: Vec<Exception>,
    /// Which parent was, or is not yet, told of which emergency, in the order in which it was recorded.
    pub emergency_tellings: Vec<EmergencyTelling>,
    /// Which parent may know an office whose place is private.
    pub offices_known: BTreeSet<(OrganisationId, PersonId)>,
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
    /// Who does, or does not, want optional mail.
    pub optional_mail: BTreeMap<PersonId, bool>,
    /// The coordinator recorded here, with the first day.
    pub coordinator: Option<(PersonId, Date)>,
    /// Papers made elsewhere that are on file.
    pub filed: BTreeMap<FiledId, FiledPaper>,
    /// Papers that were brought to a parent in another way than by their own text, in the order in which it was recorded.
    pub told: Vec<Telling>,
}

impl Recorded {
    /// Folds facts in the order in which they were recorded.
    #[must_use]
    pub fn of(facts: &[RecordedFact]) -> Self {
        let mut now = Self::default();
        let mut returns = Returns::default();
        for RecordedFact { fact, at, by } in facts {
            match fact {
                Fact::ReleaseRevoked { release_id } => {
                    now.revoked.insert(release_id.clone());
                }
                Fact::EndpointDisabled { endpoint_id } | Fact::EndpointReturned { endpoint_id, .. } => {
                    now.disabled.insert(endpoint_id.clone());
                    returns.note(fact, now.verified.remove(endpoint_id));
                }
                Fact::ReturnSetAside { endpoint_id, dispatch_id } => {
                    if returns.set_aside(endpoint_id, dispatch_id) {
                        now.disabled.remove(endpoint_id);
                        let before = returns.verified_before(endpoint_id);
                        now.verified.extend(before.map(|verification| (endpoint_id.clone(), verification)));
                    }
                }
                Fact::EndpointVerified { endpoint_id, .. } => {
                    returns.forget(endpoint_id);
                    now.fold(fact);
                }
                Fact::PersonBarred { person_id } => {
                    now.barred.insert(person_id.clone());
                }
                Fact::Died => now.died = true,
                Fact::Held { reason } => {
                    now.hold = Some(Hold::by(by, reason));
                }
                Fact::HeldUntil { reason, until } => {
                    now.hold = Some(Hold { until: Some(*until), ..Hold::by(by, reason) });
                }
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
            Fact::LateObjectionDecided { counts, .. } => self.late_objection_counts = Some(*counts),
            Fact::ToldOfNotice { on } => self.told_of_notice_on = *on,
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
            Fact::EmergencyTelling { telling } => self.emergency_tellings.push(telling.clone()),
            Fact::OfficeMayBeKnown { organisation_id, person_id, .. } => {
                self.offices_known.insert((organisation_id.clone(), person_id.clone()));
            }
            Fact::NameAccountedFor { name } => {
                self.names_accounted_for.insert(name.clone());
            }
            Fact::OptionalMail { person_id, wanted } => {
                self.optional_mail.insert(person_id.clone(), *wanted);
            }
            Fact::LetGo { dispatch_id, .. } => {
                self.let_go.insert(dispatch_id.clone());
            }
            Fact::PaperFiled { paper } => {
                self.filed.insert(paper.paper_id.clone(), (**paper).clone());
            }
            Fact::Told { telling } => self.told.push(telling.clone()),
            Fact::PaperWithdrawn { paper_id, .. } => {
                self.filed.remove(paper_id);
            }
            _ => {}
        }
    }

    /// The hold that stands on a day; its last day is included.
    #[must_use]
    pub fn hold_on(&self, day: NaiveDate) -> Option<&Hold> {
        self.hold.as_ref().filter(|hold| hold.until.is_none_or(|until| day <= *until))
    }

    /// What was decided last about telling a parent of an emergency.
    #[must_use]
    pub fn emergency_answer(&self, exception: &Exception, person: &PersonId) -> Option<&EmergencyAnswer> {
        let told = self.emergency_tellings.iter().rev().find(|telling| {
            &telling.person_id == person && telling.recipient == exception.recipient && telling.from == exception.from
        });
        told.map(|telling| &telling.answer)
    }

    /// Whether an emergency is kept from a parent's report: nobody has decided yet where the danger may be at home, or a
    /// reviewer said "not now".
    #[must_use]
    pub fn is_kept_from(&self, exception: &Exception, person: &PersonId) -> bool {
        match self.emergency_answer(exception, person) {
            Some(EmergencyAnswer::Told { .. }) => false,
            Some(EmergencyAnswer::NotNow { .. }) => true,
            None => exception.not_now.contains(person),
        }
    }

    /// Orders on file, the record's and those recorded here. Of one order the reading stands, not the unread
    /// copy; where both were read and differ, both stand.
    #[must_use]
    pub fn orders<'a>(&'a self, record: &'a CaseRecord) -> Vec<&'a CourtOrder> {
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

/// What speaks against each endpoint while facts are folded, so that a return can be set aside.
#[derive(Default)]
struct Returns {
    against: BTreeMap<EndpointId, Against>,
}

#[derive(Default)]
struct Against {
    /// A person said that it is wrong.
    said: bool,
    /// The dispatches that came back from it.
    returned: BTreeSet<String>,
    /// How it had been made sure of before.
    verified: Option<Verification>,
}

impl Returns {
    fn note(&mut self, fact: &Fact, verified: Option<Verification>) {
        let (endpoint_id, dispatch_id) = match fact {
            Fact::EndpointDisabled { endpoint_id } => (endpoint_id, None),
            Fact::EndpointReturned { endpoint_id, dispatch_id } => (endpoint_id, Some(dispatch_id)),
            _ => return,
        };
        let against = self.against.entry(endpoint_id.clone()).or_default();
        against.verified = verified.or(against.verified.take());
        match dispatch_id {
            Some(dispatch_id) => drop(against.returned.insert(dispatch_id.clone())),
            None => against.said = true,
        }
    }

    /// Takes a return away; tells whether nothing else speaks against the endpoint.
    fn set_aside(&mut self, endpoint_id: &EndpointId, dispatch_id: &str) -> bool {
        self.against
            .get_mut(endpoint_id)
            .is_some_and(|against| against.returned.remove(dispatch_id) && against.returned.is_empty() && !against.said)
    }

    /// How an endpoint had been made sure of before it came back.
    fn verified_before(&mut self, endpoint_id: &EndpointId) -> Option<Verification> {
        self.against.remove(endpoint_id).and_then(|against| against.verified)
    }

    fn forget(&mut self, endpoint_id: &EndpointId) {
        self.against.remove(endpoint_id);
    }
}
