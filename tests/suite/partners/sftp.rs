//! A partner's folder, on a real OpenSSH server.

use std::{fs, sync::Arc};

use earlypost::{
    case::{Address, EndpointKind},
    dispatch::{Channel, Outcome, Parcel, SftpChannel, StateName, Trace},
};
use serde_json::json;

use super::{
    DISPATCH, OTHER, papers, partner_case,
    sshd::{Sshd, available},
};
use crate::harness::{MAYA, World};

fn parcel_of(dispatch: &str) -> Parcel {
    let case = partner_case(Address::Sftp { connection: crate::due::samples::line("lakeside") });
    Parcel::new(dispatch.to_owned(), case.permission(), papers(&case), None, case.templates.clone(), case.now).unwrap()
}

fn files(sshd: &Sshd) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(sshd.folder()).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn reply(outcome: &Outcome) -> String {
    outcome.evidence().reply.clone()
}

#[tokio::test]
async fn papers_arrive_whole_under_names_that_tell_nothing_and_a_second_try_finds_them() {
    if !available() {
        return;
    }
    let sshd = Sshd::start();
    let channel = SftpChannel::open(sshd.settings(&json!({}))).unwrap();
    let parcel = parcel_of(DISPATCH);
    assert_eq!(channel.look_for(DISPATCH).await, Trace::Absent);

    let outcome = channel.deliver(&parcel).await;

    assert!(matches!(outcome, Outcome::Accepted(_)), "{outcome:?}");
    assert_eq!(files(&sshd), [format!("{DISPATCH}-1of2-physician-letter.pdf"), format!("{DISPATCH}-2of2-ifsp.pdf")]);
    for (name, paper) in files(&sshd).iter().zip(parcel.papers()) {
        assert_eq!(fs::read(sshd.folder().join(name)).unwrap(), *paper.pdf);
    }
    assert!(matches!(channel.look_for(DISPATCH).await, Trace::Found(_)));
    assert_eq!(channel.look_for(OTHER).await, Trace::Absent);

    // A worker that died between the two names left the first; the next try adds the second and nothing else.
    fs::remove_file(sshd.folder().join(format!("{DISPATCH}-2of2-ifsp.pdf"))).unwrap();
    assert_eq!(channel.look_for(DISPATCH).await, Trace::Absent);
    let again = channel.deliver(&parcel).await;
    assert!(reply(&again).contains("1 of them since an earlier try"), "{again:?}");
    assert_eq!(files(&sshd).len(), 2);
    // Other bytes under our name are never overwritten.
    fs::write(sshd.folder().join(format!("{DISPATCH}-1of2-physician-letter.pdf")), "theirs").unwrap();
    assert!(matches!(channel.deliver(&parcel).await, Outcome::Permanent(_)));
    assert_eq!(fs::read(sshd.folder().join(format!("{DISPATCH}-1of2-physician-letter.pdf"))).unwrap(), b"theirs");
}

#[tokio::test]
async fn another_host_key_or_a_refused_login_sends_nothing_and_says_what_to_do() {
    if !available() {
        return;
    }
    let sshd = Sshd::start();
    let other = json!({ "host_key": format!("SHA256:{}", "A".repeat(43)) });
    let outcome = SftpChannel::open(sshd.settings(&other)).unwrap().deliver(&parcel_of(DISPATCH)).await;
    assert!(matches!(outcome, Outcome::Misconfigured(_)), "{outcome:?}");
    assert!(reply(&outcome).contains("shows another key (SHA256:"), "{}", reply(&outcome));
    assert!(!outcome.bytes_may_have_left());

    let stranger = json!({ "key_file": sshd.other_key() });
    let outcome = SftpChannel::open(sshd.settings(&stranger)).unwrap().deliver(&parcel_of(DISPATCH)).await;
    assert!(matches!(outcome, Outcome::Misconfigured(_)), "{outcome:?}");
    assert!(reply(&outcome).contains("refused the login"));

    let nowhere = json!({ "folder": "/not/there" });
    let outcome = SftpChannel::open(sshd.settings(&nowhere)).unwrap().deliver(&parcel_of(DISPATCH)).await;
    assert!(matches!(outcome, Outcome::Misconfigured(_)), "{outcome:?}");
    assert!(reply(&outcome).contains("the folder is not there"), "{}", reply(&outcome));
    assert!(files(&sshd).is_empty());
    let look = async |changes| SftpChannel::open(sshd.settings(&changes)).unwrap().look().await;
    assert!(look(stranger).await.unwrap_err().starts_with("lakeside: the server refused the login"));
    assert_eq!(look(json!({})).await.unwrap(), "these partners' folders can be opened: lakeside");
}

#[tokio::test]
async fn a_full_disk_leaves_no_file_and_is_tried_again() {
    if !available() {
        return;
    }
    let sshd = Sshd::start();
    let channel = SftpChannel::open(sshd.settings(&json!({}))).unwrap();
    // No full disk is needed to see what one does: the part leads to a device that refuses every byte.
    let part = sshd.folder().join(format!(".{DISPATCH}-1of2-physician-letter.pdf.part"));
    std::os::unix::fs::symlink("/dev/full", &part).unwrap();

    let outcome = channel.deliver(&parcel_of(DISPATCH)).await;

    assert!(matches!(outcome, Outcome::Transient(_)), "{outcome:?}");
    assert!(outcome.bytes_may_have_left(), "bytes crossed, though nothing was stored");
    assert!(files(&sshd).is_empty(), "the part is gone: {:?}", files(&sshd));
    assert_eq!(channel.look_for(DISPATCH).await, Trace::Absent);
    assert!(matches!(channel.deliver(&parcel_of(DISPATCH)).await, Outcome::Accepted(_)));
}

#[tokio::test]
async fn a_server_that_is_away_is_tried_again_and_nobody_claims_to_know() {
    if !available() {
        return;
    }
    let sshd = Sshd::start();
    let settings = sshd.settings(&json!({ "step_seconds": 3 }));
    let channel = SftpChannel::open(settings).unwrap();
    drop(sshd);
    let outcome = channel.deliver(&parcel_of(DISPATCH)).await;
    assert!(matches!(outcome, Outcome::Transient(_)), "{outcome:?}");
    assert!(!outcome.bytes_may_have_left());
    assert_eq!(channel.look_for(DISPATCH).await, Trace::CannotTell);
}

#[test]
fn a_partner_that_is_wrong_waits_for_a_person_and_the_others_get_their_papers() {
    if !available() {
        return;
    }
    let sshd = Sshd::start();
    let mut settings = serde_json::to_value(sshd.settings(&json!({}))).unwrap();
    let mut wrong = settings["connections"]["lakeside"].clone();
    wrong["host_key"] = json!(format!("SHA256:{}", "A".repeat(43)));
    settings["connections"]["hillside"] = wrong;
    let mut world = World::with(&[MAYA]);
    let path = world.caseload().join("directory.json");
    let mut directory: serde_json::Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    for office in directory["organisations"].as_array_mut().unwrap() {
        let connection = match office["organisation_id"].as_str() {
            Some("ghent-pediatrics") => "hillside",
            Some("bayside-therapy") => "lakeside",
            _ => continue,
        };
        office["endpoints"].as_array_mut().unwrap().truncate(1);
        office["endpoints"][0]["address"] = json!({ "kind": "sftp", "connection": connection });
    }
    fs::write(&path, serde_json::to_vec(&directory).unwrap()).unwrap();
    let channel = SftpChannel::open(serde_json::from_value(settings).unwrap()).unwrap();
    world.replace_channel(EndpointKind::Sftp, Arc::new(channel));
    world.leaves_open(StateName::Queued);

    world.run();

    let store = &world.pipeline.store;
    let states = || {
        let of = |recipient| world.row(MAYA, recipient).state;
        (of("office:ghent-pediatrics/dr-osei"), of("office:bayside-therapy"))
    };
    assert_eq!(states(), (StateName::Queued, StateName::Accepted));
    let paused = || world.runtime.block_on(store.service().paused_endpoints()).unwrap();
    assert!(paused()[0].why.contains("shows another key"), "{:?}", paused());
    assert!(world.runtime.block_on(store.service().paused_channels()).unwrap().is_empty());

    // Resumed while it is still wrong, it waits again.
    let endpoint = paused()[0].name.clone();
    assert!(
        world.runtime.block_on(store.service().resume_endpoint(&endpoint, "a person", world.pipeline.now())).unwrap()
    );
    world.deliver();
    assert_eq!((paused().len(), states().0), (1, StateName::Queued));
}
