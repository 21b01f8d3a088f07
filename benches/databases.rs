//! SQLite and PostgreSQL side by side, in one run: the whole job on each; one, two and four services that share the work on
//! PostgreSQL, each with one rendering process; import, plan and deliver as programs grow.
//!
//!   cargo bench --bench databases -- [CHILDREN]               the whole job and the services (300 when left out)
//!   cargo bench --bench databases -- curve CHILDREN...        import and plan of so many children, and the delivery of one
//!                                                             stored paper of each: cost a child
//!
//! The server is a private cluster (Debian: postgresql) that writes to its disk as one in service does.

#[path = "../tests/suite/harness/database.rs"]
#[expect(dead_code, reason = "the tests use more of it")]
mod database;
mod ready;

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::mpsc,
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use database::Database;
use earlypost::simulate::{Plan, write_caseload};
use sqlx::{Connection, PgConnection};

fn main() {
    assert!(
        std::env::var_os("EARLYPOST_TEST_POSTGRES").is_some() || std::env::var("TEST_FSYNC").is_ok_and(|on| on == "on"),
        "the tests' cluster does not wait for its disk; measure with TEST_FSYNC=on"
    );
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    if let [mode, sizes @ ..] = &arguments[..]
        && mode == "curve"
    {
        let mut kept = Vec::new();
        return sizes.iter().filter_map(|n| n.parse().ok()).for_each(|children| curve(children, &mut kept));
    }
    let children = arguments.first().and_then(|n| n.parse().ok()).unwrap_or(300);
    // What was made stays until the end: a file system that has just removed thousands of files makes new ones slowly.
    let _kept = whole_job(children);
    services(children);
}

/// A simulated program in a folder of its own.
struct Place(tempfile::TempDir);

impl Place {
    fn new(children: u32) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let day = "2026-11-20".parse().unwrap();
        write_caseload(&Plan { children, seed: 1, day, synthetic: true }, &folder.path().join("program")).unwrap();
        Self(folder)
    }

    fn settings(&self) -> PathBuf {
        self.0.path().join("program/earlypost.toml")
    }

    fn command(&self, database: Option<&Database>, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_earlypost"));
        command.args(arguments).arg("--quiet").arg("--config").arg(self.settings()).stdout(Stdio::null());
        if let Some(database) = database {
            command.env("EARLYPOST_STORE", database.url());
        }
        command
    }

    fn timed(&self, database: Option<&Database>, arguments: &[&str]) -> Duration {
        let started = Instant::now();
        assert!(self.command(database, arguments).status().unwrap().success(), "{arguments:?}");
        started.elapsed()
    }
}

fn whole_job(children: u32) -> ([Place; 2], Database) {
    let database = Database::postgres();
    let places = [Place::new(children), Place::new(children)];
    let sqlite = places[0].timed(None, &["run"]);
    let postgres = places[1].timed(Some(&database), &["run"]);
    println!("children {children}: import, plan, render, deliver to folders");
    println!("  SQLite            {:>8.2} s", sqlite.as_secs_f64());
    println!(
        "  PostgreSQL        {:>8.2} s   rate against SQLite {:.2}  (to reach: 0.85)",
        postgres.as_secs_f64(),
        sqlite.as_secs_f64() / postgres.as_secs_f64()
    );
    (places, database)
}

fn services(children: u32) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (mut alone, mut kept) = (None, Vec::new());
    println!("services with one rendering process each, from the queue to everything sent, on PostgreSQL");
    for count in [1, 2, 4] {
        let (place, database) = (Place::new(children), Database::postgres());
        let mut watch = runtime.block_on(PgConnection::connect(database.url())).unwrap();
        let planner = service(&place, &database, "plan");
        runtime.block_on(until(&mut watch, "SELECT COUNT(*) FROM run WHERE ended_at IS NOT NULL", |n| n > 0));
        ended(planner);
        let started = Instant::now();
        let services: Vec<Child> = (0..count).map(|_| service(&place, &database, "render,deliver")).collect();
        let open = "SELECT COUNT(*) FROM dispatch WHERE state IN ('queued', 'sending')";
        runtime.block_on(until(&mut watch, open, |n| n == 0));
        let took = started.elapsed();
        services.into_iter().for_each(ended);
        let first = *alone.get_or_insert(took);
        let times = first.as_secs_f64() / took.as_secs_f64();
        let reach = if count == 2 { "  (to reach: 1.5)" } else { "" };
        println!("  {count}                 {:>8.2} s   {times:.2} times one{reach}", took.as_secs_f64());
        kept.push((place, database));
    }
}

fn service(place: &Place, database: &Database, roles: &str) -> Child {
    place
        .command(Some(database), &["serve", "--roles", roles])
        .env("EARLYPOST_SERVICE_POLL_SECONDS", "1")
        .env("EARLYPOST_RENDER_WORKERS", "1")
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

fn ended(mut service: Child) {
    assert!(Command::new("kill").args(["-TERM", &service.id().to_string()]).status().unwrap().success());
    service.wait().unwrap();
}

async fn until(connection: &mut PgConnection, sql: &'static str, holds: impl Fn(i64) -> bool) {
    loop {
        let (count,): (i64,) = sqlx::query_as(sql).fetch_one(&mut *connection).await.unwrap();
        if holds(count) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

fn curve(children: u32, kept: &mut Vec<(Place, Option<Database>)>) {
    for (name, database) in [("SQLite", None), ("PostgreSQL", Some(Database::postgres()))] {
        let place = Place::new(children);
        let import = place.timed(database.as_ref(), &["import"]);
        let _kept = KeptInMemory::new(match &database {
            Some(database) => files_of(database),
            None => place.0.path().join("program/data/earlypost.db"),
        });
        let plan = place.timed(database.as_ref(), &["plan"]);
        let papers = u32::try_from(ready::fill(&place.settings(), database.as_ref().map(Database::url))).unwrap();
        let deliver = place.timed(database.as_ref(), &["deliver"]);
        println!("{children:>7} children, {name}: milliseconds each");
        for (what, took, count) in
            [("import", import, children), ("plan", plan, children), ("deliver", deliver, papers)]
        {
            let each = took.as_secs_f64() * 1000.0 / f64::from(count);
            println!("    {what:<8} {each:>7.3}   ({:.2} s for {count})", took.as_secs_f64());
        }
        kept.push((place, database));
    }
}

/// Where the server keeps its tables.
fn files_of(database: &Database) -> PathBuf {
    let (folder,): (String,) = tokio::runtime::Runtime::new().unwrap().block_on(async {
        let mut server = PgConnection::connect(database.owner_url()).await.unwrap();
        sqlx::query_as("SHOW data_directory").fetch_one(&mut server).await.unwrap()
    });
    Path::new(&folder).join("base")
}

/// Reads a database's files every 20 seconds, so that they stay in the system's cache: a virtual machine that gives memory
/// back writes to its disk what nobody read for a minute, and then one of 100,000 children is measured by that disk and one
/// of 10,000 is not. Papers are not read.
struct KeptInMemory {
    ends: Option<mpsc::Sender<()>>,
    reads: Option<JoinHandle<()>>,
}

impl KeptInMemory {
    fn new(files: PathBuf) -> Self {
        let (ends, ended) = mpsc::channel();
        let reads = thread::spawn(move || {
            loop {
                read(&files);
                if ended.recv_timeout(Duration::from_secs(20)) != Err(mpsc::RecvTimeoutError::Timeout) {
                    return;
                }
            }
        });
        Self { ends: Some(ends), reads: Some(reads) }
    }
}

impl Drop for KeptInMemory {
    fn drop(&mut self) {
        drop(self.ends.take());
        self.reads.take().unwrap().join().unwrap();
    }
}

/// A file, or all in a folder. What the server removes meanwhile is gone.
fn read(path: &Path) {
    if let Ok(entries) = fs::read_dir(path) {
        entries.flatten().for_each(|entry| read(&entry.path()));
    } else if let Ok(mut file) = fs::File::open(path) {
        let _ = std::io::copy(&mut file, &mut std::io::sink());
    }
}
