//! Facts that must stop a letter today: recorded, and every envelope of the child decided again, in one transaction.

use anyhow::ensure;
use serde::Serialize;

use super::kept_back::keeps_back;
use crate::{
    actor::{Actor, Permission},
    case::{ChildId, Date, EndpointId, EndpointKind, Fact, FiledId, OrganisationId, PersonId, Recipient},
    disclosure::{Point, Reason, Refusal, Verdict, decide},
    dispatch::StateName,
    hint::{Field, Hint},
    ledger::{Detail, Entry},
    pipeline::{
        authority::permission_for,
        child_facts::ChildFacts,
        intake::Intake,
        owed_envelopes::{packet_of, question},
    },
    store::{DispatchRow, Follows, NewTask, Stopped},
};

/// What a recorded fact stopped: one line an envelope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StoppedLine {
    pub dispatch: String,
    pub recipient: String,
    /// Its state before.
    pub was: String,
    /// Its state now; a printed letter stays printed and is on the pull list.
    pub now: String,
    /// Where a printed letter lies, in the words of the print channel.
    pub place: Option<String>,
    /// Why it does not go.
    pub why: String,
    /// The one next step.
    pub next_step: String,
}

/// What belongs to an act about a child besides its facts: written with them, or not at all.
#[derive(Default)]
pub(super) struct Besides<'a> {
    pub(super) opens: Vec<NewTask>,
    /// What stands behind the papers of an envelope from now on.
    pub(super) encloses: Option<(&'a str, &'a [FiledId])>,
    /// Its entries in the record of access.
    pub(super) enters: Vec<(Entry, Detail)>,
}

impl Intake {
    /// Records a fact about a child and shows what it stops.
    ///
    /// # Errors
    /// When it names something that the records do not know (a slip in an id must not pass for a revocation), when
    /// there is no such child, or the database refuses.
    pub async fn record(&self, child_id: &ChildId, fact: &Fact, by: &Actor) -> anyhow::Result<Vec<StoppedLine>> {
        self.pipeline.authority().allow_for(by, permission_for(fact), child_id).await?;
        self.record_act(child_id, std::slice::from_ref(fact), Besides::default(), by).await
    }

    /// A person lifts the hold on a child: the one that somebody set, and the one of a record that was refused.
    ///
    /// # Errors
    /// When there is no such child, or the database refuses.
    pub async fn lift_hold(&self, child_id: &ChildId, reason: &str, by: &Actor) -> anyhow::Result<Vec<StoppedLine>> {
        self.pipeline.authority().allow_for(by, Permission::LiftHold, child_id).await?;
        let refused = self.pipeline.store.children().child(child_id).await?.recorded.record_refused.is_some();
        let settled = refused.then_some(Fact::RecordSettled);
        let facts: Vec<Fact> = settled.into_iter().chain([Fact::HoldLifted { reason: reason.to_owned() }]).collect();
        self.record_act(child_id, &facts, Besides::default(), by).await
    }

    /// A person lets one envelope go that has waited too long to go by itself; gives its child, and what that stops.
    ///
    /// # Errors
    /// [`crate::pipeline::Refusal`] when this person may not, or it waits for something else.
    pub async fn let_go(
        &self,
        dispatch_id: &str,
        reason: &str,
        by: &Actor,
    ) -> anyhow::Result<(ChildId, Vec<StoppedLine>)> {
        let row = self.pipeline.authority().dispatch_for(by, Permission::LiftHold, dispatch_id).await?;
        if row.reason != Some(Reason::WaitedTooLong) {
            let says =
                format!("dispatch {dispatch_id} is {}; only what has waited too long is let go by itself", row.state);
            let hint = Hint::ShowDispatch { dispatch: Some(dispatch_id.to_owned()) };
            return Err(crate::pipeline::Refusal::conflict(says).with_hint(hint).into());
        }
        let child = row.envelope.child_id;
        let fact = Fact::LetGo { dispatch_id: dispatch_id.to_owned(), reason: reason.to_owned() };
        let stopped = self.record(&child, &fact, by).await?;
        Ok((child, stopped))
    }

    /// Records one act: its facts and what else belongs to it, in one transaction, and shows all that it stops.
    pub(super) async fn record_act(
        &self,
        child_id: &ChildId,
        facts: &[Fact],
        mut besides: Besides<'_>,
        by: &Actor,
    ) -> anyhow::Result<Vec<StoppedLine>> {
        let entered = !besides.enters.is_empty();
        for fact in facts {
            self.known(child_id, fact).await?;
            besides.opens.extend(self.opens(fact));
            if !entered {
                besides.enters.extend(keeps_back(&self.pipeline, child_id, fact, by).await?);
            }
        }
        self.record_and_stop(child_id, facts, &besides, by).await
    }

    /// Records what was found out about an office's address, for every child, and shows what it stops.
    ///
    /// # Errors
    /// When the directory does not know the address, or the database refuses.
    pub async fn record_for_office(&self, fact: &Fact, by: &Actor) -> anyhow::Result<Vec<StoppedLine>> {
        self.pipeline.authority().allow(by, permission_for(fact))?;
        let (Fact::EndpointDisabled { endpoint_id }
        | Fact::EndpointReturned { endpoint_id, .. }
        | Fact::EndpointVerified { endpoint_id, .. }) = fact
        else {
            anyhow::bail!("nothing is recorded: this is about one child; say which with {}", Field::Child);
        };
        let office = self.office_of(endpoint_id).await?;
        ensure!(
            office.is_some(),
            "nothing is recorded: the directory has no endpoint {endpoint_id}; for an address of a family say whose with {}",
            Field::Child
        );
        self.pipeline
            .store
            .children()
            .record_office_fact(endpoint_id, fact, &by.recorded(), self.pipeline.now())
            .await?;
        self.stop_for_office(endpoint_id, office.as_ref(), by).await
    }

    /// Decides again what waits for an office's address, child by child. It is no part of the act: the fact stops every
    /// claim from the moment on at which it is recorded, a letter on paper is looked at again every minute, and thousands
    /// of children are too many for one transaction. A look that was cut off leaves older reasons to be read, no more.
    async fn stop_for_office(
        &self,
        endpoint_id: &EndpointId,
        office: Option<&OrganisationId>,
        by: &Actor,
    ) -> anyhow::Result<Vec<StoppedLine>> {
        let mut stopped = Vec::new();
        for child_id in self.pipeline.store.children().children_waiting_for(endpoint_id).await? {
            stopped.extend(self.record_and_stop(&child_id, &[], &Besides::default(), by).await?);
        }
        // Children for whom nothing waits any more are not among those.
        for line in self.on_its_way_to(endpoint_id).await? {
            if stopped.iter().all(|known: &StoppedLine| known.dispatch != line.dispatch) {
                stopped.push(line);
            }
        }
        // The child's other envelopes were looked at too; what they wait for has nothing to do with this address.
        let to_office = |line: &StoppedLine| {
            let recipient = line.recipient.parse::<Recipient>().ok();
            recipient.is_some_and(|to| to.organisation_id() == office)
        };
        stopped.retain(to_office);
        Ok(stopped)
    }

    /// The office whose address it is, where it is an office's.
    pub(in crate::pipeline) async fn office_of(
        &self,
        endpoint_id: &EndpointId,
    ) -> anyhow::Result<Option<OrganisationId>> {
        let (directory, _) = self.pipeline.store.children().directory().await?;
        let mut offices = directory.organisations.iter();
        let owner = offices.find(|office| office.endpoints.iter().any(|e| &e.endpoint_id == endpoint_id));
        Ok(owner.map(|office| office.organisation_id.clone()))
    }

    /// A paper came back from an office's address, which is suspect for every child since the return was recorded.
    pub(in crate::pipeline) async fn office_address_came_back(
        &self,
        endpoint_id: &EndpointId,
        office: Option<&OrganisationId>,
        by: &Actor,
    ) -> anyhow::Result<()> {
        if office.is_some() {
            self.stop_for_office(endpoint_id, office, by).await?;
        }
        Ok(())
    }

    async fn record_and_stop(
        &self,
        child_id: &ChildId,
        facts: &[Fact],
        besides: &Besides<'_>,
        by: &Actor,
    ) -> anyhow::Result<Vec<StoppedLine>> {
        let after_death = if facts.contains(&Fact::Died) {
            Some(self.after_death(&self.pipeline.child_facts(child_id).await?.record).await?)
        } else {
            None
        };
        let follows = Follows {
            refusing: &|row, stored| self.refused(row, &ChildFacts::of_stored(&self.pipeline, stored.clone())),
            asking: &|stored| self.asks(&stored.record, &stored.recorded),
            opens: &besides.opens,
            encloses: besides.encloses,
            enters: &besides.enters,
            after_death: after_death.as_ref(),
        };
        let stopped = self
            .pipeline
            .store
            .outcomes()
            .record_facts(child_id, facts, &by.recorded(), self.pipeline.now(), &follows)
            .await?;
        let mut lines = Vec::with_capacity(stopped.len());
        for Stopped { row, refusal } in stopped {
            let printed = row.state == StateName::Printed;
            let now = crate::dispatch::DispatchState::refused(&refusal).name();
            lines.push(StoppedLine {
                place: if printed { self.place_in_stack(&row).await? } else { None },
                recipient: row.envelope.recipient.to_string(),
                was: row.state.to_string(),
                now: if printed { row.state } else { now }.to_string(),
                why: refusal.to_string(),
                next_step: if printed {
                    let pulled = Hint::MarkPulled { dispatch: Some(row.dispatch_id.clone()) };
                    format!("Take it out of the stack, then run {pulled}.")
                } else {
                    refusal.reason.next_step()
                },
                dispatch: row.dispatch_id,
            });
        }
        lines.extend(self.on_its_way(|row| &row.envelope.child_id == child_id).await?);
        Ok(lines)
    }

    /// A person has looked at the other children's names in a held packet, and they belong there: the answers are
    /// remembered for that kind of paper and that recipient.
    ///
    /// # Errors
    /// When the envelope is not held for a name, or the database refuses.
    pub async fn account_for_names(&self, dispatch_id: &str, by: &Actor) -> anyhow::Result<usize> {
        let row = self.pipeline.authority().dispatch_for(by, Permission::LiftHold, dispatch_id).await?;
        ensure!(
            row.reason == Some(Reason::OtherChildNamed),
            "dispatch {dispatch_id} is {} and not held for another child's name",
            row.state
        );
        let named = row.packet.as_ref().map(|packet| packet.other_children.clone()).unwrap_or_default();
        let mut answers: Vec<_> = named.iter().map(|n| n.answer(&row.envelope.recipient)).collect();
        answers.sort();
        answers.dedup();
        let facts: Vec<Fact> = answers.into_iter().map(|name| Fact::NameAccountedFor { name }).collect();
        self.pipeline
            .store
            .children()
            .record_facts_of_each(&[row.envelope.child_id], &facts, &by.recorded(), self.pipeline.now())
            .await?;
        Ok(facts.len())
    }

    /// Why an envelope that has not left may not go on these facts. A letter on paper, and what is being sent, is judged as
    /// it is: its parts and its address must still be the ones that this recipient may have.
    pub(in crate::pipeline) fn refused(&self, row: &DispatchRow, facts: &ChildFacts) -> Option<Refusal> {
        let facts = facts.seen_by(row);
        let (question, facts) = (question(&row.envelope), facts.facts(&self.pipeline, self.pipeline.now()));
        let verdict = match &row.packet {
            Some(packet) if matches!(row.state, StateName::Printed | StateName::Sending) => {
                let packet = packet_of(&row.envelope, packet, &packet.made_from);
                decide(&question, &facts, Point::Release(&packet))
            }
            _ => decide(&question, &facts, Point::BeforeRender),
        };
        match verdict {
            Verdict::Authorized(_) => None,
            Verdict::Refused(refusal) => Some(refusal),
            Verdict::RenderAnew if row.state == StateName::Sending => Some(Refusal::of(Reason::ChangedSince)),
            Verdict::RenderAnew => Some(Refusal::of(Reason::ChangedSincePrinted)),
        }
    }

    /// Where a printed letter lies, as the print channel said when it took it.
    pub(in crate::pipeline) async fn place_in_stack(&self, row: &DispatchRow) -> anyhow::Result<Option<String>> {
        let evidence =
            self.pipeline.store.ledger().evidence(&row.envelope.child_id, &row.dispatch_id, row.attempt).await?;
        Ok(evidence.map(|e| e.reply))
    }

    /// The day that counts, for a fact that a person records without naming one.
    #[must_use]
    pub fn today(&self) -> Date {
        self.pipeline.day().into()
    }

    /// The postal endpoints of a person of the family, as the record knows them now.
    ///
    /// # Errors
    /// When there is no such child, or the database refuses.
    pub async fn move_of(&self, child_id: &ChildId, person_id: &PersonId, on: Option<Date>) -> anyhow::Result<Fact> {
        let record = self.pipeline.store.children().child(child_id).await?.record;
        let known = record.member(person_id).into_iter().flat_map(|m| &m.endpoints);
        let endpoints =
            known.filter(|e| e.address.kind() == EndpointKind::Postal).map(|e| e.endpoint_id.clone()).collect();
        let recorded_on = self.today();
        Ok(Fact::Moved { person_id: person_id.clone(), on: on.unwrap_or(recorded_on), recorded_on, endpoints })
    }

    /// The task that a fact opens for a person.
    fn opens(&self, fact: &Fact) -> Option<NewTask> {
        let opens = |kind, subject, says: String| Some(NewTask { kind, subject, says });
        match fact {
            Fact::OrderClaimed { person_id } => opens(
                "order-claimed",
                format!("person {person_id}"),
                "Ask for the paper itself. Until it is on file nothing is blocked: a parent keeps the right to the record \
                 (34 CFR 303.405)."
                    .to_owned(),
            ),
            Fact::ReleaseRevokedOrally { release_id } => opens(
                "written-revocation",
                format!("release {release_id}"),
                format!(
                    "Ask the parent for the written word, then run {}; or {}.",
                    Hint::RevokeRelease { child: None, release: None },
                    Hint::KeepRelease { child: None, release: None }
                ),
            ),
            Fact::Objection { written: false, .. } if self.pipeline.profile.parents_may_opt_out_of_notice.value => opens(
                "written-objection",
                "limited notice".to_owned(),
                format!("Ask the parent to write the objection down, then run {}.", Hint::RecordObjection),
            ),
            Fact::Moved { person_id, .. } => opens(
                "new-address",
                format!("person {person_id}"),
                format!(
                    "Ask for the new address and enter it in the record, or make sure of the known one with {}.",
                    Hint::VerifyAddress { child: None, endpoint: None }
                ),
            ),
            Fact::PlacementEnded { person_id, .. } => opens(
                "placement-changed",
                format!("person {person_id}"),
                "Review the releases that this person signed with the present parent; services go on.".to_owned(),
            ),
            _ => None,
        }
    }
}
