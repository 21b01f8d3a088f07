//! A run of the next month in a program with a long past, against the same run without it.

use std::{
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use crate::folder::copy;
use earlypost::simulate::{Plan, write_caseload};
use sqlx::{AssertSqlSafe, Connection, SqliteConnection, sqlite::SqliteConnectOptions};

/// Tables that hold rows of a dispatch, each with the columns whose values must differ from the original's.
const TABLES: [(&str, &[&str]); 4] = [
    ("dispatch", &["dispatch_id", "anchor"]),
    ("dispatch_part", &["dispatch_id", "anchor"]),
    ("attempt", &["dispatch_id"]),
    ("dispatch_history", &["dispatch_id", "history_id"]),
];
/// Dispatches of a child, as some three years leave them.
const OF_A_CHILD: usize = 100;

/// Prints both times and their ratio.
pub fn measure(children: u32, dispatches: usize) {
    let folder = tempfile::tempdir().unwrap();
    let (young, old) = (folder.path().join("young"), folder.path().join("old"));
    let day = "2026-11-20".parse().unwrap();
    write_caseload(&Plan { children, seed: 1, day, synthetic: true }, &young).unwrap();
    run(&young, "2026-11-20");
    copy(&young, &old);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let behind = runtime.block_on(fill(&old.join("data/earlypost.db"), dispatches));
    let (without, with) = (run(&young, "2026-12-03"), run(&old, "2026-12-03"));
    println!("children {children}, the run of December 3");
    println!("dispatches behind it     few   {:>8.2} s", without.as_secs_f64());
    let ratio = with.as_secs_f64() / without.as_secs_f64();
    println!(
        "dispatches behind it {behind:>7}   {:>8.2} s   ratio {ratio:.2}  (to stay under: 1.2)",
        with.as_secs_f64()
    );
}

fn run(program: &Path, day: &str) -> Duration {
    let started = Instant::now();
    let status = Command::new(env!("CARGO_BIN_EXE_earlypost"))
        .args(["run", "--quiet", "--as-of", day, "--config"])
        .arg(program.join("earlypost.toml"))
        .stdout(Stdio::null())
        .status()
        .unwrap();
    assert!(status.success(), "the run of {day} failed: {status}");
    started.elapsed()
}

/// Copies what left already, with its attempts and its history, until there is so much of it: a hundred for each of the
/// program's children, the rest for children who are not there any more.
async fn fill(file: &Path, dispatches: usize) -> i64 {
    let options = SqliteConnectOptions::new().filename(file).foreign_keys(false);
    let mut db = SqliteConnection::connect_with(&options).await.unwrap();
    let (left,): (i64,) =
        sqlx::query_as("SELECT COUNT(*) FROM dispatch WHERE state = 'accepted'").fetch_one(&mut db).await.unwrap();
    let left = usize::try_from(left).unwrap();
    for round in 0..dispatches.div_ceil(left) {
        // The first rounds are the program's own children's.
        let former = round >= OF_A_CHILD / 3;
        sqlx::query("BEGIN").execute(&mut db).await.unwrap();
        for (table, own) in TABLES {
            let columns: Vec<(String,)> =
                sqlx::query_as(AssertSqlSafe(format!("SELECT name FROM pragma_table_info('{table}')")))
                    .fetch_all(&mut db)
                    .await
                    .unwrap();
            let value = |column: &str| match column {
                "child_id" if former => format!("t.child_id || '-former-{}'", round / (OF_A_CHILD / 3)),
                // An id of the same length and kind, later than none.
                "dispatch_id" | "history_id" => format!("printf('%08x', {round}) || substr(t.{column}, 9)"),
                own_one if own.contains(&own_one) => format!("t.{column} || '-{round}'"),
                _ => format!("t.{column}"),
            };
            let names: Vec<&str> = columns.iter().map(|(name,)| name.as_str()).collect();
            let values: Vec<String> = names.iter().map(|name| value(name)).collect();
            let sql = format!(
                "INSERT INTO {table} ({}) SELECT {} FROM {table} t WHERE t.dispatch_id IN
                    (SELECT dispatch_id FROM dispatch WHERE state = 'accepted' AND dispatch_id > '01')",
                names.join(", "),
                values.join(", ")
            );
            sqlx::query(AssertSqlSafe(sql)).execute(&mut db).await.unwrap();
        }
        sqlx::query("COMMIT").execute(&mut db).await.unwrap();
    }
    let (behind,): (i64,) = sqlx::query_as("SELECT COUNT(*) FROM dispatch").fetch_one(&mut db).await.unwrap();
    db.close().await.unwrap();
    behind
}
