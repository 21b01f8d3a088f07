//! The record of access: nobody bends it unseen, and it tells what happened.

mod checkpoints;
mod keeping;
mod kept_back;
mod matters;
mod readers;
mod reports;
mod statements;
mod tamper;
mod whole_run;

use sqlx::{AnyConnection, Connection, Executor};

use crate::commands::place::Place;

/// The database as its owner with a database tool would open it: no key of another table is in the way.
pub async fn database(place: &Place) -> AnyConnection {
    sqlx::any::install_default_drivers();
    let mut database = AnyConnection::connect(place.database.owner_url()).await.unwrap();
    let keys = match place.database.on_a_server() {
        // The guards are off with the keys.
        Some(_) => "SET session_replication_role = replica",
        None => "PRAGMA foreign_keys = OFF",
    };
    database.execute(keys).await.unwrap();
    database
}

/// Does something to the database; the record's own guards are taken away first. `zeroblob(n)` is n bytes of nothing.
pub fn tamper(place: &Place, statements: &[&str]) {
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let mut database = database(place).await;
        let server = place.database.on_a_server().is_some();
        let unguard: &[&'static str] = if server {
            &["CREATE FUNCTION pg_temp.zeroblob(n INTEGER) RETURNS BYTEA LANGUAGE sql
               AS $$ SELECT decode(repeat('00', n), 'hex') $$"]
        } else {
            &[
                "DROP TRIGGER IF EXISTS ledger_is_never_changed",
                "DROP TRIGGER IF EXISTS ledger_is_never_cut",
                "DROP TRIGGER IF EXISTS ledger_detail_is_never_changed",
            ]
        };
        for statement in unguard {
            database.execute(*statement).await.unwrap();
        }
        for statement in statements {
            let written =
                if server { statement.replace("zeroblob(", "pg_temp.zeroblob(") } else { (*statement).to_owned() };
            let done = sqlx::query(sqlx::AssertSqlSafe(written)).execute(&mut database).await;
            let done = done.unwrap_or_else(|error| panic!("{statement}: {error}"));
            assert!(done.rows_affected() > 0, "it changes nothing: {statement}");
        }
        database.close().await.unwrap();
    });
}

/// A place where a run sent papers of two children, and a person looked at one.
pub fn ran() -> Place {
    let place = Place::with(&["c-0415", "c-0417"]);
    place.done(&["run"]);
    let out = place.path("seen.pdf");
    let args = ["preview", "ifsp", "--child", "c-0417", "--as", "office:bayside-therapy", "--out"];
    place.done(&[&args[..], &[out.to_str().unwrap()]].concat());
    place.done(&["ledger", "verify", "--documents"]);
    place
}

#[track_caller]
pub fn found_out(place: &Place, says: &str) {
    let said = place.earlypost(&["ledger", "verify", "--documents", "--json"]);
    assert_eq!(said.code, 5, "{says}: {}{}", said.out, said.err);
    let verdict = said.json();
    assert_eq!(verdict["clean"], false);
    assert!(verdict["says"].as_str().unwrap().contains(says), "not {says}, but {verdict}");
}
