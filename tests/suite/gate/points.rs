//! The second and third look: at the finished packet, and in the moment of sending.

use chrono::TimeDelta;
use earlypost::{
    case::RecordClass,
    disclosure::{LIFETIME_SECONDS, NameHit, NamedChild, Packet, Point, Reason, Verdict},
    dispatch::{Paper, Parcel, ParcelError},
    document::Mask,
    due::DocumentKind,
};

use super::{Case, mother, physician};
use crate::due::samples::{id, line};

/// The answer at both later looks, which must be the same.
#[track_caller]
fn later(case: &Case, packet: &Packet) -> Verdict {
    let finished = case.decide(Point::Finished(packet));
    let release = case.decide(Point::Release(packet));
    match (&finished, &release) {
        (Verdict::Authorized(_), Verdict::Authorized(_)) => {}
        _ => assert_eq!(finished, release),
    }
    release
}

#[track_caller]
fn other_child(case: &Case, packet: &Packet) -> Option<String> {
    match later(case, packet) {
        Verdict::Refused(refusal) if refusal.reason == Reason::OtherChildNamed => refusal.detail,
        other => panic!("not refused for another child: {other:?}"),
    }
}

/// Another child's name in the plan.
fn named(near: bool) -> NamedChild {
    let hit = NameHit { page: 3, line: 12, near, name_sha256: "0417".to_owned() };
    NamedChild { paper: 1, document: DocumentKind::Ifsp.into(), hit }
}

#[test]
fn a_name_that_was_answered_is_asked_no_more_for_that_paper_and_recipient() {
    let mut case = physician();
    let packet = Packet { other_children: vec![named(false)], ..case.packet() };
    other_child(&case, &packet);
    let mut answer = named(false).answer(&case.recipient);
    case.recorded.names_accounted_for.insert(answer.clone());
    assert!(matches!(later(&case, &packet), Verdict::Authorized(_)));

    answer.recipient = "office:bayside-therapy".to_owned();
    case.recorded.names_accounted_for = [answer].into();
    other_child(&case, &packet);
}

#[test]
fn a_twins_name_delays_no_required_copy_and_is_asked_of_outside_recipients() {
    let case = mother();
    let packet = Packet { other_children: vec![named(true)], ..case.packet() };
    assert!(matches!(later(&case, &packet), Verdict::Authorized(_)), "a parent's copy of the plan is required");

    let case = physician();
    let packet = Packet { other_children: vec![named(true)], ..case.packet() };
    other_child(&case, &packet);

    // A reminder is not required: the family is asked once, whatever the paper was in which it was asked.
    let mut case = mother();
    case.papers = vec![DocumentKind::MonthlyReminder];
    let packet = Packet { other_children: vec![named(true)], ..case.packet() };
    other_child(&case, &packet);
    case.recorded.names_accounted_for.insert(named(true).answer(&"family:0417-father".parse().unwrap()));
    assert!(matches!(later(&case, &packet), Verdict::Authorized(_)));
}

fn papers(child: &str, count: usize) -> Vec<Paper> {
    let paper = Paper {
        child_id: id(child),
        document: DocumentKind::Ifsp.into(),
        pdf: b"%PDF-".to_vec().into(),
        pages: 1,
        text: None,
    };
    vec![paper; count]
}

fn parcel(case: &Case, papers: Vec<Paper>, after: TimeDelta) -> Result<Parcel, ParcelError> {
    Parcel::new("dispatch".to_owned(), case.permission(), papers, None, case.templates.clone(), case.now + after)
}

#[test]
fn an_unchanged_packet_may_go() {
    for case in [mother(), physician()] {
        assert!(matches!(later(&case, &case.packet()), Verdict::Authorized(_)));
    }
}

#[test]
fn a_packet_with_another_childs_paper_may_not_go() {
    let case = physician();
    let mut packet = case.packet();
    packet.children[1] = id("c-0427");

    assert!(other_child(&case, &packet).unwrap().contains("belongs to another child"));
}

#[test]
fn a_packet_without_papers_may_not_go() {
    let case = mother();
    let packet = Packet { children: Vec::new(), ..case.packet() };

    other_child(&case, &packet);
}

#[test]
fn a_packet_that_names_another_child_is_held_with_the_page() {
    let case = mother();
    let packet = Packet { other_children: vec![named(false)], ..case.packet() };

    assert_eq!(other_child(&case, &packet).as_deref(), Some("paper 1, page 3, line 12"));
    assert!(Reason::OtherChildNamed.holds());
}

#[test]
fn changed_facts_are_rendered_anew() {
    let case = mother();
    let packet = Packet { facts_now: "newer facts".to_owned(), ..case.packet() };

    assert_eq!(later(&case, &packet), Verdict::RenderAnew);
}

#[test]
fn a_release_that_was_narrowed_or_widened_has_the_copy_rendered_anew() {
    for classes in [vec![RecordClass::Plan], RecordClass::ALL.to_vec()] {
        let mut case = physician();
        let packet = case.packet();
        case.record.releases[0].classes = classes;

        assert_eq!(later(&case, &packet), Verdict::RenderAnew);
    }
}

#[test]
fn a_parents_copy_never_goes_to_an_office() {
    let case = physician();
    let packet = Packet { mask: Mask::parent(), ..case.packet() };

    assert_eq!(later(&case, &packet), Verdict::RenderAnew);
}

#[test]
fn a_changed_address_has_the_copy_rendered_anew() {
    let mut case = mother();
    let packet = case.packet();
    case.recorded.disabled.insert(id("0417-mail"));

    assert_eq!(later(&case, &packet), Verdict::RenderAnew);
}

#[test]
fn what_came_up_since_rendering_stops_the_packet() {
    let changes: [(fn(&mut Case), &str); 4] = [
        (|c| c.recorded.died = true, "child-died"),
        (|c| c.recorded.hold = Some(earlypost::case::Hold::by("jenni", "a question")), "held"),
        (
            |c| {
                c.recorded.revoked.insert(id("0417-release-ghent"));
            },
            "release-revoked",
        ),
        (|c| c.record.ifsps[0].version = 2, "superseded"),
    ];
    for (change, code) in changes {
        let mut case = physician();
        let packet = case.packet();
        change(&mut case);
        let Verdict::Refused(refusal) = later(&case, &packet) else { panic!("not refused for {code}") };
        assert_eq!(refusal.reason.code(), code);
    }
}

#[test]
fn a_permission_to_send_is_fresh_for_sixty_seconds() {
    let case = mother();
    let permission = case.permission();
    let fresh_after = |milliseconds| permission.allows_sending_at(case.now + TimeDelta::milliseconds(milliseconds));

    assert_eq!(LIFETIME_SECONDS, 60);
    assert!(fresh_after(0));
    assert!(fresh_after(60_000));
    assert!(!fresh_after(60_001));
    assert!(!fresh_after(61_000));
}

#[test]
fn a_permission_to_send_does_not_count_before_its_own_instant() {
    let case = mother();
    let permission = case.permission();

    assert!(!permission.allows_sending_at(case.now - TimeDelta::milliseconds(1)));
    assert!(!permission.allows_sending_at(case.now - TimeDelta::seconds(1)));
    assert!(!permission.allows_sending_at(case.now - TimeDelta::days(1)));
}

#[test]
fn only_the_last_look_permits_sending() {
    let case = mother();
    let packet = case.packet();

    for point in [Point::BeforeRender, Point::Finished(&packet)] {
        let permission = case.authorized(point);
        assert!(!permission.allows_sending_at(case.now));
        let refused =
            Parcel::new("dispatch".to_owned(), permission, papers("c-0417", 1), None, case.templates.clone(), case.now);
        assert_eq!(refused.err(), Some(ParcelError::Stale));
    }
}

#[test]
fn a_parcel_holds_papers_of_its_own_child_under_a_fresh_permission() {
    let case = mother();
    let seconds = TimeDelta::seconds;

    assert!(parcel(&case, papers("c-0417", 2), seconds(60)).is_ok());
    assert_eq!(parcel(&case, papers("c-0417", 1), seconds(61)).err(), Some(ParcelError::Stale));
    assert_eq!(parcel(&case, Vec::new(), seconds(0)).err(), Some(ParcelError::Empty));
    assert_eq!(parcel(&case, papers("c-0427", 1), seconds(0)).err(), Some(ParcelError::OtherChild));
    let mixed = [papers("c-0417", 1), papers("c-0427", 1)].concat();
    assert_eq!(parcel(&case, mixed, seconds(0)).err(), Some(ParcelError::OtherChild));
}

#[test]
fn a_parcel_goes_where_its_permission_says() {
    let case = mother();
    let parcel = parcel(&case, papers("c-0417", 1), TimeDelta::zero()).unwrap();

    assert_eq!(parcel.address().in_one_line(), case.record.family[0].endpoints[0].address.in_one_line());
    assert_eq!(parcel.dispatch_id(), "dispatch");
}

#[test]
fn a_refusal_tells_no_name_and_no_address() {
    let mut case = mother();
    case.record.court_orders.push(earlypost::case::CourtOrder {
        order_id: id("order-7"),
        received_on: case.day.into(),
        effective_on: case.day.into(),
        expires_on: None,
        effect: None,
        verified_by: None,
        persons: vec![id("0417-mother")],
    });
    case.record.family[0].relationship = line("mother");
    let Verdict::Refused(refusal) = case.decide(Point::BeforeRender) else { panic!("not refused") };

    assert_eq!(refusal.detail.as_deref(), Some("order order-7, to be read by 2026-11-25"));
    for word in ["Elena", "Maya", "Rivera", "example.org"] {
        assert!(!refusal.to_string().contains(word), "{refusal}");
    }
}
