//! A record that is closed to somebody is not there for that person, whatever the role.

use earlypost::{
    actor::{Actor, Permission, Role},
    case::{ClosedBecause, ClosedTo, PersonId, Protected},
    pipeline::{Shown, Wanted},
};

use crate::harness::{MAYA, World, child, somebody};

const OTHER: &str = "c-0402";

fn closed_to(person: &str, from: &str, to: Option<&str>) -> ClosedTo {
    ClosedTo {
        person_id: PersonId::parse(person).unwrap(),
        because: ClosedBecause::Relative,
        from: from.parse().unwrap(),
        to: to.map(|day| day.parse().unwrap()),
    }
}

/// Jenni Alvarez coordinates both; Maya's record is closed to her.
fn world() -> World {
    let world = World::with(&[MAYA, OTHER]);
    world.edit(MAYA, |record| record.closed_to = vec![closed_to("jenni-alvarez", "2026-01-01", None)]);
    world.import();
    world.runtime.block_on(world.pipeline.planning().look_at_all()).unwrap();
    world
}

#[test]
fn no_role_gets_past_a_closure() {
    let world = world();
    let jenni = somebody("jenni-alvarez", &Role::ALL);
    let answer = world.runtime.block_on(world.pipeline.records().child(&child(MAYA), &jenni));
    let says = answer.unwrap_err().to_string();
    assert!(says.contains("is not open to you"), "{says}");
    assert!(world.runtime.block_on(world.pipeline.records().child(&child(OTHER), &jenni)).is_ok());
    let marcus = somebody("marcus-bell", &[Role::Custodian]);
    assert!(world.runtime.block_on(world.pipeline.records().child(&child(MAYA), &marcus)).is_ok());
}

#[test]
fn lists_searches_and_reports_keep_to_a_closure() {
    let world = world();
    world.run();
    let jenni = somebody("jenni-alvarez", &Role::ALL);
    let pipeline = &world.pipeline;
    world.runtime.block_on(async {
        assert!(pipeline.records().find("Rivera", &jenni).await.unwrap().is_empty());
        assert!(pipeline.records().find("26-0417", &jenni).await.unwrap().is_empty());
        let board = pipeline.planning().board(Shown::Within(400), None, &jenni).await.unwrap();
        assert!(!board.is_empty() && board.iter().all(|line| line.child == OTHER));
        let weeks = pipeline.planning().week(None, &jenni).await.unwrap();
        assert!(!format!("{weeks:?}").contains("26-0417"));
        let report = pipeline.access_record().report(&Wanted::default(), &jenni).await.unwrap();
        assert!(!report.disclosures.is_empty() && report.disclosures.iter().all(|line| line.child == OTHER));
        let access = pipeline.access_record();
        let mut entries = access.entries(&jenni).await.unwrap();
        while let Some(page) = entries.next().await.unwrap() {
            assert!(page.iter().all(|(_, entry)| entry.child.as_str() == OTHER));
        }
        let waiting = pipeline.operations().worklist(None, &jenni).await.unwrap();
        assert!(waiting.iter().all(|line| line.line.child.as_deref() != Some(MAYA)));
        let sight = pipeline.authority().sight(&jenni, Permission::SeeBoards).await.unwrap();
        assert!(!sight.sees(MAYA) && sight.sees(OTHER));
    });
}

#[test]
fn a_closure_holds_on_its_days_only() {
    let world = World::with(&[MAYA, OTHER]);
    world.edit(MAYA, |record| record.closed_to = vec![closed_to("jenni-alvarez", "2026-01-01", Some("2026-10-31"))]);
    world.edit(OTHER, |record| record.closed_to = vec![closed_to("jenni-alvarez", "2027-01-01", None)]);
    world.import();
    let jenni = somebody("jenni-alvarez", &[Role::Coordinator]);
    for id in [MAYA, OTHER] {
        assert!(world.runtime.block_on(world.pipeline.records().child(&child(id), &jenni)).is_ok(), "{id}");
    }
}

#[test]
fn a_reason_opens_a_child_of_somebody_else_and_is_told() {
    let world = World::with(&["c-0398", OTHER]);
    world.import();
    let jenni = somebody("jenni-alvarez", &[Role::Coordinator]);
    let open = |id: &str, reason: &str, by: &Actor| {
        world.runtime.block_on(world.pipeline.records().child_with_reason(&child(id), reason, by))
    };
    assert!(open("c-0398", "  ", &jenni).unwrap_err().to_string().contains("say why"));
    let page = open("c-0398", "a call from the emergency room", &jenni).unwrap();
    assert_eq!(page.child, "c-0398");
    let rows = world.runtime.block_on(world.pipeline.store.ledger().ledger_of(&child("c-0398"))).unwrap();
    let last = rows.last().unwrap();
    assert_eq!(last.entry.outcome, "opened-with-reason");
    assert!(last.detail.as_ref().unwrap().purpose.contains("emergency room"));
    let tasks = world.runtime.block_on(world.pipeline.store.service().tasks()).unwrap();
    assert!(tasks.iter().any(|task| task.kind == "opened-with-reason" && task.child_id.as_deref() == Some("c-0398")));
    let operator = Actor::operator("svc");
    assert!(open("c-0398", "curious", &operator).is_err());
}

#[test]
fn a_reason_opens_neither_a_closed_nor_a_guarded_record() {
    let world = World::with(&[MAYA, "c-0398"]);
    world.edit("c-0398", |record| record.closed_to = vec![closed_to("jenni-alvarez", "2026-01-01", None)]);
    world.edit(MAYA, |record| record.family[0].protected = Some(Protected { address: true, ..Protected::default() }));
    world.import();
    let open = |id: &str, by: &Actor| {
        world.runtime.block_on(world.pipeline.records().child_with_reason(&child(id), "a call", by))
    };
    let jenni = somebody("jenni-alvarez", &[Role::Coordinator]);
    assert!(open("c-0398", &jenni).unwrap_err().to_string().contains("is not open to you"));
    let marcus = somebody("marcus-bell", &[Role::Coordinator]);
    assert!(open(MAYA, &marcus).unwrap_err().to_string().contains("Ask a supervisor"));
}
