//! Letters for the program's own printer.

use std::fs;

use earlypost::dispatch::{Channel, Outcome, PrintChannel, Trace};

use super::{
    DISPATCH, OTHER, fill_the_disk_for, found, misconfigured, names, names_of_the_child, papers, parcel, parcel_of,
};
use crate::gate::physician;

const BATCH: &str = "2026-11-20-run";

fn open() -> (tempfile::TempDir, PrintChannel) {
    let folder = tempfile::tempdir().unwrap();
    let channel = PrintChannel::open(folder.path().join("print"), BATCH.to_owned()).unwrap();
    (folder, channel)
}

#[tokio::test]
async fn a_letter_becomes_a_whole_file_a_paper_under_neutral_names() {
    let (folder, channel) = open();
    let Outcome::Printed(evidence) = channel.deliver(&parcel()).await else { panic!("not printed") };

    let batch = folder.path().join("print").join(BATCH);
    let files = [format!("0001-{DISPATCH}-1-physician-letter.pdf"), format!("0001-{DISPATCH}-2-ifsp.pdf")];
    assert_eq!(names(&batch), [&files[0], &files[1], "manifest.csv"]);
    for (file, paper) in files.iter().zip(papers(&physician())) {
        assert_eq!(fs::read(batch.join(file)).unwrap(), &*paper.pdf);
    }
    assert_eq!(evidence.reply, format!("in print batch {BATCH} at place 1"));
    let manifest = fs::read_to_string(batch.join("manifest.csv")).unwrap();
    for name in names_of_the_child() {
        assert!(!format!("{files:?} {} {manifest}", evidence.reply).contains(&name), "{name}");
    }
}

#[tokio::test]
async fn the_manifest_counts_places_papers_pages_and_sheets() {
    let (folder, channel) = open();
    for dispatch in [DISPATCH, OTHER] {
        channel.deliver(&parcel_of(&physician(), dispatch)).await;
    }
    let manifest = fs::read_to_string(folder.path().join("print").join(BATCH).join("manifest.csv")).unwrap();

    // A letter of one page and a plan of nine: one sheet and five, printed on both sides.
    assert_eq!(manifest, format!("place,dispatch,papers,pages,sheets_duplex\n1,{DISPATCH},2,10,6\n2,{OTHER},2,10,6\n"));
}

#[tokio::test]
async fn a_letter_is_found_again_in_its_batch_even_by_a_later_run() {
    let (folder, channel) = open();
    assert_eq!(found(&channel, DISPATCH).await, None);
    channel.deliver(&parcel_of(&physician(), OTHER)).await;
    channel.deliver(&parcel()).await;
    let later = PrintChannel::open(folder.path().join("print"), "2026-11-21-run".to_owned()).unwrap();

    for channel in [&channel, &later] {
        assert_eq!(found(channel, DISPATCH).await.unwrap(), format!("in print batch {BATCH} at place 2"));
    }
    assert_eq!(found(&later, "0199f2b1").await, None);
}

#[tokio::test]
async fn papers_without_their_line_in_the_manifest_are_not_printed() {
    let (folder, channel) = open();
    channel.deliver(&parcel()).await;
    fs::remove_file(folder.path().join("print").join(BATCH).join("manifest.csv")).unwrap();

    assert_eq!(found(&channel, DISPATCH).await, None);
}

#[tokio::test]
async fn a_full_disk_spends_no_place_in_the_stack() {
    let (folder, channel) = open();
    let staged = folder.path().join("print/.staged").join(DISPATCH);
    fs::create_dir_all(&staged).unwrap();
    fill_the_disk_for(&staged.join("2-ifsp.pdf"));

    assert_eq!(misconfigured(channel.deliver(&parcel()).await), "the disk is full; make room and run again");
    assert_eq!(found(&channel, DISPATCH).await, None);
    assert!(matches!(channel.deliver(&parcel()).await, Outcome::Printed(_)));
    assert_eq!(found(&channel, DISPATCH).await.unwrap(), format!("in print batch {BATCH} at place 1"));
}

#[tokio::test]
async fn two_processes_that_begin_in_the_same_second_have_a_stack_each() {
    let (folder, channel) = open();
    let other = PrintChannel::open(folder.path().join("print"), BATCH.to_owned()).unwrap();
    channel.deliver(&parcel()).await;
    other.deliver(&parcel_of(&physician(), OTHER)).await;

    assert_eq!(found(&channel, DISPATCH).await.unwrap(), format!("in print batch {BATCH} at place 1"));
    assert_eq!(found(&channel, OTHER).await.unwrap(), format!("in print batch {BATCH}-2 at place 1"));
    for (batch, dispatch) in [(BATCH.to_owned(), DISPATCH), (format!("{BATCH}-2"), OTHER)] {
        let manifest = fs::read_to_string(folder.path().join("print").join(batch).join("manifest.csv")).unwrap();
        assert_eq!(manifest.lines().count(), 2, "{manifest}");
        assert!(manifest.contains(dispatch));
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
    let (batch, staged) = (folder.path().join("print").join(BATCH), folder.path().join("print/.staged").join(DISPATCH));
    fs::create_dir_all(&staged).unwrap();
    let letter = |n: &str| batch.join(format!("0001-{DISPATCH}-{n}"));
    let first = fs::read_dir(&batch).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap());
    let names: Vec<String> =
        first.filter_map(|n| n.strip_prefix(&format!("0001-{DISPATCH}-")).map(ToOwned::to_owned)).collect();
    assert!(!names.is_empty());
    for name in &names {
        fs::rename(letter(name), staged.join(name)).unwrap();
    }

    assert_eq!(found(&channel, DISPATCH).await.unwrap(), format!("in print batch {BATCH} at place 1"));
    assert!(names.iter().all(|name| letter(name).is_file()));
    assert!(!staged.exists());
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
