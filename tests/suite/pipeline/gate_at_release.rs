use earlypost::{
    case::{Fact, PersonId, ReleaseId},
    disclosure::Reason,
    dispatch::StateName,
};

use crate::harness::{MAYA, World};

const DOCTOR: &str = "office:ghent-pediatrics/dr-osei";

fn release_of(world: &World) -> ReleaseId {
    let row = world.runtime.block_on(world.pipeline.store.children().child(&crate::harness::child(MAYA))).unwrap();
    row.record.releases[0].release_id.clone()
}

#[test]
fn a_revoked_release_withholds_a_packet_already_queued() {
    let world = World::with(&[MAYA]);
    world.import();
    world.prepare();
    assert_eq!(world.row(MAYA, DOCTOR).state, StateName::Queued);
    world.record(MAYA, &Fact::ReleaseRevoked { release_id: release_of(&world) });
    world.deliver();
    let row = world.row(MAYA, DOCTOR);
    assert_eq!((row.state, row.reason), (StateName::Withheld, Some(Reason::ReleaseRevoked)));
    assert!(world.mail.given_to(DOCTOR).is_empty());
    // Its neighbour in the queue is untouched.
    assert_eq!(world.row(MAYA, "office:bayside-therapy").state, StateName::Accepted);
}

#[test]
fn an_import_that_lags_does_not_undo_a_revocation() {
    let world = World::with(&[MAYA]);
    world.import();
    world.record(MAYA, &Fact::ReleaseRevoked { release_id: release_of(&world) });
    world.edit(MAYA, |record| record.program_number = earlypost::case::Line::parse("26-0417B").unwrap());
    let report = world.run();
    assert!(world.mail.given_to(DOCTOR).is_empty());
    assert!(report.waiting.iter().any(|w| w.what == "import-disagrees"), "a task names the disagreement");
}

#[test]
fn a_hold_keeps_everything_until_it_is_lifted() {
    let world = World::with(&[MAYA]);
    world.import();
    world.record(MAYA, &Fact::Held { reason: "mother rang".to_owned() });
    let held = world.run();
    assert_eq!(held.balance.held, held.balance.expected);
    world.record(MAYA, &Fact::HoldLifted { reason: "settled".to_owned() });
    let lifted = world.run();
    assert_eq!(lifted.balance.held, 0);
    assert!(lifted.balance.accepted > 0);
}

#[test]
fn facts_that_change_after_rendering_make_the_paper_anew() {
    let world = World::with(&[MAYA]);
    world.import();
    world.prepare();
    let before = world.row(MAYA, "family:0417-mother").packet.unwrap().items[0].sha256.clone();
    world.edit(MAYA, |record| record.program_number = earlypost::case::Line::parse("26-9417").unwrap());
    world.import();
    world.deliver();
    assert!(world.mail.given().is_empty(), "nothing goes as it was rendered");
    world.run();
    let sent = world.mail.given_to("family:0417-mother");
    let plans: Vec<_> =
        sent.iter().filter(|g| g.dispatch_id == world.row(MAYA, "family:0417-mother").dispatch_id).collect();
    assert_eq!(plans.len(), 1);
    assert_ne!(world.row(MAYA, "family:0417-mother").packet.unwrap().items[0].sha256, before);
}

#[test]
fn a_letter_in_the_stack_is_refused_at_mailing_when_its_recipient_was_barred() {
    let world = World::with(&[MAYA]);
    world.run();
    let row = world.row(MAYA, "family:0417-father");
    assert_eq!(row.state, StateName::Printed);
    world.record(MAYA, &Fact::PersonBarred { person_id: PersonId::parse("0417-father").unwrap() });
    let refused = world.marks_mailed(&row.dispatch_id).unwrap_err();
    assert!(refused.to_string().contains("do not mail"), "{refused}");
    let row = world.row(MAYA, "family:0417-father");
    assert_eq!((row.state, row.has_left), (StateName::Printed, false), "nobody said that it was taken out");
    assert!(world.disclosures(MAYA).iter().all(|entry| entry.dispatch.as_ref() != Some(&row.dispatch_id)));
    assert_eq!(world.runtime.block_on(world.pipeline.store.outcomes().pull_list()).unwrap().len(), 1);
}

#[test]
fn the_refused_record_of_a_known_child_holds_its_sends_until_a_good_one_comes() {
    let world = World::with(&[MAYA]);
    world.import();
    let path = world.caseload().join("children/c-0417.json");
    let good = std::fs::read(&path).unwrap();
    std::fs::write(
        &path,
        String::from_utf8_lossy(&good).replacen("\"schema\": 1", "\"schema\": 1, \"colour\": \"red\"", 1),
    )
    .unwrap();
    let held = world.run();
    assert_eq!(held.import.unwrap().refused.len(), 1);
    assert!(held.balance.held > 0 && held.balance.accepted == 0);
    assert!(world.mail.given().is_empty());
    std::fs::write(&path, good).unwrap();
    assert!(world.run().balance.accepted > 0);
}
