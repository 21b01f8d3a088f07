//! The plan of many simulated children under one profile, on SQLite: the first time, again on the same day, on the next
//! day with one child in a hundred changed, and `explain` for one among them. A tenth of the children is measured before,
//! so that the growth is seen: `cargo bench --bench plan -- [CHILDREN]` (100,000 when left out).

use std::{
    fs,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use chrono::NaiveDate;
use earlypost::{
    actor::Actor,
    app::{Overrides, assemble},
    clock::{Clock, SystemClock},
    config::load,
    pipeline::{Pipeline, PlanScope, Silent},
    simulate::{Plan, write_caseload},
};

/// One child in so many has a changed record on the next day.
const CHANGED_ONE_IN: usize = 100;

struct Measured {
    first: Duration,
    again: Duration,
    next_day: Duration,
    explain: Duration,
}

fn main() {
    let arguments = std::env::args().skip(1).find(|argument| argument != "--bench");
    let children: u32 = arguments.and_then(|n| n.parse().ok()).unwrap_or(100_000);
    let tenth = measured(children / 10);
    let all = measured(children);
    let seconds =
        |what: &str, time: Duration, reach: &str| println!("{what:<28} {:>9.2} s   {reach}", time.as_secs_f64());
    println!("children {children}");
    seconds("plan, first", all.first, "(to reach: 30 for 100,000)");
    seconds("plan, again the same day", all.again, "(to reach: 3)");
    seconds("plan, next day, 1 % changed", all.next_day, "(to reach: 10)");
    seconds("explain of one child", all.explain, "(to reach: 0.1)");
    let ratio = all.first.as_secs_f64() / tenth.first.as_secs_f64();
    println!("{:<28} {ratio:>9.1}     (ten times the children; to stay under: 12)", "growth");
    println!("{:<28} {:>9.0} MB  (to stay under: 500)", "peak memory", peak_megabytes());
}

fn measured(children: u32) -> Measured {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("program");
    let day: NaiveDate = "2026-11-20".parse().unwrap();
    write_caseload(&Plan { children, seed: 1, day, synthetic: true }, &out).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let today = pipeline(&out, None).await;
        today.intake().import(&out.join("caseload"), &Silent, &Actor::service("a measurement")).await.unwrap();
        read_once(&out);
        let first = plan(&today).await;
        let again = plan(&today).await;
        let started = Instant::now();
        let one = today.store.children().child_ids_after("", 1).await.unwrap();
        today.planning().explain(&one[0], &Actor::service("a measurement")).await.unwrap();
        let explain = started.elapsed();
        today.store.close().await;
        let tomorrow = pipeline(&out, day.succ_opt()).await;
        change(&tomorrow).await;
        let next_day = plan(&tomorrow).await;
        tomorrow.store.close().await;
        Measured { first, again, next_day, explain }
    })
}

async fn pipeline(out: &Path, as_of: Option<NaiveDate>) -> Arc<Pipeline> {
    let config = load(&out.join("earlypost.toml"), None, &|_| None, SystemClock.now()).unwrap();
    assemble(&config, &Overrides { as_of, ..Overrides::default() }).await.unwrap().pipeline
}

async fn plan(pipeline: &Arc<Pipeline>) -> Duration {
    let started = Instant::now();
    pipeline.planning().plan(&PlanScope::default(), &Actor::service("a measurement"), &Silent).await.unwrap();
    started.elapsed()
}

/// Another cadence of contacts for one child in a hundred.
async fn change(pipeline: &Pipeline) {
    let mut after = String::new();
    loop {
        let page = pipeline.store.children().child_ids_after(&after, 1000).await.unwrap();
        let Some(last) = page.last() else { return };
        after = last.to_string();
        for child in page.iter().step_by(CHANGED_ONE_IN) {
            let mut record = pipeline.store.children().child(child).await.unwrap().record;
            std::sync::Arc::make_mut(&mut record).contact_every_months = Some(2);
            pipeline.store.children().import_child(&record, "a measurement", pipeline.now()).await.unwrap();
        }
    }
}

/// Brings the database into the system's own cache: a machine that gives its memory away while nobody reads measures its
/// disk otherwise.
fn read_once(out: &Path) {
    let mut file = fs::File::open(out.join("data/earlypost.db")).unwrap();
    let started = Instant::now();
    let bytes = std::io::copy(&mut file, &mut std::io::sink()).unwrap();
    println!("database of {} MB, read in {:.1} s", bytes / 1_000_000, started.elapsed().as_secs_f64());
}

/// The most memory that this process ever held.
fn peak_megabytes() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("0 kB");
    line.trim().trim_end_matches(" kB").parse::<f64>().unwrap_or(0.0) / 1024.0
}
