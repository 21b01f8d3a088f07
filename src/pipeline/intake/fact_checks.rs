//! What a fact may say: it is about something that the records know, and on a day that has come.

use anyhow::ensure;

use crate::{
    case::{CaseRecord, ChildId, Date, ExceptionGround, Fact, ParentRole, PersonId},
    hint::{Field, Hint},
    pipeline::intake::Intake,
};

impl Intake {
    /// Refuses a fact about something that the records do not know, or that the law does not let it do.
    pub(super) async fn known(&self, child_id: &ChildId, fact: &Fact) -> anyhow::Result<()> {
        let record = self.pipeline.store.children().child(child_id).await?.record;
        match fact {
            Fact::ReleaseRevoked { release_id }
            | Fact::ReleaseRevokedOrally { release_id }
            | Fact::ReleaseKept { release_id, .. } => {
                let ids: Vec<&str> = record.releases.iter().map(|r| r.release_id.as_str()).collect();
                ensure!(
                    ids.contains(&release_id.as_str()),
                    "nothing is recorded: child {child_id} has no release {release_id}, but these: {}",
                    ids.join(", ")
                );
            }
            Fact::EndpointDisabled { endpoint_id } | Fact::EndpointVerified { endpoint_id, .. } => {
                let (directory, _) = self.pipeline.store.children().directory().await?;
                let mut endpoints = (record.family.iter().flat_map(|m| &m.endpoints))
                    .chain(directory.organisations.iter().flat_map(|o| &o.endpoints));
                ensure!(
                    endpoints.any(|e| &e.endpoint_id == endpoint_id),
                    "nothing is recorded: neither the family of child {child_id} nor the directory has an endpoint {endpoint_id}"
                );
            }
            Fact::OrderReceived { order } => {
                ensure!(
                    !order.persons.is_empty(),
                    "nothing is recorded: say with {} whom the order is about",
                    Field::Person
                );
                for person in &order.persons {
                    of_family(&record, person)?;
                }
                self.not_ahead(order.received_on, Field::Received)?;
                let end = order.expires_on.is_none_or(|end| end >= order.effective_on);
                ensure!(end, "nothing is recorded: the order would end before it begins");
            }
            Fact::OrderClaimed { person_id } | Fact::OptionalMail { person_id, .. } => of_family(&record, person_id)?,
            Fact::Moved { person_id, on, .. } => {
                of_family(&record, person_id)?;
                self.not_ahead(*on, Field::On)?;
            }
            Fact::PlacementEnded { person_id, on } | Fact::PlacementBegan { person_id, on } => {
                of_family(&record, person_id)?;
                self.not_ahead(*on, Field::On)?;
                let role = record.member(person_id).map(|m| m.parent_role);
                ensure!(
                    !matches!(role, Some(ParentRole::Parent | ParentRole::Guardian)),
                    "nothing is recorded: {person_id} is a parent or guardian and keeps the right to records unless an order says \
                     otherwise; record the order with {}",
                    Hint::RecordOrder
                );
            }
            Fact::Objection { on, .. } => self.not_ahead(*on, Field::On)?,
            Fact::HeldUntil { until, .. } => {
                ensure!(**until >= self.pipeline.day(), "nothing is recorded: the hold would end before it begins");
            }
            Fact::OfficeMayBeKnown { organisation_id, person_id, .. } => {
                of_family(&record, person_id)?;
                let (directory, _) = self.pipeline.store.children().directory().await?;
                ensure!(
                    directory.organisation(organisation_id).is_some_and(|office| office.location_private),
                    "nothing is recorded: the directory marks no office {organisation_id} whose place is private"
                );
            }
            Fact::ExceptionGranted { exception } => {
                ensure!(!exception.classes.is_empty(), "nothing is recorded: say with {} which records", Field::Class);
                ensure!(exception.from <= exception.until, "nothing is recorded: it would end before it begins");
                ensure!(
                    exception.recipient.organisation_id().is_some(),
                    "nothing is recorded: an exception is for an office; a parent needs none"
                );
                if let ExceptionGround::CourtOrder { order_id, .. } = &exception.ground {
                    let recorded = self.pipeline.store.children().child(child_id).await?.recorded;
                    ensure!(
                        recorded.orders(&record).iter().any(|order| &order.order_id == order_id),
                        "nothing is recorded: order {order_id} is not on file; record it first with {}",
                        Hint::RecordOrder
                    );
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn not_ahead(&self, on: Date, field: Field) -> anyhow::Result<()> {
        ensure!(
            *on <= self.pipeline.day(),
            "nothing is recorded: {field} lies in the future; record it on the day on which it happens"
        );
        Ok(())
    }
}

fn of_family(record: &CaseRecord, person: &PersonId) -> anyhow::Result<()> {
    let ids: Vec<&str> = record.family.iter().map(|m| m.person_id.as_str()).collect();
    ensure!(
        ids.contains(&person.as_str()),
        "nothing is recorded: the family of child {} has no person {person}, but these: {}",
        record.child_id,
        ids.join(", ")
    );
    Ok(())
}
