//! What a reviewer let go without consent: when it holds, and what it shows beside a release.

use earlypost::{
    case::{CourtOrder, Exception, ExceptionGround, Hold, OrderEffect, PlanSection, RecordClass},
    disclosure::Point,
    due::DocumentKind,
};

use super::{
    Case, days_from,
    table::{holds, row},
};
use crate::due::samples::{id, line};

fn grant(case: &mut Case, ground: ExceptionGround, from: i64, until: i64) {
    case.recorded.exceptions.push(Exception {
        recipient: case.recipient.clone(),
        classes: vec![RecordClass::Plan, RecordClass::Health],
        ground,
        reviewer: line("J. Alvarez"),
        from: days_from(case.day, from),
        until: days_from(case.day, until),
        not_now: Vec::new(),
    });
}

/// A hospital without a release.
fn hospital() -> Case {
    let mut case = Case::new("c-0417", "office:kings-hearing", &[DocumentKind::Ifsp]);
    case.record.releases.clear();
    case.by_hand = true;
    case
}

fn threat() -> ExceptionGround {
    ExceptionGround::Emergency { threat: line("seizure, hospital asks what the child takes") }
}

#[test]
fn a_named_exception_lets_the_named_classes_go_for_its_days_and_says_who_looked() {
    holds(
        "the hospital",
        &hospital(),
        &[
            row("no ground at all", "no-release", |_| {}),
            row("an emergency today", "health or safety emergency", |c| grant(c, threat(), 0, 0)),
            row("an emergency that ended yesterday", "no-release", |c| grant(c, threat(), -2, -1)),
            row("an emergency of another office", "no-release", |c| {
                grant(c, threat(), 0, 0);
                c.recorded.exceptions[0].recipient = "office:bayside-therapy".parse().unwrap();
            }),
            row("an emergency, and what goes by itself", "no-release", |c| {
                grant(c, threat(), 0, 0);
                c.by_hand = false;
            }),
            row("an emergency at the office, and a doctor there", "health or safety emergency", |c| {
                grant(c, threat(), 0, 0);
                c.recipient = "office:kings-hearing/dr-okafor".parse().unwrap();
            }),
            row("an emergency for one doctor, and the office", "no-release", |c| {
                grant(c, threat(), 0, 0);
                c.recorded.exceptions[0].recipient = "office:kings-hearing/dr-okafor".parse().unwrap();
            }),
            row("an audit", "audit", |c| {
                grant(c, ExceptionGround::Audit { authority: line("the state's monitor") }, 0, 7);
            }),
            row("a court order that is not on file", "no-release", |c| {
                let told = line("letter of 18 November");
                grant(c, ExceptionGround::CourtOrder { order_id: id("order-3"), parents_told: told }, 0, 7);
            }),
            row("a court order on file", "court order", |c| {
                let told = line("letter of 18 November");
                grant(c, ExceptionGround::CourtOrder { order_id: id("order-3"), parents_told: told }, 0, 7);
                c.record.court_orders.push(CourtOrder {
                    order_id: id("order-3"),
                    received_on: c.day.into(),
                    effective_on: c.day.into(),
                    expires_on: None,
                    effect: Some(OrderEffect::NamedDecisionMaker),
                    verified_by: None,
                    persons: vec![id("0417-mother")],
                });
            }),
            row("an emergency, and a hold", "held", |c| {
                grant(c, threat(), 0, 0);
                c.recorded.hold = Some(Hold::by("jenni", "a question"));
            }),
        ],
    );
    let mut case = hospital();
    grant(&mut case, threat(), 0, 0);
    let authorization = case.authorized(Point::BeforeRender);
    assert_eq!(authorization.exception().unwrap().reviewer.as_str(), "J. Alvarez");
    assert_eq!(authorization.mask().classes, [RecordClass::Plan, RecordClass::Health].into());
}

/// The hospital, with a release for the plan.
fn with_release() -> Case {
    let mut case = hospital();
    let mut release = Case::new("c-0417", "office:kings-hearing", &[]).record.releases[0].clone();
    release.recipients[0].organisation_id = id("kings-hearing");
    release.recipients[0].person_id = None;
    release.classes = vec![RecordClass::Plan];
    case.record.releases = vec![release];
    case
}

fn shown(case: &Case) -> (&'static str, Vec<RecordClass>) {
    let authorization = case.authorized(Point::BeforeRender);
    (authorization.basis().code(), authorization.mask().classes.iter().copied().collect())
}

#[test]
fn an_emergency_adds_to_what_a_release_shows_and_never_takes_from_it() {
    let mut case = with_release();
    assert_eq!(shown(&case), ("CONSENT", vec![RecordClass::Plan]));
    grant(&mut case, threat(), 0, 0);
    assert_eq!(shown(&case), ("EMERGENCY", vec![RecordClass::Plan, RecordClass::Health]));
    // What neither would show alone is shown by both together.
    case.recorded.exceptions[0].classes = vec![RecordClass::Health];
    assert_eq!(shown(&case), ("EMERGENCY", vec![RecordClass::Plan, RecordClass::Health]));
    // Where the release shows it all, the paper rests on the parent's own word.
    case.record.releases[0].classes = vec![RecordClass::Plan, RecordClass::Health];
    assert_eq!(shown(&case), ("CONSENT", vec![RecordClass::Plan, RecordClass::Health]));
    // What goes by itself rests on the release alone.
    case.record.releases[0].classes = vec![RecordClass::Plan];
    case.by_hand = false;
    assert_eq!(shown(&case), ("CONSENT", vec![RecordClass::Plan]));
}

#[test]
fn what_a_release_leaves_out_stays_out_unless_the_reviewer_let_it_go() {
    let mut case = with_release();
    case.record.releases[0].excluded_sections = vec![PlanSection::Participants];
    grant(&mut case, threat(), 0, 0);
    let without = |case: &Case| case.authorized(Point::BeforeRender).mask().without.clone();
    assert!(without(&case).is_empty(), "the reviewer let the plan go");
    case.recorded.exceptions[0].classes = vec![RecordClass::Health];
    assert_eq!(without(&case), [PlanSection::Participants].into(), "the reviewer let the health page go, no more");
}

#[test]
fn two_emergencies_of_a_day_are_shown_together() {
    let mut case = hospital();
    grant(&mut case, threat(), 0, 0);
    grant(&mut case, threat(), 0, 0);
    case.recorded.exceptions[0].classes = vec![RecordClass::Plan];
    case.recorded.exceptions[1].classes = vec![RecordClass::Health];
    assert_eq!(shown(&case), ("EMERGENCY", vec![RecordClass::Plan, RecordClass::Health]));
}
