//! What was just read about a child is not read again, and never outlives a change.

use std::sync::Arc;

use earlypost::case::CaseRecord;

use crate::harness::{MAYA, World, child};

#[test]
fn a_record_is_read_once_and_anew_when_another_machine_has_changed_it() {
    let world = World::with(&[MAYA]);
    world.import();
    let other = world.another_machine("worker-2");
    let (maya, store) = (child(MAYA), &world.pipeline.store);
    world.runtime.block_on(async {
        let (first, second) = (store.known(&maya).await.unwrap(), store.known(&maya).await.unwrap());
        assert!(Arc::ptr_eq(&first.record, &second.record), "it was read twice");
        let mut changed = CaseRecord::clone(&first.record);
        changed.child.legal_name.last = "Otherwise".parse().unwrap();
        other.store.import_child(&changed, "a test", world.pipeline.now()).await.unwrap();
        let now = store.known(&maya).await.unwrap();
        assert_eq!(now.record.child.legal_name, changed.child.legal_name);
        assert_ne!(now.record_hash, first.record_hash);
        other.store.import_child(&first.record, "a test", world.pipeline.now()).await.unwrap();
        let again = store.known(&maya).await.unwrap();
        assert_eq!((&again.record, &again.record_hash), (&first.record, &first.record_hash));
    });
}
