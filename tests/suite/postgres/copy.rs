//! A program moves from a file to a server, and back.

use serde_json::Value;
use sqlx::{Connection, Executor, SqliteConnection, sqlite::SqliteConnectOptions};

use crate::{
    commands::place::{Place, ended},
    harness::{Database, postgres_is_here},
};

/// The program on this place with another database.
fn on(place: &Place, url: &str, args: &[&str]) -> Value {
    let said = ended(place.command(&[args, &["--json"]].concat()).env("EARLYPOST_STORE", url));
    assert_eq!(said.code, 0, "{}", said.err);
    said.json()
}

#[test]
fn a_program_moves_to_postgresql_and_back_with_its_record_whole_and_sends_nothing_twice() {
    if !postgres_is_here("a_program_moves_to_postgresql_and_back_with_its_record_whole_and_sends_nothing_twice") {
        return;
    }
    let place = Place::on_sqlite(&["c-0398", "c-0417"]);
    place.done(&["run"]);
    let (sent, status) = (place.sent().len(), place.json(&["status"]));
    let server = Database::empty_postgres();
    let copied = place.json(&["store", "copy", "--to", server.url()]);
    assert_eq!(copied["entries"], status["ledger_entries"]);
    assert_eq!(on(&place, server.url(), &["status"]), status);
    let run = on(&place, server.url(), &["run"]);
    assert_eq!(run["balance"]["accepted"], 0, "nothing is sent again");
    assert_eq!(place.sent().len(), sent);
    let verify = ["ledger", "verify", "--documents"];
    assert_eq!(ended(place.command(&verify).env("EARLYPOST_STORE", server.url())).code, 0);
    // And back into a file.
    let file = format!("sqlite://{}?mode=rwc", place.data("back.db").display());
    place.done(&["store", "copy", "--from", server.url(), "--to", &file]);
    assert_eq!(on(&place, &file, &["status"])["dispatches"], status["dispatches"]);
    // A database with something in it is not written over.
    let said = place.earlypost(&["store", "copy", "--to", server.url()]);
    said.fails(1, "the other database holds something already");
}

#[tokio::test]
async fn a_record_that_is_not_whole_is_not_copied() {
    let place = Place::on_sqlite(&["c-0415"]);
    place.done(&["run"]);
    let options = SqliteConnectOptions::new().filename(place.data("earlypost.db"));
    let mut database = SqliteConnection::connect_with(&options).await.unwrap();
    for sql in
        ["DROP TRIGGER ledger_is_never_changed", "UPDATE ledger SET at = '2020-01-01T00:00:00.000Z' WHERE seq = 1"]
    {
        database.execute(sql).await.unwrap();
    }
    database.close().await.unwrap();
    let file = format!("sqlite://{}?mode=rwc", place.data("copy.db").display());
    let said = place.earlypost(&["store", "copy", "--to", &file]);
    said.fails(1, "the record of access of this database is not whole");
    assert!(!place.data("copy.db").exists());
}
