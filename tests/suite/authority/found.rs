//! Finding a child by what a caller says.

use earlypost::{
    actor::{Actor, Role},
    pipeline::FoundChild,
};

use crate::harness::{MAYA, World, somebody};

const OTHER: &str = "c-0398";

fn found(world: &World, text: &str, by: &Actor) -> Vec<FoundChild> {
    world.runtime.block_on(world.pipeline.records().find(text, by)).unwrap()
}

fn ids(found: &[FoundChild]) -> Vec<(&str, &str)> {
    found.iter().map(|line| (line.child.as_str(), line.by)).collect()
}

#[test]
fn a_child_is_found_by_name_number_parent_telephone_and_office() {
    let world = World::with(&[MAYA, OTHER]);
    world.import();
    let all = somebody("lena-park", &[Role::Custodian]);
    for (text, child, by) in [
        ("rivera", MAYA, "child"),
        ("Rivera, Maya", MAYA, "child"),
        ("maya isab", MAYA, "child"),
        ("26-0417", MAYA, "number"),
        ("260417", MAYA, "number"),
        ("26\u{2013}0417", MAYA, "number"),
        ("(757) 555-0117", MAYA, "telephone"),
        ("555 0121", OTHER, "telephone"),
    ] {
        assert_eq!(ids(&found(&world, text, &all)), [(child, by)], "{text}");
    }
    assert_eq!(found(&world, "bayside", &all).len(), 2, "both are on the team of one agency");
    assert!(found(&world, "nobody of that name", &all).is_empty());
}

#[test]
fn whoever_does_not_serve_a_child_finds_it_by_name_and_number_only() {
    let world = World::with(&[MAYA, OTHER]);
    world.import();
    let jenni = somebody("jenni-alvarez", &[Role::Coordinator]);
    assert_eq!(ids(&found(&world, "Whitfield", &jenni)), [(OTHER, "child")]);
    assert!(!found(&world, "Whitfield", &jenni)[0].yours);
    assert!(found(&world, "555-0121", &jenni).is_empty(), "a family's telephone is for who serves it");
    assert_eq!(ids(&found(&world, "555-0117", &jenni)), [(MAYA, "telephone")]);
    let operator = Actor::operator("svc");
    assert!(world.runtime.block_on(world.pipeline.records().find("Rivera", &operator)).is_err());
}

#[test]
fn too_little_to_look_for_is_said() {
    let world = World::with(&[MAYA]);
    world.import();
    let all = somebody("lena-park", &[Role::Custodian]);
    for text in ["", "a", " - "] {
        let error = world.runtime.block_on(world.pipeline.records().find(text, &all)).unwrap_err();
        assert!(error.to_string().contains("at least two letters"), "{error}");
    }
}
