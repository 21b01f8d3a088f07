//! A caseload of a few sample children in a folder of its own, and the program to run on it.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use earlypost::{
    shown::acts,
    simulate::{Plan, write_caseload},
};
use serde_json::Value;
use tempfile::TempDir;

use crate::harness::Database;

/// A folder with settings, a caseload and, once the program has run, data.
pub struct Place {
    folder: TempDir,
    pub database: Database,
}

/// What a command said and how it ended.
pub struct Said {
    pub code: i32,
    pub out: String,
    pub err: String,
}

/// Nothing answers there.
const NO_STORE: &str = "postgres://nobody@127.0.0.1:9/the-harness-gave-no-store";

fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("samples")
}

/// A sample child's record.
pub fn sample(child: &str) -> Value {
    let bytes = fs::read(samples().join("caseload/children").join(format!("{child}.json"))).unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

/// The program, with nothing of this machine's own settings. It has no store: a test that opens one says through the
/// harness where it is, so that the same test can run on another.
pub fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_earlypost"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("EARLYPOST_") {
            command.env_remove(name);
        }
    }
    command.stdin(Stdio::null()).env("EARLYPOST_STORE", NO_STORE);
    command
}

/// The account that runs the tests, who may do everything in a synthetic program.
pub fn account() -> String {
    let said = Command::new("id").arg("-un").output().unwrap();
    String::from_utf8(said.stdout).unwrap().trim().to_owned()
}

/// What the record keeps of that account.
pub fn account_as_recorded() -> String {
    let account = account();
    format!("{account} <person:{account}> (command line)")
}

/// Runs a command to its end.
pub fn ended(command: &mut Command) -> Said {
    let output = command.output().unwrap();
    let said = Said {
        code: output.status.code().expect("the program ended by itself"),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    };
    // Whatever a test put into a name, a notice or a file: no command hands it to a terminal as it is.
    for text in [&said.out, &said.err] {
        let raw = text.replace("\r\n", "\n").chars().find(|c| acts(*c) && !matches!(c, '\n' | '\t'));
        assert_eq!(raw, None, "{command:?} hands a control character to the terminal: {text:?}");
    }
    said
}

/// Tells a service to stop; it ends in peace.
pub fn told_to_stop(mut service: Child) {
    assert!(Command::new("kill").args(["-TERM", &service.id().to_string()]).status().unwrap().success());
    assert_eq!(service.wait().unwrap().code(), Some(0));
}

/// Runs the program with these arguments and nothing else.
pub fn earlypost(args: &[&str]) -> Said {
    ended(program().args(args))
}

impl Place {
    /// The samples with these children only.
    pub fn with(children: &[&str]) -> Self {
        Self::on(children, Database::for_test)
    }

    /// The same with the database file in the data folder, whatever the suite runs on.
    pub fn on_sqlite(children: &[&str]) -> Self {
        Self::on(children, Database::file)
    }

    fn on(children: &[&str], database: impl FnOnce(&Path) -> Database) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let place = Self { database: database(&folder.path().join("data")), folder };
        fs::create_dir_all(place.caseload("children")).unwrap();
        fs::copy(samples().join("earlypost.toml"), place.path("earlypost.toml")).unwrap();
        for file in ["program.toml", "directory.json"] {
            fs::copy(samples().join("caseload").join(file), place.caseload(file)).unwrap();
        }
        for child in children {
            place.put(child, &sample(child));
        }
        place
    }

    /// A simulated caseload of this many children, ready to run.
    pub fn simulated(children: u32) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let plan = Plan { children, seed: 7, day: "2026-11-20".parse().unwrap(), synthetic: true };
        write_caseload(&plan, folder.path()).unwrap();
        Self { database: Database::for_test(&folder.path().join("data")), folder }
    }

    /// Every record of the caseload.
    pub fn records(&self) -> Vec<Value> {
        let files = self.files("caseload/children");
        files.iter().map(|path| serde_json::from_slice(&fs::read(path).unwrap()).unwrap()).collect()
    }

    /// A file of this place.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A file of the caseload.
    pub fn caseload(&self, name: &str) -> PathBuf {
        self.path("caseload").join(name)
    }

    /// A file of the data folder.
    pub fn data(&self, name: &str) -> PathBuf {
        self.path("data").join(name)
    }

    /// Writes a child's record.
    pub fn put(&self, child: &str, record: &Value) {
        self.put_bytes(&format!("{child}.json"), &serde_json::to_vec_pretty(record).unwrap());
    }

    /// Writes a file of the children's folder.
    pub fn put_bytes(&self, file: &str, bytes: &[u8]) {
        fs::write(self.caseload("children").join(file), bytes).unwrap();
    }

    /// Writes a sample child's record with a change.
    pub fn change(&self, child: &str, change: impl FnOnce(&mut Value)) {
        let mut record = sample(child);
        change(&mut record);
        self.put(child, &record);
    }

    /// Changes one text of a file; the text stands there.
    pub fn edit(&self, file: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.path(file)).unwrap();
        assert!(text.contains(from), "{file} has no {from}");
        fs::write(self.path(file), text.replace(from, to)).unwrap();
    }

    /// Adds to the settings.
    pub fn add_settings(&self, text: &str) {
        let path = self.path("earlypost.toml");
        let settings = fs::read_to_string(&path).unwrap();
        fs::write(path, format!("{settings}\n{text}")).unwrap();
    }

    /// The program on this place.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = program();
        command.args(args).arg("--config").arg(self.path("earlypost.toml")).arg("--data-dir").arg(self.path("data"));
        self.database.given_to(&mut command);
        command
    }

    /// Runs the program on this place.
    pub fn earlypost(&self, args: &[&str]) -> Said {
        ended(&mut self.command(args))
    }

    /// Runs the program as whoever destroys records.
    pub fn as_keeper(&self, args: &[&str]) -> Said {
        ended(self.command(args).env("EARLYPOST_STORE", self.database.keeper_url()))
    }

    /// Runs a command that must end with 0.
    #[track_caller]
    pub fn done(&self, args: &[&str]) -> Said {
        let said = self.earlypost(args);
        assert_eq!(said.code, 0, "{args:?}: {}", said.err);
        said
    }

    /// Runs a command that must end with 0, and reads its JSON.
    #[track_caller]
    pub fn json(&self, args: &[&str]) -> Value {
        self.done(&[args, &["--json"]].concat()).json()
    }

    /// Every file below a folder of this place.
    pub fn files(&self, below: &str) -> Vec<PathBuf> {
        fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
            let Ok(entries) = fs::read_dir(folder) else { return };
            for path in entries.map(|entry| entry.unwrap().path()) {
                if path.is_dir() { walk(&path, found) } else { found.push(path) }
            }
        }
        let mut found = Vec::new();
        walk(&self.path(below), &mut found);
        found.sort();
        found
    }

    /// Messages and letters that lie in the outgoing folders.
    pub fn sent(&self) -> Vec<PathBuf> {
        let mut files = self.files("data/outgoing");
        files.retain(|path| path.extension().is_some_and(|e| e == "eml" || e == "pdf"));
        files
    }
}

impl Said {
    /// The one JSON value that stands on standard output.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out)
            .unwrap_or_else(|error| panic!("no single JSON value ({error}): {}{}", self.out, self.err))
    }

    /// Asserts how the command ended, and that standard error says this.
    #[track_caller]
    pub fn fails(&self, code: i32, says: &str) {
        assert_eq!(self.code, code, "{}", self.err);
        assert!(self.err.contains(says), "not said: {says}\n{}", self.err);
    }
}

/// The dispatch of a run to this recipient that holds this paper.
#[track_caller]
pub fn dispatch<'a>(run: &'a Value, recipient: &str, paper: &str) -> &'a Value {
    dispatches(run)
        .iter()
        .find(|d| {
            d["recipient"] == recipient && d["documents"].as_array().unwrap().iter().any(|one| one["kind"] == paper)
        })
        .unwrap_or_else(|| panic!("no {paper} to {recipient} in {run:#}"))
}

/// The dispatches of a run.
pub fn dispatches(run: &Value) -> &[Value] {
    run["dispatches"].as_array().unwrap()
}

/// State and reason of every dispatch of one child.
pub fn fates<'a>(run: &'a Value, child: &str) -> Vec<(&'a str, Option<&'a str>)> {
    dispatches(run)
        .iter()
        .filter(|d| d["child"] == child)
        .map(|d| (d["state"].as_str().unwrap(), d["reason"].as_str()))
        .collect()
}
