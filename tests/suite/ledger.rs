//! The record of access: nobody bends it unseen, and it tells what happened.

mod checkpoints;
mod keeping;
mod matters;
mod readers;
mod reports;
mod statements;
mod tamper;
mod whole_run;

use sqlx::{Connection, SqliteConnection, sqlite::SqliteConnectOptions};

use crate::commands::place::Place;

/// The database as somebody with a database tool would open it: no key of another table is in the way.
pub async fn database(place: &Place) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(place.data("earlypost.db")).foreign_keys(false);
    SqliteConnection::connect_with(&options).await.unwrap()
}

/// Does something to the database; the record's own guards are taken away first.
pub fn tamper(place: &Place, statements: &[&str]) {
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let mut database = database(place).await;
        for trigger in ["ledger_is_never_changed", "ledger_is_never_cut", "ledger_detail_is_never_changed"] {
            let drop = format!("DROP TRIGGER IF EXISTS {trigger}");
            sqlx::query(sqlx::AssertSqlSafe(drop)).execute(&mut database).await.unwrap();
        }
        for statement in statements {
            let done = sqlx::query(sqlx::AssertSqlSafe((*statement).to_owned())).execute(&mut database).await;
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
