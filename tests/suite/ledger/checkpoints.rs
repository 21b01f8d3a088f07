//! Checkpoints: signed, numbered, outside the database; a missing, older or forged one is named.

use std::fs;

use earlypost::ledger::{Checkpoint, Head, PublicKey};

use super::{found_out, ran, tamper};

#[test]
fn a_run_writes_a_checkpoint_once_a_day_and_verify_counts_it() {
    let place = ran();
    assert_eq!(place.files("data/checkpoints").len(), 1);
    place.done(&["run"]);
    assert_eq!(place.files("data/checkpoints").len(), 1, "one a day is enough");
    let file = place.json(&["ledger", "checkpoint"])["file"].as_str().unwrap().to_owned();
    assert!(file.ends_with("checkpoint-000002.note"), "{file}");
    assert_eq!(place.json(&["ledger", "verify"])["checkpoints"], 2);

    let key: PublicKey = place.json(&["ledger", "key"])["key"].as_str().unwrap().parse().unwrap();
    let note = fs::read_to_string(file).unwrap();
    assert!(note.starts_with("earlypost/tidewater\n"), "{note}");
    assert_eq!(Checkpoint::open(&note, &key).unwrap().number, 2);
}

#[test]
fn the_secret_key_of_the_checkpoints_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let place = ran();
    let key = place.data("checkpoint.key");
    assert_eq!(fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();
    place.earlypost(&["ledger", "checkpoint"]).fails(1, "can be read by others");
}

#[test]
fn a_missing_older_or_forged_checkpoint_is_named() {
    let place = ran();
    place.done(&["ledger", "checkpoint"]);
    let files = place.files("data/checkpoints");
    let (first, second) = (fs::read_to_string(&files[0]).unwrap(), fs::read_to_string(&files[1]).unwrap());

    fs::remove_file(&files[0]).unwrap();
    found_out(&place, "checkpoint 1: it was written, and its file is missing");
    fs::write(&files[0], &first).unwrap();
    fs::remove_file(&files[1]).unwrap();
    found_out(&place, "checkpoint 2: it was written, and its file is missing");
    fs::write(&files[1], &first).unwrap();
    found_out(&place, "checkpoint 2: its file is that of checkpoint 1");
    fs::write(&files[1], second.replace("number 2", "number 3")).unwrap();
    found_out(&place, "checkpoint 2: its file is forged or damaged: its signature does not fit its text");
    let head = Head { count: 1, hash: "00".repeat(32) };
    let other = Checkpoint { origin: "earlypost/tidewater".into(), head, number: 2, at: String::new() }.sign(&[9; 32]);
    fs::write(&files[1], other).unwrap();
    found_out(&place, "it is not signed with this installation's key");
    fs::write(&files[1], second).unwrap();
    place.done(&["ledger", "verify"]);
}

#[test]
fn a_copy_kept_elsewhere_finds_a_cut_end_that_mark_and_checkpoints_were_made_to_fit() {
    let place = ran();
    place.done(&["ledger", "checkpoint"]);
    let key = place.json(&["ledger", "key"])["key"].as_str().unwrap().to_owned();
    let kept = place.path("kept-elsewhere.note");
    fs::copy(&place.files("data/checkpoints")[1], &kept).unwrap();
    // Somebody with everything on this machine cuts the record, and mark, checkpoints and key with it.
    tamper(
        &place,
        &["DELETE FROM ledger_detail WHERE seq > 5", "DELETE FROM ledger WHERE seq > 5", "DELETE FROM checkpoint"],
    );
    for path in place.files("data/checkpoints") {
        fs::remove_file(path).unwrap();
    }
    fs::remove_file(place.data("ledger.mark")).unwrap();
    place.done(&["release", "--installation", "--reason", "nothing to see"]);
    place.done(&["ledger", "verify"]);

    let kept = kept.to_str().unwrap();
    place.earlypost(&["ledger", "verify", "--checkpoint", kept]).fails(5, "the record ends at entry 5");
    place.earlypost(&["ledger", "verify", "--key", &key, "--checkpoint", kept]).fails(5, "the record ends at entry 5");
}

#[test]
fn a_correction_stands_beside_the_entry_that_stays() {
    let place = ran();
    place.done(&["ledger", "correct", "2", "--says", "the purpose was another one"]);
    let entries = place.json(&["ledger", "list"])["entries"].as_array().unwrap().clone();
    let last = &entries.last().unwrap()["entry"];
    assert_eq!((last["event"].as_str(), last["about_seq"].as_i64()), (Some("correction"), Some(2)));
    assert!(!last.to_string().contains("another one"), "what was said stands in the sealed detail: {last}");
    place.done(&["ledger", "verify", "--documents"]);
    place.earlypost(&["ledger", "correct", "999", "--says", "nothing"]).fails(1, "there is no entry 999");
}
