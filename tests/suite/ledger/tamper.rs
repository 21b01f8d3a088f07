//! Each table of the record, changed in each way: `verify` names what was done.

use std::os::unix::fs::PermissionsExt;

use earlypost::ledger::link_hash;

use super::{database, found_out, ran, tamper};
use crate::{commands::place::Place, harness::Database};

/// Copies of a place's data, one for each way to tamper with it: its files, and its database where that is none of them.
struct Original(Place, Vec<(std::path::PathBuf, Vec<u8>)>, Option<Database>);

impl Original {
    fn made() -> Self {
        let place = ran();
        let files = place.files("data").into_iter().map(|path| (path.clone(), std::fs::read(path).unwrap())).collect();
        let database = place.database.copied();
        Self(place, files, database)
    }

    /// The place as it was.
    fn again(&self) -> &Place {
        for path in self.0.files("data") {
            std::fs::remove_file(path).unwrap();
        }
        if let Some(database) = &self.2 {
            self.0.database.become_like(database);
        }
        for (path, bytes) in &self.1 {
            std::fs::write(path, bytes).unwrap();
            // A key that others can read would be refused before anything else is looked at.
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
        }
        &self.0
    }
}

/// An own entry of the same place in the chain, by somebody who knows how hashes are made.
fn forge(place: &Place, seq: i64, from: &str, to: &str) {
    let rewritten = tokio::runtime::Runtime::new().unwrap().block_on(async {
        let mut database = database(place).await;
        let rows: Vec<(i64, String, String, String)> =
            sqlx::query_as("SELECT seq, at, body, prev FROM ledger WHERE seq >= $1 ORDER BY seq")
                .bind(seq)
                .fetch_all(&mut database)
                .await
                .unwrap();
        let mut prev = rows[0].3.clone();
        let mut statements = Vec::new();
        for (n, at, body, _) in rows {
            let body = if n == seq { body.replace(from, to) } else { body };
            let hash = link_hash(n, &at, &body, &prev);
            let quoted = body.replace('\'', "''");
            statements
                .push(format!("UPDATE ledger SET body = '{quoted}', prev = '{prev}', hash = '{hash}' WHERE seq = {n}"));
            prev = hash;
        }
        statements
    });
    tamper(place, &rewritten.iter().map(String::as_str).collect::<Vec<_>>());
}

#[test]
fn each_table_changed_in_each_way_is_found_and_named() {
    let original = Original::made();
    let entries = original.0.json(&["ledger", "verify"])["entries"].as_i64().unwrap();
    assert!(entries >= 6, "{entries}");
    let ways: &[(&[&str], &str)] = &[
        // The chain.
        (&["UPDATE ledger SET body = replace(body, 'accepted', 'returned') WHERE seq = 2"], "entry 2 was changed"),
        (&["UPDATE ledger SET at = '2020-01-01T00:00:00.000Z' WHERE seq = 3"], "entry 3 was changed"),
        (&["UPDATE ledger SET hash = upper(hash) WHERE seq = 2"], "entry 2 was changed"),
        (&["UPDATE ledger SET body = x'ff00' WHERE seq = 1"], "entry 1 was changed"),
        (&["UPDATE ledger SET body = x'ff00' WHERE seq = 3"], "entry 3 was changed"),
        // Bytes that are no text on SQLite; PostgreSQL takes them as a text of their own, which follows nothing.
        (&["UPDATE ledger SET prev = CAST(x'80' AS TEXT) WHERE seq = 2"], "entry 2 "),
        (
            &["UPDATE ledger SET body = x'ff00' WHERE seq = 3", "UPDATE ledger SET hash = upper(hash) WHERE seq = 2"],
            "entry 2 was changed",
        ),
        (&["UPDATE ledger SET prev = upper(prev) WHERE seq = 3"], "entry 3 does not follow"),
        (&["UPDATE ledger SET child_id = 'c-0001' WHERE seq = 2"], "entry 2 was changed after it was written: its row"),
        (&["DELETE FROM ledger WHERE seq = 1"], "entry 1 is missing"),
        (&["DELETE FROM ledger WHERE seq = 4", "DELETE FROM ledger_detail WHERE seq = 4"], "entry 4 is missing"),
        (
            &["DELETE FROM ledger WHERE seq = (SELECT MAX(seq) FROM ledger)"],
            "the end is missing or the database is an older copy",
        ),
        (
            &[
                "UPDATE ledger SET seq = seq + 1000 WHERE seq > 2",
                "INSERT INTO ledger SELECT 3, at, child_id, body, hash, 'made up' FROM ledger WHERE seq = 2",
                "UPDATE ledger SET seq = seq - 999 WHERE seq > 1000",
            ],
            "entry 3 was changed",
        ),
        (
            &[
                "INSERT INTO ledger SELECT seq + 1, at, child_id, body, hash, 'made up' FROM ledger WHERE seq = (SELECT MAX(seq) FROM ledger)",
            ],
            "was changed after it was written",
        ),
        // Personal parts.
        (&["DELETE FROM ledger_detail WHERE seq = 2"], "the detail of entry 2 is missing"),
        (&["UPDATE ledger_detail SET sealed = zeroblob(90) WHERE seq = 2"], "the detail of entry 2"),
        (
            &["UPDATE ledger_detail SET sealed = (SELECT sealed FROM ledger_detail WHERE seq = 3) WHERE seq = 2"],
            "the detail of entry 2",
        ),
        (&["UPDATE ledger_detail SET child_id = 'c-0001' WHERE seq = 2"], "another child in ledger_detail"),
        (&["INSERT INTO ledger_detail VALUES (900, 'c-0415', zeroblob(90))"], "a personal part stands at entry 900"),
        // Keys.
        (&["DELETE FROM child_key WHERE child_id = 'c-0415'"], "the detail of entry"),
        (&["UPDATE child_key SET wrapped = zeroblob(76) WHERE child_id = 'c-0417'"], "c-0417"),
        // What left.
        (
            &[
                "DELETE FROM dispatch WHERE dispatch_id = (SELECT MIN(dispatch_id) FROM dispatch WHERE state = 'accepted')",
            ],
            "which does not exist any more",
        ),
        (
            &[
                "UPDATE dispatch SET state = 'accepted' WHERE dispatch_id = (SELECT MIN(dispatch_id) FROM dispatch WHERE state = 'printed')",
            ],
            "but the record of access has no entry for it",
        ),
        (&["UPDATE attempt SET sealed_evidence = zeroblob(90)"], "the answer kept with attempt 1"),
        // The list of papers.
        (&["UPDATE body SET bytes = bytes + 1"], "is listed, but its file is missing or was changed"),
        (
            &["UPDATE body SET name = 'ff' || substr(name, 3) WHERE name = (SELECT MIN(name) FROM body)"],
            "is listed, but its file is missing or was changed",
        ),
        // Checkpoints.
        (&["UPDATE checkpoint SET entries = entries - 1"], "checkpoint 1: its file is not the one"),
        (
            &["INSERT INTO checkpoint SELECT key_id, 2, entries, note_hash, at FROM checkpoint"],
            "checkpoint 2: it was written, and its file is missing",
        ),
    ];
    for (statements, says) in ways {
        let place = original.again();
        tamper(place, statements);
        // A changed key of the first child is refused when the data folder is opened.
        if *says == "c-0417" {
            let said = place.earlypost(&["ledger", "verify"]);
            assert!(
                said.code != 0 && (said.err.contains("c-0417") || said.err.contains("not the key")),
                "{}",
                said.err
            );
            continue;
        }
        found_out(place, says);
    }
    original.again().done(&["ledger", "verify", "--documents"]);
}

#[test]
fn a_whole_chain_written_anew_is_found_by_what_was_seen_before() {
    let original = Original::made();
    let place = original.again();
    forge(place, 2, "accepted", "returned");
    found_out(place, "is not the one that was seen before: the record was rewritten");
    // Whoever writes the mark anew too still meets the checkpoint.
    std::fs::remove_file(place.data("ledger.mark")).unwrap();
    found_out(place, "is not the one that was seen before: the record was rewritten");
}

#[test]
fn a_missing_truncated_or_swapped_paper_is_found() {
    let original = Original::made();
    let papers = original.0.files("data/papers");
    let (first, second) = (std::fs::read(&papers[0]).unwrap(), std::fs::read(&papers[1]).unwrap());
    let place = original.again();
    std::fs::remove_file(&papers[0]).unwrap();
    found_out(place, "paper");
    std::fs::write(&papers[0], &first[..first.len() / 2]).unwrap();
    found_out(place, "paper");
    std::fs::write(&papers[0], &second).unwrap();
    found_out(place, "paper");
    std::fs::write(&papers[0], &first).unwrap();
    place.done(&["ledger", "verify", "--documents"]);
}
