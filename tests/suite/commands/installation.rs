//! The data folder: its key, its database, and a folder that cannot be one.

use std::{fs, os::unix::fs::PermissionsExt};

use serde_json::json;
use sqlx::{Connection, SqliteConnection, sqlite::SqliteConnectOptions};

use super::place::{Place, ended, program};

#[test]
fn the_first_start_says_that_a_key_was_made_and_where() {
    let place = Place::with(&["c-0415"]);
    let key = place.data("program.key");
    assert!(place.done(&["import"]).err.contains(&format!("A new key was made at {}", key.display())));
    assert_eq!(fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(place.done(&["import"]).err, "");
}

#[test]
fn a_key_that_others_can_read_is_refused() {
    let place = Place::with(&["c-0415"]);
    place.done(&["import"]);
    let key = place.data("program.key");
    for mode in [0o644, 0o640, 0o604] {
        fs::set_permissions(&key, fs::Permissions::from_mode(mode)).unwrap();
        place.earlypost(&["run"]).fails(1, "the key file can be read by others; run `chmod 600` on it");
    }
    assert!(place.sent().is_empty());
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
    place.done(&["status"]);
}

#[test]
fn another_key_than_the_data_folders_own_is_refused() {
    let place = Place::with(&["c-0415"]);
    place.done(&["import"]);
    let mut other = place.command(&["status"]);
    ended(other.env("EARLYPOST_KEY", "00".repeat(32)))
        .fails(1, "this is not the key that this data folder was written with");
    fs::write(place.data("program.key"), "no key\n").unwrap();
    place.earlypost(&["status"]).fails(1, "64 hexadecimal digits were expected");
}

#[test]
fn a_data_folder_that_cannot_be_made_is_named_in_plain_words() {
    let place = Place::with(&["c-0415"]);
    let config = place.path("earlypost.toml");
    let below_a_file = config.join("data");
    let mut command = program();
    command.args(["status", "--config"]).arg(&config).arg("--data-dir").arg(&below_a_file);
    let said = ended(&mut command);
    said.fails(1, &format!("the data folder {} cannot be made", below_a_file.display()));
    said.fails(1, "give another with --data-dir");
    assert_eq!(said.err.lines().count(), 1, "{}", said.err);
}

#[test]
fn an_outgoing_folder_that_is_a_file_is_named_in_plain_words() {
    let place = Place::with(&["c-0415"]);
    fs::create_dir_all(place.data("outgoing")).unwrap();
    fs::write(place.data("outgoing/mail"), "").unwrap();
    place.earlypost(&["run"]).fails(1, "the mail folder");
}

#[test]
fn a_database_of_another_kind_is_said_to_be_none() {
    let place = Place::on_sqlite(&["c-0415"]);
    fs::create_dir_all(place.data("")).unwrap();
    fs::write(place.data("earlypost.db"), "this is no database, and long enough to be looked at ".repeat(100)).unwrap();
    let said = place.earlypost(&["status"]);
    said.fails(1, "the database cannot be opened");
    assert!(said.err.contains("file is not a database"), "{}", said.err);
}

#[tokio::test]
async fn a_database_in_use_by_another_process_is_said_so_and_nothing_is_changed() {
    let place = Place::on_sqlite(&["c-0415"]);
    place.done(&["import"]);
    let options = SqliteConnectOptions::new().filename(place.data("earlypost.db"));
    let mut other = SqliteConnection::connect_with(&options).await.unwrap();
    sqlx::query("BEGIN EXCLUSIVE").execute(&mut other).await.unwrap();
    place.change("c-0415", |r| r["family"][0]["telephone"] = json!("(757) 555-0198"));
    place.earlypost(&["import"]).fails(1, "the database is in use by another process; try again when it has finished");
    sqlx::query("ROLLBACK").execute(&mut other).await.unwrap();
    assert_eq!(place.json(&["import"])["changed"], 1);
}

#[test]
fn a_lost_key_is_not_replaced_by_a_new_one() {
    let place = Place::with(&["c-0415"]);
    place.done(&["import"]);
    let key = fs::read(place.data("program.key")).unwrap();
    fs::remove_file(place.data("program.key")).unwrap();
    let says = format!("the key file {} is missing", place.data("program.key").display());
    place.earlypost(&["status"]).fails(1, &says);
    place.earlypost(&["run"]).fails(1, &says);
    assert!(!place.data("program.key").exists());
    fs::write(place.data("program.key"), key).unwrap();
    fs::set_permissions(place.data("program.key"), fs::Permissions::from_mode(0o600)).unwrap();
    place.done(&["run"]);
}

#[test]
fn commands_that_run_at_once_do_not_disturb_each_other() {
    let place = Place::with(&["c-0415"]);
    place.done(&["run"]);
    let start = || {
        let mut command = place.command(&["status", "--quiet"]);
        command.stderr(std::process::Stdio::piped()).spawn().unwrap()
    };
    for child in (0..12).map(|_| start()).collect::<Vec<_>>() {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    place.done(&["ledger", "verify"]);
}

#[test]
fn first_starts_at_the_same_moment_make_one_key_and_one_set_of_tables() {
    let place = Place::with(&["c-0415"]);
    let start = || {
        let mut command = place.command(&["import"]);
        command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).spawn().unwrap()
    };
    let ended: Vec<_> = (0..6).map(|_| start()).collect();
    let said: Vec<_> = ended.into_iter().map(|child| child.wait_with_output().unwrap()).collect();
    for output in &said {
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    let made = said.iter().filter(|o| String::from_utf8_lossy(&o.stderr).contains("A new key was made")).count();
    assert_eq!(made, 1, "one of them made the key");
    place.done(&["run"]);
}
