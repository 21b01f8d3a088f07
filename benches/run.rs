//! The whole job over simulated children against two bare loops over the same papers, in one run, with the
//! memory of all processes.
//!
//!   cargo bench --bench run -- [CHILDREN]                          to folders (1,000 when left out)
//!   cargo bench --bench run -- CHILDREN smtp                       e-mail over SMTP to smtp-sink
//!   cargo bench --bench run -- CHILDREN smtp postgres              the same on PostgreSQL (with `TEST_FSYNC=on`)
//!   cargo bench --bench run -- CHILDREN history DISPATCHES         the next month's run, with so many dispatches behind it

mod bare;
#[path = "../tests/suite/harness/database.rs"]
#[expect(dead_code, reason = "the tests use more of it")]
mod database;
mod folder;
mod history;
mod sink;

use std::{
    fs,
    io::Write,
    path::Path,
    process::{Command, Stdio},
    sync::mpsc::{self, RecvTimeoutError},
    time::{Duration, Instant},
};

use bare::Bare;
use database::Database;
use earlypost::{
    app::{Overrides, assemble as assemble_app},
    clock::{Clock, SystemClock, day_in},
    config::load,
    document::assemble::{Sheet, assemble, language_for},
    simulate::{Plan, write_caseload},
};

/// As in the program itself: the bare loop has what we have.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    if let [mode, file] = &arguments[..]
        && mode == "bare"
    {
        return bare_process(file);
    }
    let children = arguments.first().and_then(|n| n.parse().ok()).unwrap_or(1000);
    let has = |word: &str| arguments.iter().any(|argument| argument == word);
    if has("history") {
        let dispatches = arguments.get(2).and_then(|n| n.parse().ok()).unwrap_or(1_000_000);
        return history::measure(children, dispatches);
    }
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("program");
    let sink = has("smtp").then(sink::Sink::start);
    let database = has("postgres").then(Database::postgres);
    let store = database.as_ref().map(Database::url);
    caseload(children, sink.as_ref(), &out);
    let (whole, memory) = whole_run(&out, store);
    let papers = views(&out, dir.path(), store);
    let bare = two_bare_loops(dir.path());
    let count = f64::from(u32::try_from(papers).unwrap());
    println!("children {children}, papers {papers}");
    println!("whole run        {:>8.2} s  {:>7.1} papers/s", whole.as_secs_f64(), count / whole.as_secs_f64());
    println!("two bare loops   {:>8.2} s  {:>7.1} papers/s", bare.as_secs_f64(), count / bare.as_secs_f64());
    println!("ratio            {:>8.2}    (to reach: 0.7)", bare.as_secs_f64() / whole.as_secs_f64());
    println!("peak memory      {memory:>8.0} MB  (PSS, all processes of ours; to stay under: 300)");
    let sealing = sealing(&out.join("data/papers"));
    let share = 100.0 * sealing.as_secs_f64() / whole.as_secs_f64();
    println!("sealing, hashing {:>8.2} s  {share:>7.2} %          (to stay under: 5)", sealing.as_secs_f64());
}

/// A simulated program; with a relay a real one of today, whose papers leave without a person's release.
fn caseload(children: u32, sink: Option<&sink::Sink>, out: &Path) {
    let day = "2026-11-20".parse().unwrap();
    let Some(sink) = sink else {
        write_caseload(&Plan { children, seed: 1, day, synthetic: true }, out).unwrap();
        return;
    };
    // The program's own day: after midnight in Greenwich it is still the evening before.
    let day = day_in(chrono_tz::America::New_York, SystemClock.now());
    write_caseload(&Plan { children, seed: 1, day, synthetic: false }, out).unwrap();
    let settings = format!(
        "caseload = \"caseload\"\ndata_dir = \"data\"\n[release]\noutside = \"auto\"\n[channels.email]\nkind = \"smtp\"\n\
         host = \"localhost\"\nport = {}\nsecurity = \"plaintext\"\nhello_name = \"ei.example\"\nenforces_tls_onward = true\n\
         connections = 4\n[channels.postal]\nkind = \"print\"\n[delivery]\nat_once = 2\nusual_volume = 0\nburst_failures = 0\n\
         new_address_children = 0\n",
        sink.port()
    );
    fs::write(out.join("earlypost.toml"), settings).unwrap();
}

/// What sealing and hashing cost of a run: each stored paper is hashed for its entry and for its name, sealed, opened
/// again for its sending and compared. Counted on one core, against the run's time on all of them.
fn sealing(papers: &Path) -> Duration {
    use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce, aead::Aead};
    use hmac::{Hmac, Mac};
    use sha2::{Digest, Sha256};
    let (key, nonce) = ([7; 32], XNonce::from([9; 24]));
    let cipher = XChaCha20Poly1305::new(&key.into());
    let name = |bytes: &[u8]| {
        let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(&key).unwrap();
        mac.update(bytes);
        mac.finalize().into_bytes()
    };
    let mut folders = vec![papers.to_path_buf()];
    let mut took = Duration::ZERO;
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let bytes = fs::read(path).unwrap();
            let began = Instant::now();
            for _ in 0..2 {
                std::hint::black_box((Sha256::digest(&bytes), name(&bytes)));
            }
            let sealed = cipher.encrypt(&nonce, bytes.as_slice()).unwrap();
            std::hint::black_box(cipher.decrypt(&nonce, sealed.as_slice()).unwrap());
            took += began.elapsed();
        }
    }
    took
}

fn whole_run(out: &Path, store: Option<&str>) -> (Duration, f64) {
    let started = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_earlypost"))
        .envs(store.map(|url| ("EARLYPOST_STORE", url)))
        .args(["run", "--quiet", "--config"])
        .arg(out.join("earlypost.toml"))
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let (id, (over, running)) = (child.id(), mpsc::channel::<()>());
    // Each look walks through the tables of three processes: more of them would be a part of what is measured.
    let looking = std::thread::spawn(move || {
        let mut peak = 0.0_f64;
        while running.recv_timeout(Duration::from_millis(250)) == Err(RecvTimeoutError::Timeout) {
            peak = peak.max(pss_megabytes(id));
        }
        peak
    });
    let status = child.wait().unwrap();
    let elapsed = started.elapsed();
    drop(over);
    assert!(status.success(), "the run failed: {status}");
    (elapsed, looking.join().unwrap())
}

/// Proportional set size of a process and its children.
fn pss_megabytes(pid: u32) -> f64 {
    let of = |pid: u32| -> f64 {
        let text = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).unwrap_or_default();
        let line = text.lines().find_map(|l| l.strip_prefix("Pss:")).unwrap_or("0 kB");
        line.trim().trim_end_matches(" kB").parse::<f64>().unwrap_or(0.0) / 1024.0
    };
    let children =
        fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().filter_map(Result::ok).flat_map(|task| {
            let text = fs::read_to_string(task.path().join("children")).unwrap_or_default();
            text.split_whitespace().filter_map(|p| p.parse().ok()).collect::<Vec<u32>>()
        });
    of(pid) + children.map(of).sum::<f64>()
}

/// The views of every paper that the run rendered, dealt out to two files.
fn views(out: &Path, dir: &Path, store: Option<&str>) -> usize {
    let environment = |name: &str| store.filter(|_| name == "EARLYPOST_STORE").map(str::to_owned);
    let config = load(&out.join("earlypost.toml"), None, &environment, SystemClock.now()).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut files = [0, 1].map(|i| std::io::BufWriter::new(fs::File::create(dir.join(format!("views-{i}"))).unwrap()));
    let mut papers = 0;
    runtime.block_on(async {
        let app = assemble_app(&config, &Overrides::default()).await.unwrap();
        let store = &app.pipeline.store;
        let templates = app.pipeline.templates.now();
        let (directory, _) = store.children().directory().await.unwrap();
        let mut after = String::new();
        loop {
            let page = store.children().child_ids_after(&after, 200).await.unwrap();
            let Some(last) = page.last() else { break };
            after = last.to_string();
            for child_id in page {
                let row = store.children().child(&child_id).await.unwrap();
                for dispatch in store.outbox().dispatches_of(&child_id).await.unwrap() {
                    let Some(packet) = &dispatch.packet else { continue };
                    for (kind, subject) in dispatch.envelope.contents().take(packet.items.len()) {
                        let sheet = Sheet {
                            record: &row.record,
                            directory: &directory,
                            rules: app.pipeline.rules(),
                            day: app.pipeline.day(),
                            languages: templates.languages(),
                            said: language_for(
                                templates.languages(),
                                kind,
                                &row.record,
                                &dispatch.envelope.recipient,
                                app.pipeline.rules().program,
                            ),
                            mask: &packet.mask,
                            recipient: &dispatch.envelope.recipient,
                            postal: None,
                            release: row.record.releases.first(),
                            enclosures: &[],
                            filed: &[],
                        };
                        let view = assemble(kind, subject, &sheet).unwrap().view;
                        let file = &mut files[papers % 2];
                        writeln!(file, "{}\t{}", kind, String::from_utf8(view).unwrap()).unwrap();
                        papers += 1;
                    }
                }
            }
        }
    });
    papers
}

fn two_bare_loops(dir: &Path) -> Duration {
    let started = Instant::now();
    let this = std::env::current_exe().unwrap();
    let loops = [0, 1].map(|i| Command::new(&this).arg("bare").arg(dir.join(format!("views-{i}"))).spawn().unwrap());
    for mut one in loops {
        assert!(one.wait().unwrap().success());
    }
    started.elapsed()
}

fn bare_process(file: &str) {
    rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread().build_global().unwrap();
    let mut bare = Bare::new();
    let mut bytes = 0;
    for line in fs::read_to_string(file).unwrap().lines() {
        let (kind, view) = line.split_once('\t').unwrap();
        bytes += bare.render(kind, view.as_bytes().to_vec()).len();
    }
    assert!(bytes > 0);
}
