//! Papers as encrypted copies: what leaves opens with the passphrase only, and the master stays as it was.

use std::{fs, process::Command};

use earlypost::{
    case::{Address, EndpointId, MailProtection},
    dispatch::{StateName, passphrase, pdf_encryption::encrypted},
};

use crate::harness::{Does, MAYA, World, by, child};

const DOCTOR: &str = "office:ghent-pediatrics/dr-osei";

fn world() -> World {
    let world = World::with(&[MAYA]);
    let path = world.caseload().join("directory.json");
    let text = fs::read_to_string(&path).unwrap();
    let mut directory: earlypost::case::Directory = serde_json::from_str(&text).unwrap();
    let office = directory.organisations.iter_mut().find(|o| o.organisation_id.as_str() == "ghent-pediatrics").unwrap();
    let Address::Email { protection, .. } = &mut office.endpoints[0].address else { panic!("an e-mail address") };
    *protection = Some(MailProtection::EncryptedPdf);
    fs::write(path, serde_json::to_vec(&directory).unwrap()).unwrap();
    world
}

/// The PDFs in the messages to the physician, attempt by attempt.
fn sent(world: &World) -> Vec<Vec<Vec<u8>>> {
    world.mail.given_to(DOCTOR).iter().map(|given| given.papers.iter().map(|pdf| pdf.to_vec()).collect()).collect()
}

fn words(world: &World) -> earlypost::store::PassphraseRow {
    let endpoint = EndpointId::parse("ghent-direct").unwrap();
    world.runtime.block_on(world.pipeline.store.service().passphrase(&child(MAYA), &endpoint)).unwrap().unwrap()
}

fn opens(pdf: &[u8], password: Option<&str>) -> Option<String> {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), pdf).unwrap();
    let mut command = Command::new("pdfinfo");
    if let Some(password) = password {
        command.args(["-upw", password]);
    }
    let output = command.arg(file.path()).output().unwrap();
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// What a reader program finds on the pages.
fn text_of(pdf: &[u8], password: &str) -> String {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), pdf).unwrap();
    let output = Command::new("pdftotext").args(["-upw", password]).arg(file.path()).arg("-").output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn what_leaves_opens_with_the_passphrase_only_and_every_attempt_has_the_same_bytes() {
    let mut world = world();
    for _ in 0..6 {
        world.mail.next(Does::RefusesForNow);
    }
    world.leaves_open(StateName::Queued);
    world.run();
    world.clock.advance(chrono::Duration::hours(2));
    world.deliver();
    let attempts = sent(&world);
    assert!(attempts.len() >= 2, "{} attempts", attempts.len());
    assert_eq!(attempts[0], attempts[1], "a retry sends the same bytes");

    let passphrase = words(&world).words;
    for pdf in &attempts[0] {
        assert!(opens(pdf, None).is_none() && opens(pdf, Some("acorn")).is_none());
        let options = lopdf::LoadOptions::with_password(&passphrase);
        lopdf::Document::load_mem_with_options(pdf, options).expect("it opens with the passphrase");
        for name in ["Maya", "Rivera"] {
            assert!(!pdf.windows(name.len()).any(|w| w == name.as_bytes()), "{name} stands in clear");
        }
    }
    let message = String::from_utf8(world.mail.given_to(DOCTOR)[0].message.clone().unwrap()).unwrap();
    assert!(!message.contains(&passphrase), "the passphrase goes by another way");

    // The master stays plain under our own key, with the hash that the record names.
    let row = world.row(MAYA, DOCTOR);
    let item = &row.packet.as_ref().unwrap().items[0];
    let master = world.runtime.block_on(world.pipeline.store.bodies().get_body(&child(MAYA), &item.body)).unwrap();
    assert!(opens(&master, None).unwrap().contains("Encrypted:       no"));
    // Poppler's programs take no more than 32 characters on their command line.
    let copy = encrypted(&master, "acorn-violet-lantern-4071").unwrap();
    let info = opens(&copy, Some("acorn-violet-lantern-4071")).expect("it opens with its passphrase");
    assert!(info.contains("algorithm:AES-256") && info.contains("Tagged:          yes"), "{info}");
    let text = text_of(&copy, "acorn-violet-lantern-4071");
    assert!(text.contains("Maya") && text == text_of(&master, ""), "the copy reads like the master");
    world.verify();
}

#[test]
fn somebody_is_asked_to_tell_it_once() {
    let world = world();
    world.run();
    let asked = || {
        let lines = world.runtime.block_on(world.pipeline.operations().waiting(by("the tester"))).unwrap();
        lines.iter().filter(|line| line.what == "passphrase-to-tell").count()
    };
    assert_eq!(asked(), 1, "one passphrase an address, however many papers");
    let endpoint = EndpointId::parse("ghent-direct").unwrap();
    let now = world.pipeline.now();
    let maya = child(MAYA);
    let told = world.pipeline.store.service().passphrase_told(&maya, &endpoint, "by telephone", "a test", now);
    world.runtime.block_on(told).unwrap();
    assert_eq!(asked(), 0);
    assert_eq!(words(&world).told.unwrap().1, "by telephone");
    assert!(!format!("{:?}", words(&world)).contains(&words(&world).words), "never in a log");
}

#[test]
fn what_is_no_pdf_is_refused_and_never_sent_in_clear() {
    assert!(encrypted(b"no pdf", &passphrase::generate()).is_err());
}
