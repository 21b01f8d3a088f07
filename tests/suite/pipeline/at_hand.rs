//! What was just read or imported about a child is not read again, and never outlives a change; what a change replaced is kept.

use std::sync::Arc;

use chrono::Duration;
use earlypost::case::CaseRecord;
use sqlx::Connection;

use crate::harness::{MAYA, World, child};

#[test]
fn a_record_is_read_once_and_anew_when_another_machine_has_changed_it() {
    let world = World::with(&[MAYA]);
    world.import();
    let other = world.another_machine("worker-2");
    let (maya, store) = (child(MAYA), &world.pipeline.store);
    world.runtime.block_on(async {
        let (first, second) =
            (store.children().known(&maya).await.unwrap(), store.children().known(&maya).await.unwrap());
        assert!(Arc::ptr_eq(&first.record, &second.record), "it was read twice");
        let mut changed = Arc::clone(&first.record);
        Arc::make_mut(&mut changed).child.legal_name.last = "Otherwise".parse().unwrap();
        other.store.children().import_child(&changed, "a test", world.pipeline.now()).await.unwrap();
        let now = store.children().known(&maya).await.unwrap();
        assert_eq!(now.record.child.legal_name, changed.child.legal_name);
        assert_ne!(now.record_hash, first.record_hash);
        other.store.children().import_child(&first.record, "a test", world.pipeline.now()).await.unwrap();
        let again = store.children().known(&maya).await.unwrap();
        assert_eq!((&again.record, &again.record_hash), (&first.record, &first.record_hash));
    });
}

/// A record as an import has it in its hands, and as it is read from the database, owe the same papers.
#[test]
fn an_imported_record_is_at_hand_and_is_what_another_machine_reads() {
    let children: Vec<String> = std::fs::read_dir("samples/caseload/children")
        .unwrap()
        .map(|file| file.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    let world = World::with(&children.iter().map(String::as_str).collect::<Vec<_>>());
    world.import();
    let other = world.another_machine("worker-2");
    world.runtime.block_on(async {
        for id in &children {
            let (here, there) = (
                world.pipeline.store.children().known(&child(id)).await,
                other.store.children().known(&child(id)).await,
            );
            let (here, there) = (here.unwrap(), there.unwrap());
            assert_eq!((&here.record, &here.record_hash), (&there.record, &there.record_hash));
        }
        let mut changed = world.pipeline.store.children().known(&child(MAYA)).await.unwrap().record;
        Arc::make_mut(&mut changed).contact_every_months = Some(2);
        world.pipeline.store.children().import_child(&changed, "a test", world.pipeline.now()).await.unwrap();
        let known = world.pipeline.store.children().known(&child(MAYA)).await.unwrap();
        assert!(Arc::ptr_eq(&known.record, &changed), "it was read back");
    });
}

#[test]
fn a_record_is_found_as_it_stood_at_any_time_and_is_kept_once() {
    let world = World::with(&[MAYA]);
    world.import();
    let (maya, store) = (child(MAYA), &world.pipeline.store);
    world.runtime.block_on(async {
        let first = store.children().known(&maya).await.unwrap().record;
        let (began, mut stood) = (world.pipeline.now(), vec![Arc::clone(&first)]);
        for months in [2, 3] {
            world.clock.advance(Duration::days(1));
            let mut changed = Arc::clone(&first);
            Arc::make_mut(&mut changed).contact_every_months = Some(months);
            store.children().import_child(&changed, "a test", world.pipeline.now()).await.unwrap();
            stood.push(changed);
        }
        assert_eq!(store.children().record_as_of(&maya, began - Duration::seconds(1)).await.unwrap(), None);
        for (day, record) in stood.iter().enumerate() {
            let at = began + Duration::days(i64::try_from(day).unwrap());
            let then = store.children().record_as_of(&maya, at).await.unwrap().unwrap();
            assert_eq!(&serde_json::from_value::<CaseRecord>(then).unwrap(), record.as_ref(), "after {day} days");
        }
        sqlx::any::install_default_drivers();
        let mut database = sqlx::AnyConnection::connect(world.database.url()).await.unwrap();
        let lengths = "SELECT LENGTH(record) FROM child_history ORDER BY revision";
        let lengths: Vec<(i64,)> = sqlx::query_as(lengths).fetch_all(&mut database).await.unwrap();
        let lengths: Vec<i64> = lengths.into_iter().map(|(length,)| length).collect();
        assert!(
            lengths.len() == 2 && lengths.iter().all(|length| *length > 1000),
            "what stands is kept once: {lengths:?}"
        );
    });
}
