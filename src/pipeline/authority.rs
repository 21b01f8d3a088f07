//! Who may do what to which child: the table of acts and roles, and what one has to do with a child today.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::{Pipeline, refusal::Refusal};
use crate::{
    actor::{Actor, Permission, Reach, Role, reach_of},
    case::{CaseRecord, ChildId, Directory, Fact, PersonId},
    store::{DispatchRow, StoreError},
};

/// Which children somebody sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sight {
    /// All but those whose record is closed to this person.
    AllBut(BTreeSet<String>),
    Only(BTreeSet<String>),
}

impl Sight {
    /// Nothing is hidden.
    pub const ALL: Self = Self::AllBut(BTreeSet::new());

    #[must_use]
    pub fn sees(&self, child: &str) -> bool {
        match self {
            Self::AllBut(closed) => !closed.contains(child),
            Self::Only(open) => open.contains(child),
        }
    }
}

/// Whether one of the reaches takes this child in.
fn reaches(
    reaches: &[(Option<Role>, Reach)],
    person: &PersonId,
    record: &CaseRecord,
    directory: &Directory,
    day: NaiveDate,
) -> bool {
    let owner = record.assigned_coordinator_on(day);
    let coordinates = owner == Some(person);
    let serves = || record.assignments.iter().any(|a| a.holds_on(day) && a.person_id.as_ref() == Some(person));
    let supervises = || {
        let owner = owner.and_then(|owner| directory.professional(owner));
        owner.is_none_or(|owner| owner.is_supervised_by(person, day))
    };
    reaches.iter().any(|(role, reach)| match reach {
        Reach::Program => true,
        Reach::Own => coordinates || (*role == Some(Role::Provider) && serves()),
        Reach::Unassigned => owner.is_none(),
        Reach::Team => coordinates || supervises(),
    })
}

/// What somebody may do now, as roles, assignments and closures are.
pub struct Authority<'a> {
    pipeline: &'a Pipeline,
}

impl Pipeline {
    /// Who may do what here.
    #[must_use]
    pub fn authority(&self) -> Authority<'_> {
        Authority { pipeline: self }
    }
}

impl Authority<'_> {
    /// Whether somebody may do this at all, to whichever child.
    #[expect(clippy::unused_self, reason = "asked like the others, which look at the child too")]
    pub(super) fn allow(&self, by: &Actor, asked: Permission) -> Result<(), Refusal> {
        if reach_of(by, asked).is_empty() { Err(Refusal::not_your_role(asked)) } else { Ok(()) }
    }

    /// Whether somebody may run the program's work.
    ///
    /// # Errors
    /// [`Refusal`] when the role does not let this person.
    pub fn may_operate(&self, by: &Actor) -> Result<(), Refusal> {
        self.allow_for_all(by, Permission::Operate)
    }

    /// Whether somebody may do what concerns the whole program.
    #[expect(clippy::unused_self, reason = "asked like the others, which look at the child too")]
    pub(super) fn allow_for_all(&self, by: &Actor, asked: Permission) -> Result<(), Refusal> {
        let wide = reach_of(by, asked).iter().any(|(_, reach)| *reach == Reach::Program);
        if wide { Ok(()) } else { Err(Refusal::not_your_role(asked)) }
    }

    /// Whether somebody may do this to this child, as roles, assignments and closures are now.
    pub(super) async fn allow_for(&self, by: &Actor, asked: Permission, child: &ChildId) -> anyhow::Result<()> {
        let reach = reach_of(by, asked);
        if reach.is_empty() {
            return Err(Refusal::not_your_role(asked).into());
        }
        // Neither the service nor an operator stands in a family's way: closures and caseloads are about people.
        let Some(person) = by.person_id() else { return Ok(()) };
        let wide = reach.iter().any(|(_, reach)| *reach == Reach::Program);
        let row = match self.pipeline.store.children().child(child).await {
            // Of a destroyed record only entries are left, and nobody has it as a child of his or her own.
            Err(StoreError::NotFound { .. }) if wide => return Ok(()),
            other => other?,
        };
        let day = self.pipeline.day();
        if row.record.is_closed_to(person, day) {
            return Err(Refusal::closed(child).into());
        }
        if wide {
            return Ok(());
        }
        let (directory, _) = self.pipeline.store.children().directory().await?;
        let in_reach = reaches(&reach, person, &row.record, &directory, day);
        if in_reach { Ok(()) } else { Err(Refusal::not_your_child(asked, child).into()) }
    }

    /// A delivery, for somebody who may do this to its child.
    pub(super) async fn dispatch_for(
        &self,
        by: &Actor,
        asked: Permission,
        dispatch_id: &str,
    ) -> anyhow::Result<DispatchRow> {
        let row = self.pipeline.store.outbox().dispatch(dispatch_id).await?;
        self.allow_for(by, asked, &row.envelope.child_id).await?;
        Ok(row)
    }

    /// The children that somebody sees when this is done over many.
    pub async fn sight(&self, by: &Actor, asked: Permission) -> anyhow::Result<Sight> {
        let reach = reach_of(by, asked);
        if reach.is_empty() {
            return Err(Refusal::not_your_role(asked).into());
        }
        let Some(person) = by.person_id() else { return Ok(Sight::ALL) };
        let day = self.pipeline.day();
        let closed = self.pipeline.store.children().closed_records().await?;
        let closed: BTreeSet<String> = closed
            .into_iter()
            .filter(|record| record.is_closed_to(person, day))
            .map(|record| record.child_id.to_string())
            .collect();
        if reach.iter().any(|(_, reach)| *reach == Reach::Program) {
            return Ok(Sight::AllBut(closed));
        }
        let mut open = BTreeSet::new();
        let Ok((directory, _)) = self.pipeline.store.children().directory().await else { return Ok(Sight::Only(open)) };
        let mut after = String::new();
        loop {
            let page = self.pipeline.store.children().records_after(&after, 200).await?;
            let Some(last) = page.last() else { break };
            after = last.child_id.to_string();
            let seen = page.iter().filter(|record| reaches(&reach, person, record, &directory, day));
            open.extend(seen.map(|record| record.child_id.to_string()).filter(|id| !closed.contains(id)));
        }
        Ok(Sight::Only(open))
    }
}

/// What recording a fact about a child asks for.
pub(super) fn permission_for(fact: &Fact) -> Permission {
    match fact {
        // What only stops, or makes the program more careful.
        Fact::ReleaseRevoked { .. }
        | Fact::ReleaseRevokedOrally { .. }
        | Fact::EndpointDisabled { .. }
        | Fact::EndpointReturned { .. }
        | Fact::PersonBarred { .. }
        | Fact::Died
        | Fact::Held { .. }
        | Fact::HeldUntil { .. }
        | Fact::RecordRefused
        | Fact::OrderReceived { .. }
        | Fact::OrderClaimed { .. }
        | Fact::Moved { .. }
        | Fact::Objection { .. } => Permission::RecordStop,
        // What lets go again.
        Fact::HoldLifted { .. }
        | Fact::RecordSettled
        | Fact::ReleaseKept { .. }
        | Fact::NameAccountedFor { .. }
        | Fact::LetGo { .. } => Permission::LiftHold,
        // The program's own: no person records it.
        Fact::ToldOfNotice { .. } => Permission::Operate,
        Fact::ExceptionGranted { .. } | Fact::EmergencyTelling { .. } | Fact::OfficeMayBeKnown { .. } => {
            Permission::GrantException
        }
        Fact::Excused { .. } | Fact::LatenessExplained { .. } => Permission::RecordDelay,
        // A late objection is a supervisor's: the coordinator's own judgment is what the parent objects to.
        Fact::Waived { .. } | Fact::WaiverLifted { .. } | Fact::LateObjectionDecided { .. } => Permission::Waive,
        Fact::CoordinatorChanged { .. } => Permission::Reassign,
        Fact::PaperFiled { .. } | Fact::PaperWithdrawn { .. } => Permission::FileDocument,
        Fact::PlacementBegan { .. }
        | Fact::PlacementEnded { .. }
        | Fact::EndpointVerified { .. }
        | Fact::ReturnSetAside { .. }
        | Fact::OptionalMail { .. }
        | Fact::Told { .. } => Permission::EditRecord,
    }
}
