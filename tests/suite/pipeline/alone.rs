//! What is wrong with one envelope is its own: it fails by itself, somebody is told, and the others go.

use earlypost::{
    dispatch::StateName,
    pipeline::{Pipeline, Silent, Stop},
};
use sqlx::{AnyConnection, Connection};

use crate::{
    commands::place::Place,
    harness::{MAYA, World, by},
};

const OTHER: &str = "c-0405";
const PHYSICIAN: &str = "office:ghent-pediatrics/dr-osei";

/// Both children's envelopes, ready to go.
fn ready() -> World {
    let world = World::with(&[MAYA, OTHER]);
    world.import();
    world.prepare();
    world
}

fn change(world: &World, sql: &'static str, bytes: Option<&[u8]>, id: &str) {
    world.runtime.block_on(async {
        let mut database = AnyConnection::connect(world.database.owner_url()).await.unwrap();
        let query = match bytes {
            Some(bytes) => sqlx::query(sql).bind(bytes.to_vec()).bind(id.to_owned()),
            None => sqlx::query(sql).bind(id.to_owned()),
        };
        assert!(query.execute(&mut database).await.unwrap().rows_affected() > 0);
    });
}

fn deliver(world: &World, pipeline: &std::sync::Arc<Pipeline>) {
    world.runtime.block_on(pipeline.delivery().deliver_all(&Silent, &Stop::default(), by("the tester"))).unwrap();
}

/// What failed of a child, with a task for each.
fn failed(world: &World, child: &str) -> Vec<String> {
    let tasks = world.runtime.block_on(world.pipeline.store.service().tasks()).unwrap();
    let rows = world.rows(child);
    assert!(rows.iter().all(|row| row.state != StateName::Queued && row.state != StateName::Sending));
    let failed: Vec<String> =
        rows.into_iter().filter(|row| row.state == StateName::Failed).map(|row| row.dispatch_id).collect();
    for id in &failed {
        assert!(tasks.iter().any(|task| task.kind == "dispatch-failed" && &task.subject == id), "{id}: {tasks:?}");
    }
    failed
}

#[test]
fn a_message_that_cannot_be_put_together_fails_alone() {
    let world = ready();
    let row = world.row(MAYA, PHYSICIAN);
    let sql = "UPDATE dispatch SET sealed_message = $1 WHERE dispatch_id = $2";
    change(&world, sql, Some(b"nothing that opens"), &row.dispatch_id);
    deliver(&world, &world.pipeline);
    assert_eq!(failed(&world, MAYA), std::slice::from_ref(&row.dispatch_id));
    assert!(failed(&world, OTHER).is_empty());
    assert!(world.disclosures(MAYA).iter().all(|entry| entry.dispatch.as_ref() != Some(&row.dispatch_id)));
    world.verify();
}

#[test]
fn a_child_whose_record_cannot_be_read_keeps_no_other_childs_papers_back() {
    let world = ready();
    change(&world, "UPDATE child SET record = '{}' WHERE child_id = $1", None, MAYA);
    // A machine that has not read it before.
    let machine = world.another_machine("worker-2");
    deliver(&world, &machine);
    assert!(failed(&world, MAYA).is_empty() && failed(&world, OTHER).is_empty());
    let held: Vec<_> = world.rows(MAYA).into_iter().filter(|row| row.state == StateName::Held).collect();
    assert!(held.len() > 2 && held.iter().all(|row| row.reason == Some(earlypost::disclosure::Reason::CannotRender)));
    assert!(world.rows(OTHER).iter().any(|row| row.state == StateName::Accepted));
    assert!(
        world.mail.given().iter().all(|given| world.rows(MAYA).iter().all(|row| row.dispatch_id != given.dispatch_id))
    );
}

#[test]
fn an_address_for_which_no_message_can_be_built_is_refused_at_the_door_with_its_field() {
    let taken = |address: &str| {
        let place = Place::with(&[MAYA]);
        place.change(MAYA, |record| {
            let endpoints = record["family"][0]["endpoints"].as_array_mut().unwrap();
            let mail = endpoints.iter_mut().find(|endpoint| endpoint["address"]["kind"] == "email").unwrap();
            mail["address"]["to"] = address.into();
        });
        place.earlypost(&["import"])
    };
    for (address, says) in [
        ("\"elena rivera\"@example.org", "no message can be built"),
        ("elena@[192.0.2.1]", "no message can be built"),
        ("elena.rivera@example.org\u{200b}", "U+200B"),
    ] {
        let said = taken(address);
        said.fails(3, says);
        assert!(said.err.contains("children/c-0417.json") && said.err.contains("family[0].endpoints["), "{}", said.err);
        assert!(!said.err.contains("elena") && !said.err.contains("192.0.2.1"), "{}", said.err);
    }
    for address in ["elena.rivera@example.org\u{a0}", "elena.rivera@ex\u{e4}mple.org"] {
        assert_eq!(taken(address).code, 0, "{address}");
    }
}

#[test]
fn an_address_of_a_domain_that_is_not_ascii_goes_in_its_ascii_form() {
    let place = Place::with(&[MAYA]);
    place.change(MAYA, |record| {
        for endpoint in record["family"][0]["endpoints"].as_array_mut().unwrap() {
            if endpoint["address"]["kind"] == "email" {
                endpoint["address"]["to"] = "elena.rivera@ex\u{e4}mple.org".into();
            }
        }
    });
    place.done(&["run"]);
    let to = "To: elena.rivera@xn--exmple-cua.org";
    assert!(place.sent().iter().any(|mail| String::from_utf8_lossy(&std::fs::read(mail).unwrap()).contains(to)));
}
