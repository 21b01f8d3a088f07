//! The record of access at two sizes: what an append costs, a child's report, and the check of the whole record:
//! `cargo bench --bench ledger -- [ENTRIES]`.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use earlypost::{
    case::{CaseRecord, ChildId},
    document::TemplateSet,
    ledger::{
        Detail, Entry, Event,
        report::{Filter, Report, Telling},
    },
    store::{ProgramKey, Store, StoreSettings, sqlite_url},
};

/// Children that the entries are about, in turn: in a million entries a hundred for each, as some three years leave.
const CHILDREN: usize = 10_000;
/// Appends that are timed at each size.
const APPENDS: usize = 500;

#[tokio::main]
async fn main() {
    let entries = std::env::args().skip(1).find_map(|a| a.parse::<usize>().ok()).unwrap_or(1_000_000);
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(StoreSettings {
        url: sqlite_url(dir.path()),
        bodies: dir.path().join("papers").into(),
        key: ProgramKey::parse(&"07".repeat(32)).unwrap(),
        connections: 4,
    })
    .await
    .unwrap();
    let now = "2026-11-20T17:00:00Z".parse().unwrap();
    let children = children(&store, now).await;
    fill(&store, &children, 1_000, now).await;
    let small = appends(&store, &children[0], now).await;
    fill(&store, &children, entries.saturating_sub(1_000 + APPENDS), now).await;
    let large = appends(&store, &children[0], now).await;
    println!("append at 1,000 entries        {:>9.3} ms", millis(small));
    println!("append at {entries} entries   {:>9.3} ms  ratio {:.2}", millis(large), millis(large) / millis(small));

    let began = Instant::now();
    let rows = store.ledger().ledger_of(&children[1]).await.unwrap();
    let mut report = Report::default();
    let templates = TemplateSet::built_in();
    let telling = Telling::english(chrono_tz::America::New_York, templates.languages());
    report.add(&rows, &telling, &Filter::default());
    let lines = report.disclosures.len() + report.views.len();
    println!("a child's report, {lines} lines   {:>9.3} ms", millis(began.elapsed()));

    let began = Instant::now();
    let head = store.verification().verify_ledger(false).await.unwrap().unwrap();
    let took = began.elapsed();
    let rate = f64::from(u32::try_from(head.count).unwrap()) / took.as_secs_f64();
    println!("verify {} entries          {:>9.2} s   {rate:.0} entries/s", head.count, took.as_secs_f64());
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

async fn children(store: &Store, now: chrono::DateTime<chrono::Utc>) -> Vec<ChildId> {
    let sample = std::fs::read("samples/caseload/children/c-0417.json").unwrap();
    let mut record: Arc<CaseRecord> = serde_json::from_slice(&sample).map(Arc::new).unwrap();
    let mut ids = Vec::new();
    for n in 0..CHILDREN {
        Arc::make_mut(&mut record).child_id = ChildId::parse(format!("c-{n:05}")).unwrap();
        store.children().import_child(&record, "bench", now).await.unwrap();
        ids.push(record.child_id.clone());
    }
    ids
}

/// An entry of the usual size, with its sealed detail.
fn entry(child: &ChildId) -> (Entry, Detail) {
    let entry = Entry {
        recipient: "office:ghent-pediatrics/dr-osei".parse().ok(),
        channel: Some("smtp".into()),
        basis: Some("CONSENT".into()),
        ..Entry::new(Event::Disclosure, child, "accepted", "bench")
    };
    let detail = Detail {
        address: "records@direct.ghent-pediatrics.example.org".into(),
        ..Detail::said("Abena Osei, Ghent Pediatrics", "So that the doctor knows the plan.", "Plan (IFSP), 6 pages")
    };
    (entry, detail)
}

async fn fill(store: &Store, children: &[ChildId], count: usize, now: chrono::DateTime<chrono::Utc>) {
    let (mut left, mut turn) = (count, children.iter().cycle());
    while left > 0 {
        let page: Vec<_> = turn.by_ref().take(left.min(5_000)).map(entry).collect();
        left -= page.len();
        store.ledger().append_all(&page, now).await.unwrap();
    }
}

/// Each in a transaction of its own, as a send appends it.
async fn appends(store: &Store, child: &ChildId, now: chrono::DateTime<chrono::Utc>) -> Duration {
    let (entry, detail) = entry(child);
    let began = Instant::now();
    for _ in 0..APPENDS {
        store.ledger().append(&entry, &detail, now).await.unwrap();
    }
    began.elapsed() / u32::try_from(APPENDS).unwrap()
}
