//! The suite's own tests of everything that touches the store, once more on PostgreSQL.

use std::process::Command;

use crate::harness::{on_postgres, postgres_is_here};

/// Parts of the suite that use a database.
const PARTS: [&str; 5] = ["commands::", "decisions::", "input::", "pipeline::", "store::"];

#[test]
fn what_holds_on_sqlite_holds_on_postgresql() {
    if on_postgres() || !postgres_is_here("what_holds_on_sqlite_holds_on_postgresql") {
        return;
    }
    let output = Command::new(std::env::current_exe().unwrap())
        .args(PARTS)
        .env("EARLYPOST_TEST_STORE", "postgres")
        .output()
        .unwrap();
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{out}\n{err}");
    let passed: usize = out
        .lines()
        .find_map(|line| line.strip_prefix("test result: ok. ")?.split(' ').next()?.parse().ok())
        .unwrap_or_default();
    assert!(passed > 100, "only {passed} tests ran: the filters name parts that the suite does not have\n{out}");
}
