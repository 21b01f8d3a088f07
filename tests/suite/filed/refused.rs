use earlypost::{
    case::FiledKind,
    document::{
        external::{FiledFault, FiledLimits},
        typst::worker::{RenderSettings, Renderer},
    },
    hint::Field,
    pipeline::NotTakenIn,
};

use lopdf::dictionary;

use super::{ask, confirmed, made, on_file, refusal, report, try_in};
use crate::harness::{MAYA, World, child};

const OTHER: &str = "c-0421";

fn world() -> World {
    let world = World::with(&[MAYA, OTHER]);
    world.import();
    world
}

/// Each bad file, and the words that tell a coordinator what to do.
#[test]
fn what_is_no_paper_is_refused_with_what_to_do() {
    let world = world();
    let mut large = report();
    large.resize(FiledLimits::default().bytes() + 1, b' ');
    let mut broken = b"%PDF-1.7\n".to_vec();
    broken.extend_from_slice(&[0; 400]);
    let long: Vec<&str> = vec!["Maya Rivera"; 300];
    for (file, says) in [
        (Vec::new(), "the file is empty"),
        (made::word_file(), "it is a Word file, which looks different on every machine; open it, save it as PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec(), "an older Word or Excel file"),
        (b"{\\rtf1 hello".to_vec(), "an RTF file"),
        (b"II*\0rest of it".to_vec(), "a TIFF picture; save it as PDF, JPEG or PNG"),
        (b"\0\0\0\x18ftypheic".to_vec(), "a telephone's picture (HEIC)"),
        (b"Dear colleague".to_vec(), "neither a PDF nor a JPEG or PNG picture"),
        (large, "larger than 25 MB"),
        (broken, "damaged"),
        (made::encrypted(&["Maya Rivera"], "secret"), "locked (encrypted)"),
        (made::scan(300), "300 pages, and at most 200 are taken"),
        (made::pdf(&long), "300 pages, and at most 200 are taken"),
        (made::png(1, 1)[..40].to_vec(), "damaged"),
        (made::jpeg()[..30].to_vec(), "damaged"),
    ] {
        let refused = refusal(&world, &file, &confirmed(FiledKind::Other));
        assert!(refused.contains(says), "{refused}");
    }
    assert_eq!(on_file(&world, MAYA), 0, "nothing of it is kept");
}

#[test]
fn how_large_a_paper_may_be_is_a_setting() {
    let world = world();
    let limits = FiledLimits { pages: 3, megabytes: 1 };
    let renderer = || Renderer::new(env!("CARGO_BIN_EXE_earlypost").into(), RenderSettings::default());
    let small = renderer().with_limits(limits);
    let look = |pool: &Renderer, file: &[u8]| world.runtime.block_on(pool.examine(file));
    let four = made::pdf(&["Maya Rivera"; 4]);

    assert_eq!(look(&small, &four).unwrap_err(), FiledFault::TooManyPages { pages: 4, most: 3 });
    let mut large = report();
    large.resize(limits.bytes() + 1, b' ');
    assert_eq!(look(&small, &large).unwrap_err(), FiledFault::TooLarge { most: 1 });
    look(&renderer(), &four).unwrap();
    let scan = made::scan(300);
    assert_eq!(look(&renderer(), &scan).unwrap_err(), FiledFault::TooManyPages { pages: 300, most: 200 });
    look(&renderer().with_limits(FiledLimits { pages: 300, ..FiledLimits::default() }), &scan).unwrap();
}

#[test]
fn a_scan_with_pages_of_two_children_is_refused_where_a_machine_can_read_one_of_them() {
    let world = world();
    let name = world
        .runtime
        .block_on(world.pipeline.store.children().child(&child(OTHER)))
        .unwrap()
        .record
        .child
        .legal_name
        .full();
    let file = made::scan_that_reads(&["Maya Rivera, number 26-0417", &format!("Report on {name}"), ""]);
    let says = refusal(&world, &file, &ask(FiledKind::HealthRecord));
    assert!(says.contains("names another child of the program (page 2)"), "{says}");
    assert_eq!(on_file(&world, MAYA), 0);
}

#[test]
fn a_file_that_unfolds_without_end_stops_its_own_process_and_no_other() {
    let world = world();
    let settings = RenderSettings { workers: 1, megabytes: 300, ..RenderSettings::default() };
    let small = Renderer::new(env!("CARGO_BIN_EXE_earlypost").into(), settings);
    let fault = world.runtime.block_on(small.examine(&made::bomb())).expect_err("it is stopped");
    assert!(matches!(fault, FiledFault::Stopped { .. }), "{fault}");
    assert!(fault.to_string().contains("most likely at its limit of 300 MB"), "{fault}");
    world.runtime.block_on(small.examine(&report())).expect("the next file finds another process");
    try_in(&world, &report(), &ask(FiledKind::EvaluationReport)).unwrap();
}

#[test]
fn pages_of_two_children_are_refused_with_the_page() {
    let world = world();
    let name = world
        .runtime
        .block_on(world.pipeline.store.children().child(&child(OTHER)))
        .unwrap()
        .record
        .child
        .legal_name
        .full();
    let file =
        made::pdf(&["Maya Rivera, number 26-0417", &format!("Report on {name}"), "Maya Rivera again, page three"]);
    let says = refusal(&world, &file, &ask(FiledKind::EvaluationReport));
    assert!(says.contains("names another child of the program (page 2)"), "{says}");
    assert!(!says.contains(&name), "a message holds no name");
    assert_eq!(on_file(&world, MAYA), 0);
}

#[test]
fn another_child_in_a_title_or_a_note_counts_too() {
    let world = world();
    let record = world.runtime.block_on(world.pipeline.store.children().child(&child(OTHER))).unwrap().record;
    let mut document = made::document(&["Evaluation of Maya Rivera, number 26-0417"]);
    let info = document.add_object(dictionary! {
        "Title" => lopdf::Object::string_literal(format!("Report {}", record.program_number)),
    });
    document.trailer.set("Info", info);
    let says = refusal(&world, &made::saved(document), &ask(FiledKind::EvaluationReport));
    assert!(says.contains("(beside the pages)"), "{says}");
}

#[test]
fn a_scan_is_taken_in_only_when_a_person_has_said_whose_it_is() {
    let world = world();
    let file = made::scan(2);
    let says = refusal(&world, &file, &ask(FiledKind::HealthRecord));
    assert!(
        says.contains("no machine can read page 1, 2") && says.contains(&format!("{} c-0417", Field::ConfirmChild)),
        "{says}"
    );

    let two = earlypost::pipeline::FileIn { confirmed: Some(child(OTHER)), ..ask(FiledKind::HealthRecord) };
    assert!(matches!(try_in(&world, &file, &two), Err(NotTakenIn::TwoChildren)));
    let paper = try_in(&world, &file, &confirmed(FiledKind::HealthRecord)).unwrap().paper;
    assert_eq!((paper.confirmed, paper.unread.as_slice()), (true, &[1, 2][..]));
}

#[test]
fn a_paper_that_names_nobody_needs_a_person_too() {
    let world = world();
    let file = made::pdf(&["The child walks along the sofa and says six words."]);
    let says = refusal(&world, &file, &ask(FiledKind::AssessmentReport));
    assert!(says.contains("neither the child's name nor its program number"), "{says}");
    try_in(&world, &file, &confirmed(FiledKind::AssessmentReport)).unwrap();
}

#[test]
fn the_same_file_twice_and_a_date_ahead_are_refused() {
    let world = world();
    let first = try_in(&world, &report(), &ask(FiledKind::EvaluationReport)).unwrap();
    let says = refusal(&world, &report(), &ask(FiledKind::EvaluationReport));
    assert!(says.contains(&format!("on file already, as paper {}", first.paper.paper_id)), "{says}");
    let ahead = earlypost::pipeline::FileIn { on: "2027-01-05".parse().unwrap(), ..ask(FiledKind::HealthRecord) };
    assert!(refusal(&world, &made::pdf(&["Maya Rivera"]), &ahead).contains("lies in the future"));
}
