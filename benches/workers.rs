//! The rendering processes over many mixed papers: `cargo bench --bench workers -- [PAPERS]`, 20,000 without a number.
//! It prints a one-page reminder against the plan, what the processes' memory grows by after the first 1,000 papers, and
//! two processes of ours against two bare loops that run as two processes.

mod bare;

use std::{
    fs,
    process::Command,
    sync::Arc,
    time::{Duration, Instant},
};

use bare::Bare;
use earlypost::{
    document::{
        TemplateSet, render,
        specimen::{Specimen, specimens},
        typst::worker::{RenderSettings, Renderer},
    },
    due::DocumentKind,
};

/// Plans that each side renders for the ratio of two against two.
const PLANS: usize = 400;

/// As in the program itself: the bare loop has what we have.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    if arguments.first().is_some_and(|mode| mode == "bare") {
        return bare_process();
    }
    let papers = arguments.first().and_then(|n| n.parse().ok()).unwrap_or(20_000);
    reminder_against_plan();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(memory(papers));
    runtime.block_on(two_against_two());
}

fn specimen(name: &str) -> Specimen {
    specimens(TemplateSet::built_in().languages())
        .into_iter()
        .find(|s| s.name == name)
        .unwrap_or_else(|| panic!("no specimen is named {name}"))
}

/// In turns, so that a slow minute of the machine falls on both; the middle of each side.
fn reminder_against_plan() {
    rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread().build_global().unwrap();
    let (plan, reminder) = (specimen("ifsp-agency"), specimen("monthly-reminder-family"));
    let time = |one: &Specimen| {
        let began = Instant::now();
        let made = render(&TemplateSet::built_in(), one.kind, one.view.clone()).unwrap();
        (began.elapsed(), made.pages.len())
    };
    let (mut plans, mut reminders) = (Vec::new(), Vec::new());
    let mut pages = (0, 0);
    for _ in 0..40 {
        let ((a, of_plan), (b, of_reminder)) = (time(&plan), time(&reminder));
        plans.push(a);
        reminders.push(b);
        pages = (of_plan, of_reminder);
    }
    let middle = |mut times: Vec<Duration>| {
        times.sort();
        times[times.len() / 2].as_secs_f64() * 1000.0
    };
    let (plan, reminder) = (middle(plans), middle(reminders));
    println!("plan, {} pages       {plan:>8.1} ms", pages.0);
    println!("reminder, {} page    {reminder:>8.1} ms", pages.1);
    println!("ratio              {:>8.2}     (to stay at or under: 0.20)", reminder / plan);
}

fn pool() -> Arc<Renderer> {
    let settings = RenderSettings { workers: 2, ..RenderSettings::default() };
    Arc::new(Renderer::new(env!("CARGO_BIN_EXE_earlypost").into(), settings))
}

/// Renders these, two at a time, each worker taking the next.
async fn through(pool: &Arc<Renderer>, papers: impl Iterator<Item = (DocumentKind, Vec<u8>)>) {
    let mut running = tokio::task::JoinSet::new();
    for (kind, view) in papers {
        if running.len() == 2 {
            running.join_next().await.unwrap().unwrap();
        }
        let pool = Arc::clone(pool);
        running.spawn(async move { drop(pool.render(&TemplateSet::built_in(), kind, view).await.unwrap()) });
    }
    while let Some(done) = running.join_next().await {
        done.unwrap();
    }
}

/// What the processes hold for themselves, in MB: private pages, since the program's own are shared.
fn held(pool: &Renderer) -> f64 {
    let of = |pid: u32| -> f64 {
        let text = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).unwrap_or_default();
        let line = |name: &str| text.lines().find_map(|line| line.strip_prefix(name)).unwrap_or("0 kB").to_owned();
        let value = |name: &str| line(name).trim().trim_end_matches(" kB").parse::<f64>().unwrap_or(0.0) / 1024.0;
        value("Private_Clean:") + value("Private_Dirty:")
    };
    pool.process_ids().into_iter().map(of).sum()
}

async fn memory(papers: usize) {
    let pool = pool();
    let mix: Vec<Specimen> = specimens(TemplateSet::built_in().languages());
    let all = |from: usize, to: usize| {
        let mix = mix.clone();
        (from..to).map(move |n| (mix[n % mix.len()].kind, mix[n % mix.len()].view.clone()))
    };
    let began = Instant::now();
    let first = papers.min(1_000);
    through(&pool, all(0, first)).await;
    let (at_first, mut most, mut at) = (held(&pool), 0.0_f64, first);
    while at < papers {
        let next = (at + 500).min(papers);
        through(&pool, all(at, next)).await;
        most = most.max(held(&pool));
        at = next;
    }
    let rate = f64::from(u32::try_from(papers).unwrap()) / began.elapsed().as_secs_f64();
    println!("{papers} papers of {} sorts, two processes: {rate:.1} papers/s", mix.len());
    println!("memory after {first}  {at_first:>8.1} MB");
    println!("the most after     {most:>8.1} MB");
    println!("growth             {:>8.2} %   (to stay under: 5)", 100.0 * (most / at_first - 1.0));
}

async fn two_against_two() {
    let plan = specimen("ifsp-agency");
    let pool = pool();
    through(&pool, (0..20).map(|_| (plan.kind, plan.view.clone()))).await;
    let began = Instant::now();
    through(&pool, (0..2 * PLANS).map(|_| (plan.kind, plan.view.clone()))).await;
    let ours = began.elapsed();
    let this = std::env::current_exe().unwrap();
    let began = Instant::now();
    let loops = [0, 1].map(|_| Command::new(&this).arg("bare").spawn().unwrap());
    for mut one in loops {
        assert!(one.wait().unwrap().success());
    }
    let bare = began.elapsed();
    println!("two of ours        {:>8.2} s  for {} plans", ours.as_secs_f64(), 2 * PLANS);
    println!("two bare loops     {:>8.2} s", bare.as_secs_f64());
    println!("ratio              {:>8.2}     (to reach: 0.9)", bare.as_secs_f64() / ours.as_secs_f64());
}

fn bare_process() {
    rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread().build_global().unwrap();
    let plan = specimen("ifsp-agency");
    let mut bare = Bare::new();
    let mut bytes = 0;
    for _ in 0..PLANS {
        bytes += bare.render("ifsp", plan.view.clone()).len();
    }
    assert!(bytes > 0);
}
