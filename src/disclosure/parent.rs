//! A parent's own copy: 34 CFR 303.27, 303.405(c), and what orders, placements and restrictions do to it.

use std::collections::BTreeSet;

use super::{
    authorization::Basis,
    facts::Facts,
    legal_basis::Ground,
    reason::{Reason, Refusal},
    surrogate,
};
use crate::{
    case::{Audience, CourtOrder, FamilyMember, OrderEffect, ParentRole, PersonId, RecordClass},
    due::calendar::add_calendar_days,
};

/// A parent has the record unless evidence says otherwise.
pub(super) fn ground<'a>(person: &PersonId, facts: &Facts<'a>) -> Result<Ground<'a>, Refusal> {
    let member = facts.record.member(person).ok_or(Refusal::of(Reason::UnknownRecipient))?;
    may_have_the_record(member, facts)?;
    if member.parent_role == ParentRole::None {
        return Err(Refusal::of(Reason::NotAParent));
    }
    if let Some(refusal) = surrogate::conflict(member, facts) {
        return Err(refusal);
    }
    Ok(Ground {
        basis: Basis::ParentCopy,
        audience: Audience::Family,
        classes: RecordClass::ALL.into(),
        agency: None,
        release: None,
        exception: None,
    })
}

/// Whether anything on file keeps the record from this person of the family, parent or not.
pub(super) fn may_have_the_record(member: &FamilyMember, facts: &Facts<'_>) -> Result<(), Refusal> {
    orders(member, facts)?;
    if placement_ended(member, facts) {
        return Err(Refusal::of(Reason::PlacementEnded));
    }
    let restricted = !member.may_receive_records && member.parent_role != ParentRole::None;
    if restricted || facts.recorded.barred.contains(&member.person_id) {
        return Err(Refusal::of(Reason::Restricted));
    }
    Ok(())
}

/// What orders on file do to this person, for as long as each says. One that keeps the record away counts before one that
/// somebody has to read.
fn orders(member: &FamilyMember, facts: &Facts<'_>) -> Result<(), Refusal> {
    let named = |order: &CourtOrder| order.persons.contains(&member.person_id);
    let keeps_away = |order: &&CourtOrder| match order.effect {
        Some(OrderEffect::DenyAccess) => named(order),
        Some(OrderEffect::AllowNamedOnly) => !named(order),
        _ => false,
    };
    let unread = |order: &&CourtOrder| named(order) && !was_read(order, facts);
    let (reason, order) = match (in_force(facts).find(keeps_away), in_force(facts).find(unread)) {
        (Some(order), _) => (Reason::Restricted, format!("order {}", order.order_id)),
        (None, Some(order)) => (Reason::OrderUnread, unread_since(order, facts)),
        (None, None) => return Ok(()),
    };
    Err(Refusal::about(reason, order))
}

/// Whether somebody known has read the order: an effect without a reader is somebody's guess.
fn was_read(order: &CourtOrder, facts: &Facts<'_>) -> bool {
    // Who records an order here is a person of this program, known by name to whoever runs it.
    let recorded_here = !facts.record.court_orders.contains(order);
    order.effect.is_some()
        && (recorded_here || order.verified_by.as_ref().is_some_and(|id| facts.directory.professional(id).is_some()))
}

/// Orders that count on this day, the record's and those recorded here. One that nobody has read counts from
/// its receipt: what it says, and from when, is not known yet.
pub(super) fn in_force<'a>(facts: &Facts<'a>) -> impl Iterator<Item = &'a CourtOrder> {
    let day = facts.day;
    facts.recorded.orders(facts.record).into_iter().filter(move |order| {
        // One that ends before it begins has a wrong day: which of the two is not known, so that it counts on all.
        let contradicts_itself = order.expires_on.is_some_and(|end| end < order.effective_on);
        let begun = order.effect.is_none() || *order.effective_on <= day;
        contradicts_itself || begun && order.expires_on.is_none_or(|end| day <= *end)
    })
}

/// How long an order has lain unread. It never opens by itself: nobody knows yet whom it protects. A parent has a right to
/// the record all the same (34 CFR 303.405(c)), so it grows louder each day until a person has read it.
fn unread_since(order: &CourtOrder, facts: &Facts<'_>) -> String {
    let waited = (facts.day - *order.received_on).num_days();
    let days = i64::from(facts.rules.program.policy.unread_order_calendar_days);
    let read_by = add_calendar_days(*order.received_on, days);
    if facts.day <= read_by {
        format!("order {}, to be read by {read_by}", order.order_id)
    } else {
        format!("order {}, unread for {waited} calendar days: a supervisor reads it today", order.order_id)
    }
}

/// A caregiver with whom the child no longer lives. Parents and guardians keep their right: only an order ends it.
pub(super) fn placement_ended(member: &FamilyMember, facts: &Facts<'_>) -> bool {
    if matches!(member.parent_role, ParentRole::Parent | ParentRole::Guardian) {
        return false;
    }
    let there: Vec<_> = facts.record.placements.iter().filter(|p| p.person_id == member.person_id).collect();
    let lives_there = there.iter().any(|p| p.holds_on(facts.day));
    match facts.recorded.placements_ended.get(&member.person_id) {
        // A placement of the record that began after the recorded end is a new one.
        Some(ended) => !there.iter().any(|p| p.from > *ended && p.holds_on(facts.day)),
        None => !there.is_empty() && !lives_there,
    }
}

/// Who decides for the child on this day: whom an order names, else everybody who may consent.
pub(super) fn may_consent(person: &PersonId, facts: &Facts<'_>) -> bool {
    let Some(member) = facts.record.member(person) else { return false };
    let deciders: BTreeSet<&PersonId> = in_force(facts)
        .filter(|order| order.effect == Some(OrderEffect::NamedDecisionMaker))
        .flat_map(|order| &order.persons)
        .collect();
    member.may_consent
        && (deciders.is_empty() || deciders.contains(person))
        && !facts.recorded.barred.contains(person)
        && !placement_ended(member, facts)
        && surrogate::conflict(member, facts).is_none()
}
