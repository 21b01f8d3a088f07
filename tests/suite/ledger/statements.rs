//! A parent's statement of disagreement goes along with what it contests, to everybody who has it.

use earlypost::{
    case::{CaseRecord, Date, EventId, Line, PersonId, Prose, RecordClass, Statement},
    dispatch::StateName,
    ledger::StatementIncluded,
};

use crate::{
    commands::place::{Place, sample},
    harness::{MAYA, World, child},
};

const WORDS: &str = "The hearing test was done on a day when she had an ear infection.";

fn contested(record: &mut CaseRecord, contests: RecordClass) {
    record.statements = vec![Statement {
        event_id: EventId::parse("0417-statement").unwrap(),
        by: PersonId::parse("0417-mother").unwrap(),
        on: Date::try_from("2026-11-01".to_owned()).unwrap(),
        contests,
        about: Line::parse("the hearing test").unwrap(),
        text: Prose::parse(WORDS).unwrap(),
    }];
}

/// The words of a dispatch's papers, and whether its entry says that a statement went along.
fn sent(world: &World, recipient: &str) -> (String, StatementIncluded) {
    let row = world.row(MAYA, recipient);
    assert_eq!(row.state, StateName::Accepted);
    let packet = row.packet.unwrap();
    let mut text = String::new();
    for item in &packet.items {
        let pdf = world.runtime.block_on(world.pipeline.store.bodies().get_body(&child(MAYA), &item.body)).unwrap();
        text += &crate::papers::plain(&crate::papers::poppler::text(&pdf));
    }
    let recipient = row.envelope.recipient;
    let entry = world
        .disclosures(MAYA)
        .into_iter()
        .find(|e| e.recipient.as_ref() == Some(&recipient) && e.dispatch.as_deref() == Some(&row.dispatch_id));
    (text, entry.unwrap().amendment_statement)
}

#[test]
fn a_statement_about_the_plan_is_on_every_copy_of_it_and_in_each_entry() {
    let world = World::with(&[MAYA]);
    world.edit(MAYA, |record| contested(record, RecordClass::Plan));
    world.run();
    for recipient in ["family:0417-mother", "office:bayside-therapy", "office:ghent-pediatrics/dr-osei"] {
        let (text, included) = sent(&world, recipient);
        assert!(text.contains("About the hearing test: Elena Rivera, November 1, 2026"), "{recipient}: {text}");
        assert!(text.contains(WORDS), "{recipient}: {text}");
        assert_eq!(included, StatementIncluded::Included, "{recipient}");
    }
}

#[test]
fn a_statement_about_pages_that_a_copy_leaves_out_stays_out_with_them() {
    let world = World::with(&[MAYA]);
    world.edit(MAYA, |record| contested(record, RecordClass::FamilyInformation));
    world.run();
    let (text, included) = sent(&world, "family:0417-mother");
    assert!(text.contains(WORDS) && included == StatementIncluded::Included);
    let (text, included) = sent(&world, "office:bayside-therapy");
    assert!(!text.contains(WORDS) && included == StatementIncluded::NotApplicable);
}

#[test]
fn a_statement_by_nobody_of_the_family_is_refused() {
    let place = Place::with(&[]);
    let mut record = sample("c-0417");
    record["statements"] = serde_json::json!([{
        "event_id": "x", "by": "somebody", "on": "2026-11-01", "contests": "plan", "about": "all", "text": "No.",
    }]);
    place.put("c-0417", &record);
    place.earlypost(&["import"]).fails(3, "statements[0].by");
}
