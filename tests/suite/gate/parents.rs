//! The family: who is a parent, what orders do, and what stops everything for a child.

use earlypost::{
    case::{CourtOrder, Exit, ExitReason, Hold, IfspStatus, OrderEffect, ParentRole, Surrogacy},
    due::{DocumentKind, Subject},
};

use super::{
    Case, agency, days_from, mother, physician,
    table::{holds, row},
};
use crate::due::samples::{date, id, line, newest};

const PARENT: &str = "parent's own copy";

/// An order about the mother, read, without an end.
fn order(case: &mut Case, effect: Option<OrderEffect>) -> &mut CourtOrder {
    case.record.court_orders.push(CourtOrder {
        order_id: id("order"),
        received_on: date("2026-11-18"),
        effective_on: date("2026-11-01"),
        expires_on: None,
        effect,
        verified_by: Some(id("jenni-alvarez")),
        persons: vec![id("0417-mother")],
    });
    case.record.court_orders.last_mut().unwrap()
}

fn deny(case: &mut Case, first: i64, last: Option<i64>) {
    let today = case.day;
    let order = order(case, Some(OrderEffect::DenyAccess));
    order.effective_on = days_from(today, first);
    order.expires_on = last.map(|days| days_from(today, days));
}

fn leave(case: &mut Case, days: i64, reason: ExitReason) {
    case.record.exit = Some(Exit { event_id: id("exit"), on: days_from(case.day, days), reason });
}

#[test]
fn a_parent_has_the_record_unless_a_paper_on_file_says_otherwise() {
    holds(
        "the mother",
        &mother(),
        &[
            row("nothing stands against it", PARENT, |_| {}),
            row("she may not receive records", "restricted", |c| c.record.family[0].may_receive_records = false),
            row("she may not consent, which is another right", PARENT, |c| c.record.family[0].may_consent = false),
            row("barred here today, not yet in the record", "restricted", |c| {
                c.recorded.barred.insert(id("0417-mother"));
            }),
            row("the father is barred", PARENT, |c| {
                c.recorded.barred.insert(id("0417-father"));
            }),
            row("she is a guardian", PARENT, |c| c.record.family[0].parent_role = ParentRole::Guardian),
            row("she is a surrogate parent", PARENT, |c| c.record.family[0].parent_role = ParentRole::Surrogate),
            row("she acts as a parent", PARENT, |c| c.record.family[0].parent_role = ParentRole::ActingAsParent),
            row("she is no parent under 303.27", "not-a-parent", |c| c.record.family[0].parent_role = ParentRole::None),
            row("she is not in the record", "unknown-recipient", |c| {
                c.record.family.remove(0);
            }),
        ],
    );
}

#[test]
fn an_order_counts_from_its_first_day_to_its_last_and_an_unread_one_holds() {
    holds(
        "the mother",
        &mother(),
        &[
            row("order that denies access, from tomorrow", PARENT, |c| deny(c, 1, None)),
            row("order that denies access, from today", "restricted", |c| deny(c, 0, None)),
            row("order that denies access, since a week, no end", "restricted", |c| deny(c, -7, None)),
            row("order that denies access, last day today", "restricted", |c| deny(c, -7, Some(0))),
            row("order that denies access, ended yesterday", PARENT, |c| deny(c, -7, Some(-1))),
            row("order that denies access to the father", PARENT, |c| {
                order(c, Some(OrderEffect::DenyAccess)).persons = vec![id("0417-father")];
            }),
            row("order that allows the named only, and names her", PARENT, |c| {
                order(c, Some(OrderEffect::AllowNamedOnly));
            }),
            row("order that allows the named only, and names the father", "restricted", |c| {
                order(c, Some(OrderEffect::AllowNamedOnly)).persons = vec![id("0417-father")];
            }),
            row("order that allows only the father, from tomorrow", PARENT, |c| {
                let tomorrow = days_from(c.day, 1);
                let order = order(c, Some(OrderEffect::AllowNamedOnly));
                order.persons = vec![id("0417-father")];
                order.effective_on = tomorrow;
            }),
            row("order that denies access and ends before it begins", "restricted", |c| deny(c, 300, Some(-2000))),
            row("order with an effect and nobody who read it", "order-unread", |c| {
                order(c, Some(OrderEffect::NamedDecisionMaker)).verified_by = None;
            }),
            row("order read by somebody whom nobody knows", "order-unread", |c| {
                order(c, Some(OrderEffect::AllowNamedOnly)).verified_by = Some(id("a-stranger"));
            }),
            row("order that denies access and that nobody known has read", "restricted", |c| {
                order(c, Some(OrderEffect::DenyAccess)).verified_by = None;
            }),
            row("unread order that names her", "order-unread", |c| {
                order(c, None);
            }),
            row("unread order that came five days ago", "order-unread", |c| {
                let then = days_from(c.day, -5);
                order(c, None).received_on = then;
            }),
            row("unread order that came six days ago: it never opens by itself", "order-unread", |c| {
                let then = days_from(c.day, -6);
                order(c, None).received_on = then;
            }),
            row("unread order of half a year ago", "order-unread", |c| {
                let then = days_from(c.day, -180);
                order(c, None).received_on = then;
            }),
            row("unread order, and the program gives it no time at all", "order-unread", |c| {
                c.program.policy.unread_order_calendar_days = 0;
                order(c, None);
            }),
            row("unread order that names her, from next week", "order-unread", |c| {
                let next_week = days_from(c.day, 7);
                order(c, None).effective_on = next_week;
            }),
            row("unread order that names the father", PARENT, |c| order(c, None).persons = vec![id("0417-father")]),
            row("unread order that ended yesterday", PARENT, |c| {
                let yesterday = days_from(c.day, -1);
                order(c, None).expires_on = Some(yesterday);
            }),
            row("order that keeps an address secret", PARENT, |c| {
                order(c, Some(OrderEffect::DenyAddress));
            }),
            row("order that names who decides", PARENT, |c| {
                order(c, Some(OrderEffect::NamedDecisionMaker));
            }),
        ],
    );
}

#[test]
fn a_grandmother_has_nothing_and_a_foster_parent_has_everything() {
    let of = |child, person| Case::new(child, person, &[DocumentKind::Ifsp]).answer();

    assert_eq!(of("c-0411", "family:0411-grandmother"), "not-a-parent");
    assert_eq!(of("c-0411", "family:0411-mother"), PARENT);
    assert_eq!(of("c-0409", "family:0409-foster-mother"), PARENT);
    assert_eq!(of("c-0409", "family:0409-biological-father"), "restricted");
    assert_eq!(of("c-0417", "family:0409-foster-mother"), "unknown-recipient");
}

#[test]
fn a_plan_goes_to_the_parents_once_it_is_final_and_the_newest() {
    let rows = [
        row("the plan is a draft", "not-final", |c| newest(&mut c.record).status = IfspStatus::Draft),
        row("the plan waits for its signature", PARENT, |c| {
            newest(&mut c.record).status = IfspStatus::AwaitingSignature;
        }),
        row("a newer version stands", "superseded", |c| newest(&mut c.record).status = IfspStatus::Superseded),
        row("the plan has ended", "superseded", |c| newest(&mut c.record).status = IfspStatus::Ended),
        row("the version is not in the record any more", "superseded", |c| newest(&mut c.record).version = 2),
        row("an old version, asked for by hand", PARENT, |c| {
            newest(&mut c.record).status = IfspStatus::Superseded;
            c.by_hand = true;
        }),
        row("a draft, asked for by hand", "not-final", |c| {
            newest(&mut c.record).status = IfspStatus::Draft;
            c.by_hand = true;
        }),
        row("a letter to a physician", "not-for-recipient", |c| c.papers = vec![DocumentKind::PhysicianLetter]),
        row("an authorization to an agency", "not-for-recipient", |c| {
            c.papers = vec![DocumentKind::ServiceAuthorization];
        }),
        row("a stop notice to an agency", "not-for-recipient", |c| c.papers = vec![DocumentKind::StopNotice]),
        row("the reminder", PARENT, |c| {
            c.papers = vec![DocumentKind::MonthlyReminder];
            c.subject = Subject::Month { month: "2026-11".to_owned() };
        }),
        row("the transition packet", PARENT, |c| {
            c.papers = vec![DocumentKind::TransitionPacket];
            c.subject = Subject::Child;
        }),
    ];
    holds("the mother", &mother(), &rows);
}

#[test]
fn what_stops_everything_for_a_child_stops_it_for_everybody() {
    let rows = |may: &'static str| {
        [
            row("the child left yesterday", "child-left", |c| leave(c, -1, ExitReason::MovedAway)),
            row("the child left yesterday; asked for by hand", may, |c| {
                leave(c, -1, ExitReason::MovedAway);
                c.by_hand = true;
            }),
            row("the child leaves today", may, |c| leave(c, 0, ExitReason::MovedAway)),
            row("the child leaves tomorrow", may, |c| leave(c, 1, ExitReason::PartBEligible)),
            row("the child died", "child-died", |c| leave(c, 0, ExitReason::Deceased)),
            row("the child died; asked for by hand", "child-died", |c| {
                leave(c, -90, ExitReason::Deceased);
                c.by_hand = true;
            }),
            row("a death is recorded here, not yet in the record", "child-died", |c| c.recorded.died = true),
            row("a death is recorded here; asked for by hand", "child-died", |c| {
                c.recorded.died = true;
                c.by_hand = true;
            }),
            row("a person holds everything", "held", |c| c.recorded.hold = Some(Hold::by("jenni", "a question"))),
            row("a person holds everything; asked for by hand", "held", |c| {
                c.recorded.hold = Some(Hold::by("jenni", "a question"));
                c.by_hand = true;
            }),
            row("the last record was refused", "record-refused", |c| c.recorded.record_refused = Some(c.now)),
        ]
    };
    holds("the mother", &mother(), &rows(PARENT));
    holds("the physician", &physician(), &rows("parent's release"));
    holds("the agency", &agency(), &rows("participating agency"));
}

#[test]
fn a_parent_who_works_for_an_agency_is_kept_away_there_too_and_else_has_what_the_agency_has() {
    const AGENCY: &str = "participating agency";
    fn at_work(c: &mut Case) {
        c.recipient = "office:bayside-therapy/0417-mother".parse().unwrap();
    }
    holds(
        "the agency, to the mother's desk",
        &agency(),
        &[
            row("nothing stands against her", AGENCY, at_work),
            row("an order denies her access", "restricted", |c| {
                at_work(c);
                deny(c, -7, None);
            }),
            row("barred here today, not yet in the record", "restricted", |c| {
                at_work(c);
                c.recorded.barred.insert(id("0417-mother"));
            }),
            row("an order denies her access, and it goes to the office", AGENCY, |c| deny(c, -7, None)),
        ],
    );
}

/// The mother is a surrogate parent, appointed by the state's agency.
fn surrogate(case: &mut Case) -> &mut Surrogacy {
    let mother = &mut case.record.family[0];
    mother.parent_role = ParentRole::Surrogate;
    mother.surrogate.insert(Surrogacy {
        appointed_by: line("the lead agency"),
        appointed_on: date("2026-10-01"),
        employer: None,
        conflicting_interest: None,
    })
}

fn works_for(case: &mut Case, office: &str) {
    surrogate(case).employer = Some(id(office));
}

#[test]
fn a_surrogate_with_a_conflict_of_interest_is_no_parent() {
    const NO: &str = "surrogate-conflict";
    holds(
        "the surrogate",
        &mother(),
        &[
            row("appointed, with nothing against it", PARENT, |c| drop(surrogate(c).clone())),
            row("works for an office that serves other children", PARENT, |c| works_for(c, "norfolk-schools")),
            row("works for the program", NO, |c| works_for(c, "tidewater")),
            row("works for the agency that gives a service", NO, |c| works_for(c, "bayside-therapy")),
            row("works for an office that evaluates the child", NO, |c| {
                works_for(c, "norfolk-schools");
                let mut assignment = c.record.assignments[0].clone();
                assignment.organisation_id = id("norfolk-schools");
                c.record.assignments.push(assignment);
            }),
            row("has an interest against the child's", NO, |c| {
                surrogate(c).conflicting_interest = Some(line("sells the chair that the plan names"));
            }),
            row("the directory has her at the agency, the record does not say so", NO, |c| {
                surrogate(c);
                let mut employee = c.directory.professionals[0].clone();
                employee.person_id = id("0417-mother");
                employee.organisation_id = id("bayside-therapy");
                c.directory.professionals.push(employee);
            }),
            row("the same work, and she is the child's own mother", PARENT, |c| {
                works_for(c, "bayside-therapy");
                c.record.family[0].parent_role = ParentRole::Parent;
            }),
        ],
    );
    holds(
        "the physician, by a release that the surrogate signed",
        &physician(),
        &[
            row("nothing against her", "parent's release", |c| drop(surrogate(c).clone())),
            row("she works for the agency that gives a service", "release-suspended", |c| {
                works_for(c, "bayside-therapy");
            }),
        ],
    );
}

#[test]
fn where_two_parents_disagree_the_one_who_takes_a_release_back_is_heard() {
    const RELEASE: &str = "parent's release";
    holds(
        "the physician",
        &physician(),
        &[
            row("the mother signed, and the father says nothing", RELEASE, |_| {}),
            row("the mother signed, and the father takes it back in writing", "release-revoked", |c| {
                c.recorded.revoked.insert(c.record.releases[0].release_id.clone());
            }),
        ],
    );
}

#[test]
fn a_hold_with_a_last_day_ends_with_it() {
    holds(
        "the mother",
        &mother(),
        &[
            row("a person holds it through today", "held", |c| {
                c.recorded.hold = Some(Hold { until: Some(c.day.into()), ..Hold::by("jenni", "a question") });
            }),
            row("a person held it through yesterday", PARENT, |c| {
                c.recorded.hold = Some(Hold { until: Some(days_from(c.day, -1)), ..Hold::by("jenni", "a question") });
            }),
        ],
    );
}

#[test]
fn an_unread_order_grows_louder_each_day() {
    let said = |days: i64| {
        let mut case = mother();
        let then = days_from(case.day, -days);
        order(&mut case, None).received_on = then;
        match case.decide(earlypost::disclosure::Point::BeforeRender) {
            earlypost::disclosure::Verdict::Refused(refusal) => refusal.to_string(),
            other => panic!("{other:?}"),
        }
    };
    assert!(said(5).contains("to be read by 2026-11-20"), "{}", said(5));
    assert!(said(6).contains("unread for 6 calendar days: a supervisor reads it today"), "{}", said(6));
    assert!(said(7).contains("unread for 7 calendar days"), "{}", said(7));
}
