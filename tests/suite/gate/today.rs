//! What was recorded here today: it counts at once, and the stricter of record and recorded fact stands.

use chrono::{DateTime, Utc};
use earlypost::{
    case::{CourtOrder, Date, Fact, OrderEffect, ParentRole, Recorded, RecordedFact},
    due::DocumentKind,
};

use super::{
    Case, days_from, mother, physician,
    table::{holds, row},
};
use crate::due::samples::{id, line};

const PARENT: &str = "parent's own copy";
const RELEASE: &str = "parent's release";

/// Records facts here, in this order.
fn record(case: &mut Case, facts: impl IntoIterator<Item = Fact>) {
    let at: DateTime<Utc> = case.now;
    let facts: Vec<RecordedFact> =
        facts.into_iter().map(|fact| RecordedFact { fact, at, by: "a test".to_owned() }).collect();
    case.recorded = Recorded::of(&facts);
}

fn order(case: &Case, person: &str, effect: Option<OrderEffect>) -> CourtOrder {
    CourtOrder {
        order_id: id("order"),
        received_on: case.day.into(),
        effective_on: case.day.into(),
        expires_on: None,
        effect,
        verified_by: None,
        persons: vec![id(person)],
    }
}

fn received(case: &Case, person: &str, effect: Option<OrderEffect>) -> Fact {
    Fact::OrderReceived { order: order(case, person, effect) }
}

/// Maya's plan to her father, who has one postal address.
fn father() -> Case {
    Case::new("c-0417", "family:0417-father", &[DocumentKind::Ifsp])
}

fn moved(case: &Case, days: i64) -> Fact {
    let today: Date = case.day.into();
    Fact::Moved {
        person_id: id("0417-father"),
        on: days_from(case.day, days),
        recorded_on: today,
        endpoints: [id("0417-post-2")].into(),
    }
}

fn verified(case: &Case) -> Fact {
    Fact::EndpointVerified {
        endpoint_id: id("0417-post-2"),
        on: case.day.into(),
        by: line("J. Alvarez"),
        how: line("read back on the telephone"),
    }
}

/// The foster mother of Destiny.
fn foster() -> Case {
    Case::new("c-0409", "family:0409-foster-mother", &[DocumentKind::Ifsp])
}

fn ended(case: &Case, person: &str) -> Fact {
    Fact::PlacementEnded { person_id: id(person), on: case.day.into() }
}

#[test]
fn an_order_recorded_today_counts_like_one_in_the_record() {
    holds(
        "the mother",
        &mother(),
        &[
            row("an order that denies her access", "restricted", |c| {
                record(c, [received(c, "0417-mother", Some(OrderEffect::DenyAccess))]);
            }),
            row("an order that denies the father access", PARENT, |c| {
                record(c, [received(c, "0417-father", Some(OrderEffect::DenyAccess))]);
            }),
            row("an order that nobody has read", "order-unread", |c| record(c, [received(c, "0417-mother", None)])),
            row("the same order, read later: it only names who decides", PARENT, |c| {
                let read = received(c, "0417-mother", Some(OrderEffect::NamedDecisionMaker));
                record(c, [received(c, "0417-mother", None), read]);
            }),
            row("unread in the record, read here", PARENT, |c| {
                let unread = order(c, "0417-mother", None);
                c.record.court_orders.push(unread);
                record(c, [received(c, "0417-mother", Some(OrderEffect::NamedDecisionMaker))]);
            }),
            row("read both here and there, and the record is stricter", "restricted", |c| {
                let read = order(c, "0417-mother", Some(OrderEffect::DenyAccess));
                c.record.court_orders.push(read);
                record(c, [received(c, "0417-mother", Some(OrderEffect::NamedDecisionMaker))]);
            }),
            row("read both here and there, and here it is stricter", "restricted", |c| {
                let read = order(c, "0417-mother", Some(OrderEffect::NamedDecisionMaker));
                c.record.court_orders.push(read);
                record(c, [received(c, "0417-mother", Some(OrderEffect::DenyAccess))]);
            }),
            row("somebody says that there is an order, and shows none", PARENT, |c| {
                record(c, [Fact::OrderClaimed { person_id: id("0417-mother") }]);
            }),
        ],
    );
}

#[test]
fn letters_to_the_address_known_before_a_move_stop_until_somebody_makes_sure() {
    holds(
        "the father",
        &father(),
        &[
            row("he moved today", "address-moved", |c| record(c, [moved(c, 0)])),
            row("he moved a month ago, which is learned today", "address-moved", |c| record(c, [moved(c, -30)])),
            row("the address was made sure of after the move", PARENT, |c| record(c, [moved(c, 0), verified(c)])),
            row("it was made sure of before the move only", "address-moved", |c| record(c, [verified(c), moved(c, 0)])),
            row("the record brings another address, verified today", PARENT, |c| {
                record(c, [moved(c, 0)]);
                let mut new = c.record.family[1].endpoints[0].clone();
                new.endpoint_id = id("0417-post-3");
                new.verified_on = Some(c.day.into());
                c.record.family[1].endpoints.push(new);
            }),
            row("the record brings another address, verified before the move", "address-moved", |c| {
                record(c, [moved(c, 0)]);
                let mut new = c.record.family[1].endpoints[0].clone();
                new.endpoint_id = id("0417-post-3");
                new.verified_on = Some(days_from(c.day, -1));
                c.record.family[1].endpoints.push(new);
            }),
            row("the mother moved", PARENT, |c| {
                let Fact::Moved { on, recorded_on, .. } = moved(c, 0) else { unreachable!() };
                let endpoints = [id("0417-post")].into();
                record(c, [Fact::Moved { person_id: id("0417-mother"), on, recorded_on, endpoints }]);
            }),
        ],
    );
}

#[test]
fn an_address_out_of_use_is_used_again_once_somebody_made_sure_of_it() {
    let disabled = |_: &Case| Fact::EndpointDisabled { endpoint_id: id("0417-post-2") };
    let mut case = father();
    record(&mut case, [disabled(&father())]);
    assert_eq!(case.answer(), "endpoint-disabled");
    record(&mut case, [disabled(&father()), verified(&father())]);
    assert_eq!(case.answer(), PARENT);
    record(&mut case, [disabled(&father()), verified(&father()), disabled(&father())]);
    assert_eq!(case.answer(), "endpoint-disabled");
}

#[test]
fn the_end_of_a_placement_ends_what_goes_to_that_home_and_nothing_of_a_parents_right() {
    holds(
        "the foster mother",
        &foster(),
        &[
            row("the child lives with her", PARENT, |_| {}),
            row("the placement ended", "placement-ended", |c| record(c, [ended(c, "0409-foster-mother")])),
            row("the child is placed with her again", PARENT, |c| {
                let again = Fact::PlacementBegan { person_id: id("0409-foster-mother"), on: c.day.into() };
                record(c, [ended(c, "0409-foster-mother"), again]);
            }),
            row("she is the child's parent: only an order ends her right", PARENT, |c| {
                c.record.family[0].parent_role = ParentRole::Parent;
                record(c, [ended(c, "0409-foster-mother")]);
            }),
            row("she is the child's guardian: only an order ends her right", PARENT, |c| {
                c.record.family[0].parent_role = ParentRole::Guardian;
                record(c, [ended(c, "0409-foster-mother")]);
            }),
            row("the placement of somebody else ended", PARENT, |c| {
                record(c, [ended(c, "0409-biological-father")]);
            }),
        ],
    );
}

#[test]
fn a_release_waits_when_it_is_taken_back_aloud_or_its_signer_no_longer_decides() {
    let aloud = || Fact::ReleaseRevokedOrally { release_id: id("0417-release-ghent") };
    let mut case = physician();
    record(&mut case, [aloud()]);
    assert_eq!(case.answer(), "release-revoked-orally");
    record(&mut case, [aloud(), Fact::ReleaseRevoked { release_id: id("0417-release-ghent") }]);
    assert_eq!(case.answer(), "release-revoked");
    record(
        &mut case,
        [
            aloud(),
            Fact::ReleaseKept { release_id: id("0417-release-ghent"), because: line("she meant another practice") },
        ],
    );
    assert_eq!(case.answer(), RELEASE);

    let mut case = physician();
    let decides = received(&case, "0417-father", Some(OrderEffect::NamedDecisionMaker));
    record(&mut case, [decides]);
    assert_eq!(case.answer(), "release-suspended", "the father decides alone; the mother signed");
    let mut case = physician();
    let decides = received(&case, "0417-mother", Some(OrderEffect::NamedDecisionMaker));
    record(&mut case, [decides]);
    assert_eq!(case.answer(), RELEASE);
}

#[test]
fn a_release_of_a_former_foster_parent_waits_for_the_present_parent() {
    let mut case =
        Case::new("c-0409", "office:ghent-pediatrics/dr-osei", &[DocumentKind::PhysicianLetter, DocumentKind::Ifsp]);
    case.record.releases[0].revoked_on = None;
    case.record.releases[0].signed_by = id("0409-foster-mother");
    assert_eq!(case.answer(), RELEASE);
    let ended = ended(&case, "0409-foster-mother");
    record(&mut case, [ended]);
    assert_eq!(case.answer(), "release-suspended");
}
