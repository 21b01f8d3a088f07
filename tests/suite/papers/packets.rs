//! Packets: what is inside, where it begins, and what a release lets out of the house.

use earlypost::{
    case::{Recipient, RecordClass},
    due::{DocumentKind as Kind, Subject},
};

use super::{Made, Paper, assembled, assert_hides, assert_shows, paper, rendered};
use crate::due::samples::{id, newest, samples};

const BARE: &str = "This page is left blank";

/// The page, from 1, that begins with this title and is no list of contents.
fn begins(packet: &Made, title: &str) -> usize {
    let head = |page: &String| page.find(title).is_some_and(|at| at < 160);
    let at = packet.rendered.pages.iter().skip(1).position(head);
    at.unwrap_or_else(|| panic!("{} has no part {title}", packet.name())) + 2
}

#[test]
fn each_part_begins_on_a_right_hand_page_and_a_bare_page_says_why() {
    for (child, kind) in [("c-0411", Kind::FamilyPacket), ("c-0433", Kind::VisitPacket)] {
        let packet = paper(child, kind, &format!("family:{}-mother", &child[2..]));
        let titles: &[&str] = match kind {
            Kind::FamilyPacket => &[
                "Your coordinator and team",
                "Individualized Family Service Plan",
                "Your next dates",
                "Your rights, and who can help",
                "Agencies you can choose from",
                "Places that can help",
                "Permission to share records",
            ],
            _ => &[
                "What we know, and what we found",
                "Permission to evaluate",
                "Permission to share records",
                "Your rights",
            ],
        };
        let mut last = 1;
        for title in titles {
            let page = begins(packet, title);
            assert_eq!(page % 2, 1, "{title} of {} begins on page {page}", packet.name());
            assert!(page > last, "{title}");
            last = page;
        }
        let pages = &packet.rendered.pages;
        assert!(pages.iter().any(|page| page.contains(BARE)));
        for (n, page) in pages.iter().enumerate().filter(|(_, page)| page.contains(BARE)) {
            assert_eq!(n % 2, 1, "page {} of {} is bare", n + 1, packet.name());
            assert!(page.len() < 300, "page {} is not bare", n + 1);
        }
    }
}

#[test]
fn printed_on_one_side_a_packet_has_no_bare_page() {
    let of = |packet: &Made| packet.rendered.pages.iter().filter(|page| page.contains(BARE)).count();
    let packet = paper("c-0411", Kind::FamilyPacket, "family:0411-mother");
    let mut view: serde_json::Value = serde_json::from_slice(&packet.view).unwrap();
    view["duplex"] = false.into();
    let view = serde_json::to_vec(&view).unwrap();
    let single = rendered(Paper { recipient: packet.recipient.clone(), kind: packet.kind, view });

    assert!(of(packet) > 2);
    assert_eq!(of(&single), 0);
    assert_eq!(single.rendered.pages.len(), packet.rendered.pages.len() - of(packet));
}

#[test]
fn the_list_of_what_is_inside_names_the_pages_where_the_parts_are() {
    let packet = paper("c-0411", Kind::FamilyPacket, "family:0411-mother");
    let team = begins(packet, "Your coordinator and team");
    let rights = begins(packet, "Your rights, and who can help");

    assert!(packet.rendered.pages[0].contains(&format!("page {team}")));
    assert!(packet.rendered.pages[0].contains(&format!("pages {rights} to {}", rights + 1)));
    let pages = packet.rendered.pages.len();
    assert!(packet.rendered.pages[pages - 1].contains(&format!("Page {pages} of {pages}")));
}

#[test]
fn the_family_packet_holds_the_whole_plan_the_team_who_receives_it_and_how_to_stop_it() {
    let packet = paper("c-0411", Kind::FamilyPacket, "family:0411-mother");
    let mut record = samples().record("c-0411");
    let plan = newest(&mut record);

    for outcome in &plan.outcomes {
        assert_shows(packet, [outcome.statement.as_str()]);
    }
    assert_shows(packet, ["Priya Nair, M.S., CCC-SLP", "Ghent Pediatrics", "Who receives this plan"]);
    assert_shows(packet, ["Sign the slip at the end of “Permission to share records”, or write to us."]);
    assert_shows(packet, ["Railyard Neighbors’ Cupboard", "To take your permission back"]);
}

#[test]
fn former_coordinators_stand_in_the_packet_with_their_days() {
    let packet = paper("c-0394", Kind::FamilyPacket, "family:0394-mother");

    assert_shows(packet, ["Jenni Alvarez, M.S.W. (March 25, 2025 to February 27, 2026)"]);
}

#[test]
fn a_coordinator_who_also_gives_a_service_is_named_so_on_every_page_of_the_family() {
    let mut record = samples().record("c-0411");
    let plan = newest(&mut record);
    plan.services[0].provider_person = Some(id("jenni-alvarez"));
    let recipient: Recipient = "family:0411-mother".parse().unwrap();
    let view = assembled(&record, &recipient, Kind::FamilyPacket, &Subject::Child).unwrap().view;
    let packet = rendered(Paper { recipient, kind: Kind::FamilyPacket, view });

    let words = "service coordinator, who also gives speech-language therapy";
    assert!(packet.rendered.pages.iter().all(|page| super::plain(page).contains(words)));
    assert!(!paper("c-0411", Kind::FamilyPacket, "family:0411-mother").shows(words));
}

#[test]
fn the_visit_packet_has_the_known_facts_filled_in_and_the_rest_to_write_on() {
    let packet = paper("c-0433", Kind::VisitPacket, "family:0433-mother");

    assert_shows(packet, ["Samuel Adeyemi", "17 months", "City of Norfolk", "English, spoken English and Yoruba"]);
    assert_shows(packet, ["The first plan meeting is due by January 1, 2027.", "Folake Adeyemi (mother)"]);
    assert_shows(packet, ["Yes, you may evaluate Sam.", "Your initials", "Signature page", "You decide"]);
}

#[test]
fn the_district_gets_what_the_release_covers_and_nothing_of_the_family() {
    let packet = paper("c-0352", Kind::DistrictPacket, "office:norfolk-schools");
    let record = samples().record("c-0352");
    let plan = record.in_effect().unwrap();

    assert_shows(packet, ["Parent's release signed by", "April 2, 2027", "Thursday, December 10, 2026"]);
    assert_shows(packet, plan.transition_steps.iter().map(|step| step.text.as_str()));
    let services: Vec<&str> = plan.other_services.iter().map(|s| s.name.as_str()).collect();
    assert_hides(packet, services);
    assert_hides(
        packet,
        record.transition.as_ref().unwrap().family_questions.iter().map(earlypost::case::Line::as_str),
    );

    let mut narrow = record.clone();
    for release in &mut narrow.releases {
        release.classes.retain(|class| *class == RecordClass::Transition);
        if release.classes.is_empty() {
            release.classes.push(RecordClass::ContactNotes);
        }
    }
    let recipient: Recipient = "office:norfolk-schools".parse().unwrap();
    let view = assembled(&narrow, &recipient, Kind::DistrictPacket, &Subject::Child).unwrap().view;
    let without = rendered(Paper { recipient: recipient.clone(), kind: Kind::DistrictPacket, view });
    assert!(!without.shows("Present levels") && without.shows("April 2, 2027"));

    narrow.releases.clear();
    assert!(assembled(&narrow, &recipient, Kind::DistrictPacket, &Subject::Child).is_none());
}
