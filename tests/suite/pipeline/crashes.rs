//! The process is killed with SIGKILL while it works; afterwards the outgoing folders and the record agree.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use serde_json::Value;

use crate::harness::Database;

const CHILDREN: [&str; 3] = ["c-0398", "c-0405", "c-0417"];

pub struct Installation(tempfile::TempDir, Database);

impl Installation {
    pub fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let caseload = dir.path().join("caseload");
        std::fs::create_dir_all(caseload.join("children")).unwrap();
        for file in ["program.toml", "directory.json"] {
            std::fs::copy(format!("samples/caseload/{file}"), caseload.join(file)).unwrap();
        }
        for id in CHILDREN {
            std::fs::copy(format!("samples/caseload/children/{id}.json"), caseload.join(format!("children/{id}.json")))
                .unwrap();
        }
        std::fs::copy("samples/earlypost.toml", dir.path().join("earlypost.toml")).unwrap();
        let database = Database::for_test(&dir.path().join("data"));
        Self(dir, database)
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_earlypost"));
        command
            .arg("--config")
            .arg(self.0.path().join("earlypost.toml"))
            .args(arguments)
            .env("EARLYPOST_DELIVERY_LEASE_SECONDS", "1")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        self.1.given_to(&mut command);
        command
    }

    pub fn files(&self) -> usize {
        fn count(folder: &Path) -> usize {
            let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
            entries
                .filter_map(Result::ok)
                .map(|e| e.path())
                .map(|p| {
                    if p.is_dir() {
                        count(&p)
                    } else {
                        usize::from(p.extension().is_some_and(|e| e == "eml" || e == "pdf"))
                    }
                })
                .sum()
        }
        count(&self.0.path().join("data/outgoing"))
    }

    pub fn write_settings(&self, text: &str) {
        std::fs::write(self.0.path().join("earlypost.toml"), text).unwrap();
    }

    fn papers(&self) -> usize {
        fn count(folder: PathBuf) -> usize {
            std::fs::read_dir(folder).map_or(0, |entries| {
                entries.filter_map(Result::ok).map(|e| if e.path().is_dir() { count(e.path()) } else { 1 }).sum()
            })
        }
        count(self.0.path().join("data/papers"))
    }

    /// Starts a run and kills it as soon as `reached` says so, or lets it end.
    fn killed_when(&self, reached: impl Fn(&Self) -> bool) {
        let mut child: Child = self.command(&["run", "--json"]).spawn().unwrap();
        loop {
            if child.try_wait().unwrap().is_some() {
                return;
            }
            if reached(self) {
                // SIGKILL: no destructor and no handler runs.
                child.kill().unwrap();
                child.wait().unwrap();
                return;
            }
            std::thread::yield_now();
        }
    }

    pub fn json(&self, arguments: &[&str]) -> Value {
        let output = self.command(arguments).output().unwrap();
        serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)))
    }
}

#[test]
fn a_run_killed_at_any_step_loses_nothing_and_sends_nothing_twice() {
    let whole = Installation::new();
    let reference = whole.json(&["run", "--json"]);
    let expected_files = whole.files();
    let killed = Installation::new();
    // Killed while importing, while rendering (three times), while delivering (three times).
    killed.killed_when(|i| i.0.path().join("data/ledger.mark").exists());
    for papers in [1, 4, 9] {
        killed.killed_when(|i| i.papers() >= papers);
    }
    for files in [1, 3, 6] {
        killed.killed_when(|i| i.files() >= files);
    }
    // Leases of the killed runs last a second; runs go on until nothing is in flight any more.
    let last = loop {
        let report = killed.json(&["run", "--json"]);
        if report["balance"]["queued"] == 0 {
            break report;
        }
    };
    assert_eq!(last["balance"]["withheld"], reference["balance"]["withheld"]);
    assert_eq!(killed.files(), expected_files, "every file once");
    let counts = killed.json(&["status", "--json"])["dispatches"].clone();
    assert_eq!(counts, whole.json(&["status", "--json"])["dispatches"]);
    let entries = killed.json(&["ledger", "list", "--json"]);
    let mut of_dispatch: HashMap<String, usize> = HashMap::new();
    // What an import keeps back has entries of its own, about no dispatch.
    let left = |entry: &&serde_json::Value| entry["entry"]["event"] == "disclosure";
    for entry in entries["entries"].as_array().unwrap().iter().filter(left) {
        *of_dispatch.entry(entry["entry"]["dispatch"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    assert!(of_dispatch.values().all(|n| *n == 1), "each entry once: {of_dispatch:?}");
    assert_eq!(of_dispatch.len() as u64, counts["accepted"].as_u64().unwrap());
    assert_eq!(killed.command(&["ledger", "verify", "--documents"]).status().unwrap().code(), Some(0));
}
