//! A newer program on an older program's data.

use std::{os::unix::fs::PermissionsExt, path::Path};

use earlypost::store::migrate;
use sqlx::{
    AnyConnection, AssertSqlSafe, Connection, Executor, SqliteConnection, migrate::Migrator,
    sqlite::SqliteConnectOptions,
};

use crate::{
    commands::place::Place,
    harness::{Database, postgres_is_here},
};

/// The data folder of a program of one made-up child, as the schema 27 had it after a run: four envelopes went.
const DATABASE: &str = include_str!("upgrade/schema-0027.sql");
const FILES: [(&str, &str); 4] = [
    ("checkpoints/checkpoint-000001.note", include_str!("upgrade/checkpoint-000001.note")),
    ("program.key", "ba95d810e11e022fad83265aaa538570907606e3688219a328099960e535d622"),
    ("checkpoint.key", "9684d64b213e37ba297c237d5eaa41bc109e0e24f578f682abf4bcd011b9f7f0"),
    ("ledger.mark", r#"{"count":3,"hash":"9b1a5edf746a76baad54f35625bfb7d454f159cea250c793a6d0344fb306a4a6"}"#),
];

#[tokio::test]
async fn an_older_programs_data_is_brought_up_to_date_with_its_record_whole_and_nothing_goes_twice() {
    let place = Place::on_sqlite(&["c-0405"]);
    std::fs::create_dir_all(place.data("")).unwrap();
    std::fs::create_dir_all(place.data("checkpoints")).unwrap();
    for (name, text) in FILES {
        std::fs::write(place.data(name), text).unwrap();
        std::fs::set_permissions(place.data(name), std::fs::Permissions::from_mode(0o600)).unwrap();
    }
    let options = SqliteConnectOptions::new().filename(place.data("earlypost.db")).create_if_missing(true);
    let mut database = SqliteConnection::connect_with(&options).await.unwrap();
    database.execute(DATABASE).await.unwrap();
    let (before,): (i64,) =
        sqlx::query_as("SELECT MAX(version) FROM _sqlx_migrations").fetch_one(&mut database).await.unwrap();
    assert_eq!(before, 27);
    // The record as that program had it: a sample that has changed since would owe other papers.
    let (record,): (String,) = sqlx::query_as("SELECT record FROM child").fetch_one(&mut database).await.unwrap();
    place.put_bytes("c-0405.json", record.as_bytes());
    // Outcomes in the words of their time, one of them none of ours.
    for (outcome, attempt) in [("refused for now", "MIN"), ("delayed by a storm", "MAX")] {
        let sql =
            format!("UPDATE attempt SET outcome = $1 WHERE dispatch_id = (SELECT {attempt}(dispatch_id) FROM attempt)");
        sqlx::query(AssertSqlSafe(sql)).bind(outcome).execute(&mut database).await.unwrap();
    }
    database.close().await.unwrap();

    place.done(&["store", "migrate"]);
    // Twice changes nothing.
    place.done(&["store", "migrate"]);
    let mut database = SqliteConnection::connect_with(&options).await.unwrap();
    let sql = "SELECT c.source, (SELECT COUNT(*) FROM child_history) FROM child c";
    let (source, replaced): (String, i64) = sqlx::query_as(sql).fetch_one(&mut database).await.unwrap();
    assert_eq!((&*source, replaced), ("children/c-0405.json", 0), "what stands knows its file, and is no history");
    let sql = "SELECT outcome, outcome_text FROM attempt ORDER BY dispatch_id";
    let outcomes: Vec<(String, Option<String>)> = sqlx::query_as(sql).fetch_all(&mut database).await.unwrap();
    assert_eq!(outcomes.first().unwrap(), &("refused-for-now".to_owned(), None));
    assert_eq!(outcomes.last().unwrap(), &("other".to_owned(), Some("delayed by a storm".to_owned())));
    let other = sqlx::query_scalar::<_, String>("SELECT MAX(dispatch_id) FROM attempt");
    let other = other.fetch_one(&mut database).await.unwrap();
    database.close().await.unwrap();

    assert!(place.done(&["show", &other]).out.contains("delayed by a storm"), "its words are kept");
    place.done(&["ledger", "verify"]);
    let status = place.json(&["status"]);
    assert_eq!((&status["ledger_entries"], &status["dispatches"]["accepted"]), (&3.into(), &3.into()));
    place.done(&["run"]);
    place.done(&["ledger", "verify"]);
    let mut database = SqliteConnection::connect_with(&options).await.unwrap();
    let (again,): (i64,) =
        sqlx::query_as("SELECT COUNT(*) FROM attempt WHERE attempt > 1").fetch_one(&mut database).await.unwrap();
    assert_eq!(again, 0, "what went is not sent again");
    let twice = "SELECT COUNT(*) FROM child_history h JOIN child c USING (child_id, revision)";
    let (twice,): (i64,) = sqlx::query_as(twice).fetch_one(&mut database).await.unwrap();
    assert_eq!(twice, 0, "a record that stands is kept once");
}

/// Every table and view with its columns, and every index, in words that compare.
async fn shape(url: &str) -> Vec<String> {
    let sql = if url.starts_with("postgres") {
        "SELECT CAST(table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable AS TEXT)
         FROM information_schema.columns WHERE table_schema = current_schema()
         UNION ALL SELECT CAST(indexdef AS TEXT) FROM pg_indexes WHERE schemaname = current_schema()"
    } else {
        "SELECT m.name || '.' || p.name || ' ' || p.type || ' ' || p.\"notnull\" FROM sqlite_master m
         JOIN pragma_table_info(m.name) p WHERE m.type IN ('table', 'view')
         UNION ALL SELECT sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL"
    };
    let mut database = AnyConnection::connect(url).await.unwrap();
    let rows: Vec<(String,)> = sqlx::query_as(AssertSqlSafe(sql)).fetch_all(&mut database).await.unwrap();
    database.close().await.unwrap();
    let mut shape: Vec<String> = rows.into_iter().map(|(row,)| row).collect();
    shape.sort();
    shape
}

/// From each schema that there ever was to the present one, which is the same as a new database's.
async fn every_step(migrations: &str, new: impl Fn() -> (String, Option<Database>)) {
    let steps = Migrator::new(Path::new(migrations)).await.unwrap();
    let (fresh, _kept) = new();
    migrate(&fresh).await.unwrap();
    let wanted = shape(&fresh).await;
    for step in steps.iter() {
        let (url, _kept) = new();
        let mut database = AnyConnection::connect(&url).await.unwrap();
        steps.run_to(step.version, &mut database).await.unwrap();
        database.close().await.unwrap();
        migrate(&url).await.unwrap();
        assert_eq!(shape(&url).await, wanted, "from schema {}", step.version);
    }
}

#[tokio::test]
async fn every_schema_that_there_was_leads_to_the_present_one() {
    sqlx::any::install_default_drivers();
    let folder = tempfile::tempdir().unwrap();
    let count = std::sync::atomic::AtomicU32::new(0);
    let file = || {
        let number = count.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        (format!("sqlite://{}/{number}.db?mode=rwc", folder.path().display()), None)
    };
    every_step("migrations/sqlite", file).await;
    if postgres_is_here("every_schema_that_there_was_leads_to_the_present_one") {
        every_step("migrations/postgres", || {
            let database = Database::empty_postgres();
            (database.url().to_owned(), Some(database))
        })
        .await;
    }
}
