use earlypost::dispatch::StateName;

use crate::harness::{MAYA, World};

#[test]
fn by_noon_parents_doctor_and_agency_each_have_the_part_that_is_theirs() {
    let world = World::with(&[MAYA]);
    let report = world.run();
    assert!(report.balance.holds());
    let state = |recipient| world.row(MAYA, recipient).state;
    assert_eq!(state("family:0417-mother"), StateName::Accepted);
    assert_eq!(state("family:0417-father"), StateName::Printed);
    assert_eq!(state("office:ghent-pediatrics/dr-osei"), StateName::Accepted);
    assert_eq!(state("office:bayside-therapy"), StateName::Accepted);
    assert_eq!(world.mail.given_to("office:ghent-pediatrics/dr-osei")[0].papers.len(), 2);
    world.verify();
}

#[test]
fn a_second_run_sends_nothing_and_names_what_waits() {
    let world = World::with(&[MAYA, "c-0398"]);
    let first = world.run();
    let (mailed, printed) = (world.mail.given().len(), world.post.given().len());
    let second = world.run();
    assert_eq!((world.mail.given().len(), world.post.given().len()), (mailed, printed));
    assert_eq!(second.attempts, 0);
    assert_eq!(second.balance.expected, first.balance.withheld);
    assert!(second.waiting.iter().any(|w| w.child.as_deref() == Some("c-0398") && w.why.contains("No signed release")));
}

#[test]
fn every_accepted_message_has_exactly_one_entry_with_its_bytes() {
    let world = World::with(&[MAYA, "c-0405"]);
    world.run();
    for id in [MAYA, "c-0405"] {
        let entries = world.disclosures(id);
        let accepted: Vec<_> = world.rows(id).into_iter().filter(|r| r.state == StateName::Accepted).collect();
        assert!(!accepted.is_empty());
        assert_eq!(entries.len(), accepted.len());
        for row in accepted {
            let of_row: Vec<_> = entries.iter().filter(|e| e.dispatch.as_deref() == Some(&row.dispatch_id)).collect();
            assert_eq!(of_row.len(), 1);
            let hashes: Vec<_> = of_row[0].items.iter().map(|i| &i.sha256).collect();
            let stored: Vec<_> = row.packet.as_ref().unwrap().items.iter().map(|i| &i.sha256).collect();
            assert_eq!(hashes, stored);
        }
    }
    world.verify();
}

#[test]
fn a_printed_letter_enters_the_record_when_it_is_mailed_and_not_before() {
    let world = World::with(&[MAYA]);
    world.run();
    let letter = world.row(MAYA, "family:0417-father").dispatch_id;
    let of_letter = || world.disclosures(MAYA).into_iter().filter(|e| e.dispatch.as_deref() == Some(&letter)).count();
    assert_eq!(of_letter(), 0);
    world.marks_mailed(&letter).unwrap();
    assert_eq!(of_letter(), 1);
    assert_eq!(world.row(MAYA, "family:0417-father").state, StateName::Confirmed);
}

#[test]
fn a_new_version_supersedes_what_waits_of_the_old() {
    let world = World::with(&["c-0398"]);
    world.run();
    let old = world.row("c-0398", "office:ghent-pediatrics/dr-osei").dispatch_id;
    world.edit("c-0398", |record| {
        let mut next = record.in_effect().unwrap().clone();
        record.ifsps.iter_mut().for_each(|v| v.status = earlypost::case::IfspStatus::Superseded);
        next.version += 1;
        next.meeting_event_id = earlypost::case::EventId::parse("theo-third-meeting").unwrap();
        next.meeting_on = "2026-11-19".parse().unwrap();
        record.ifsps.push(next);
    });
    world.run();
    let state = world.runtime.block_on(world.pipeline.store.outbox().dispatch(&old)).unwrap().state;
    assert_eq!(state, StateName::Superseded);
}
