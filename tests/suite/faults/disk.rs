//! A disk that is full at every point of a run: the whole program in a small file system of memory, which grows after
//! the run has failed.

use std::{fs, path::Path, process::Command};

use serde_json::Value;

use super::CHILD;
use crate::{commands::place::Place, harness::skipped};

/// What a run on a disk of some size left.
struct Left {
    /// How the first run ended, and what it said.
    first: (i32, String),
    /// What the last run said of the outbox.
    states: Value,
    /// Messages and letters.
    files: usize,
    /// Whether record and papers are whole.
    whole: bool,
    /// Kilobytes that were used at the end.
    used: u64,
}

/// Runs until nothing is queued, first on a disk of so many kilobytes and then on one with room. `None`: this machine
/// gives nobody a file system of his own.
fn on_a_disk_of(kilobytes: u64) -> Option<Left> {
    let place = Place::on_sqlite(&[CHILD]);
    let (disk, out) = (place.path("disk"), place.path("out"));
    fs::create_dir_all(&disk).unwrap();
    fs::create_dir_all(&out).unwrap();
    let script = r#"
        mount -t tmpfs -o size="$SIZE"k none "$DISK" || exit 77
        program="$PROGRAM --config $SETTINGS --data-dir $DISK/data"
        $program run > "$OUT/said" 2>&1; echo $? > "$OUT/code"
        mount -o remount,size=400m "$DISK"
        for again in 1 2 3 4 5 6 7 8 9 10 11 12; do
            $program run --json > "$OUT/run.json" 2> "$OUT/again" || exit 78
            grep -q '"queued": 0' "$OUT/run.json" && break
        done
        $program status --json > "$OUT/status.json"
        find "$DISK/data/outgoing" -name '*.eml' -o -name '*.pdf' | wc -l > "$OUT/files"
        $program ledger verify --documents > "$OUT/verify" 2>&1; echo $? > "$OUT/whole"
        du -sk "$DISK" | cut -f1 > "$OUT/used"
    "#;
    let ended = Command::new("unshare")
        .args(["--map-root-user", "--mount", "sh", "-c", script])
        .env("SIZE", kilobytes.to_string())
        .env("DISK", &disk)
        .env("OUT", &out)
        .env("SETTINGS", place.path("earlypost.toml"))
        .env("PROGRAM", env!("CARGO_BIN_EXE_earlypost"))
        .env("EARLYPOST_DELIVERY_LEASE_SECONDS", "1")
        .env_remove("EARLYPOST_STORE")
        .output();
    let Ok(ended) = ended else { return None };
    let text = |name: &str| fs::read_to_string(out.join(name)).unwrap_or_default();
    match ended.status.code() {
        Some(0) => {}
        _ if !Path::new(&out.join("code")).exists() => return None,
        code => panic!("{kilobytes} kB: ended with {code:?}: first {}; again {}", text("said"), text("again")),
    }
    let number = |name: &str| text(name).trim().parse::<u64>().unwrap();
    let status: Value = serde_json::from_str(&text("status.json")).unwrap();
    Some(Left {
        first: (i32::try_from(number("code")).unwrap(), text("said")),
        states: status["dispatches"].clone(),
        files: usize::try_from(number("files")).unwrap(),
        whole: number("whole") == 0,
        used: number("used"),
    })
}

#[test]
fn a_disk_that_is_full_at_any_point_loses_nothing_and_sends_nothing_twice() {
    let Some(whole) = on_a_disk_of(400_000) else {
        return skipped("a full disk at any point of a run", "this machine lets nobody mount a file system");
    };
    assert_eq!(whole.first.0, 0, "{}", whole.first.1);
    let mut failed = 0;
    for tenths in [1, 2, 4, 6, 8, 9] {
        let size = whole.used * tenths / 10;
        let left = on_a_disk_of(size).unwrap();

        let (code, said) = &left.first;
        assert!(!said.contains("panicked"), "{size} kB: {said}");
        if *code != 0 {
            failed += 1;
            assert!(said.contains("full"), "{size} kB, {code}: it does not say that the disk is full: {said}");
        }
        assert_eq!(left.states, whole.states, "{size} kB, after: {said}");
        assert_eq!(left.files, whole.files, "{size} kB: each file once");
        assert!(left.whole, "{size} kB: the record or a paper is damaged");
    }
    assert!(failed > 2, "the disk was full in most of the runs");
}
