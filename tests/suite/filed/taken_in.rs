use earlypost::case::FiledKind;
use sha2::{Digest, Sha256};

use super::{ask, confirmed, made, on_file, report, try_in};
use crate::harness::{MAYA, World, by, child};

fn world() -> World {
    let world = World::with(&[MAYA]);
    world.import();
    world
}

fn text_of(pdf: &[u8]) -> String {
    let found =
        earlypost::document::external::examine(pdf, &earlypost::document::external::FiledLimits::default()).unwrap();
    found.words.texts().join("\n")
}

#[test]
fn a_report_is_kept_byte_for_byte_and_a_copy_shows_the_same_pages() {
    let world = world();
    let file = report();
    let paper = try_in(&world, &file, &ask(FiledKind::EvaluationReport)).unwrap().paper;

    assert_eq!((paper.pages, paper.unread.len(), paper.confirmed), (2, 0, false));
    let bytes = |original| {
        let pipeline = &world.pipeline;
        world
            .runtime
            .block_on(pipeline.external_documents().filed_bytes(&child(MAYA), &paper.paper_id, original, by("a test")))
            .unwrap()
    };
    let (original, copy) = (bytes(true), bytes(false));
    assert_eq!(original, file);
    assert_eq!(paper.original.sha256, hex::encode(Sha256::digest(&file)));
    assert_eq!(paper.copy.sha256, hex::encode(Sha256::digest(&copy)));
    assert!(text_of(&copy).contains("She walks along the sofa."), "{}", text_of(&copy));
    // Whoever looked is in the record of access.
    let entries = world.runtime.block_on(world.pipeline.store.ledger().ledger_of(&child(MAYA))).unwrap();
    let looks = entries.iter().filter(|row| row.entry.outcome == "viewed").count();
    assert_eq!(looks, 2);
}

#[test]
fn neither_the_file_nor_its_words_lie_on_the_disk_in_the_clear() {
    let world = world();
    try_in(&world, &report(), &ask(FiledKind::EvaluationReport)).unwrap();
    let mut seen = 0;
    let mut folders = vec![world.folder.path().join("data/papers")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            seen += 1;
            let bytes = std::fs::read(path).unwrap();
            for clear in [&b"%PDF"[..], b"sofa", b"Rivera"] {
                assert!(!bytes.windows(clear.len()).any(|w| w == clear));
            }
        }
    }
    assert_eq!(seen, 3, "the file, its copy and its words");
}

#[test]
fn scripts_actions_and_files_are_not_in_the_copy_and_links_stay() {
    let world = world();
    let file = made::pdf_with_scripts_and_files(&["Evaluation of Maya Rivera, number 26-0417"]);
    let paper = try_in(&world, &file, &ask(FiledKind::EvaluationReport)).unwrap().paper;

    assert_eq!(paper.taken_out, ["actions that run by themselves", "files inside the file", "scripts"]);
    let copy = world
        .runtime
        .block_on(world.pipeline.external_documents().filed_bytes(&child(MAYA), &paper.paper_id, false, by("a test")))
        .unwrap();
    for gone in [&b"JavaScript"[..], b"app.launchURL", b"EmbeddedFile", b"SubmitForm", b"a Word file", b"other.docx"] {
        assert!(!copy.windows(gone.len()).any(|w| w == gone), "{}", String::from_utf8_lossy(gone));
    }
    let kept = b"https://example.org/kept";
    assert!(copy.windows(kept.len()).any(|w| w == kept));
    assert!(text_of(&copy).contains("Evaluation of Maya Rivera"));
}

#[test]
fn a_photograph_becomes_an_upright_page_without_what_the_camera_wrote() {
    let world = world();
    for (file, clear, taken_out) in [(made::jpeg(), &b"76.28 W"[..], 1), (made::png(40, 60), b"18 Harbor Street", 0)] {
        let paper = try_in(&world, &file, &confirmed(FiledKind::HealthRecord)).unwrap().paper;
        assert_eq!((paper.pages, paper.unread.as_slice(), paper.confirmed), (1, &[1][..], true));
        assert_eq!(paper.taken_out.len(), taken_out);
        let copy = world
            .runtime
            .block_on(world.pipeline.external_documents().filed_bytes(
                &child(MAYA),
                &paper.paper_id,
                false,
                by("a test"),
            ))
            .unwrap();
        assert!(copy.starts_with(b"%PDF-"));
        assert!(!copy.windows(clear.len()).any(|w| w == clear));
        let turned = b"/Rotate 90";
        assert_eq!(copy.windows(turned.len()).any(|w| w == turned), taken_out == 1);
    }
    assert_eq!(on_file(&world, MAYA), 2);
}

#[test]
fn our_own_paper_that_comes_back_is_read_word_for_word() {
    let world = world();
    world.run();
    let row = world.row(MAYA, "family:0417-mother");
    let body = &row.packet.unwrap().items[0].body;
    let pdf = world.runtime.block_on(world.pipeline.store.bodies().get_body(&child(MAYA), body)).unwrap();
    let found =
        earlypost::document::external::examine(&pdf, &earlypost::document::external::FiledLimits::default()).unwrap();
    assert!(found.words.unread().is_empty(), "{:?}", found.words.unread());
    assert!(found.words.pages[0].text.contains("Maya"));
    try_in(&world, &pdf, &ask(FiledKind::Other)).unwrap();
}

#[test]
fn a_paper_taken_in_by_mistake_is_withdrawn_and_may_then_be_another_childs() {
    let world = World::with(&[MAYA, "c-0421"]);
    world.import();
    let file = made::scan(1);
    let taken = try_in(&world, &file, &confirmed(FiledKind::Other)).unwrap();
    let other = earlypost::pipeline::FileIn {
        child_id: child("c-0421"),
        confirmed: Some(child("c-0421")),
        ..ask(FiledKind::Other)
    };
    let says = super::refusal(&world, &file, &other);
    assert!(says.contains("on file for another child (c-0417)"), "{says}");
    let why = earlypost::case::Line::parse("wrong child").unwrap();
    let maya = child(MAYA);
    let external_documents = world.pipeline.external_documents();
    let withdrawn = external_documents.withdraw_paper(&maya, &taken.paper.paper_id, why, by("a test"));
    world.runtime.block_on(withdrawn).unwrap();
    assert_eq!(on_file(&world, MAYA), 0);
    try_in(&world, &file, &other).unwrap();
}

#[test]
fn destruction_takes_papers_from_elsewhere_along() {
    let world = world();
    try_in(&world, &report(), &ask(FiledKind::EvaluationReport)).unwrap();
    let entry =
        earlypost::ledger::Entry::new(earlypost::ledger::Event::Destruction, &child(MAYA), "destroyed", "a test");
    let now = world.pipeline.now();
    let keeper = world.as_keeper();
    let destroyed =
        world.runtime.block_on(keeper.store.children().destroy_child(&child(MAYA), &entry, "{}", now)).unwrap();
    assert_eq!(destroyed.papers, 3);
}
