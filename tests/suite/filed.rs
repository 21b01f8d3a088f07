//! Papers made elsewhere: what is taken in, what is refused, and how they go out.

mod awkward;
mod copies;
pub mod made;
mod other_child;
mod refused;
mod sent;
mod settled;
mod taken_in;

use earlypost::{
    case::{ChildId, FiledKind},
    pipeline::{FileIn, NotTakenIn, TakenIn},
};

use crate::harness::{MAYA, World, by, child};

/// An evaluation report of Maya's, in two pages.
fn report() -> Vec<u8> {
    made::pdf(&[
        "Evaluation report\nMaya Rivera, number 26-0417\nShe walks along the sofa.",
        "Maya says six words at two years.",
    ])
}

fn ask(kind: FiledKind) -> FileIn {
    FileIn {
        child_id: child(MAYA),
        kind,
        on: "2026-11-02".parse().unwrap(),
        signed_by: None,
        about: None,
        declined: false,
        confirmed: None,
    }
}

fn confirmed(kind: FiledKind) -> FileIn {
    FileIn { confirmed: Some(child(MAYA)), ..ask(kind) }
}

fn try_in(world: &World, file: &[u8], ask: &FileIn) -> Result<TakenIn, NotTakenIn> {
    let taken = world.runtime.block_on(world.pipeline.external_documents().file_in(file, ask, by("a test")));
    taken.map_err(|error| error.downcast::<NotTakenIn>().expect("a refusal in words"))
}

fn refusal(world: &World, file: &[u8], ask: &FileIn) -> String {
    try_in(world, file, ask).expect_err("it is refused").to_string()
}

fn on_file(world: &World, id: &str) -> usize {
    let id = ChildId::parse(id).unwrap();
    world.runtime.block_on(world.pipeline.external_documents().filed_papers(&id, by("the tester"))).unwrap().len()
}
