//! Messages as files.

use std::fs;

use earlypost::dispatch::{Channel, FolderChannel, Outcome, Parcel};

use super::{
    DISPATCH, OTHER, fill_the_disk_for, found, message, misconfigured, names, names_of_the_child, papers, parcel,
};
use crate::gate::physician;

fn open() -> (tempfile::TempDir, FolderChannel) {
    let folder = tempfile::tempdir().unwrap();
    let channel = FolderChannel::open(folder.path().join("outgoing/mail")).unwrap();
    (folder, channel)
}

#[tokio::test]
async fn a_message_becomes_one_whole_file_under_a_neutral_name() {
    let (folder, channel) = open();
    let Outcome::Accepted(evidence) = channel.deliver(&parcel()).await else { panic!("not accepted") };

    let mail = folder.path().join("outgoing/mail");
    assert_eq!(names(&mail), [format!("{DISPATCH}.eml")], "nothing else is left in the folder");
    assert_eq!(fs::read(mail.join(format!("{DISPATCH}.eml"))).unwrap(), message(&physician()));
    assert!(evidence.reply.contains("nothing left this machine"), "{}", evidence.reply);
    assert_eq!((evidence.peer, evidence.tls), (None, None));
    for name in names_of_the_child() {
        assert!(!format!("{DISPATCH}.eml {}", evidence.reply).contains(&name), "{name}");
    }
    assert!(!channel.leaves_this_machine());
}

#[tokio::test]
async fn a_message_that_was_written_is_found_again_and_no_other() {
    let (_folder, channel) = open();
    assert_eq!(found(&channel, DISPATCH).await, None);
    channel.deliver(&parcel()).await;

    assert!(found(&channel, DISPATCH).await.unwrap().contains(DISPATCH));
    assert_eq!(found(&channel, OTHER).await, None);
}

#[tokio::test]
async fn a_folder_that_cannot_be_looked_into_does_not_say_that_nothing_was_written() {
    let (folder, channel) = open();
    fs::remove_dir(folder.path().join("outgoing/mail")).unwrap();
    fs::write(folder.path().join("outgoing/mail"), "no folder").unwrap();
    assert_eq!(channel.look_for(DISPATCH).await, earlypost::dispatch::Trace::CannotTell);
}

#[tokio::test]
async fn the_same_message_again_leaves_one_file() {
    let (folder, channel) = open();
    for _ in 0..2 {
        assert!(matches!(channel.deliver(&parcel()).await, Outcome::Accepted(_)));
    }
    assert_eq!(names(&folder.path().join("outgoing/mail")).len(), 1);
}

#[tokio::test]
async fn a_half_written_file_of_a_crash_is_not_found() {
    let (folder, channel) = open();
    fs::write(folder.path().join("outgoing/mail").join(format!(".{DISPATCH}.eml.1.part")), "half").unwrap();

    assert_eq!(found(&channel, DISPATCH).await, None);
}

#[tokio::test]
async fn a_folder_that_is_gone_is_a_sentence_without_a_path() {
    let (folder, channel) = open();
    fs::remove_dir_all(folder.path()).unwrap();
    let says = misconfigured(channel.deliver(&parcel()).await);

    assert!(says.starts_with("the folder took nothing"), "{says}");
    assert!(!says.contains(folder.path().to_str().unwrap()), "{says}");
}

#[tokio::test]
async fn a_full_disk_says_what_to_do_and_leaves_no_file() {
    let (folder, channel) = open();
    let mail = folder.path().join("outgoing/mail");
    fill_the_disk_for(&mail.join(format!("{DISPATCH}.eml")));

    assert_eq!(misconfigured(channel.deliver(&parcel()).await), "the disk is full; make room and run again");
    assert_eq!(names(&mail), [""; 0], "what could not be finished is removed");
    assert!(matches!(channel.deliver(&parcel()).await, Outcome::Accepted(_)), "it goes on when there is room");
}

#[tokio::test]
async fn bare_papers_are_not_for_the_folder() {
    let (_folder, channel) = open();
    let case = physician();
    let bare =
        Parcel::new(DISPATCH.to_owned(), case.permission(), papers(&case), None, case.templates.clone(), case.now)
            .unwrap();

    assert!(channel.takes_messages());
    assert!(misconfigured(channel.deliver(&bare).await).contains("e-mail messages only"));
}

#[test]
fn a_folder_that_cannot_be_made_is_told_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("file"), "").unwrap();

    assert!(FolderChannel::open(folder.path().join("file/mail")).is_err());
}
