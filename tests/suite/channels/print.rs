//! Letters for the program's own printer.

use std::{collections::BTreeSet, fs, path::Path, sync::Mutex};

use earlypost::{
    dispatch::{
        Answer, Channel, Evidence, Outcome, Paper, Parcel, PrintChannel, Trace,
        postal::print::{Job, Letter, LpPrinter, Printer, Stack, StackTrouble, batches, count_sheet, letters},
    },
    document::{TemplateSet, view::Postal},
    due::DocumentKind,
};

use super::{
    DISPATCH, OTHER, bare_pdf, fill_the_disk_for, found, misconfigured, names, names_of_the_child, parcel, parcel_of,
};
use crate::{
    gate::{Case, physician},
    papers::poppler,
};

const BATCH: &str = "2026-11-20-run";

fn open() -> (tempfile::TempDir, PrintChannel) {
    let folder = tempfile::tempdir().unwrap();
    let channel = PrintChannel::open(folder.path().join("print"), BATCH.to_owned(), true).unwrap();
    (folder, channel)
}

/// A letter to a mother by mail: a paper a number of pages.
fn letter_of(pages: &[u32]) -> Parcel {
    let case = Case::new("c-0402", "family:0402-mother", &[DocumentKind::Ifsp]);
    let paper = |pages: &u32| Paper {
        child_id: case.record.child_id.clone(),
        document: DocumentKind::Ifsp.into(),
        pdf: bare_pdf(*pages).into_bytes().into(),
        pages: *pages,
        text: None,
    };
    let postal = Postal {
        name: "Carmen Fuentes".to_owned(),
        lines: vec!["7 Tide Street".to_owned(), "Norfolk, VA 23504".to_owned()],
        return_lines: vec!["200 Granby Street, Suite 4".to_owned(), "Norfolk, VA 23510".to_owned()],
        endorsement: Some("RETURN SERVICE REQUESTED".to_owned()),
    };
    let papers = pages.iter().map(paper).collect();
    let parcel =
        Parcel::new(DISPATCH.to_owned(), case.permission(), papers, None, case.templates.clone(), case.now).unwrap();
    parcel.with_postal(Some(postal))
}

async fn one(parcel: &Parcel, both_sides: bool) -> (Letter, Vec<u8>) {
    let folder = tempfile::tempdir().unwrap();
    let channel = PrintChannel::open(folder.path().to_path_buf(), BATCH.to_owned(), both_sides).unwrap();
    let outcome = channel.deliver(parcel).await;
    assert!(matches!(outcome, Outcome::Printed(_)), "{outcome:?}");
    let stack = batches(folder.path()).unwrap().remove(0);
    let pdf = stack.read(&stack.letters[0]).unwrap();
    (stack.letters[0].clone(), pdf)
}

fn pages_of(pdf: &[u8]) -> u32 {
    let info = poppler::info(pdf);
    info.lines().find_map(|line| line.strip_prefix("Pages:")).unwrap().trim().parse().unwrap()
}

fn page(pdf: &[u8], number: u32) -> String {
    poppler::boxes(pdf, number..=number).into_iter().map(|word| word.text).collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn a_letter_is_one_file_with_each_paper_on_a_new_sheet_under_a_neutral_name() {
    let (folder, channel) = open();
    let Outcome::Printed(evidence) = channel.deliver(&parcel()).await else { panic!("not printed") };

    let batch = folder.path().join("print").join(BATCH);
    let file = format!("0001-{DISPATCH}.pdf");
    assert_eq!(names(&batch), [&file, "manifest.csv"]);
    let pdf = fs::read(batch.join(&file)).unwrap();
    // A letter of one page and a plan of nine: one sheet and five.
    assert_eq!(pages_of(&pdf), 12);
    let on = |number| page(&pdf, number);
    assert!(on(1).contains("page0") && on(3).contains("page0") && on(11).contains("page8"), "{}", on(3));
    assert!(!on(2).contains("page") && !on(12).contains("page"));
    let letter = letters(&batch).unwrap().remove(0);
    assert_eq!((letter.pages, letter.sheets, letter.papers), (10, 6, 2));
    assert!(evidence.reply.starts_with(&format!("in print batch {BATCH} at place 1; 6 sheets")), "{}", evidence.reply);
    assert!(evidence.reply.ends_with(&letter.sha256), "the hash of what was printed stands in the record");
    let manifest = fs::read_to_string(batch.join("manifest.csv")).unwrap();
    for name in names_of_the_child() {
        assert!(!format!("{file} {} {manifest}", evidence.reply).contains(&name), "{name}");
    }
}

#[tokio::test]
async fn the_sheets_decide_the_envelope_and_a_large_one_has_a_page_with_the_addresses_only() {
    let (small, pdf) = one(&letter_of(&[12]), true).await;
    assert_eq!((small.envelope.as_str(), small.sheets), ("10", 6));
    assert!(small.postage.starts_with("First-Class letter"), "{}", small.postage);
    assert!(page(&pdf, 1).contains("page0"));

    let (large, pdf) = one(&letter_of(&[12, 1]), true).await;
    assert_eq!((large.envelope.as_str(), large.sheets), ("9x12", 8));
    let front = page(&pdf, 1);
    for words in [
        "Carmen Fuentes",
        "7 Tide Street",
        "Norfolk, VA 23504",
        "200 Granby Street, Suite 4",
        "RETURN SERVICE REQUESTED",
    ] {
        assert!(front.contains(words), "{front}");
    }
    assert!(!front.contains("page0") && page(&pdf, 3).contains("page0"));

    let (heavy, _) = one(&letter_of(&[122]), true).await;
    assert_eq!((heavy.envelope.as_str(), heavy.sheets), ("box", 62));
    assert!(heavy.postage.starts_with("parcel"), "{}", heavy.postage);
}

#[tokio::test]
async fn a_printer_without_duplex_takes_a_sheet_a_page_and_no_bare_ones() {
    let (letter, pdf) = one(&letter_of(&[3, 2]), false).await;

    assert_eq!((letter.pages, letter.sheets, letter.envelope.as_str()), (5, 5, "10"));
    assert_eq!(pages_of(&pdf), 5);
}

#[tokio::test]
async fn who_asked_for_discretion_has_a_page_in_front_whatever_the_envelope() {
    let (letter, pdf) = one(&letter_of(&[1]).discreet(true), true).await;

    assert_eq!((letter.envelope.as_str(), letter.sheets), ("10", 2));
    assert!(page(&pdf, 1).contains("Carmen Fuentes") && !page(&pdf, 1).contains("page0"));
}

#[tokio::test]
async fn the_dispatch_stands_in_the_margin_of_every_sheet_and_never_where_a_window_is() {
    let (_, pdf) = one(&letter_of(&[3]), true).await;
    for number in [1, 3] {
        let marks: Vec<_> =
            poppler::boxes(&pdf, number..=number).into_iter().filter(|w| w.text.contains(DISPATCH)).collect();
        assert_eq!(marks.len(), 1, "page {number}");
        assert!(marks[0].left > 560.0 && marks[0].top > 3.2 * 72.0, "{marks:?}");
    }
    assert!(!page(&pdf, 2).contains(DISPATCH), "the back of a sheet needs none");
}

#[tokio::test]
async fn a_letter_is_found_again_in_its_batch_even_by_a_later_run() {
    let (folder, channel) = open();
    assert_eq!(found(&channel, DISPATCH).await, None);
    channel.deliver(&parcel_of(&physician(), OTHER)).await;
    channel.deliver(&parcel()).await;
    let later = PrintChannel::open(folder.path().join("print"), "2026-11-21-run".to_owned(), true).unwrap();

    for channel in [&channel, &later] {
        let place = found(channel, DISPATCH).await.unwrap();
        assert!(place.starts_with(&format!("in print batch {BATCH} at place 2;")), "{place}");
    }
    assert_eq!(found(&later, "0199f2b1").await, None);
}

#[tokio::test]
async fn letters_without_their_line_in_the_manifest_are_not_printed() {
    let (folder, channel) = open();
    channel.deliver(&parcel()).await;
    fs::remove_file(folder.path().join("print").join(BATCH).join("manifest.csv")).unwrap();

    assert_eq!(found(&channel, DISPATCH).await, None);
}

#[tokio::test]
async fn a_full_disk_spends_no_place_in_the_stack() {
    let (folder, channel) = open();
    let staged = folder.path().join("print/.staged");
    fs::create_dir_all(&staged).unwrap();
    fill_the_disk_for(&staged.join(format!("{DISPATCH}.pdf")));

    assert_eq!(misconfigured(channel.deliver(&parcel()).await), "the disk is full; make room and run again");
    assert_eq!(found(&channel, DISPATCH).await, None);
    assert!(matches!(channel.deliver(&parcel()).await, Outcome::Printed(_)));
    assert!(found(&channel, DISPATCH).await.unwrap().contains("at place 1;"));
}

#[tokio::test]
async fn two_processes_that_begin_in_the_same_second_have_a_stack_each() {
    let (folder, channel) = open();
    let print = folder.path().join("print");
    let other = PrintChannel::open(print.clone(), BATCH.to_owned(), true).unwrap();
    channel.deliver(&parcel()).await;
    other.deliver(&parcel_of(&physician(), OTHER)).await;

    assert!(found(&channel, DISPATCH).await.unwrap().starts_with(&format!("in print batch {BATCH} at place 1;")));
    assert!(found(&channel, OTHER).await.unwrap().starts_with(&format!("in print batch {BATCH}-2 at place 1;")));
    for (batch, dispatch) in [(BATCH.to_owned(), DISPATCH), (format!("{BATCH}-2"), OTHER)] {
        let letters = letters(&print.join(batch)).unwrap();
        assert_eq!(letters.iter().map(|letter| letter.dispatch_id.as_str()).collect::<Vec<_>>(), [dispatch]);
    }
}

#[tokio::test]
async fn a_line_that_a_crash_cut_off_is_no_letter() {
    let (folder, channel) = open();
    channel.deliver(&parcel()).await;
    let manifest = folder.path().join("print").join(BATCH).join("manifest.csv");
    let text = fs::read_to_string(&manifest).unwrap();
    fs::write(&manifest, format!("{text}2,{OTHER},2,1")).unwrap();

    assert_eq!(found(&channel, OTHER).await, None);
    assert!(found(&channel, DISPATCH).await.is_some());
}

#[tokio::test]
async fn a_letter_whose_line_was_written_before_a_crash_is_put_into_the_stack_when_it_is_looked_for() {
    let (folder, channel) = open();
    channel.deliver(&parcel()).await;
    let print = folder.path().join("print");
    let letter = print.join(BATCH).join(format!("0001-{DISPATCH}.pdf"));
    let staged = print.join(".staged").join(format!("{DISPATCH}.pdf"));
    fs::rename(&letter, &staged).unwrap();

    assert!(found(&channel, DISPATCH).await.unwrap().contains("at place 1;"));
    assert!(letter.is_file() && !staged.exists());
}

#[tokio::test]
async fn papers_that_are_no_pdf_are_refused_for_good_and_the_stack_goes_on() {
    let (_folder, channel) = open();
    let case = physician();
    let paper = Paper {
        child_id: case.record.child_id.clone(),
        document: DocumentKind::Ifsp.into(),
        pdf: b"no pdf".to_vec().into(),
        pages: 1,
        text: None,
    };
    let parcel =
        Parcel::new(OTHER.to_owned(), case.permission(), vec![paper], None, case.templates.clone(), case.now).unwrap();

    assert!(matches!(channel.deliver(&parcel).await, Outcome::Permanent(_)));
    assert_eq!(found(&channel, OTHER).await, None);
}

#[tokio::test]
async fn a_folder_that_became_a_file_is_a_sentence_and_nobody_can_tell_what_was_in_it() {
    let (folder, channel) = open();
    let print = folder.path().join("print");
    fs::remove_dir_all(&print).unwrap();
    fs::write(&print, "").unwrap();

    assert!(misconfigured(channel.deliver(&parcel()).await).starts_with("the folder took nothing"));
    assert_eq!(channel.look_for(DISPATCH).await, Trace::CannotTell);
}

#[tokio::test]
async fn a_folder_that_is_gone_leaves_open_what_was_in_it() {
    let (folder, channel) = open();
    channel.deliver(&parcel()).await;
    fs::remove_dir_all(folder.path()).unwrap();

    assert_eq!(channel.look_for(DISPATCH).await, Trace::CannotTell);
}

#[test]
fn nothing_leaves_the_machine_by_printing_and_it_takes_papers() {
    let (_folder, channel) = open();

    assert!(!channel.leaves_this_machine());
    assert!(!channel.takes_messages());
    assert_eq!(channel.name(), "print");
}

/// A printer that writes down its jobs and gives the answers that it was told to.
#[derive(Default)]
struct Recorded {
    jobs: Mutex<Vec<(String, usize)>>,
    refuses: Option<&'static str>,
}

impl Printer for Recorded {
    fn print<'a>(&'a self, job: &'a str, pdf: std::sync::Arc<[u8]>) -> Answer<'a, Outcome> {
        Box::pin(async move {
            if self.refuses == Some(job) {
                return Outcome::Transient(Evidence::of("out of paper"));
            }
            self.jobs.lock().unwrap().push((job.to_owned(), pdf.len()));
            Outcome::Printed(Evidence::of("job 7"))
        })
    }
}

const THIRD: &str = "0199f2b1-7c00-7000-8000-000000000437";

/// A print folder with a batch of three letters.
pub async fn three_letters() -> (tempfile::TempDir, Stack) {
    let (folder, channel) = open();
    for dispatch in [DISPATCH, OTHER, THIRD] {
        channel.deliver(&parcel_of(&physician(), dispatch)).await;
    }
    let stack = stack_in(folder.path());
    (folder, stack)
}

fn stack_in(folder: &Path) -> Stack {
    batches(&folder.join("print")).unwrap().remove(0)
}

async fn print(stack: &Stack, printer: &Recorded, pulled: &[&str]) -> Vec<Job> {
    let pulled: BTreeSet<String> = pulled.iter().map(|id| (*id).to_owned()).collect();
    let jobs = stack.print(printer, 1, &pulled, &|_, _| {}).await.unwrap();
    jobs.into_iter().map(|(_, job)| job).collect()
}

#[tokio::test]
async fn a_batch_is_a_job_a_letter_in_the_order_of_the_stack_and_goes_on_where_it_stopped() {
    let (_folder, stack) = three_letters().await;
    let printed = || Job::Printed("job 7".to_owned());
    let empty = Recorded { refuses: Some(OTHER), ..Recorded::default() };
    let stopped = Job::Stopped(StackTrouble::Printer("out of paper".to_owned()));

    assert_eq!(print(&stack, &empty, &[]).await, [printed(), stopped]);
    let filled = Recorded::default();
    assert_eq!(print(&stack, &filled, &[]).await, [Job::Before, printed(), printed()]);
    let jobs: Vec<String> = filled.jobs.lock().unwrap().iter().map(|(job, _)| job.clone()).collect();
    assert_eq!(jobs, [OTHER, THIRD]);
}

#[tokio::test]
async fn what_may_not_be_mailed_any_more_is_left_out_and_a_changed_file_stops_the_stack() {
    let (folder, stack) = three_letters().await;
    fs::write(folder.path().join("print").join(BATCH).join(format!("0003-{THIRD}.pdf")), "other").unwrap();
    let printer = Recorded::default();

    let jobs = print(&stack, &printer, &[DISPATCH]).await;
    assert_eq!(jobs[0], Job::Pulled);
    assert_eq!(jobs[2], Job::Stopped(StackTrouble::Changed));
    assert_eq!(printer.jobs.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn a_list_of_what_was_printed_that_cannot_be_read_prints_nothing_again() {
    let (folder, stack) = three_letters().await;
    fs::create_dir(folder.path().join("print").join(BATCH).join("printed.csv")).unwrap();
    let printer = Recorded::default();
    stack.print(&printer, 1, &BTreeSet::new(), &|_, _| {}).await.unwrap_err();
    assert!(printer.jobs.lock().unwrap().is_empty());
    // Nor is a batch whose manifest cannot be read no batch.
    fs::create_dir_all(folder.path().join("print/other/manifest.csv")).unwrap();
    batches(&folder.path().join("print")).unwrap_err();
}

#[tokio::test]
async fn a_spooler_gets_the_letter_and_its_sides_by_its_own_program() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("lp");
    let said = folder.path().join("said");
    fs::write(
        &program,
        format!("#!/bin/sh\necho \"$@\" > {0}\nwc -c >> {0}\necho request id is letters-12\n", said.display()),
    )
    .unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    let printer = LpPrinter::new("letters".to_owned(), false).by_program(program.display().to_string());

    let outcome = printer.print(DISPATCH, b"%PDF-1.7".to_vec().into()).await;
    assert!(
        matches!(&outcome, Outcome::Printed(evidence) if evidence.reply == "request id is letters-12"),
        "{outcome:?}"
    );
    let said = fs::read_to_string(said).unwrap();
    assert_eq!(
        said.split_whitespace().collect::<Vec<_>>(),
        ["-d", "letters", "-t", DISPATCH, "-o", "media=Letter", "-o", "sides=one-sided", "8"]
    );
    let missing = LpPrinter::new("letters".to_owned(), true).by_program("/nowhere/lp".to_owned());
    assert!(matches!(missing.print(DISPATCH, b"%PDF".to_vec().into()).await, Outcome::Misconfigured(_)));
}

#[tokio::test]
async fn the_count_sheet_has_every_letter_and_a_place_to_sign_and_names_nobody() {
    let (_folder, stack) = three_letters().await;
    let sheet = count_sheet(&TemplateSet::built_in(), &stack.batch, &stack.letters).unwrap();
    let text = sheet.pages.join("\n");

    for words in [BATCH, DISPATCH, OTHER, THIRD, "Signature", "Sheets of paper"] {
        assert!(text.contains(words), "{words}: {text}");
    }
    for name in names_of_the_child() {
        assert!(!text.contains(&name), "{name}");
    }
}
