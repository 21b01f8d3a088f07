//! Keys changed, records kept and destroyed, backups restored.

use std::{fs, os::unix::fs::PermissionsExt};

use earlypost::store::{NewReceipt, ProgramKey, ReceiptStanding, Store, StoreSettings};
use page_validation::{ValidationOptions, ValidationProfile, validate_pdf_bytes};
use serde_json::json;

use super::{found_out, tamper};
use crate::{
    commands::place::{Place, ended, sample},
    harness::{MAYA, World},
    papers::conformance::false_alarm,
};

const LATER: &str = "2030-01-01";

const BOTH: [&str; 2] = ["c-0415", "c-0417"];

/// A run, after which the child c-0417 leaves.
fn left() -> Place {
    leaves(Place::with(&BOTH))
}

fn leaves(place: Place) -> Place {
    place.done(&["run"]);
    place.done(&["mark", "mailed", "--all"]);
    place.change("c-0417", |record| {
        record["exit"] = json!({ "event_id": "0417-exit", "on": "2026-11-20", "reason": "moved_away" });
    });
    place.done(&["import"]);
    place
}

fn destroy(place: &Place, as_of: &str) -> crate::commands::place::Said {
    place.as_keeper(&["destroy", "--child", "c-0417", "--because", "term-over", "--yes", "--as-of", as_of])
}

fn told(place: &Place) {
    let how = ["--given-on", "2026-11-20", "--how", "by mail to both parents"];
    place.done(&[&["retention", "notice", "--child", "c-0417"], &how[..]].concat());
}

/// Whether these bytes stand in any file below the data folder, or in a row of the database where that is no file.
fn stands(place: &Place, text: &str) -> bool {
    let holds = |bytes: Vec<u8>| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    place.files("data").into_iter().any(|path| holds(fs::read(path).unwrap())) || place.database.has_a_row_with(text)
}

#[test]
fn a_record_is_destroyed_only_when_its_term_is_over_the_parents_were_told_and_no_hold_stands() {
    let place = left();
    destroy(&place, "2026-11-20").fails(1, "is kept until 2029-11-20");
    place
        .earlypost(&["destroy", "--child", "c-0415", "--because", "term-over", "--yes", "--as-of", LATER])
        .fails(1, "has not left the program");
    destroy(&place, LATER).fails(1, "were not told");
    told(&place);
    place.done(&["retention", "hold", "--child", "c-0417", "--reason", "a complaint is open"]);
    destroy(&place, LATER).fails(1, "a legal hold stands for child c-0417");
    let listed = place.json(&["retention", "list", "--as-of", LATER])["records"][0].clone();
    assert_eq!(
        (&listed["legal_hold"], &listed["notice_given"], &listed["over"]),
        (&json!(true), &json!(true), &json!(true))
    );
    place.done(&["retention", "lift", "--child", "c-0417", "--reason", "the complaint is settled"]);
    place.earlypost(&["retention", "lift", "--child", "c-0417", "--reason", "again"]).fails(1, "no legal hold stands");
    place
        .earlypost(&["destroy", "--child", "c-0417", "--because", "term-over", "--as-of", LATER])
        .fails(2, "Say --yes");
    assert_eq!(destroy(&place, LATER).code, 0);
}

#[test]
fn what_is_destroyed_is_gone_and_the_fact_of_its_disclosures_stays() {
    let place = left();
    told(&place);
    let record = sample("c-0417");
    let narrative = record["ifsps"][0]["outcomes"][0]["statement"].as_str().unwrap();
    let narrative = &narrative[..30.min(narrative.len())];
    assert!(stands(&place, narrative), "the database holds the record until then");
    let papers = place.files("data/papers").len();
    let before = place.json(&["ledger", "report", "--child", "c-0417"]);
    let lines = before["report"]["disclosures"].as_array().unwrap().len();
    let term = &before["retention"];
    assert_eq!(term["retention_class"], "early-intervention-record");
    assert!(term["destroy_after"].as_str().unwrap() > term["left_on"].as_str().unwrap(), "{term}");

    let said = destroy(&place, LATER);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(!stands(&place, narrative), "the record's text lingers in a file");
    assert!(place.files("data/papers").len() < papers);
    let outgoing = place.files("data/outgoing");
    for line in before["report"]["disclosures"].as_array().unwrap() {
        let id = line["dispatch"].as_str().unwrap();
        assert!(
            !outgoing.iter().any(|path| path.to_string_lossy().contains(id)),
            "{id} still lies in an outgoing folder"
        );
    }
    place.done(&["ledger", "verify", "--documents"]);

    let after = place.json(&["ledger", "report", "--child", "c-0417"]);
    assert!(after["retention"].is_null(), "there is nothing left to keep");
    let after = after["report"]["disclosures"].as_array().unwrap();
    assert_eq!(after.len(), lines);
    assert!(after.iter().all(|line| line["recipient_name"].is_null() && line["address"].is_null()));
    assert!(after.iter().all(|line| line["recipient"].as_str().unwrap().contains(':')));
    let entries = place.json(&["ledger", "list"])["entries"].as_array().unwrap().clone();
    let last = &entries.last().unwrap()["entry"];
    assert_eq!(last["event"], "certificate");
    assert!(last["destroyed"]["papers"].as_i64().unwrap() > 0 && last["basis"] == "term-over", "{last}");
}

#[test]
fn a_destroyed_record_does_not_come_back_with_an_import() {
    let place = left();
    told(&place);
    assert_eq!(destroy(&place, LATER).code, 0);
    let sent = place.sent().len();
    place.earlypost(&["run"]).fails(3, "this child's record was destroyed here");
    assert_eq!(place.sent().len(), sent);
    place.earlypost(&["hold", "--child", "c-0417", "--reason", "x"]).fails(1, "there is no child c-0417");
}

#[test]
fn details_without_a_destruction_entry_are_missed() {
    let place = left();
    tamper(
        &place,
        &["DELETE FROM ledger_detail WHERE child_id = 'c-0417'", "DELETE FROM child_key WHERE child_id = 'c-0417'"],
    );
    found_out(&place, "the detail of entry");
}

#[test]
fn the_notice_and_its_words_meet_the_standards_of_every_paper() {
    let place = left();
    let out = place.path("notice.pdf");
    place.done(&["retention", "notice", "--child", "c-0417", "--out", out.to_str().unwrap()]);
    let pdf = fs::read(out).unwrap();
    for profile in [ValidationProfile::PdfUa1, ValidationProfile::PdfA2a] {
        let found = validate_pdf_bytes(&pdf, &ValidationOptions::default().profile(profile)).unwrap();
        let faults: Vec<_> = found.failures.iter().filter(|f| !false_alarm(f, &pdf)).collect();
        assert!(faults.is_empty(), "{profile:?}: {faults:#?}");
    }
}

#[test]
fn a_new_key_opens_everything_and_no_paper_is_written() {
    let place = left();
    let papers: Vec<_> = place.files("data/papers").into_iter().map(|path| (fs::read(&path).unwrap(), path)).collect();
    let old = fs::read_to_string(place.data("program.key")).unwrap();
    let said = place.json(&["key", "rotate"]);
    assert_eq!(said["children"], 2);
    let new = fs::read_to_string(place.data("program.key")).unwrap();
    assert_ne!(old, new);
    assert_eq!(fs::metadata(place.data("program.key")).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::read_to_string(place.data("program.key.old")).unwrap(), old);
    for (bytes, path) in papers {
        assert!(fs::read(&path).unwrap() == bytes, "{} was written anew", path.display());
    }
    place.done(&["ledger", "verify", "--documents"]);
    let mut with_old = place.command(&["status"]);
    ended(with_old.env("EARLYPOST_KEY", old.trim()))
        .fails(1, "this is not the key that this data folder was written with");
}

#[test]
fn a_change_of_key_that_broke_off_is_finished_at_the_next_start() {
    let place = left();
    place.done(&["key", "rotate"]);
    // The power went after the transaction and before the new key took its place.
    fs::rename(place.data("program.key"), place.data("program.key.new")).unwrap();
    fs::rename(place.data("program.key.old"), place.data("program.key")).unwrap();
    place.done(&["ledger", "verify", "--documents"]);
    assert!(!place.data("program.key.new").exists());
}

#[test]
fn a_key_that_is_handed_over_needs_a_place_for_the_new_one() {
    let place = left();
    let key = fs::read_to_string(place.data("program.key")).unwrap().trim().to_owned();
    let credentials = place.path("credentials");
    fs::create_dir(&credentials).unwrap();
    fs::write(credentials.join("earlypost.key"), &key).unwrap();
    fs::remove_file(place.data("program.key")).unwrap();
    let mut status = place.command(&["status"]);
    assert_eq!(ended(status.env("CREDENTIALS_DIRECTORY", &credentials)).code, 0);
    let mut rotate = place.command(&["key", "rotate"]);
    ended(rotate.env("CREDENTIALS_DIRECTORY", &credentials)).fails(1, "give --out FILE");
    let out = place.path("new.key");
    let mut rotate = place.command(&["key", "rotate", "--out", out.to_str().unwrap()]);
    assert_eq!(ended(rotate.env("CREDENTIALS_DIRECTORY", &credentials)).code, 0);
    fs::copy(&out, credentials.join("earlypost.key")).unwrap();
    let mut verify = place.command(&["ledger", "verify", "--documents"]);
    assert_eq!(ended(verify.env("CREDENTIALS_DIRECTORY", &credentials)).code, 0);
    fs::write(credentials.join("earlypost.key"), "nothing").unwrap();
    let mut status = place.command(&["status"]);
    ended(status.env("CREDENTIALS_DIRECTORY", &credentials)).fails(1, "the credential earlypost.key");
}

/// Moves the data folder away and leaves a new one with the key, and with what else is named.
fn new_machine(place: &Place, with: &[&str]) {
    fs::rename(place.path("data"), place.path("old")).unwrap();
    fs::create_dir(place.path("data")).unwrap();
    for name in [&["program.key"], with].concat() {
        let (from, to) = (place.path("old").join(name), place.data(name));
        if from.is_dir() {
            fs::create_dir(&to).unwrap();
            for entry in fs::read_dir(from).unwrap() {
                let path = entry.unwrap().path();
                fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
            }
        } else {
            fs::copy(from, to).unwrap();
        }
    }
}

#[test]
fn a_restored_backup_is_whole_and_sends_nothing_until_it_is_released() {
    let place = Place::on_sqlite(&["c-0415"]);
    place.done(&["run"]);
    let file = place.path("backup.tar");
    let file = file.to_str().unwrap();
    let made = place.json(&["backup", file]);
    assert!(made["backup"]["files"].as_u64().unwrap() > 4, "{made}");
    assert_eq!(fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
    let key = fs::read(place.data("program.key")).unwrap();
    let bytes = fs::read(file).unwrap();
    assert!(!bytes.windows(64).any(|window| window == &key[..64]), "the program's key is in the backup");
    place.earlypost(&["backup", file]).fails(1, "is there already");
    place.earlypost(&["restore", file]).fails(1, "is not empty");

    new_machine(&place, &[]);
    let restored = place.json(&["restore", file]);
    assert_eq!((&restored["missing_entries"], &restored["settled"]["fault"]), (&json!(0), &json!(null)));
    place.put("c-0417", &sample("c-0417"));
    place.earlypost(&["run"]).fails(4, "nothing is sent");
    assert!(place.sent().is_empty());
    place.done(&["release", "--installation", "--reason", "a new machine"]);
    place.done(&["run"]);
    assert!(!place.sent().is_empty());
    place.done(&["ledger", "verify", "--documents"]);
}

#[test]
fn a_backup_from_before_the_first_sending_is_held_as_well() {
    let place = Place::on_sqlite(&["c-0415", "c-0417"]);
    place.done(&["import"]);
    let file = place.path("backup.tar");
    let file = file.to_str().unwrap();
    place.done(&["backup", file]);
    place.done(&["run"]);
    new_machine(&place, &[]);
    assert_eq!(place.json(&["restore", file])["restored"]["entries"], 0);
    let held = "this database was restored from a backup";
    for command in [&["run"][..], &["deliver"], &["status"], &["serve"]] {
        place.earlypost(command).fails(4, held);
    }
    place.earlypost(&["doctor"]).fails(5, "");
    assert!(place.earlypost(&["doctor"]).out.contains(held));
    assert!(place.sent().is_empty());
    // It is held by the database, wherever its files are carried.
    place.earlypost(&["run"]).fails(4, held);
    place.done(&["release", "--installation", "--reason", "the disk broke"]);
    assert!(!place.earlypost(&["status"]).err.contains(held));
    place.done(&["run"]);
    assert!(!place.sent().is_empty());
}

#[test]
fn what_a_restore_that_was_cut_off_has_unpacked_is_held() {
    let place = Place::with(&["c-0415", "c-0417"]);
    place.done(&["import"]);
    // As the program leaves it that ends between the last file and the note in the database.
    fs::write(place.data("restored"), "2026-11-20T12:00:00.000Z").unwrap();
    place.earlypost(&["run"]).fails(4, "this database was restored from a backup");
    place.done(&["release", "--installation", "--reason", "it is this one"]);
    place.done(&["run"]);
}

#[test]
fn last_weeks_backup_says_how_much_of_the_record_is_missing() {
    let place = Place::on_sqlite(&["c-0415"]);
    place.done(&["run"]);
    let file = place.path("backup.tar");
    let file = file.to_str().unwrap();
    place.done(&["backup", file]);
    place.done(&["ledger", "correct", "1", "--says", "one"]);
    place.done(&["ledger", "correct", "1", "--says", "two"]);
    place.done(&["ledger", "checkpoint"]);
    new_machine(&place, &["checkpoints", "checkpoint.key"]);
    assert_eq!(place.json(&["restore", file])["missing_entries"], 2);
    found_out(&place, "the end is missing or the database is an older copy");
    place.earlypost(&["run"]).fails(4, "nothing is sent");
    place.done(&["release", "--installation", "--reason", "the disk broke"]);
    place.done(&["run"]);
    place.done(&["ledger", "correct", "1", "--says", "three"]);
    place.done(&["ledger", "correct", "1", "--says", "four"]);
    place.done(&["ledger", "checkpoint"]);
    place.done(&["ledger", "verify", "--documents"]);
}

#[test]
fn who_was_destroyed_is_destroyed_again_when_an_older_backup_is_restored() {
    let place = leaves(Place::on_sqlite(&BOTH));
    told(&place);
    let file = place.path("backup.tar");
    let file = file.to_str().unwrap();
    place.done(&["backup", file]);
    assert_eq!(destroy(&place, LATER).code, 0);
    new_machine(&place, &["checkpoints", "checkpoint.key"]);
    let restored = place.json(&["restore", file]);
    assert_eq!(restored["settled"]["destroyed_again"], json!(["c-0417"]));
    place.earlypost(&["hold", "--child", "c-0417", "--reason", "x"]).fails(1, "there is no child c-0417");
    let narrative = sample("c-0417")["ifsps"][0]["outcomes"][0]["statement"].as_str().unwrap()[..30].to_owned();
    assert!(!stands(&place, &narrative));
}

#[test]
fn a_backup_without_its_key_or_with_a_damaged_file_is_refused() {
    let place = Place::on_sqlite(&["c-0415"]);
    place.done(&["run"]);
    let file = place.path("backup.tar");
    place.done(&["backup", file.to_str().unwrap()]);
    new_machine(&place, &[]);
    let key = fs::read(place.data("program.key")).unwrap();
    fs::remove_file(place.data("program.key")).unwrap();
    place.earlypost(&["restore", file.to_str().unwrap()]).fails(1, "the key of the backup is missing");
    fs::write(place.data("program.key"), key).unwrap();
    fs::set_permissions(place.data("program.key"), fs::Permissions::from_mode(0o600)).unwrap();
    let whole = fs::read(&file).unwrap();
    let mut damaged = whole.clone();
    damaged[9_000] ^= 1;
    fs::write(&file, &damaged).unwrap();
    place.earlypost(&["restore", file.to_str().unwrap()]).fails(1, "the backup is damaged");
    fs::write(&file, &whole[..whole.len() / 2]).unwrap();
    let said = place.earlypost(&["restore", file.to_str().unwrap()]);
    assert!(said.code == 1 && place.files("data").len() == 1, "{}", said.err);
    fs::write(&file, &whole).unwrap();
    place.done(&["restore", file.to_str().unwrap()]);
}

#[test]
fn mail_that_nobody_could_match_opens_under_the_new_key() {
    let world = World::with(&[MAYA]);
    let store = &world.pipeline.store;
    let new = ProgramKey::parse(&"08".repeat(32)).unwrap();
    let receipt = NewReceipt {
        source: "maildir",
        bytes: b"Subject: out of office\r\n\r\nback on Monday",
        sort: earlypost::dispatch::email::incoming::Sort::OutOfOffice,
        code: None,
        says: "mail",
        matched: None,
        standing: ReceiptStanding::Person,
        why: "it names no dispatch",
        change: None,
    };
    world.runtime.block_on(async {
        let id = store.outcomes().take_receipt(&receipt, world.pipeline.now()).await.unwrap().unwrap();
        store.rewrap_keys(&new).await.unwrap();
        let data = world.folder.path().join("data");
        let settings = StoreSettings {
            url: world.database.url().to_owned(),
            bodies: data.join("papers").into(),
            key: new,
            connections: 2,
        };
        let opened = Store::open(settings).await.unwrap();
        assert_eq!(opened.outcomes().receipt(&id).await.unwrap().1, receipt.bytes);
        opened.close().await;
    });
}
